//! Commands on prices and price lists.

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use comptoir_domain::{
    catalog,
    ids::PriceListId,
    pricing::{PricesSet, PricingError, StoredPriceList},
};

use super::{
    super::{
        catalog::Variant,
        context::{ContextExt as _, RequestContext, may_manage_prices},
        error::{Path, Refusal, Refuse as _, UserError},
        id::{parse_id, parse_ids, to_id},
        news::seen_version,
    },
    input::{PriceListCreateInput, PriceListDeleteInput, PriceListUpdateInput, PricesRemoveInput, PricesSetInput},
    object::{Price, PriceList},
};

/// The answer to `pricesSet`.
#[derive(SimpleObject)]
struct PricesSetPayload {
    /// The prices, in the order of the input; null where the command was refused.
    prices: Option<Vec<Price>>,
    /// The variants of the prices, in their order; null where the command was refused.
    variants: Option<Vec<Variant>>,
    /// Why the command was refused; empty: it was not.
    user_errors: Vec<UserError>,
}

/// The answer to `pricesRemove`.
#[derive(SimpleObject)]
struct PricesRemovePayload {
    /// The variants that had the prices, each once; null where the command was refused.
    variants: Option<Vec<Variant>>,
    /// Why the command was refused; empty: it was not.
    user_errors: Vec<UserError>,
}

/// The answer to commands on a price list.
#[derive(SimpleObject)]
struct PriceListPayload {
    /// The list as it is now; null where the command was refused, except for a version that does not match.
    price_list: Option<PriceList>,
    /// Why the command was refused; empty: it was not.
    user_errors: Vec<UserError>,
}

/// The answer to `priceListDelete`.
#[derive(SimpleObject)]
struct PriceListDeletePayload {
    /// The id of what was removed; null where the command was refused.
    deleted_id: Option<ID>,
    /// Why the command was refused; empty: it was not.
    user_errors: Vec<UserError>,
}

/// Commands on prices and price lists.
#[derive(Default)]
pub(in crate::graphql) struct PricingMutation;

#[Object]
impl PricingMutation {
    /// Sets prices, all or none. Needs `MANAGE_PRICES`.
    #[graphql(visible = "may_manage_prices")]
    async fn prices_set(&self, ctx: &Context<'_>, input: PricesSetInput) -> Result<PricesSetPayload> {
        let request = ctx.request()?;
        Ok(match set(request, &input).await {
            Ok(set) => PricesSetPayload {
                prices: Some(set.prices.into_iter().map(Price).collect()),
                variants: Some(variants(request, set.variants)),
                user_errors: vec![],
            },
            Err(refusal) => PricesSetPayload { prices: None, variants: None, user_errors: refusal.into_user_errors()? },
        })
    }

    /// Removes prices, all or none. Needs `MANAGE_PRICES`.
    #[graphql(visible = "may_manage_prices")]
    async fn prices_remove(&self, ctx: &Context<'_>, input: PricesRemoveInput) -> Result<PricesRemovePayload> {
        let request = ctx.request()?;
        let removed = async {
            let at = Path::input("priceIds");
            let ids = parse_ids(&input.price_ids, &at)?;
            request.app.pricing.remove_prices(&request.actor, &ids).await.map_err(|it| it.refuse(at))
        };
        Ok(match removed.await {
            Ok(it) => PricesRemovePayload { variants: Some(variants(request, it)), user_errors: vec![] },
            Err(refusal) => PricesRemovePayload { variants: None, user_errors: refusal.into_user_errors()? },
        })
    }

    /// Creates a price list, without prices. Needs `MANAGE_PRICES`.
    #[graphql(visible = "may_manage_prices")]
    async fn price_list_create(&self, ctx: &Context<'_>, input: PriceListCreateInput) -> Result<PriceListPayload> {
        let request = ctx.request()?;
        answer(request.app.pricing.create_list(&request.actor, input.into()).await)
    }

    /// Changes a price list; what is left out stays as it is. Needs `MANAGE_PRICES`.
    #[graphql(visible = "may_manage_prices")]
    async fn price_list_update(&self, ctx: &Context<'_>, input: PriceListUpdateInput) -> Result<PriceListPayload> {
        let request = ctx.request()?;
        let id = match list_id(&input.price_list_id) {
            Ok(id) => id,
            Err(refusal) => {
                return Ok(PriceListPayload { price_list: None, user_errors: refusal.into_user_errors()? });
            }
        };
        let version = seen_version(input.expected_version);
        answer(request.app.pricing.update_list(&request.actor, id, version, input.into()).await)
    }

    /// Removes a price list with its prices. Needs `MANAGE_PRICES`.
    #[graphql(visible = "may_manage_prices")]
    async fn price_list_delete(
        &self,
        ctx: &Context<'_>,
        input: PriceListDeleteInput,
    ) -> Result<PriceListDeletePayload> {
        let request = ctx.request()?;
        let delete = async {
            let (id, version) = (list_id(&input.price_list_id)?, seen_version(input.expected_version));
            let deleted = request.app.pricing.delete_list(&request.actor, id, version).await;
            deleted.map(|()| to_id(id)).map_err(|it| it.refuse(Path::argument("input")))
        };
        Ok(match delete.await {
            Ok(id) => PriceListDeletePayload { deleted_id: Some(id), user_errors: vec![] },
            Err(refusal) => PriceListDeletePayload { deleted_id: None, user_errors: refusal.into_user_errors()? },
        })
    }
}

async fn set(request: &RequestContext, input: &PricesSetInput) -> Result<PricesSet, Refusal> {
    let at = Path::input("prices");
    let drafts = input.prices.iter().enumerate().map(|(index, it)| it.parse(&at.clone().index(index)));
    let drafts: Vec<_> = drafts.collect::<Result<_, _>>()?;
    request.app.pricing.set_prices(&request.actor, &drafts).await.map_err(|it| it.refuse(at))
}

fn variants(request: &RequestContext, variants: Vec<catalog::Variant>) -> Vec<Variant> {
    variants.into_iter().map(|it| Variant::new(it, request.sales.clone())).collect()
}

/// A refusal comes with the list where the client has seen another version of it.
fn answer(done: Result<StoredPriceList, PricingError>) -> Result<PriceListPayload> {
    let list = match &done {
        Ok(stored) => Some(stored.clone()),
        Err(PricingError::VersionConflict { current }) => Some((**current).clone()),
        Err(_) => None,
    };
    let user_errors = match done {
        Ok(_) => vec![],
        Err(error) => error.refuse(Path::argument("input")).into_user_errors()?,
    };
    Ok(PriceListPayload { price_list: list.map(PriceList), user_errors })
}

fn list_id(id: &ID) -> Result<PriceListId, Refusal> {
    parse_id(id, Path::input("priceListId"))
}
