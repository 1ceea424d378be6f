//! SET and REMOVE, as an update of the expression language.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.update.html>

use super::condition::unsupported;
use super::tree::{Change, Expression, Kind};
use super::value::{is_value, path, shown, value};
use crate::service::dynamodb::expression::ExpressionError;
use crate::service::dynamodb::expression::tree::{Path, Source, Update};
use crate::service::dynamodb::value::AttributeValue;

pub fn update(changes: &[Change], parameters: &[AttributeValue]) -> Result<Update, ExpressionError> {
    let mut update = Update::default();
    for change in changes {
        match change {
            Change::Remove(target) => update.remove.push(path(target)?),
            Change::Set(target, source) => set(&mut update, path(target)?, source, parameters)?,
        }
    }
    check_overlaps(&update)?;
    Ok(update)
}

fn set(
    update: &mut Update,
    target: Path,
    expression: &Expression,
    parameters: &[AttributeValue],
) -> Result<(), ExpressionError> {
    let Kind::Call(name, arguments) = &expression.kind else {
        update.set.push((target, source(expression, parameters)?));
        return Ok(());
    };
    let upper = name.to_ascii_uppercase();
    if name != "set_add" && name != "set_delete" {
        update.set.push((target, source(expression, parameters)?));
        return Ok(());
    }
    let [first, second] = arguments.as_slice() else {
        return Err(ExpressionError(format!("{upper} must have exactly two arguments at {}", expression.at)));
    };
    if !matches!(first.kind, Kind::Path(..)) || path(first)? != target {
        return Err(ExpressionError(format!(
            "The first argument to {upper} must equal the assignment value at {}",
            expression.at
        )));
    }
    let members = if is_value(second) { Some(value(second, parameters)?) } else { None };
    let is_set = |members: &AttributeValue| {
        matches!(members, AttributeValue::Ss(_) | AttributeValue::Ns(_) | AttributeValue::Bs(_))
    };
    // AWS tells the place of the first argument, not of the second.
    let Some(members) = members.filter(is_set) else {
        return Err(ExpressionError(format!(
            "The second argument to {upper} must be a value with type SET at {}",
            first.at
        )));
    };
    if name == "set_add" {
        update.add.push((target, members))
    } else {
        update.delete.push((target, members))
    }
    Ok(())
}

/// What SET assigns. An attribute is read as it was before the statement.
fn source(expression: &Expression, parameters: &[AttributeValue]) -> Result<Source, ExpressionError> {
    if is_value(expression) {
        return Ok(Source::Value(value(expression, parameters)?));
    }
    match &expression.kind {
        Kind::Path(..) => Ok(Source::Path(path(expression)?)),
        Kind::Infix(operator, left, right) if operator == "+" || operator == "-" => {
            let (left, right) = (source(left, parameters)?, source(right, parameters)?);
            for operand in [&left, &right] {
                if let Source::Value(value) = operand
                    && !matches!(value, AttributeValue::N(_))
                {
                    return Err(wrong_type(operator, value));
                }
            }
            let (left, right) = (Box::new(left), Box::new(right));
            Ok(if operator == "+" { Source::Plus(left, right) } else { Source::Minus(left, right) })
        }
        Kind::Call(name, arguments) if name == "list_append" => {
            let [first, second] = arguments.as_slice() else {
                return Err(ExpressionError(format!(
                    "Incorrect number of operands for operator or function; operator or function: list_append, number \
                     of operands: {}",
                    arguments.len()
                )));
            };
            let (first, second) = (source(first, parameters)?, source(second, parameters)?);
            for operand in [&first, &second] {
                if let Source::Value(value) = operand
                    && !matches!(value, AttributeValue::L(_))
                {
                    return Err(wrong_type("list_append", value));
                }
            }
            Ok(Source::ListAppend(Box::new(first), Box::new(second)))
        }
        Kind::Call(name, _) => Err(ExpressionError(format!("Unrecognized function: {name} at {}", expression.at))),
        other => Err(unsupported(&shown(other))),
    }
}

fn wrong_type(operator: &str, value: &AttributeValue) -> ExpressionError {
    ExpressionError(format!(
        "Incorrect operand type for operator or function; operator or function: {operator}, operand type: {}",
        value.type_name()
    ))
}

/// Refuses the first two paths of which one contains the other or contradicts it.
fn check_overlaps(update: &Update) -> Result<(), ExpressionError> {
    let targets: Vec<&Path> = update.targets().collect();
    for (index, second) in targets.iter().enumerate() {
        for first in &targets[..index] {
            let different = first.0.iter().zip(&second.0).find(|(a, b)| a != b);
            let relation = match different {
                None => "overlap",
                Some((a, b)) if std::mem::discriminant(a) != std::mem::discriminant(b) => "conflict",
                Some(_) => continue,
            };
            return Err(ExpressionError(format!(
                "Two document paths {relation} with each other; must remove or rewrite one of these paths; path one: \
                 {first}, path two: {second}"
            )));
        }
    }
    Ok(())
}
