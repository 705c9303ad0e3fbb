//! Discounts by hand, on the wire.

use async_graphql::{Context, ID, InputObject, Object, OneofObject, Result};
use comptoir_domain::{cart::NewDiscount, promotion::ManualValue};

use super::{
    super::{
        context::{ContextExt as _, may_give_discounts},
        error::{ErrorCode, Path, Refusal, UserError},
        id::parse_id,
        money::MoneyInput,
        news::seen_version,
        scalar::Decimal,
    },
    payload::{CartPayload, answer},
};

/// How much a discount by hand takes off: one of these.
#[derive(OneofObject)]
enum ManualDiscountValueInput {
    /// A percentage, such as `"10"`.
    Percent(Decimal),
    /// An amount, once, as prices are entered.
    Amount(MoneyInput),
    /// So much that a unit of the line, or the whole order, costs this.
    Price(MoneyInput),
}

/// A discount to give by hand.
#[derive(InputObject)]
struct CartDiscountAddInput {
    /// The cart.
    cart_id: ID,
    /// The version that the client last saw; the command is refused where the cart is at another. Left out: at any.
    expected_version: Option<i64>,
    /// Off which line; left out: off all of them.
    line_id: Option<ID>,
    /// How much.
    value: ManualDiscountValueInput,
    /// Why: 1 to 500 characters.
    reason: String,
}

/// A discount by hand to take back.
#[derive(InputObject)]
struct CartDiscountRemoveInput {
    /// The cart.
    cart_id: ID,
    /// The version that the client last saw; the command is refused where the cart is at another. Left out: at any.
    expected_version: Option<i64>,
    /// Which of its `manualDiscounts`.
    discount_id: ID,
}

/// Commands on discounts by hand.
#[derive(Default)]
pub(in crate::graphql) struct ManualDiscountMutation;

#[Object]
impl ManualDiscountMutation {
    /// Gives a discount by hand, after the promotions; it replaces the one off the same line, or off the order. Refused beyond the
    /// limit of who gives it, alone or with their others on the cart. Needs `GIVE_DISCOUNTS`, and the cart's secret or `MANAGE_CARTS`.
    #[graphql(visible = "may_give_discounts")]
    async fn cart_discount_add(&self, ctx: &Context<'_>, input: CartDiscountAddInput) -> Result<CartPayload> {
        let request = ctx.request()?;
        let done = async {
            let id = parse_id(&input.cart_id, Path::input("cartId"))?;
            let version = seen_version(input.expected_version);
            Ok((id, request.app.carts.give_discount(&request.actor, id, version, parse(input)?).await))
        };
        answer(ctx, done.await).await
    }

    /// Takes a discount back that was given by hand. Needs `GIVE_DISCOUNTS`, and the cart's secret or `MANAGE_CARTS`.
    #[graphql(visible = "may_give_discounts")]
    async fn cart_discount_remove(&self, ctx: &Context<'_>, input: CartDiscountRemoveInput) -> Result<CartPayload> {
        let request = ctx.request()?;
        let done = async {
            let id = parse_id(&input.cart_id, Path::input("cartId"))?;
            let discount = parse_id(&input.discount_id, Path::input("discountId"))?;
            let version = seen_version(input.expected_version);
            Ok((id, request.app.carts.take_discount_back(&request.actor, id, version, discount).await))
        };
        answer(ctx, done.await).await
    }
}

fn parse(input: CartDiscountAddInput) -> Result<NewDiscount, Refusal> {
    let at = |field: &str| Path::input("value").field(field);
    let value = match input.value {
        ManualDiscountValueInput::Percent(percent) => {
            let percent = percent.0.parse().map_err(|it: comptoir_domain::money::PercentageError| {
                UserError::input(ErrorCode::InvalidInput, it.to_string(), at("percent"))
            })?;
            ManualValue::Percentage(percent)
        }
        ManualDiscountValueInput::Amount(amount) => ManualValue::Amount(amount.parse(at("amount"))?),
        ManualDiscountValueInput::Price(price) => ManualValue::Price(price.parse(at("price"))?),
    };
    let line_id = input.line_id.map(|it| parse_id(&it, Path::input("lineId"))).transpose()?;
    Ok(NewDiscount { line_id, value, reason: input.reason })
}
