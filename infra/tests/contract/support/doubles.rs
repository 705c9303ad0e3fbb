//! Small stand-ins for the ports that are not storage: a clock to be moved, ids in a row, a bus and a payment provider that fail on demand.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::{
    collections::{BTreeMap, BTreeSet, hash_map::DefaultHasher},
    hash::{Hash as _, Hasher as _},
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, AtomicU32, AtomicU64, Ordering},
    },
};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use comptoir_domain::{
    access::{
        AccessClaims, AccessToken, CartSecret, DeviceToken, OneTimeCode, OrderToken, PasswordHash, Passwords,
        RefreshToken, SecretHash, Subject, TokenError, Tokens,
    },
    checkout::{
        PaymentError, PaymentNotice, PaymentOutcome, PaymentProvider, PaymentRequest, ProviderCode, WebhookError,
    },
    clock::{Clock, Timestamp},
    event::{BusError, EventBus, EventStream, RecordedEvent, Topic},
    ids::{IdSource, OrderId, PaymentId, ProductId, SignInId},
    language::Language,
    pricing::PriceView,
    search::{
        IndexGeneration, PriceRange, ProductDocument, ProductIndex, ProductSearch, SearchError, SearchQuery,
        SearchResult, Synonyms, TextFragment,
    },
    storage::BoxError,
};
use uuid::Uuid;

/// When every test begins: 2026-01-02 03:04:05.678901 UTC.
pub(crate) fn start() -> Timestamp {
    DateTime::<Utc>::from_timestamp_micros(1_767_323_045_678_901).unwrap()
}

/// Stands still until it is moved.
pub(crate) struct ManualClock(Mutex<Timestamp>);

impl ManualClock {
    pub(crate) fn new() -> Self {
        Self(Mutex::new(start()))
    }

    pub(crate) fn advance(&self, by: TimeDelta) {
        *self.0.lock().unwrap() += by;
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}

/// Ids that grow, none of them twice.
#[derive(Default)]
pub(crate) struct SequentialIds(AtomicU64);

impl IdSource for SequentialIds {
    fn uuid(&self) -> Uuid {
        let next = self.0.fetch_add(1, Ordering::Relaxed);
        Uuid::from_u128(0x019b_7d00_0000_7000_8000_0000_0000_0000 | u128::from(next))
    }
}

/// Secrets that anybody could guess.
#[derive(Default)]
pub(crate) struct PlainTokens(AtomicU64);

impl Tokens for PlainTokens {
    fn new_cart_secret(&self) -> CartSecret {
        CartSecret::new(format!("secret {}", self.0.fetch_add(1, Ordering::Relaxed)))
    }

    fn hash_cart_secret(&self, secret: &CartSecret) -> SecretHash {
        SecretHash(format!("hash of {}", secret.expose()))
    }

    fn new_device_token(&self) -> DeviceToken {
        DeviceToken::new(format!("device token {}", self.0.fetch_add(1, Ordering::Relaxed)))
    }

    fn hash_device_token(&self, token: &DeviceToken) -> SecretHash {
        SecretHash(format!("hash of {}", token.expose()))
    }

    fn new_code(&self) -> OneTimeCode {
        let next = self.0.fetch_add(1, Ordering::Relaxed);
        OneTimeCode::from_random(std::array::from_fn(|at| (next >> (5 * at)) as u8))
    }

    fn hash_code(&self, code: &OneTimeCode) -> SecretHash {
        SecretHash(format!("hash of {}", code.expose()))
    }

    fn hash_network(&self, address: &str) -> SecretHash {
        SecretHash(format!("hash of {address}"))
    }

    fn order_token(&self, order: OrderId) -> OrderToken {
        OrderToken::new(format!("token of {order}"))
    }

    fn opens_order(&self, token: &OrderToken, order: OrderId) -> bool {
        *token == self.order_token(order)
    }

    fn access_token(&self, claims: &AccessClaims, _now: Timestamp) -> Result<(AccessToken, Timestamp), BoxError> {
        let AccessClaims { subject, sign_in, expires_at } = claims;
        let (kind, id) = match subject {
            Subject::Customer(id) => ("customer", id.to_string()),
            Subject::Staff(id) => ("staff", id.to_string()),
        };
        let text = format!("{kind} {id} {sign_in} {}", expires_at.timestamp_micros());
        Ok((AccessToken::new(text), *expires_at))
    }

