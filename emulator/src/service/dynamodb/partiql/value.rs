//! Expressions that stand for values, and for paths.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.data-types.html>

use std::collections::BTreeSet;

use super::tree::{Expression, Kind, Position, Step};
use crate::service::dynamodb::expression::ExpressionError;
use crate::service::dynamodb::expression::tree::{Element, Path};
use crate::service::dynamodb::number::Number;
use crate::service::dynamodb::value::{AttributeValue, Item};

/// The greatest index of a list that a path may name; the bound is assumed.
const INDEX_MAX: usize = 100_000_000;

/// The value of a literal or a parameter.
pub fn value(expression: &Expression, parameters: &[AttributeValue]) -> Result<AttributeValue, ExpressionError> {
    read(expression, parameters, "root")
}

/// Whether this can stand for a value at all, whatever the value.
pub fn is_value(expression: &Expression) -> bool {
    matches!(
        expression.kind,
        Kind::Null
            | Kind::Boolean(_)
            | Kind::Text(_)
            | Kind::Number(_)
            | Kind::Parameter(_)
            | Kind::List(_)
            | Kind::Bag(_)
            | Kind::Map(_)
    )
}

/// The item that an INSERT puts. Every attribute's value counts as a root of its own.
pub fn item(expression: &Expression, parameters: &[AttributeValue]) -> Result<Item, ExpressionError> {
    match &expression.kind {
        Kind::Map(fields) => map(fields, &|name, field| {
            let _ = name;
            read(field, parameters, "root")
        }),
        Kind::Parameter(index) => match &parameters[*index] {
            AttributeValue::M(item) => Ok(item.clone()),
            other => Err(unsupported(other.type_name(), "root", expression.at)),
        },
        other => Err(unsupported(&shown(other), "root", expression.at)),
    }
}

fn read(expression: &Expression, parameters: &[AttributeValue], at: &str) -> Result<AttributeValue, ExpressionError> {
    Ok(match &expression.kind {
        Kind::Null => AttributeValue::Null,
        Kind::Boolean(value) => AttributeValue::Bool(*value),
        Kind::Text(text) => AttributeValue::S(text.clone()),
        Kind::Number(digits) => {
            let number = Number::parse(digits);
            AttributeValue::N(number.map_err(|error| ExpressionError(format!("{} under {at}", error.0)))?)
        }
        Kind::Parameter(index) => parameters[*index].clone(),
        Kind::List(values) => {
            let element = |(index, value)| read(value, parameters, &format!("{at}[{index}]"));
            AttributeValue::L(values.iter().enumerate().map(element).collect::<Result<_, _>>()?)
        }
        Kind::Map(fields) => {
            AttributeValue::M(map(fields, &|name, field| read(field, parameters, &format!("{at}.{name}")))?)
        }
        Kind::Bag(values) => {
            let element = |(index, value)| read(value, parameters, &format!("{at}[{index}]"));
            let values: Vec<AttributeValue> = values.iter().enumerate().map(element).collect::<Result<_, _>>()?;
            set(values, at, expression.at)?
        }
        other => return Err(unsupported(&shown(other), at, expression.at)),
    })
}

type Field<'a> = dyn Fn(&str, &Expression) -> Result<AttributeValue, ExpressionError> + 'a;

fn map(fields: &[(Expression, Expression)], read: &Field<'_>) -> Result<Item, ExpressionError> {
    let mut item = Item::new();
    for (name, field) in fields {
        let Kind::Text(text) = &name.kind else { return Err(unsupported(&shown(&name.kind), "root", name.at)) };
        let value = read(text, field)?;
        if item.insert(text.clone(), value).is_some() {
            return Err(ExpressionError(format!("Duplicate attribute name: {text} at {}", name.at)));
        }
    }
    Ok(item)
}

