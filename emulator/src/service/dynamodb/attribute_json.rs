//! Attribute values as JSON: `{"S": "text"}`, `{"N": "1.5"}`, `{"L": [...]}`.
//!
//! What is no JSON of that shape is a `SerializationException`. What has the
//! shape but breaks a rule (two types at once, `"N": "x"`) is AWS's
//! `ValidationException`, which must not come before those of other members: so
//! a [`Given`] keeps it until the operation asks.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::marker::PhantomData;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use super::number::Number;
use super::value::{AttributeValue, Item, TOO_DEEP, check_nesting, check_value_nesting};
use crate::kernel::ApiError;
use crate::wire::Blob;

/// A value as it arrived: good, or with AWS's complaint.
#[derive(Clone, Debug, PartialEq, Hash)]
pub struct Given(pub Result<AttributeValue, String>);

/// Attributes as they arrived, by name.
pub type GivenItem = BTreeMap<String, Given>;

/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-attributes>
const NAME_BYTES_MAX: usize = 65_535;

const EMPTY: &str = "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes";
const SEVERAL: &str =
    "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes";

impl Given {
    /// The value alone, or AWS's complaint.
    pub fn checked(self) -> Result<AttributeValue, ApiError> {
        let value = self.0.map_err(ApiError::validation)?;
        check_value_nesting(&value).map_err(ApiError::validation)?;
        Ok(value)
    }
}

/// The attributes, or AWS's complaint about the first that breaks a rule.
pub fn item(given: GivenItem) -> Result<Item, ApiError> {
    let item = fields(given).map_err(ApiError::validation)?;
    check_nesting(&item).map_err(ApiError::validation)?;
    Ok(item)
}

/// The attributes as a request would give them.
pub fn given(item: Item) -> GivenItem {
    item.into_iter().map(|(name, value)| (name, Given(Ok(value)))).collect()
}

/// Those attributes of a stored item that are wanted, from the JSON it is kept as. The others are passed over unread.
pub fn stored(json: &str, wanted: &dyn Fn(&str) -> bool) -> Item {
    let mut json = serde_json::Deserializer::from_str(json);
    Wanted(wanted).deserialize(&mut json).expect("it was written by us")
}

/// One value of a stored item.
pub fn stored_value(json: &RawValue) -> AttributeValue {
    let Given(value) = serde_json::from_str(json.get()).expect("it was written by us");
    value.expect("it was checked when it came")
}

/// The name of an attribute where it lies.
#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

/// The attributes of a stored item, found and not read.
pub struct RawAttributes<'a>(pub Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for RawAttributes<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(RawVisitor(PhantomData))
    }
}

struct RawVisitor<'a>(PhantomData<&'a ()>);

impl<'de: 'a, 'a> Visitor<'de> for RawVisitor<'a> {
    type Value = RawAttributes<'a>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an item")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut attributes: A) -> Result<RawAttributes<'a>, A::Error> {
        let mut found = Vec::new();
        while let Some((Name(name), value)) = attributes.next_entry()? {
            found.push((name, value));
        }
        Ok(RawAttributes(found))
    }
}

/// Reads an item of which every value is known to be good.
struct Wanted<'w>(&'w dyn Fn(&str) -> bool);

impl<'de> DeserializeSeed<'de> for Wanted<'_> {
    type Value = Item;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Item, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Wanted<'_> {
    type Value = Item;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an item")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut attributes: A) -> Result<Item, A::Error> {
        let mut item = Item::new();
        while let Some(Name(name)) = attributes.next_key()? {
            if (self.0)(&name) {
                let Given(value) = attributes.next_value()?;
                item.insert(name.into_owned(), value.expect("it was checked when it came"));
            } else {
                attributes.next_value::<IgnoredAny>()?;
            }
        }
        Ok(item)
    }
}

