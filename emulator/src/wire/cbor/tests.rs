//! Documents as Jackson writes them for the Java SDKs, byte by byte; hostile ones; and either encoding of the same
//! document against the other. `ciborium`, which shares no line with ours, writes and reads the other side.

use std::collections::BTreeMap;

use ciborium::Value as Cbor;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::{DEPTH_MAX, decode, encode};
use crate::kernel::Timestamp;
use crate::wire::{Blob, aws_json};

/// A member of every kind that inputs have.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Document {
    text: Option<String>,
    number: Option<i32>,
    flag: Option<bool>,
    data: Option<Blob>,
    moment: Option<Timestamp>,
    kind: Option<Kind>,
    list: Option<Vec<Entry>>,
    tags: Option<BTreeMap<String, String>>,
    #[serde(flatten)]
    beside: Beside,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Entry {
    data: Blob,
    partition_key: Option<Box<str>>,
}

#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Beside {
    #[serde(skip_serializing_if = "Option::is_none")]
    beside_moment: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    beside_data: Option<Blob>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Kind {
    OnDemand,
    Provisioned,
}

fn bytes(hex: &str) -> Vec<u8> {
    hex::decode(hex.replace(' ', "")).expect("it is hexadecimal")
}

/// `text` in hexadecimal, with the head of a short text.
fn text(text: &str) -> String {
    format!("{:02x}{}", 0x60 + text.len(), hex::encode(text))
}

#[test]
fn documents_as_jackson_writes_them_are_read() {
    let blob = |bytes: &'static [u8]| Some(Blob(bytes.into()));
    for (name, value, expected) in [
        ("Text", text("orders"), Document { text: Some("orders".to_owned()), ..Document::default() }),
        // Long texts come in parts.
        (
            "Text",
            format!("7f{}{}ff", text("ord"), text("ers")),
            Document { text: Some("orders".to_owned()), ..Document::default() },
        ),
        ("Text", "f6".to_owned(), Document::default()),
        ("Number", "1903e8".to_owned(), Document { number: Some(1000), ..Document::default() }),
        ("Number", "3a7fffffff".to_owned(), Document { number: Some(i32::MIN), ..Document::default() }),
        ("Number", "1b0000000000000001".to_owned(), Document { number: Some(1), ..Document::default() }),
        ("Flag", "f5".to_owned(), Document { flag: Some(true), ..Document::default() }),
        ("Data", "43000102".to_owned(), Document { data: blob(&[0, 1, 2]), ..Document::default() }),
        ("Data", "5f420001410 2ff".replace(' ', ""), Document { data: blob(&[0, 1, 2]), ..Document::default() }),
        ("Data", "40".to_owned(), Document { data: blob(&[]), ..Document::default() }),
        // 2026-08-18T14:21:26.712Z, as the Java SDK sends it.
        (
            "Moment",
            "c11b000001a013accc38".to_owned(),
            Document { moment: Some(Timestamp::from_millis(1_787_036_486_712)), ..Document::default() },
        ),
        // Without a tag, and as a float.
        ("Moment", "01".to_owned(), Document { moment: Some(Timestamp::from_millis(1)), ..Document::default() }),
        ("Moment", "f93c00".to_owned(), Document { moment: Some(Timestamp::from_millis(1)), ..Document::default() }),
        ("Moment", "c120".to_owned(), Document { moment: Some(Timestamp::from_millis(-1)), ..Document::default() }),
        ("Kind", text("ON_DEMAND"), Document { kind: Some(Kind::OnDemand), ..Document::default() }),
        (
            "List",
            format!("9fbf{}4100{}{}ffff", text("Data"), text("PartitionKey"), text("k")),
            Document {
                list: Some(vec![Entry { data: Blob(vec![0].into()), partition_key: Some("k".into()) }]),
                ..Document::default()
            },
        ),
        (
            "Tags",
            format!("bf{}{}ff", text("a"), text("b")),
            Document { tags: Some(BTreeMap::from([("a".to_owned(), "b".to_owned())])), ..Document::default() },
        ),
        // What no member is named after is passed over, with all that is in it.
        ("Unknown", format!("9fbf{}c249010000000000000000fff4f7fb4000000000000000ff", text("a")), Document::default()),
        (
            "BesideMoment",
            "c11907d1".to_owned(),
            Document {
                beside: Beside { beside_moment: Some(Timestamp::from_millis(2001)), beside_data: None },
                ..Document::default()
            },
        ),
        (
            "BesideData",
            "4100".to_owned(),
            Document { beside: Beside { beside_moment: None, beside_data: blob(&[0]) }, ..Document::default() },
        ),
    ] {
        for (head, tail) in [("bf", "ff"), ("a1", ""), ("d9d9f7bf", "ff")] {
            let document = format!("{head}{}{value}{tail}", text(name));
            let read = decode::<Document>(&bytes(&document));
            assert_eq!(read.as_ref(), Ok(&expected), "{document}");
        }
    }
    assert_eq!(decode::<Document>(&[]), Ok(Document::default()), "an empty body has no members");
}

