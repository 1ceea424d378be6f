//! Reads update expressions: SET, REMOVE, ADD and DELETE, each at most once, in any order.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html>

use super::lexer::TokenKind;
use super::parser::Parser;
use super::tree::{Path, Source, Update};
use super::{ExpressionError, Kind, Symbols};
use crate::service::dynamodb::value::AttributeValue;

const SECTIONS: [&str; 4] = ["SET", "REMOVE", "ADD", "DELETE"];
const CONDITION_FUNCTIONS: [&str; 6] =
    ["attribute_exists", "attribute_not_exists", "attribute_type", "begins_with", "contains", "size"];

pub fn parse(text: &str, symbols: &mut Symbols) -> Result<Update, ExpressionError> {
    let mut reader = Reader { parser: Parser::new(Kind::Update, text, symbols)? };
    let mut update = Update::default();
    let mut seen = [false; SECTIONS.len()];
    while reader.parser.peek().kind != TokenKind::End {
        let token = reader.parser.peek();
        let Some(index) = SECTIONS.iter().position(|section| token.is_keyword(section)) else {
            return Err(reader.parser.syntax_error());
        };
        reader.parser.advance();
        if std::mem::replace(&mut seen[index], true) {
            reader.parser.complain(format_args!(
                "The \"{}\" section can only be used once in an update expression;",
                SECTIONS[index]
            ));
        }
        reader.section(SECTIONS[index], &mut update)?;
    }
    let targets: Vec<&Path> = update.targets().collect();
    reader.parser.complain_of_overlaps(&targets);
    reader.parser.finish()?;
    Ok(update)
}

struct Reader<'a> {
    parser: Parser<'a>,
}

impl Reader<'_> {
    fn section(&mut self, section: &str, update: &mut Update) -> Result<(), ExpressionError> {
        loop {
            let path = self.parser.path()?;
            self.parser.count_operator();
            match section {
                "SET" => {
                    self.parser.expect_sign("=")?;
                    let source = self.sum()?;
                    update.set.push((path, source));
                }
                "REMOVE" => update.remove.push(path),
                "ADD" => update.add.push((path, self.set_operand("ADD")?)),
                _ => update.delete.push((path, self.set_operand("DELETE")?)),
            }
            if !self.parser.accept_sign(",") {
                return Ok(());
            }
        }
    }

    /// `operand`, `operand + operand` or `operand - operand`: AWS's grammar has no longer chain.
    fn sum(&mut self) -> Result<Source, ExpressionError> {
        let left = self.operand()?;
        let sign = self.parser.peek();
        if !sign.is_sign("+") && !sign.is_sign("-") {
            return Ok(left);
        }
        self.parser.advance();
        self.parser.count_operator();
        let right = self.operand()?;
        for operand in [&left, &right] {
            if let Source::Value(value) = operand
                && !matches!(value, AttributeValue::N(_))
            {
                self.parser.complain_of_type(sign.text, value);
            }
        }
        let (left, right) = (Box::new(left), Box::new(right));
        Ok(if sign.text == "+" { Source::Plus(left, right) } else { Source::Minus(left, right) })
    }

    fn operand(&mut self) -> Result<Source, ExpressionError> {
        let token = self.parser.peek();
        if token.kind == TokenKind::Value {
            return Ok(Source::Value(self.parser.value()?));
        }
        if token.is_sign("(") {
            return self.parentheses();
        }
        if token.kind == TokenKind::Word && self.parser.peek_second().is_sign("(") {
            return self.function(token.text);
        }
        Ok(Source::Path(self.parser.path()?))
    }

    fn parentheses(&mut self) -> Result<Source, ExpressionError> {
        let open = self.parser.open()?;
        let source = self.sum()?;
        self.parser.close(open)?;
        Ok(source)
    }

    fn function(&mut self, name: &str) -> Result<Source, ExpressionError> {
        if CONDITION_FUNCTIONS.contains(&name) {
            let detail = format!("The function is not allowed in an update expression; function: {name}");
            return Err(self.parser.error(detail));
        }
        if !["if_not_exists", "list_append"].contains(&name) {
            return Err(self.parser.error(format_args!("Invalid function name; function: {name}")));
        }
        self.parser.count_operator();
        self.parser.advance();
        self.parser.advance();
        let operands = self.operands()?;
        let count = operands.len();
        let Ok([first, second]) = <[Source; 2]>::try_from(operands) else {
            return Err(self.parser.error(format_args!(
                "Incorrect number of operands for operator or function; operator or function: {name}, number of \
                 operands: {count}"
            )));
        };
        if name == "if_not_exists" {
            let Source::Path(path) = first else {
                return Err(self
                    .parser
                    .error("Operator or function requires a document path; operator or function: if_not_exists"));
            };
            return Ok(Source::IfNotExists(path, Box::new(second)));
        }
        for operand in [&first, &second] {
            if let Source::Value(value) = operand
                && !matches!(value, AttributeValue::L(_))
            {
                self.parser.complain_of_type("list_append", value);
            }
        }
        Ok(Source::ListAppend(Box::new(first), Box::new(second)))
    }

    fn operands(&mut self) -> Result<Vec<Source>, ExpressionError> {
        self.parser.enter()?;
        let mut operands = Vec::new();
        loop {
            operands.push(self.operand()?);
            if !self.parser.accept_sign(",") {
                self.parser.leave();
                self.parser.expect_sign(")")?;
                return Ok(operands);
            }
        }
    }

    /// What ADD adds: a number or a set. What DELETE deletes: a set.
    fn set_operand(&mut self, section: &str) -> Result<AttributeValue, ExpressionError> {
        let value = self.parser.value()?;
        let fits = match value {
            AttributeValue::Ss(_) | AttributeValue::Ns(_) | AttributeValue::Bs(_) => true,
            AttributeValue::N(_) => section == "ADD",
            _ => false,
        };
        if !fits {
            self.parser.complain(format_args!(
                "Incorrect operand type for operator or function; operator: {section}, operand type: {}, \
                 typeSet: ALLOWED_FOR_{section}_OPERAND",
                value.long_type_name()
            ));
        }
        Ok(value)
    }
}
