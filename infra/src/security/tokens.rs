//! Secrets and tokens, sealed with keys derived from one master secret.

use std::fmt;

use aws_lc_rs::{
    digest::{SHA256, digest},
    hmac::{self, HMAC_SHA256},
    rand,
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use comptoir_domain::{
    access::{AccessToken, CartSecret, OrderToken, SecretHash, TokenError, Tokens},
    clock::Timestamp,
    ids::{OrderId, StaffId},
    storage::BoxError,
};

use super::{MasterSecret, staff_tokens::StaffTokens};

const CART_SECRET_PREFIX: &str = "cs_";
const ORDER_TOKEN_PREFIX: &str = "ot_";

/// Cart secrets (random), order tokens (HMAC-SHA-256 of the order's id) and access tokens of staff (signed JWT).
pub struct SealedTokens {
    order_key: hmac::Key,
    staff: StaffTokens,
}

impl SealedTokens {
    /// Derives the keys. The same secret gives the same keys, so tokens outlive a restart.
    ///
    /// # Errors
    /// The derivation failed.
    pub fn new(secret: &MasterSecret) -> Result<Self, BoxError> {
        Ok(Self {
            order_key: hmac::Key::new(HMAC_SHA256, &secret.derive("order tokens")?),
            staff: StaffTokens::new(&secret.derive("staff tokens")?)?,
        })
    }
}

impl fmt::Debug for SealedTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealedTokens(…)")
    }
}

impl Tokens for SealedTokens {
    #[expect(clippy::expect_used, reason = "without random bytes no secret is safe, and nothing can be served")]
    fn new_cart_secret(&self) -> CartSecret {
        let mut bytes = [0; 32];
        rand::fill(&mut bytes).expect("the system gives random bytes");
        CartSecret::new(format!("{CART_SECRET_PREFIX}{}", BASE64_URL_SAFE_NO_PAD.encode(bytes)))
    }

    fn hash_cart_secret(&self, secret: &CartSecret) -> SecretHash {
        SecretHash(sha256(secret.expose()))
    }

    fn order_token(&self, order: OrderId) -> OrderToken {
        let tag = hmac::sign(&self.order_key, order.to_string().as_bytes());
        OrderToken::new(format!("{ORDER_TOKEN_PREFIX}{}", BASE64_URL_SAFE_NO_PAD.encode(tag)))
    }

    fn opens_order(&self, token: &OrderToken, order: OrderId) -> bool {
        let encoded = token.expose().strip_prefix(ORDER_TOKEN_PREFIX);
        let tag = encoded.and_then(|it| BASE64_URL_SAFE_NO_PAD.decode(it).ok());
        // Compares in constant time.
        tag.is_some_and(|it| hmac::verify(&self.order_key, order.to_string().as_bytes(), &it).is_ok())
    }

    fn issue_staff_token(&self, staff: StaffId, now: Timestamp) -> Result<(AccessToken, Timestamp), BoxError> {
        self.staff.issue(staff, now)
    }

    fn verify_staff_token(&self, token: &AccessToken, now: Timestamp) -> Result<(StaffId, Timestamp), TokenError> {
        self.staff.verify(token, now)
    }

    fn fingerprint(&self, input: &str) -> String {
        sha256(input)
    }
}

fn sha256(text: &str) -> String {
    hex::encode(digest(&SHA256, text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use comptoir_domain::ids::Id;

    use super::*;

    /// FIPS 180-4's example, from NIST's "SHA256" examples: the digest of `abc`.
    const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    fn tokens(secret: &str) -> SealedTokens {
        SealedTokens::new(&MasterSecret::parse(&secret.repeat(32)).unwrap()).unwrap()
    }

    fn order() -> OrderId {
        OrderId::from_uuid("01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap())
    }

    #[test]
    fn cart_secrets_are_32_random_bytes() {
        let secrets: HashSet<String> = (0..1000).map(|_| tokens("42").new_cart_secret().expose().to_owned()).collect();
        assert_eq!(secrets.len(), 1000);
        for secret in secrets {
            let bytes = BASE64_URL_SAFE_NO_PAD.decode(secret.strip_prefix("cs_").unwrap()).unwrap();
            assert_eq!(bytes.len(), 32);
        }
    }

    #[test]
    fn digests_are_sha_256_whatever_the_master_secret() {
        assert_eq!(tokens("42").hash_cart_secret(&CartSecret::new("abc".to_owned())), SecretHash(ABC.to_owned()));
        assert_eq!(tokens("43").fingerprint("abc"), ABC);
    }

    #[test]
    fn an_order_token_opens_its_order_alone() {
        let tokens = tokens("42");
        let token = tokens.order_token(order());
        // Made by another implementation of RFC 5869 and RFC 2104; tokens in letters to buyers must stay valid.
        assert_eq!(token.expose(), "ot_2_Gvh0usyASgZPbOv85yENVoj0isCl8EFRN94OEKLm4");
        assert!(tokens.opens_order(&token, order()));
        assert!(!tokens.opens_order(&token, OrderId::from_uuid(uuid::Uuid::nil())));
    }

    #[test]
    fn a_changed_order_token_opens_nothing() {
        let tokens = tokens("42");
        let token = tokens.order_token(order());
        let text = token.expose();
        for at in 0..text.len() {
            let swap = if text.as_bytes()[at] == b'A' { "B" } else { "A" };
            let changed = format!("{}{swap}{}", &text[..at], &text[at + 1..]);
            assert!(!tokens.opens_order(&OrderToken::new(changed), order()), "at {at}");
        }
        for changed in ["", "ot_", &text[3..], &text[..20], &format!("{text}="), &format!("{text}A")] {
            assert!(!tokens.opens_order(&OrderToken::new(changed.to_owned()), order()), "{changed}");
        }
    }

    #[test]
    fn another_master_secret_opens_nothing() {
        let (ours, theirs) = (tokens("42"), tokens("43"));
        assert!(!ours.opens_order(&theirs.order_token(order()), order()));
        let now = "2026-11-22T10:00:00Z".parse().unwrap();
        let staff = StaffId::from_uuid(uuid::Uuid::nil());
        let (token, _) = theirs.issue_staff_token(staff, now).unwrap();
        assert_eq!(theirs.verify_staff_token(&token, now).map(|it| it.0), Ok(staff));
        assert_eq!(ours.verify_staff_token(&token, now), Err(TokenError));
    }

    #[test]
    fn tokens_outlive_a_restart() {
        let now = "2026-11-22T10:00:00Z".parse().unwrap();
        let staff = StaffId::from_uuid(uuid::Uuid::nil());
        let (token, _) = tokens("42").issue_staff_token(staff, now).unwrap();
        assert_eq!(tokens("42").verify_staff_token(&token, now).map(|it| it.0), Ok(staff));
    }
}
