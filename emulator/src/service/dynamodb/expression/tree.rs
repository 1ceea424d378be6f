//! What expressions are once they are read: names and values are resolved.

use std::cmp::Ordering;
use std::fmt;

use crate::service::dynamodb::value::AttributeValue;

/// Where a value stands in an item: `a.b[0]`. Begins with a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path(pub Vec<Element>);

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Element {
    Field(String),
    Index(usize),
}

impl Path {
    pub fn attribute(name: impl Into<String>) -> Self {
        Self(vec![Element::Field(name.into())])
    }

    /// The top-level attribute it stands in.
    pub fn root(&self) -> &str {
        match self.0.first() {
            Some(Element::Field(name)) => name,
            Some(Element::Index(_)) | None => unreachable!("a path begins with a field"),
        }
    }
}

/// As messages write it: `[a, b, [0]]`.
impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let elements: Vec<String> = self
            .0
            .iter()
            .map(|element| match element {
                Element::Field(name) => name.clone(),
                Element::Index(index) => format!("[{index}]"),
            })
            .collect();
        write!(f, "[{}]", elements.join(", "))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Comparator {
    pub fn parse(sign: &str) -> Option<Self> {
        Some(match sign {
            "=" => Self::Equal,
            "<>" => Self::NotEqual,
            "<" => Self::Less,
            "<=" => Self::LessOrEqual,
            ">" => Self::Greater,
            ">=" => Self::GreaterOrEqual,
            _ => return None,
        })
    }

    pub fn sign(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "<>",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }

    /// Whether it needs an order, not equality alone.
    pub fn needs_order(self) -> bool {
        !matches!(self, Self::Equal | Self::NotEqual)
    }

    /// Whether two ordered values in this order satisfy it.
    pub fn accepts(self, order: Ordering) -> bool {
        match self {
            Self::Equal => order.is_eq(),
            Self::NotEqual => order.is_ne(),
            Self::Less => order.is_lt(),
            Self::LessOrEqual => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::GreaterOrEqual => order.is_ge(),
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub enum Operand {
    Path(Path),
    Value(AttributeValue),
    Size(Path),
}

#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    And(Box<Condition>, Box<Condition>),
    Or(Box<Condition>, Box<Condition>),
    Not(Box<Condition>),
    Compare(Comparator, Operand, Operand),
    Between {
        value: Operand,
        low: Operand,
        high: Operand,
    },
    In(Operand, Vec<Operand>),
    AttributeExists(Path),
    AttributeNotExists(Path),
    /// The type by its name on the wire.
    AttributeType(Path, String),
    BeginsWith(Operand, Operand),
    Contains(Operand, Operand),
}

impl Condition {
    /// The top-level attributes it looks at.
    pub fn attributes(&self) -> Vec<&str> {
        let mut names = Vec::new();
        self.paths(&mut |path| names.push(path.root()));
        names
    }

    /// Calls `visit` with every path it looks at.
    pub fn paths<'a>(&'a self, visit: &mut dyn FnMut(&'a Path)) {
        let operands: Vec<&Operand> = match self {
            Self::And(left, right) | Self::Or(left, right) => {
                left.paths(visit);
                return right.paths(visit);
            }
            Self::Not(inner) => return inner.paths(visit),
            Self::AttributeExists(path) | Self::AttributeNotExists(path) | Self::AttributeType(path, _) => {
                return visit(path);
            }
            Self::Compare(_, left, right) | Self::BeginsWith(left, right) | Self::Contains(left, right) => {
                vec![left, right]
            }
            Self::Between { value, low, high } => vec![value, low, high],
            Self::In(value, list) => std::iter::once(value).chain(list).collect(),
        };
        for operand in operands {
            if let Operand::Path(path) | Operand::Size(path) = operand {
                visit(path);
            }
        }
    }
}

/// What a SET action assigns.
#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    Path(Path),
    Value(AttributeValue),
    IfNotExists(Path, Box<Source>),
    ListAppend(Box<Source>, Box<Source>),
    Plus(Box<Source>, Box<Source>),
    Minus(Box<Source>, Box<Source>),
}

impl Source {
    /// Calls `visit` with every path it looks at.
    fn paths<'a>(&'a self, visit: &mut dyn FnMut(&'a Path)) {
        match self {
            Self::Path(path) => visit(path),
            Self::Value(_) => {}
            Self::IfNotExists(path, otherwise) => {
                visit(path);
                otherwise.paths(visit);
            }
            Self::ListAppend(left, right) | Self::Plus(left, right) | Self::Minus(left, right) => {
                left.paths(visit);
                right.paths(visit);
            }
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Update {
    pub set: Vec<(Path, Source)>,
    pub remove: Vec<Path>,
    pub add: Vec<(Path, AttributeValue)>,
    pub delete: Vec<(Path, AttributeValue)>,
}

impl Update {
    /// The top-level attributes it reads or changes.
    pub fn attributes(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.targets().map(Path::root).collect();
        for (_, source) in &self.set {
            source.paths(&mut |path| names.push(path.root()));
        }
        names
    }

    /// Every path it changes.
    pub fn targets(&self) -> impl Iterator<Item = &Path> {
        let set = self.set.iter().map(|(path, _)| path);
        let changed = self.add.iter().chain(&self.delete).map(|(path, _)| path);
        set.chain(&self.remove).chain(changed)
    }
}
