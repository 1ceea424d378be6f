//! How hard the wildcards of a field make it to match.
//!
//! Event Ruler counts "how many wildcard rule prefixes match a theoretical worst-case event". A prefix of `*a*` is
//! `*`, `*a` and `*a*`; the worst case for it is a text that ends with an `a`, which all three match.
//! <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html#eb-filtering-wildcard-matching-complexity>

use std::collections::{BTreeSet, VecDeque};

use super::matching::Matcher;

/// Assumed. People report that AWS takes three wildcards of the form `*:stack/name/*` for one field and refuses four:
/// nine prefixes at once are fine, and twelve are not.
const COMPLEXITY_MAX: usize = 10;

/// How many states of a match are looked at. What has more of them and none too large is taken for simple enough.
const STATES_MAX: usize = 4_000;

/// A prefix that matches what was read: which wildcard, and how many of its steps.
type Prefix = (usize, usize);

/// Whether a text could match too many prefixes of the wildcards among these matchers at once.
pub fn is_too_high(matchers: &[Matcher]) -> bool {
    let wildcards: Vec<Vec<Option<char>>> = matchers
        .iter()
        .filter_map(|matcher| match matcher {
            Matcher::Wildcard(wildcard) => Some(wildcard.steps()),
            _ => None,
        })
        .collect();
    // Each step is at most one prefix.
    if wildcards.iter().map(Vec::len).sum::<usize>() <= COMPLEXITY_MAX {
        return false;
    }
    let characters: BTreeSet<char> = wildcards.iter().flatten().copied().flatten().collect();
    let start: BTreeSet<Prefix> = (0..wildcards.len()).map(|wildcard| (wildcard, 0)).collect();
    let mut seen = BTreeSet::from([start.clone()]);
    let mut waiting = VecDeque::from([start]);
    while let Some(prefixes) = waiting.pop_front() {
        for character in &characters {
            let next = after(&wildcards, &prefixes, *character);
            if next.len() > COMPLEXITY_MAX {
                return true;
            }
            if seen.len() < STATES_MAX && seen.insert(next.clone()) {
                waiting.push_back(next);
            }
        }
    }
    false
}

/// The prefixes that match when one more character was read.
fn after(wildcards: &[Vec<Option<char>>], prefixes: &BTreeSet<Prefix>, character: char) -> BTreeSet<Prefix> {
    let mut next = BTreeSet::new();
    for (wildcard, steps_read) in prefixes {
        let steps = &wildcards[*wildcard];
        let mut add = |steps_read: usize| {
            next.insert((*wildcard, steps_read));
            // A star also stands for nothing.
            if steps.get(steps_read) == Some(&None) {
                next.insert((*wildcard, steps_read + 1));
            }
        };
        if *steps_read > 0 && steps[*steps_read - 1].is_none() {
            add(*steps_read);
        }
        match steps.get(*steps_read) {
            Some(None) => add(*steps_read + 1),
            Some(Some(expected)) if *expected == character => add(*steps_read + 1),
            _ => {}
        }
        // At the very beginning, a leading star stands for nothing, and what follows it may come.
        if *steps_read == 0 && steps.first() == Some(&None) && steps.get(1) == Some(&Some(character)) {
            add(2);
        }
    }
    next
}

#[cfg(test)]
mod tests {
    use super::super::wildcard::Wildcard;
    use super::*;

    #[test]
    fn repeated_characters_after_stars_are_hard_and_long_texts_are_not() {
        let stacks = |names: &[&str]| names.iter().map(|name| format!("*:stack/{name}/*")).collect::<Vec<_>>();
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        for (wildcards, expected) in [
            (texts(&["a*b*c"]), false),
            (texts(&["*/lib/*", "*/bin/*"]), false),
            (texts(&["arn:aws:*:us-east-1:*:function:*"]), false),
            (texts(&["dir/*/a-rather-long-name-without-any-further-star-in-it.png"]), false),
            (texts(&["*a*a*a*a*a*a"]), true),
            (texts(&["*a*a*a*a*"]), false),
            (stacks(&["one", "two", "three"]), false),
            (stacks(&["one", "two", "three", "four"]), true),
        ] {
            let matchers: Vec<_> =
                wildcards.iter().map(|text| Matcher::Wildcard(Wildcard::parse(text).unwrap())).collect();
            assert_eq!(is_too_high(&matchers), expected, "{wildcards:?}");
        }
    }

    #[test]
    fn a_pattern_full_of_stars_is_judged_in_no_time() {
        let text: String = (0..400).map(|index| format!("{}*", char::from(b'a' + (index % 26) as u8))).collect();
        let long = Matcher::Wildcard(Wildcard::parse(&text).unwrap());
        assert!(is_too_high(&[long]));
    }
}
