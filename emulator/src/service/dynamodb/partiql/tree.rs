//! What a statement is once it is read: parameters are not bound yet, and nothing is checked but the syntax.

use std::fmt;

/// Where a token stands, as messages tell it: `line:column:length`, in characters from 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Position {
    pub line: usize,
    pub column: usize,
    pub length: usize,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.line, self.column, self.length)
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Expression {
    pub kind: Kind,
    pub at: Position,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    Null,
    Missing,
    Boolean(bool),
    Text(String),
    /// As it was written, with its sign.
    Number(String),
    /// The index of the parameter.
    Parameter(usize),
    /// `a.b[0]`: a name, and steps from there.
    Path(String, Vec<Step>),
    List(Vec<Expression>),
    /// `<<a, b>>`
    Bag(Vec<Expression>),
    /// `{'name': value}`
    Map(Vec<(Expression, Expression)>),
    /// A function's name in lower case, and its arguments.
    Call(String, Vec<Expression>),
    Not(Box<Expression>),
    /// An operator in upper case, and its two sides.
    Infix(String, Box<Expression>, Box<Expression>),
    Between(Box<[Expression; 3]>),
    /// A type's name in upper case.
    Is(Box<Expression>, String),
    /// A SELECT where a value may stand, as in `EXISTS(...)`.
    Select(Box<Select>),
    /// A `*` as an argument.
    Star,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    Field(String),
    Index(Expression),
}

/// A table, and maybe an index of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    pub table: String,
    pub index: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    Ascending,
    Descending,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Select {
    /// `None` for `*`.
    pub columns: Option<Vec<Expression>>,
    pub from: Expression,
    pub filter: Option<Expression>,
    pub order: Vec<(Expression, Direction)>,
    /// A table's alias, or a clause that DynamoDB does not have: its complaint.
    pub unsupported: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Returning {
    AllOld,
    AllNew,
    ModifiedOld,
    ModifiedNew,
}

impl fmt::Display for Returning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AllOld => "RETURNING ALL OLD *",
            Self::AllNew => "RETURNING ALL NEW *",
            Self::ModifiedOld => "RETURNING MODIFIED OLD *",
            Self::ModifiedNew => "RETURNING MODIFIED NEW *",
        })
    }
}

#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    Set(Expression, Expression),
    Remove(Expression),
}

#[derive(Clone, Debug, PartialEq)]
pub enum Statement {
    Select(Select),
    /// `EXISTS(SELECT ...)` by itself.
    Exists(Select, Position),
    Insert {
        table: Expression,
        value: Expression,
    },
    Update {
        table: Expression,
        aliased: bool,
        changes: Vec<Change>,
        filter: Option<Expression>,
        returning: Option<Returning>,
    },
    Delete {
        table: Expression,
        aliased: bool,
        filter: Option<Expression>,
        returning: Option<Returning>,
    },
    /// An expression that is no statement.
    Bare(Expression),
}

impl Statement {
    /// The table it names, if it names one, and the index.
    pub fn source(&self) -> Option<Source> {
        let named = match self {
            Self::Select(select) | Self::Exists(select, _) => &select.from,
            Self::Insert { table, .. } | Self::Update { table, .. } | Self::Delete { table, .. } => table,
            Self::Bare(_) => return None,
        };
        match &named.kind {
            Kind::Path(table, steps) => {
                let index = steps.first().and_then(|step| if let Step::Field(name) = step { Some(name) } else { None });
                Some(Source { table: table.clone(), index: index.cloned() })
            }
            _ => None,
        }
    }
}

/// A statement and the number of its parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct Parsed {
    pub statement: Statement,
    pub parameters: usize,
}
