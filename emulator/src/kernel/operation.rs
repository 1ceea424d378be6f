//! The shape of an AWS operation, and of the service it belongs to.
//!
//! An operation is a type with one implementation of [`Operation`]; a service
//! lists its operations in one table. Dispatch, `COVERAGE.md`, the admin listing
//! and "not implemented" answers all derive from that table.

use std::sync::Arc;

use bytes::Bytes;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::answer::{Answer, Reply};
use super::cell::Cell;
use super::delivery::Failure;
use super::store::Book;
use super::{ApiError, Call, Delivery, Receipt, Timestamp};
use crate::wire;
use crate::wire::aws_query::Query;

/// How requests and answers travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    AwsJson1_0,
    AwsJson1_1,
    /// awsJson 1.1 with its documents in CBOR.
    AwsCbor1_1,
    RestJson1,
    /// A form each way in, XML each way out: see [`Query`].
    AwsQuery,
}

/// Where a REST operation is found: `POST /model/{modelId}/converse`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Binding {
    pub method: &'static str,
    pub uri: &'static str,
}

impl Binding {
    /// Where every operation of the other protocols is found.
    pub const ROOT: Binding = Binding::post("/");

    pub const fn post(uri: &'static str) -> Self {
        Self { method: "POST", uri }
    }

    pub const fn get(uri: &'static str) -> Self {
        Self { method: "GET", uri }
    }

    pub const fn put(uri: &'static str) -> Self {
        Self { method: "PUT", uri }
    }

    pub const fn delete(uri: &'static str) -> Self {
        Self { method: "DELETE", uri }
    }

    pub const fn patch(uri: &'static str) -> Self {
        Self { method: "PATCH", uri }
    }
}

/// What is fixed about a service.
pub struct ServiceDescription {
    /// On the timeline, in fault rules and scenarios: `dynamodb`.
    pub name: &'static str,
    /// For people: `Amazon DynamoDB`.
    pub title: &'static str,
    /// The service in a signature's credential scope and in ARNs.
    pub signing_name: &'static str,
    /// What stands before the operation in `X-Amz-Target`; empty for REST.
    pub target_prefix: &'static str,
    pub protocol: Protocol,
    /// Larger bodies are refused. The service's doc names AWS's source for it.
    pub body_bytes_max: usize,
    /// What stands before an error's code in `__type`. SDKs cut it off; some tests look.
    pub error_namespace: fn(code: &str) -> &'static str,
    /// Whether answers carry `x-amz-crc32`, which DynamoDB's clients check.
    pub crc32: bool,
    /// Whether documents may be CBOR instead of JSON; the request's content type says which.
    pub cbor: bool,
    /// How this service says "slow down" to that operation.
    pub throttled: fn(operation: &str) -> ApiError,
    /// The operations AWS has and we do not, where requests name them; those of REST services are below.
    pub not_implemented: &'static [&'static str],
    /// The operations AWS has and we do not, and where they would be found, so that a call to one is told so.
    pub not_implemented_at: &'static [(&'static str, Binding)],
    /// What is known to differ from AWS; shown in `COVERAGE.md`.
    pub differences: &'static [&'static str],
}

impl ServiceDescription {
    /// The names of all operations that AWS has and we do not.
    pub fn missing(&self) -> impl Iterator<Item = &'static str> {
        self.not_implemented.iter().copied().chain(self.not_implemented_at.iter().map(|(name, _)| *name))
    }
}

