//! Objects whose fields are mostly at hand.
//!
//! The library begins each field of an object as a future on the heap and then waits for all of them together. For fields
//! that wait for nothing, that is most of what they cost, and a page of products has more than a thousand of them.

use std::{borrow::Cow, future::Future, pin::Pin, task::Poll};

use async_graphql::{
    ContainerType, ContextSelectionSet, Name, OutputType, Positioned, ServerResult, Value,
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
        match object(&fields, values(ctx, &self.0, &fields).await?) {
            Some(object) => Ok(Value::Object(object)),
            // A field that is asked for twice has two selections to be merged.
            None => resolve_container(ctx, &self.0).await,
        }
    }
}

/// Collects the fields that are asked of a `T`, those of fragments in their place; false where that is not all there is.
fn collect<'a, T: OutputType>(
    ctx: &ContextSelectionSet<'a>,
    selections: &'a [Positioned<Selection>],
    fields: &mut Vec<&'a Positioned<Field>>,
) -> bool {
    selections.iter().all(|selection| {
        let (condition, directives, selections) = match &selection.node {
            Selection::Field(field) => {
                fields.push(field);
                return field.node.directives.is_empty();
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

/// An object of `fields` and their values; none if two fields have one name.
fn object(fields: &[&Positioned<Field>], values: Vec<Value>) -> Option<IndexMap<Name, Value>> {
    let mut object = IndexMap::with_capacity(fields.len());
    for (field, value) in fields.iter().zip(values) {
        if object.insert(field.node.response_key().node.clone(), value).is_some() {
            return None;
        }
    }
    Some(object)
}
