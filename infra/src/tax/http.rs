//! A tax provider that is asked over HTTP.
//!
//! It is sent a JSON object by `POST`: `cartId`, `cartVersion`, `day`, `sellerCountry`, `country`, `region`, `vatNumber`,
//! `certificates`, and `lines` of `{variantId, category, quantity, unitPrice, currency}`. It answers with status 200 and
//! `{"lines": [{"variantId": …, "rate": "20"}]}`: the rate in percent of each line, in any order.

use std::time::Duration;

use async_trait::async_trait;
use comptoir_domain::{
    money::Percentage,
    pricing::tax::{TaxProvider, TaxProviderError, TaxQuestion},
};
use reqwest::{
    Client,
    header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue},
    redirect::Policy,
};
use serde::Deserialize;
use serde_json::{Value, json};

/// The most bytes of an answer.
const ANSWER_BYTES_MAX: usize = 1_000_000;

/// Asks a server for rates.
pub struct HttpTaxProvider {
    client: Client,
    url: String,
}

/// The provider cannot be asked.
#[derive(Debug, thiserror::Error)]
pub enum HttpTaxProviderError {
    /// The token cannot be sent in a header.
    #[error("the token has characters that no header can have")]
    Token,
    /// There is no client.
    #[error("no HTTP client can be made")]
    Client(#[source] reqwest::Error),
}

#[derive(Deserialize)]
struct Answer {
    lines: Vec<AnswerLine>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AnswerLine {
    variant_id: String,
    rate: String,
}

impl HttpTaxProvider {
    /// The provider at `url`, which takes `wait_max` at most; `token` is sent as a bearer's. Nothing is sent yet.
    ///
    /// # Errors
    /// [`HttpTaxProviderError`].
    pub fn new(url: &str, token: Option<&str>, wait_max: Duration) -> Result<Self, HttpTaxProviderError> {
        // Nothing but the first call has an effect; without any, reqwest panics.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let mut headers = HeaderMap::new();
        if let Some(token) = token {
            let value = HeaderValue::try_from(format!("Bearer {token}"));
            let mut value = value.map_err(|_| HttpTaxProviderError::Token)?;
            value.set_sensitive(true);
            headers.insert(AUTHORIZATION, value);
        }
        let client = Client::builder()
            .default_headers(headers)
            .user_agent("comptoir")
            .timeout(wait_max)
            .no_proxy()
            .redirect(Policy::none())
            .build()
            .map_err(HttpTaxProviderError::Client)?;
        Ok(Self { client, url: url.to_owned() })
    }

    async fn ask(&self, question: &TaxQuestion) -> Result<Answer, TaxProviderError> {
        let unavailable = |it: reqwest::Error| TaxProviderError::Unavailable(Box::new(it));
        let request = self.client.post(&self.url).header(CONTENT_TYPE, "application/json");
        let mut response = request.body(body(question).to_string()).send().await.map_err(unavailable)?;
        if response.status() != 200 {
            return Err(TaxProviderError::Unusable(format!("status {}", response.status())));
        }
        let mut text = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(unavailable)? {
            if ANSWER_BYTES_MAX < text.len() + chunk.len() {
                return Err(TaxProviderError::Unusable(format!("more than {ANSWER_BYTES_MAX} bytes")));
            }
            text.extend_from_slice(&chunk);
        }
        serde_json::from_slice(&text).map_err(|it| TaxProviderError::Unusable(it.to_string()))
    }
}

#[async_trait]
impl TaxProvider for HttpTaxProvider {
    async fn rates(&self, question: &TaxQuestion) -> Result<Vec<Percentage>, TaxProviderError> {
        let answer = self.ask(question).await.inspect_err(|it| tracing::warn!(error = %it, "no taxes"))?;
        let rate = |line: &comptoir_domain::pricing::tax::TaxQuestionLine| {
            let id = line.variant_id.to_string();
            let found = answer.lines.iter().find(|it| it.variant_id == id);
            let found = found.ok_or_else(|| TaxProviderError::Unusable(format!("there is no rate of {id}")))?;
            found.rate.parse().map_err(|_| TaxProviderError::Unusable(format!("`{}` is no rate", found.rate)))
        };
        question.lines.iter().map(rate).collect()
    }
}

fn body(question: &TaxQuestion) -> Value {
    let line = |it: &comptoir_domain::pricing::tax::TaxQuestionLine| {
        json!({
            "variantId": it.variant_id.to_string(),
            "category": it.category.as_str(),
            "quantity": it.quantity,
            "unitPrice": it.unit_price.to_decimal().to_string(),
            "currency": it.unit_price.currency().code(),
        })
    };
    json!({
        "cartId": question.cart_id.to_string(),
        "cartVersion": question.cart_version,
        "day": question.day.to_string(),
        "sellerCountry": question.seller.map(|it| it.to_string()),
        "country": question.country.to_string(),
        "region": question.region,
        "vatNumber": question.vat_number.as_ref().map(ToString::to_string),
        "certificates": question.certificates,
        "lines": question.lines.iter().map(line).collect::<Vec<_>>(),
    })
}
