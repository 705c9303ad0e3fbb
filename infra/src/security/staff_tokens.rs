//! Access tokens of staff: JSON Web Tokens (RFC 7519) signed with Ed25519 (RFC 8037).

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use chrono::{SubsecRound, TimeDelta};
use comptoir_domain::{
    access::{AccessToken, TokenError},
    clock::Timestamp,
    ids::StaffId,
    storage::BoxError,
};
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation,
    jwk::{Jwk, ThumbprintHash},
};
use serde::{Deserialize, Serialize};

/// A working day.
const LIFETIME: TimeDelta = TimeDelta::hours(8);
const ISSUER: &str = "comptoir";
const AUDIENCE: &str = "staff";

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: String,
    iat: i64,
    exp: i64,
}

/// Signs and checks access tokens with one key.
pub(super) struct StaffTokens {
    header: Header,
    signing: EncodingKey,
    verifying: DecodingKey,
    validation: Validation,
}

impl StaffTokens {
    /// From the 32 bytes of an Ed25519 private key (RFC 8032, 5.1.5).
    pub(super) fn new(seed: &[u8; 32]) -> Result<Self, BoxError> {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed)?;
        let signing = EncodingKey::from_ed_der(pair.to_pkcs8()?.as_ref());
        let verifying = DecodingKey::from_ed_der(pair.public_key().as_ref());

        let mut header = Header::new(Algorithm::EdDSA);
        let key = Jwk::from_decoding_key(&verifying, Some(Algorithm::EdDSA))?;
        header.kid = Some(key.thumbprint(ThumbprintHash::SHA256)?);

        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["iss", "sub", "aud", "exp"]);
        // `verify` does, against the time it is given.
        validation.validate_exp = false;
        Ok(Self { header, signing, verifying, validation })
    }

    /// A token for `staff`, and when it expires: in whole seconds, as the token has it.
    pub(super) fn issue(&self, staff: StaffId, now: Timestamp) -> Result<(AccessToken, Timestamp), BoxError> {
        let issued_at = now.trunc_subsecs(0);
        let expires_at = issued_at + LIFETIME;
        let claims = Claims {
            iss: ISSUER.to_owned(),
            sub: staff.to_string(),
            aud: AUDIENCE.to_owned(),
            iat: issued_at.timestamp(),
            exp: expires_at.timestamp(),
        };
        let token = jsonwebtoken::encode(&self.header, &claims, &self.signing)?;
        Ok((AccessToken::new(token), expires_at))
    }

    /// Whose token this is, at `now`.
    pub(super) fn verify(&self, token: &AccessToken, now: Timestamp) -> Result<(StaffId, Timestamp), TokenError> {
        let claims = jsonwebtoken::decode::<Claims>(token.expose(), &self.verifying, &self.validation)
            .map_err(|_| TokenError)?
            .claims;
        let expires_at = Timestamp::from_timestamp(claims.exp, 0).filter(|it| now < *it).ok_or(TokenError)?;
        claims.sub.parse().map(|staff| (staff, expires_at)).map_err(|_| TokenError)
    }
}

#[cfg(test)]
mod tests {
    use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
    use comptoir_domain::ids::Id;
    use serde_json::{Value, json};

    use super::*;

    /// The private key of RFC 8037, appendix A.1.
    const SEED: &str = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A";

    fn tokens() -> StaffTokens {
        StaffTokens::new(&BASE64_URL_SAFE_NO_PAD.decode(SEED).unwrap().try_into().unwrap()).unwrap()
    }

    fn staff() -> StaffId {
        StaffId::from_uuid("01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap())
    }

    fn now() -> Timestamp {
        "2026-11-22T10:00:00.123456Z".parse().unwrap()
    }

    fn part(value: &Value) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(value.to_string())
    }

    fn claims() -> Value {
        let (iat, exp) = (now().timestamp(), now().timestamp() + 60);
        json!({ "iss": "comptoir", "sub": staff().to_string(), "aud": "staff", "iat": iat, "exp": exp })
    }

