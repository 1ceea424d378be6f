//! Applies an update to an item.
//!
//! Every operand is read from the item as it was before the update, so the
//! order of actions does not matter; removals come last, since they move the
//! elements of lists.

use std::collections::BTreeSet;

use super::ExpressionError;
use super::evaluation::lookup;
use super::tree::{Element, Path, Source, Update};
use crate::service::dynamodb::number::{Number, NumberError};
use crate::service::dynamodb::value::{AttributeValue, Item};

/// What AWS says of a value whose type does not fit.
pub fn wrong_type() -> ExpressionError {
    ExpressionError::new("An operand in the update expression has an incorrect data type")
}

fn invalid_path() -> ExpressionError {
    ExpressionError::new("The document path provided in the update expression is invalid for update")
}

fn missing() -> ExpressionError {
    ExpressionError::new("The provided expression refers to an attribute that does not exist in the item")
}

/// The item after the update.
pub fn apply(update: &Update, mut item: Item) -> Result<Item, ExpressionError> {
    let mut assignments = Vec::with_capacity(update.set.len() + update.add.len());
    for (path, source) in &update.set {
        assignments.push((path, evaluate(source, &item)?));
    }
    for (path, value) in &update.add {
        assignments.push((path, sum(lookup(&item, path), value)?));
    }
    // New elements of a list are appended in the order of their indexes.
    assignments.sort_by_key(|(path, _)| indexes(path));
    for (path, value) in assignments {
        assign(&mut item, path, value)?;
    }
    let mut removals: Vec<&Path> = update.remove.iter().collect();
    for (path, value) in &update.delete {
        // Paths do not overlap: what stands here is what stood here before.
        match difference(lookup(&item, path), value)? {
            Some(rest) => assign(&mut item, path, rest)?,
            None => removals.push(path),
        }
    }
    removals.sort_by_key(|path| std::cmp::Reverse(indexes(path)));
    for path in removals {
        remove(&mut item, path)?;
    }
    Ok(item)
}

fn indexes(path: &Path) -> Vec<usize> {
    path.0.iter().filter_map(|element| if let Element::Index(index) = element { Some(*index) } else { None }).collect()
}

fn evaluate(source: &Source, item: &Item) -> Result<AttributeValue, ExpressionError> {
    match source {
        Source::Value(value) => Ok(value.clone()),
        Source::Path(path) => lookup(item, path).cloned().ok_or_else(missing),
        Source::IfNotExists(path, otherwise) => match lookup(item, path) {
            Some(value) => Ok(value.clone()),
            None => evaluate(otherwise, item),
        },
        Source::ListAppend(first, second) => match (evaluate(first, item)?, evaluate(second, item)?) {
            (AttributeValue::L(mut first), AttributeValue::L(second)) => {
                first.extend(second);
                Ok(AttributeValue::L(first))
            }
            _ => Err(wrong_type()),
        },
        Source::Plus(left, right) => arithmetic(left, right, item, Number::plus),
        Source::Minus(left, right) => arithmetic(left, right, item, Number::minus),
    }
}

fn arithmetic(
    left: &Source,
    right: &Source,
    item: &Item,
    operator: fn(Number, Number) -> Result<Number, NumberError>,
) -> Result<AttributeValue, ExpressionError> {
    match (evaluate(left, item)?, evaluate(right, item)?) {
        (AttributeValue::N(left), AttributeValue::N(right)) => calculated(operator(left, right)),
        _ => Err(wrong_type()),
    }
}

fn calculated(result: Result<Number, NumberError>) -> Result<AttributeValue, ExpressionError> {
    result.map(AttributeValue::N).map_err(|NumberError(message)| ExpressionError(message))
}

/// What ADD makes of a value: a sum, or a union of sets.
fn sum(present: Option<&AttributeValue>, added: &AttributeValue) -> Result<AttributeValue, ExpressionError> {
    use AttributeValue as Value;
    Ok(match (present, added) {
        (None, added) => added.clone(),
        (Some(Value::N(present)), Value::N(added)) => calculated(present.plus(*added))?,
        (Some(Value::Ss(present)), Value::Ss(added)) => Value::Ss(present | added),
        (Some(Value::Ns(present)), Value::Ns(added)) => Value::Ns(present | added),
        (Some(Value::Bs(present)), Value::Bs(added)) => Value::Bs(present | added),
        _ => return Err(wrong_type()),
    })
}

