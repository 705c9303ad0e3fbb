//! Runs loaders beside the operation that asks them: a batch is read when no resolver can go on without it.
//!
//! Operation and batches share one task and take turns. So a batch has the keys of a whole level, however many there are
//! and however slow the machine is, and nobody waits for a timer.

use std::{
    any::TypeId,
    pin::Pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
    time::Duration,
};

use async_graphql::{Data, Executor, Request, Response, runtime::Timer};
use futures_util::{
    FutureExt as _, Stream, StreamExt as _,
    future::BoxFuture,
    stream::{self, BoxStream, FuturesUnordered},
    task::{AtomicWaker, FutureObj, Spawn, SpawnError},
};

/// The batches that the loaders of one operation want to read.
#[derive(Clone, Default)]
pub(super) struct Batches(Arc<Mutex<Vec<FutureObj<'static, ()>>>>);

impl Batches {
    /// Those of a request; none if it has no loaders.
    fn of(request: &Request) -> Self {
        let found = request.data.get(&TypeId::of::<Self>()).and_then(|it| it.downcast_ref::<Self>());
        found.cloned().unwrap_or_default()
    }

    fn take(&self) -> Vec<FutureObj<'static, ()>> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Spawn for Batches {
    fn spawn_obj(&self, batch: FutureObj<'static, ()>) -> Result<(), SpawnError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(batch);
        Ok(())
    }
}

/// A timer that lets nobody wait: a batch has its turn after the resolvers had theirs.
pub(super) struct NoDelay;

impl Timer for NoDelay {
    fn delay(&self, _duration: Duration) -> BoxFuture<'static, ()> {
        std::future::ready(()).boxed()
    }
}

/// Runs the operations of an executor together with their [`Batches`].
///
/// It wraps the executor instead of being an extension of it: with any extension, the library does a multiple of the work
/// for every field.
#[derive(Clone)]
pub(super) struct Batching<E>(pub(super) E);

impl<E: Executor> Executor for Batching<E> {
    async fn execute(&self, request: Request) -> Response {
        let batches = Batches::of(&request);
        let operation = stream::once(self.0.execute(request)).boxed();
        let response = Turns::new(operation, batches).next().await;
        response.unwrap_or_default()
    }

    fn execute_stream(&self, request: Request, session_data: Option<Arc<Data>>) -> BoxStream<'static, Response> {
        let batches = Batches::of(&request);
        let operation = self.0.execute_stream(request, session_data);
        Turns::new(operation, batches).boxed()
    }
}

/// An operation and its batches, which take turns.
struct Turns<'a> {
    operation: BoxStream<'a, Response>,
    batches: Batches,
    running: FuturesUnordered<FutureObj<'static, ()>>,
    turn: Arc<Turn>,
}

impl<'a> Turns<'a> {
    fn new(operation: BoxStream<'a, Response>, batches: Batches) -> Self {
        Self { operation, batches, running: FuturesUnordered::new(), turn: Arc::default() }
    }
}

impl Stream for Turns<'_> {
    type Item = Response;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Response>> {
        let Self { operation, batches, running, turn } = &mut *self;
        turn.task.register(cx.waker());
        let waker = Waker::from(turn.clone());
        loop {
            turn.woken.store(false, Ordering::Release);
            if let Poll::Ready(response) = operation.poll_next_unpin(&mut Context::from_waker(&waker)) {
                return Poll::Ready(response);
            }
            // With more than a few dozen resolvers at once, the operation is interrupted before all of them have asked.
            if turn.woken.load(Ordering::Acquire) {
                return Poll::Pending;
            }
            running.extend(batches.take());
            // Once a batch is read, the operation can go on.
            if !matches!(running.poll_next_unpin(cx), Poll::Ready(Some(()))) {
                return Poll::Pending;
            }
        }
    }
}

/// Whether an operation has more to do in its turn.
#[derive(Default)]
struct Turn {
    woken: AtomicBool,
    task: AtomicWaker,
}

impl Wake for Turn {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.woken.store(true, Ordering::Release);
        self.task.wake();
    }
}
