//! Reads projection expressions, and takes from an item what they ask for.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ProjectionExpressions.html>

use std::collections::BTreeMap;

use super::parser::Parser;
use super::tree::{Element, Path};
use super::{ExpressionError, Kind, Symbols};
use crate::service::dynamodb::value::{AttributeValue, Item};

/// The paths asked for, as a tree: none below a node means all of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Projection {
    fields: BTreeMap<String, Projection>,
    indexes: BTreeMap<usize, Projection>,
}

pub fn parse(text: &str, symbols: &mut Symbols) -> Result<Projection, ExpressionError> {
    let mut parser = Parser::new(Kind::Projection, text, symbols)?;
    let mut paths = vec![parser.path()?];
    while parser.accept_sign(",") {
        paths.push(parser.path()?);
    }
    let all: Vec<&Path> = paths.iter().collect();
    parser.complain_of_overlaps(&all);
    parser.finish()?;
    Ok(Projection::of(&paths))
}

impl Projection {
    pub fn of<'a>(paths: impl IntoIterator<Item = &'a Path>) -> Self {
        let mut root = Self::default();
        for path in paths {
            let mut node = &mut root;
            for element in &path.0 {
                node = match element {
                    Element::Field(name) => node.fields.entry(name.clone()).or_default(),
                    Element::Index(index) => node.indexes.entry(*index).or_default(),
                };
            }
        }
        root
    }

    /// The top-level attributes it looks at.
    pub fn attributes(&self) -> impl Iterator<Item = &str> {
        self.fields.keys().map(String::as_str)
    }

    /// Whether it looks at that top-level attribute.
    pub fn asks_for(&self, name: &str) -> bool {
        self.fields.contains_key(name)
    }

    /// What the item has of it. Elements of a list move together.
    pub fn of_item(&self, item: &Item) -> Item {
        let chosen = |(name, below): (&String, &Projection)| Some((name.clone(), below.of_value(item.get(name)?)?));
        self.fields.iter().filter_map(chosen).collect()
    }

    fn of_value(&self, value: &AttributeValue) -> Option<AttributeValue> {
        if self.fields.is_empty() && self.indexes.is_empty() {
            return Some(value.clone());
        }
        match value {
            AttributeValue::M(fields) => {
                Some(self.of_item(fields)).filter(|chosen| !chosen.is_empty()).map(AttributeValue::M)
            }
            AttributeValue::L(values) => {
                let chosen = |(index, below): (&usize, &Projection)| below.of_value(values.get(*index)?);
                let chosen: Vec<_> = self.indexes.iter().filter_map(chosen).collect();
                Some(chosen).filter(|chosen| !chosen.is_empty()).map(AttributeValue::L)
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::dynamodb::attribute_json::{self, GivenItem};

    fn item(json: &str) -> Item {
        attribute_json::item(serde_json::from_str::<GivenItem>(json).unwrap()).unwrap()
    }

    #[test]
    fn a_projection_takes_what_it_names() {
        let whole = r#"{"a":{"N":"1"},"m":{"M":{"x":{"N":"2"},"y":{"N":"3"}}},
            "l":{"L":[{"N":"0"},{"M":{"x":{"N":"4"}}},{"N":"2"}]}}"#;
        for (text, part) in [
            ("a", r#"{"a":{"N":"1"}}"#),
            ("a, gone", r#"{"a":{"N":"1"}}"#),
            ("m.x", r#"{"m":{"M":{"x":{"N":"2"}}}}"#),
            ("m.gone", "{}"),
            ("a.x", "{}"),
            ("l[2], l[0]", r#"{"l":{"L":[{"N":"0"},{"N":"2"}]}}"#),
            ("l[1].x, m.y", r#"{"l":{"L":[{"M":{"x":{"N":"4"}}}]},"m":{"M":{"y":{"N":"3"}}}}"#),
        ] {
            let projection = parse(text, &mut Symbols::default()).unwrap();
            assert_eq!(projection.of_item(&item(whole)), item(part), "{text}");
        }
    }

    #[test]
    fn mistakes_are_told_in_awss_words() {
        for (text, detail) in [
            ("a,", r#"Syntax error; token: "<EOF>", near: ",""#),
            ("a b", r#"Syntax error; token: "b", near: "a b""#),
            ("a, :v", r#"Syntax error; token: ":v", near: ", :v""#),
            ("status", "Attribute name is a reserved keyword; reserved keyword: status"),
            (
                "a.b, a",
                "Two document paths overlap with each other; must remove or rewrite one of these paths; \
                 path one: [a, b], path two: [a]",
            ),
        ] {
            let error = parse(text, &mut Symbols::default()).unwrap_err();
            assert_eq!(error.0, format!("Invalid ProjectionExpression: {detail}"), "{text}");
        }
    }
}