#[test]
fn what_is_no_document_is_refused() {
    let deep = |opening: &str, closing: &str| format!("{}f6{}", opening.repeat(DEPTH_MAX), closing.repeat(DEPTH_MAX));
    for (document, complaint) in [
        ("80".to_owned(), "Start of structure or map found where not expected."),
        ("f6".to_owned(), "Start of structure or map found where not expected."),
        ("7b7d".to_owned(), "Start of structure or map found where not expected."),
        ("bf".to_owned(), "the document ends within a value"),
        ("a1".to_owned(), "the document ends within a value"),
        ("a0a0".to_owned(), "trailing bytes after the document"),
        ("c1c1c1".to_owned(), "the document ends within a value"),
        (format!("a1{}6241", text("Text")), "the document ends within a value"),
        // Lengths that no memory holds are not believed.
        (format!("a1{}7b0000010000000000", text("Text")), "the document ends within a value"),
        (format!("a1{}5bffffffffffffffff", text("Data")), "the document ends within a value"),
        (format!("a1{}9b0000010000000000", text("List")), "the document ends within a value"),
        ("bbffffffffffffffff".to_owned(), "the document ends within a value"),
        (format!("a1{}7f41ffff", text("Text")), "a part of a string is of another kind"),
        (format!("a1{}7f7fffff", text("Text")), "a part of a string is of another kind"),
        (format!("a1{}61ff", text("Text")), "a text is not UTF-8"),
        (format!("a1{}4161", text("Text")), "invalid type: byte string, expected a string"),
        (format!("a1{}{}", text("Data"), text("AAAA")), "invalid type: string, expected a blob"),
        (format!("a1{}{}", text("Number"), text("1")), "invalid type: string \"1\", expected i32"),
        (format!("a1{}1b0000000100000000", text("Number")), "invalid value: integer `4294967296`, expected i32"),
        (format!("a1{}3bffffffffffffffff", text("Number")), "invalid type: floating point `-18446744073709552000.0`"),
        (format!("a1{}f93e00", text("Number")), "invalid type: floating point `1.5`, expected i32"),
        (format!("a1{}9f80ff", text("List")), "invalid type: sequence, expected struct Entry"),
        (format!("a1{}81a0", text("List")), "missing field `Data`"),
        (format!("a1{}{}", text("Kind"), text("OFF")), "unknown variant `OFF`"),
        (format!("a1{}{}", text("Moment"), text("now")), "invalid type: string \"now\", expected a timestamp"),
        (format!("a2{0}f6{0}f6", text("Number")), "duplicate field `Number`"),
        ("a10000".to_owned(), "invalid type: integer `0`"),
        ("a1ff00".to_owned(), "a break where a value is expected"),
        (format!("a1{}ff", text("X")), "a break where a value is expected"),
        (format!("a1{}f0", text("X")), "an unknown simple value 16"),
        (format!("a1{}1c", text("X")), "invalid first byte 0x1c of a value"),
        (format!("a1{}1f", text("X")), "a number of indefinite length"),
        (format!("a1{}{}", text("X"), deep("9f", "ff")), "the document is nested too deeply"),
        (format!("a1{}{}", text("X"), deep("81", "")), "the document is nested too deeply"),
        (format!("a1{}{}", text("X"), deep("bf6161", "ff")), "the document is nested too deeply"),
        (format!("a1{}{}", text("X"), "81".repeat(1 << 20)), "the document is nested too deeply"),
        (format!("a1{}{}", text("X"), "c1".repeat(1 << 20)), "the document ends within a value"),
    ] {
        let error = decode::<Document>(&bytes(&document)).expect_err(&document[..document.len().min(99)]);
        assert_eq!((error.code.as_str(), error.status), ("SerializationException", 400));
        assert!(error.message.starts_with(complaint), "{document:.99}: {}", error.message);
    }
}

#[test]
fn halves_are_read_as_the_rfc_has_them() {
    for (bits, expected) in [
        ("0000", 0.0),
        ("8000", -0.0),
        ("3c00", 1.0),
        ("3e00", 1.5),
        ("7bff", 65504.0),
        ("0001", 5.960_464_477_539_063e-8),
        ("0400", 0.000_061_035_156_25),
        ("c400", -4.0),
        ("7c00", f64::INFINITY),
        ("fc00", f64::NEG_INFINITY),
    ] {
        let read = decode::<BTreeMap<String, f64>>(&bytes(&format!("a16161f9{bits}"))).unwrap();
        assert_eq!(read["a"].to_bits(), expected.to_bits(), "{bits}");
    }
    assert!(decode::<BTreeMap<String, f64>>(&bytes("a16161f97e00")).unwrap()["a"].is_nan());
}

