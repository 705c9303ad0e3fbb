//! Commands on carts.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use comptoir_domain::{
    access::{Email, EmailError},
    cart::{CartEdit, CartError, CartView, Contact, NewCart},
    channel::{Address, SalesContext},
    checkout::ProviderCode,
    ids::CartId,
    language::Language,
    promotion::{DiscountCode, DiscountCodeError},
};

use super::{
    super::{
        channel::{AddressInput, ContextInput, sales_context},
        context::ContextExt as _,
        error::{ErrorCode, Path, Refusal, Refuse as _, UserError},
        id::{parse_id, parse_ids},
        news::seen_version,
    },
    input::{
        CartAddressesSetInput, CartCodeApplyInput, CartCodeRemoveInput, CartContactSetInput, CartCreateInput,
        CartDeliverySelectInput, CartGiftChooseInput, CartLinesAddInput, CartLinesRemoveInput, CartLinesUpdateInput,
        CartPaymentSelectInput, line_changes, new_lines,
    },
    object::{Cart, CartProblem},
    place_order::{OrderPlaceInput, OrderPlacePayload, place_order},
};

/// The answer to `cartCreate`.
#[derive(SimpleObject)]
struct CartCreatePayload {
    /// The new cart; null where the command was refused.
    cart: Option<Cart>,
    /// What opens the cart, in the header `Comptoir-Cart-Secret` or as a bearer token. It is told once: keep it.
    cart_secret: Option<String>,
    /// Why the command was refused; empty: it was not.
    user_errors: Vec<UserError>,
    /// What to tell the shopper although the command was accepted.
    warnings: Vec<CartProblem>,
}

/// The answer to a command on a cart.
#[derive(SimpleObject)]
pub(super) struct CartPayload {
    /// The cart as it is now; null where the command was refused, except for a version that does not match.
    cart: Option<Cart>,
    /// Why the command was refused; empty: it was not.
    user_errors: Vec<UserError>,
    /// What to tell the shopper although the command was accepted: other lines that cannot be ordered as they are.
    warnings: Vec<CartProblem>,
}

/// Commands on carts. All but `cartCreate` need the cart's secret.
#[derive(Default)]
pub(in crate::graphql) struct CartMutation;

#[Object]
impl CartMutation {
    /// Creates a cart.
    async fn cart_create(
        &self,
        ctx: &Context<'_>,
        input: Option<CartCreateInput>,
        #[graphql(desc = "Where it is sold, and to whom; what it leaves out comes from the request's headers.")]
        context: Option<ContextInput>,
    ) -> Result<CartCreatePayload> {
        let sales = sales_context(ctx, context).await?;
        let empty = CartCreateInput { currency: None, language: None, lines: None, email: None };
        match create(ctx, input.unwrap_or(empty), &sales).await {
            Ok((view, secret)) => Ok(CartCreatePayload {
                warnings: warnings(&view),
                cart: Some(Cart(Arc::new(view))),
                cart_secret: Some(secret),
                user_errors: vec![],
            }),
            Err(refusal) => Ok(CartCreatePayload {
                cart: None,
                cart_secret: None,
                user_errors: refusal.into_user_errors()?,
                warnings: vec![],
            }),
        }
    }

    /// Adds lines; a variant that is there already gets more. All or nothing.
    async fn cart_lines_add(&self, ctx: &Context<'_>, input: CartLinesAddInput) -> Result<CartPayload> {
        let edit = new_lines(input.lines).map(CartEdit::AddLines);
        run(ctx, &input.cart_id, input.expected_version, edit).await
    }

    /// Sets quantities; 0 removes the line. All or nothing.
    async fn cart_lines_update(&self, ctx: &Context<'_>, input: CartLinesUpdateInput) -> Result<CartPayload> {
        let edit = line_changes(input.lines).map(CartEdit::UpdateLines);
        run(ctx, &input.cart_id, input.expected_version, edit).await
    }

    /// Removes lines. All or nothing.
    async fn cart_lines_remove(&self, ctx: &Context<'_>, input: CartLinesRemoveInput) -> Result<CartPayload> {
        let edit = parse_ids(&input.line_ids, &Path::input("lineIds")).map(CartEdit::RemoveLines);
        run(ctx, &input.cart_id, input.expected_version, edit).await
    }

    /// Says how to reach the buyer.
    async fn cart_contact_set(&self, ctx: &Context<'_>, input: CartContactSetInput) -> Result<CartPayload> {
        let edit = parse_contact(&input.email).map(CartEdit::SetContact);
        run(ctx, &input.cart_id, input.expected_version, edit).await
    }

    /// Says where the cart goes, and whom to bill.
    async fn cart_addresses_set(&self, ctx: &Context<'_>, input: CartAddressesSetInput) -> Result<CartPayload> {
        let edit = parse_addresses(input.shipping, input.billing);
        run(ctx, &input.cart_id, input.expected_version, edit).await
    }

    /// Chooses one of the cart's delivery options.
    async fn cart_delivery_select(&self, ctx: &Context<'_>, input: CartDeliverySelectInput) -> Result<CartPayload> {
        let choice = input.handle.parse().map_err(|it: CartError| it.refuse(Path::input("handle")));
        run(ctx, &input.cart_id, input.expected_version, choice.map(CartEdit::SelectDelivery)).await
    }

    /// Enters a discount code. Where the code can be used, a use of it is set aside for half an hour, and for longer when it
    /// is entered again; whether its promotion applies, `codes` tells.
    async fn cart_code_apply(&self, ctx: &Context<'_>, input: CartCodeApplyInput) -> Result<CartPayload> {
        let code = parse_code(&input.code).map(CartEdit::ApplyCode);
        run(ctx, &input.cart_id, input.expected_version, code).await
    }

