//! Search inside the process, with Tantivy.

mod columns;
mod compounds;
mod drill;
mod folder;
mod generation;
mod hits;
pub(super) mod query;
mod schema;
mod spelling;
mod summary;
pub(super) mod terms;
pub(super) mod typo;

use std::{collections::BTreeSet, fs::File, num::NonZero, path::Path, sync::Arc, thread::available_parallelism};

use async_trait::async_trait;
use comptoir_domain::{
    ids::ProductId,
    language::Language,
    pricing::PriceView,
    search::{
        IndexGeneration, ProductDocument, ProductIndex, ProductSearch, SearchError, SearchQuery, SearchResult,
        Synonyms, TextFragment,
    },
};
use tokio::{sync::Semaphore, task::spawn_blocking};

use self::{
    folder::{Folder, FolderError},
    generation::Generation,
};
use super::highlight::highlight;

/// The product index in a folder of this machine. Several processes can share the folder.
#[derive(Clone)]
pub struct TantivySearch {
    folder: Arc<Folder>,
    /// As many questions at once as there are cores, one after the other: more would only make each other late.
    turns: Arc<Semaphore>,
}

impl TantivySearch {
    /// The index in `dir`, which is made where it is missing.
    ///
    /// # Errors
    /// [`SearchError::Unavailable`] where the folder cannot be made.
    pub fn open(dir: &Path) -> Result<Self, SearchError> {
        let folder = Folder::open(dir).map_err(unavailable)?;
        let cores = available_parallelism().map_or(1, NonZero::get);
        Ok(Self { folder: Arc::new(folder), turns: Arc::new(Semaphore::new(cores)) })
    }

    /// Answers something from the current generation, when it is its turn.
    async fn answer<T: Send + 'static>(
        &self,
        work: impl Fn(&Generation) -> tantivy::Result<T> + Send + 'static,
    ) -> Result<T, SearchError> {
        let turn = Arc::clone(&self.turns).acquire_owned().await.map_err(unavailable)?;
        self.blocking(move |folder| {
            // Until it is done, also where nobody waits for it any more.
            let _turn = turn;
            folder.ask(work)
        })
        .await
    }

    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Folder) -> Result<T, FolderError> + Send + 'static,
    ) -> Result<T, SearchError> {
        let folder = Arc::clone(&self.folder);
        spawn_blocking(move || work(&folder)).await.map_err(unavailable)?.map_err(unavailable)
    }
}

#[async_trait]
impl ProductSearch for TantivySearch {
    async fn search_many(&self, queries: &[SearchQuery]) -> Result<Vec<SearchResult>, SearchError> {
        let queries = queries.to_vec();
        self.answer(move |it| it.search(&queries)).await
    }

    async fn spellings(&self, words: &[String], _language: &Language) -> Result<Vec<Option<String>>, SearchError> {
        let words = words.to_vec();
        self.answer(move |it| it.spellings(&words)).await
    }

    fn highlight(&self, text: &str, language: &Language, asked: &str) -> Vec<TextFragment> {
        highlight(text, language, asked)
    }
}

#[async_trait]
impl ProductIndex for TantivySearch {
    async fn current(&self) -> Result<Option<Box<dyn IndexGeneration>>, SearchError> {
        let current = self.blocking(|folder| folder.current()).await?;
        Ok(current
            .map(|generation| Box::new(TantivyGeneration { generation, _building: None }) as Box<dyn IndexGeneration>))
    }

    async fn create(&self, _views: &BTreeSet<PriceView>) -> Result<Box<dyn IndexGeneration>, SearchError> {
        let it = self.blocking(Folder::create).await?;
        Ok(Box::new(TantivyGeneration { generation: it.generation, _building: Some(it.lock) }))
    }

    async fn promote(&self, generation: Box<dyn IndexGeneration>) -> Result<(), SearchError> {
        let name = generation.name().to_owned();
        self.blocking(move |folder| folder.promote(&name)).await
    }
}

struct TantivyGeneration {
    generation: Arc<Generation>,
    /// Keeps others from removing it before it is promoted.
    _building: Option<File>,
}

#[async_trait]
impl IndexGeneration for TantivyGeneration {
    fn name(&self) -> &str {
        &self.generation.name
    }

    async fn price_views(&self) -> Result<Option<BTreeSet<PriceView>>, SearchError> {
        Ok(None)
    }

    async fn position(&self) -> Result<i64, SearchError> {
        let generation = Arc::clone(&self.generation);
        spawn_blocking(move || generation.position()).await.map_err(unavailable)?.map_err(unavailable)
    }

    async fn write(
        &self,
        documents: &[ProductDocument],
        removed: &[ProductId],
        position: i64,
    ) -> Result<(), SearchError> {
        let generation = Arc::clone(&self.generation);
        let (documents, removed) = (documents.to_vec(), removed.to_vec());
        let write = move || generation.write(&documents, &removed, position);
        spawn_blocking(write).await.map_err(unavailable)?.map_err(unavailable)
    }

    async fn set_synonyms(&self, synonyms: &[Synonyms]) -> Result<(), SearchError> {
        let (generation, synonyms) = (Arc::clone(&self.generation), synonyms.to_vec());
        let write = move || generation.set_synonyms(&synonyms);
        spawn_blocking(write).await.map_err(unavailable)?.map_err(unavailable)
    }
}

fn unavailable(error: impl std::error::Error + Send + Sync + 'static) -> SearchError {
    SearchError::Unavailable(Box::new(error))
}