/// The values of an expression, whose complaints name the key.
pub fn expression_values(given: GivenItem) -> Result<Item, ApiError> {
    let named = |(name, value): (String, Given)| match value.checked() {
        Ok(value) => Ok((name, value)),
        Err(ApiError { message, .. }) => Err(ApiError::validation(format!(
            "ExpressionAttributeValues contains invalid value: {message} for key {name}"
        ))),
    };
    given.into_iter().map(named).collect()
}

/// The attributes of an item or of a map, or the complaint about the first that breaks a rule.
fn fields(given: GivenItem) -> Result<Item, String> {
    let field = |(name, value): (String, Given)| {
        check_name(&name)?;
        Ok((name, value.0?))
    };
    given.into_iter().map(field).collect()
}

/// An attribute's name has at least one byte and fewer than 64 KB, at whatever depth. The texts are callers' reports.
pub fn check_name(name: &str) -> Result<(), String> {
    match name.len() {
        0 => Err("Empty attribute name".to_owned()),
        length if length <= NAME_BYTES_MAX => Ok(()),
        _ => Err(format!("Attribute name is too large, must be less than {} bytes", NAME_BYTES_MAX + 1)),
    }
}

/// As it arrived, for who sends it back; what broke a rule is left out.
impl Serialize for Given {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.as_ref().ok().serialize(serializer)
    }
}

/// How many lists and maps around a value are read. What lies deeper is too deep by AWS's rule, whatever it is,
/// and is passed over without a stack frame for each level: a body can hold millions.
const LEVELS_READ: usize = 40;

impl<'de> Deserialize<'de> for Given {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Inside(0).deserialize(deserializer)
    }
}

/// Reads a value inside so many lists and maps.
#[derive(Clone, Copy)]
struct Inside(usize);

impl<'de> DeserializeSeed<'de> for Inside {
    type Value = Given;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Given, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Inside {
    type Value = Given;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an attribute value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Given, A::Error> {
        let mut found: Option<Result<AttributeValue, String>> = None;
        while let Some(kind) = members.next_key::<Kind>()? {
            let Some(value) = self.member(kind, &mut members)? else { continue };
            found = Some(if found.is_some() { Err(SEVERAL.to_owned()) } else { value });
        }
        Ok(Given(found.unwrap_or_else(|| Err(EMPTY.to_owned()))))
    }
}

impl Inside {
    /// One member of the union; `None` where it is null or unknown, which AWS ignores.
    fn member<'de, A: MapAccess<'de>>(
        self,
        kind: Kind,
        members: &mut A,
    ) -> Result<Option<Result<AttributeValue, String>>, A::Error> {
        use AttributeValue as Value;
        Ok(match kind {
            Kind::S => members.next_value::<Option<String>>()?.map(|text| Ok(Value::S(text))),
            Kind::N => members.next_value::<Option<Digits>>()?.map(|digits| digits.0.map(Value::N)),
            Kind::B => members.next_value::<Option<Blob>>()?.map(|blob| Ok(Value::B(blob.0.into()))),
            Kind::Bool => members.next_value::<Option<bool>>()?.map(|value| Ok(Value::Bool(value))),
            Kind::Null => members.next_value::<Option<bool>>()?.map(null),
            Kind::M | Kind::L if self.0 == LEVELS_READ => {
                members.next_value::<Option<IgnoredAny>>()?.map(|_| Err(TOO_DEEP.to_owned()))
            }
            Kind::M => members.next_value_seed(Fields(self))?.map(|given| fields(given).map(Value::M)),
            Kind::L => members.next_value_seed(Elements(self))?.map(list),
            Kind::Ss => members.next_value::<Option<Vec<String>>>()?.map(|texts| string_set(&texts)),
            Kind::Ns => members.next_value::<Option<Vec<String>>>()?.map(|texts| number_set(&texts)),
            Kind::Bs => members.next_value::<Option<Vec<Blob>>>()?.map(binary_set),
            Kind::Unknown => {
                members.next_value::<IgnoredAny>()?;
                None
            }
        })
    }
}

/// The name of a type. Read without a copy: there is one for each value of each item.
#[derive(Clone, Copy, Deserialize)]
enum Kind {
    S,
    N,
    B,
    #[serde(rename = "BOOL")]
    Bool,
    #[serde(rename = "NULL")]
    Null,
    M,
    L,
    #[serde(rename = "SS")]
    Ss,
    #[serde(rename = "NS")]
    Ns,
    #[serde(rename = "BS")]
    Bs,
    #[serde(other)]
    Unknown,
}

/// A number's text, read where it lies.
struct Digits(Result<Number, String>);

impl<'de> Deserialize<'de> for Digits {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(DigitsVisitor)
    }
}

