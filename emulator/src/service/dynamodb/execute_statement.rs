//! Runs one PartiQL statement: a read of any number of items, or a write of one.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExecuteStatement.html>

use serde::{Deserialize, Serialize};

use super::attribute_json::Given;
use super::capacity::{self, ConsumedCapacity};
use super::conflict;
use super::members::{check_consumed_capacity, check_return_on_failure};
use super::partiql::binding::{Read, Request};
use super::past::Readable;
use super::statement_read::{self, Asked};
use super::statement_write::{Wanted, refusal, wanted};
use super::stored_item::Image;
use super::value::{AttributeValue, Item};
use super::{DynamoDb, statement_request, statement_token};
use crate::kernel::{ApiError, Call, SharedOperation, Violations};

const TOKEN_CHARACTERS_MAX: usize = 32768;

pub struct ExecuteStatement;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    statement: Option<String>,
    parameters: Option<Vec<Given>>,
    consistent_read: Option<bool>,
    next_token: Option<String>,
    return_consumed_capacity: Option<String>,
    limit: Option<i64>,
    return_values_on_condition_check_failure: Option<String>,
}

#[derive(Default, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    items: Vec<Image>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_evaluated_key: Option<Item>,
    #[serde(skip_serializing_if = "Option::is_none")]
    consumed_capacity: Option<ConsumedCapacity>,
}

impl SharedOperation for ExecuteStatement {
    type Service = DynamoDb;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "ExecuteStatement";

    fn resource(input: &Input) -> String {
        statement_request::shown(input.statement.as_ref())
    }

    fn run(mut input: Input, state: &DynamoDb, call: &mut Call<'_>) -> Result<Output, ApiError> {
        check_model(&input)?;
        let statement = input.statement.take().unwrap_or_default();
        let parameters = statement_request::parameters(input.parameters.take())?;
        match statement_request::read(&statement, &parameters)? {
            Request::Read(read) => rows(&input, &statement, &parameters, read, state, call),
            // Its words are assumed.
            Request::Check(_) => Err(ApiError::validation("EXISTS() is only supported in ExecuteTransaction")),
            write => written(&input, write, state, call),
        }
    }
}

fn check_model(input: &Input) -> Result<(), ApiError> {
    let mut violations = Violations::new();
    statement_request::check(&mut violations, "", input.statement.as_ref(), input.parameters.as_ref());
    if let Some(token) = &input.next_token {
        violations.length("nextToken", token, 1, TOKEN_CHARACTERS_MAX);
    }
    check_consumed_capacity(&mut violations, &input.return_consumed_capacity);
    violations.range("limit", input.limit.unwrap_or(1), 1, i64::MAX);
    check_return_on_failure(&mut violations, &input.return_values_on_condition_check_failure);
    violations.finish()
}

fn rows(
    input: &Input,
    statement: &str,
    parameters: &[AttributeValue],
    read: Read,
    state: &DynamoDb,
    call: &mut Call<'_>,
) -> Result<Output, ApiError> {
    let token = input.next_token.as_deref();
    let start = token.map(|token| statement_token::open(token, statement, parameters)).transpose()?;
    let given = read.source.table.clone();
    let consistent = input.consistent_read.unwrap_or(false);
    let table = Readable::active(state, &given, consistent, call)?;
    let limit = input.limit.and_then(|limit| usize::try_from(limit).ok());
    let asked = Asked { limit, consistent, start };
    let rows = statement_read::read(read, &table, asked, call)?;
    let capacity = input.return_consumed_capacity.as_deref();
    Ok(Output {
        items: rows.items,
        next_token: rows.next.as_ref().map(|place| statement_token::seal(place, statement, parameters)),
        last_evaluated_key: rows.next.map(|place| place.key),
        consumed_capacity: capacity::consumed(capacity, &given, rows.units),
    })
}

fn written(input: &Input, request: Request, state: &DynamoDb, call: &mut Call<'_>) -> Result<Output, ApiError> {
    if input.next_token.is_some() {
        return Err(statement_token::mismatch());
    }
    let given = request.table().to_owned();
    let mut table = state.active(&given, call)?;
    let Wanted { intent, condition, shown, returned } = wanted(request, &table.schema)?;
    let inserts = intent.inserts();
    let write = intent.on(&table, condition)?;
    call.note(shown);
    let on_failure = input.return_values_on_condition_check_failure.as_deref();
    conflict::check(call)?;
    let planned = write.examine(&table, on_failure).map_err(|error| refusal(inserts, error))?;
    let written = planned.apply(&mut table, call);
    let units = capacity::of_write(&written);
    let asked = input.return_consumed_capacity.as_deref();
    Ok(Output {
        items: returned.image(&written).into_iter().collect(),
        consumed_capacity: capacity::consumed(asked, &given, units),
        ..Output::default()
    })
}
