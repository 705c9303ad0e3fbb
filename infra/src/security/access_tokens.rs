//! Access tokens: JSON Web Tokens (RFC 7519) signed with Ed25519 (RFC 8037).

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use chrono::SubsecRound;
use comptoir_domain::{
    access::{AccessClaims, AccessToken, Subject, TokenError},
    clock::Timestamp,
    storage::BoxError,
};
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation,
    jwk::{Jwk, PublicKeyUse, ThumbprintHash},
};
use serde::{Deserialize, Serialize};

const ISSUER: &str = "comptoir";
const CUSTOMERS: &str = "customer";
const STAFF: &str = "staff";

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: String,
    /// Where they signed in: the `sid` of OpenID Connect's session management.
    sid: String,
    iat: i64,
    exp: i64,
}

/// Signs and checks access tokens with one key.
pub(super) struct AccessTokens {
    header: Header,
    signing: EncodingKey,
    verifying: DecodingKey,
    validation: Validation,
    public: Jwk,
}

impl AccessTokens {
    /// From the 32 bytes of an Ed25519 private key (RFC 8032, 5.1.5).
    pub(super) fn new(seed: &[u8; 32]) -> Result<Self, BoxError> {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed)?;
        let signing = EncodingKey::from_ed_der(pair.to_pkcs8()?.as_ref());
        let verifying = DecodingKey::from_ed_der(pair.public_key().as_ref());

        let mut header = Header::new(Algorithm::EdDSA);
        let mut public = Jwk::from_decoding_key(&verifying, Some(Algorithm::EdDSA))?;
        let kid = public.thumbprint(ThumbprintHash::SHA256)?;
        public.common.key_id = Some(kid.clone());
        public.common.public_key_use = Some(PublicKeyUse::Signature);
        header.kid = Some(kid);

        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[CUSTOMERS, STAFF]);
        validation.set_required_spec_claims(&["iss", "sub", "aud", "exp"]);
        // `read` does, against the time it is given.
        validation.validate_exp = false;
        Ok(Self { header, signing, verifying, validation, public })
    }

    /// The public key, by which anybody can check tokens (RFC 7517).
    pub(super) fn public_key(&self) -> &Jwk {
        &self.public
    }

    /// A token with `claims`, and when it expires: in whole seconds, as the token has it.
    pub(super) fn issue(&self, it: &AccessClaims, now: Timestamp) -> Result<(AccessToken, Timestamp), BoxError> {
        let expires_at = it.expires_at.trunc_subsecs(0);
        let claims = Claims {
            iss: ISSUER.to_owned(),
            sub: it.subject.to_string(),
            aud: audience(it.subject).to_owned(),
            sid: it.sign_in.to_string(),
            iat: now.timestamp(),
            exp: expires_at.timestamp(),
        };
        let token = jsonwebtoken::encode(&self.header, &claims, &self.signing)?;
        Ok((AccessToken::new(token), expires_at))
    }

    /// What a token claims, at `now`.
    pub(super) fn read(&self, token: &AccessToken, now: Timestamp) -> Result<AccessClaims, TokenError> {
        let claims = jsonwebtoken::decode::<Claims>(token.expose(), &self.verifying, &self.validation)
            .map_err(|_| TokenError)?
            .claims;
        let expires_at = Timestamp::from_timestamp(claims.exp, 0).filter(|it| now < *it).ok_or(TokenError)?;
        let subject = if claims.aud == CUSTOMERS {
            claims.sub.parse().map(Subject::Customer)
        } else {
            claims.sub.parse().map(Subject::Staff)
        };
        let (subject, sign_in) = subject.and_then(|it| Ok((it, claims.sid.parse()?))).map_err(|_| TokenError)?;
        Ok(AccessClaims { subject, sign_in, expires_at })
    }
}

/// Whom a token is for: one of customers opens nothing of staff, whatever it says besides.
fn audience(subject: Subject) -> &'static str {
    match subject {
        Subject::Customer(_) => CUSTOMERS,
        Subject::Staff(_) => STAFF,
    }
}

#[cfg(test)]
mod tests {
    use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
    use chrono::TimeDelta;
    use comptoir_domain::ids::{CustomerId, Id, SignInId, StaffId};
    use serde_json::{Value, json};

    use super::*;

    /// The private key of RFC 8037, appendix A.1.
    const SEED: &str = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A";

    fn tokens() -> AccessTokens {
        AccessTokens::new(&BASE64_URL_SAFE_NO_PAD.decode(SEED).unwrap().try_into().unwrap()).unwrap()
    }

    fn id<I: Id>() -> I {
        I::from_uuid("01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap())
    }

    /// What a token of `subject` claims, in an hour to the second.
    fn claims_of(subject: Subject) -> AccessClaims {
        let expires_at = "2026-11-22T11:00:00Z".parse().unwrap();
        AccessClaims { subject, sign_in: id::<SignInId>(), expires_at }
    }

    fn staff() -> AccessClaims {
        claims_of(Subject::Staff(id::<StaffId>()))
    }

    fn now() -> Timestamp {
        "2026-11-22T10:00:00.123456Z".parse().unwrap()
    }

    fn part(value: &Value) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(value.to_string())
    }

    fn claims() -> Value {
        let (iat, exp) = (now().timestamp(), now().timestamp() + 3_600);
        json!({
            "iss": "comptoir", "sub": id::<StaffId>().to_string(), "aud": "staff", "sid": id::<SignInId>().to_string(), "iat": iat, "exp": exp,
        })
    }

