//! Glob patterns: `*` stands for any run of characters, `?` for one.

use std::str::Chars;

/// Whether `text` as a whole fits `pattern`. Linear in practice, never exponential; takes no memory.
pub fn matches(pattern: &str, text: &str) -> bool {
    let (mut wanted, mut given) = (pattern.chars(), text.chars());
    // What follows the last `*`, and where in the text that was looked for last.
    let mut retry: Option<(Chars<'_>, Chars<'_>)> = None;
    while let Some(letter) = given.clone().next() {
        let mut next = wanted.clone();
        match next.next() {
            Some('*') => {
                wanted = next;
                retry = Some((wanted.clone(), given.clone()));
            }
            Some(expected) if expected == '?' || expected == letter => {
                wanted = next;
                given.next();
            }
            _ => {
                let Some((behind_star, from)) = &mut retry else { return false };
                from.next();
                wanted = behind_star.clone();
                given = from.clone();
            }
        }
    }
    wanted.all(|rest| rest == '*')
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_glob_matches_whole_texts() {
        for (pattern, text, expected) in [
            ("*", "", true),
            ("*sonnet*", "us.anthropic.claude-sonnet-4-5", true),
            ("*sonnet", "us.anthropic.claude-sonnet-4-5", false),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("rec-*", "rec-cache", true),
            ("**a*b", "xxaxxbxxb", true),
            ("", "a", false),
            ("a*", "*b", false),
            ("*é?", "caféx", true),
            ("a**", "a", true),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} on {text}");
        }
    }
}
