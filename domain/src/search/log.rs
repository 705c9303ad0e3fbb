//! What is searched for, without who does: counted for staff, and for suggestions.

use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use chrono::TimeDelta;

use super::{SearchAnswer, SearchError, SearchRequest, SearchService, normalised};
use crate::{
    access::{Actor, Permission},
    clock::Timestamp,
    codes::ChannelCode,
    ids::SearchId,
    language::Language,
    page::PageSize,
    storage::StorageError,
};

/// The most entries that wait to be stored; what comes then is not counted.
const WAITING_MAX: usize = 10_000;
/// The most characters of a text that is counted.
const TEXT_LENGTH_MAX: usize = 80;

/// A search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggedSearch {
    /// Which.
    pub id: SearchId,
    /// What was typed, normalised.
    pub text: String,
    /// The language it was typed in.
    pub language: Language,
    /// The channel.
    pub channel: ChannelCode,
    /// How many products it found as it was typed.
    pub found: u64,
    /// When.
    pub at: Timestamp,
}

/// What a shopper did with what a search found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FeedbackKind {
    /// Looked at a product.
    Click,
    /// Put one into the cart.
    AddToCart,
}

/// Something to be counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LogEntry {
    /// A search.
    Search(LoggedSearch),
    /// What became of one.
    Feedback(SearchId, FeedbackKind),
}

/// Which searches a report is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReportKind {
    /// All, the most frequent first.
    Popular,
    /// Those that found nothing as they were typed, the most frequent of these first.
    ZeroResults,
    /// Those that found something that nobody looked at, the most frequent of these first.
    Abandoned,
}

/// What a report looks at.
#[derive(Debug, Clone)]
pub struct ReportRequest {
    /// Which searches.
    pub kind: ReportKind,
    /// From when on.
    pub since: Timestamp,
    /// Only of this channel.
    pub channel: Option<ChannelCode>,
    /// How many lines.
    pub limit: u32,
}

/// A line of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportLine {
    /// What was typed, normalised.
    pub text: String,
    /// How often.
    pub searches: u64,
    /// How often it found nothing.
    pub zero_results: u64,
    /// How often it found something that nobody looked at.
    pub abandoned: u64,
    /// How many products were looked at.
    pub clicks: u64,
    /// How many were put into carts.
    pub adds_to_cart: u64,
}

/// The log of searches.
#[async_trait]
pub trait SearchLog: Send + Sync {
    /// Stores entries, in their order. Feedback on searches that are not there is left out.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn store(&self, entries: &[LogEntry]) -> Result<(), StorageError>;

    /// Removes what is older than `before`, and the oldest beyond `keep`.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn prune(&self, before: Timestamp, keep: u64) -> Result<(), StorageError>;

    /// A report.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn report(&self, request: &ReportRequest) -> Result<Vec<ReportLine>, StorageError>;
}

/// Entries that wait to be stored, so that no search waits for it.
#[derive(Default)]
pub(crate) struct LogBuffer(Mutex<Vec<LogEntry>>);

impl LogBuffer {
    fn push(&self, entry: LogEntry) {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.len() < WAITING_MAX {
            waiting.push(entry);
        }
    }

    fn take(&self) -> Vec<LogEntry> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl SearchService {
    /// How long searches are kept.
    pub const LOG_DAYS: i64 = 90;
    /// How many searches are kept.
    pub const LOG_SEARCHES_MAX: u64 = 200_000;

    /// Remembers a search, where it is one: a text without what could name a person, and its first page.
    pub(super) fn record(&self, request: &SearchRequest, answer: &SearchAnswer) -> Option<SearchId> {
        let query = &request.query;
        let text = normalised(&query.text);
        if text.is_empty() || 0 < query.offset || TEXT_LENGTH_MAX < text.chars().count() || is_personal(&query.text) {
            return None;
        }
        let id = SearchId::new(&*self.ids);
        self.memory.log.push(LogEntry::Search(LoggedSearch {
            id,
            text,
            language: query.language.clone(),
            channel: request.channel.clone(),
            found: if answer.relaxation.is_some() { 0 } else { answer.summary.total },
            at: self.clock.now(),
        }));
        Some(id)
    }

    /// Counts what a shopper did with what a search found.
    pub fn feedback(&self, _actor: &Actor, search: SearchId, kind: FeedbackKind) {
        self.memory.log.push(LogEntry::Feedback(search, kind));
    }

    /// Stores what waits, and removes what is too old or too much.
    ///
    /// # Errors
    /// [`StorageError`]; what waited is lost then.
    pub async fn store_log(&self, _actor: &Actor) -> Result<(), StorageError> {
        let waiting = self.memory.log.take();
        if waiting.is_empty() {
            return Ok(());
        }
        self.log.store(&waiting).await?;
        self.log.prune(self.clock.now() - TimeDelta::days(Self::LOG_DAYS), Self::LOG_SEARCHES_MAX).await
    }

    /// What was searched for.
    ///
    /// # Errors
    /// [`SearchError`]: no permission, no such channel.
    pub async fn report(&self, actor: &Actor, request: &ReportRequest) -> Result<Vec<ReportLine>, SearchError> {
        actor.require(Permission::ManageSearch)?;
        let settings = self.settings.latest().await?;
        if let Some(code) = request.channel.as_ref().filter(|it| settings.channel(it.as_str()).is_none()) {
            return Err(SearchError::UnknownChannel { code: code.clone() });
        }
        if PageSize::MAX < request.limit {
            return Err(SearchError::TooMany { max: PageSize::MAX });
        }
        Ok(self.log.report(request).await?)
    }
}

/// Whether a text looks like an address of somebody, a telephone number or a card.
fn is_personal(text: &str) -> bool {
    text.contains('@') || 6 < text.chars().filter(char::is_ascii_digit).count()
}
