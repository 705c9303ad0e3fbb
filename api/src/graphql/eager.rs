//! Objects whose fields are mostly at hand.
//!
//! The library begins each field of an object as a future on the heap and then waits for all of them together. For fields
//! that wait for nothing, that is most of what they cost, and a page of products has more than a thousand of them.

use std::{borrow::Cow, future::Future, pin::Pin, task::Poll};

use async_graphql::{
    ContainerType, ContextSelectionSet, OutputType, Positioned, ServerResult, Value,
    indexmap::IndexMap,
    parser::types::{Field, Selection},
    registry::Registry,
    resolver_utils::resolve_container,
};
use futures_util::future::{FutureExt as _, OptionFuture, poll_fn, try_join_all};

use crate::http::ErrorPaths;

/// An object that answers what is at hand at once, and waits for the rest together.
///
/// To clients it is the same as `T`.
#[derive(Debug, Clone)]
pub(super) struct Eager<T>(pub(super) T);

impl<T> std::ops::Deref for Eager<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: ContainerType> OutputType for Eager<T> {
    fn type_name() -> Cow<'static, str> {
        T::type_name()
    }

    fn introspection_type_name(&self) -> Cow<'static, str> {
        self.0.introspection_type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        T::create_type_info(registry)
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, _field: &Positioned<Field>) -> ServerResult<Value> {
        let mut fields = Vec::with_capacity(ctx.item.node.items.len());
        // Extensions see fields that the library begins, and directives are its own business.
        let is_plain = ctx.data_opt::<ErrorPaths>().is_none();
        if !is_plain || !collect::<T>(ctx, &ctx.item.node.items, &mut fields) {
            return resolve_container(ctx, &self.0).await;
        }
        let values = values(ctx, &self.0, &fields).await?;
        let names = fields.iter().map(|it| it.node.response_key().node.clone());
        Ok(Value::Object(names.zip(values).collect::<IndexMap<_, _>>()))
    }
}

/// Collects the fields that are asked of a `T`, those of fragments in their place; false where the library has to: directives,
/// fragments of interfaces, and fields that are asked for twice, whose selections are to be merged.
fn collect<'a, T: OutputType>(
    ctx: &ContextSelectionSet<'a>,
    selections: &'a [Positioned<Selection>],
    fields: &mut Vec<&'a Positioned<Field>>,
) -> bool {
    selections.iter().all(|selection| {
        let (condition, directives, selections) = match &selection.node {
            Selection::Field(field) => {
                let name = &field.node.response_key().node;
                let is_new = fields.iter().all(|it| it.node.response_key().node != *name);
                fields.push(field);
                return is_new && field.node.directives.is_empty();
            }
            Selection::InlineFragment(it) => {
                (it.node.type_condition.as_ref(), &it.node.directives, &it.node.selection_set)
            }
            Selection::FragmentSpread(spread) => {
                let Some(it) = ctx.query_env.fragments.get(&spread.node.fragment_name.node) else { return false };
                (Some(&it.node.type_condition), &spread.node.directives, &it.node.selection_set)
            }
        };
        let is_ours = condition.is_none_or(|it| it.node.on.node.as_str() == T::type_name());
        is_ours && directives.is_empty() && collect::<T>(ctx, &selections.node.items, fields)
    })
}

/// The values of `fields`, in their order.
async fn values<'a, T: ContainerType>(
    ctx: &ContextSelectionSet<'a>,
    object: &T,
    fields: &[&'a Positioned<Field>],
) -> ServerResult<Vec<Value>> {
    let begin = |field: &'a Positioned<Field>| async move {
        let ctx = ctx.with_field(field);
        object.resolve_field(&ctx).await
    };
    let mut values = vec![Value::Null; fields.len()];
    let mut waiting = Vec::new();
    // Holds one field after another, for as long as they do not wait.
    let mut place = Box::pin(OptionFuture::default());
    for (value, field) in values.iter_mut().zip(fields) {
        if field.node.name.node == "__typename" {
            *value = Value::String(object.introspection_type_name().into_owned());
            continue;
        }
        place.set(OptionFuture::from(Some(begin(field))));
        match poll_once(place.as_mut()).await {
            Poll::Ready(found) => *value = found.transpose()?.flatten().unwrap_or_default(),
            Poll::Pending => {
                let waits = std::mem::replace(&mut place, Box::pin(OptionFuture::default()));
                waiting.push(waits.map(|found| found.transpose().map(|found| (value, found.flatten()))));
            }
        }
    }
    for (value, found) in try_join_all(waiting).await? {
        *value = found.unwrap_or_default();
    }
    Ok(values)
}

