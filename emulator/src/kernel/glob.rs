//! Glob patterns: `*` stands for any run of characters, `?` for one.

/// Whether `text` as a whole fits `pattern`. Linear in practice, never exponential.
pub fn matches(pattern: &str, text: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let text: Vec<char> = text.chars().collect();
    let (mut p, mut t) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some('*') => {
                retry = Some((p, t));
                p += 1;
            }
            Some(&expected) if expected == '?' || expected == text[t] => {
                p += 1;
                t += 1;
            }
            _ => match retry {
                Some((star, start)) => {
                    retry = Some((star, start + 1));
                    p = star + 1;
                    t = start + 1;
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|&rest| rest == '*')
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
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} on {text}");
        }
    }
}
