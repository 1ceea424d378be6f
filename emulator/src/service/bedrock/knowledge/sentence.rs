//! Where sentences end.

/// The sentences of a text, each with the white space that follows it: put together, they are the text.
///
/// A sentence ends after `.`, `!` or `?` and what closes around it, where white
/// space follows and the next word does not begin in lower case; and with a line.
pub fn split(text: &str) -> Vec<&str> {
    let (mut sentences, mut start, mut chars) = (Vec::new(), 0, text.char_indices().peekable());
    let mut may_end = false;
    while let Some((at, letter)) = chars.next() {
        match letter {
            '\n' => may_end = true,
            '.' | '!' | '?' | '…' => may_end = chars.peek().is_none_or(|(_, next)| !next.is_alphanumeric()),
            letter if letter.is_whitespace() => {}
            '"' | '\'' | ')' | ']' | '”' | '’' | '»' => {}
            _ => may_end = false,
        }
        let end = at + letter.len_utf8();
        let Some((_, next)) = chars.peek() else { break };
        let at_gap = letter.is_whitespace() && !next.is_whitespace();
        let ends_line = text[start..end].trim_end_matches([' ', '\t', '\r']).ends_with('\n');
        if may_end && at_gap && (!next.is_lowercase() || ends_line) {
            sentences.push(&text[start..end]);
            (start, may_end) = (end, false);
        }
    }
    if start < text.len() {
        sentences.push(&text[start..]);
    }
    sentences
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn a_text_is_split_after_its_sentences_and_lines() {
        for (text, expected) in [
            ("", vec![]),
            ("One", vec!["One"]),
            ("One. Two! Three?  Four", vec!["One. ", "Two! ", "Three?  ", "Four"]),
            (
                "It costs 3.50 euros, e.g. today. \"Really?\" Yes.",
                vec!["It costs 3.50 euros, e.g. today. ", "\"Really?\" ", "Yes."],
            ),
            ("- milk\n- bread\n\nThen go.", vec!["- milk\n", "- bread\n\n", "Then go."]),
            ("Grüße. Ärger…\nund", vec!["Grüße. ", "Ärger…\n", "und"]),
        ] {
            assert_eq!(split(text), expected, "{text}");
            assert_eq!(split(text).concat(), text);
        }
    }
}
