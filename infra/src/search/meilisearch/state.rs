//! The state index: which generation is current, and the position and views of each.
//!
//! One document is the pointer, so that promoting is one write.

use std::collections::BTreeSet;

use comptoir_domain::pricing::PriceView;
use serde::{Deserialize, Serialize};

use super::{
    document::{ID, VERSION},
    server::{Server, ServerError},
};

const POINTER_ID: &str = "current";

#[derive(Serialize, Deserialize)]
struct Pointer {
    id: String,
    generation: String,
}

/// What is known of a generation.
#[derive(Serialize, Deserialize)]
struct Record {
    id: String,
    position: i64,
    views: BTreeSet<PriceView>,
}

/// The state index of a prefix.
#[derive(Clone)]
pub(super) struct State {
    pub(super) server: Server,
    prefix: String,
}

impl State {
    pub(super) fn new(server: Server, prefix: &str) -> Result<Self, ServerError> {
        if !prefix.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'_')) || 100 < prefix.len() {
            return Err(ServerError::Prefix);
        }
        Ok(Self { server, prefix: prefix.to_owned() })
    }

    /// What the uids of this version's generations begin with.
    pub(super) fn generation_prefix(&self) -> String {
        format!("{}v{VERSION}-", self.products_prefix())
    }

    /// What the uids of all versions' generations begin with.
    pub(super) fn products_prefix(&self) -> String {
        format!("{}products-", self.prefix)
    }

    fn uid(&self) -> String {
        format!("{}state", self.prefix)
    }

    /// The uid of the current generation, of whichever version.
    pub(super) async fn pointer(&self) -> Result<Option<String>, ServerError> {
        Ok(self.document::<Pointer>(POINTER_ID).await?.map(|it| it.generation))
    }

    /// The uid of the current generation, if it is of this version.
    pub(super) async fn current(&self) -> Result<Option<String>, ServerError> {
        let prefix = self.generation_prefix();
        Ok(self.pointer().await?.filter(|it| it.starts_with(&prefix)))
    }

    /// Makes `generation` the current one.
    pub(super) async fn point_to(&self, generation: &str) -> Result<(), ServerError> {
        self.put(Pointer { id: POINTER_ID.to_owned(), generation: generation.to_owned() }).await
    }

    /// The position of `generation`; 0 before its first write.
    pub(super) async fn position(&self, generation: &str) -> Result<i64, ServerError> {
        Ok(self.document::<Record>(generation).await?.map_or(0, |it| it.position))
    }

    /// The views that the products of `generation` have prices in; none before its first write.
    pub(super) async fn views(&self, generation: &str) -> Result<BTreeSet<PriceView>, ServerError> {
        Ok(self.document::<Record>(generation).await?.map(|it| it.views).unwrap_or_default())
    }

    /// Moves `generation`, whose products have prices in `views`, to `position`.
    pub(super) async fn set_position(
        &self,
        generation: &str,
        views: BTreeSet<PriceView>,
        position: i64,
    ) -> Result<(), ServerError> {
        self.put(Record { id: generation.to_owned(), position, views }).await
    }

    /// Forgets `generation`, and removes its index.
    pub(super) async fn remove(&self, generation: &str) -> Result<(), ServerError> {
        let task = self.server.client.delete_index(generation).await?;
        self.server.done(task).await?;
        let task = self.server.index(&self.uid()).delete_document(generation).await?;
        self.server.done(task).await
    }

    async fn document<T: serde::de::DeserializeOwned + Send + Sync + 'static>(
        &self,
        id: &str,
    ) -> Result<Option<T>, ServerError> {
        match self.server.index(&self.uid()).get_document(id).await.map_err(ServerError::from) {
            Ok(document) => Ok(Some(document)),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Writes a document; the first one makes the index.
    async fn put<T: Serialize + Send + Sync>(&self, document: T) -> Result<(), ServerError> {
        let task = self.server.index(&self.uid()).add_documents(&[document], Some(ID)).await?;
        self.server.done(task).await
    }
}
