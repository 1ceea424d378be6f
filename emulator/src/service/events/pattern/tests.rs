//! The language as tables: (pattern, event, verdict), and (pattern, complaint).

use serde_json::Value;

use super::{Pattern, PatternError};

#[track_caller]
fn check(rows: &[(&str, &str, bool)]) {
    let mut failures = Vec::new();
    for (pattern, event, expected) in rows {
        let compiled =
            Pattern::compile(pattern).unwrap_or_else(|error| panic!("{pattern} does not compile: {error:?}"));
        let event_value: Value = serde_json::from_str(event).unwrap_or_else(|error| panic!("{event}: {error}"));
        if compiled.matches(&event_value) != *expected {
            failures.push(format!("{pattern} on {event}: expected {expected}"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// A line and a column, where AWS names them.
type Place = Option<(usize, usize)>;

/// Patterns and what AWS says of them.
#[track_caller]
fn check_refused(rows: &[(&str, &str, Place)]) {
    for (pattern, message, place) in rows {
        let expected = match place {
            Some((line, column)) => {
                format!("{message}\n at [Source: (String)\"{pattern}\"; line: {line}, column: {column}]")
            }
            None => (*message).to_owned(),
        };
        assert_eq!(Pattern::compile(pattern).map(|_| ()), Err(PatternError::Invalid(expected)), "{pattern}");
    }
}

#[test]
fn exact_values_match_values_of_their_own_type() {
    check(&[
        (r#"{"a":["x"]}"#, r#"{"a":"x"}"#, true),
        (r#"{"a":["x"]}"#, r#"{"a":"X"}"#, false),
        (r#"{"a":["x"]}"#, r#"{"a":"xy"}"#, false),
        (r#"{"a":["x"]}"#, r#"{"b":"x"}"#, false),
        (r#"{"a":["x"]}"#, "{}", false),
        (r#"{"a":["x","y"]}"#, r#"{"a":"y"}"#, true),
        (r#"{"a":[""]}"#, r#"{"a":""}"#, true),
        (r#"{"a":[""]}"#, r#"{"a":null}"#, false),
        (r#"{"a":["1"]}"#, r#"{"a":1}"#, false),
        (r#"{"a":[1]}"#, r#"{"a":"1"}"#, false),
        (r#"{"a":[true]}"#, r#"{"a":true}"#, true),
        (r#"{"a":[true]}"#, r#"{"a":false}"#, false),
        (r#"{"a":[true]}"#, r#"{"a":"true"}"#, false),
        (r#"{"a":[false]}"#, r#"{"a":false}"#, true),
        (r#"{"a":[false]}"#, "{}", false),
        (r#"{"a":[null]}"#, r#"{"a":null}"#, true),
        (r#"{"a":[null]}"#, "{}", false),
        (r#"{"a":[null]}"#, r#"{"a":""}"#, false),
        (r#"{"a":[null]}"#, r#"{"a":"null"}"#, false),
        (r#"{"a":[{"exactly":"x"}]}"#, r#"{"a":"x"}"#, true),
        (r#"{"a":["été"]}"#, r#"{"a":"été"}"#, true),
        (r#"{"a":["\u00e9\n\"\\"]}"#, r#"{"a":"é\n\"\\"}"#, true),
    ]);
}

#[test]
fn numbers_match_as_numbers_to_six_decimals() {
    check(&[
        (r#"{"a":[300]}"#, r#"{"a":300}"#, true),
        (r#"{"a":[300]}"#, r#"{"a":300.0}"#, true),
        (r#"{"a":[300]}"#, r#"{"a":3.0e2}"#, true),
        (r#"{"a":[3.0e2]}"#, r#"{"a":300}"#, true),
        (r#"{"a":[300]}"#, r#"{"a":301}"#, false),
        (r#"{"a":[-1]}"#, r#"{"a":-1}"#, true),
        (r#"{"a":[0.1]}"#, r#"{"a":0.1}"#, true),
        (r#"{"a":[0.1]}"#, r#"{"a":0.1000001}"#, true),
        (r#"{"a":[0.1]}"#, r#"{"a":0.100001}"#, false),
        (r#"{"a":[123456789012]}"#, r#"{"a":123456789012}"#, true),
        (r#"{"a":[123456789012]}"#, r#"{"a":123456789013}"#, false),
        (r#"{"a":[9007199254740993]}"#, r#"{"a":9007199254740992}"#, false),
    ]);
}

#[test]
fn fields_are_joined_by_and_and_events_may_hold_more() {
    check(&[
        (r#"{"a":[1],"b":[2]}"#, r#"{"a":1,"b":2,"c":3}"#, true),
        (r#"{"a":[1],"b":[2]}"#, r#"{"a":1,"b":3}"#, false),
        (r#"{"a":{"b":{"c":["x"]}}}"#, r#"{"a":{"b":{"c":"x","d":1}}}"#, true),
        (r#"{"a":{"b":{"c":["x"]}}}"#, r#"{"a":{"b":{"c":"y"}}}"#, false),
        (r#"{"a":{"b":["x"]}}"#, r#"{"a":"x"}"#, false),
        (r#"{"a":{"b":["x"]}}"#, r#"{"b":"x"}"#, false),
        (r#"{"a":["x"]}"#, r#"{"a":{"b":"x"}}"#, false),
        (r#"{"a":{"b":["x"]}}"#, r#"{"a":null}"#, false),
        (r#" { "a" : [ 1 , 2 ] } "#, r#"{"a":2}"#, true),
        (r#"{"a":[1],"a":[2]}"#, r#"{"a":2}"#, true),
        (r#"{"a":[1],"a":[2]}"#, r#"{"a":1}"#, false),
    ]);
}

#[test]
fn an_array_in_the_event_matches_if_one_element_does() {
    check(&[
        (r#"{"a":["x"]}"#, r#"{"a":["y","x"]}"#, true),
        (r#"{"a":["x","z"]}"#, r#"{"a":["y","z"]}"#, true),
        (r#"{"a":["x"]}"#, r#"{"a":["y"]}"#, false),
        (r#"{"a":["x"]}"#, r#"{"a":[]}"#, false),
        (r#"{"a":["x"]}"#, r#"{"a":[["y",["x"]]]}"#, true),
        (r#"{"a":[1]}"#, r#"{"a":["1",{"a":1},1]}"#, true),
        (r#"{"a":{"b":[1]}}"#, r#"{"a":[{"b":0},{"b":1}]}"#, true),
        (r#"{"a":{"b":[1]}}"#, r#"{"a":[[{"b":0}],[{"b":1}]]}"#, true),
        (r#"{"a":{"b":[1]}}"#, r#"{"a":[1,2]}"#, false),
        // Fields of one element belong together.
        (r#"{"a":{"b":[1],"c":[2]}}"#, r#"{"a":[{"b":1,"c":2}]}"#, true),
        (r#"{"a":{"b":[1],"c":[2]}}"#, r#"{"a":[{"b":1,"c":3},{"b":4,"c":2}]}"#, false),
        (r#"{"a":{"b":{"x":[1]},"c":[2]}}"#, r#"{"a":[{"b":{"x":1}},{"c":2}]}"#, false),
        (r#"{"a":{"b":{"x":[1]},"c":[2]}}"#, r#"{"a":[{"b":[{"x":0},{"x":1}],"c":2}]}"#, true),
        (r#"{"a":[1],"b":[2]}"#, r#"{"a":[0,1],"b":[2,0]}"#, true),
    ]);
}

#[test]
fn prefix_and_suffix_match_texts_only() {
    check(&[
        (r#"{"a":[{"prefix":"us-"}]}"#, r#"{"a":"us-east-1"}"#, true),
        (r#"{"a":[{"prefix":"us-"}]}"#, r#"{"a":"us-"}"#, true),
        (r#"{"a":[{"prefix":"us-"}]}"#, r#"{"a":"eu-us-"}"#, false),
        (r#"{"a":[{"prefix":"us-"}]}"#, r#"{"a":"US-east-1"}"#, false),
        (r#"{"a":[{"prefix":"1"}]}"#, r#"{"a":12}"#, false),
        (r#"{"a":[{"prefix":""}]}"#, r#"{"a":"anything"}"#, true),
        (r#"{"a":[{"prefix":""}]}"#, r#"{"a":1}"#, false),
        (r#"{"a":[{"prefix":"x"}]}"#, r#"{"a":["y","xy"]}"#, true),
        (r#"{"a":[{"prefix":"x"}]}"#, "{}", false),
        (r#"{"a":[{"suffix":".png"}]}"#, r#"{"a":"cat.png"}"#, true),
        (r#"{"a":[{"suffix":".png"}]}"#, r#"{"a":"cat.PNG"}"#, false),
        (r#"{"a":[{"suffix":".png"}]}"#, r#"{"a":"cat.png.gz"}"#, false),
        (r#"{"a":[{"suffix":"2"}]}"#, r#"{"a":12}"#, false),
        (r#"{"a":[{"prefix":"a"},{"suffix":"z"}]}"#, r#"{"a":"xyz"}"#, true),
        (r#"{"a":[{"prefix":"a"},{"suffix":"z"}]}"#, r#"{"a":"xy"}"#, false),
        (r#"{"a":[{"prefix":{"equals-ignore-case":"EventB"}}]}"#, r#"{"a":"eventBridge"}"#, true),
        (r#"{"a":[{"prefix":{"equals-ignore-case":"EventB"}}]}"#, r#"{"a":"events"}"#, false),
        (r#"{"a":[{"suffix":{"equals-ignore-case":".PNG"}}]}"#, r#"{"a":"cat.Png"}"#, true),
        (r#"{"a":[{"suffix":{"equals-ignore-case":".PNG"}}]}"#, r#"{"a":"cat.jpg"}"#, false),
    ]);
}

#[test]
fn equals_ignore_case_folds_both_sides() {
    check(&[
        (r#"{"a":[{"equals-ignore-case":"Alice"}]}"#, r#"{"a":"ALICE"}"#, true),
        (r#"{"a":[{"equals-ignore-case":"Alice"}]}"#, r#"{"a":"alice"}"#, true),
        (r#"{"a":[{"equals-ignore-case":"Alice"}]}"#, r#"{"a":"alice "}"#, false),
        (r#"{"a":[{"equals-ignore-case":"ÉTÉ"}]}"#, r#"{"a":"été"}"#, true),
        (r#"{"a":[{"equals-ignore-case":"1"}]}"#, r#"{"a":1}"#, false),
        (r#"{"a":[{"equals-ignore-case":"null"}]}"#, r#"{"a":null}"#, false),
    ]);
}

#[test]
fn anything_but_matches_every_other_value_that_is_there() {
    check(&[
        (r#"{"a":[{"anything-but":"x"}]}"#, r#"{"a":"y"}"#, true),
        (r#"{"a":[{"anything-but":"x"}]}"#, r#"{"a":"x"}"#, false),
        (r#"{"a":[{"anything-but":"x"}]}"#, r#"{"a":"X"}"#, true),
        (r#"{"a":[{"anything-but":"x"}]}"#, r#"{"a":1}"#, true),
        (r#"{"a":[{"anything-but":"x"}]}"#, r#"{"a":null}"#, true),
        (r#"{"a":[{"anything-but":"x"}]}"#, "{}", false),
        (r#"{"a":[{"anything-but":"x"}]}"#, r#"{"a":[]}"#, false),
        (r#"{"a":[{"anything-but":"x"}]}"#, r#"{"a":{"b":1}}"#, false),
        (r#"{"a":[{"anything-but":"x"}]}"#, r#"{"a":["x","y"]}"#, true),
        (r#"{"a":[{"anything-but":"x"}]}"#, r#"{"a":["x","x"]}"#, false),
        (r#"{"a":[{"anything-but":["x","y"]}]}"#, r#"{"a":"y"}"#, false),
        (r#"{"a":[{"anything-but":["x","y"]}]}"#, r#"{"a":"z"}"#, true),
        (r#"{"a":[{"anything-but":123}]}"#, r#"{"a":123}"#, false),
        (r#"{"a":[{"anything-but":123}]}"#, r#"{"a":123.0}"#, false),
        (r#"{"a":[{"anything-but":123}]}"#, r#"{"a":124}"#, true),
        (r#"{"a":[{"anything-but":123}]}"#, r#"{"a":"123"}"#, true),
        (r#"{"a":[{"anything-but":[100,200]}]}"#, r#"{"a":200}"#, false),
        (r#"{"a":[{"anything-but":[100,200]}]}"#, r#"{"a":300}"#, true),
        (r#"{"a":[{"anything-but":{"prefix":"init"}}]}"#, r#"{"a":"initializing"}"#, false),
        (r#"{"a":[{"anything-but":{"prefix":"init"}}]}"#, r#"{"a":"running"}"#, true),
        (r#"{"a":[{"anything-but":{"prefix":"init"}}]}"#, r#"{"a":7}"#, true),
        (r#"{"a":[{"anything-but":{"prefix":["a","b"]}}]}"#, r#"{"a":"bc"}"#, false),
        (r#"{"a":[{"anything-but":{"prefix":["a","b"]}}]}"#, r#"{"a":"cb"}"#, true),
        (r#"{"a":[{"anything-but":{"suffix":".png"}}]}"#, r#"{"a":"cat.png"}"#, false),
        (r#"{"a":[{"anything-but":{"suffix":".png"}}]}"#, r#"{"a":"cat.jpg"}"#, true),
        (r#"{"a":[{"anything-but":{"suffix":[".png",".jpg"]}}]}"#, r#"{"a":"cat.jpg"}"#, false),
        (r#"{"a":[{"anything-but":{"equals-ignore-case":"X"}}]}"#, r#"{"a":"x"}"#, false),
        (r#"{"a":[{"anything-but":{"equals-ignore-case":"X"}}]}"#, r#"{"a":"y"}"#, true),
        (r#"{"a":[{"anything-but":{"equals-ignore-case":["X","Y"]}}]}"#, r#"{"a":"y"}"#, false),
        (r#"{"a":[{"anything-but":{"wildcard":"*/lib/*"}}]}"#, r#"{"a":"/usr/lib/x"}"#, false),
        (r#"{"a":[{"anything-but":{"wildcard":"*/lib/*"}}]}"#, r#"{"a":"/usr/bin/x"}"#, true),
        (r#"{"a":[{"anything-but":{"wildcard":["*/lib/*","*/bin/*"]}}]}"#, r#"{"a":"/usr/bin/x"}"#, false),
        (r#"{"a":["x",{"anything-but":["x","y"]}]}"#, r#"{"a":"x"}"#, true),
    ]);
}

#[test]
fn numeric_ranges_hold_their_bounds() {
    check(&[
        (r#"{"a":[{"numeric":["=",5]}]}"#, r#"{"a":5}"#, true),
        (r#"{"a":[{"numeric":["=",3.018e2]}]}"#, r#"{"a":301.8}"#, true),
        (r#"{"a":[{"numeric":["=",5]}]}"#, r#"{"a":"5"}"#, false),
        (r#"{"a":[{"numeric":[">",0]}]}"#, r#"{"a":0}"#, false),
        (r#"{"a":[{"numeric":[">",0]}]}"#, r#"{"a":0.000001}"#, true),
        (r#"{"a":[{"numeric":[">=",0]}]}"#, r#"{"a":0}"#, true),
        (r#"{"a":[{"numeric":[">=",0]}]}"#, r#"{"a":-0.5}"#, false),
        (r#"{"a":[{"numeric":["<",10]}]}"#, r#"{"a":10}"#, false),
        (r#"{"a":[{"numeric":["<",10]}]}"#, r#"{"a":9.999999}"#, true),
        (r#"{"a":[{"numeric":["<=",10]}]}"#, r#"{"a":10}"#, true),
        (r#"{"a":[{"numeric":["<=",10]}]}"#, r#"{"a":10.1}"#, false),
        (r#"{"a":[{"numeric":[">",0,"<=",5]}]}"#, r#"{"a":0}"#, false),
        (r#"{"a":[{"numeric":[">",0,"<=",5]}]}"#, r#"{"a":5}"#, true),
        (r#"{"a":[{"numeric":[">=",0,"<",5]}]}"#, r#"{"a":0}"#, true),
        (r#"{"a":[{"numeric":[">=",0,"<",5]}]}"#, r#"{"a":5}"#, false),
        (r#"{"a":[{"numeric":[">",-5,"<",-1]}]}"#, r#"{"a":-3}"#, true),
        (r#"{"a":[{"numeric":[">",0]}]}"#, r#"{"a":6000000000}"#, false),
        (r#"{"a":[{"numeric":[">",0]}]}"#, r#"{"a":[-1,1]}"#, true),
        (r#"{"a":[{"numeric":[">",0]}]}"#, r#"{"a":true}"#, false),
        (r#"{"a":[{"numeric":[">",0]}]}"#, "{}", false),
        (r#"{"a":[{"numeric":["<",0]},{"numeric":[">",9]}]}"#, r#"{"a":10}"#, true),
        (r#"{"a":[{"numeric":["<=",5000000000]}]}"#, r#"{"a":5000000000}"#, true),
    ]);
}

#[test]
fn exists_asks_for_leaves() {
    check(&[
        (r#"{"a":[{"exists":true}]}"#, r#"{"a":1}"#, true),
        (r#"{"a":[{"exists":true}]}"#, r#"{"a":null}"#, true),
        (r#"{"a":[{"exists":true}]}"#, r#"{"a":""}"#, true),
        (r#"{"a":[{"exists":true}]}"#, "{}", false),
        (r#"{"a":[{"exists":true}]}"#, r#"{"a":[]}"#, false),
        (r#"{"a":[{"exists":true}]}"#, r#"{"a":{"b":1}}"#, false),
        (r#"{"a":[{"exists":true}]}"#, r#"{"a":[{"b":1},2]}"#, true),
        (r#"{"a":[{"exists":false}]}"#, "{}", true),
        (r#"{"a":[{"exists":false}]}"#, r#"{"a":null}"#, false),
        (r#"{"a":[{"exists":false}]}"#, r#"{"a":{"b":1}}"#, true),
        (r#"{"a":[{"exists":false}]}"#, r#"{"a":[]}"#, true),
        (r#"{"a":{"b":[{"exists":false}]}}"#, "{}", true),
        (r#"{"a":{"b":[{"exists":false}]}}"#, r#"{"a":{"b":1}}"#, false),
        (r#"{"a":{"b":[{"exists":false}]}}"#, r#"{"a":{"c":1}}"#, true),
        (r#"{"a":{"b":[{"exists":false}]}}"#, r#"{"a":5}"#, true),
        (r#"{"a":{"b":[{"exists":true}]}}"#, r#"{"a":5}"#, false),
        (r#"{"a":["x",{"exists":false}]}"#, "{}", true),
        (r#"{"a":["x",{"exists":false}]}"#, r#"{"a":"x"}"#, true),
        (r#"{"a":["x",{"exists":false}]}"#, r#"{"a":"y"}"#, false),
        // In an array of objects, absence alone is asked of every element,
        (r#"{"a":{"b":[{"exists":false}]}}"#, r#"{"a":[{"b":1},{"c":1}]}"#, false),
        (r#"{"a":{"b":[{"exists":false}]}}"#, r#"{"a":[{"c":1},{"c":2}]}"#, true),
        // and of the element that an earlier field has settled on.
        (r#"{"a":{"b":[1],"c":[{"exists":false}]}}"#, r#"{"a":[{"b":1},{"b":2,"c":1}]}"#, true),
        (r#"{"a":{"b":[1],"c":[{"exists":false}]}}"#, r#"{"a":[{"b":1,"c":1},{"b":2}]}"#, false),
        (r#"{"a":{"b":[{"exists":false}],"c":[1]}}"#, r#"{"a":[{"b":1},{"c":1}]}"#, false),
    ]);
}

#[test]
fn cidr_matches_addresses_in_the_range() {
    check(&[
        (r#"{"a":[{"cidr":"10.0.0.0/24"}]}"#, r#"{"a":"10.0.0.0"}"#, true),
        (r#"{"a":[{"cidr":"10.0.0.0/24"}]}"#, r#"{"a":"10.0.0.255"}"#, true),
        (r#"{"a":[{"cidr":"10.0.0.0/24"}]}"#, r#"{"a":"10.0.1.0"}"#, false),
        (r#"{"a":[{"cidr":"10.0.0.0/8"}]}"#, r#"{"a":"10.9.8.7"}"#, true),
        (r#"{"a":[{"cidr":"0.0.0.0/0"}]}"#, r#"{"a":"255.255.255.255"}"#, true),
        (r#"{"a":[{"cidr":"0.0.0.0/0"}]}"#, r#"{"a":"::1"}"#, false),
        (r#"{"a":[{"cidr":"10.0.0.0/24"}]}"#, r#"{"a":"ten"}"#, false),
        (r#"{"a":[{"cidr":"10.0.0.0/24"}]}"#, r#"{"a":10}"#, false),
        (r#"{"a":[{"cidr":"10.0.0.9/24"}]}"#, r#"{"a":"10.0.0.8"}"#, false),
        (r#"{"a":[{"cidr":"2001:db8::/32"}]}"#, r#"{"a":"2001:db8:1::7"}"#, true),
        (r#"{"a":[{"cidr":"2001:db8::/32"}]}"#, r#"{"a":"2001:db9::"}"#, false),
        (r#"{"a":["2001:db8::1"]}"#, r#"{"a":"2001:0DB8:0:0:0:0:0:1"}"#, true),
        (r#"{"a":["10.0.0.1"]}"#, r#"{"a":"10.0.0.1"}"#, true),
        (r#"{"a":["10.0.0.1"]}"#, r#"{"a":"10.0.0.2"}"#, false),
        (r#"{"a":["12:30:45"]}"#, r#"{"a":"12:30:45"}"#, true),
    ]);
}

#[test]
fn a_wildcard_stands_for_any_characters_and_can_be_escaped() {
    check(&[
        (r#"{"a":[{"wildcard":"dir/*.png"}]}"#, r#"{"a":"dir/cat.png"}"#, true),
        (r#"{"a":[{"wildcard":"dir/*.png"}]}"#, r#"{"a":"dir/.png"}"#, true),
        (r#"{"a":[{"wildcard":"dir/*.png"}]}"#, r#"{"a":"dir/cat.jpg"}"#, false),
        (r#"{"a":[{"wildcard":"*"}]}"#, r#"{"a":""}"#, true),
        (r#"{"a":[{"wildcard":"*"}]}"#, r#"{"a":1}"#, false),
        (r#"{"a":[{"wildcard":"a*b*c"}]}"#, r#"{"a":"aXbYbZc"}"#, true),
        (r#"{"a":[{"wildcard":"a*b*c"}]}"#, r#"{"a":"acb"}"#, false),
        (r#"{"a":[{"wildcard":"ab*ba"}]}"#, r#"{"a":"aba"}"#, false),
        (r#"{"a":[{"wildcard":"plain"}]}"#, r#"{"a":"plain"}"#, true),
        (r#"{"a":[{"wildcard":"plain"}]}"#, r#"{"a":"plainly"}"#, false),
        (r#"{"a":[{"wildcard":"a\\*b"}]}"#, r#"{"a":"a*b"}"#, true),
        (r#"{"a":[{"wildcard":"a\\*b"}]}"#, r#"{"a":"axb"}"#, false),
        (r#"{"a":[{"wildcard":"a\\\\*"}]}"#, r#"{"a":"a\\bc"}"#, true),
        (r#"{"a":[{"wildcard":"é*é"}]}"#, r#"{"a":"éxé"}"#, true),
    ]);
}

#[test]
fn or_joins_alternatives_and_multiplies_with_others() {
    let either = r#"{"source":["s"],"$or":[{"m":["x"]},{"n":["y"],"o":["z"]}]}"#;
    let two = r#"{"$or":[{"a":[1]},{"b":[2]}],"d":{"$or":[{"e":[3]},{"f":[4]}]}}"#;
    let nested = r#"{"$or":[{"a":[1]},{"b":[2],"$or":[{"c":[3]},{"d":[4]}]}]}"#;
    check(&[
        (either, r#"{"source":"s","m":"x"}"#, true),
        (either, r#"{"source":"s","n":"y","o":"z"}"#, true),
        (either, r#"{"source":"s","n":"y"}"#, false),
        (either, r#"{"m":"x"}"#, false),
        (two, r#"{"a":1,"d":{"f":4}}"#, true),
        (two, r#"{"b":2,"d":{"e":3}}"#, true),
        (two, r#"{"a":1,"d":{}}"#, false),
        (two, r#"{"d":{"e":3}}"#, false),
        (nested, r#"{"a":1}"#, true),
        (nested, r#"{"b":2,"d":4}"#, true),
        (nested, r#"{"b":2}"#, false),
        (r#"{"$or":[{"a":{"b":[1]}},{"a":{"c":[2]}}],"z":[0]}"#, r#"{"a":{"c":2},"z":0}"#, true),
        (r#"{"$or":[{"a":{"b":[1]}},{"a":{"c":[2]}}],"z":[0]}"#, r#"{"a":{"c":2}}"#, false),
    ]);
}

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
fn the_shape_of_a_pattern_is_checked_in_the_words_of_aws() {
    check_refused(&[
        // These two are AWS's own answers, as people have published them.
        (r#"{"source": ["aws.health"], "detail": {}}"#, "Empty objects are not allowed", Some((1, 40))),
        (
            r#"{"source":["test-source"],"detail":{"name":[{"exists":"true"}],"age":[{"numeric":[">","25"]}]}}"#,
            "exists match pattern must be either true or false.",
            Some((1, 56)),
        ),
        ("{\n  \"a\": {\n    \"b\": \"c\"\n  }\n}", "\"b\" must be an object or an array", Some((3, 11))),
        ("{}", "Empty objects are not allowed", Some((1, 3))),
        ("[]", "Filter is not an object", Some((1, 2))),
        ("\"a\"", "Filter is not an object", Some((1, 2))),
        ("", "Filter is not an object", Some((1, 1))),
        (r#"{"a":1}"#, "\"a\" must be an object or an array", Some((1, 7))),
        (r#"{"a":[]}"#, "Empty arrays are not allowed", Some((1, 8))),
        (r#"{"a":[["x"]]}"#, "Match value must be String, number, true, false, or null", Some((1, 8))),
        (r#"{"a":[{}]}"#, "Match expression name not found", Some((1, 9))),
        (r#"{"a":[{"like":"x"}]}"#, "Unrecognized match type like", Some((1, 16))),
        (r#"{"$or":{"a":[1]}}"#, "It must be an Array followed with $or.", Some((1, 9))),
        (r#"{"$or":[{"a":[1]}]}"#, "There must have at least 2 Objects in $or relationship.", Some((1, 19))),
        (r#"{"$or":[{"a":[1]},"b"]}"#, "Only JSON object is allowed in array of $or relationship.", Some((1, 20))),
        (
            r#"{"$or":[{"prefix":["x"]},{"a":[1]}]}"#,
            "prefix is Ruler reserved fieldName which cannot be used inside $or.",
            Some((1, 20)),
        ),
    ]);
}

#[test]
fn operators_check_their_operands_in_the_words_of_aws() {
    check_refused(&[
        (r#"{"a":[{"prefix":1}]}"#, "prefix match pattern must be a string", Some((1, 18))),
        (r#"{"a":[{"suffix":["x"]}]}"#, "suffix match pattern must be a string", Some((1, 18))),
        (r#"{"a":[{"prefix":{"x":"y"}}]}"#, "Unsupported prefix pattern: x", Some((1, 23))),
        (r#"{"a":[{"suffix":{}}]}"#, "Suffix expression name not found", Some((1, 19))),
        (r#"{"a":[{"prefix":"x","suffix":"y"}]}"#, "Only one key allowed in match expression", Some((1, 31))),
        (r#"{"a":[{"equals-ignore-case":1}]}"#, "equals-ignore-case match pattern must be a string", Some((1, 30))),
        (r#"{"a":[{"wildcard":1}]}"#, "wildcard match pattern must be a string", Some((1, 20))),
        (r#"{"a":[{"wildcard":"a**b"}]}"#, "Consecutive wildcard characters at pos 2", Some((1, 25))),
        (r#"{"a":[{"wildcard":"a\\b"}]}"#, "Invalid escape character at pos 2", Some((1, 25))),
        (r#"{"a":[{"exists":1}]}"#, "exists match pattern must be either true or false.", Some((1, 18))),
        (
            r#"{"a":[{"anything-but":true}]}"#,
            "Value of anything-but must be an array or single string/number value.",
            Some((1, 27)),
        ),
        (
            r#"{"a":[{"anything-but":["x",1]}]}"#,
            "Inside anything but list, either all values are number or string, mixed type is not supported",
            Some((1, 30)),
        ),
        (
            r#"{"a":[{"anything-but":[]}]}"#,
            "Inside anything but list, either all values are number or string, mixed type is not supported",
            Some((1, 25)),
        ),
        (
            r#"{"a":[{"anything-but":[{"prefix":"x"}]}]}"#,
            "Inside anything but list, start|null|boolean is not supported.",
            Some((1, 25)),
        ),
        (r#"{"a":[{"anything-but":{"cidr":"x"}}]}"#, "Unsupported anything-but pattern: cidr", Some((1, 32))),
        (r#"{"a":[{"anything-but":{"prefix":""}}]}"#, "Null prefix/suffix not allowed", Some((1, 35))),
        (r#"{"a":[{"anything-but":{"prefix":1}}]}"#, "prefix/suffix match pattern must be a string", Some((1, 34))),
    ]);
}

#[test]
fn numeric_and_cidr_check_their_operands_in_the_words_of_aws() {
    check_refused(&[
        (r#"{"a":[{"numeric":5}]}"#, "Value of numeric must be an array.", Some((1, 19))),
        (r#"{"a":[{"numeric":[]}]}"#, "Invalid member in numeric match: ]", Some((1, 20))),
        (r#"{"a":[{"numeric":[5]}]}"#, "Invalid member in numeric match: 5", Some((1, 20))),
        (r#"{"a":[{"numeric":["!",5]}]}"#, "Unrecognized numeric range operator: !", Some((1, 24))),
        (r#"{"a":[{"numeric":[">","5"]}]}"#, "Value of > must be numeric", Some((1, 24))),
        (r#"{"a":[{"numeric":["=",true]}]}"#, "Value of equals must be numeric", Some((1, 27))),
        (r#"{"a":[{"numeric":["=",5,"<",6]}]}"#, "Too many elements in numeric expression", Some((1, 26))),
        (r#"{"a":[{"numeric":[">",5,6]}]}"#, "Bad value in numeric range: 6", Some((1, 26))),
        (r#"{"a":[{"numeric":[">",5,">",6]}]}"#, "Bad numeric range operator: >", Some((1, 28))),
        (r#"{"a":[{"numeric":[">",5,"<",6,7]}]}"#, "Too many terms in numeric range expression", Some((1, 32))),
        (r#"{"a":[{"numeric":[">",6,"<",5]}]}"#, "Bottom must be less than top", Some((1, 31))),
        (r#"{"a":[{"numeric":["<",5000000001]}]}"#, "Value must be between -5.0E9 and 5.0E9, inclusive", Some((1, 33))),
        (r#"{"a":[{"cidr":1}]}"#, "prefix match pattern must be a string", Some((1, 16))),
        (r#"{"a":[{"cidr":"10.0.0.0"}]}"#, "Malformed CIDR, one '/' required", None),
        (r#"{"a":[{"cidr":"10.0.0.0/8/9"}]}"#, "Malformed CIDR, one '/' required", None),
        (r#"{"a":[{"cidr":"10.0.0.0/x"}]}"#, "Malformed CIDR, mask bits must be an integer", None),
        (r#"{"a":[{"cidr":"10.0.0.0/-1"}]}"#, "Malformed CIDR, mask bits must not be negative", None),
        (r#"{"a":[{"cidr":"10.0.0.0/32"}]}"#, "IPv4 mask bits must be < 32", None),
        (r#"{"a":[{"cidr":"::/128"}]}"#, "IPv6 mask bits must be < 128", None),
        (r#"{"a":[{"cidr":"300.0.0.0/8"}]}"#, "Invalid IP address: 300.0.0.0", None),
        (r#"{"a":[{"cidr":"ten/8"}]}"#, "Nonstandard IP address: ten", None),
    ]);
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
        match Pattern::compile(pattern).map(|_| ()) {
            Err(PatternError::Invalid(message)) => assert!(message.starts_with(&expected), "{pattern}: {message}"),
            other => panic!("{pattern}: {other:?}"),
        }
    }
}

#[test]
fn a_long_pattern_is_quoted_up_to_500_characters() {
    let pattern = format!("{{\"a\":[\"{}\"],\"b\":1}}", "x".repeat(600));
    let Err(PatternError::Invalid(message)) = Pattern::compile(&pattern) else { panic!("it compiles") };
    assert!(message.contains("x\"[truncated 116 chars]; line: 1, column: "), "{message}");
}

#[test]
fn nesting_as_deep_as_a_pattern_can_be_long_does_no_harm() {
    let depth = 4096 / 6;
    let pattern = format!("{}[1]{}", "{\"a\":".repeat(depth), "}".repeat(depth));
    let compiled = Pattern::compile(&pattern).unwrap();
    assert!(!compiled.matches(&serde_json::json!({"a": {"a": 1}})));
    let open = "{\"a\":".repeat(4096 / 5);
    assert!(Pattern::compile(&open).is_err());
}

proptest::proptest! {
    #[test]
    fn no_text_makes_the_compiler_panic(text in r#"\{("(a|é|\$or|prefix|numeric|cidr|wildcard)":|[\[\]{},:"\\*/.> 0-9-]|"[>a*\\/0.é]{0,4}"|true|null){0,24}"#) {
        if let Ok(pattern) = Pattern::compile(&text) {
            pattern.matches(&serde_json::json!({"a": ["x", 1, {"é": null}], "prefix": "a"}));
        }
    }
}