    fn read_access_token(&self, token: &AccessToken, now: Timestamp) -> Result<AccessClaims, TokenError> {
        let [kind, id, sign_in, end] = token.expose().split(' ').collect::<Vec<_>>()[..] else {
            return Err(TokenError);
        };
        let expires_at = DateTime::from_timestamp_micros(end.parse().unwrap()).unwrap();
        let subject = match kind {
            "customer" => Subject::Customer(id.parse().unwrap()),
            _ => Subject::Staff(id.parse().unwrap()),
        };
        let claims = AccessClaims { subject, sign_in: sign_in.parse().unwrap(), expires_at };
        if now < expires_at { Ok(claims) } else { Err(TokenError) }
    }

    fn refresh_token(&self, sign_in: SignInId, generation: u32) -> RefreshToken {
        RefreshToken::new(format!("{sign_in} {generation}"))
    }

    fn read_refresh_token(&self, token: &RefreshToken) -> Option<(SignInId, u32)> {
        let (sign_in, generation) = token.expose().split_once(' ')?;
        Some((sign_in.parse().ok()?, generation.parse().ok()?))
    }

    fn fingerprint(&self, input: &str) -> String {
        let mut hasher = DefaultHasher::new();
        input.hash(&mut hasher);
        hasher.finish().to_string()
    }
}

/// Passwords that are their own hashes.
pub(crate) struct PlainPasswords;

#[async_trait]
impl Passwords for PlainPasswords {
    async fn hash(&self, password: &str) -> Result<PasswordHash, BoxError> {
        Ok(PasswordHash::new(password.to_owned()))
    }

    async fn verify(&self, password: &str, hash: Option<&PasswordHash>) -> Result<bool, BoxError> {
        Ok(hash.is_some_and(|it| it.expose() == password))
    }
}

/// A search engine that is not there.
pub(crate) struct NoSearch;

#[async_trait]
impl ProductSearch for NoSearch {
    async fn search_many(&self, _queries: &[SearchQuery]) -> Result<Vec<SearchResult>, SearchError> {
        Err(SearchError::Unavailable("none".into()))
    }

    async fn spellings(&self, _words: &[String], _language: &Language) -> Result<Vec<Option<String>>, SearchError> {
        Err(SearchError::Unavailable("none".into()))
    }

    fn highlight(&self, text: &str, _language: &Language, _asked: &str) -> Vec<TextFragment> {
        vec![TextFragment { text: text.to_owned(), is_match: false }]
    }
}

/// An index in memory, which can hold prices in the views that it was made for alone.
#[derive(Default)]
pub(crate) struct MemoryIndex {
    current: Mutex<Option<MemoryGeneration>>,
    /// How many generations there were.
    pub(crate) built: AtomicU32,
}

impl MemoryIndex {
    /// The prices of what is indexed, in `view`.
    pub(crate) fn prices_in(&self, view: &PriceView) -> Vec<PriceRange> {
        let current = self.current.lock().unwrap();
        let documents = current.as_ref().unwrap().documents.lock().unwrap();
        documents.values().filter_map(|it| it.price_in(view)).collect()
    }
}

/// One of its generations.
#[derive(Clone)]
struct MemoryGeneration {
    name: String,
    views: BTreeSet<PriceView>,
    position: Arc<AtomicI64>,
    documents: Arc<Mutex<BTreeMap<ProductId, ProductDocument>>>,
}

#[async_trait]
impl ProductIndex for MemoryIndex {
    async fn current(&self) -> Result<Option<Box<dyn IndexGeneration>>, SearchError> {
        let current = self.current.lock().unwrap().clone();
        Ok(current.map(|it| Box::new(it) as Box<dyn IndexGeneration>))
    }

    async fn create(&self, views: &BTreeSet<PriceView>) -> Result<Box<dyn IndexGeneration>, SearchError> {
        let name = self.built.fetch_add(1, Ordering::SeqCst).to_string();
        let next = MemoryGeneration { name, views: views.clone(), position: Arc::default(), documents: Arc::default() };
        // Nobody searches it, so that it may as well be there at once.
        *self.current.lock().unwrap() = Some(next.clone());
        Ok(Box::new(next))
    }

