//! Runs loaders beside the operation that asks them: a batch is read when no resolver can go on without it.
//!
//! Operation and batches share one task and take turns. So a batch has the keys of a whole level, however many there are
//! and however slow the machine is, and nobody waits for a timer.

use std::{
    future::poll_fn,
    pin::pin,
    sync::{Arc, Mutex, PoisonError},
    task::Poll,
    time::Duration,
};

use async_graphql::{
    Response,
    extensions::{Extension, ExtensionContext, ExtensionFactory, NextExecute},
    runtime::Timer,
};
use async_trait::async_trait;
use futures_util::{
    FutureExt as _, StreamExt as _,
    future::BoxFuture,
    stream::FuturesUnordered,
    task::{FutureObj, Spawn, SpawnError},
};

/// The batches that the loaders of one operation want to read.
#[derive(Clone, Default)]
pub(super) struct Batches(Arc<Mutex<Vec<FutureObj<'static, ()>>>>);

impl Batches {
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

/// The extension that runs an operation together with its [`Batches`].
pub(super) struct Batching;

impl ExtensionFactory for Batching {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_trait]
impl Extension for Batching {
    async fn execute(
        &self,
        context: &ExtensionContext<'_>,
        operation_name: Option<&str>,
        next: NextExecute<'_>,
    ) -> Response {
        let Some(batches) = context.data_opt::<Batches>() else {
            return next.run(context, operation_name).await;
        };
        let mut operation = pin!(next.run(context, operation_name));
        let mut running = FuturesUnordered::new();
        poll_fn(|cx| {
            loop {
                if let Poll::Ready(response) = operation.as_mut().poll(cx) {
                    return Poll::Ready(response);
                }
                running.extend(batches.take());
                // Once a batch is read, the operation can go on.
                if !matches!(running.poll_next_unpin(cx), Poll::Ready(Some(()))) {
                    return Poll::Pending;
                }
            }
        })
        .await
    }
}
