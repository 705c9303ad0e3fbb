//! The HTTP client under the Meilisearch adapter.
//!
//! It exists for what the SDK's own leaves out: time limits, no proxy from the environment, no redirect that would carry the key
//! away, and no compression, with which the server's longer answers stall for 40 ms.

use std::time::Duration;

use async_trait::async_trait;
use meilisearch_sdk::{
    errors::Error,
    request::{HttpClient, Method, parse_response},
};
use reqwest::{
    Client, RequestBuilder,
    header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue},
    redirect::Policy,
};
use serde::{Serialize, de::DeserializeOwned};

const CONNECT_WAIT_MAX: Duration = Duration::from_secs(2);

/// A client that sends the key with every request.
#[derive(Debug, Clone)]
pub(super) struct Http {
    client: Client,
}

impl Http {
    /// A client whose requests take `request_wait_max` at most.
    ///
    /// # Errors
    /// Where the key cannot be sent in a header.
    pub(super) fn new(key: Option<&str>, request_wait_max: Duration) -> Result<Self, Error> {
        // Nothing but the first call has an effect; without any, reqwest panics.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let mut headers = HeaderMap::new();
        if let Some(key) = key {
            let mut value = HeaderValue::try_from(format!("Bearer {key}")).map_err(|_| Error::InvalidRequest)?;
            value.set_sensitive(true);
            headers.insert(AUTHORIZATION, value);
        }
        let client = Client::builder()
            .default_headers(headers)
            .user_agent("comptoir")
            .connect_timeout(CONNECT_WAIT_MAX.min(request_wait_max))
            .timeout(request_wait_max)
            .no_gzip()
            .no_brotli()
            .no_zstd()
            .no_deflate()
            .no_proxy()
            .redirect(Policy::none())
            .build()
            .map_err(failure)?;
        Ok(Self { client })
    }

    fn builder<Q: Serialize, B>(&self, url: &str, method: &Method<Q, B>) -> RequestBuilder {
        let builder = match method {
            Method::Get { .. } => self.client.get(url),
            Method::Post { .. } => self.client.post(url),
            Method::Patch { .. } => self.client.patch(url),
            Method::Put { .. } => self.client.put(url),
            Method::Delete { .. } => self.client.delete(url),
        };
        builder.query(method.query())
    }
}

#[async_trait]
impl HttpClient for Http {
    async fn request<Query, Body, Output>(
        &self,
        url: &str,
        method: Method<Query, Body>,
        expected_status_code: u16,
    ) -> Result<Output, Error>
    where
        Query: Serialize + Send + Sync,
        Body: Serialize + Send + Sync,
        Output: DeserializeOwned + 'static + Send,
    {
        let mut request = self.builder(url, &method);
        if let Some(body) = method.body() {
            request = request.header(CONTENT_TYPE, "application/json").body(serde_json::to_vec(body)?);
        }
        let response = request.send().await.map_err(failure)?;
        let status = response.status().as_u16();
        let body = response.text().await.map_err(failure)?;
        parse_response(status, expected_status_code, &body, url.to_owned())
    }

    /// Refuses: everything here is sent as JSON.
    async fn stream_request<
        Query: Serialize + Send + Sync,
        Body: futures_io::AsyncRead + Send + Sync + 'static,
        Output: DeserializeOwned + 'static,
    >(
        &self,
        _url: &str,
        _method: Method<Query, Body>,
        _content_type: &str,
        _expected_status_code: u16,
    ) -> Result<Output, Error> {
        Err(Error::InvalidRequest)
    }

    fn is_tokio(&self) -> bool {
        true
    }
}

fn failure(error: reqwest::Error) -> Error {
    // The address can hold a password.
    Error::Other(Box::new(error.without_url()))
}
