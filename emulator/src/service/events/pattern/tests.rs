//! What is no row of a table. The tables are in `tests/patterns/`, one case a line.

use super::{Index, Pattern, PatternError};

#[test]
fn too_many_alternatives_are_refused() {
    let or = |times: usize| {
        let branches: Vec<String> = (0..10).map(|value| format!(r#"{{"a":[{value}]}}"#)).collect();
        let field = |name: usize| format!(r#""f{name}":{{"$or":[{}]}}"#, branches.join(","));
        format!("{{{}}}", (0..times).map(field).collect::<Vec<_>>().join(","))
    };
    assert!(Pattern::compile(&or(3)).is_ok());
    assert_eq!(Pattern::compile(&or(4)).map(|_| ()), Err(PatternError::TooManyCombinations));
}

#[test]
fn texts_that_are_no_json_are_explained() {
    let any = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";
    for (pattern, expected) in [
        ("this is not json", format!("Unrecognized token 'this': was expecting {any}")),
        ("{\"a\":[x]}", format!("Unrecognized token 'x': was expecting {any}")),
        ("{a:[1]}", "Unexpected character ('a' (code 97)): was expecting double-quote to start field name".to_owned()),
        (
            "{\"a\" [1]}",
            "Unexpected character ('[' (code 91)): was expecting a colon to separate field name and value".to_owned(),
        ),
        (
            "{\"a\":[1 2]}",
            "Unexpected character ('2' (code 50)): was expecting comma to separate Array entries".to_owned(),
        ),
        ("{\"a\":[1,]}", format!("Unexpected character (']' (code 93)): expected a valid value {any}")),
        (
            "{\"a\":[1]",
            "Unexpected end-of-input: expected close marker for Object (start marker at [Source: ".to_owned(),
        ),
        ("{\"a\":[1}", "Unexpected close marker '}': expected ']' (for Array starting at [Source: ".to_owned()),
        ("{\"a\":[\"x", "Unexpected end-of-input: was expecting closing quote for a string value".to_owned()),
        ("{\"a\":[-]}", format!("Unexpected character ('-' (code 45)): expected a valid value {any}")),
        ("{\"a\":[\"\\q\"]}", "Unrecognized character escape or unescaped control character".to_owned()),
        ("{", "Unexpected end-of-input: expected close marker for Object".to_owned()),
        ("{\"é", "Unexpected end-of-input: was expecting closing quote".to_owned()),
    ] {
        let message = Pattern::compile(pattern).map(|_| ()).unwrap_err().to_string();
        assert!(message.starts_with(&expected), "{pattern}: {message}");
    }
}

#[test]
fn a_long_pattern_is_quoted_up_to_500_characters() {
    let pattern = format!("{{\"a\":[\"{}\"],\"b\":1}}", "x".repeat(600));
    let message = Pattern::compile(&pattern).map(|_| ()).unwrap_err().to_string();
    assert!(message.contains("x\"[truncated 116 chars]; line: 1, column: "), "{message}");
}

#[test]
fn nesting_as_deep_as_a_pattern_can_be_long_does_no_harm() {
    let depth = 4096 / 6;
    let pattern = format!("{}[1]{}", "{\"a\":".repeat(depth), "}".repeat(depth));
    let compiled = Pattern::compile(&pattern).unwrap();
    assert!(!compiled.matches(&serde_json::json!({"a": {"a": 1}})));
    let mut index = Index::default();
    index.insert(0, &compiled);
    assert!(index.matching(&serde_json::json!({"a": {"a": 1}})).is_empty());
    index.remove(&0);
    let open = "{\"a\":".repeat(4096 / 5);
    assert!(Pattern::compile(&open).is_err());
    let dots = Pattern::compile(&format!("{{\"{}\":[{{\"exists\":false}}]}}", ".".repeat(4000))).unwrap();
    assert!(dots.matches(&serde_json::json!({".": 1})));
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config { rng_seed: proptest::test_runner::RngSeed::Fixed(7), ..Default::default() })]

    #[test]
    fn no_text_makes_the_compiler_panic(text in r#"\{("(a|é|\$or|prefix|numeric|cidr|wildcard)":|[\[\]{},:"\\*/.> 0-9-]|"[>a*\\/0.é]{0,4}"|true|null){0,24}"#) {
        if let Ok(pattern) = Pattern::compile(&text) {
            pattern.matches(&serde_json::json!({"a": ["x", 1, {"é": null}], "prefix": "a"}));
        }
    }
}
