//! How requests leave this process: over TLS with the feature `aws`, else over plain HTTP to an endpoint that is given.

use aws_config::SdkConfig;
use aws_smithy_http_client::Builder;
use aws_types::sdk_config::SharedHttpClient;

#[cfg(feature = "aws")]
pub fn http_client() -> SharedHttpClient {
    use aws_smithy_http_client::tls::Provider;
    use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
    Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https()
}

#[cfg(not(feature = "aws"))]
pub fn http_client() -> SharedHttpClient {
    Builder::new().build_http()
}

const SERVICE_ENDPOINTS: [&str; 4] = [
    "AWS_ENDPOINT_URL_KINESIS",
    "AWS_ENDPOINT_URL_DYNAMODB",
    "AWS_ENDPOINT_URL_EVENTBRIDGE",
    "AWS_ENDPOINT_URL_BEDROCK_RUNTIME",
];

/// What would otherwise fail on the first call, with an error that speaks of connectors and not of the cause.
pub fn check(config: &SdkConfig, variable: impl Fn(&str) -> Option<String>) -> Result<(), String> {
    if config.region().is_none() {
        return Err("no region is set; set AWS_REGION, for example to us-east-1".to_owned());
    }
    if cfg!(feature = "aws") {
        return Ok(());
    }
    let remedy = "build with `--features aws` to speak TLS to AWS, or set AWS_ENDPOINT_URL to an http:// endpoint";
    for service_endpoint in SERVICE_ENDPOINTS {
        let endpoint = variable(service_endpoint).or_else(|| config.endpoint_url().map(str::to_owned));
        match endpoint {
            None => return Err(format!("this build speaks plain HTTP only and no endpoint is set; {remedy}")),
            Some(url) if !url.starts_with("http://") => {
                return Err(format!("this build speaks plain HTTP only, not `{url}`; {remedy}"));
            }
            Some(_) => {}
        }
    }
    Ok(())
}

#[cfg(all(test, not(feature = "aws")))]
mod tests {
    use aws_config::{BehaviorVersion, Region};

    use super::*;

    fn check_with(endpoint: Option<&str>, variables: &[(&str, &str)], expected: Result<(), &str>) {
        let mut config =
            SdkConfig::builder().behavior_version(BehaviorVersion::latest()).region(Region::new("us-east-1"));
        config.set_endpoint_url(endpoint.map(str::to_owned));
        let variable =
            |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        match (check(&config.build(), variable), expected) {
            (Ok(()), Ok(())) => {}
            (Err(error), Err(part)) => assert!(error.contains(part), "`{error}` does not say `{part}`"),
            (actual, expected) => panic!("{actual:?} is not {expected:?}"),
        }
    }

    #[test]
    fn a_build_without_tls_needs_a_plain_endpoint_for_every_service() {
        check_with(Some("http://endpoint.test"), &[], Ok(()));
        check_with(None, &[], Err("build with `--features aws`"));
        check_with(Some("https://endpoint.test"), &[], Err("not `https://endpoint.test`"));
        check_with(None, &[("AWS_ENDPOINT_URL_KINESIS", "http://endpoint.test")], Err("no endpoint is set"));
        check_with(None, &SERVICE_ENDPOINTS.map(|name| (name, "http://endpoint.test")), Ok(()));
    }

    #[test]
    fn a_missing_region_is_said_first() {
        let config = SdkConfig::builder().behavior_version(BehaviorVersion::latest()).build();
        assert!(check(&config, |_| None).is_err_and(|error| error.contains("AWS_REGION")));
    }
}
