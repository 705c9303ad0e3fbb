//! Documents by their hash: automatic persisted queries, and the list of trusted documents.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use async_graphql::{Request, ServerError, Value};
use aws_lc_rs::digest::{SHA256, digest};
use lru::LruCache;

use super::{
    error::{Code, error},
    guard,
    limits::Limits,
};

/// What an entry takes beyond its text, in bytes, about.
const ENTRY_BYTES: usize = 160;

/// A document's SHA-256.
type Hash = [u8; 32];

/// Why a list of trusted documents cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TrustedDocumentsError {
    /// It is no JSON object from hashes to documents.
    #[error("this is no JSON object of documents by their hashes")]
    Json(#[from] serde_json::Error),
    /// A key that is not the hash of its document.
    #[error("`{key}` is not the SHA-256 of its document, in hexadecimal digits")]
    Hash {
        /// The key.
        key: String,
    },
    /// A document that could never run.
    #[error("the document `{key}`: {message}")]
    Document {
        /// Its key.
        key: String,
        /// What is wrong.
        message: String,
    },
}

/// The documents that everybody may run, by their hashes.
#[derive(Debug, Clone)]
pub struct TrustedDocuments(HashMap<Hash, Arc<str>>);

impl TrustedDocuments {
    /// Reads `json`: an object of documents by the hexadecimal digits of their SHA-256, all within `limits`.
    ///
    /// # Errors
    ///
    /// [`TrustedDocumentsError`].
    pub fn parse(json: &str, limits: &Limits) -> Result<Self, TrustedDocumentsError> {
        let documents: HashMap<String, Arc<str>> = serde_json::from_str(json)?;
        let mut trusted = HashMap::with_capacity(documents.len());
        for (key, text) in documents {
            let hash = hash_of(&text);
            if parse_hash(&key) != Some(hash) {
                return Err(TrustedDocumentsError::Hash { key });
            }
            if let Err(refused) = guard::check(&text, true, limits) {
                return Err(TrustedDocumentsError::Document { key, message: refused.message });
            }
            trusted.insert(hash, text);
        }
        Ok(Self(trusted))
    }
}

/// The documents that are known by their hashes.
pub(super) struct Documents {
    trusted: Option<TrustedDocuments>,
    persisted: Mutex<Persisted>,
}

/// The documents that clients registered, the least recently used one first to go.
struct Persisted {
    texts: LruCache<Hash, Arc<str>>,
    bytes: usize,
    bytes_max: usize,
}

/// A document to be registered once it passed the guard.
pub(super) struct Registration(Hash);

impl Documents {
    pub(super) fn new(limits: &Limits, trusted: Option<TrustedDocuments>) -> Self {
        let persisted = Persisted { texts: LruCache::unbounded(), bytes: 0, bytes_max: limits.persisted_bytes };
        Self { trusted, persisted: Mutex::new(persisted) }
    }

    /// Puts the document into a request that has only its hash; returns the registration that a request asks for.
    ///
    /// # Errors
    ///
    /// `PERSISTED_QUERY_NOT_FOUND` where the hash is not known; other codes where the request makes no sense, or where it
    /// asks for a document that is not trusted and `any` is false.
    pub(super) fn resolve(&self, request: &mut Request, any: bool) -> Result<Option<Registration>, ServerError> {
        let asked = request.extensions.get("persistedQuery").map(read_extension).transpose()?;
        let Some(trusted) = self.trusted.as_ref().filter(|_| !any) else {
            return self.resolve_any(request, asked);
        };
        let hash = if request.query.is_empty() { asked } else { Some(checked(asked, &request.query)?) };
        let text = hash.and_then(|hash| trusted.0.get(&hash));
        let text = text.ok_or_else(|| error(Code::DocumentNotTrusted, "Only trusted documents may be run."))?;
        request.query = text.as_ref().to_owned();
        Ok(None)
    }

    fn resolve_any(&self, request: &mut Request, asked: Option<Hash>) -> Result<Option<Registration>, ServerError> {
        let Some(hash) = asked else { return Ok(None) };
        if !request.query.is_empty() {
            return Ok(Some(Registration(checked(Some(hash), &request.query)?)));
        }
        let trusted = self.trusted.as_ref().and_then(|trusted| trusted.0.get(&hash).cloned());
        let text = trusted.or_else(|| self.lock().texts.get(&hash).cloned());
        // Clients know the message as well as the code.
        let text = text.ok_or_else(|| error(Code::PersistedQueryNotFound, "PersistedQueryNotFound"))?;
        request.query = text.as_ref().to_owned();
        Ok(None)
    }

