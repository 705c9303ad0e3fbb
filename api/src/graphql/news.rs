//! Versions that clients saw, and what is news to them: the whole object, each version once.

use async_graphql::Result;
use futures_util::{Stream, StreamExt as _};

/// A version as a client saw it; a number that no version has stands for one that never comes.
pub(super) fn seen_version(version: Option<i64>) -> Option<u32> {
    version.map(|it| u32::try_from(it.max(0)).unwrap_or(u32::MAX))
}

/// Leaves out of `states` what the client has seen: versions up to `seen`, and those sent before. Errors pass.
pub(super) fn only_news<T>(
    states: impl Stream<Item = Result<T>>,
    mut seen: u32,
    version: fn(&T) -> u32,
) -> impl Stream<Item = Result<T>> {
    states.filter(move |state| {
        let sent = state.as_ref().ok().map(version);
        let is_news = sent.is_none_or(|it| seen < it);
        seen = seen.max(sent.unwrap_or_default());
        std::future::ready(is_news)
    })
}
