//! Comptoir as a subgraph of a supergraph: [Apollo Federation 2](https://www.apollographql.com/docs/graphos/schema-design/federated-schemas/reference/subgraph-spec).
//!
//! The library's own entities fail all for one that is missing, and its SDL shows everybody everything, so neither is used.

use async_graphql::{Any, Context, Object, Result, SimpleObject, Value};
use futures_util::future::join_all;

use super::{
    error::{ErrorCode, Path, UserError},
    node::{ENTITIES, Entity},
    sdl::{Hidden, subgraph_sdl},
};

/// This subgraph.
#[derive(SimpleObject)]
#[graphql(name = "_Service")]
struct Service {
    /// Its schema, as far as the caller may see it.
    sdl: String,
}

/// What a router asks a subgraph, without looking; other clients need not see it.
#[derive(Default)]
pub(super) struct FederationQuery;

#[Object]
impl FederationQuery {
    /// This subgraph.
    #[graphql(name = "_service", visible = false)]
    async fn service(&self, ctx: &Context<'_>) -> Service {
        Service { sdl: subgraph_sdl(Hidden::from(ctx)) }
    }

    /// The objects that other subgraphs refer to, in their order; null for each that the caller may not see, and where
    /// there is none.
    #[graphql(name = "_entities", visible = false)]
    async fn entities(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "For each object its `__typename` and `id`; at most 1000.")] representations: Vec<Any>,
    ) -> Vec<Option<Result<Entity>>> {
        let finds = representations.iter().enumerate().map(|(index, Any(representation))| async move {
            find(ctx, representation, Path::argument("representations").index(index)).await.transpose()
        });
        join_all(finds).await
    }
}

/// The object of a representation; an error where it does not name one of the [`ENTITIES`].
async fn find(ctx: &Context<'_>, representation: &Value, at: Path) -> Result<Option<Entity>> {
    let entry = |key: &str| match representation {
        Value::Object(entries) => match entries.get(key) {
            Some(Value::String(text)) => Some(text.as_str()),
            _ => None,
        },
        _ => None,
    };
    let Some(typename) = entry("__typename").filter(|it| ENTITIES.contains(it)) else {
        let message = format!("`__typename` is one of `{}`", ENTITIES.join("`, `"));
        return Err(UserError::input(ErrorCode::InvalidInput, message, at.field("__typename")).into_error());
    };
    match entry("id") {
        Some(id) => Entity::find(ctx, typename, id).await,
        None => Ok(None),
    }
}
