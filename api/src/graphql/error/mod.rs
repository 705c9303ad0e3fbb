//! Errors on the wire: typed user errors for commands that are refused, masked faults for what is broken.

mod refuse;
mod user_error;

use std::fmt::Display;

use async_graphql::{Error, ErrorExtensions, resolver_utils::enum_value};

pub(super) use self::{
    refuse::{Refuse, code_error, line_error},
    user_error::{ErrorCode, Path, UserError},
};

/// Why a resolver has no result: refused with user errors, or broken.
pub(super) enum Refusal {
    /// The command was refused.
    Errors(Vec<UserError>),
    /// A top-level error: no right to it, or a fault.
    Top(Error),
}

impl From<UserError> for Refusal {
    fn from(error: UserError) -> Self {
        Self::Errors(vec![error])
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Top(error)
    }
}

impl Refusal {
    /// For queries, which have no payload: the first error, at the top level.
    pub(super) fn into_error(self) -> Error {
        match self {
            Self::Errors(errors) => errors.into_iter().next().map_or_else(|| fault(&"refused"), UserError::into_error),
            Self::Top(error) => error,
        }
    }

    /// The same refusal within something larger: `["input", …]` of the part is `at` of the whole.
    pub(super) fn within(self, at: &Path) -> Self {
        match self {
            Self::Errors(errors) => Self::Errors(errors.into_iter().map(|it| it.within(at)).collect()),
            Self::Top(error) => Self::Top(error),
        }
    }

    /// The user errors of a payload.
    ///
    /// # Errors
    /// What is not for a payload.
    pub(super) fn into_user_errors(self) -> Result<Vec<UserError>, Error> {
        match self {
            Self::Errors(errors) => Ok(errors),
            Self::Top(error) => Err(error),
        }
    }
}

/// Whether an error at the top level has this code.
pub(super) fn has_code(error: &Error, code: ErrorCode) -> bool {
    error.extensions.as_ref().and_then(|it| it.get("code")) == Some(&enum_value(code))
}

/// Something broke. The log has it all, the client learns that it happened.
pub(super) fn fault(error: &dyn Display) -> Error {
    tracing::error!(%error, "a request failed");
    top_error("INTERNAL", "internal error")
}

/// A top-level error with a code.
pub(super) fn top_error(code: &str, message: &str) -> Error {
    Error::new(message).extend_with(|_, extensions| extensions.set("code", code))
}
