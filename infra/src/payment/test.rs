//! A payment provider without money, which does what its token says.

use std::fmt;

use async_trait::async_trait;
use aws_lc_rs::hmac::{self, HMAC_SHA256};
use comptoir_domain::{
    checkout::{
        PaymentError, PaymentNotice, PaymentOutcome, PaymentProvider, PaymentRequest, ProviderCode, WebhookError,
    },
    ids::PaymentId,
};
use serde::Deserialize;

/// The provider `test`, for demonstrations and tests: it approves orders that nobody paid, so a shop must not offer it
/// unless it was switched on.
///
/// The token decides: `approve` captures at once, `decline` declines, `pending` waits for the webhook.
///
/// A webhook is the JSON `{"paymentId":"pay_…","outcome":"approve"}` (or `"decline"`), with the signature
/// `sha256=` and the HMAC-SHA-256 of the body under the webhook's secret, in hex.
pub struct TestPayment {
    key: hmac::Key,
}

impl TestPayment {
    /// With the secret that webhooks are signed with.
    #[must_use]
    pub fn new(webhook_secret: &[u8]) -> Self {
        Self { key: hmac::Key::new(HMAC_SHA256, webhook_secret) }
    }
}

impl fmt::Debug for TestPayment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TestPayment(…)")
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Notice {
    payment_id: String,
    outcome: NoticeOutcome,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum NoticeOutcome {
    Approve,
    Decline,
}

/// What a token leads to, where it is one of the three.
fn outcome(token: Option<&str>) -> Option<PaymentOutcome> {
    match token? {
        "approve" => Some(PaymentOutcome::Captured),
        "decline" => Some(declined()),
        "pending" => Some(PaymentOutcome::Pending),
        _ => None,
    }
}

fn declined() -> PaymentOutcome {
    PaymentOutcome::Declined { reason: "insufficient_funds".to_owned() }
}

#[async_trait]
impl PaymentProvider for TestPayment {
    fn code(&self) -> ProviderCode {
        ProviderCode::new("test")
    }

    fn check_token(&self, token: Option<&str>) -> Result<(), &'static str> {
        let refusal = "the payment provider `test` takes one of the tokens `approve`, `decline` and `pending`";
        outcome(token).map(drop).ok_or(refusal)
    }

    async fn pay(&self, request: &PaymentRequest) -> Result<PaymentOutcome, PaymentError> {
        let unknown = || PaymentOutcome::Declined { reason: "invalid_token".to_owned() };
        Ok(outcome(request.token.as_deref()).unwrap_or_else(unknown))
    }

    fn read_webhook(&self, signature: Option<&str>, body: &[u8]) -> Result<PaymentNotice, WebhookError> {
        let digits = signature.and_then(|it| it.strip_prefix("sha256=")).ok_or(WebhookError::Signature)?;
        let tag = hex::decode(digits).map_err(|_| WebhookError::Signature)?;
        // Compares in constant time.
        hmac::verify(&self.key, body, &tag).map_err(|_| WebhookError::Signature)?;

        let notice: Notice = serde_json::from_slice(body).map_err(|_| WebhookError::Malformed)?;
        let payment_id: PaymentId = notice.payment_id.parse().map_err(|_| WebhookError::Malformed)?;
        let outcome = match notice.outcome {
            NoticeOutcome::Approve => PaymentOutcome::Captured,
            NoticeOutcome::Decline => declined(),
        };
        Ok(PaymentNotice { payment_id, outcome })
    }
}

#[cfg(test)]
mod tests {
    use comptoir_domain::{
        ids::Id,
        money::{Money, parse_currency},
    };

    use super::*;