    /// `claims`, signed with the right key.
    fn signed(claims: &Value) -> AccessToken {
        let tokens = tokens();
        AccessToken::new(jsonwebtoken::encode(&tokens.header, claims, &tokens.signing).unwrap())
    }

    #[test]
    fn a_token_says_who_and_for_how_long() {
        let (token, expires_at) = tokens().issue(staff(), now()).unwrap();
        assert_eq!(tokens().verify(&token, now()).map(|it| it.0), Ok(staff()));
        assert_eq!(expires_at, "2026-11-22T18:00:00Z".parse::<Timestamp>().unwrap());

        let parts: Vec<&str> = token.expose().split('.').collect();
        let read = |at: usize| -> Value {
            serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(parts[at]).unwrap()).unwrap()
        };
        // The thumbprint of RFC 8037, appendix A.3.
        let kid = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k";
        assert_eq!(read(0), json!({ "typ": "JWT", "alg": "EdDSA", "kid": kid }));
        let times = (1_795_341_600, 1_795_370_400);
        let expected = json!({
            "iss": "comptoir", "sub": "staff_01h455vb4pex5vsknk084sn02q", "aud": "staff", "iat": times.0, "exp": times.1,
        });
        assert_eq!(read(1), expected);
    }

    #[test]
    fn a_token_ends_by_the_given_time() {
        let (token, expires_at) = tokens().issue(staff(), now()).unwrap();
        assert_eq!(tokens().verify(&token, expires_at - TimeDelta::microseconds(1)), Ok((staff(), expires_at)));
        assert_eq!(tokens().verify(&token, expires_at), Err(TokenError));
        assert_eq!(tokens().verify(&token, expires_at + TimeDelta::days(365)), Err(TokenError));
    }

    #[test]
    fn a_changed_token_is_none() {
        let (token, _) = tokens().issue(staff(), now()).unwrap();
        let text = token.expose();
        for at in 0..text.len() {
            let swap = if text.as_bytes()[at] == b'A' { "B" } else { "A" };
            let changed = format!("{}{swap}{}", &text[..at], &text[at + 1..]);
            assert_eq!(tokens().verify(&AccessToken::new(changed), now()), Err(TokenError), "at {at}");
        }
        for text in ["", ".", "..", "a.b.c", &text[..text.len() - 1], text.rsplit_once('.').unwrap().0] {
            assert_eq!(tokens().verify(&AccessToken::new(text.to_owned()), now()), Err(TokenError), "{text}");
        }
    }

    #[test]
    fn another_key_opens_nothing() {
        let (token, _) = StaffTokens::new(&[7; 32]).unwrap().issue(staff(), now()).unwrap();
        assert_eq!(tokens().verify(&token, now()), Err(TokenError));
    }

    #[test]
    fn an_unsigned_token_is_none() {
        for alg in ["none", "None", "NONE", ""] {
            let unsigned = format!("{}.{}.", part(&json!({ "typ": "JWT", "alg": alg })), part(&claims()));
            assert_eq!(tokens().verify(&AccessToken::new(unsigned), now()), Err(TokenError), "{alg}");
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
            assert_eq!(tokens.verify(&AccessToken::new(token), now()), Err(TokenError), "{algorithm:?}");
        }
    }

    #[test]
    fn the_right_key_under_other_claims_is_refused() {
        assert_eq!(
            tokens().verify(&signed(&claims()), now()).map(|it| it.0),
            Ok(staff()),
            "the claims as they should be"
        );
        let wrong = [
            ("iss", json!("elsewhere")),
            ("aud", json!("customer")),
            ("sub", json!("cart_01h455vb4pex5vsknk084sn02q")),
            ("sub", json!(7)),
            ("exp", json!("tomorrow")),
            ("exp", json!(0)),
        ];
        for (name, value) in wrong {
            let mut claims = claims();
            claims[name] = value;
            assert_eq!(tokens().verify(&signed(&claims), now()), Err(TokenError), "{claims}");
        }
        for name in ["iss", "sub", "aud", "exp"] {
            let mut claims = claims();
            claims.as_object_mut().unwrap().remove(name);
            assert_eq!(tokens().verify(&signed(&claims), now()), Err(TokenError), "without {name}");
        }
    }
}
