//! Search beside the process, with Meilisearch.

mod document;
mod generation;
mod http;
mod query;
mod server;
mod spelling;
mod state;

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use async_trait::async_trait;
use comptoir_domain::{
    language::Language,
    pricing::PriceView,
    search::{IndexGeneration, ProductIndex, ProductSearch, SearchError, SearchQuery, SearchResult, TextFragment},
};
use tokio::time::timeout;

use self::{
    generation::MeilisearchGeneration,
    server::{Server, ServerError},
    state::State,
};
use super::highlight::highlight;

/// How long a search trusts that the generation before is current still. It is removed with the promotion of the next one, so that
/// this counts only where its remover died.
const CURRENT_TRUSTED_FOR: Duration = Duration::from_secs(1);

/// How long nobody is made to wait for a server that has just answered nobody in time.
const PAUSE: Duration = Duration::from_secs(5);

/// How long the server may take.
#[derive(Debug, Clone, Copy)]
pub struct MeilisearchLimits {
    /// For one request, from the connection to the end of the answer.
    pub request_wait_max: Duration,
    /// For one write that it accepted.
    pub task_wait_max: Duration,
    /// For what somebody waits for who searches.
    pub search_wait_max: Duration,
}

impl Default for MeilisearchLimits {
    fn default() -> Self {
        Self {
            request_wait_max: Duration::from_secs(10),
            task_wait_max: Duration::from_secs(300),
            search_wait_max: Duration::from_secs(3),
        }
    }
}

/// The product index in a Meilisearch server. Several processes can share it.
#[derive(Clone)]
pub struct MeilisearchSearch {
    state: State,
    current: Arc<Mutex<Option<Current>>>,
    search_wait_max: Duration,
    answers: Arc<Mutex<Answers>>,
}

/// How the server answers searches.
#[derive(Default)]
struct Answers {
    /// When it did the last time.
    last: Option<Instant>,
    /// When it was found to answer nobody.
    silent: Option<Instant>,
}

/// The current generation, as far as is known.
#[derive(Clone)]
struct Current {
    uid: String,
    /// What its products have prices in.
    views: Arc<BTreeSet<PriceView>>,
    asked: Instant,
}

impl MeilisearchSearch {
    /// The index in the server at `url`, whose indexes are named `prefix` and more. `key` may do everything with these indexes and
    /// read tasks. Nothing is sent yet.
    ///
    /// # Errors
    /// [`SearchError::Unavailable`] for a key or prefix that cannot be one.
    pub fn connect(url: &str, key: Option<&str>, prefix: &str) -> Result<Self, SearchError> {
        Self::connect_with(url, key, prefix, MeilisearchLimits::default())
    }

    /// As [`MeilisearchSearch::connect`], with other limits.
    ///
    /// # Errors
    /// [`SearchError::Unavailable`] for a key or prefix that cannot be one.
    pub fn connect_with(
        url: &str,
        key: Option<&str>,
        prefix: &str,
        limits: MeilisearchLimits,
    ) -> Result<Self, SearchError> {
        let state = State::new(Server::new(url, key, limits)?, prefix)?;
        let search_wait_max = limits.search_wait_max;
        Ok(Self { state, current: Arc::default(), search_wait_max, answers: Arc::default() })
    }

    /// Asks which generation is current, and remembers it.
    async fn ask_current(&self) -> Result<Option<Current>, ServerError> {
        let Some(uid) = self.state.current().await? else {
            self.remember(None);
            return Ok(None);
        };
        // A generation keeps its views.
        let known = self.remembered().filter(|it| it.uid == uid);
        let views = match known {
            Some(it) => it.views,
            None => Arc::new(self.state.views(&uid).await?),
        };
        let current = Current { uid, views, asked: Instant::now() };
        self.remember(Some(current.clone()));
        Ok(Some(current))
    }

    fn remember(&self, current: Option<Current>) {
        *self.current.lock().unwrap_or_else(PoisonError::into_inner) = current;
    }

    fn remembered(&self) -> Option<Current> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The current generation, as far as it is known.
    async fn trusted_or_asked(&self) -> Result<Current, ServerError> {
        match self.remembered().filter(|it| it.asked.elapsed() < CURRENT_TRUSTED_FOR) {
            Some(it) => Ok(it),
            None => self.ask_current().await?.ok_or(ServerError::NotBuilt),
        }
    }

