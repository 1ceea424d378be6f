//! Keeps web pages out: a browser on this machine reaches loopback, whoever wrote the page that it shows.
//!
//! Three ways lead in, and each is closed by what browsers say of themselves and pages cannot change:
//!
//! - A page elsewhere sends what needs no leave: a form of the query protocol, a text to a REST operation, a `POST` to
//!   the admin API. Browsers name the page in `Origin`, or say `cross-site` in `Sec-Fetch-Site`: refused, whatever it is
//!   for. Other calls (`X-Amz-Target`, `Authorization`) need leave, which is never given: no answer has CORS headers.
//! - A page's own name is made to lead here once it is loaded (DNS rebinding): then it is no stranger to its browser,
//!   but `Host` has its name. The admin API answers to IP addresses, `localhost`, and the names it was told
//!   ([`Hosts::allow`]), and so do AWS calls where `Origin` shows that a browser sends them.
//! - A `GET` of a rebound page says nothing of a browser: AWS's read operations that are `GET`s are open to it. With
//!   `--verify-signatures` they are not.
//!
//! <https://fetch.spec.whatwg.org/#origin-header>, <https://www.w3.org/TR/fetch-metadata/>

use std::collections::BTreeSet;
use std::net::IpAddr;

use http::header::{HOST, HeaderMap, HeaderName, ORIGIN};
use http::uri::{Authority, Uri};

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Where SDK clients without a socket believe to be.
pub const IN_PROCESS: &str = "rehearsal.internal";

/// The names of this machine, besides IP addresses and `localhost`, that pages of its own may come from.
#[derive(Clone, Debug, Default)]
pub struct Hosts {
    names: BTreeSet<String>,
}

impl Hosts {
    /// Answers to this name, without a port, as well: that of a container, say.
    pub fn allow(&mut self, name: &str) {
        self.names.insert(name.trim_end_matches('.').to_ascii_lowercase());
    }

    /// Whether a request may be looked at; the error says why not.
    pub fn admit(&self, uri: &Uri, headers: &HeaderMap) -> Result<(), String> {
        // Only who asks whether anybody is there may call it as they like: healthchecks use names of containers.
        let path = uri.path();
        let is_control = super::admin::is_for_admin(path) && !super::admin::is_harmless(path);
        let site = headers.get(SEC_FETCH_SITE).map(|site| site.as_bytes());
        let origin = headers.get(ORIGIN);
        if !is_control && site.is_none() && origin.is_none() {
            return Ok(());
        }
        let hosts = hosts(uri, headers);
        if !matches!(site, None | Some(b"same-origin" | b"none")) {
            return Err("a web page of another site sent this request".to_owned());
        }
        if let Some(origin) = origin
            && !hosts.iter().any(|host| is_origin(origin.as_bytes(), host))
        {
            return Err(format!("a web page of {} sent this request", String::from_utf8_lossy(origin.as_bytes())));
        }
        let stranger = hosts.iter().find(|host| !self.know(host));
        match stranger {
            None => Ok(()),
            Some(host) => Err(format!(
                "`{host}` may be anybody's name for this machine: use localhost or an IP address, or start with \
                 `--allow-host NAME`"
            )),
        }
    }

    fn know(&self, authority: &str) -> bool {
        let Ok(authority) = authority.parse::<Authority>() else { return false };
        let host = authority.host().trim_end_matches('.').to_ascii_lowercase();
        let address = host.trim_start_matches('[').trim_end_matches(']');
        address.parse::<IpAddr>().is_ok()
            || host == "localhost"
            || host.ends_with(".localhost")
            || host == IN_PROCESS
            || self.names.contains(&host)
    }
}

/// What the request calls this server, in its target and in its header.
fn hosts(uri: &Uri, headers: &HeaderMap) -> Vec<String> {
    let in_target = uri.authority().map(ToString::to_string);
    let in_headers = headers.get_all(HOST).iter().map(|host| String::from_utf8_lossy(host.as_bytes()).into_owned());
    in_target.into_iter().chain(in_headers).collect()
}

/// Whether `origin` (`http://localhost:4566`) is where `host` (`localhost:4566`) is.
fn is_origin(origin: &[u8], host: &str) -> bool {
    let authority = std::str::from_utf8(origin).ok().and_then(|origin| Some(origin.split_once("://")?.1));
    authority.is_some_and(|authority| authority.eq_ignore_ascii_case(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admitted(target: &str, headers: &[(&str, &str)]) -> bool {
        let mut hosts = Hosts::default();
        hosts.allow("Emulator");
        let mut request = http::Request::get(target);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let parts = request.body(()).unwrap().into_parts().0;
        hosts.admit(&parts.uri, &parts.headers).is_ok()
    }

    #[test]
    fn the_admin_api_answers_to_names_that_are_nobody_elses() {
        for host in [
            "127.0.0.1:4566",
            "localhost",
            "LOCALHOST:4566",
            "localhost.:4566",
            "[::1]:4566",
            "kinesis.localhost:4566",
            "192.168.7.9:4566",
            "emulator:4566",
            "rehearsal.internal",
        ] {
            assert!(admitted("/_rehearsal/clock", &[("host", host)]), "{host}");
        }
        for host in [
            "evil.example:4566",
            "localhost.evil.example",
            "127.0.0.1.evil.example:4566",
            "other:4566",
            "evil.example@127.0.0.1 x",
            "",
        ] {
            assert!(!admitted("/_rehearsal/clock", &[("host", host)]), "{host}");
            assert!(admitted("/_rehearsal/health", &[("host", host)]), "{host}: healthchecks use any name");
            assert!(admitted("/", &[("host", host)]), "{host}: AWS is called by any name");
        }
        assert!(!admitted("http://evil.example/_rehearsal/clock", &[("host", "localhost")]), "a target of its own");
        assert!(admitted("/_rehearsal/clock", &[]), "no browser leaves it out");
    }

    #[test]
    fn a_page_gets_in_only_where_it_came_from_and_only_under_a_known_name() {
        let local = ("host", "localhost:4566");
        for path in ["/_rehearsal/clock", "/_localstack/health", "/", "/model/m/converse"] {
            for (headers, expected) in [
                (vec![local, ("origin", "http://localhost:4566")], true),
                (vec![local, ("sec-fetch-site", "same-origin")], true),
                (vec![local, ("sec-fetch-site", "none")], true),
                (vec![local, ("origin", "http://evil.example")], false),
                (vec![local, ("origin", "http://localhost:3000")], false),
                (vec![local, ("origin", "null")], false),
                (vec![local, ("sec-fetch-site", "cross-site")], false),
                (vec![local, ("sec-fetch-site", "same-site")], false),
                (vec![("host", "evil.example"), ("origin", "http://evil.example")], false),
            ] {
                assert_eq!(admitted(path, &headers), expected, "{path} {headers:?}");
            }
        }
    }
}
