//! Which part of an answer comes from which chunk.
//!
//! Where the script says what a text cites, that holds. Else it is found by a rule
//! of our own, where AWS asks a model: a sentence cites the chunk that has most of
//! its words, if that is at least half of those that are not common, and two of
//! them where there are two. Neighbouring sentences that cite the same are one part.

use std::collections::BTreeSet;

use serde_json::Value;

use super::super::embedding::{is_common, words};
use super::sentence;

/// A part of an answer, and the places of the chunks that it cites.
#[derive(Debug, PartialEq, Eq)]
pub struct Part {
    /// In characters, of the part's first.
    pub start: usize,
    pub text: String,
    pub cites: Vec<usize>,
}

impl Part {
    /// In characters, of the part's last: AWS's spans include their end.
    pub fn end(&self) -> usize {
        (self.start + self.text.chars().count()).saturating_sub(1)
    }
}

/// A chunk as far as it can be cited.
pub struct Source<'a> {
    pub text: &'a str,
    /// The document's id or address.
    pub document: &'a str,
}

/// What the script says of one text, in the shape of Converse's `citations`.
pub fn scripted(citations: &[Value], sources: &[Source<'_>]) -> Vec<usize> {
    let mut cited: Vec<usize> = citations.iter().filter_map(|citation| meant(citation, sources)).collect();
    cited.dedup();
    cited
}

/// The chunk that a citation means: by its place, by what it quotes, or by its document.
fn meant(citation: &Value, sources: &[Source<'_>]) -> Option<usize> {
    let locations = citation.get("location").and_then(Value::as_object);
    let place = locations.into_iter().flat_map(|location| location.values()).find_map(|location| {
        let place = location.get("searchResultIndex").or(location.get("documentIndex"))?;
        usize::try_from(place.as_u64()?).ok().filter(|place| *place < sources.len())
    });
    let quoted = || {
        let texts = citation.get("sourceContent")?.as_array()?.iter();
        let texts: Vec<&str> = texts.filter_map(|content| content.get("text")?.as_str()).collect();
        sources.iter().position(|source| texts.iter().any(|text| source.text.contains(text)))
    };
    let named = || {
        let names = ["source", "title"].map(|member| citation.get(member).and_then(Value::as_str));
        sources.iter().position(|source| names.contains(&Some(source.document)))
    };
    place.or_else(quoted).or_else(named)
}

/// The parts of a text that cite a chunk, by the rule above. `start` is where the text starts in the answer.
pub fn found(text: &str, start: usize, sources: &[Source<'_>]) -> Vec<Part> {
    let sources: Vec<BTreeSet<String>> = sources.iter().map(|source| words(source.text).collect()).collect();
    let (mut parts, mut at): (Vec<Part>, usize) = (Vec::new(), start);
    let mut joins = false;
    for sentence in sentence::split(text) {
        let cited = cited(sentence, &sources);
        match (cited, parts.last_mut()) {
            (Some(chunk), Some(part)) if joins && part.cites == [chunk] => part.text.push_str(sentence),
            (Some(chunk), _) => parts.push(Part { start: at, text: sentence.to_owned(), cites: vec![chunk] }),
            (None, _) => {}
        }
        joins = cited.is_some();
        at += sentence.chars().count();
    }
    for part in &mut parts {
        part.text.truncate(part.text.trim_end().len());
    }
    parts
}

fn cited(sentence: &str, sources: &[BTreeSet<String>]) -> Option<usize> {
    let said: BTreeSet<String> = words(sentence).filter(|word| !is_common(word)).collect();
    let shared = |source: &BTreeSet<String>| said.intersection(source).count();
    // Of equally good ones, the first: it fits the question best.
    let (place, most) = sources.iter().map(shared).enumerate().rev().max_by_key(|(_, shared)| *shared)?;
    (most > 0 && most * 2 >= said.len() && most >= said.len().min(2)).then_some(place)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const SOURCES: [Source<'_>; 2] = [
        Source { text: "Orders can be returned within 30 days. The return is free.", document: "returns" },
        Source { text: "Our office in Berlin is open from nine to five.", document: "s3://docs/office.txt" },
    ];

    #[test]
    fn sentences_cite_the_chunk_that_has_their_words() {
        let text = "Hello there! Orders can be returned. The return is free for 30 days.  The Berlin office is open.";
        let parts: Vec<(usize, usize, String, Vec<usize>)> =
            found(text, 5, &SOURCES).into_iter().map(|it| (it.start, it.end(), it.text.clone(), it.cites)).collect();
        assert_eq!(
            parts,
            [
                (18, 71, "Orders can be returned. The return is free for 30 days.".to_owned(), vec![0]),
                (75, 100, "The Berlin office is open.".to_owned(), vec![1]),
            ]
            .map(|(start, _, text, cites)| (start, start + text.len() - 1, text, cites))
        );
        assert_eq!(found("I do not know anything about planets.", 0, &SOURCES), []);
        assert_eq!(found("Orders.", 0, &[]), []);
    }

    #[test]
    fn the_script_names_chunks_by_place_quotation_or_document() {
        for (citation, expected) in [
            (json!({"location": {"searchResultLocation": {"searchResultIndex": 1, "start": 0}}}), vec![1]),
            (json!({"location": {"documentChunk": {"documentIndex": 0}}}), vec![0]),
            (json!({"location": {"documentChunk": {"documentIndex": 9}}, "source": "returns"}), vec![0]),
            (json!({"sourceContent": [{"text": "office in Berlin"}]}), vec![1]),
            (json!({"source": "s3://docs/office.txt"}), vec![1]),
            (json!({"title": "unknown"}), vec![]),
        ] {
            assert_eq!(scripted(std::slice::from_ref(&citation), &SOURCES), expected, "{citation}");
        }
    }
}
