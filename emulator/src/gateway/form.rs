//! The query protocol at the door: the whole form of a request, and answers and errors as its clients read them.

use bytes::Bytes;
use http::request::Parts;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::{Visit, route};
use crate::kernel::{Answer, ApiError, Body, Protocol};
use crate::wire::aws_query::{self, Form, Query};

/// The form of a request, from its URL and its body. A path of its own stands for a member, as on AWS:
/// `POST /000000000000/orders` is about that queue.
pub fn whole(query: &Query, parts: &Parts, body: &Bytes, endpoint: &str) -> Bytes {
    let mut form = route::form(parts, body);
    let path = parts.uri.path().trim_end_matches('/');
    let Some(member) = query.addressed_by.filter(|_| !path.is_empty()) else { return form.into() };
    if Form::parse(&form).is_ok_and(|form| form.get(member).is_none()) {
        let url = format!("{endpoint}{path}");
        form.extend(format!("&{member}={}", utf8_percent_encode(&url, NON_ALPHANUMERIC)).into_bytes());
    }
    form.into()
}

/// The answer as the visit's protocol writes it.
pub fn in_protocol(visit: &Visit<'_>, answer: Answer) -> Answer {
    let (Protocol::AwsQuery, Some(query)) = (visit.protocol, visit.query) else { return answer };
    match answer {
        Answer::Reply(mut reply) => {
            if let Body::Whole(document) = &reply.body {
                reply.body = Body::Whole(aws_query::answer(query, visit.operation, document, &visit.request_id).into());
            }
            Answer::Reply(reply)
        }
        other => other,
    }
}

/// An error as it is told: in the query protocol in its own words, and to JSON clients with those in a header, for
/// programs that were written for the query protocol.
///
/// <https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#aws-protocols-awsquerycompatible-trait>
pub fn told(query: Option<&'static Query>, protocol: Protocol, error: &ApiError) -> ApiError {
    let Some(query) = query else { return error.clone() };
    let in_query = (query.error)(error);
    if protocol == Protocol::AwsQuery {
        return in_query;
    }
    let fault = if error.status < 500 { "Sender" } else { "Receiver" };
    error.clone().with_header("x-amzn-query-error", format!("{};{fault}", in_query.code))
}