/// What DELETE leaves of a set; nothing where no element is left, since no set may be empty.
fn difference(
    present: Option<&AttributeValue>,
    deleted: &AttributeValue,
) -> Result<Option<AttributeValue>, ExpressionError> {
    use AttributeValue as Value;
    fn rest<T: Ord + Clone>(present: &BTreeSet<T>, deleted: &BTreeSet<T>) -> Option<BTreeSet<T>> {
        Some(present - deleted).filter(|rest| !rest.is_empty())
    }
    Ok(match (present, deleted) {
        (None, _) => None,
        (Some(Value::Ss(present)), Value::Ss(deleted)) => rest(present, deleted).map(Value::Ss),
        (Some(Value::Ns(present)), Value::Ns(deleted)) => rest(present, deleted).map(Value::Ns),
        (Some(Value::Bs(present)), Value::Bs(deleted)) => rest(present, deleted).map(Value::Bs),
        _ => return Err(wrong_type()),
    })
}

/// Puts `value` where `path` leads. All but its last element must exist.
fn assign(item: &mut Item, path: &Path, value: AttributeValue) -> Result<(), ExpressionError> {
    let [.., last] = path.0.as_slice() else { return Err(invalid_path()) };
    let Some(parent) = parent(item, path) else {
        item.insert(path.root().to_owned(), value);
        return Ok(());
    };
    match (parent.ok_or_else(invalid_path)?, last) {
        (AttributeValue::M(fields), Element::Field(name)) => {
            fields.insert(name.clone(), value);
        }
        (AttributeValue::L(values), Element::Index(index)) => match values.get_mut(*index) {
            Some(place) => *place = value,
            None => values.push(value),
        },
        _ => return Err(invalid_path()),
    }
    Ok(())
}

/// Takes away what `path` leads to, which may be missing. All before it must exist.
fn remove(item: &mut Item, path: &Path) -> Result<(), ExpressionError> {
    let [.., last] = path.0.as_slice() else { return Err(invalid_path()) };
    let Some(parent) = parent(item, path) else {
        item.remove(path.root());
        return Ok(());
    };
    match (parent.ok_or_else(invalid_path)?, last) {
        (AttributeValue::M(fields), Element::Field(name)) => {
            fields.remove(name);
        }
        (AttributeValue::L(values), Element::Index(index)) => {
            if *index < values.len() {
                values.remove(*index);
            }
        }
        _ => return Err(invalid_path()),
    }
    Ok(())
}

