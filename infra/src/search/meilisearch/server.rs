//! A Meilisearch server: its tasks, and what can go wrong with it.

use std::time::Duration;

use comptoir_domain::search::SearchError;
use meilisearch_sdk::{
    client::Client,
    errors::{Error, ErrorCode},
    indexes::Index,
    request::{HttpClient as _, Method},
    task_info::TaskInfo,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use tokio::time::{Instant, sleep};

use super::{MeilisearchLimits, http::Http};

const POLL_WAIT_MIN: Duration = Duration::from_millis(10);
const POLL_WAIT_MAX: Duration = Duration::from_millis(500);

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum ServerError {
    /// No answer, a refusal, or one that cannot be read.
    #[error("the Meilisearch server gave no answer to use")]
    Request(#[from] Error),
    /// A write that was accepted, and failed.
    #[error("a task of the Meilisearch server failed: {code}: {message}")]
    TaskFailed {
        /// Meilisearch's code.
        code: String,
        /// Meilisearch's words.
        message: String,
    },
    /// A write that someone canceled.
    #[error("a task of the Meilisearch server was canceled")]
    TaskCanceled,
    /// A write that is still not done.
    #[error("a task of the Meilisearch server is not done in time")]
    TaskLate,
    /// A search that somebody waits for no longer.
    #[error("the Meilisearch server does not answer in time")]
    SearchLate,
    /// A search that was not sent.
    #[error("the Meilisearch server did not answer in time a moment ago")]
    Paused,
    /// A generation that another one has taken the place of.
    #[error("the product index is gone")]
    Gone,
    /// Nothing can be searched yet.
    #[error("the product index is not built yet")]
    NotBuilt,
    /// The prefix cannot be in the name of an index.
    #[error("an index prefix has letters of a-z and A-Z, digits, `-` and `_` alone")]
    Prefix,
}

impl ServerError {
    /// Whether the server knows no such index or document.
    pub(super) fn is_not_found(&self) -> bool {
        let Self::Request(Error::Meilisearch(error)) = self else { return false };
        matches!(error.error_code, ErrorCode::IndexNotFound | ErrorCode::DocumentNotFound)
    }
}

impl From<ServerError> for SearchError {
    fn from(error: ServerError) -> Self {
        Self::Unavailable(Box::new(error))
    }
}

/// Not the SDK's: that one cannot read canceled tasks, nor types that are newer than itself.
#[derive(Deserialize)]
struct Task {
    status: String,
    error: Option<TaskError>,
}

#[derive(Deserialize)]
struct TaskError {
    code: String,
    message: String,
}

/// A question, as the server takes it.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Ask<'a> {
    pub(super) index_uid: &'a str,
    pub(super) q: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) filter: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) facets: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) sort: Vec<String>,
    pub(super) attributes_to_retrieve: &'a [&'a str],
    pub(super) matching_strategy: &'a str,
    pub(super) show_ranking_score: bool,
    pub(super) page: usize,
    pub(super) hits_per_page: usize,
}

#[derive(Serialize)]
struct AskMany<'a> {
    queries: &'a [Ask<'a>],
}

#[derive(Deserialize)]
struct Answers<T> {
    results: Vec<T>,
}

/// The server. Nothing is sent before it is asked for something.
#[derive(Clone)]
pub(super) struct Server {
    pub(super) client: Client<Http>,
    http: Http,
    task_wait_max: Duration,
}

impl Server {
    pub(super) fn new(url: &str, key: Option<&str>, limits: MeilisearchLimits) -> Result<Self, ServerError> {
        let http = Http::new(key, limits.request_wait_max)?;
        // The key is in the client's headers; the SDK needs it for nothing else.
        let client = Client::new_with_client(url.trim_end_matches('/'), None::<String>, http.clone());
        Ok(Self { client, http, task_wait_max: limits.task_wait_max })
    }

    pub(super) fn index(&self, uid: &str) -> Index<Http> {
        self.client.index(uid)
    }

    /// Waits until the server has done `task`: being accepted says nothing.
    pub(super) async fn done(&self, task: TaskInfo) -> Result<(), ServerError> {
        let url = format!("{}/tasks/{}", self.client.get_host(), task.task_uid);
        let deadline = Instant::now() + self.task_wait_max;
        let mut wait = POLL_WAIT_MIN;
        loop {
            let task: Task = self.http.request::<(), (), Task>(&url, Method::Get { query: () }, 200).await?;
            match (task.status.as_str(), task.error) {
                ("succeeded", _) => return Ok(()),
                ("canceled", _) => return Err(ServerError::TaskCanceled),
                (_, Some(TaskError { code, message })) => return Err(ServerError::TaskFailed { code, message }),
                _ if deadline <= Instant::now() => return Err(ServerError::TaskLate),
                _ => sleep(wait).await,
            }
            wait = (wait * 2).min(POLL_WAIT_MAX);
        }
    }

    /// Asks several things at once. Of one of them failing, all do.
    pub(super) async fn multi_search<T: DeserializeOwned + Send + 'static>(
        &self,
        queries: &[Ask<'_>],
    ) -> Result<Vec<T>, ServerError> {
        let url = format!("{}/multi-search", self.client.get_host());
        let method = Method::Post { query: (), body: AskMany { queries } };
        let answer: Answers<T> = self.http.request(&url, method, 200).await?;
        Ok(answer.results)
    }

    /// Whether there is an index `uid`. Writing to one that is gone would make it anew, without its settings.
    pub(super) async fn has_index(&self, uid: &str) -> Result<bool, ServerError> {
        match self.client.get_raw_index(uid).await.map_err(ServerError::from) {
            Ok(_) => Ok(true),
            Err(error) if error.is_not_found() => Ok(false),
            Err(error) => Err(error),
        }
    }
}
