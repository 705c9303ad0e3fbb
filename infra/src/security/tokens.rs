//! Secrets and tokens, sealed with keys derived from one master secret.

use std::fmt;

use aws_lc_rs::{
    digest::{SHA256, digest},
    hmac::{self, HMAC_SHA256},
    rand,
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use comptoir_domain::{
    access::{
        AccessClaims, AccessToken, CartSecret, DeviceToken, OneTimeCode, OrderToken, RefreshToken, SecretHash,
        TokenError, Tokens,
    },
    clock::Timestamp,
    ids::{Id, OrderId, SignInId},
    storage::BoxError,
};
use jsonwebtoken::jwk::JwkSet;
use uuid::Uuid;

use super::{MasterSecret, access_tokens::AccessTokens};

/// What a device's token begins with.
const DEVICE_TOKEN_PREFIX: &str = "dt_";
const CART_SECRET_PREFIX: &str = "cs_";
const ORDER_TOKEN_PREFIX: &str = "ot_";
const REFRESH_TOKEN_PREFIX: &str = "rt_";
/// A sign-in's id and a generation.
const REFRESH_PAYLOAD_BYTES: usize = 16 + 4;

/// Cart secrets (random), order and refresh tokens (HMAC-SHA-256 of what they open) and access tokens (signed JWT).
pub struct SealedTokens {
    current: Keys,
    /// What the secret before made is good for as long as it lasts.
    previous: Option<Keys>,
}

/// What is derived from one master secret.
struct Keys {
    order: hmac::Key,
    code: hmac::Key,
    refresh: hmac::Key,
    access: AccessTokens,
}

impl Keys {
    fn derive(secret: &MasterSecret) -> Result<Self, BoxError> {
        Ok(Self {
            order: hmac::Key::new(HMAC_SHA256, &secret.derive("order tokens")?),
            code: hmac::Key::new(HMAC_SHA256, &secret.derive("one-time codes")?),
            refresh: hmac::Key::new(HMAC_SHA256, &secret.derive("refresh tokens")?),
            access: AccessTokens::new(&secret.derive("access tokens")?)?,
        })
    }
}

impl SealedTokens {
    /// Derives the keys. The same secret gives the same keys, so tokens outlive a restart; those of the `previous` secret are
    /// still read, and no longer made.
    ///
    /// # Errors
    /// The derivation failed.
    pub fn new(secret: &MasterSecret, previous: Option<&MasterSecret>) -> Result<Self, BoxError> {
        Ok(Self { current: Keys::derive(secret)?, previous: previous.map(Keys::derive).transpose()? })
    }

    /// The public keys of access tokens, as a JSON Web Key Set (RFC 7517, 5).
    ///
    /// # Errors
    /// A key cannot be written as JSON.
    pub fn public_keys(&self) -> Result<String, BoxError> {
        let keys = self.keys().map(|it| it.access.public_key().clone()).collect();
        Ok(serde_json::to_string(&JwkSet { keys })?)
    }

    fn keys(&self) -> impl Iterator<Item = &Keys> {
        std::iter::once(&self.current).chain(&self.previous)
    }
}

impl fmt::Debug for SealedTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealedTokens(…)")
    }
}

impl Tokens for SealedTokens {
    fn new_cart_secret(&self) -> CartSecret {
        CartSecret::new(new_secret(CART_SECRET_PREFIX))
    }

    fn hash_cart_secret(&self, secret: &CartSecret) -> SecretHash {
        SecretHash(sha256(secret.expose()))
    }

    fn new_device_token(&self) -> DeviceToken {
        DeviceToken::new(new_secret(DEVICE_TOKEN_PREFIX))
    }

    fn hash_device_token(&self, token: &DeviceToken) -> SecretHash {
        SecretHash(sha256(token.expose()))
    }

    fn new_code(&self) -> OneTimeCode {
        OneTimeCode::from_random(random())
    }

    fn hash_code(&self, code: &OneTimeCode) -> SecretHash {
        SecretHash(hex::encode(hmac::sign(&self.current.code, code.expose().as_bytes())))
    }