/// One account and region's state of a service.
pub trait Service: Sized + Send + Sync + 'static {
    const DESCRIPTION: &'static ServiceDescription;
    const OPERATIONS: &'static [&'static dyn AnyOperation<Self>];
    /// How the service speaks the query protocol besides its own, if it does.
    const QUERY: Option<&'static Query> = None;

    /// Whether a throttled call of that operation is answered by the operation,
    /// which knows what is busy (`call.circumstances.throttled`), and not before
    /// it in the general words of [`ServiceDescription::throttled`].
    fn throttles_itself(_operation: &str) -> bool {
        false
    }

    /// Whether a call is taken at all, by how often such calls come. Asked before
    /// the operation looks at its input; `resource` is what the operation is done to.
    fn admit(
        &self,
        _operation: &'static str,
        _resource: &dyn Fn() -> String,
        _call: &Call<'_>,
    ) -> Result<(), ApiError> {
        Ok(())
    }

    /// Goes through all that is kept of the state: maps of things, things in things, single values. What only follows
    /// from those is made anew when [`Book::reads`] says so. Called after every change, so it must be cheap.
    fn keep(&mut self, _book: &mut Book<'_>) {}

    /// The same state for another world, without copying what the two can share. `None` has it written and read.
    fn fork(&mut self) -> Option<Self> {
        None
    }

    /// A fork comes into its own world. What belongs to a world, such as settings and switches, is taken from `blank`,
    /// a new state of that world.
    fn settle(self, _blank: Self) -> Self {
        self
    }

    /// When work falls due without a request. Called after every change, so it must be cheap.
    fn next_due(&self) -> Option<Timestamp> {
        None
    }

    /// Does the work that is due at `call.now`, and only that.
    fn run_due(&mut self, _call: &mut Call<'_>) {}

    /// Writes the number of the attempt, counted from 1, into the body of a delivery that speaks of it.
    fn number(body: &Bytes, _attempt: u32) -> Bytes {
        body.clone()
    }

    /// What a dead letter of this service says of what went wrong: message attributes.
    fn explain(_failure: &Failure) -> Vec<(&'static str, String)> {
        Vec::new()
    }

    /// Takes what another service sent to an ARN of this one.
    fn receive(&mut self, delivery: &Delivery, _call: &mut Call<'_>) -> Result<Receipt, ApiError> {
        Err(ApiError::not_implemented(format_args!("delivery to `{}`", delivery.to)))
    }
}

/// One AWS operation.
pub trait Operation: Sync + 'static {
    type Service: Service;
    type Input: DeserializeOwned + Send + 'static;
    type Output: Serialize + Send + 'static;
    /// AWS's name for it.
    const NAME: &'static str;
    const BINDING: Binding = Binding::ROOT;
    /// Of an answer: some operations of REST services have another than 200.
    const STATUS: u16 = 200;

    /// What the operation is done to, for the timeline and for fault rules.
    fn resource(input: &Self::Input) -> String;

    /// Runs to completion with the state borrowed; what waits is in the answer.
    fn run(input: Self::Input, state: &mut Self::Service, call: &mut Call<'_>) -> Result<Self::Output, ApiError>;
}

/// An AWS operation that shares the state with others that run at the same time,
/// and locks what it changes inside it. Listed as [`Shared`].
pub trait SharedOperation: Sync + 'static {
    type Service: Service;
    type Input: DeserializeOwned + Send + 'static;
    type Output: Serialize + Send + 'static;
    /// AWS's name for it.
    const NAME: &'static str;

    /// What the operation is done to, for the timeline and for fault rules.
    fn resource(input: &Self::Input) -> String;

    /// Runs to completion; what waits is in the answer.
    fn run(input: Self::Input, state: &Self::Service, call: &mut Call<'_>) -> Result<Self::Output, ApiError>;
}

/// A [`SharedOperation`] in its service's table.
pub struct Shared<O>(pub O);

/// An operation with its types erased. Implemented for every [`Operation`];
/// implement it directly where bodies are not one typed document (streams, raw payloads).
pub trait AnyOperation<S>: Sync {
    fn name(&self) -> &'static str;
    fn binding(&self) -> Binding;
    /// Decodes the request, outside any lock.
    fn prepare(&self, request: &wire::Request) -> Result<Box<dyn Prepared<S>>, ApiError>;
}

/// A decoded request.
pub trait Prepared<S>: Send {
    fn resource(&self) -> String;
    /// A live answer keeps the cell: it looks at the state again and again.
    fn run(self: Box<Self>, cell: &Arc<Cell<S>>, call: &mut Call<'_>) -> Result<Box<dyn Encode>, ApiError>;
}

/// A result that is turned into bytes outside any lock.
pub trait Encode: Send {
    fn encode(self: Box<Self>, protocol: Protocol) -> Answer;
}

/// An output that becomes one document.
pub fn document<T: Serialize + Send + 'static>(output: T) -> Box<dyn Encode> {
    Box::new(Document { status: 200, output })
}

impl Encode for Answer {
    fn encode(self: Box<Self>, _protocol: Protocol) -> Answer {
        *self
    }
}

impl<O: Operation> AnyOperation<O::Service> for O {
    fn name(&self) -> &'static str {
        O::NAME
    }

    fn binding(&self) -> Binding {
        O::BINDING
    }

    fn prepare(&self, request: &wire::Request) -> Result<Box<dyn Prepared<O::Service>>, ApiError> {
        let input = request.decode::<O::Input>()?;
        Ok(Box::new(Typed::<O> { input }))
    }
}

struct Typed<O: Operation> {
    input: O::Input,
}

impl<O: Operation> Prepared<O::Service> for Typed<O> {
    fn resource(&self) -> String {
        O::resource(&self.input)
    }

    fn run(self: Box<Self>, cell: &Arc<Cell<O::Service>>, call: &mut Call<'_>) -> Result<Box<dyn Encode>, ApiError> {
        let mut state = cell.exclusive(call);
        state.admit(O::NAME, &|| O::resource(&self.input), call)?;
        let output = O::run(self.input, &mut state, call)?;
        Ok(Box::new(Document { status: O::STATUS, output }))
    }
}

impl<O: SharedOperation> AnyOperation<O::Service> for Shared<O> {
    fn name(&self) -> &'static str {
        O::NAME
    }

    fn binding(&self) -> Binding {
        Binding::ROOT
    }

    fn prepare(&self, request: &wire::Request) -> Result<Box<dyn Prepared<O::Service>>, ApiError> {
        let input = request.decode::<O::Input>()?;
        Ok(Box::new(SharedTyped::<O> { input }))
    }
}

struct SharedTyped<O: SharedOperation> {
    input: O::Input,
}

impl<O: SharedOperation> Prepared<O::Service> for SharedTyped<O> {
    fn resource(&self) -> String {
        O::resource(&self.input)
    }

    fn run(self: Box<Self>, cell: &Arc<Cell<O::Service>>, call: &mut Call<'_>) -> Result<Box<dyn Encode>, ApiError> {
        let state = cell.shared(call);
        state.admit(O::NAME, &|| O::resource(&self.input), call)?;
        let output = O::run(self.input, &state, call)?;
        Ok(document(output))
    }
}

struct Document<T> {
    status: u16,
    output: T,
}

impl<T: Serialize + Send> Encode for Document<T> {
    fn encode(self: Box<Self>, protocol: Protocol) -> Answer {
        // 204 says that there is no content.
        let body = if self.status == 204 { Vec::new() } else { wire::encode(protocol, &self.output) };
        Answer::Reply(Reply::new(self.status, body))
    }
}
