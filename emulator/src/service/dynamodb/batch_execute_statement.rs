//! Runs up to 25 PartiQL statements, each by itself: reads of one item each, or writes.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchExecuteStatement.html>

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::attribute_json::Given;
use super::capacity::{self, ConsumedCapacity, Units};
use super::conflict;
use super::members::{check_consumed_capacity, check_return_on_failure};
use super::partiql::binding::{Read, Request};
use super::past::Readable;
use super::statement_read::{image, single_key};
use super::statement_write::{Wanted, refusal, wanted};
use super::stored_item::Image;
use super::table::Table;
use super::{DynamoDb, statement_request};
use crate::kernel::{ApiError, Call, SharedOperation, Violations};

const STATEMENTS_MAX: usize = 25;

pub struct BatchExecuteStatement;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    statements: Option<Vec<Member>>,
    return_consumed_capacity: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Member {
    statement: Option<String>,
    parameters: Option<Vec<Given>>,
    consistent_read: Option<bool>,
    return_values_on_condition_check_failure: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    responses: Vec<Response>,
    #[serde(skip_serializing_if = "Option::is_none")]
    consumed_capacity: Option<Vec<ConsumedCapacity>>,
}

#[derive(Default, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Response {
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Failure>,
    /// Of a statement that reached its table.
    #[serde(skip_serializing_if = "Option::is_none")]
    table_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    item: Option<Image>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Failure {
    code: &'static str,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    item: Option<Value>,
}

/// What a statement answered, from its table.
struct Answered {
    item: Option<Image>,
    units: Units,
}

impl SharedOperation for BatchExecuteStatement {
    type Service = DynamoDb;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "BatchExecuteStatement";

    fn resource(input: &Input) -> String {
        statement_request::all_shown(input.statements.iter().flatten().map(|member| member.statement.as_ref()))
    }

    fn run(input: Input, state: &DynamoDb, call: &mut Call<'_>) -> Result<Output, ApiError> {
        check_model(&input)?;
        let asked = input.return_consumed_capacity.as_deref();
        let members: Vec<(Member, Result<Request, ApiError>)> =
            input.statements.unwrap_or_default().into_iter().map(read).collect();
        check_not_mixed(&members)?;
        let mut output = Output { responses: Vec::new(), consumed_capacity: None };
        for (member, request) in members {
            let table = request.as_ref().map(|request| request.table().to_owned()).unwrap_or_default();
            let response = match request.and_then(|request| run(&member, request, state, call)) {
                Ok(Answered { item, units }) => {
                    let consumed = capacity::consumed(asked, &table, units);
                    output.consumed_capacity = output.consumed_capacity.take().or(consumed.is_some().then(Vec::new));
                    output.consumed_capacity.iter_mut().for_each(|all| all.extend(consumed.clone()));
                    Response { item, table_name: Some(table), ..Response::default() }
                }
                Err(error) => failed(error, table)?,
            };
            output.responses.push(response);
        }
        Ok(output)
    }
}

fn check_model(input: &Input) -> Result<(), ApiError> {
    let mut violations = Violations::new();
    violations.required("statements", &input.statements);
    if let Some(statements) = &input.statements {
        if statements.is_empty() {
            violations.add("[]", "statements", "have length greater than or equal to 1");
        }
        if statements.len() > STATEMENTS_MAX {
            let constraint = format!("have length less than or equal to {STATEMENTS_MAX}");
            violations.add_unprinted("statements", constraint);
        }
        for (index, member) in statements.iter().enumerate().take(STATEMENTS_MAX) {
            let prefix = format!("statements.{}.member.", index + 1);
            statement_request::check(&mut violations, &prefix, member.statement.as_ref(), member.parameters.as_ref());
            check_return_on_failure(&mut violations, &member.return_values_on_condition_check_failure);
        }
    }
    check_consumed_capacity(&mut violations, &input.return_consumed_capacity);
    violations.finish()
}

fn read(mut member: Member) -> (Member, Result<Request, ApiError>) {
    let statement = member.statement.take().unwrap_or_default();
    let parameters = statement_request::parameters(member.parameters.take());
    let request = parameters.and_then(|parameters| statement_request::read(&statement, &parameters));
    (member, request)
}

/// "The entire batch must consist of either read statements or write statements, you cannot mix both in one batch." The
/// message is assumed.
fn check_not_mixed(members: &[(Member, Result<Request, ApiError>)]) -> Result<(), ApiError> {
    let mut requests = members.iter().filter_map(|(_, request)| request.as_ref().ok());
    let first = requests.next().map(Request::is_read);
    if requests.any(|request| Some(request.is_read()) != first) {
        return Err(ApiError::validation(
            "Select statements and data manipulation statements cannot be mixed in BatchExecuteStatement.",
        ));
    }
    Ok(())
}

fn run(member: &Member, request: Request, state: &DynamoDb, call: &mut Call<'_>) -> Result<Answered, ApiError> {
    match request {
        Request::Read(read) => {
            let consistent = member.consistent_read.unwrap_or(false);
            let table = Readable::active(state, &read.source.table, consistent, call)?;
            single(&read, consistent, &table, call)
        }
        Request::Check(_) => Err(ApiError::validation("EXISTS() is only supported in ExecuteTransaction")),
        write => {
            let mut table = state.active(write.table(), call)?;
            let Wanted { intent, condition, shown, returned } = wanted(write, &table.schema)?;
            let inserts = intent.inserts();
            let write = intent.on(&table, condition)?;
            call.note(shown);
            conflict::check(call)?;
            let on_failure = member.return_values_on_condition_check_failure.as_deref();
            let planned = write.examine(&table, on_failure).map_err(|error| refusal(inserts, error))?;
            let written = planned.apply(&mut table, call);
            Ok(Answered { item: returned.image(&written), units: capacity::of_write(&written) })
        }
    }
}

/// The one item that a SELECT names by its key.
fn single(read: &Read, consistent: bool, table: &Table, call: &Call<'_>) -> Result<Answered, ApiError> {
    let Some(key) = single_key(read, &table.schema) else {
        return Err(ApiError::validation(
            "Select statements within BatchExecuteStatement must specify the primary key in the where clause.",
        ));
    };
    let place = table.schema.key_of_request(&key)?;
    call.note(table.schema.shown(&key));
    let stored = table.get(&place);
    if let Some(stored) = stored {
        call.read_from(stored.writer);
    }
    let bytes = stored.map_or(0, |stored| stored.bytes);
    let units = Units::of_table(capacity::read_units(bytes, consistent));
    Ok(Answered { item: stored.map(|stored| image(stored, &read.columns)), units })
}

/// A statement that failed, under the batch's name for the error. What is no error of a statement fails the batch.
fn failed(error: ApiError, table: String) -> Result<Response, ApiError> {
    let (code, ran) = match error.code.as_str() {
        "ConditionalCheckFailedException" => ("ConditionalCheckFailed", true),
        "DuplicateItemException" => ("DuplicateItem", true),
        "ItemCollectionSizeLimitExceededException" => ("ItemCollectionSizeLimitExceeded", true),
        "TransactionConflictException" => ("TransactionConflict", true),
        "ResourceNotFoundException" => ("ResourceNotFound", false),
        "ValidationException" => ("ValidationError", false),
        _ => return Err(error),
    };
    let item = error.members.get("Item").cloned();
    let failure = Failure { code, message: error.message, item };
    Ok(Response { error: Some(failure), table_name: ran.then_some(table), item: None })
}