    fn hash_network(&self, address: &str) -> SecretHash {
        SecretHash(hex::encode(hmac::sign(&self.current.code, format!("network {address}").as_bytes())))
    }

    fn order_token(&self, order: OrderId) -> OrderToken {
        let tag = hmac::sign(&self.current.order, order.to_string().as_bytes());
        OrderToken::new(format!("{ORDER_TOKEN_PREFIX}{}", BASE64_URL_SAFE_NO_PAD.encode(tag)))
    }

    fn opens_order(&self, token: &OrderToken, order: OrderId) -> bool {
        let encoded = token.expose().strip_prefix(ORDER_TOKEN_PREFIX);
        let tag = encoded.and_then(|it| BASE64_URL_SAFE_NO_PAD.decode(it).ok());
        // Compares in constant time.
        let opens = |key: &Keys, tag: &[u8]| hmac::verify(&key.order, order.to_string().as_bytes(), tag).is_ok();
        tag.is_some_and(|tag| self.keys().any(|key| opens(key, &tag)))
    }

    fn access_token(&self, claims: &AccessClaims, now: Timestamp) -> Result<(AccessToken, Timestamp), BoxError> {
        self.current.access.issue(claims, now)
    }

    fn read_access_token(&self, token: &AccessToken, now: Timestamp) -> Result<AccessClaims, TokenError> {
        self.keys().find_map(|it| it.access.read(token, now).ok()).ok_or(TokenError)
    }

    fn refresh_token(&self, sign_in: SignInId, generation: u32) -> RefreshToken {
        let mut bytes = [sign_in.uuid().as_bytes(), generation.to_be_bytes().as_slice()].concat();
        let tag = hmac::sign(&self.current.refresh, &bytes);
        bytes.extend_from_slice(tag.as_ref());
        RefreshToken::new(format!("{REFRESH_TOKEN_PREFIX}{}", BASE64_URL_SAFE_NO_PAD.encode(bytes)))
    }

    fn read_refresh_token(&self, token: &RefreshToken) -> Option<(SignInId, u32)> {
        let encoded = token.expose().strip_prefix(REFRESH_TOKEN_PREFIX)?;
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(encoded).ok()?;
        let (payload, tag) = bytes.split_at_checked(REFRESH_PAYLOAD_BYTES)?;
        self.keys().find(|it| hmac::verify(&it.refresh, payload, tag).is_ok())?;
        let (id, generation) = payload.split_first_chunk::<16>()?;
        let generation = u32::from_be_bytes(generation.try_into().ok()?);
        Some((SignInId::from_uuid(Uuid::from_bytes(*id)), generation))
    }

    fn fingerprint(&self, input: &str) -> String {
        sha256(input)
    }
}

/// A text of 32 random bytes.
fn new_secret(prefix: &str) -> String {
    format!("{prefix}{}", BASE64_URL_SAFE_NO_PAD.encode(random::<32>()))
}

#[expect(clippy::expect_used, reason = "without random bytes no secret is safe, and nothing can be served")]
fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    rand::fill(&mut bytes).expect("the system gives random bytes");
    bytes
}