    /// Keeps a document that passed the guard.
    pub(super) fn register(&self, registration: Registration, text: &str) {
        self.lock().insert(registration.0, text);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Persisted> {
        self.persisted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Persisted {
    fn insert(&mut self, hash: Hash, text: &str) {
        if self.texts.put(hash, text.into()).is_none() {
            self.bytes += text.len() + ENTRY_BYTES;
        }
        while self.bytes > self.bytes_max
            && let Some((_, dropped)) = self.texts.pop_lru()
        {
            self.bytes -= dropped.len() + ENTRY_BYTES;
        }
    }
}

/// The hash of `extensions.persistedQuery`, of its version 1.
fn read_extension(extension: &Value) -> Result<Hash, ServerError> {
    let Value::Object(entries) = extension else {
        return Err(error(Code::BadRequest, "\"persistedQuery\" has to be an object."));
    };
    if entries.get("version") != Some(&Value::from(1)) {
        return Err(error(Code::PersistedQueryNotSupported, "PersistedQueryNotSupported"));
    }
    let hash = match entries.get("sha256Hash") {
        Some(Value::String(hash)) => parse_hash(hash),
        _ => None,
    };
    hash.ok_or_else(|| error(Code::BadRequest, "\"sha256Hash\" has to be 64 hexadecimal digits."))
}

/// The hash of `text`, if it is the one the client `told`.
fn checked(told: Option<Hash>, text: &str) -> Result<Hash, ServerError> {
    let hash = hash_of(text);
    if told.is_some_and(|told| told != hash) {
        return Err(error(Code::PersistedQueryMismatch, "\"sha256Hash\" is not the hash of \"query\"."));
    }
    Ok(hash)
}

fn parse_hash(text: &str) -> Option<Hash> {
    let mut hash = Hash::default();
    hex::decode_to_slice(text, &mut hash).is_ok().then_some(hash)
}

fn hash_of(text: &str) -> Hash {
    let mut hash = Hash::default();
    hash.copy_from_slice(digest(&SHA256, text.as_bytes()).as_ref());
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `printf '{ hello }' | sha256sum`
    const HELLO: &str = "001c3174e099bd72b729d0c0a529ba9f5a740c446e2a6e1d71b283cb84ec3065";

    #[test]
    fn the_hash_is_sha_256() {
        assert_eq!(Some(hash_of("{ hello }")), parse_hash(HELLO));
    }

    #[test]
    fn what_is_registered_is_bounded_and_the_least_recently_used_goes_first() {
        let room = 3 * (ENTRY_BYTES + 100);
        let mut persisted = Persisted { texts: LruCache::unbounded(), bytes: 0, bytes_max: room };
        let text = "x".repeat(100);
        for n in 0..3 {
            persisted.insert([n; 32], &text);
        }
        persisted.insert([0; 32], &text);
        assert_eq!((persisted.texts.len(), persisted.bytes), (3, room), "the same again takes no more");
        persisted.insert([3; 32], &text);
        let kept: Vec<_> = [0, 1, 2, 3].into_iter().filter(|n| persisted.texts.contains(&[*n; 32])).collect();
        assert_eq!((kept, persisted.bytes), (vec![0, 2, 3], room));
        persisted.insert([4; 32], &"x".repeat(2 * room));
        assert_eq!((persisted.texts.len(), persisted.bytes), (0, 0), "what has no room is not kept");
    }

    #[test]
    fn a_list_of_trusted_documents_is_checked() {
        let parse = |json: String| TrustedDocuments::parse(&json, &Limits::default());
        assert_eq!(parse(format!(r#"{{"{HELLO}": "{{ hello }}"}}"#)).unwrap().0.len(), 1);
        assert!(matches!(parse("[]".to_owned()), Err(TrustedDocumentsError::Json(_))));
        let other = format!(r#"{{"{HELLO}": "{{ count }}"}}"#);
        assert!(matches!(parse(other), Err(TrustedDocumentsError::Hash { key }) if key == HELLO));
        let broken = format!(r#"{{"{}": "{{"}}"#, hex::encode(hash_of("{")));
        assert!(matches!(parse(broken), Err(TrustedDocumentsError::Document { .. })));
    }
}
