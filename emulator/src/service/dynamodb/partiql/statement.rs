//! Reads statements: SELECT, INSERT, UPDATE, DELETE, UPDATE written from FROM on, and EXISTS.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.statements.html>

use super::lexer::{TokenKind, not_well_formed};
use super::parser::{Parser, placed};
use super::tree::{Change, Direction, Expression, Kind, Parsed, Returning, Select, Statement};
use crate::service::dynamodb::expression::ExpressionError;

pub const ALIASING: &str = "Aliasing is not supported";

pub fn parse(text: &str) -> Result<Parsed, ExpressionError> {
    let mut parser = Parser::new(text)?;
    let statement = parser.statement()?;
    parser.finish()?;
    Ok(Parsed { statement, parameters: parser.parameters })
}

impl Parser {
    fn statement(&mut self) -> Result<Statement, ExpressionError> {
        let token = self.peek().clone();
        if token.kind == TokenKind::Keyword {
            match token.text.to_ascii_uppercase().as_str() {
                "SELECT" => return Ok(Statement::Select(self.select()?)),
                "INSERT" => return self.insert(),
                "UPDATE" => return self.update(),
                "DELETE" => return self.delete(),
                "FROM" => return self.from_first(),
                _ => {}
            }
        }
        let expression = self.expression()?;
        Ok(match expression.kind {
            Kind::Call(name, mut arguments) if name == "exists" && arguments.len() == 1 => match arguments.remove(0) {
                Expression { kind: Kind::Select(select), .. } => Statement::Exists(*select, expression.at),
                argument => Statement::Bare(placed(Kind::Call(name, vec![argument]), expression.at)),
            },
            kind => Statement::Bare(placed(kind, expression.at)),
        })
    }

    pub fn select(&mut self) -> Result<Select, ExpressionError> {
        self.advance();
        let mut unsupported = None;
        if self.peek().is_keyword("DISTINCT") || self.peek().is_keyword("ALL") || self.peek().is_keyword("VALUE") {
            unsupported = Some(self.clause());
            self.advance();
        }
        let columns = if self.accept_sign("*") { None } else { Some(self.columns(&mut unsupported)?) };
        self.expect_keyword("FROM")?;
        let from = self.expression()?;
        if self.alias() {
            unsupported = unsupported.or(Some(ALIASING.to_owned()));
        }
        if self.accept_sign(",") || self.accept_keyword("JOIN") {
            unsupported = unsupported.or(Some("Unexpected from source".to_owned()));
            self.expression()?;
            self.alias();
        }
        let filter = self.filter()?;
        for keyword in ["GROUP", "HAVING"] {
            if self.peek().is_keyword(keyword) {
                unsupported = unsupported.or(Some(self.clause()));
                self.advance();
                self.accept_keyword("BY");
                self.expression()?;
            }
        }
        let order = if self.accept_keyword("ORDER") { self.order()? } else { Vec::new() };
        if self.peek().is_keyword("LIMIT") {
            self.advance();
            unsupported = unsupported.or(Some(format!("Unsupported clause: LIMIT at {}", self.peek().at)));
            self.expression()?;
        }
        Ok(Select { columns, from, filter, order, unsupported })
    }

    fn clause(&self) -> String {
        let token = self.peek();
        format!("Unsupported clause: {} at {}", token.text.to_ascii_uppercase(), token.at)
    }

    fn columns(&mut self, unsupported: &mut Option<String>) -> Result<Vec<Expression>, ExpressionError> {
        let mut columns = Vec::new();
        loop {
            columns.push(self.expression()?);
            if self.alias() && unsupported.is_none() {
                *unsupported = Some(ALIASING.to_owned());
            }
            if !self.accept_sign(",") {
                return Ok(columns);
            }
        }
    }

    /// `AS name`, or a name alone.
    fn alias(&mut self) -> bool {
        let named = self.accept_keyword("AS");
        if self.at_name() {
            self.advance();
            return true;
        }
        named
    }

    fn filter(&mut self) -> Result<Option<Expression>, ExpressionError> {
        if self.accept_keyword("WHERE") { self.expression().map(Some) } else { Ok(None) }
    }

    fn order(&mut self) -> Result<Vec<(Expression, Direction)>, ExpressionError> {
        self.expect_keyword("BY")?;
        let mut order = Vec::new();
        loop {
            let key = self.expression()?;
            let descending = self.accept_keyword("DESC");
            if !descending {
                self.accept_keyword("ASC");
            }
            order.push((key, if descending { Direction::Descending } else { Direction::Ascending }));
            if !self.accept_sign(",") {
                return Ok(order);
            }
        }
    }

    fn insert(&mut self) -> Result<Statement, ExpressionError> {
        self.advance();
        self.expect_keyword("INTO")?;
        let table = self.simple_path()?;
        // Without VALUE, what follows is read as the items themselves.
        self.accept_keyword("VALUE");
        let value = self.expression()?;
        Ok(Statement::Insert { table, value })
    }

    fn update(&mut self) -> Result<Statement, ExpressionError> {
        self.advance();
        let table = self.simple_path()?;
        let aliased = self.alias();
        let changes = self.changes()?;
        let filter = self.filter()?;
        let returning = self.returning()?;
        Ok(Statement::Update { table, aliased, changes, filter, returning })
    }

    fn delete(&mut self) -> Result<Statement, ExpressionError> {
        self.advance();
        self.expect_keyword("FROM")?;
        let table = self.simple_path()?;
        let aliased = self.alias();
        let filter = self.filter()?;
        let returning = self.returning()?;
        Ok(Statement::Delete { table, aliased, filter, returning })
    }

    /// `FROM table WHERE condition SET ...`
    pub fn from_first(&mut self) -> Result<Statement, ExpressionError> {
        self.advance();
        let table = self.expression()?;
        let aliased = self.alias();
        let filter = self.filter()?;
        let changes = self.changes()?;
        let returning = self.returning()?;
        Ok(Statement::Update { table, aliased, changes, filter, returning })
    }

    /// SET and REMOVE, as often as they stand there.
    fn changes(&mut self) -> Result<Vec<Change>, ExpressionError> {
        let mut changes = Vec::new();
        loop {
            if self.accept_keyword("SET") {
                loop {
                    let path = self.simple_path()?;
                    self.expect_sign("=", "EQ")?;
                    changes.push(Change::Set(path, self.expression()?));
                    if !self.accept_sign(",") {
                        break;
                    }
                }
            } else if self.accept_keyword("REMOVE") {
                changes.push(Change::Remove(self.simple_path()?));
            } else if changes.is_empty() {
                return Err(not_well_formed("Expected data manipulation"));
            } else {
                return Ok(changes);
            }
        }
    }

    fn returning(&mut self) -> Result<Option<Returning>, ExpressionError> {
        if !self.accept_keyword("RETURNING") {
            return Ok(None);
        }
        let (all, old) = (self.peek().is_word("ALL"), self.peek_second().is_word("OLD"));
        let known = (all || self.peek().is_word("MODIFIED")) && (old || self.peek_second().is_word("NEW"));
        if !known {
            return Err(not_well_formed("Expected returning clause"));
        }
        self.advance();
        self.advance();
        self.expect_sign("*", "STAR")?;
        Ok(Some(match (all, old) {
            (true, true) => Returning::AllOld,
            (true, false) => Returning::AllNew,
            (false, true) => Returning::ModifiedOld,
            (false, false) => Returning::ModifiedNew,
        }))
    }
}
