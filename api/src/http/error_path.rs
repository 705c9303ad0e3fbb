//! Restores the paths of errors that async-graphql cuts.
//!
//! Below a non-null field of a list item or a simple object it overwrites an error's path with the parent's: `["list",0]`
//! instead of `["list",0,"fail"]`. The first field to see an error knows the whole path, so it is kept there.

use std::sync::Arc;

use async_graphql::{
    ErrorExtensionValues, PathSegment, QueryPathNode, QueryPathSegment, Response, ServerError, ServerResult, Value,
    extensions::{Extension, ExtensionContext, ExtensionFactory, NextRequest, NextResolve, NextSubscribe, ResolveInfo},
};
use async_trait::async_trait;
use futures_util::{StreamExt, stream::BoxStream};

/// Where the path waits; never seen by a client.
const KEY: &str = "\0path";

/// The extension to add to a schema.
pub struct ErrorPaths;

impl ExtensionFactory for ErrorPaths {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_trait]
impl Extension for ErrorPaths {
    async fn request(&self, context: &ExtensionContext<'_>, next: NextRequest<'_>) -> Response {
        restored(next.run(context).await)
    }

    fn subscribe<'s>(
        &self,
        context: &ExtensionContext<'_>,
        stream: BoxStream<'s, Response>,
        next: NextSubscribe<'_>,
    ) -> BoxStream<'s, Response> {
        next.run(context, stream).map(restored).boxed()
    }

    async fn resolve(
        &self,
        context: &ExtensionContext<'_>,
        info: ResolveInfo<'_>,
        next: NextResolve<'_>,
    ) -> ServerResult<Option<Value>> {
        let path = info.path_node;
        next.run(context, info).await.map_err(|error| kept(error, path))
    }
}

/// The error with `path` put by, unless a field further in has done so.
fn kept(mut error: ServerError, path: &QueryPathNode<'_>) -> ServerError {
    let extensions = error.extensions.get_or_insert_with(ErrorExtensionValues::default);
    if extensions.get(KEY).is_none() {
        let mut segments: Vec<_> =
            std::iter::once(path).chain(path.parents()).map(|node| segment(&node.segment)).collect();
        segments.reverse();
        extensions.set(KEY, Value::List(segments));
    }
    error
}

fn segment(segment: &QueryPathSegment<'_>) -> Value {
    match segment {
        QueryPathSegment::Index(index) => Value::from(*index),
        QueryPathSegment::Name(name) => Value::from(*name),
    }
}

fn restored(mut response: Response) -> Response {
    for error in &mut response.errors {
        let Some(extensions) = &mut error.extensions else {
            continue;
        };
        if let Some(Value::List(segments)) = extensions.get(KEY) {
            error.path = segments.iter().filter_map(path_segment).collect();
        }
        extensions.unset(KEY);
    }
    response
}

fn path_segment(segment: &Value) -> Option<PathSegment> {
    match segment {
        Value::String(name) => Some(PathSegment::Field(name.clone())),
        Value::Number(index) => index.as_u64().and_then(|index| usize::try_from(index).ok()).map(PathSegment::Index),
        _ => None,
    }
}