    /// `claims`, signed with the right key.
    fn signed(claims: &Value) -> AccessToken {
        let tokens = tokens();
        AccessToken::new(jsonwebtoken::encode(&tokens.header, claims, &tokens.signing).unwrap())
    }

    #[test]
    fn a_token_says_who_and_for_how_long() {
        let (token, expires_at) = tokens().issue(&staff(), now()).unwrap();
        assert_eq!(tokens().read(&token, now()), Ok(staff()));
        assert_eq!(expires_at, staff().expires_at);
        let customer = claims_of(Subject::Customer(id::<CustomerId>()));
        assert_eq!(tokens().read(&tokens().issue(&customer, now()).unwrap().0, now()), Ok(customer));

        let parts: Vec<&str> = token.expose().split('.').collect();
        let read = |at: usize| -> Value {
            serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(parts[at]).unwrap()).unwrap()
        };
        // The thumbprint of RFC 8037, appendix A.3.
        let kid = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k";
        assert_eq!(read(0), json!({ "typ": "JWT", "alg": "EdDSA", "kid": kid }));
        let times = (1_795_341_600, 1_795_345_200);
        let expected = json!({
            "iss": "comptoir", "sub": "staff_01h455vb4pex5vsknk084sn02q", "aud": "staff",
            "sid": "signin_01h455vb4pex5vsknk084sn02q", "iat": times.0, "exp": times.1,
        });
        assert_eq!(read(1), expected);
    }

    #[test]
    fn a_token_ends_by_the_given_time() {
        let (token, expires_at) = tokens().issue(&staff(), now()).unwrap();
        assert_eq!(tokens().read(&token, expires_at - TimeDelta::microseconds(1)), Ok(staff()));
        assert_eq!(tokens().read(&token, expires_at), Err(TokenError));
        assert_eq!(tokens().read(&token, expires_at + TimeDelta::days(365)), Err(TokenError));
    }

    #[test]
    fn a_changed_token_is_none() {
        let (token, _) = tokens().issue(&staff(), now()).unwrap();
        let text = token.expose();
        for at in 0..text.len() {
            let swap = if text.as_bytes()[at] == b'A' { "B" } else { "A" };
            let changed = format!("{}{swap}{}", &text[..at], &text[at + 1..]);
            assert_eq!(tokens().read(&AccessToken::new(changed), now()), Err(TokenError), "at {at}");
        }
        for text in ["", ".", "..", "a.b.c", &text[..text.len() - 1], text.rsplit_once('.').unwrap().0] {
            assert_eq!(tokens().read(&AccessToken::new(text.to_owned()), now()), Err(TokenError), "{text}");
        }
    }

    #[test]
    fn another_key_opens_nothing() {
        let (token, _) = AccessTokens::new(&[7; 32]).unwrap().issue(&staff(), now()).unwrap();
        assert_eq!(tokens().read(&token, now()), Err(TokenError));
    }

    /// The public key of RFC 8037, appendix A.2, with its thumbprint of A.3 and what RFC 7517 has for a key that signs.
    #[test]
    fn the_public_key_is_shown_as_a_jwk() {
        assert_eq!(
            serde_json::to_value(tokens().public_key()).unwrap(),
            json!({
                "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
                "kid": "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k", "alg": "EdDSA", "use": "sig",
            })
        );
    }

    #[test]
    fn an_unsigned_token_is_none() {
        for alg in ["none", "None", "NONE", ""] {
            let unsigned = format!("{}.{}.", part(&json!({ "typ": "JWT", "alg": alg })), part(&claims()));
            assert_eq!(tokens().read(&AccessToken::new(unsigned), now()), Err(TokenError), "{alg}");
        }
    }

    #[test]
    fn the_public_key_is_no_hmac_key() {
        let tokens = tokens();
        let public = tokens.verifying.try_get_as_bytes().unwrap();
        for algorithm in [Algorithm::HS256, Algorithm::HS384, Algorithm::HS512] {
            let mut header = Header::new(algorithm);
            header.kid.clone_from(&tokens.header.kid);
            let token = jsonwebtoken::encode(&header, &claims(), &EncodingKey::from_secret(public)).unwrap();
            assert_eq!(tokens.read(&AccessToken::new(token), now()), Err(TokenError), "{algorithm:?}");
        }
    }

    #[test]
    fn the_right_key_under_other_claims_is_refused() {
        assert_eq!(tokens().read(&signed(&claims()), now()), Ok(staff()), "the claims as they should be");
        let wrong = [
            ("iss", json!("elsewhere")),
            ("aud", json!("customer")),
            ("aud", json!("device")),
            ("sid", json!("staff_01h455vb4pex5vsknk084sn02q")),
            ("sub", json!("cart_01h455vb4pex5vsknk084sn02q")),
            ("sub", json!(7)),
            ("exp", json!("tomorrow")),
            ("exp", json!(0)),
        ];
        for (name, value) in wrong {
            let mut claims = claims();
            claims[name] = value;
            assert_eq!(tokens().read(&signed(&claims), now()), Err(TokenError), "{claims}");
        }
        for name in ["iss", "sub", "aud", "sid", "exp"] {
            let mut claims = claims();
            claims.as_object_mut().unwrap().remove(name);
            assert_eq!(tokens().read(&signed(&claims), now()), Err(TokenError), "without {name}");
        }
    }
}
