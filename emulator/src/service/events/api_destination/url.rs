//! Parts of URLs, put together.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What RFC 3986 calls unreserved stays as it is.
const ENCODED: AsciiSet = NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// `a=b&c=d`, percent-encoded.
pub fn form(pairs: &[(String, String)]) -> String {
    let pair = |(key, value): &(String, String)| format!("{}={}", encode(key), encode(value));
    pairs.iter().map(pair).collect::<Vec<_>>().join("&")
}

pub fn with_query(url: &str, pairs: &[(String, String)]) -> String {
    if pairs.is_empty() {
        return url.to_owned();
    }
    let joint = if url.contains('?') { '&' } else { '?' };
    format!("{url}{joint}{}", form(pairs))
}

/// AWS takes an endpoint without a scheme, and means HTTPS.
pub fn absolute(endpoint: &str) -> String {
    if endpoint.contains("://") { endpoint.to_owned() } else { format!("https://{endpoint}") }
}

/// Puts values in the places of the wildcards of a path, in their order. A wildcard without a value stays.
pub fn fill(endpoint: &str, values: &[String]) -> String {
    let mut filled = endpoint.to_owned();
    for value in values {
        let Some(at) = filled.find('*') else { break };
        // A value must not bring a wildcard of its own.
        filled.replace_range(at..=at, &encode(value));
    }
    filled
}

fn encode(text: &str) -> String {
    utf8_percent_encode(text, &ENCODED).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_take_values_in_their_order() {
        for (endpoint, values, expected) in [
            ("https://a/*/b/*", vec!["x", "y"], "https://a/x/b/y"),
            ("https://a/*/b/*", vec!["x/*", "y z"], "https://a/x%2F%2A/b/y%20z"),
            ("https://a/*", vec![], "https://a/*"),
            ("https://a/", vec!["x"], "https://a/"),
        ] {
            let values: Vec<String> = values.into_iter().map(str::to_owned).collect();
            assert_eq!(fill(endpoint, &values), expected);
        }
    }

    #[test]
    fn a_query_is_added_to_what_is_there() {
        let pairs = [("a".to_owned(), "b c".to_owned()), ("d".to_owned(), "&".to_owned())];
        assert_eq!(with_query("https://a", &pairs), "https://a?a=b%20c&d=%26");
        assert_eq!(with_query("https://a?x=y", &pairs), "https://a?x=y&a=b%20c&d=%26");
        assert_eq!(with_query("https://a", &[]), "https://a");
        assert_eq!((absolute("a.b/c"), absolute("http://a")), ("https://a.b/c".to_owned(), "http://a".to_owned()));
    }
}
