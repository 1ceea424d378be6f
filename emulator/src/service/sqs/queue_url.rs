//! Queue URLs: `http://host/account/name`. The host is where the caller reached this world, so that whoever is behind
//! another name for it can use what it was given; any host is accepted.

use super::refusal::{missing, queue_does_not_exist};
use crate::kernel::{ApiError, Arn, Call, Scope};

/// The URL of a queue for the caller of this call.
pub fn of(name: &str, call: &Call<'_>) -> String {
    let Scope { account, region } = call.scope;
    match call.endpoint {
        "" => format!("https://sqs.{region}.amazonaws.com/{account}/{name}"),
        endpoint => format!("{endpoint}/{account}/{name}"),
    }
}

/// The name of the queue of that URL, if it can be one of this account.
pub fn queue_name<'a>(url: Option<&'a str>, call: &Call<'_>) -> Result<&'a str, ApiError> {
    let url = url.ok_or_else(|| missing("QueueUrl"))?;
    let (account, name) = parse(url)
        .ok_or_else(|| ApiError::new("InvalidAddress", format!("The address {url} is not valid for this endpoint.")))?;
    if *account != *call.scope.account {
        return Err(queue_does_not_exist());
    }
    Ok(name)
}

/// The last two parts of the path: account and name.
fn parse(url: &str) -> Option<(&str, &str)> {
    let path = match url.split_once("://") {
        Some((_, rest)) => rest.split_once('/')?.1,
        None => url.strip_prefix('/')?,
    };
    let (before, name) = path.trim_end_matches('/').rsplit_once('/')?;
    let account = before.rsplit('/').next()?;
    (!account.is_empty() && !name.is_empty()).then_some((account, name))
}

/// What a call is about, for the timeline and for fault rules.
pub fn shown(url: Option<&str>) -> String {
    url.and_then(parse).map_or_else(|| url.unwrap_or_default().to_owned(), |(_, name)| name.to_owned())
}

/// The name of the queue of that ARN, if it is one of this account and region.
pub fn name_of_arn<'a>(arn: &'a Arn, scope: &Scope) -> Option<&'a str> {
    (arn.service == "sqs" && arn.scope == *scope).then_some(&*arn.resource)
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn a_url_ends_in_account_and_name() {
        for (url, expected) in [
            ("http://localhost:4566/000000000000/orders", Some(("000000000000", "orders"))),
            ("https://sqs.eu-west-1.amazonaws.com/000000000000/orders.fifo/", Some(("000000000000", "orders.fifo"))),
            ("http://localhost:4566/queue/eu-west-1/1/orders", Some(("1", "orders"))),
            ("/000000000000/orders", Some(("000000000000", "orders"))),
            ("http://localhost:4566/orders", None),
            ("http://localhost:4566", None),
            ("orders", None),
            ("", None),
        ] {
            assert_eq!(parse(url), expected, "{url}");
        }
    }
}
