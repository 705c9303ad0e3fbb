//! Payment at the counter, when the goods are handed over.

use async_trait::async_trait;
use comptoir_domain::checkout::{
    PaymentError, PaymentNotice, PaymentOutcome, PaymentProvider, PaymentRequest, ProviderCode, WebhookError,
};

/// The provider `manual`: the buyer pays when the goods are handed over, and staff record it.
#[derive(Debug, Clone, Copy, Default)]
pub struct ManualPayment;

#[async_trait]
impl PaymentProvider for ManualPayment {
    fn code(&self) -> ProviderCode {
        ProviderCode::new("manual")
    }

    fn check_token(&self, token: Option<&str>) -> Result<(), &'static str> {
        if token.is_none() { Ok(()) } else { Err("the payment provider `manual` takes no token") }
    }

    async fn pay(&self, _request: &PaymentRequest) -> Result<PaymentOutcome, PaymentError> {
        Ok(PaymentOutcome::Due)
    }

    fn read_webhook(&self, _signature: Option<&str>, _body: &[u8]) -> Result<PaymentNotice, WebhookError> {
        Err(WebhookError::Unsupported)
    }
}

#[cfg(test)]
mod tests {
    use comptoir_domain::{
        ids::{Id, PaymentId},
        money::{Money, parse_currency},
    };

    use super::*;

    #[tokio::test]
    async fn the_money_is_due_and_no_token_is_taken() {
        let payment_id = PaymentId::from_uuid(uuid::Uuid::nil());
        let amount = Money::zero(parse_currency("EUR").unwrap());
        let request = PaymentRequest { payment_id, amount, token: None };
        assert_eq!(ManualPayment.pay(&request).await.unwrap(), PaymentOutcome::Due);
        assert_eq!(ManualPayment.check_token(None), Ok(()));
        assert!(ManualPayment.check_token(Some("approve")).is_err());
        assert_eq!(ManualPayment.read_webhook(None, b"{}"), Err(WebhookError::Unsupported));
    }
}
