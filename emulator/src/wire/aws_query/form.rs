//! Forms: read into a tree by the dots in their names, and from there into what an operation asks for.

use std::collections::BTreeMap;
use std::fmt;

use percent_encoding::percent_decode;
use serde::Deserializer;
use serde::de::value::StrDeserializer;
use serde::de::{self, DeserializeOwned, DeserializeSeed, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::Query;
use crate::kernel::ApiError;

/// Deeper names are refused: no model is as deep.
const DEPTH_MAX: usize = 16;

/// More fields are refused: a batch of SQS with all its attributes has some 500, and each takes far more memory here
/// than in the request.
const FIELDS_MAX: usize = 10_000;

/// The fields of a form, in their order.
#[derive(Clone, Debug, Default)]
pub struct Form {
    fields: Vec<(String, String)>,
}

/// What a name with dots leads to.
#[derive(Debug, Default)]
struct Node {
    text: Option<String>,
    children: BTreeMap<String, Node>,
}

/// Reads an operation's input from a form.
pub fn decode<T: DeserializeOwned>(query: &Query, body: &[u8]) -> Result<T, ApiError> {
    let tree = Form::parse(body)?.tree()?;
    let reader = Reader { node: &tree, query };
    // assumed: the code and the wording of what cannot be read.
    T::deserialize(reader).map_err(|Error(text)| ApiError::new("MalformedInput", text))
}

impl Form {
    pub fn parse(body: &[u8]) -> Result<Self, ApiError> {
        if body.iter().filter(|byte| **byte == b'&').count() >= FIELDS_MAX {
            return Err(malformed());
        }
        let pairs = body.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty());
        let fields = pairs.map(|pair| -> Result<(String, String), ApiError> {
            let at = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
            Ok((unescape(&pair[..at])?, unescape(pair.get(at + 1..).unwrap_or_default())?))
        });
        Ok(Self { fields: fields.collect::<Result<_, _>>()? })
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    fn tree(self) -> Result<Node, ApiError> {
        let mut root = Node::default();
        for (name, value) in self.fields {
            if name.split('.').count() > DEPTH_MAX {
                return Err(malformed());
            }
            let node = name.split('.').fold(&mut root, |node, part| node.children.entry(part.to_owned()).or_default());
            node.text = Some(value);
        }
        Ok(root)
    }
}

fn unescape(text: &[u8]) -> Result<String, ApiError> {
    let spaced: Vec<u8> = text.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    let decoded = percent_decode(&spaced).decode_utf8().map_err(|_| malformed())?;
    Ok(decoded.into_owned())
}

/// assumed: AWS's wording.
fn malformed() -> ApiError {
    ApiError::with_status(404, "MalformedQueryString", "The query string contains a syntax error.")
}

impl Node {
    /// The elements of a list in the order of their numbers; a field without a number is a list of one.
    fn elements(&self) -> Vec<&Node> {
        let numbered = ["member", "entry"].into_iter().find_map(|name| self.children.get(name)).unwrap_or(self);
        let mut elements: Vec<(u32, &Node)> =
            numbered.children.iter().filter_map(|(name, node)| Some((name.parse().ok()?, node))).collect();
        elements.sort_by_key(|(number, _)| *number);
        if elements.is_empty() && self.text.is_some() {
            return vec![self];
        }
        elements.into_iter().map(|(_, node)| node).collect()
    }

    fn child(&self, names: [&str; 4]) -> Option<&Node> {
        names.into_iter().find_map(|name| self.children.get(name))
    }

    fn is_list(&self) -> bool {
        !self.children.is_empty() && self.children.keys().all(|name| name.parse::<u32>().is_ok())
    }
}

/// A place in the tree, for serde.
#[derive(Clone, Copy)]
struct Reader<'a> {
    node: &'a Node,
    query: &'a Query,
}