/// What holds the last element of `path`: `None` if that is the item itself,
/// `Some(None)` if there is nothing.
fn parent<'a>(item: &'a mut Item, path: &Path) -> Option<Option<&'a mut AttributeValue>> {
    let between = match path.0.as_slice() {
        [] | [_] => return None,
        [_, between @ .., _] => between,
    };
    let mut value = item.get_mut(path.root());
    for element in between {
        value = match (value, element) {
            (Some(AttributeValue::M(fields)), Element::Field(name)) => fields.get_mut(name),
            (Some(AttributeValue::L(values)), Element::Index(index)) => values.get_mut(*index),
            _ => None,
        };
    }
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::super::{Symbols, update};
    use super::*;
    use crate::service::dynamodb::attribute_json::{self, GivenItem};

    fn item(json: &str) -> Item {
        attribute_json::item(serde_json::from_str::<GivenItem>(json).unwrap()).unwrap()
    }

    const VALUES: &str = r#"{":1":{"N":"1"},":2":{"N":"2"},":s":{"S":"x"},":l":{"L":[{"N":"9"}]},":m":{"M":{}},
        ":ss":{"SS":["a","c"]},":ab":{"SS":["a","b"]},":ns":{"NS":["1"]},":big":{"N":"9E125"}}"#;

    fn apply_text(text: &str, before: &str) -> Result<Item, ExpressionError> {
        let update = update::parse(text, &mut Symbols::new(Default::default(), item(VALUES)))?;
        apply(&update, item(before))
    }

    #[test]
    fn updates_change_what_they_say() {
        for (text, before, after) in [
            ("SET a = :1", "{}", r#"{"a":{"N":"1"}}"#),
            ("SET a = a + :1, b = a", r#"{"a":{"N":"1"}}"#, r#"{"a":{"N":"2"},"b":{"N":"1"}}"#),
            ("SET a = if_not_exists(a, :1) + :2", "{}", r#"{"a":{"N":"3"}}"#),
            ("set a = (:2 - :1)", "{}", r#"{"a":{"N":"1"}}"#),
            ("SET a = list_append(if_not_exists(a, :l), :l)", "{}", r#"{"a":{"L":[{"N":"9"},{"N":"9"}]}}"#),
            ("SET m.x = :1", r#"{"m":{"M":{}}}"#, r#"{"m":{"M":{"x":{"N":"1"}}}}"#),
            ("SET l[0] = :2", r#"{"l":{"L":[{"N":"1"}]}}"#, r#"{"l":{"L":[{"N":"2"}]}}"#),
            ("SET l[9] = :2, l[5] = :1", r#"{"l":{"L":[]}}"#, r#"{"l":{"L":[{"N":"1"},{"N":"2"}]}}"#),
            ("REMOVE l[0], l[2]", r#"{"l":{"L":[{"N":"0"},{"N":"1"},{"N":"2"}]}}"#, r#"{"l":{"L":[{"N":"1"}]}}"#),
            ("REMOVE a, gone", r#"{"a":{"N":"1"},"b":{"N":"1"}}"#, r#"{"b":{"N":"1"}}"#),
            ("ADD a :2", "{}", r#"{"a":{"N":"2"}}"#),
            ("ADD a :2", r#"{"a":{"N":"-5"}}"#, r#"{"a":{"N":"-3"}}"#),
            ("ADD a :ss", r#"{"a":{"SS":["b"]}}"#, r#"{"a":{"SS":["a","b","c"]}}"#),
            ("DELETE a :ss", r#"{"a":{"SS":["a","b"]}}"#, r#"{"a":{"SS":["b"]}}"#),
            ("DELETE a :ab", r#"{"a":{"SS":["a","b"]}}"#, "{}"),
            ("DELETE gone :ss", "{}", "{}"),
            ("REMOVE b SET a = :1 DELETE c :ss ADD d :1", r#"{"b":{"N":"1"}}"#, r#"{"a":{"N":"1"},"d":{"N":"1"}}"#),
        ] {
            assert_eq!(apply_text(text, before), Ok(item(after)), "{text} on {before}");
        }
    }

    #[test]
    fn what_does_not_fit_the_item_is_told_in_awss_words() {
        let missing = "The provided expression refers to an attribute that does not exist in the item";
        let path = "The document path provided in the update expression is invalid for update";
        let kind = "An operand in the update expression has an incorrect data type";
        for (text, before, message) in [
            ("SET a = b", "{}", missing),
            ("SET a = a + :1", "{}", missing),
            ("SET a.b = :1", "{}", path),
            ("SET a.b = :1", r#"{"a":{"N":"1"}}"#, path),
            ("SET a[0] = :1", r#"{"a":{"M":{}}}"#, path),
            ("REMOVE a.b", "{}", path),
            ("SET a = a + :1", r#"{"a":{"S":"1"}}"#, kind),
            ("SET a = list_append(a, :l)", r#"{"a":{"S":"1"}}"#, kind),
            ("ADD a :1", r#"{"a":{"S":"1"}}"#, kind),
            ("ADD a :ns", r#"{"a":{"SS":["1"]}}"#, kind),
            ("DELETE a :ss", r#"{"a":{"NS":["1"]}}"#, kind),
            (
                "SET a = :big + :big",
                "{}",
                "Number overflow. Attempting to store a number with magnitude larger than supported range",
            ),
        ] {
            assert_eq!(apply_text(text, before), Err(ExpressionError::new(message)), "{text} on {before}");
        }
    }

    #[test]
    fn mistakes_in_the_expression_are_told_in_awss_words() {
        for (text, detail) in [
            (" ", "The expression can not be empty;"),
            ("a = :1", r#"Syntax error; token: "a", near: "a =""#),
            ("SET a = ((:1))", "The expression has redundant parentheses;"),
            (
                "SET a = if_not_exists(a)",
                "Incorrect number of operands for operator or function; operator or function: if_not_exists, number of \
                 operands: 1",
            ),
            ("SET a = :1 + :2 + :1", r#"Syntax error; token: "+", near: ":2 + :1""#),
            ("SET a = :1,", r#"Syntax error; token: "<EOF>", near: ",""#),
            ("SET a = :1 SET b = :2", r#"The "SET" section can only be used once in an update expression;"#),
            (
                "SET a.b = :1, a = :2",
                "Two document paths overlap with each other; must remove or rewrite one of these paths; \
                 path one: [a, b], path two: [a]",
            ),
            (
                "SET a.b = :1 REMOVE a[0]",
                "Two document paths conflict with each other; must remove or rewrite one of these paths; \
                 path one: [a, b], path two: [a, [0]]",
            ),
            (
                "ADD a :s",
                "Incorrect operand type for operator or function; operator: ADD, operand type: STRING, typeSet: \
                 ALLOWED_FOR_ADD_OPERAND",
            ),
            (
                "DELETE a :1",
                "Incorrect operand type for operator or function; operator: DELETE, operand type: NUMBER, typeSet: \
                 ALLOWED_FOR_DELETE_OPERAND",
            ),
            (
                "SET a = b + :s",
                "Incorrect operand type for operator or function; operator or function: +, operand type: S",
            ),
            (
                "SET a = list_append(a, :1)",
                "Incorrect operand type for operator or function; operator or function: list_append, operand type: N",
            ),
            ("SET a = size(b)", "The function is not allowed in an update expression; function: size"),
            ("SET a = now(b)", "Invalid function name; function: now"),
        ] {
            let expected = ExpressionError(format!("Invalid UpdateExpression: {detail}"));
            assert_eq!(apply_text(text, "{}"), Err(expected), "{text}");
        }
    }
}