fn sha256(text: &str) -> String {
    hex::encode(digest(&SHA256, text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use comptoir_domain::{access::Subject, ids::StaffId};

    use super::*;

    /// FIPS 180-4's example, from NIST's "SHA256" examples: the digest of `abc`.
    const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    fn tokens(secret: &str) -> SealedTokens {
        SealedTokens::new(&MasterSecret::parse(&secret.repeat(32)).unwrap(), None).unwrap()
    }

    fn now() -> Timestamp {
        "2026-11-22T10:00:00Z".parse().unwrap()
    }

    fn claims() -> AccessClaims {
        let (subject, sign_in) = (Subject::Staff(StaffId::from_uuid(Uuid::nil())), SignInId::from_uuid(Uuid::max()));
        AccessClaims { subject, sign_in, expires_at: "2026-11-22T11:00:00Z".parse().unwrap() }
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
    fn device_tokens_and_codes_are_drawn_anew_each_time() {
        let tokens = tokens("42");
        let device_tokens: HashSet<String> = (0..1000).map(|_| tokens.new_device_token().expose().to_owned()).collect();
        assert!(device_tokens.len() == 1000 && device_tokens.iter().all(|it| it.starts_with("dt_") && it.len() == 46));
        let codes: Vec<String> = (0..1000).map(|_| tokens.new_code().expose().to_owned()).collect();
        assert_eq!(codes.iter().collect::<HashSet<_>>().len(), 1000);
        let letters: HashSet<char> = codes.iter().flat_map(|it| it.chars()).collect();
        assert_eq!(letters.len(), OneTimeCode::ALPHABET.len(), "each of them is drawn");
    }

    #[test]
    fn a_codes_digest_takes_the_key() {
        let (code, same): (OneTimeCode, _) = ("0123456789".parse().unwrap(), "o1234-56789".parse().unwrap());
        let digest = tokens("42").hash_code(&code);
        assert_eq!((tokens("42").hash_code(&same), digest.0.len()), (digest.clone(), 64));
        assert_ne!(tokens("43").hash_code(&code), digest);
        assert_ne!(sha256(code.expose()), digest.0);
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
    fn a_refresh_token_says_of_which_sign_in_and_generation_it_is() {
        let tokens = tokens("42");
        let id = SignInId::from_uuid("01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap());
        for generation in [0, 1, 2, u32::MAX] {
            assert_eq!(tokens.read_refresh_token(&tokens.refresh_token(id, generation)), Some((id, generation)));
        }
        let token = tokens.refresh_token(id, 7);
        let text = token.expose();
        let read = |text: &str| tokens.read_refresh_token(&RefreshToken::new(text.to_owned()));
        for at in 0..text.len() {
            let swap = if text.as_bytes()[at] == b'A' { "B" } else { "A" };
            assert_eq!(read(&format!("{}{swap}{}", &text[..at], &text[at + 1..])), None, "at {at}");
        }
        for changed in ["", "rt_", "rt_AAAA", &text[3..], &text[..30], &format!("{text}="), &format!("{text}AAAA")] {
            assert_eq!(read(changed), None, "{changed}");
        }
    }

    #[test]
    fn another_master_secret_opens_nothing() {
        let (ours, theirs) = (tokens("42"), tokens("43"));
        assert!(!ours.opens_order(&theirs.order_token(order()), order()));
        let (token, _) = theirs.access_token(&claims(), now()).unwrap();
        assert_eq!(theirs.read_access_token(&token, now()), Ok(claims()));
        assert_eq!(ours.read_access_token(&token, now()), Err(TokenError));
        assert_eq!(ours.read_refresh_token(&theirs.refresh_token(claims().sign_in, 1)), None);
    }

    #[test]
    fn what_the_previous_secret_made_is_still_read_and_no_longer_made() {
        let secret = |text: &str| MasterSecret::parse(&text.repeat(32)).unwrap();
        let (before, after) = (tokens("42"), SealedTokens::new(&secret("43"), Some(&secret("42"))).unwrap());
        let (token, _) = before.access_token(&claims(), now()).unwrap();
        assert_eq!(after.read_access_token(&token, now()), Ok(claims()));
        assert!(after.opens_order(&before.order_token(order()), order()));
        let refresh = before.refresh_token(claims().sign_in, 3);
        assert_eq!(after.read_refresh_token(&refresh), Some((claims().sign_in, 3)));
        let (token, _) = after.access_token(&claims(), now()).unwrap();
        assert_eq!(before.read_access_token(&token, now()), Err(TokenError));
        let keys: JwkSet = serde_json::from_str(&after.public_keys().unwrap()).unwrap();
        assert_eq!(keys.keys.len(), 2);
    }

    #[test]
    fn tokens_outlive_a_restart() {
        let (token, _) = tokens("42").access_token(&claims(), now()).unwrap();
        assert_eq!(tokens("42").read_access_token(&token, now()), Ok(claims()));
        assert_eq!(tokens("42").refresh_token(claims().sign_in, 2), tokens("42").refresh_token(claims().sign_in, 2));
    }
}
