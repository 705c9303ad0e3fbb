//! From the errors of search to the wire's.

use comptoir_domain::search::{MerchandisingError, SearchError, SearchRule, Synonyms};

use super::super::error::{ErrorCode, Path, Refusal, Refuse, UserError, top_error};

impl Refuse for SearchError {
    fn refuse(self, at: Path) -> Refusal {
        let message = self.to_string();
        let limit = |argument| UserError::input(ErrorCode::LimitExceeded, message.clone(), Path::argument(argument));
        match self {
            Self::Access(error) => error.refuse(at),
            Self::Storage(error) => error.refuse(at),
            Self::TextTooLong => limit("query").into(),
            Self::TooManyFilters => limit("filter").into(),
            Self::TooFar => limit("offset").into(),
            Self::TooMany { .. } => limit("first").into(),
            Self::UnknownChannel { .. } => {
                UserError::input(ErrorCode::UnknownChannel, message, Path::argument("channel")).into()
            }
            Self::Unavailable(source) => {
                tracing::warn!(%source, "search is unavailable");
                top_error("SEARCH_UNAVAILABLE", "search is unavailable; lists of products go on without it").into()
            }
        }
    }
}

impl Refuse for MerchandisingError {
    fn refuse(self, at: Path) -> Refusal {
        let message = self.to_string();
        let input = |at| UserError::input(ErrorCode::InvalidInput, message.clone(), at).into();
        let action = |index, field: &str| Path::input("actions").index(index).field(field);
        match self {
            Self::Access(error) => error.refuse(at),
            Self::Storage(error) => error.refuse(at),
            Self::InvalidCode => input(at.field("code")),
            Self::UnknownChannel { .. } => {
                UserError::input(ErrorCode::UnknownChannel, message, at.field("channel")).into()
            }
            Self::InvalidName => input(at.field("name")),
            Self::InvalidCondition => input(at.field("query")),
            Self::InvalidWindow => input(at.field("endsAt")),
            Self::ActionCount => UserError::limit(SearchRule::ACTIONS_MAX, &message, at.field("actions")).into(),
            Self::InvalidPosition { index } => input(action(index, "pin").field("position")),
            Self::InvalidTarget { index } => input(Path::input("actions").index(index)),
            Self::UnknownProduct { index } => {
                UserError::input(ErrorCode::NotFound, message, Path::input("actions").index(index)).into()
            }
            Self::UnknownCustomerGroup => {
                UserError::input(ErrorCode::NotFound, message, at.field("customerGroupId")).into()
            }
            Self::UnknownCollection => UserError::input(ErrorCode::NotFound, message, at.field("collectionId")).into(),
            Self::Contradiction { index } => input(Path::input("actions").index(index)),
            Self::InvalidRedirect { index } => input(action(index, "redirect")),
            Self::InvalidTerms => UserError::limit(Synonyms::TERMS_MAX, &message, at.field("terms")).into(),
            Self::TooMany { max } => UserError::limit(max, &message, at).into(),
            Self::NotFound => UserError::input(ErrorCode::NotFound, message, at.field("code")).into(),
        }
    }
}
