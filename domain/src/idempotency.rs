//! Commands that run once however often they are sent.

use async_trait::async_trait;
use uuid::Uuid;

use crate::{clock::Timestamp, storage::StorageError};

/// A key the client chose for one command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct IdempotencyKey(pub Uuid);

/// The key came before with other input.
#[derive(Debug, thiserror::Error)]
#[error("the idempotency key was used before with other input")]
pub struct KeyReused;

/// A command that ran, or runs, under a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotentCommand {
    /// The key.
    pub key: IdempotencyKey,
    /// The name of the command and all its input, as a digest.
    pub fingerprint: String,
    /// What the command made, enough to answer again.
    pub result: String,
    /// When it ran.
    pub created_at: Timestamp,
}

/// Keys and what ran under them.
#[async_trait]
pub trait IdempotencyRepository: Send + Sync {
    /// Stores `command`, or returns the one that holds its key already.
    ///
    /// Of two at once, the later waits until the earlier has ended its transaction.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn claim(&self, command: &IdempotentCommand) -> Result<Option<IdempotentCommand>, StorageError>;
}

impl IdempotentCommand {
    /// What `earlier`, the command that held the key, made.
    ///
    /// # Errors
    /// [`KeyReused`] where it was not this command with this input.
    pub fn replay(&self, earlier: Self) -> Result<String, KeyReused> {
        if earlier.fingerprint == self.fingerprint { Ok(earlier.result) } else { Err(KeyReused) }
    }
}
