//! Runs up to 100 PartiQL statements, all or none: reads of one item each, or writes and checks.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExecuteTransaction.html>

use serde::{Deserialize, Serialize};

use super::attribute_json::Given;
use super::capacity::{self, ConsumedCapacity};
use super::conflict;
use super::held;
use super::key::KeySchema;
use super::members::{check_consumed_capacity, check_return_on_failure};
use super::partiql::binding::{Read, Request};
use super::request_token::RequestToken;
use super::statement_read::{image, single_key};
use super::statement_write::{Wanted, wanted};
use super::stored_item::Image;
use super::transact_get_items::consumed_by_reads;
use super::transaction::{self, Action, Outcome, Reason};
use super::value::Item;
use super::{DynamoDb, statement_request, table_name};
use crate::kernel::{ApiError, Call, SharedOperation, Violations};

const STATEMENTS_MAX: usize = 100;

pub struct ExecuteTransaction;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    transact_statements: Option<Vec<Member>>,
    client_request_token: Option<String>,
    return_consumed_capacity: Option<String>,
}

#[derive(Deserialize, Hash)]
#[serde(rename_all = "PascalCase")]
struct Member {
    statement: Option<String>,
    parameters: Option<Vec<Given>>,
    return_values_on_condition_check_failure: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    /// One for each read. Writes answer nothing.
    responses: Vec<ItemResponse>,
    #[serde(skip_serializing_if = "Option::is_none")]
    consumed_capacity: Option<Vec<ConsumedCapacity>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ItemResponse {
    #[serde(skip_serializing_if = "Option::is_none")]
    item: Option<Image>,
}

/// A statement that was read, with the table as it named it.
struct Statement {
    request: Request,
    given: String,
    on_failure: Option<String>,
}

/// One read: the table's name, and as it was given.
struct Reading {
    table: String,
    given: String,
    key: Item,
    read: Read,
}

impl SharedOperation for ExecuteTransaction {
    type Service = DynamoDb;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "ExecuteTransaction";

    fn resource(input: &Input) -> String {
        statement_request::all_shown(input.transact_statements.iter().flatten().map(|member| member.statement.as_ref()))
    }

