//! Which service and operation a request is for.
//!
//! By `X-Amz-Target` where there is one; by the `Action` of a form among the
//! services that speak the query protocol; else by method and path among the REST
//! services, narrowed by the signature's service. What fits nothing gets an
//! error that says what was tried.

use http::HeaderMap;
use http::header::{CONTENT_TYPE, HeaderName};
use http::request::Parts;

use super::Refusal;
use super::credentials::Credentials;
use super::paths::{Labels, Meaning, Paths};
use crate::kernel::operation::ServiceDescription;
use crate::kernel::realm::Found;
use crate::kernel::{AnyService, ApiError, Protocol, World};
use crate::wire::aws_query::Form;
use crate::wire::cbor;
use crate::wire::error::Style;

const TARGET: HeaderName = HeaderName::from_static("x-amz-target");

/// Where a request is to go.
pub enum Place {
    Known(Route),
    /// The form names it: see [`Place::settle`].
    InForm,
    Unknown(Box<Refusal>),
}

pub struct Route {
    /// The service's place in the world's list.
    pub index: usize,
    pub operation: Found,
    /// Of the request, and so of its answer.
    pub protocol: Protocol,
    pub labels: Labels,
}

/// Bytes read of a body that nobody will look at.
const UNKNOWN_BODY_BYTES_MAX: usize = 1 << 20;

impl Place {
    pub fn body_bytes_max(&self, world: &World) -> usize {
        match self {
            Place::Known(route) => world.service(route.index).description().body_bytes_max,
            Place::InForm => {
                // It may be a REST request after all, of a client that calls every body a form.
                let bounds = world.services().map(|service| service.description().body_bytes_max);
                bounds.max().unwrap_or(UNKNOWN_BODY_BYTES_MAX)
            }
            Place::Unknown(_) => UNKNOWN_BODY_BYTES_MAX,
        }
    }

    /// Looks into a form where only that tells the operation.
    pub fn settle(
        self,
        world: &World,
        paths: &Paths,
        parts: &Parts,
        body: Result<&[u8], &ApiError>,
        credentials: &Credentials,
    ) -> Result<Route, Box<Refusal>> {
        match self {
            Place::Known(route) => Ok(route),
            Place::InForm => by_action(world, paths, parts, body, credentials),
            Place::Unknown(refusal) => Err(refusal),
        }
    }
}

pub fn find(world: &World, paths: &Paths, parts: &Parts, credentials: &Credentials) -> Place {
    match parts.headers.get(TARGET).map(|target| target.to_str().unwrap_or_default()) {
        Some(target) => by_target(world, target, &parts.headers, credentials),
        None if may_be_form(parts) => Place::InForm,
        None => by_path(world, paths, parts, credentials),
    }
}

/// The protocol of a request with a target to that service: some services take two encodings.
fn spoken(description: &ServiceDescription, headers: &HeaderMap) -> Protocol {
    let content_type = || headers.get(CONTENT_TYPE).map_or(&[][..], |value| value.as_bytes());
    if description.cbor && content_type().starts_with(cbor::CONTENT_TYPE.as_bytes()) {
        return Protocol::AwsCbor1_1;
    }
    description.protocol
}

fn by_target(world: &World, target: &str, headers: &HeaderMap, credentials: &Credentials) -> Place {
    let (prefix, name) = target.split_once('.').unwrap_or((target, ""));
    // REST services have an empty prefix, and so may a request have: that is no match.
    let named = |service: &dyn AnyService| !prefix.is_empty() && service.description().target_prefix == prefix;
    let found = world.services().enumerate().find(|(_, service)| named(*service));
    let Some((index, service)) = found else {
        let error = ApiError::unknown_operation(format!("rehearsal has no service for X-Amz-Target `{target}`"));
        return unknown(style_of(headers, credentials), "unknown", name, error);
    };
    if let Some(operation) = service.operation(name) {
        let protocol = spoken(service.description(), headers);
        return Place::Known(Route { index, operation, protocol, labels: Vec::new() });
    }
    let description = service.description();
    let style = Style::Document(spoken(description, headers), "");
    let error = if description.not_implemented.contains(&name) {
        ApiError::not_implemented(format_args!("{} {name}", description.name))
    } else {
        ApiError::unknown_operation(format!("{} has no operation for X-Amz-Target `{target}`", description.title))
    };
    unknown(style, description.name, name, error)
}

/// A form in the body, or one in the URL.
fn may_be_form(parts: &Parts) -> bool {
    let content_type = parts.headers.get(CONTENT_TYPE).map_or(&[][..], |value| value.as_bytes());
    let in_url = || parts.uri.query().is_some_and(|query| query.split('&').any(|field| field.starts_with("Action=")));
    content_type.starts_with(b"application/x-www-form-urlencoded") || in_url()
}

/// The whole form of a request: what stands in its URL and what stands in its body.
pub fn form(parts: &Parts, body: &[u8]) -> Vec<u8> {
    let mut form = parts.uri.query().unwrap_or_default().as_bytes().to_vec();
    if !form.is_empty() && !body.is_empty() {
        form.push(b'&');
    }
    form.extend_from_slice(body);
    form
}

