//! What runs operations: reads take the short way.

use std::{
    any::TypeId,
    sync::{Arc, LazyLock},
};

use async_graphql::{Data, Executor, Request, Response, parser::types::OperationType};
use futures_util::stream::BoxStream;

use super::{ComptoirSchema, batching::Batching, builder, context::RequestContext};
use crate::http::ErrorPaths;

/// The schema as gateways run it.
///
/// [`ErrorPaths`] is an extension, and with any extension the library does a multiple of the work for every field. So
/// queries run without it, and those that fail below their root, where paths are cut, are asked once more with it.
#[derive(Clone)]
pub struct Operations {
    plain: Batching<ComptoirSchema>,
    exact: Arc<LazyLock<Batching<ComptoirSchema>>>,
}

impl Default for Operations {
    fn default() -> Self {
        let exact: LazyLock<Batching<ComptoirSchema>> =
            LazyLock::new(|| Batching(builder().extension(ErrorPaths).data(ErrorPaths).finish()));
        Self { plain: Batching(builder().finish()), exact: Arc::new(exact) }
    }
}

impl Executor for Operations {
    async fn execute(&self, mut request: Request) -> Response {
        let Some(again) = again(&mut request) else { return self.exact.execute(request).await };
        let response = self.plain.execute(request).await;
        let is_whole = response.errors.iter().all(|it| it.path.len() < 2);
        if is_whole { response } else { self.exact.execute(again()).await }
    }

    fn execute_stream(&self, request: Request, session_data: Option<Arc<Data>>) -> BoxStream<'static, Response> {
        self.exact.execute_stream(request, session_data)
    }
}

/// Makes the same query once more; `None` for what may run but once.
fn again(request: &mut Request) -> Option<impl FnOnce() -> Request + use<>> {
    let session = request.data.get(&TypeId::of::<Arc<RequestContext>>())?;
    let session = session.downcast_ref::<Arc<RequestContext>>()?.clone();
    let operations = &request.parsed_query().ok()?.operations;
    if operations.iter().any(|(_, it)| it.node.ty != OperationType::Query) {
        return None;
    }
    let (text, name, variables) = (request.query.clone(), request.operation_name.clone(), request.variables.clone());
    Some(move || {
        let mut request = Request::new(text).variables(variables);
        request.operation_name = name;
        session.prepare(request)
    })
}
