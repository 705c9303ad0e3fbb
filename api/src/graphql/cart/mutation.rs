//! Commands on carts.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use comptoir_domain::{
    access::{CartSecret, Email, EmailError},
    cart::{CartCreated, CartEdit, CartRefusal, Contact, NewCart},
    channel::{Address, SalesContext},
    checkout::ProviderCode,
    ids::CartId,
    language::Language,
    pricing::tax::VatNumberError,
    promotion::{DiscountCode, DiscountCodeError},
};

use super::{
    super::{
        channel::{AddressInput, ContextInput, sales_context},
        context::ContextExt as _,
        error::{ErrorCode, Path, Refusal, Refuse as _, UserError},
        id::parse_id,
    },
    input::{
        CartAddressesSetInput, CartCodeApplyInput, CartCodeRemoveInput, CartContactSetInput, CartCreateInput,
        CartDeliverySelectInput, CartGiftChooseInput, CartHoldRenewInput, CartNoteSetInput, CartPaymentSelectInput,
        CartVatNumberSetInput, new_lines, note,
    },
    object::Cart,
    payload::{CartPayload, run},
    place_order::{OrderPlaceInput, OrderPlacePayload, place_order},
    problem::CartNotice,
};

/// The answer to `cartCreate`.
#[derive(SimpleObject)]
struct CartCreatePayload {
    /// The new cart; null where the command was refused.
    cart: Option<Cart>,
    /// What opens the cart, in the header `Comptoir-Cart-Secret` or as a bearer token. It is told once: keep it.
    cart_secret: Option<String>,
    /// Whether the client had created this cart before, by the same id and secret; it is as it is now, then.
    is_replay: bool,
    /// Why the command was refused; empty: it was not.
    user_errors: Vec<UserError>,
    /// What to tell the shopper although the command was accepted: lines that got less than was wanted.
    warnings: Vec<CartNotice>,
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
        match create(ctx, input.unwrap_or_default(), &sales).await {
            Ok(created) => Ok(CartCreatePayload {
                warnings: created.clamped.iter().map(CartNotice::from).collect(),
                cart: Some(Cart(Arc::new(created.view))),
                cart_secret: Some(created.secret.expose().to_owned()),
                is_replay: created.is_replay,
                user_errors: vec![],
            }),
            Err(refusal) => Ok(CartCreatePayload {
                cart: None,
                cart_secret: None,
                is_replay: false,
                user_errors: refusal.into_user_errors()?,
                warnings: vec![],
            }),
        }
    }

    /// Writes a note to the shop, or removes it.
    async fn cart_note_set(&self, ctx: &Context<'_>, input: CartNoteSetInput) -> Result<CartPayload> {
        let edit = note(input.note, Path::input("note")).map(CartEdit::SetNote);
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

    /// Says under what number the buyer is registered for value added tax in the European Union. Where the goods go to another
    /// member state than the seller's, the buyer owes the tax (`REVERSE_CHARGE` in `taxSummary`). The form of the number is
    /// checked, not the register.
    async fn cart_vat_number_set(&self, ctx: &Context<'_>, input: CartVatNumberSetInput) -> Result<CartPayload> {
        let number = input.vat_number.as_deref().filter(|it| !it.is_empty()).map(str::parse).transpose();
        let number = number.map_err(|it: VatNumberError| {
            UserError::input(ErrorCode::InvalidInput, it.to_string(), Path::input("vatNumber")).into()
        });
        run(ctx, &input.cart_id, input.expected_version, number.map(CartEdit::SetVatNumber)).await
    }

    /// Chooses one of the cart's delivery options.
    async fn cart_delivery_select(&self, ctx: &Context<'_>, input: CartDeliverySelectInput) -> Result<CartPayload> {
        let choice = input.handle.parse().map_err(|it: CartRefusal| it.refuse(Path::input("handle")));
        run(ctx, &input.cart_id, input.expected_version, choice.map(CartEdit::SelectDelivery)).await
    }

    /// Sets the cart's stock aside for another time, as far as it is there; three times at most, once it was set aside by
    /// itself. Refused in channels that set no stock aside.
    async fn cart_hold_renew(&self, ctx: &Context<'_>, input: CartHoldRenewInput) -> Result<CartPayload> {
        run(ctx, &input.cart_id, input.expected_version, Ok(CartEdit::RenewHold)).await
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

async fn create(ctx: &Context<'_>, input: CartCreateInput, sales: &SalesContext) -> Result<CartCreated, Refusal> {
    let request = ctx.request()?;
    let currency = input.currency.map(|it| it.parse(Path::input("currency"))).transpose()?;
    let language = input.language.map(|it| it.parse(Path::input("language"))).transpose()?;
    let first_language = sales.languages.first().cloned();
    let new = NewCart {
        identity: identity(input.id, input.secret)?,
        sales: Arc::new(SalesContext { currency: currency.unwrap_or(sales.currency), ..sales.clone() }),
        language: language.or(first_language).unwrap_or_else(Language::english),
        lines: new_lines(ctx, input.lines.unwrap_or_default()).await?,
        on_shortage: input.on_insufficient_stock.into(),
        contact: input.email.map(|it| parse_contact(&it)).transpose()?,
    };
    request.app.carts.create(&request.actor, new).await.map_err(|it| it.refuse(Path::argument("input")))
}

/// The id and the secret that the client made.
fn identity(id: Option<ID>, secret: Option<String>) -> Result<Option<(CartId, CartSecret)>, Refusal> {
    let lacks = |field| {
        let message = "an id and a secret that a client made go together";
        Err(UserError::input(ErrorCode::InvalidInput, message, Path::input(field)).into())
    };
    match (id, secret) {
        (None, None) => Ok(None),
        (Some(id), Some(secret)) => {
            let id = parse_id(&id, Path::input("id"))?;
            let secret = CartSecret::parse(secret)
                .map_err(|it| UserError::input(ErrorCode::InvalidInput, it.to_string(), Path::input("secret")))?;
            Ok(Some((id, secret)))
        }
        (Some(_), None) => lacks("secret"),
        (None, Some(_)) => lacks("id"),
    }
}

/// A discount code, in the domain's terms.
pub(super) fn parse_code(code: &str) -> Result<DiscountCode, Refusal> {
    code.parse().map_err(|it: DiscountCodeError| {
        UserError::input(ErrorCode::InvalidInput, it.to_string(), Path::input("code")).into()
    })
}

/// A contact, in the domain's terms.
pub(super) fn parse_contact(email: &str) -> Result<Contact, Refusal> {
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