impl<'a> Reader<'a> {
    fn text(&self) -> Result<&'a str, Error> {
        self.node.text.as_deref().ok_or_else(|| Error("a value is expected where there are members".to_owned()))
    }

    fn number<N: std::str::FromStr>(&self) -> Result<N, Error> {
        let text = self.text()?;
        text.trim().parse().map_err(|_| Error(format!("`{text}` is not a number that fits")))
    }

    /// The members under the names of the model: what is asked for by its name on the wire is not renamed.
    fn members(&self, asked: &[&str]) -> Members<'a> {
        let named = self.node.children.iter().map(|(name, node)| {
            let member = self.query.members.iter().find(|member| member.wire == name && !asked.contains(&member.wire));
            (member.map_or(name.as_str(), |member| member.model), node)
        });
        // A member by both of its names is one member: the first is read.
        let mut known: BTreeMap<&str, &Node> = BTreeMap::new();
        for (name, node) in named {
            known.entry(name).or_insert(node);
        }
        Members { query: self.query, left: known.into_iter().collect::<Vec<_>>().into_iter(), value: None }
    }

    fn entries(&self) -> Members<'a> {
        let entries = self.node.elements().into_iter().map(|entry| {
            let key = entry.child(["Name", "Key", "key", "name"]).and_then(|node| node.text.as_deref());
            (key.unwrap_or_default(), entry.child(["Value", "value", "Val", "val"]).unwrap_or(&NOTHING))
        });
        Members { query: self.query, left: entries.collect::<Vec<_>>().into_iter(), value: None }
    }
}

static NOTHING: Node = Node { text: None, children: BTreeMap::new() };

macro_rules! numbers {
    ($($method:ident $visit:ident $type:ty;)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            visitor.$visit(self.number::<$type>()?)
        })*
    };
}

impl<'de> Deserializer<'de> for Reader<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match &self.node.text {
            Some(text) => visitor.visit_str(text),
            None if self.node.is_list() => self.deserialize_seq(visitor),
            None => visitor.visit_map(self.members(&[])),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_str(self.text()?)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_str(self.text()?)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.text()?.to_ascii_lowercase().as_str() {
            "true" => visitor.visit_bool(true),
            "false" => visitor.visit_bool(false),
            other => Err(Error(format!("`{other}` is neither true nor false"))),
        }
    }

    numbers! {
        deserialize_i8 visit_i8 i8;
        deserialize_i16 visit_i16 i16;
        deserialize_i32 visit_i32 i32;
        deserialize_i64 visit_i64 i64;
        deserialize_u8 visit_u8 u8;
        deserialize_u16 visit_u16 u16;
        deserialize_u32 visit_u32 u32;
        deserialize_u64 visit_u64 u64;
        deserialize_f32 visit_f32 f32;
        deserialize_f64 visit_f64 f64;
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _name: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_seq(Elements { query: self.query, left: self.node.elements().into_iter() })
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_map(self.entries())
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        members: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_map(self.members(members))
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        i128 u128 char bytes byte_buf unit unit_struct tuple tuple_struct enum identifier
    }
}

struct Elements<'a> {
    query: &'a Query,
    left: std::vec::IntoIter<&'a Node>,
}

impl<'de> SeqAccess<'de> for Elements<'_> {
    type Error = Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Error> {
        let query = self.query;
        self.left.next().map(|node| seed.deserialize(Reader { node, query })).transpose()
    }
}

struct Members<'a> {
    query: &'a Query,
    left: std::vec::IntoIter<(&'a str, &'a Node)>,
    value: Option<&'a Node>,
}

impl<'de> MapAccess<'de> for Members<'_> {
    type Error = Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Error> {
        let Some((name, node)) = self.left.next() else { return Ok(None) };
        self.value = Some(node);
        let name: StrDeserializer<'_, Error> = name.into_deserializer();
        seed.deserialize(name).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Error> {
        let node = self.value.take().unwrap_or(&NOTHING);
        seed.deserialize(Reader { node, query: self.query })
    }
}