struct DigitsVisitor;

impl Visitor<'_> for DigitsVisitor {
    type Value = Digits;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E>(self, text: &str) -> Result<Digits, E> {
        Ok(Digits(number(text)))
    }
}

/// Reads the fields of a map, or null, where the map is so deep.
struct Fields(Inside);

impl<'de> DeserializeSeed<'de> for Fields {
    type Value = Option<GivenItem>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_option(self)
    }
}

impl<'de> Visitor<'de> for Fields {
    type Value = Option<GivenItem>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a map")
    }

    fn visit_none<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Self::Value, A::Error> {
        let mut read = GivenItem::new();
        while let Some(name) = fields.next_key::<String>()? {
            read.insert(name, fields.next_value_seed(Inside(self.0.0 + 1))?);
        }
        Ok(Some(read))
    }
}

/// Reads the elements of a list, or null, where the list is so deep.
struct Elements(Inside);

impl<'de> DeserializeSeed<'de> for Elements {
    type Value = Option<Vec<Given>>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_option(self)
    }
}

impl<'de> Visitor<'de> for Elements {
    type Value = Option<Vec<Given>>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a list")
    }

    fn visit_none<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_seq(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Self::Value, A::Error> {
        let mut read = Vec::new();
        while let Some(element) = elements.next_element_seed(Inside(self.0.0 + 1))? {
            read.push(element);
        }
        Ok(Some(read))
    }
}

fn invalid(complaint: impl std::fmt::Display) -> String {
    format!("One or more parameter values were invalid: {complaint}")
}

fn number(text: &str) -> Result<Number, String> {
    Number::parse(text).map_err(|error| error.0)
}

fn null(value: bool) -> Result<AttributeValue, String> {
    if value {
        Ok(AttributeValue::Null)
    } else {
        Err(invalid("Null attribute value types must have the value of true"))
    }
}

fn list(values: Vec<Given>) -> Result<AttributeValue, String> {
    let values: Result<Vec<_>, String> = values.into_iter().map(|value| value.0).collect();
    values.map(AttributeValue::L)
}

/// "An string set  may not be empty" is AWS's own spelling.
fn string_set(texts: &[String]) -> Result<AttributeValue, String> {
    if texts.is_empty() {
        return Err(invalid("An string set  may not be empty"));
    }
    let set: BTreeSet<String> = texts.iter().cloned().collect();
    if set.len() < texts.len() {
        return Err(invalid(format_args!("Input collection [{}] contains duplicates.", texts.join(", "))));
    }
    Ok(AttributeValue::Ss(set))
}

fn number_set(texts: &[String]) -> Result<AttributeValue, String> {
    if texts.is_empty() {
        return Err(invalid("An number set  may not be empty"));
    }
    let set: BTreeSet<Number> = texts.iter().map(|text| number(text)).collect::<Result<_, _>>()?;
    if set.len() < texts.len() {
        return Err("Input collection contains duplicates".to_owned());
    }
    Ok(AttributeValue::Ns(set))
}

/// "of type BS" has no space before it, as callers report.
fn binary_set(blobs: Vec<Blob>) -> Result<AttributeValue, String> {
    if blobs.is_empty() {
        return Err(invalid("Binary sets should not be empty"));
    }
    let set: BTreeSet<Vec<u8>> = blobs.iter().map(|blob| blob.0.to_vec()).collect();
    if set.len() < blobs.len() {
        let shown: Vec<String> = blobs.iter().map(|blob| STANDARD.encode(&blob.0)).collect();
        return Err(invalid(format_args!("Input collection [{}]of type BS contains duplicates.", shown.join(", "))));
    }
    Ok(AttributeValue::Bs(set))
}

