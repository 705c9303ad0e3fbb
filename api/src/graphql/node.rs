//! Anything with an id, by its id.

use std::future::Future;

use async_graphql::{Context, ID, Interface, Object, Result, Union};
use comptoir_domain::ids::{CartId, CollectionId, CustomerId, Id, LocationId, OrderId, ProductId, VariantId};

use super::{
    cart::Cart,
    catalog::{Collection, Product, Variant},
    channel::Location,
    context::ContextExt as _,
    customer::Customer,
    error::{ErrorCode, Path, UserError},
    loader::{ProductIn, load},
    order::Order,
};

/// An object that is found by its id.
trait Identified: Sized {
    /// What it is found by.
    type Id: Id;

    /// The object, if there is one that the caller may see.
    fn find(ctx: &Context<'_>, id: Self::Id) -> impl Future<Output = Result<Option<Self>>> + Send;
}

/// What the interface `Node` and the union `_Entity` are made of.
macro_rules! identified {
    ($($name:ident,)+) => {
        /// Anything with an id.
        #[derive(Interface)]
        #[graphql(field(name = "id", ty = "ID", desc = "Its id."))]
        pub(super) enum Node {
            $($name($name),)+
        }

        /// What other subgraphs may refer to by its id.
        #[derive(Union)]
        #[graphql(name = "_Entity")]
        pub(super) enum Entity {
            $($name($name),)+
        }

        /// The types of [`Entity`].
        pub(super) const ENTITIES: &[&str] = &[$(stringify!($name),)+];

        impl Node {
            /// What has this id; an error for what is no id.
            async fn find(ctx: &Context<'_>, id: &ID, at: Path) -> Result<Option<Self>> {
                $(if let Ok(id) = id.parse() {
                    return Ok($name::find(ctx, id).await?.map(Self::$name));
                })+
                let prefixes = [$(<$name as Identified>::Id::PREFIX,)+].join("_…`, `");
                let message = format!("ids here are `{prefixes}_…`");
                Err(UserError::input(ErrorCode::InvalidId, message, at).into_error())
            }
        }

        impl Entity {
            /// The object of one of the [`ENTITIES`] that has this id; `None` as well for what is no id of that type.
            pub(super) async fn find(ctx: &Context<'_>, typename: &str, id: &str) -> Result<Option<Self>> {
                match typename {
                    $(stringify!($name) => {
                        let Ok(id) = id.parse() else { return Ok(None) };
                        Ok($name::find(ctx, id).await?.map(Self::$name))
                    })+
                    _ => Ok(None),
                }
            }
        }
    };
}

identified! { Cart, Collection, Customer, Location, Order, Product, Variant, }

impl Identified for Cart {
    type Id = CartId;

    async fn find(ctx: &Context<'_>, id: CartId) -> Result<Option<Self>> {
        Ok(load(ctx, id).await?.map(Self))
    }
}

impl Identified for Collection {
    type Id = CollectionId;

    async fn find(ctx: &Context<'_>, id: CollectionId) -> Result<Option<Self>> {
        let sales = ctx.request()?.sales.clone();
        Ok(load(ctx, id).await?.map(|collection| Self { collection, sales }))
    }
}

impl Identified for Customer {
    type Id = CustomerId;

    async fn find(ctx: &Context<'_>, id: CustomerId) -> Result<Option<Self>> {
        Ok(load(ctx, id).await?.map(Self))
    }
}

impl Identified for Location {
    type Id = LocationId;

    async fn find(ctx: &Context<'_>, id: LocationId) -> Result<Option<Self>> {
        Ok(load(ctx, id).await?.map(Self))
    }
}

impl Identified for Order {
    type Id = OrderId;

    async fn find(ctx: &Context<'_>, id: OrderId) -> Result<Option<Self>> {
        Ok(load(ctx, id).await?.map(Self))
    }
}

impl Identified for Product {
    type Id = ProductId;

    async fn find(ctx: &Context<'_>, id: ProductId) -> Result<Option<Self>> {
        let sales = ctx.request()?.sales.clone();
        Ok(load(ctx, ProductIn::new(id, &sales)).await?.map(|product| Self::new(product, sales)))
    }
}

impl Identified for Variant {
    type Id = VariantId;

    async fn find(ctx: &Context<'_>, id: VariantId) -> Result<Option<Self>> {
        let sales = ctx.request()?.sales.clone();
        let Some(variant) = load(ctx, id).await? else { return Ok(None) };
        let is_visible = load(ctx, ProductIn::new(variant.product_id, &sales)).await?.is_some();
        Ok(is_visible.then_some(Self::new(variant, sales)))
    }
}

/// Reads by id.
#[derive(Default)]
pub(super) struct NodeQuery;

#[Object]
impl NodeQuery {
    /// What has this id; null where there is nothing that the caller may see.
    async fn node(&self, ctx: &Context<'_>, #[graphql(desc = "The id.")] id: ID) -> Option<Result<Node>> {
        Node::find(ctx, &id, Path::argument("id")).await.transpose()
    }

    /// What has these ids, in their order; at most 100.
    async fn nodes(&self, ctx: &Context<'_>, #[graphql(desc = "The ids.")] ids: Vec<ID>) -> Result<Vec<Option<Node>>> {
        if 100 < ids.len() {
            let error = UserError::input(ErrorCode::LimitExceeded, "at most 100 ids at once", Path::argument("ids"));
            return Err(error.into_error());
        }
        let finds = ids.iter().enumerate().map(|(index, id)| Node::find(ctx, id, Path::argument("ids").index(index)));
        futures_util::future::try_join_all(finds).await
    }
}