/// What is wrong with a form, for the caller.
#[derive(Debug)]
struct Error(String);

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Error {}

impl de::Error for Error {
    fn custom<T: fmt::Display>(text: T) -> Self {
        Self(text.to_string())
    }
}

#[cfg(test)]
mod tests {
    use serde::{Deserialize, Serialize};

    use super::super::Member;
    use super::*;
    use crate::wire::Blob;

    const QUERY: Query = Query {
        version: "2012-11-05",
        namespace: "",
        members: &[
            Member::list("Color", "Colors"),
            Member::map("Tag", "Tags", "Key", "Value"),
            Member::map("Attribute", "Attributes", "Name", "Value"),
            Member::list("Part", "Parts"),
            Member::list("Name", "Names"),
        ],
        without_result: &[],
        addressed_by: None,
        error: Clone::clone,
    };

    #[derive(Debug, Default, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    struct Thing {
        name: Option<String>,
        size: Option<i32>,
        whole: Option<bool>,
        colors: Option<Vec<String>>,
        tags: BTreeMap<String, String>,
        attributes: BTreeMap<String, Value>,
        parts: Vec<Thing>,
    }

    #[derive(Debug, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Value {
        text: Option<String>,
        data: Option<Blob>,
    }

    fn check(form: &str, expected: serde_json::Value) {
        let read: Thing = decode(&QUERY, form.as_bytes()).unwrap();
        let mut read = serde_json::to_value(read).unwrap();
        tidy(&mut read);
        assert_eq!(read, expected, "{form}");
    }

    fn tidy(value: &mut serde_json::Value) {
        match value {
            serde_json::Value::Object(members) => {
                members.values_mut().for_each(tidy);
                members.retain(|_, value| match value {
                    serde_json::Value::Null => false,
                    serde_json::Value::Array(elements) => !elements.is_empty(),
                    serde_json::Value::Object(members) => !members.is_empty(),
                    _ => true,
                });
            }
            serde_json::Value::Array(elements) => elements.iter_mut().for_each(tidy),
            _ => {}
        }
    }

    #[test]
    fn a_form_is_read_by_what_is_asked_for() {
        use serde_json::json;
        for (form, expected) in [
            (
                "Action=A&Name=a+b%2Bc%C3%BC&Size=-7&Whole=true&X.1.Y=z",
                json!({"Name": "a b+cü", "Size": -7, "Whole": true}),
            ),
            ("Color.2=b&Color.10=c&Color.1=a", json!({"Colors": ["a", "b", "c"]})),
            ("Colors.member.1=a&Colors.member.2=b", json!({"Colors": ["a", "b"]})),
            ("Color=a", json!({"Colors": ["a"]})),
            ("Tag.1.Key=k&Tag.1.Value=v&Tag.2.Key=l&Tag.2.Value=", json!({"Tags": {"k": "v", "l": ""}})),
            ("Tags.entry.1.key=k&Tags.entry.1.value=v", json!({"Tags": {"k": "v"}})),
            (
                "Attribute.1.Name=a&Attribute.1.Value.Text=t&Attribute.2.Name=b&Attribute.2.Value.Data=AAE%3D",
                json!({"Attributes": {"a": {"Text": "t"}, "b": {"Data": "AAE="}}}),
            ),
            ("Part.1.Name=a&Part.1.Part.1.Size=2", json!({"Parts": [{"Name": "a", "Parts": [{"Size": 2}]}]})),
            ("", json!({})),
        ] {
            check(form, expected);
        }
    }

    #[test]
    fn what_cannot_be_read_is_an_error() {
        let deep = format!("{}=x", "a.".repeat(10_000));
        for form in ["Size=x", "Size=99999999999", "Whole=yes", "Name.1=x", "Name=%ff", &deep] {
            assert!(decode::<Thing>(&QUERY, form.as_bytes()).is_err(), "{form}");
        }
    }
}