impl Serialize for AttributeValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        let kind = self.type_name();
        match self {
            Self::S(text) => map.serialize_entry(kind, text)?,
            Self::N(number) => map.serialize_entry(kind, &Shown(number))?,
            Self::B(bytes) => map.serialize_entry(kind, &blob(bytes))?,
            Self::Bool(value) => map.serialize_entry(kind, value)?,
            Self::Null => map.serialize_entry(kind, &true)?,
            Self::M(fields) => map.serialize_entry(kind, fields)?,
            Self::L(values) => map.serialize_entry(kind, values)?,
            Self::Ss(texts) => map.serialize_entry(kind, texts)?,
            Self::Ns(numbers) => map.serialize_entry(kind, &numbers.iter().map(Shown).collect::<Vec<_>>())?,
            Self::Bs(values) => {
                map.serialize_entry(kind, &values.iter().map(|bytes| blob(bytes)).collect::<Vec<_>>())?
            }
        }
        map.end()
    }
}

/// A number as the text that it travels as.
struct Shown<'a>(&'a Number);

impl Serialize for Shown<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self.0)
    }
}

fn blob(bytes: &[u8]) -> Blob {
    Blob(Bytes::copy_from_slice(bytes))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    use super::*;

    #[test]
    fn values_travel_as_they_are() {
        for text in [
            r#"{"S":""}"#,
            r#"{"N":"1.5"}"#,
            r#"{"B":"AAE="}"#,
            r#"{"BOOL":false}"#,
            r#"{"NULL":true}"#,
            r#"{"M":{"a":{"L":[{"N":"1"},{"S":"x"}]}}}"#,
            r#"{"SS":["a","b"]}"#,
            r#"{"NS":["-1","2"]}"#,
            r#"{"BS":["AA==","AQ=="]}"#,
        ] {
            let Given(value) = serde_json::from_str(text).unwrap();
            assert_eq!(serde_json::to_string(&value.unwrap()).unwrap(), text);
        }
    }

    fn any_value() -> impl Strategy<Value = AttributeValue> {
        let number = || "-?[0-9]{1,20}(\\.[0-9]{1,9})?".prop_map(|text| Number::parse(&text).expect("it is a number"));
        let bytes = || prop::collection::vec(any::<u8>(), 0..6);
        let leaf = prop_oneof![
            any::<String>().prop_map(AttributeValue::S),
            number().prop_map(AttributeValue::N),
            bytes().prop_map(AttributeValue::B),
            any::<bool>().prop_map(AttributeValue::Bool),
            Just(AttributeValue::Null),
            prop::collection::btree_set(any::<String>(), 1..4).prop_map(AttributeValue::Ss),
            prop::collection::btree_set(number(), 1..4).prop_map(AttributeValue::Ns),
            prop::collection::btree_set(bytes(), 1..4).prop_map(AttributeValue::Bs),
        ];
        leaf.prop_recursive(6, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(AttributeValue::L),
                prop::collection::btree_map(".{1,4}", inner, 0..4).prop_map(AttributeValue::M),
            ]
        })
    }

    /// JSON that is an item nearly, in what it is made of.
    fn json_like() -> impl Strategy<Value = String> {
        let token = prop::sample::select(vec![
            "{",
            "}",
            "[",
            "]",
            ":",
            ",",
            "\"S\"",
            "\"N\"",
            "\"B\"",
            "\"BOOL\"",
            "\"NULL\"",
            "\"M\"",
            "\"L\"",
            "\"SS\"",
            "\"NS\"",
            "\"BS\"",
            "\"a\"",
            "\"1\"",
            "\"\"",
            "\"AA==\"",
            "true",
            "false",
            "null",
            "1e999",
            "\"\\ud800\"",
            "{\"S\":\"x\"}",
            "{\"L\":[",
            "{\"M\":{\"k\":",
        ]);
        prop::collection::vec(token, 0..14).prop_map(|tokens| tokens.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(7), ..ProptestConfig::default() })]

        #[test]
        fn every_item_comes_back_as_it_was(item in prop::collection::btree_map(".{1,9}", any_value(), 0..4)) {
            let json = serde_json::to_string(&item).expect("an item is plain data");
            let given: GivenItem = serde_json::from_str(&json).expect("it is an item");
            prop_assert_eq!(super::item(given), Ok(item.clone()));
            prop_assert_eq!(stored(&json, &|_| true), item.clone());
            let (some, others): (Item, Item) = item.into_iter().partition(|(name, _)| name.len() % 2 == 0);
            prop_assert_eq!(stored(&json, &|name| name.len() % 2 == 0), some);
            prop_assert_eq!(stored(&json, &|name| name.len() % 2 == 1), others);
        }

        #[test]
        fn any_text_is_read_or_refused(text in json_like(), bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            for text in [text.clone(), format!("{{\"a\":{text}"), format!("{{\"a\":{text}}}")] {
                if let Ok(given) = serde_json::from_str::<GivenItem>(&text) {
                    let _ = super::item(given);
                }
            }
            let _ = serde_json::from_slice::<GivenItem>(&bytes);
        }
    }

    #[test]
    fn however_deep_a_value_is_it_is_read_or_refused() {
        for open in [r#"{"L":["#, r#"{"M":{"a":"#] {
            let close = if open.starts_with(r#"{"L"#) { "]}" } else { "}}" };
            for (levels, fits) in [(1, true), (31, true), (32, false), (41, false), (60, false), (1_000_000, false)] {
                let text = format!(r#"{}{{"S":"x"}}{}"#, open.repeat(levels), close.repeat(levels));
                let given: Given = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{levels}: {error}"));
                let refused = given.checked().map_err(|error| error.message);
                assert_eq!(refused.is_ok(), fits, "{levels}");
                assert!(fits || refused.unwrap_err() == TOO_DEEP, "{levels}");
            }
        }
    }

    #[test]
    fn what_breaks_a_rule_is_told_in_awss_words() {
        for (text, complaint) in [
            ("{}", EMPTY),
            (r#"{"X":1}"#, EMPTY),
            (r#"{"S":null}"#, EMPTY),
            (r#"{"S":"a","N":"1"}"#, SEVERAL),
            (r#"{"S":"a","N":"1","BOOL":true}"#, SEVERAL),
            (r#"{"N":"x"}"#, "The parameter cannot be converted to a numeric value: x"),
            (
                r#"{"NULL":false}"#,
                "One or more parameter values were invalid: Null attribute value types must have the value of true",
            ),
            (r#"{"SS":[]}"#, "One or more parameter values were invalid: An string set  may not be empty"),
            (r#"{"NS":[]}"#, "One or more parameter values were invalid: An number set  may not be empty"),
            (r#"{"BS":[]}"#, "One or more parameter values were invalid: Binary sets should not be empty"),
            (
                r#"{"SS":["a","b","a"]}"#,
                "One or more parameter values were invalid: Input collection [a, b, a] contains duplicates.",
            ),
            (
                r#"{"BS":["/w==","AA==","AA=="]}"#,
                "One or more parameter values were invalid: Input collection [/w==, AA==, AA==]of type BS contains \
                 duplicates.",
            ),
            (r#"{"NS":["1","1.0"]}"#, "Input collection contains duplicates"),
            (r#"{"L":[{"M":{"a":{}}}]}"#, EMPTY),
            (r#"{"M":{"":{"S":"a"}}}"#, "Empty attribute name"),
        ] {
            assert_eq!(serde_json::from_str::<Given>(text).unwrap(), Given(Err(complaint.to_owned())), "{text}");
        }
        for wrong_shape in [r#""a""#, r#"{"S":1}"#, r#"{"N":1}"#, r#"{"L":{}}"#, r#"{"B":"?"}"#] {
            assert!(serde_json::from_str::<Given>(wrong_shape).is_err(), "{wrong_shape}");
        }
    }
}
