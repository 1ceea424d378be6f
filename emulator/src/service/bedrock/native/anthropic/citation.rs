//! A citation in Anthropic's form, from the one that Converse has.

use serde_json::{Map, Value, json};

/// Members of a location here, and there.
type Names = &'static [(&'static str, &'static str)];

/// Converse's locations, Anthropic's types of them, and how their members are called in each.
const LOCATIONS: &[(&str, &str, Names)] = &[
    (
        "documentChar",
        "char_location",
        &[("documentIndex", "document_index"), ("start", "start_char_index"), ("end", "end_char_index")],
    ),
    (
        "documentPage",
        "page_location",
        &[("documentIndex", "document_index"), ("start", "start_page_number"), ("end", "end_page_number")],
    ),
    (
        "documentChunk",
        "content_block_location",
        &[("documentIndex", "document_index"), ("start", "start_block_index"), ("end", "end_block_index")],
    ),
    (
        "searchResultLocation",
        "search_result_location",
        &[("searchResultIndex", "search_result_index"), ("start", "start_block_index"), ("end", "end_block_index")],
    ),
    ("web", "web_search_result_location", &[("url", "url")]),
];

/// A citation without a location is one of characters, at the beginning of the first document.
pub fn of_converse(citation: &Value) -> Value {
    let mut cited = Map::new();
    let sources = citation.get("sourceContent").and_then(Value::as_array).into_iter().flatten();
    let text: String = sources.filter_map(|source| source.get("text")?.as_str()).collect();
    cited.insert("cited_text".to_owned(), json!(text));
    let location = citation.get("location").and_then(Value::as_object);
    let found = location.and_then(|location| LOCATIONS.iter().find(|(name, ..)| location.contains_key(*name)));
    let (name, kind, members) = *found.unwrap_or(&LOCATIONS[0]);
    cited.insert("type".to_owned(), json!(kind));
    for (theirs, ours) in members {
        let value = location.and_then(|location| location.get(name)?.get(theirs)).cloned();
        cited.insert((*ours).to_owned(), value.unwrap_or_else(|| json!(0)));
    }
    let is_document = kind != "search_result_location" && kind != "web_search_result_location";
    let title = if is_document { "document_title" } else { "title" };
    cited.insert(title.to_owned(), citation.get("title").cloned().unwrap_or_default());
    if kind == "search_result_location" {
        cited.insert("source".to_owned(), citation.get("source").cloned().unwrap_or_default());
    }
    Value::Object(cited)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_citation_keeps_its_place_and_its_words() {
        let citation = json!({
            "title": "Returns", "sourceContent": [{"text": "30 days"}],
            "location": {"documentPage": {"documentIndex": 1, "start": 2, "end": 3}},
        });
        let expected = json!({
            "type": "page_location", "cited_text": "30 days", "document_title": "Returns",
            "document_index": 1, "start_page_number": 2, "end_page_number": 3,
        });
        assert_eq!(of_converse(&citation), expected);
        assert_eq!(of_converse(&json!({}))["type"], "char_location");
    }
}