    async fn promote(&self, _generation: Box<dyn IndexGeneration>) -> Result<(), SearchError> {
        Ok(())
    }
}

#[async_trait]
impl IndexGeneration for MemoryGeneration {
    fn name(&self) -> &str {
        &self.name
    }

    async fn position(&self) -> Result<i64, SearchError> {
        Ok(self.position.load(Ordering::SeqCst))
    }

    async fn price_views(&self) -> Result<Option<BTreeSet<PriceView>>, SearchError> {
        Ok(Some(self.views.clone()))
    }

    async fn write(
        &self,
        documents: &[ProductDocument],
        removed: &[ProductId],
        position: i64,
    ) -> Result<(), SearchError> {
        let mut kept = self.documents.lock().unwrap();
        kept.retain(|id, _| !removed.contains(id));
        kept.extend(documents.iter().map(|it| (it.id, it.clone())));
        self.position.store(position, Ordering::SeqCst);
        Ok(())
    }

    async fn set_synonyms(&self, _synonyms: &[Synonyms]) -> Result<(), SearchError> {
        Ok(())
    }
}

/// Remembers what was published; fails as often as it is told to.
#[derive(Default)]
pub(crate) struct Bus {
    pub(crate) published: Mutex<Vec<RecordedEvent>>,
    pub(crate) failures: AtomicU32,
}

impl Bus {
    pub(crate) fn positions(&self) -> Vec<i64> {
        self.published.lock().unwrap().iter().map(|it| it.position).collect()
    }
}

#[async_trait]
impl EventBus for Bus {
    async fn publish(&self, events: &[RecordedEvent]) -> Result<(), BusError> {
        if takes_one(&self.failures) {
            return Err(BusError("the bus is down".into()));
        }
        self.published.lock().unwrap().extend_from_slice(events);
        Ok(())
    }

    async fn subscribe(&self, _topic: Topic) -> Result<EventStream, BusError> {
        Ok(Box::pin(futures_util::stream::empty()))
    }
}

/// Answers as the token says: `approve`, `due`, `pending` or `decline`; fails as often as it is told to, and remembers who asked.
#[derive(Default)]
pub(crate) struct Provider {
    pub(crate) failures: AtomicU32,
    pub(crate) asked: Mutex<Vec<PaymentId>>,
}

impl Provider {
    pub(crate) fn code() -> ProviderCode {
        ProviderCode::new("test")
    }
}

#[async_trait]
impl PaymentProvider for Provider {
    fn code(&self) -> ProviderCode {
        Self::code()
    }

    fn check_token(&self, token: Option<&str>) -> Result<(), &'static str> {
        outcome(token.unwrap_or_default()).map(|_| ()).ok_or("no such token")
    }

    async fn pay(&self, request: &PaymentRequest) -> Result<PaymentOutcome, PaymentError> {
        self.asked.lock().unwrap().push(request.payment_id);
        if takes_one(&self.failures) {
            return Err(PaymentError("the provider is down".into()));
        }
        outcome(request.token.as_deref().unwrap_or_default()).ok_or(PaymentError("no such token".into()))
    }

    /// The body is `<payment id> <token>`.
    fn read_webhook(&self, signature: Option<&str>, body: &[u8]) -> Result<PaymentNotice, WebhookError> {
        if signature != Some("signed") {
            return Err(WebhookError::Signature);
        }
        let body = std::str::from_utf8(body).map_err(|_| WebhookError::Malformed)?;
        let (payment_id, token) = body.split_once(' ').ok_or(WebhookError::Malformed)?;
        let payment_id = payment_id.parse().map_err(|_| WebhookError::Malformed)?;
        Ok(PaymentNotice { payment_id, outcome: outcome(token).ok_or(WebhookError::Malformed)? })
    }
}

fn outcome(token: &str) -> Option<PaymentOutcome> {
    match token {
        "approve" => Some(PaymentOutcome::Captured),
        "due" => Some(PaymentOutcome::Due),
        "pending" => Some(PaymentOutcome::Pending),
        "decline" => Some(PaymentOutcome::Declined { reason: "insufficient_funds".to_owned() }),
        _ => None,
    }
}

fn takes_one(left: &AtomicU32) -> bool {
    left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |it| it.checked_sub(1)).is_ok()
}
