//! A statement with its parameters bound and its meaning checked, before its table is known.

use super::condition::{Conditions, unsupported};
use super::statement::ALIASING;
use super::tree::{Direction, Expression, Kind, Parsed, Returning, Select, Source, Statement, Step};
use super::update;
use super::value::{item, path, shown};
use crate::service::dynamodb::expression::ExpressionError;
use crate::service::dynamodb::expression::tree::{Condition, Element, Path, Update};
use crate::service::dynamodb::value::{AttributeValue, Item};

/// What a statement asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Request {
    Read(Read),
    /// `EXISTS(SELECT ...)`: a check in a transaction.
    Check(Read),
    Insert {
        table: String,
        item: Item,
    },
    Update {
        table: String,
        update: Update,
        condition: Option<Condition>,
        returning: Option<Returning>,
    },
    Delete {
        table: String,
        condition: Option<Condition>,
        returning: Option<Returning>,
    },
}

#[derive(Clone, Debug, PartialEq)]
pub struct Read {
    pub source: Source,
    /// Each under the name it is answered by; `None` for all.
    pub columns: Option<Vec<(String, Path)>>,
    pub condition: Option<Condition>,
    pub order: Vec<(String, Direction)>,
}

impl Request {
    pub fn table(&self) -> &str {
        match self {
            Self::Read(read) | Self::Check(read) => &read.source.table,
            Self::Insert { table, .. } | Self::Update { table, .. } | Self::Delete { table, .. } => table,
        }
    }

    /// Whether it only reads. A check goes with reads and with writes.
    pub fn is_read(&self) -> bool {
        matches!(self, Self::Read(_))
    }

    pub fn returning(&self) -> Option<Returning> {
        match self {
            Self::Update { returning, .. } | Self::Delete { returning, .. } => *returning,
            Self::Read(_) | Self::Check(_) | Self::Insert { .. } => None,
        }
    }
}

pub fn bind(parsed: Parsed, parameters: &[AttributeValue]) -> Result<Request, ExpressionError> {
    if parsed.parameters != parameters.len() {
        return Err(ExpressionError::new("Number of parameters in request and statement don't match."));
    }
    let conditions = Conditions { parameters };
    let filter = |filter: &Option<Expression>| filter.as_ref().map(|filter| conditions.condition(filter)).transpose();
    match parsed.statement {
        Statement::Select(select) => Ok(Request::Read(read(select, &conditions)?)),
        Statement::Exists(select, _) => Ok(Request::Check(read(select, &conditions)?)),
        Statement::Insert { table, value } => {
            Ok(Request::Insert { table: table_name(&table)?, item: item(&value, parameters)? })
        }
        Statement::Update { table, aliased, changes, filter: condition, returning } => {
            check_alias(aliased)?;
            let table = table_name(&table)?;
            let update = update::update(&changes, parameters)?;
            Ok(Request::Update { table, update, condition: filter(&condition)?, returning })
        }
        Statement::Delete { table, aliased, filter: condition, returning } => {
            check_alias(aliased)?;
            if let Some(returning) = returning.filter(|returning| *returning != Returning::AllOld) {
                return Err(ExpressionError(format!(
                    "Invalid returning clause: {returning}. Only RETURNING ALL OLD * is allowed in DELETE statements."
                )));
            }
            Ok(Request::Delete { table: table_name(&table)?, condition: filter(&condition)?, returning })
        }
        Statement::Bare(expression) => Err(unsupported(&shown(&expression.kind))),
    }
}

fn read(select: Select, conditions: &Conditions<'_>) -> Result<Read, ExpressionError> {
    if let Some(complaint) = select.unsupported {
        return Err(ExpressionError(complaint));
    }
    let source = source(&select.from)?;
    let columns = select.columns.map(|columns| columns.iter().enumerate().map(column).collect()).transpose()?;
    let condition = select.filter.map(|filter| conditions.condition(&filter)).transpose()?;
    let named = |(key, direction): (Expression, Direction)| match path(&key)?.0.as_slice() {
        [Element::Field(name)] => Ok((name.clone(), direction)),
        _ => Err(ExpressionError(format!("Unexpected path component at {}", key.at))),
    };
    let order = select.order.into_iter().map(named).collect::<Result<_, _>>()?;
    Ok(Read { source, columns, condition, order })
}

/// A column is answered by the last name of its path, or by its position.
fn column((index, expression): (usize, &Expression)) -> Result<(String, Path), ExpressionError> {
    let path = path(expression)?;
    let name = match path.0.last() {
        Some(Element::Field(name)) => name.clone(),
        _ => format!("_{}", index + 1),
    };
    Ok((name, path))
}

fn check_alias(aliased: bool) -> Result<(), ExpressionError> {
    if aliased { Err(ExpressionError::new(ALIASING)) } else { Ok(()) }
}

/// The table of a write, which has no index.
fn table_name(expression: &Expression) -> Result<String, ExpressionError> {
    let source = source(expression)?;
    match source.index {
        None => Ok(source.table),
        Some(_) => Err(ExpressionError::new("This operation is not supported on an index")),
    }
}

/// `"table"` or `"table"."index"`
fn source(expression: &Expression) -> Result<Source, ExpressionError> {
    let Kind::Path(table, steps) = &expression.kind else {
        return Err(ExpressionError::new("Unexpected from source"));
    };
    let mut names = vec![table.clone()];
    for step in steps {
        let Step::Field(name) = step else { return Err(ExpressionError::new("Unexpected from source")) };
        names.push(name.clone());
    }
    if names.len() > 2 {
        return Err(ExpressionError::new("A path may contain at most 2 components in the FROM clause"));
    }
    if names.iter().any(String::is_empty) {
        return Err(ExpressionError::new("Path component cannot be an empty string"));
    }
    let index = names.get(1).cloned();
    Ok(Source { table: names.swap_remove(0), index })
}
