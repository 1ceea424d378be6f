//! WHERE: what an expression says of an item, as a condition of the expression language.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-functions.html>

use super::tree::{Expression, Kind};
use super::value::{is_value, path, shown, value};
use crate::service::dynamodb::expression::ExpressionError;
use crate::service::dynamodb::expression::tree::{Comparator, Condition, Operand};
use crate::service::dynamodb::value::AttributeValue;

/// AWS's order of them in its message.
const TYPE_NAMES: [&str; 10] = ["B", "NULL", "SS", "BOOL", "L", "BS", "N", "NS", "S", "M"];

/// "At max 50 hash attribute values or at max 100 non-key attribute values."
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-operators.html>
const IN_OPERANDS_MAX: usize = 100;

/// The functions that are conditions by themselves, and how many arguments they have.
const FUNCTIONS: [(&str, usize); 5] =
    [("attribute_exists", 1), ("attribute_not_exists", 1), ("attribute_type", 2), ("begins_with", 2), ("contains", 2)];

/// Reads conditions with the parameters bound.
pub struct Conditions<'a> {
    pub parameters: &'a [AttributeValue],
}

impl Conditions<'_> {
    pub fn condition(&self, expression: &Expression) -> Result<Condition, ExpressionError> {
        match &expression.kind {
            Kind::Not(inner) => Ok(Condition::Not(Box::new(self.condition(inner)?))),
            Kind::Infix(operator, left, right) => match operator.as_str() {
                "AND" => Ok(Condition::And(Box::new(self.condition(left)?), Box::new(self.condition(right)?))),
                "OR" => Ok(Condition::Or(Box::new(self.condition(left)?), Box::new(self.condition(right)?))),
                "IN" => self.in_list(left, right),
                sign => match Comparator::parse(sign) {
                    Some(comparator) => self.compare(comparator, left, right),
                    None => Err(unsupported(sign)),
                },
            },
            Kind::Between(operands) => self.between(operands),
            Kind::Is(left, name) => is_type(left, name),
            Kind::Call(name, arguments) => self.function(name, arguments, expression),
            other => Err(unsupported(&shown(other))),
        }
    }

    fn compare(
        &self,
        comparator: Comparator,
        left: &Expression,
        right: &Expression,
    ) -> Result<Condition, ExpressionError> {
        // `attribute_exists(a) = true` is the function itself.
        if let (Kind::Call(name, _), Kind::Boolean(expected)) = (&left.kind, &right.kind)
            && FUNCTIONS.iter().any(|(function, _)| function == name)
            && !comparator.needs_order()
        {
            let holds = self.condition(left)?;
            let as_is = *expected == (comparator == Comparator::Equal);
            return Ok(if as_is { holds } else { Condition::Not(Box::new(holds)) });
        }
        let (left, right) = (self.operand(left)?, self.operand(right)?);
        if comparator.needs_order() {
            for operand in [&left, &right] {
                check_ordered(comparator.sign(), operand)?;
            }
        }
        check_distinct(comparator.sign(), &left, &right)?;
        Ok(Condition::Compare(comparator, left, right))
    }

    fn between(&self, [value, low, high]: &[Expression; 3]) -> Result<Condition, ExpressionError> {
        let (value, low, high) = (self.operand(value)?, self.operand(low)?, self.operand(high)?);
        for operand in [&value, &low, &high] {
            check_ordered("BETWEEN", operand)?;
        }
        if let (Operand::Value(low), Operand::Value(high)) = (&low, &high) {
            let requirement = match low.compare(high) {
                None => Some("same data type for lower and upper bounds"),
                Some(order) if order.is_gt() => Some("upper bound to be greater than or equal to lower bound"),
                Some(_) => None,
            };
            if let Some(requirement) = requirement {
                return Err(ExpressionError(format!(
                    "The BETWEEN operator requires {requirement}; lower bound operand: {}, upper bound operand: {}",
                    bound(low),
                    bound(high)
                )));
            }
        }
        Ok(Condition::Between { value, low, high })
    }

    fn in_list(&self, left: &Expression, right: &Expression) -> Result<Condition, ExpressionError> {
        let left = self.operand(left)?;
        let list = match &right.kind {
            Kind::List(values) => values.iter().map(|value| self.operand(value)).collect::<Result<Vec<_>, _>>()?,
            // One value in parentheses is no list to the parser.
            _ => match self.operand(right)? {
                Operand::Value(AttributeValue::L(values)) => values.into_iter().map(Operand::Value).collect(),
                operand => vec![operand],
            },
        };
        if list.is_empty() || list.len() > IN_OPERANDS_MAX {
            let found =
                if list.is_empty() { "not provided with any operands" } else { "provided with too many operands" };
            return Err(ExpressionError(format!("The IN operator is {found}; number of operands: {}", list.len())));
        }
        Ok(Condition::In(left, list))
    }

    fn function(&self, name: &str, arguments: &[Expression], call: &Expression) -> Result<Condition, ExpressionError> {
        let Some((_, arity)) = FUNCTIONS.iter().find(|(function, _)| *function == name) else {
            return Err(match name {
                "size" => misplaced(name),
                _ => ExpressionError(format!("Unrecognized function: {name} at {}", call.at)),
            });
        };
        let operands = arguments.iter().map(|argument| self.operand(argument)).collect::<Result<Vec<_>, _>>()?;
        check_arity(name, operands.len(), *arity)?;
        let mut operands = operands.into_iter();
        let first = operands.next().expect("every function has an argument");
        let Some(second) = operands.next() else {
            let path = document_path(name, first)?;
            return Ok(if name == "attribute_exists" {
                Condition::AttributeExists(path)
            } else {
                Condition::AttributeNotExists(path)
            });
        };
        match name {
            "attribute_type" => {
                let path = document_path(name, first)?;
                Ok(Condition::AttributeType(path, attribute_type(&second)?))
            }
            "begins_with" => {
                for operand in [&first, &second] {
                    if let Operand::Value(value) = operand
                        && !matches!(value, AttributeValue::S(_) | AttributeValue::B(_))
                    {
                        return Err(wrong_type("begins_with", value));
                    }
                }
                check_distinct(name, &first, &second)?;
                Ok(Condition::BeginsWith(first, second))
            }
            _ => {
                check_distinct(name, &first, &second)?;
                Ok(Condition::Contains(first, second))
            }
        }
    }

    fn operand(&self, expression: &Expression) -> Result<Operand, ExpressionError> {
        match &expression.kind {
            _ if is_value(expression) => Ok(Operand::Value(value(expression, self.parameters)?)),
            Kind::Path(..) => Ok(Operand::Path(path(expression)?)),
            Kind::Call(name, arguments) if name == "size" => {
                let operands =
                    arguments.iter().map(|argument| self.operand(argument)).collect::<Result<Vec<_>, _>>()?;
                check_arity(name, operands.len(), 1)?;
                let first = operands.into_iter().next().expect("there is one");
                Ok(Operand::Size(document_path(name, first)?))
            }
            Kind::Call(name, _) if FUNCTIONS.iter().any(|(function, _)| function == name) => Err(misplaced(name)),
            Kind::Call(name, _) => Err(ExpressionError(format!("Unrecognized function: {name} at {}", expression.at))),
            other => Err(unsupported(&shown(other))),
        }
    }
}

