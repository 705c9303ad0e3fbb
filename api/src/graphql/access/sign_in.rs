//! Going on and signing out, for customers and staff alike.

use async_graphql::{Context, InputObject, Object, Result, SimpleObject};
use comptoir_domain::access::{RefreshToken, SignInTokens};

use super::super::{
    context::{ContextExt as _, has_signed_in},
    error::{Path, Refuse as _, UserError},
    scalar::DateTime,
};

/// What one who signed in goes on with; all of it is null where the command was refused.
#[derive(SimpleObject, Default)]
pub(in crate::graphql) struct Tokens {
    /// Goes into the header `Authorization`, after `Bearer `.
    access_token: Option<String>,
    /// When the access token ends.
    expires_at: Option<DateTime>,
    /// Gives new tokens, by `accessTokenRefresh`. Once: each has a new one, and one that comes twice ends the sign-in.
    refresh_token: Option<String>,
    /// When the refresh token ends.
    refresh_expires_at: Option<DateTime>,
}

impl From<SignInTokens> for Tokens {
    fn from(tokens: SignInTokens) -> Self {
        Self {
            access_token: Some(tokens.access.expose().to_owned()),
            expires_at: Some(DateTime(tokens.access_expires_at)),
            refresh_token: Some(tokens.refresh.expose().to_owned()),
            refresh_expires_at: Some(DateTime(tokens.refresh_expires_at)),
        }
    }
}

/// What gives new tokens.
#[derive(InputObject)]
struct AccessTokenRefreshInput {
    /// The newest refresh token.
    #[graphql(secret)]
    refresh_token: String,
}

/// The answer to `accessTokenRefresh`.
#[derive(SimpleObject)]
struct AccessTokenRefreshPayload {
    #[graphql(flatten)]
    tokens: Tokens,
    /// Why the command was refused; empty: it was not.
    user_errors: Vec<UserError>,
}

/// Where to sign out.
#[derive(InputObject)]
struct SignOutInput {
    /// On all devices, not on this one alone.
    #[graphql(default = false)]
    everywhere: bool,
}

/// The answer to `signOut`.
#[derive(SimpleObject)]
struct SignOutPayload {
    /// Whether the tokens open nothing any more.
    is_signed_out: bool,
    /// Why the command was refused; empty: it was not.
    user_errors: Vec<UserError>,
}

/// Commands of whoever signed in.
#[derive(Default)]
pub(in crate::graphql) struct SignInMutation;

#[Object]
impl SignInMutation {
    /// Gives new tokens for a refresh token, which is used up. One that was used before ends the sign-in: somebody has a copy.
    async fn access_token_refresh(
        &self,
        ctx: &Context<'_>,
        input: AccessTokenRefreshInput,
    ) -> Result<AccessTokenRefreshPayload> {
        let request = ctx.request()?;
        let token = RefreshToken::new(input.refresh_token);
        match request.app.sign_ins.refresh(&request.actor, &token).await {
            Ok(tokens) => Ok(AccessTokenRefreshPayload { tokens: tokens.into(), user_errors: vec![] }),
            Err(error) => {
                let user_errors = error.refuse(Path::argument("input")).into_user_errors()?;
                Ok(AccessTokenRefreshPayload { tokens: Tokens::default(), user_errors })
            }
        }
    }

    /// Signs out: the access and refresh tokens open nothing any more, and sockets that were opened with them close.
    #[graphql(visible = "has_signed_in")]
    async fn sign_out(&self, ctx: &Context<'_>, input: Option<SignOutInput>) -> Result<SignOutPayload> {
        let request = ctx.request()?;
        let everywhere = input.is_some_and(|it| it.everywhere);
        match request.app.sign_ins.end(&request.actor, everywhere).await {
            Ok(()) => Ok(SignOutPayload { is_signed_out: true, user_errors: vec![] }),
            Err(error) => {
                let user_errors = error.refuse(Path::argument("input")).into_user_errors()?;
                Ok(SignOutPayload { is_signed_out: false, user_errors })
            }
        }
    }
}
