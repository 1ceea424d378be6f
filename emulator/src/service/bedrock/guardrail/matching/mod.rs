//! What a guardrail finds in a text by itself: phrases, patterns, and personal data that a pattern decides safely.
//!
//! Knows no guardrail: texts in, places in them out.

pub mod check_digits;
pub mod phrases;
pub mod pii;
pub mod profanity;

use std::ops::Range;

/// Whether a place in a text is no part of a longer word or number.
pub fn stands_alone(text: &str, place: &Range<usize>) -> bool {
    let before = text[..place.start].chars().next_back();
    let after = text[place.end..].chars().next();
    !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
}

/// The text with other words in those places, which do not overlap and come in order.
pub fn replace<'a>(text: &str, places: impl IntoIterator<Item = (Range<usize>, &'a str)>) -> String {
    let (mut replaced, mut from) = (String::with_capacity(text.len()), 0);
    for (place, with) in places {
        replaced.push_str(&text[from..place.start]);
        replaced.push('{');
        replaced.push_str(with);
        replaced.push('}');
        from = place.end;
    }
    replaced.push_str(&text[from..]);
    replaced
}

/// Of places that overlap, the first stays; of those that begin together, the longest. In order.
pub fn without_overlaps<T>(mut places: Vec<(Range<usize>, T)>) -> Vec<(Range<usize>, T)> {
    places.sort_by_key(|(place, _)| (place.start, usize::MAX - place.end));
    let mut end = 0;
    places.retain(|(place, _)| {
        let is_free = place.start >= end && !place.is_empty();
        if is_free {
            end = place.end;
        }
        is_free
    });
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_replaced_and_overlaps_left_out() {
        let text = "mail a@b.de now";
        assert_eq!(replace(text, [(5..11, "EMAIL")]), "mail {EMAIL} now");
        assert_eq!(replace("é", [(0..2, "X")]), "{X}");
        assert_eq!(replace("a", []), "a");
        let places = vec![(3..5, 'c'), (0..2, 'a'), (0..4, 'b'), (4..4, 'd')];
        assert_eq!(without_overlaps(places), [(0..4, 'b')]);
        assert!(stands_alone("a b", &(2..3)) && !stands_alone("ab", &(1..2)) && !stands_alone("éb", &(2..3)));
    }
}