    /// The generation in the place of `gone`: another process may have put it there just now.
    async fn successor_of(&self, gone: &Current, error: ServerError) -> Result<Current, ServerError> {
        let current = self.ask_current().await?.ok_or(ServerError::NotBuilt)?;
        if current.uid == gone.uid { Err(error) } else { Ok(current) }
    }

    /// `answer`, unless it comes too late; and where nobody else had one meanwhile, none at all for a while.
    async fn in_time<T>(&self, answer: impl Future<Output = Result<T, ServerError>> + Send) -> Result<T, ServerError> {
        let answers = || self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        if answers().silent.is_some_and(|it| it.elapsed() < PAUSE) {
            return Err(ServerError::Paused);
        }
        let asked = Instant::now();
        let answer = timeout(self.search_wait_max, answer).await;
        let mut answers = answers();
        match answer {
            Ok(answer) => {
                answers.last = Some(Instant::now());
                answer
            }
            Err(_) => {
                if answers.last.is_none_or(|it| it < asked) {
                    answers.silent = Some(Instant::now());
                }
                Err(ServerError::SearchLate)
            }
        }
    }

    async fn ask(&self, queries: &[SearchQuery]) -> Result<Vec<SearchResult>, ServerError> {
        let server = &self.state.server;
        let mut current = self.trusted_or_asked().await?;
        loop {
            let error = match query::ask(server, &current.uid, &current.views, queries).await {
                Err(error) if error.is_not_found() => error,
                result => return result,
            };
            current = self.successor_of(&current, error).await?;
        }
    }

    async fn nearest(&self, words: &[String]) -> Result<Vec<Option<String>>, ServerError> {
        let server = &self.state.server;
        let mut current = self.trusted_or_asked().await?;
        loop {
            let error = match spelling::nearest(server, &current.uid, words).await {
                Err(error) if error.is_not_found() => error,
                result => return result,
            };
            current = self.successor_of(&current, error).await?;
        }
    }

    async fn promote(&self, uid: &str, views: BTreeSet<PriceView>) -> Result<(), ServerError> {
        if !self.state.server.has_index(uid).await? {
            return Err(ServerError::Gone);
        }
        let previous = self.state.pointer().await?;
        self.state.point_to(uid).await?;
        self.remember(Some(Current { uid: uid.to_owned(), views: Arc::new(views), asked: Instant::now() }));
        if let Some(previous) = previous.filter(|it| it != uid)
            && let Err(error) = self.state.remove(&previous).await
        {
            tracing::warn!(generation = previous, error = %error, "an old product index could not be removed");
        }
        Ok(())
    }
}

#[async_trait]
impl ProductSearch for MeilisearchSearch {
    async fn search_many(&self, queries: &[SearchQuery]) -> Result<Vec<SearchResult>, SearchError> {
        Ok(self.in_time(self.ask(queries)).await?)
    }

    async fn spellings(&self, words: &[String], _language: &Language) -> Result<Vec<Option<String>>, SearchError> {
        Ok(self.in_time(self.nearest(words)).await?)
    }

    fn highlight(&self, text: &str, language: &Language, asked: &str) -> Vec<TextFragment> {
        highlight(text, language, asked)
    }
}

#[async_trait]
impl ProductIndex for MeilisearchSearch {
    async fn current(&self) -> Result<Option<Box<dyn IndexGeneration>>, SearchError> {
        let Some(uid) = self.state.current().await? else { return Ok(None) };
        let has_index = self.state.server.has_index(&uid).await?;
        let generation = MeilisearchGeneration { uid, state: self.state.clone(), views: None };
        Ok(has_index.then(|| Box::new(generation) as Box<dyn IndexGeneration>))
    }

    async fn create(&self, views: &BTreeSet<PriceView>) -> Result<Box<dyn IndexGeneration>, SearchError> {
        Ok(Box::new(MeilisearchGeneration::create(self.state.clone(), views.clone()).await?))
    }

    async fn promote(&self, generation: Box<dyn IndexGeneration>) -> Result<(), SearchError> {
        let views = generation.price_views().await?.unwrap_or_default();
        Ok(self.promote(generation.name(), views).await?)
    }
}
