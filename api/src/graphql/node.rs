//! Anything with an id, by its id.

use std::sync::Arc;

use async_graphql::{Context, ID, Interface, Object, Result};
use comptoir_domain::{
    cart::CartError,
    ids::{CartId, CustomerId, Id, LocationId, OrderId, ProductId, VariantId},
};

use super::{
    cart::Cart,
    catalog::{Product, Variant},
    channel::Location,
    context::ContextExt as _,
    customer::Customer,
    error::{ErrorCode, Path, Refuse as _, UserError},
    loader::load,
    order::Order,
};

/// Anything with an id.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "Its id."))]
pub(super) enum Node {
    Cart(Cart),
    Customer(Customer),
    Location(Location),
    Order(Order),
    Product(Product),
    Variant(Variant),
}

/// Reads by id.
#[derive(Default)]
pub(super) struct NodeQuery;

#[Object]
impl NodeQuery {
    /// What has this id; null where there is nothing that the caller may see.
    async fn node(&self, ctx: &Context<'_>, #[graphql(desc = "The id.")] id: ID) -> Option<Result<Node>> {
        find(ctx, &id, Path::argument("id")).await.transpose()
    }

    /// What has these ids, in their order; at most 100.
    async fn nodes(&self, ctx: &Context<'_>, #[graphql(desc = "The ids.")] ids: Vec<ID>) -> Result<Vec<Option<Node>>> {
        if 100 < ids.len() {
            let error = UserError::input(ErrorCode::LimitExceeded, "at most 100 ids at once", Path::argument("ids"));
            return Err(error.into_error());
        }
        let finds = ids.iter().enumerate().map(|(index, id)| find(ctx, id, Path::argument("ids").index(index)));
        futures_util::future::try_join_all(finds).await
    }
}

async fn find(ctx: &Context<'_>, id: &ID, at: Path) -> Result<Option<Node>> {
    let request = ctx.request()?;
    let sales = || request.sales.clone();
    if let Ok(id) = id.parse::<ProductId>() {
        return Ok(load(ctx, id).await?.map(|product| Node::Product(Product { product, sales: sales() })));
    }
    if let Ok(id) = id.parse::<VariantId>() {
        let Some(variant) = load(ctx, id).await? else { return Ok(None) };
        let is_visible = load(ctx, variant.product_id).await?.is_some();
        return Ok(is_visible.then(|| Node::Variant(Variant { variant, sales: sales() })));
    }
    if let Ok(id) = id.parse::<LocationId>() {
        return Ok(load(ctx, id).await?.map(|it| Node::Location(Location(it))));
    }
    if let Ok(id) = id.parse::<CustomerId>() {
        return Ok(load(ctx, id).await?.map(|it| Node::Customer(Customer(it))));
    }
    if let Ok(id) = id.parse::<OrderId>() {
        return Ok(load(ctx, id).await?.map(|it| Node::Order(Order(it))));
    }
    if let Ok(id) = id.parse::<CartId>() {
        return match request.app.carts.view(&request.actor, id).await {
            Ok(view) => Ok(Some(Node::Cart(Cart(Arc::new(view))))),
            Err(CartError::NotFound) => Ok(None),
            Err(error) => Err(error.refuse(at).into_error()),
        };
    }
    let prefixes =
        [CartId::PREFIX, CustomerId::PREFIX, LocationId::PREFIX, OrderId::PREFIX, ProductId::PREFIX, VariantId::PREFIX]
            .join("_…`, `");
    let message = format!("ids here are `{prefixes}_…`");
    Err(UserError::input(ErrorCode::InvalidId, message, at).into_error())
}