#[test]
fn answers_are_as_short_as_they_can_be() {
    let document = Document {
        text: Some("x".repeat(300)),
        number: Some(-1),
        data: Some(Blob(vec![7; 24].into())),
        moment: Some(Timestamp::from_millis(1_787_036_486_712)),
        ..Document::default()
    };
    // A structure with a flattened one in it has no length beforehand.
    let expected = [
        &bytes(&format!("bf{}79012c", text("Text")))[..],
        &[b'x'; 300],
        &bytes(&format!("{}20{}f6{}5818", text("Number"), text("Flag"), text("Data"))),
        &[7; 24],
        &bytes(&format!("{}c11b000001a013accc38", text("Moment"))),
        &bytes(&format!("{}f6{}f6{}f6ff", text("Kind"), text("List"), text("Tags"))),
    ]
    .concat();
    assert_eq!(encode(&document), expected);
    assert_eq!(encode(&json!({ "a": [1, 24, 256, 65_536, 4_294_967_296_u64, true, null, 0.5] })), {
        bytes("a1616188 01 1818 190100 1a00010000 1b0000000100000000 f5 f6 fb3fe0000000000000")
    });
}

fn check<T: std::fmt::Debug>(inputs: impl Strategy<Value = T>, test: impl Fn(&T)) {
    let random = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let config = Config { cases: 300, failure_persistence: None, ..Config::default() };
    let run = TestRunner::new_with_rng(config, random).run(&inputs, |input| {
        test(&input);
        Ok(())
    });
    run.unwrap_or_else(|failure| panic!("{failure}"));
}

/// What a member may be in JSON: of the right kind often enough.
fn values() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i32>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<u64>().prop_map(Json::from),
        (-1e12..1e12).prop_map(Json::from),
        "[a-z\u{e9}\u{1f600}]{0,30}".prop_map(Json::from),
        Just(json!("ON_DEMAND")),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
            prop::collection::btree_map(names(), inner, 0..4).prop_map(|members| members.into_iter().collect()),
        ]
    })
}

fn names() -> impl Strategy<Value = String> {
    const KNOWN: [&str; 7] = ["Text", "Number", "Flag", "Kind", "List", "Tags", "Unknown"];
    prop_oneof![8 => prop::sample::select(&KNOWN[..]).prop_map(str::to_owned), 1 => "[a-z]{1,4}"]
}

fn documents() -> impl Strategy<Value = Json> {
    prop::collection::btree_map(names(), values(), 0..8).prop_map(|members| members.into_iter().collect())
}

fn cbor_of(json: &Json) -> Vec<u8> {
    let mut bytes = Vec::new();
    ciborium::into_writer(json, &mut bytes).expect("JSON has a form in CBOR");
    bytes
}

#[test]
fn a_document_means_the_same_in_either_encoding() {
    check(documents(), |document| {
        let in_json = aws_json::decode::<Document>(document.to_string().as_bytes());
        let in_cbor = decode::<Document>(&cbor_of(document));
        // A list for a structure is read member by member by serde_json alone.
        match (in_json, in_cbor) {
            (Ok(in_json), Ok(in_cbor)) => assert_eq!(in_json, in_cbor),
            (in_json, in_cbor) => assert!(in_cbor.is_err(), "{in_json:?} {in_cbor:?}"),
        }
        assert_eq!(decode::<Json>(&cbor_of(document)).as_ref(), Ok(document));
        assert_eq!(decode::<Json>(&encode(document)).as_ref(), Ok(document));
        let read: Cbor = ciborium::from_reader(&encode(document)[..]).expect("what is written is CBOR");
        assert_eq!(read, Cbor::serialized(document).unwrap());
    });
}

#[test]
fn random_and_damaged_bytes_are_read_or_refused() {
    let read = |bytes: &[u8]| {
        let document = decode::<Document>(bytes);
        if let Ok(document) = &document {
            assert_eq!(decode::<Document>(&encode(document)).as_ref(), Ok(document));
        }
        let known = decode::<BTreeMap<String, IgnoredAny>>(bytes).is_ok();
        assert!(known || document.is_err(), "what is a document has members");
    };
    check(prop::collection::vec(any::<u8>(), 0..64), |bytes| {
        read(bytes);
        read(&[&[0xbf, 0x64], &b"Text"[..], bytes].concat());
    });
    let damage = (documents(), prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4));
    check(damage, |(document, changes)| {
        let mut bytes = cbor_of(document);
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = *byte;
        }
        read(&bytes);
        read(&bytes[..bytes.len() / 2]);
    });
}
