//! A schema and sessions that do one of everything that can go right or wrong.

use std::{
    sync::atomic::{AtomicI32, AtomicUsize, Ordering},
    time::Duration,
};

use async_graphql::{Context, Error, ErrorExtensions, Object, Request, Result, Schema, SimpleObject, Subscription};
use async_trait::async_trait;
use futures_util::{Stream, StreamExt, stream};
use poem::handler;

use crate::http::{Credentials, DEFAULT_BODY_BYTES, ErrorPaths, SessionError, Sessions, Tariff};

/// The name is what an attempt to sign in is about.
pub(super) const TARIFF: Tariff =
    Tariff { base: |_| 1, items: |_| None, attempt: |field| (field == "signIn").then_some(&["name"]) };

pub(super) type ToySchema = Schema<Query, Mutation, Subscriptions>;

pub(super) fn schema() -> ToySchema {
    Schema::build(Query, Mutation, Subscriptions)
        .extension(ErrorPaths)
        .data(AtomicI32::new(0))
        .data(AtomicUsize::new(0))
        .finish()
}

fn explode() -> i32 {
    panic!("secret detail of a panic")
}

pub(super) struct Query;

#[derive(SimpleObject)]
pub(super) struct Node {
    id: i32,
}

pub(super) struct Pot;

#[Object]
impl Pot {
    async fn cracked(&self) -> Result<i32> {
        Err(Error::new("Cracked.").extend_with(|_, extensions| extensions.set("code", "CRACKED")))
    }
}

#[Object]
impl Query {
    async fn hello(&self, #[graphql(default_with = "\"world\".to_owned()")] name: String) -> String {
        format!("Hello {name}")
    }

    async fn caller(&self, context: &Context<'_>) -> String {
        context.data_unchecked::<Caller>().0.clone()
    }

    async fn count(&self, context: &Context<'_>) -> i32 {
        context.data_unchecked::<AtomicI32>().load(Ordering::SeqCst)
    }

    async fn add(&self, a: i32, b: i32) -> i32 {
        a + b
    }

    /// How many slow fields have begun.
    async fn begun(&self, context: &Context<'_>) -> usize {
        context.data_unchecked::<AtomicUsize>().load(Ordering::SeqCst)
    }

    async fn slow(&self, context: &Context<'_>, millis: u64) -> bool {
        context.data_unchecked::<AtomicUsize>().fetch_add(1, Ordering::SeqCst);
        tokio::time::sleep(Duration::from_millis(millis)).await;
        true
    }

    async fn boom(&self) -> i32 {
        explode()
    }

    async fn leak(&self) -> Option<Result<i32>> {
        Some(Err(Error::new("secret detail of a database")))
    }

    async fn sold_out(&self) -> Option<Result<i32>> {
        Some(Err(Error::new("Sold out.").extend_with(|_, extensions| extensions.set("code", "SOLD_OUT"))))
    }

    async fn required(&self) -> Result<Node> {
        Err(Error::new("Gone.").extend_with(|_, extensions| extensions.set("code", "GONE")))
    }

    async fn pots(&self) -> Option<Vec<Pot>> {
        Some(vec![Pot])
    }

    async fn node(&self) -> Node {
        Node { id: 1 }
    }
}

pub(super) struct Mutation;

#[Object]
impl Mutation {
    async fn sign_in(&self, name: String) -> bool {
        !name.is_empty()
    }

    async fn inc(&self, context: &Context<'_>) -> i32 {
        context.data_unchecked::<AtomicI32>().fetch_add(1, Ordering::SeqCst) + 1
    }
}

pub(super) struct Subscriptions;

#[Subscription]
impl Subscriptions {
    async fn count_to(&self, to: i32) -> impl Stream<Item = i32> {
        stream::iter(1..=to)
    }

    async fn forever(&self) -> impl Stream<Item = i32> {
        stream::iter([0]).chain(stream::pending())
    }

    async fn never(&self) -> impl Stream<Item = i32> {
        stream::pending()
    }

    /// As fast as it is taken, a kilobyte at a time.
    async fn flood(&self) -> impl Stream<Item = String> {
        stream::repeat("x".repeat(1024))
    }

    async fn explode(&self) -> impl Stream<Item = i32> {
        stream::iter([1, 2]).map(|n| if n == 2 { explode() } else { n })
    }

    async fn forbidden(&self) -> Result<stream::Pending<i32>> {
        Err(Error::new("Not yours.").extend_with(|_, extensions| extensions.set("code", "FORBIDDEN")))
    }
}

/// Who calls: the token without its scheme.
#[derive(Clone)]
pub(super) struct Caller(String);

pub(super) struct ToySessions;

#[async_trait]
impl Sessions for ToySessions {
    type Session = Caller;

    async fn open(&self, credentials: Credentials) -> Result<Caller, SessionError> {
        let token = credentials.authorization.unwrap_or_else(|| "Bearer anonymous".to_owned());
        match token.strip_prefix("Bearer ") {
            None | Some("bad") => Err(SessionError::Unauthenticated { message: "The token is not valid.".to_owned() }),
            Some("down") => Err(SessionError::Unavailable),
            Some("panic") => panic!("secret detail of a panic"),
            Some(name) => Ok(Caller(name.to_owned())),
        }
    }

    fn prepare(&self, session: &Caller, request: Request) -> Request {
        request.data(session.clone())
    }

    fn may_introspect(&self, session: &Caller) -> bool {
        session.0 != "shopper"
    }

    fn identity(&self, session: &Caller) -> Option<String> {
        (session.0 != "anonymous").then(|| session.0.clone())
    }

    fn may_run_any(&self, session: &Caller) -> bool {
        session.0 == "clerk"
    }

    fn body_limit(&self, session: &Caller) -> usize {
        if session.0 == "importer" { 4 * DEFAULT_BODY_BYTES } else { DEFAULT_BODY_BYTES }
    }

    fn expires_in(&self, session: &Caller) -> Option<Duration> {
        (session.0 == "brief").then_some(Duration::from_millis(100))
    }
}

/// An endpoint beside the gateway that panics.
#[handler]
pub(super) fn panicking() -> &'static str {
    panic!("secret detail of a panic")
}