fn by_action(
    world: &World,
    paths: &Paths,
    parts: &Parts,
    body: Result<&[u8], &ApiError>,
    credentials: &Credentials,
) -> Result<Route, Box<Refusal>> {
    let body = body.map_err(|error| refusal(Style::Xml, "unknown", "", error.clone()))?;
    let form = Form::parse(&form(parts, body)).unwrap_or_default();
    let Some(name) = form.get("Action") else {
        return by_path(world, paths, parts, credentials).settle(world, paths, parts, Ok(body), credentials);
    };
    // Signed requests name their service; of others, the version and the operation do.
    let speaks = |service: &&dyn AnyService| match credentials.service.as_str() {
        "" => {
            let version = form.get("Version");
            service.query().is_some_and(|query| version.is_none_or(|version| version == query.version))
                && (service.operation(name).is_some() || service.description().not_implemented.contains(&name))
        }
        named => service.query().is_some() && service.description().signing_name == named,
    };
    let found = world.services().enumerate().find(|(_, service)| speaks(service));
    let Some((index, service)) = found else {
        let error = ApiError::unknown_operation(format!(
            "rehearsal has no service with the operation `{name}` in the query protocol"
        ));
        return Err(refusal(Style::Xml, "unknown", name, error));
    };
    if let Some(operation) = service.operation(name) {
        return Ok(Route { index, operation, protocol: Protocol::AwsQuery, labels: Vec::new() });
    }
    let description = service.description();
    let style = service.query().map_or(Style::Xml, |query| Style::Query(query.namespace));
    let error = if description.not_implemented.contains(&name) {
        ApiError::not_implemented(format_args!("{} {name}", description.name))
    } else {
        let version = form.get("Version").unwrap_or_default();
        ApiError::new("InvalidAction", format!("The action {name} is not valid for this endpoint. Version {version}"))
    };
    Err(refusal(style, description.name, name, error))
}

fn by_path(world: &World, paths: &Paths, parts: &Parts, credentials: &Credentials) -> Place {
    match paths.find(parts.method.as_str(), parts.uri.path(), named_by_client(&parts.headers)) {
        Meaning::Operation { index, operation, labels } => {
            let protocol = world.service(index).description().protocol;
            Place::Known(Route { index, operation, protocol, labels })
        }
        Meaning::NotImplemented(description, name) => {
            let error = ApiError::not_implemented(format_args!("{} {name}", description.name));
            unknown(Style::Document(description.protocol, ""), description.name, name, error)
        }
        Meaning::Nothing => {
            let error = ApiError::with_status(404, "UnknownOperationException", not_found(parts, credentials));
            unknown(style_of(&parts.headers, credentials), "unknown", parts.method.as_str(), error)
        }
    }
}

/// The service that an SDK says it is the client of: `api/bedrockagent/1.156.0`, `api/bedrock-agent#3.9`.
fn named_by_client(headers: &HeaderMap) -> Option<&str> {
    let agents = ["x-amz-user-agent", "user-agent"].into_iter().filter_map(|name| headers.get(name)?.to_str().ok());
    let named = agents.flat_map(|agent| agent.split(' ')).find_map(|part| part.strip_prefix("api/"))?;
    named.split(['/', '#']).next()
}

fn not_found(parts: &Parts, credentials: &Credentials) -> String {
    let service = match credentials.service.as_str() {
        "" => "the request names no service".to_owned(),
        service => format!("the request is for service `{service}`"),
    };
    format!(
        "rehearsal has no operation for {} {}: there is no X-Amz-Target header, no REST operation has this method and path, and {service}",
        parts.method,
        parts.uri.path()
    )
}

fn unknown(style: Style, service: &'static str, operation: &str, error: ApiError) -> Place {
    Place::Unknown(refusal(style, service, operation, error))
}

fn refusal(style: Style, service: &'static str, operation: &str, error: ApiError) -> Box<Refusal> {
    Box::new(Refusal { style, service, operation: operation.to_owned(), error })
}

/// How a client we know nothing of wants its error: the services that speak
/// REST-XML send bodies of any type, or none, so their name decides.
pub fn style_of(headers: &HeaderMap, credentials: &Credentials) -> Style {
    match credentials.service.as_str() {
        "s3" | "s3express" => return Style::BareXml,
        "cloudfront" | "route53" => return Style::Xml,
        _ => {}
    }
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if content_type.starts_with("application/x-amz-json-1.0") {
        return Style::Document(Protocol::AwsJson1_0, "");
    }
    if content_type.starts_with(cbor::CONTENT_TYPE) {
        return Style::Document(Protocol::AwsCbor1_1, "");
    }
    if content_type.starts_with("application/x-amz-json") {
        return Style::Document(Protocol::AwsJson1_1, "");
    }
    if content_type.contains("xml") || content_type.starts_with("application/x-www-form-urlencoded") {
        return Style::Xml;
    }
    Style::Document(Protocol::RestJson1, "")
}
