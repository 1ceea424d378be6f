//! The way to a world: an emulator in process, or an endpoint. One type for both.

use aws_smithy_http_client::Connector;
use aws_smithy_runtime_api::client::http::{HttpConnector, SharedHttpClient, SharedHttpConnector};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use http::{Method, Request, Response};
use http_body_util::BodyExt;
use rehearsal_emulator::gateway::Gateway;
use rehearsal_emulator::gateway::in_process::InProcess;
use serde_json::Value;

/// Sends HTTP requests, whatever is behind it.
#[derive(Clone)]
pub struct Door {
    connector: SharedHttpConnector,
    /// What stands before the path: `http://127.0.0.1:4566`.
    base: String,
}

impl Door {
    pub fn in_process(gateway: &Gateway) -> Self {
        let connector = SharedHttpConnector::new(InProcess::new(gateway.clone()));
        Self { connector, base: "http://rehearsal.internal".to_owned() }
    }

    /// An endpoint by URL. `https` needs the `aws` feature.
    pub fn remote(url: &str) -> Result<Self, String> {
        let base = url.trim_end_matches('/').to_owned();
        Ok(Self { connector: connector(&base)?, base })
    }

    pub fn base(&self) -> &str {
        &self.base
    }

    pub async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, String> {
        let response = self.open(request).await?;
        let (parts, body) = response.into_parts();
        let body = body.collect().await.map_err(|error| format!("the answer broke off: {error}"))?;
        Ok(Response::from_parts(parts, body.to_bytes()))
    }

    /// Sends and returns as soon as the answer begins.
    pub async fn open(&self, request: Request<Bytes>) -> Result<Response<SdkBody>, String> {
        let request = HttpRequest::try_from(request.map(SdkBody::from)).map_err(|error| error.to_string())?;
        let response = self.connector.call(request).await.map_err(|error| self.explain(&error))?;
        response.try_into_http1x().map_err(|error| error.to_string())
    }

    /// One call of the admin API. An error says what the server said.
    pub async fn admin(&self, method: Method, path: &str, body: impl Into<Bytes>) -> Result<Value, String> {
        let uri = format!("{}/_rehearsal/{path}", self.base);
        let request = Request::builder().method(method).uri(&uri).body(body.into());
        let response = self.send(request.map_err(|error| format!("{uri}: {error}"))?).await?;
        let text = String::from_utf8_lossy(response.body()).into_owned();
        let document: Value = serde_json::from_str(&text).unwrap_or(Value::String(text));
        if response.status().is_success() {
            return Ok(document);
        }
        let said = document.get("error").and_then(Value::as_str).map(str::to_owned);
        Err(said.unwrap_or_else(|| format!("{uri} answered {}: {document}", response.status())))
    }

    /// Gets bytes from the admin API.
    pub async fn fetch(&self, path: &str) -> Result<Bytes, String> {
        let uri = format!("{}/_rehearsal/{path}", self.base);
        let request = Request::get(&uri).body(Bytes::new()).map_err(|error| format!("{uri}: {error}"))?;
        let response = self.send(request).await?;
        if response.status().is_success() {
            return Ok(response.into_body());
        }
        Err(format!("{uri} answered {}: {}", response.status(), String::from_utf8_lossy(response.body())))
    }

    /// The time of the emulator of ours that is behind this door; `None` if it is something else.
    pub async fn emulated_time(&self) -> Result<Option<i64>, String> {
        let uri = format!("{}/_rehearsal/clock", self.base);
        let request = Request::get(&uri).body(Bytes::new()).map_err(|error| format!("{uri}: {error}"))?;
        let response = self.send(request).await?;
        let time: Option<Value> = serde_json::from_slice(response.body()).ok();
        Ok(time.and_then(|time| time.get("epoch_ms")?.as_i64()).filter(|_| response.status().is_success()))
    }

    fn explain(&self, error: &(dyn std::error::Error + 'static)) -> String {
        let mut text = format!("cannot reach {}: {error}", self.base);
        let mut source = error.source();
        while let Some(inner) = source {
            text.push_str(&format!(": {inner}"));
            source = inner.source();
        }
        text
    }
}

/// The same way for SDK clients.
#[cfg(feature = "aws")]
pub fn http_client() -> SharedHttpClient {
    use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
    aws_smithy_http_client::Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https()
}

/// The same way for SDK clients.
#[cfg(not(feature = "aws"))]
pub fn http_client() -> SharedHttpClient {
    aws_smithy_http_client::Builder::new().build_http()
}

#[cfg(feature = "aws")]
fn connector(_url: &str) -> Result<SharedHttpConnector, String> {
    use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
    let builder = Connector::builder().tls_provider(Provider::Rustls(CryptoMode::Ring));
    Ok(SharedHttpConnector::new(builder.build()))
}

#[cfg(not(feature = "aws"))]
fn connector(url: &str) -> Result<SharedHttpConnector, String> {
    if url.starts_with("https:") {
        return Err(format!("{url} needs TLS: build with `--features aws`"));
    }
    Ok(SharedHttpConnector::new(Connector::builder().build_http()))
}
