//! One generation: a Meilisearch index of its own.

use std::{
    collections::{BTreeSet, HashMap},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use async_trait::async_trait;
use comptoir_domain::{
    ids::ProductId,
    pricing::PriceView,
    search::{IndexGeneration, ProductDocument, SearchError, Synonyms},
};
use meilisearch_sdk::indexes::IndexesQuery;

use super::{
    document::{Document, ID, id_of, settings},
    server::ServerError,
    state::State,
};

/// The most documents and bytes of one request. The server takes 100 MB, and a batch that fails is all to be sent again.
const BATCH_DOCUMENTS_MAX: usize = 1_000;
const BATCH_BYTES_MAX: usize = 8 << 20;

/// A generation that was not promoted, and not written to for so long, has lost its maker.
const ABANDONED_AFTER: Duration = Duration::from_hours(24);

/// A generation.
pub(super) struct MeilisearchGeneration {
    pub(super) uid: String,
    pub(super) state: State,
    /// The views that it is made for, where it was made here.
    pub(super) views: Option<BTreeSet<PriceView>>,
}

impl MeilisearchGeneration {
    /// A new generation. Its settings are in place when it returns: filters and orders are refused without.
    pub(super) async fn create(state: State, views: BTreeSet<PriceView>) -> Result<Self, ServerError> {
        if let Err(error) = remove_abandoned(&state).await {
            tracing::warn!(error = %error, "abandoned product indexes could not be removed");
        }
        let server = &state.server;
        let mut number = now().as_millis();
        loop {
            let uid = format!("{}{number}", state.generation_prefix());
            let task = server.client.create_index(&uid, Some(ID)).await?;
            match server.done(task).await {
                Ok(()) => {
                    let task = server.index(&uid).set_settings(&settings()).await?;
                    server.done(task).await?;
                    return Ok(Self { uid, state, views: Some(views) });
                }
                // Another process had the same thought in the same moment.
                Err(ServerError::TaskFailed { code, .. }) if code == "index_already_exists" => number += 1,
                Err(error) => return Err(error),
            }
        }
    }

    async fn views(&self) -> Result<BTreeSet<PriceView>, ServerError> {
        match &self.views {
            Some(views) => Ok(views.clone()),
            None => self.state.views(&self.uid).await,
        }
    }

    async fn write(
        &self,
        documents: &[ProductDocument],
        removed: &[ProductId],
        position: i64,
    ) -> Result<(), ServerError> {
        let server = &self.state.server;
        if !server.has_index(&self.uid).await? {
            return Err(ServerError::Gone);
        }
        let index = server.index(&self.uid);
        let views = self.views().await?;
        let documents: Vec<Document<'_>> = documents.iter().map(|it| Document::of(it, &views)).collect();
        let mut tasks = Vec::new();
        for batch in batches(&documents) {
            tasks.push(index.add_documents(batch, Some(ID)).await?);
        }
        if !removed.is_empty() {
            let ids: Vec<String> = removed.iter().map(|it| id_of(*it)).collect();
            tasks.push(index.delete_documents(&ids).await?);
        }
        for task in tasks {
            server.done(task).await?;
        }
        // Last: a position that is behind is caught up with, one that is ahead would leave products out.
        self.state.set_position(&self.uid, views, position).await
    }

    async fn set_synonyms(&self, synonyms: &[Synonyms]) -> Result<(), ServerError> {
        let server = &self.state.server;
        if !server.has_index(&self.uid).await? {
            return Err(ServerError::Gone);
        }
        let expansions: HashMap<String, Vec<String>> = Synonyms::all_expansions(synonyms).into_iter().collect();
        let task = server.index(&self.uid).set_synonyms(&expansions).await?;
        server.done(task).await
    }
}

#[async_trait]
impl IndexGeneration for MeilisearchGeneration {
    fn name(&self) -> &str {
        &self.uid
    }

    async fn position(&self) -> Result<i64, SearchError> {
        Ok(self.state.position(&self.uid).await?)
    }

    async fn price_views(&self) -> Result<Option<BTreeSet<PriceView>>, SearchError> {
        Ok(Some(self.views().await?))
    }

    async fn write(
        &self,
        documents: &[ProductDocument],
        removed: &[ProductId],
        position: i64,
    ) -> Result<(), SearchError> {
        Ok(self.write(documents, removed, position).await?)
    }

    async fn set_synonyms(&self, synonyms: &[Synonyms]) -> Result<(), SearchError> {
        Ok(self.set_synonyms(synonyms).await?)
    }
}

/// Cuts `documents` into requests.
fn batches<'a, 'b>(documents: &'a [Document<'b>]) -> Vec<&'a [Document<'b>]> {
    let size = |it: &Document<'_>| serde_json::to_vec(it).map_or(0, |it| it.len());
    let mut batches = Vec::new();
    let (mut start, mut bytes) = (0, 0);
    for (idx, document) in documents.iter().enumerate() {
        let more = size(document);
        if start < idx && (BATCH_DOCUMENTS_MAX <= idx - start || BATCH_BYTES_MAX < bytes + more) {
            batches.extend(documents.get(start..idx));
            (start, bytes) = (idx, 0);
        }
        bytes += more;
    }
    batches.extend(documents.get(start..).filter(|it| !it.is_empty()));
    batches
}

async fn remove_abandoned(state: &State) -> Result<(), ServerError> {
    let client = &state.server.client;
    let current = state.pointer().await?;
    let mut query = IndexesQuery::new(client);
    let indexes = query.with_limit(1_000).execute().await?;
    let oldest = now().saturating_sub(ABANDONED_AFTER).as_secs();
    for index in indexes.results {
        let is_old = index.updated_at.is_some_and(|it| u64::try_from(it.unix_timestamp()).is_ok_and(|it| it < oldest));
        if is_old && index.uid.starts_with(&state.products_prefix()) && current.as_deref() != Some(index.uid.as_str()) {
            state.remove(&index.uid).await?;
        }
    }
    Ok(())
}

/// The time since 1970, which sets generations apart.
fn now() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}