    /// Takes a discount code away; its use is free again.
    async fn cart_code_remove(&self, ctx: &Context<'_>, input: CartCodeRemoveInput) -> Result<CartPayload> {
        let code = parse_code(&input.code).map(CartEdit::RemoveCode);
        run(ctx, &input.cart_id, input.expected_version, code).await
    }

    /// Takes one of the cart's `gifts`, or does without it; the answer is kept while the promotion comes and goes.
    async fn cart_gift_choose(&self, ctx: &Context<'_>, input: CartGiftChooseInput) -> Result<CartPayload> {
        run(ctx, &input.cart_id, input.expected_version, input.choice().map(CartEdit::ChooseGift)).await
    }

    /// Says how the cart will be paid, for promotions that ask for it. Nothing is taken yet; `orderPlace` counts.
    async fn cart_payment_select(&self, ctx: &Context<'_>, input: CartPaymentSelectInput) -> Result<CartPayload> {
        let edit = CartEdit::SelectPayment(ProviderCode::new(&input.provider));
        run(ctx, &input.cart_id, input.expected_version, Ok(edit)).await
    }

    /// Makes a cart an order and takes the money, once per key.
    ///
    /// Where the provider says no, the cart can be ordered again under a new key. Where it has not said anything yet, the order is `PENDING`.
    async fn order_place(&self, ctx: &Context<'_>, input: OrderPlaceInput) -> Result<OrderPlacePayload> {
        place_order(ctx, input).await
    }
}

async fn create(
    ctx: &Context<'_>,
    input: CartCreateInput,
    sales: &SalesContext,
) -> Result<(CartView, String), Refusal> {
    let request = ctx.request()?;
    let currency = input.currency.map(|it| it.parse(Path::input("currency"))).transpose()?;
    let language = input.language.map(|it| it.parse(Path::input("language"))).transpose()?;
    let first_language = sales.languages.first().cloned();
    let new = NewCart {
        sales: Arc::new(SalesContext { currency: currency.unwrap_or(sales.currency), ..sales.clone() }),
        language: language.or(first_language).unwrap_or_else(Language::english),
        lines: new_lines(input.lines.unwrap_or_default())?,
        contact: input.email.map(|it| parse_contact(&it)).transpose()?,
    };
    let created =
        request.app.carts.create(&request.actor, new).await.map_err(|it| it.refuse(Path::argument("input")))?;
    Ok((created.view, created.secret.expose().to_owned()))
}

/// Runs one command on a cart.
async fn run(
    ctx: &Context<'_>,
    cart_id: &ID,
    expected_version: Option<i64>,
    edit: Result<CartEdit, Refusal>,
) -> Result<CartPayload> {
    let request = ctx.request()?;
    let done = async {
        let id = parse_id(cart_id, Path::input("cartId"))?;
        let edited = request.app.carts.edit(&request.actor, id, seen_version(expected_version), edit?).await;
        Ok((id, edited))
    };
    answer(ctx, done.await).await
}

/// The answer to a command on a cart, or why there was none.
pub(super) async fn answer(
    ctx: &Context<'_>,
    done: Result<(CartId, Result<CartView, CartError>), Refusal>,
) -> Result<CartPayload> {
    let request = ctx.request()?;
    let result = async {
        match done? {
            (id, Err(error @ CartError::VersionConflict { .. })) => {
                let current = request.app.carts.view(&request.actor, id).await.ok();
                Ok((current, error.refuse(Path::input("cartId")).into_user_errors()?))
            }
            (_, Err(error)) => Err(error.refuse(Path::input("cartId"))),
            (_, Ok(view)) => Ok((Some(view), vec![])),
        }
    };
    match result.await {
        Ok((view, user_errors)) => Ok(CartPayload {
            warnings: view.as_ref().map(warnings).unwrap_or_default(),
            cart: view.map(|it| Cart(Arc::new(it))),
            user_errors,
        }),
        Err(refusal) => {
            let refusal: Refusal = refusal;
            Ok(CartPayload { cart: None, user_errors: refusal.into_user_errors()?, warnings: vec![] })
        }
    }
}

fn warnings(view: &CartView) -> Vec<CartProblem> {
    view.priced.lines.iter().filter_map(CartProblem::of).collect()
}

fn parse_code(code: &str) -> Result<DiscountCode, Refusal> {
    code.parse().map_err(|it: DiscountCodeError| {
        UserError::input(ErrorCode::InvalidInput, it.to_string(), Path::input("code")).into()
    })
}

fn parse_contact(email: &str) -> Result<Contact, Refusal> {
    let email = email.parse::<Email>();
    email.map(|email| Contact { email }).map_err(|it: EmailError| {
        UserError::input(ErrorCode::InvalidInput, it.to_string(), Path::input("email")).into()
    })
}

fn parse_addresses(shipping: Option<AddressInput>, billing: Option<AddressInput>) -> Result<CartEdit, Refusal> {
    let parse = |address: Option<AddressInput>, which: &'static str| -> Result<Option<Box<Address>>, Refusal> {
        address.map(|it| it.parse().map(Box::new)).transpose().map_err(|error| {
            let at = Path::input(which).field(error.field());
            UserError::input(ErrorCode::InvalidInput, error.to_string(), at).into()
        })
    };
    Ok(CartEdit::SetAddresses { shipping: parse(shipping, "shipping")?, billing: parse(billing, "billing")? })
}