    fn payment_id() -> PaymentId {
        PaymentId::from_uuid("01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap())
    }

    fn request(token: Option<&str>) -> PaymentRequest {
        let amount = Money::zero(parse_currency("EUR").unwrap());
        PaymentRequest { payment_id: payment_id(), amount, token: token.map(str::to_owned) }
    }

    fn sign(provider: &TestPayment, body: &[u8]) -> String {
        format!("sha256={}", hex::encode(hmac::sign(&provider.key, body)))
    }

    #[tokio::test]
    async fn the_token_decides_each_time_the_same() {
        let provider = TestPayment::new(b"secret");
        let expected =
            [("approve", PaymentOutcome::Captured), ("decline", declined()), ("pending", PaymentOutcome::Pending)];
        for (token, outcome) in expected {
            assert_eq!(provider.check_token(Some(token)), Ok(()));
            for _ in 0..2 {
                assert_eq!(provider.pay(&request(Some(token))).await.unwrap(), outcome);
            }
        }
    }

    #[tokio::test]
    async fn other_tokens_are_refused_by_name_and_capture_nothing() {
        let provider = TestPayment::new(b"secret");
        for token in [None, Some(""), Some("Approve"), Some("approve "), Some("tok_visa")] {
            let refusal = provider.check_token(token).unwrap_err();
            assert!(["approve", "decline", "pending"].iter().all(|it| refusal.contains(it)), "{refusal}");
            let outcome = provider.pay(&request(token)).await.unwrap();
            assert_eq!(outcome, PaymentOutcome::Declined { reason: "invalid_token".to_owned() });
        }
    }

    #[test]
    fn a_signed_webhook_is_read() {
        let provider = TestPayment::new(b"secret");
        for (word, outcome) in [("approve", PaymentOutcome::Captured), ("decline", declined())] {
            let body = format!(r#"{{"paymentId":"pay_01h455vb4pex5vsknk084sn02q","outcome":"{word}"}}"#);
            let notice = provider.read_webhook(Some(&sign(&provider, body.as_bytes())), body.as_bytes());
            assert_eq!(notice, Ok(PaymentNotice { payment_id: payment_id(), outcome }));
        }
    }

    #[test]
    fn the_signature_is_hmac_sha_256_of_the_raw_body() {
        // RFC 4231, test case 2. The body is signed rightly, and no notice.
        let provider = TestPayment::new(b"Jefe");
        let body = b"what do ya want for nothing?";
        let tag = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert_eq!(provider.read_webhook(Some(&format!("sha256={tag}")), body), Err(WebhookError::Malformed));
        for at in 0..tag.len() {
            let swap = if tag.as_bytes()[at] == b'0' { "1" } else { "0" };
            let changed = format!("sha256={}{swap}{}", &tag[..at], &tag[at + 1..]);
            assert_eq!(provider.read_webhook(Some(&changed), body), Err(WebhookError::Signature), "at {at}");
        }
    }

    #[test]
    fn a_webhook_that_is_not_signed_so_is_not_believed() {
        let provider = TestPayment::new(b"secret");
        let body = br#"{"paymentId":"pay_01h455vb4pex5vsknk084sn02q","outcome":"approve"}"#;
        let right = sign(&provider, body);
        let digits = right.strip_prefix("sha256=").unwrap();
        let other_key = sign(&TestPayment::new(b"other"), body);
        let wrong =
            ["", "sha256=", digits, "sha1=00", "sha256=zz", &right[..20], &format!("{right}00"), other_key.as_str()];
        for signature in wrong {
            assert_eq!(provider.read_webhook(Some(signature), body), Err(WebhookError::Signature), "{signature}");
        }
        assert_eq!(provider.read_webhook(None, body), Err(WebhookError::Signature));
        assert_eq!(provider.read_webhook(Some(&right), &body[..body.len() - 1]), Err(WebhookError::Signature));
    }

    #[test]
    fn a_signed_body_of_another_shape_is_malformed() {
        let provider = TestPayment::new(b"secret");
        for body in [
            "",
            "[]",
            "{}",
            r#"{"paymentId":"order_01h455vb4pex5vsknk084sn02q","outcome":"approve"}"#,
            r#"{"paymentId":"pay_01h455vb4pex5vsknk084sn02q","outcome":"pending"}"#,
            r#"{"paymentId":"pay_01h455vb4pex5vsknk084sn02q"}"#,
            r#"{"paymentId":"pay_01h455vb4pex5vsknk084sn02q","outcome":"approve","amount":1}"#,
        ] {
            let notice = provider.read_webhook(Some(&sign(&provider, body.as_bytes())), body.as_bytes());
            assert_eq!(notice, Err(WebhookError::Malformed), "{body}");
        }
    }
}
