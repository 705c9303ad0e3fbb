//! Documents that were parsed and passed the guard, for the next request with the same text.

use std::sync::{Arc, Mutex, PoisonError};

use async_graphql::{ServerError, parser::types::ExecutableDocument};
use lru::LruCache;

use super::{super::limits::Limits, check};

/// What a parsed document takes, as a multiple of its text, about.
const BYTES_PER_CHARACTER: usize = 40;

/// The documents of a gateway: frontends send the same few again and again.
#[derive(Debug)]
pub(in crate::http) struct ParsedDocuments(Mutex<Recent>);

/// The least recently used one is the first to go.
#[derive(Debug)]
struct Recent {
    documents: LruCache<Arc<str>, Parsed>,
    bytes: usize,
    bytes_max: usize,
}

#[derive(Debug)]
struct Parsed {
    document: Arc<ExecutableDocument>,
    /// Whether it was allowed to ask for the schema.
    introspect: bool,
}

impl ParsedDocuments {
    pub(in crate::http) fn new(limits: &Limits) -> Self {
        Self(Mutex::new(Recent { documents: LruCache::unbounded(), bytes: 0, bytes_max: limits.parsed_bytes }))
    }

    /// As [`check`], without parsing what was parsed before.
    ///
    /// # Errors
    ///
    /// As [`check`].
    pub(in crate::http) fn check(
        &self,
        text: &str,
        introspect: bool,
        limits: &Limits,
    ) -> Result<Arc<ExecutableDocument>, ServerError> {
        if let Some(found) = self.lock().get(text, introspect) {
            return Ok(found);
        }
        let document = Arc::new(check(text, introspect, limits)?);
        self.lock().insert(text, Parsed { document: document.clone(), introspect });
        Ok(document)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Recent> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Recent {
    fn get(&mut self, text: &str, introspect: bool) -> Option<Arc<ExecutableDocument>> {
        let found = self.documents.get(text).filter(|it| it.introspect == introspect)?;
        Some(found.document.clone())
    }

    fn insert(&mut self, text: &str, parsed: Parsed) {
        let size = |text: &str| text.len() * BYTES_PER_CHARACTER;
        // One that would drive out many others is not worth it.
        if self.bytes_max / 8 < size(text) {
            return;
        }
        if self.documents.put(text.into(), parsed).is_none() {
            self.bytes += size(text);
        }
        while self.bytes > self.bytes_max
            && let Some((dropped, _)) = self.documents.pop_lru()
        {
            self.bytes -= size(&dropped);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn room_for(characters: usize) -> Limits {
        Limits { parsed_bytes: characters * BYTES_PER_CHARACTER, ..Limits::default() }
    }

    #[test]
    fn a_document_is_parsed_once_and_not_lent_to_those_who_may_not_ask_for_the_schema() {
        let (limits, text) = (room_for(1_000), "{ __schema { types { name } } }");
        let documents = ParsedDocuments::new(&limits);
        let first = documents.check(text, true, &limits).unwrap();
        assert!(Arc::ptr_eq(&first, &documents.check(text, true, &limits).unwrap()));
        assert!(documents.check(text, false, &limits).is_err());
        assert!(documents.check(text, true, &limits).is_ok());
    }

    #[test]
    fn what_is_refused_is_not_kept_and_room_is_bounded() {
        let limits = room_for(80);
        let documents = ParsedDocuments::new(&limits);
        assert!(documents.check("{ a", true, &limits).is_err());
        assert!(documents.check("{ a b c d e f g h i }", true, &limits).is_ok(), "longer than an eighth of the room");
        assert_eq!(documents.lock().documents.len(), 0);
        for name in 'a'..='z' {
            assert!(documents.check(&format!("{{ {name} }}"), true, &limits).is_ok());
        }
        let mut recent = documents.lock();
        assert_eq!((recent.documents.len(), recent.bytes), (16, 80 * BYTES_PER_CHARACTER));
        assert!(recent.get("{ z }", true).is_some() && recent.get("{ a }", true).is_none());
    }
}