/// What a future says to being polled, once and by this task.
async fn poll_once<F: Future>(mut future: Pin<&mut F>) -> Poll<F::Output> {
    poll_fn(|cx| Poll::Ready(future.as_mut().poll(cx))).await
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };

    use async_graphql::{EmptyMutation, EmptySubscription, Object, Result, Schema};

    use super::*;

    /// An object that counts how often its depth was asked for.
    struct Thing {
        depth: u32,
        asked: Arc<AtomicUsize>,
    }

    #[Object]
    impl Thing {
        async fn depth(&self) -> u32 {
            self.asked.fetch_add(1, Ordering::Relaxed);
            self.depth
        }

        async fn later(&self) -> u32 {
            tokio::task::yield_now().await;
            self.depth
        }

        async fn child(&self) -> Eager<Self> {
            Eager(Self { depth: self.depth + 1, asked: self.asked.clone() })
        }

        async fn fails(&self, later: bool) -> Result<u32> {
            if later {
                tokio::task::yield_now().await;
            }
            Err("it does".into())
        }

        async fn may_fail(&self) -> Option<Result<u32>> {
            Some(Err("it did".into()))
        }
    }

    #[derive(Default)]
    struct Query(Arc<AtomicUsize>);

    #[Object]
    impl Query {
        async fn plain(&self) -> Thing {
            Thing { depth: 0, asked: self.0.clone() }
        }

        async fn eager(&self) -> Eager<Thing> {
            Eager(Thing { depth: 0, asked: self.0.clone() })
        }
    }

    /// The answer to `{ it: root selection }`, and how often a depth was asked for.
    async fn answer(root: &str, selection: &str) -> (String, usize) {
        let query = Query::default();
        let asked = query.0.clone();
        let schema = Schema::new(query, EmptyMutation, EmptySubscription);
        let fragment = if selection.contains("...F") { "fragment F on Thing { later d: depth }" } else { "" };
        let variable = if selection.contains("$no") { "($no: Boolean = false)" } else { "" };
        let answer = schema.execute(format!("query{variable} {{ it: {root} {selection} }} {fragment}")).await;
        (serde_json::to_string(&answer).unwrap(), asked.load(Ordering::Relaxed))
    }

    #[tokio::test]
    async fn clients_see_no_difference() {
        for selection in [
            "{ depth }",
            "{ later a: depth __typename b: depth t: __typename }",
            "{ later ...F ... on Thing { child { ...F } } ... { b: later } }",
            "{ depth @include(if: $no) later @skip(if: $no) ... on Thing @include(if: $no) { b: depth } child { depth } }",
            "{ child { depth } later child { later child { depth } } }",
            "{ depth fails(later: false) later }",
            "{ later child { fails(later: true) } depth }",
            "{ mayFail child { mayFail depth } later }",
        ] {
            let (plain, eager) = (answer("plain", selection).await, answer("eager", selection).await);
            assert_eq!(eager.0, plain.0, "{selection}");
        }
    }

    #[tokio::test]
    async fn what_is_asked_for_twice_is_not_resolved_again_at_each_level() {
        let (_, once) = answer("eager", "{ depth child { depth child { depth } } }").await;
        assert_eq!(once, 3);
        let (_, twice) = answer("eager", "{ depth depth child { depth depth child { depth depth } } }").await;
        assert_eq!(twice, 6);
    }
}
