//! The emulator as an SDK's HTTP client: no socket, and so virtual time works.
//!
//! Requests are still signed, serialised and decoded by the SDK; only TCP is skipped.

use std::pin::Pin;
use std::sync::Mutex;
use std::task::{Context, Poll};

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};

use super::{Body, Dropped, Gateway};

/// An `HttpClient` for `SdkConfig` that calls the gateway directly.
#[derive(Clone)]
pub struct InProcess {
    gateway: Gateway,
}

impl InProcess {
    pub fn new(gateway: Gateway) -> Self {
        Self { gateway }
    }
}

impl std::fmt::Debug for InProcess {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("InProcess")
    }
}

impl HttpClient for InProcess {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for InProcess {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let gateway = self.gateway.clone();
        HttpConnectorFuture::new(async move {
            let request = request.try_into_http1x().map_err(|error| ConnectorError::user(error.into()))?;
            let response = gateway.handle(request).await.map_err(|Dropped| reset())?;
            let response = response.map(|body| SdkBody::from_body_1_x(SyncBody::new(body)));
            HttpResponse::try_from(response).map_err(|error| ConnectorError::other(error.into(), None))
        })
    }
}

fn reset() -> ConnectorError {
    ConnectorError::io(std::io::Error::from(std::io::ErrorKind::ConnectionReset).into())
}

/// A body of ours is `Send` only; the SDK wants `Sync` as well.
struct SyncBody {
    inner: Mutex<Body>,
}

impl SyncBody {
    fn new(body: Body) -> Self {
        Self { inner: Mutex::new(body) }
    }

    fn get(&mut self) -> &mut Body {
        self.inner.get_mut().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl HttpBody for SyncBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(self.get()).poll_frame(cx)
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.lock().unwrap_or_else(std::sync::PoisonError::into_inner).size_hint()
    }
}