    fn run(input: Input, state: &DynamoDb, call: &mut Call<'_>) -> Result<Output, ApiError> {
        check_model(&input)?;
        let members = input.transact_statements.unwrap_or_default();
        let token = input.client_request_token.map(|token| RequestToken::new(token, &members));
        let mut statements = Vec::with_capacity(members.len());
        for (index, member) in members.into_iter().enumerate() {
            statements.push(statement(index, member)?);
        }
        let asked = input.return_consumed_capacity.as_deref();
        let reads = statements.iter().filter(|statement| statement.request.is_read()).count();
        if reads == 0 {
            return written(statements, token, state, asked, call);
        }
        if reads < statements.len() {
            return Err(mixed());
        }
        found(statements, state, asked, call)
    }
}

fn check_model(input: &Input) -> Result<(), ApiError> {
    let mut violations = Violations::new();
    violations.required("transactStatements", &input.transact_statements);
    if let Some(statements) = &input.transact_statements {
        if statements.is_empty() {
            violations.add("[]", "transactStatements", "have length greater than or equal to 1");
        }
        if statements.len() > STATEMENTS_MAX {
            let constraint = format!("have length less than or equal to {STATEMENTS_MAX}");
            violations.add_unprinted("transactStatements", constraint);
        }
        for (index, member) in statements.iter().enumerate().take(STATEMENTS_MAX) {
            let prefix = format!("transactStatements.{}.member.", index + 1);
            let (statement, parameters) = (member.statement.as_ref(), member.parameters.as_ref());
            statement_request::check(&mut violations, &prefix, statement, parameters);
            check_return_on_failure(&mut violations, &member.return_values_on_condition_check_failure);
        }
    }
    if let Some(token) = &input.client_request_token {
        violations.length("clientRequestToken", token, 1, 36);
    }
    check_consumed_capacity(&mut violations, &input.return_consumed_capacity);
    violations.finish()
}

/// What is wrong with one statement, told with its place. What is wrong with a parameter is not.
fn in_statement(index: usize, error: ApiError) -> ApiError {
    if error.code != "ValidationException" {
        return error;
    }
    ApiError::validation(format!("Validation failed in TransactStatements[{index}]: {}", error.message))
}

fn statement(index: usize, member: Member) -> Result<Statement, ApiError> {
    let parameters = statement_request::parameters(member.parameters)?;
    let request = statement_request::read(&member.statement.unwrap_or_default(), &parameters);
    let request = request.map_err(|error| in_statement(index, error))?;
    if request.returning().is_some() {
        let refusal = ApiError::validation("RETURNING clause is not supported in ExecuteTransaction.");
        return Err(in_statement(index, refusal));
    }
    let given = request.table().to_owned();
    Ok(Statement { request, given, on_failure: member.return_values_on_condition_check_failure })
}

/// "The entire transaction must consist of either read statements or write statements, you cannot mix both in one
/// transaction. The EXISTS function is an exception." The message is assumed.
fn mixed() -> ApiError {
    ApiError::validation("Select statements and data manipulation statements cannot be mixed in ExecuteTransaction.")
}

/// The key of a table that can be used, and its name.
fn schema(given: &str, state: &DynamoDb, call: &Call<'_>) -> Result<(String, KeySchema), ApiError> {
    let table = state.active(given, call)?;
    Ok((table.name.clone(), table.schema.clone()))
}

fn written(
    statements: Vec<Statement>,
    token: Option<RequestToken>,
    state: &DynamoDb,
    asked: Option<&str>,
    call: &mut Call<'_>,
) -> Result<Output, ApiError> {
    let mut actions = Vec::with_capacity(statements.len());
    let mut names = Vec::with_capacity(statements.len());
    for (index, Statement { request, given, on_failure }) in statements.into_iter().enumerate() {
        let (table, schema) = schema(&given, state, call)?;
        let Wanted { intent, condition, .. } = wanted(request, &schema).map_err(|error| in_statement(index, error))?;
        actions.push(Action { table, intent, condition, on_failure });
        names.push(given);
    }
    let names = names.iter().map(String::as_str);
    let consumed_capacity = match transaction::write(state, actions, token, None, call)? {
        Outcome::Done(done) => {
            call.note(if done.len() == 1 { "1 action".to_owned() } else { format!("{} actions", done.len()) });
            let units = names.zip(done.iter().map(|done| capacity::of_write(&done.written)));
            let by_table = transaction::by_table(units, |sum, units| sum.add(&units));
            let consumed = |(table, units)| capacity::consumed_by_transaction_writes(asked, table, units);
            by_table.into_iter().map(consumed).collect()
        }
        Outcome::DoneBefore(bytes) => {
            call.note("done before");
            consumed_by_reads(asked, names.zip(bytes))
        }
    };
    Ok(Output { responses: Vec::new(), consumed_capacity })
}

fn found(
    statements: Vec<Statement>,
    state: &DynamoDb,
    asked: Option<&str>,
    call: &Call<'_>,
) -> Result<Output, ApiError> {
    let mut readings = Vec::with_capacity(statements.len());
    for (index, Statement { request, given, .. }) in statements.into_iter().enumerate() {
        let Request::Read(read) = request else { return Err(mixed()) };
        readings.push(reading(index, read, given, state, call)?);
    }
    let names = readings.iter().map(|reading| reading.table.clone()).collect();
    let tables = held::all_active(state, names, call)?;
    let mut places = Vec::with_capacity(readings.len());
    for Reading { table, key, .. } in &readings {
        places.push(tables[table].schema.key_of_request(key).map_err(Reason::of));
    }
    let targets =
        readings.iter().zip(&places).filter_map(|(reading, place)| Some((&reading.table, place.as_ref().ok()?)));
    transaction::refuse_doubles(targets)?;
    conflict::strike(places.first_mut(), call);
    let places = transaction::all_or_cancelled(places)?;
    let stored: Vec<_> =
        readings.iter().zip(&places).map(|(reading, place)| tables[&reading.table].get(place)).collect();
    transaction::check_bytes(stored.iter().flatten().map(|stored| stored.bytes).sum())?;
    let count = stored.iter().flatten().count();
    call.note(if count == 1 { "1 item".to_owned() } else { format!("{count} items") });
    if let Some(writer) = stored.iter().flatten().map(|stored| stored.writer).max() {
        call.read_from(writer);
    }
    let bytes = stored.iter().map(|stored| stored.map_or(0, |stored| stored.bytes));
    let given = readings.iter().map(|reading| reading.given.as_str());
    let consumed_capacity = consumed_by_reads(asked, given.zip(bytes));
    let rows = readings.iter().zip(&stored);
    let responses =
        rows.map(|(reading, stored)| ItemResponse { item: stored.map(|item| image(item, &reading.read.columns)) });
    Ok(Output { responses: responses.collect(), consumed_capacity })
}

fn reading(index: usize, read: Read, given: String, state: &DynamoDb, call: &Call<'_>) -> Result<Reading, ApiError> {
    if read.source.index.is_some() {
        let refusal = ApiError::validation("Reads on indices are not supported within transactions.");
        return Err(in_statement(index, refusal));
    }
    let table = table_name::resolve(&given, call.scope)?;
    let (_, schema) = schema(&given, state, call)?;
    let Some(key) = single_key(&read, &schema) else {
        return Err(in_statement(
            index,
            ApiError::validation(
                "Select statements within ExecuteTransaction must specify the primary key in the where clause.",
            ),
        ));
    };
    Ok(Reading { table, given, key, read })
}