/// A set is written as a bag: `<<1, 2>>`.
fn set(values: Vec<AttributeValue>, at: &str, position: Position) -> Result<AttributeValue, ExpressionError> {
    use AttributeValue as Value;
    let count = values.len();
    let shown: Vec<String> = values.iter().map(plain).collect();
    let mut found: Option<AttributeValue> = None;
    for value in values {
        match (&mut found, value) {
            (None, Value::S(text)) => found = Some(Value::Ss(BTreeSet::from([text]))),
            (None, Value::N(number)) => found = Some(Value::Ns(BTreeSet::from([number]))),
            (None, Value::B(bytes)) => found = Some(Value::Bs(BTreeSet::from([bytes]))),
            (Some(Value::Ss(set)), Value::S(text)) => _ = set.insert(text),
            (Some(Value::Ns(set)), Value::N(number)) => _ = set.insert(number),
            (Some(Value::Bs(set)), Value::B(bytes)) => _ = set.insert(bytes),
            _ => return Err(unsupported("BAG", at, position)),
        }
    }
    let (set, distinct) = match found {
        Some(Value::Ss(set)) => (set.len(), Value::Ss(set)),
        Some(Value::Ns(set)) => (set.len(), Value::Ns(set)),
        Some(Value::Bs(set)) => (set.len(), Value::Bs(set)),
        _ => return Err(ExpressionError::new("Empty bags are not supported")),
    };
    if set < count {
        return Err(ExpressionError(format!(
            "One or more parameter values were invalid: Input collection [{}] contains duplicates.",
            shown.join(", ")
        )));
    }
    Ok(distinct)
}

fn plain(value: &AttributeValue) -> String {
    match value {
        AttributeValue::S(text) => text.clone(),
        AttributeValue::N(number) => number.to_string(),
        other => other.type_name().to_owned(),
    }
}

fn unsupported(what: &str, path: &str, at: Position) -> ExpressionError {
    ExpressionError(format!("Unsupported data type: {what} under key {path} at {at}"))
}

/// What AWS calls an expression that is no value: a function by its name.
pub fn shown(kind: &Kind) -> String {
    match kind {
        Kind::Call(name, _) => name.clone(),
        Kind::Path(..) => "VariableReference".to_owned(),
        Kind::Infix(operator, ..) => operator.clone(),
        Kind::Is(..) => "IsType".to_owned(),
        Kind::Not(_) => "Not".to_owned(),
        Kind::Between(_) => "Between".to_owned(),
        Kind::Select(_) => "Select".to_owned(),
        Kind::Star => "*".to_owned(),
        Kind::Missing => "MISSING".to_owned(),
        Kind::Null => "NULL".to_owned(),
        Kind::Boolean(_) => "BOOL".to_owned(),
        Kind::Text(_) => "STRING".to_owned(),
        Kind::Number(_) => "DECIMAL".to_owned(),
        Kind::Parameter(_) => "Parameter".to_owned(),
        Kind::List(_) => "LIST".to_owned(),
        Kind::Bag(_) => "BAG".to_owned(),
        Kind::Map(_) => "STRUCT".to_owned(),
    }
}

/// The document path that an expression is, if it is one.
pub fn path(expression: &Expression) -> Result<Path, ExpressionError> {
    let Kind::Path(name, steps) = &expression.kind else {
        return Err(ExpressionError(format!("Unexpected path component at {}", expression.at)));
    };
    let mut elements = vec![Element::Field(name.clone())];
    for step in steps {
        elements.push(match step {
            Step::Field(name) => Element::Field(name.clone()),
            Step::Index(Expression { kind: Kind::Text(name), .. }) => Element::Field(name.clone()),
            Step::Index(Expression { kind: Kind::Number(digits), .. }) => {
                let index = digits.parse().ok().filter(|index| *index < INDEX_MAX);
                Element::Index(index.ok_or_else(|| {
                    let range = "List index is not within the allowable range";
                    ExpressionError(format!("{range}; index: [{digits}] at {}", expression.at))
                })?)
            }
            Step::Index(other) => return Err(ExpressionError(format!("Unexpected path component at {}", other.at))),
        });
    }
    if elements.iter().any(|element| matches!(element, Element::Field(name) if name.is_empty())) {
        return Err(ExpressionError::new("Path component cannot be an empty string"));
    }
    Ok(Path(elements))
}
