//! Ids on the wire.

use async_graphql::ID;
use comptoir_domain::{idempotency::IdempotencyKey, ids::Id};

use super::{
    error::{ErrorCode, Path, Refusal, UserError},
    scalar::Uuid,
};

/// An id of the domain from one of the wire.
pub(super) fn parse_id<I: Id>(id: &ID, at: Path) -> Result<I, Refusal> {
    id.parse()
        .map_err(|it: comptoir_domain::ids::IdError| UserError::input(ErrorCode::InvalidId, it.to_string(), at).into())
}

/// Ids of the domain from a list of the wire; the list's places are part of the path.
pub(super) fn parse_ids<I: Id>(ids: &[ID], at: &Path) -> Result<Vec<I>, Refusal> {
    ids.iter().enumerate().map(|(index, id)| parse_id(id, at.clone().index(index))).collect()
}

/// A client's key for one command.
pub(super) fn parse_key(key: &Uuid, at: Path) -> Result<IdempotencyKey, Refusal> {
    let parsed = uuid::Uuid::parse_str(&key.0);
    parsed.map(IdempotencyKey).map_err(|_| UserError::input(ErrorCode::InvalidInput, "this is not a UUID", at).into())
}

/// An id of the wire from one of the domain.
pub(super) fn to_id(id: impl Id) -> ID {
    id.to_string().into()
}