/// `a IS MISSING`, `a IS NULL`, `a IS STRING`.
fn is_type(left: &Expression, name: &str) -> Result<Condition, ExpressionError> {
    let path = path(left)?;
    let is = |name: &str| Condition::AttributeType(path.clone(), name.to_owned());
    Ok(match name {
        "MISSING" => Condition::AttributeNotExists(path),
        "NULL" => is("NULL"),
        "BOOL" | "BOOLEAN" => is("BOOL"),
        "STRING" | "VARCHAR" | "CHAR" | "CHARACTER" | "SYMBOL" | "CLOB" => is("S"),
        "SMALLINT" | "INT" | "INT2" | "INT4" | "INT8" | "INTEGER" | "FLOAT" | "REAL" | "DOUBLE" | "DECIMAL"
        | "NUMERIC" => is("N"),
        "BLOB" => is("B"),
        "LIST" => is("L"),
        "STRUCT" | "TUPLE" => is("M"),
        "BAG" => {
            let or = |left, right| Condition::Or(Box::new(left), Box::new(right));
            or(or(is("SS"), is("NS")), is("BS"))
        }
        _ => return Err(unsupported("IsType")),
    })
}

/// The second operand of `attribute_type`: a text that names a type.
fn attribute_type(operand: &Operand) -> Result<String, ExpressionError> {
    match operand {
        Operand::Value(AttributeValue::S(name)) if TYPE_NAMES.contains(&name.as_str()) => Ok(name.clone()),
        Operand::Value(AttributeValue::S(name)) => Err(ExpressionError(format!(
            "Invalid attribute type name found; type: {name}, valid types: {{{}}}",
            TYPE_NAMES.join(",")
        ))),
        Operand::Value(value) => Err(wrong_type("attribute_type", value)),
        Operand::Path(_) | Operand::Size(_) => Err(misplaced("attribute_type")),
    }
}

fn document_path(
    function: &str,
    operand: Operand,
) -> Result<crate::service::dynamodb::expression::tree::Path, ExpressionError> {
    match operand {
        Operand::Path(path) => Ok(path),
        Operand::Value(_) | Operand::Size(_) => Err(ExpressionError(format!(
            "Operator or function requires a document path; operator or function: {function}"
        ))),
    }
}

fn check_arity(function: &str, count: usize, arity: usize) -> Result<(), ExpressionError> {
    if count == arity {
        return Ok(());
    }
    Err(ExpressionError(format!(
        "Incorrect number of operands for operator or function; operator or function: {function}, number of operands: \
         {count}"
    )))
}

fn check_ordered(operator: &str, operand: &Operand) -> Result<(), ExpressionError> {
    match operand {
        Operand::Value(value) if !value.is_ordered() => Err(wrong_type(operator, value)),
        _ => Ok(()),
    }
}

fn check_distinct(operator: &str, first: &Operand, second: &Operand) -> Result<(), ExpressionError> {
    match first {
        Operand::Path(path) if first == second => Err(ExpressionError(format!(
            "The first operand must be distinct from the remaining operands for this operator or function; operator: \
             {operator}, first operand: {path}"
        ))),
        _ => Ok(()),
    }
}

fn wrong_type(operator: &str, value: &AttributeValue) -> ExpressionError {
    ExpressionError(format!(
        "Incorrect operand type for operator or function; operator or function: {operator}, operand type: {}",
        value.type_name()
    ))
}

fn misplaced(function: &str) -> ExpressionError {
    ExpressionError(format!("The function is not allowed to be used this way in an expression; function: {function}"))
}

pub fn unsupported(operation: &str) -> ExpressionError {
    ExpressionError(format!("Unsupported operation: {operation}"))
}

/// As AWS shows the bounds of BETWEEN: `AttributeValue: {N:5}`.
fn bound(value: &AttributeValue) -> String {
    let text = match value {
        AttributeValue::S(text) => text.clone(),
        AttributeValue::N(number) => number.to_string(),
        AttributeValue::B(bytes) => format!("{} bytes", bytes.len()),
        _ => String::new(),
    };
    format!("AttributeValue: {{{}:{text}}}", value.type_name())
}
