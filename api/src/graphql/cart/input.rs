//! What cart commands are given.

use async_graphql::{Context, Enum, ID, InputObject, MaybeUndefined};
use comptoir_domain::{
    cart::{self, CartRefusal, LineAttributes, LineChange, LineRef, NewLine, Note, QuantityChange},
    catalog::{NameReason, ScanError, Scanned, VariantName},
    ids::VariantId,
    promotion::GiftChoice,
};

use super::super::{
    channel::AddressInput,
    context::ContextExt as _,
    error::{ErrorCode, Path, Refusal, Refuse as _, UserError},
    id::parse_id,
    scalar::{CurrencyCode, LanguageTag},
};

/// What a shopper wants of a line, such as an engraving.
#[derive(InputObject)]
pub(super) struct LineAttributeInput {
    /// What it is: 1 to 60 characters; a line has each key once.
    key: String,
    /// 1 to 500 characters.
    value: String,
}

/// What to do where there is not enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Enum)]
#[graphql(remote = "cart::OnInsufficientStock")]
pub(super) enum OnInsufficientStock {
    /// The command is refused, and nothing of it is done.
    #[default]
    Reject,
    /// The line gets what there is, and `warnings` say so.
    Clamp,
}

/// A line: of a variant that is named by its id, its SKU or a code.
#[derive(InputObject)]
pub(super) struct CartLineAddInput {
    /// What, by its id. Exactly one of `variantId`, `sku` and `scan` is given.
    variant_id: Option<ID>,
    /// What, by the merchant's own number.
    sku: Option<String>,
    /// What, by a code as `variantByScan` reads it. A pack of twelve is twelve pieces, where its code says so. A code of one piece
    /// with its own price or weight is refused (`MEASURED_CODE`): a cart charges what the variant costs.
    scan: Option<String>,
    /// How many, or how many more: 1 to 999 in all. Of a code, so many packs.
    #[graphql(default = 1)]
    quantity: i64,
    /// What is wanted of it, at most 20. The same variant with other attributes is another line.
    attributes: Option<Vec<LineAttributeInput>>,
    /// What to write of it: at most 1000 characters. A line that is there keeps its note where this is left out.
    note: Option<String>,
}

/// What a line is, for clients that do not know its id.
#[derive(InputObject)]
pub(super) struct CartLineItemInput {
    /// What.
    variant_id: ID,
    /// What is wanted of it; left out: nothing.
    attributes: Option<Vec<LineAttributeInput>>,
}

/// What to change of a line; what is left out stays as it is.
#[derive(InputObject)]
pub(super) struct CartLineUpdateInput {
    /// Which line, by its id. Exactly one of `lineId` and `item` is given.
    line_id: Option<ID>,
    /// Which line, by what it is.
    item: Option<CartLineItemInput>,
    /// How many: 1 to 999; 0 removes the line. Only one of `quantity` and `quantityDelta` is given.
    quantity: Option<i64>,
    /// How many more, or less where it is negative. Deltas of several devices add up in whatever order they come, as long as no sum
    /// is below 0. A line that comes to 0 is removed: by `item`, more of it makes a line again; by `lineId`, it is gone.
    quantity_delta: Option<i64>,
    /// What is wanted of it, at most 20. Where there is such a line already, this one joins it.
    attributes: Option<Vec<LineAttributeInput>>,
    /// What to write of it: at most 1000 characters; null removes it.
    note: MaybeUndefined<String>,
}

/// What a new cart starts with.
#[derive(InputObject, Default)]
pub(super) struct CartCreateInput {
    /// An id that the client made: `cart_` and a UUID as a TypeID, best a UUIDv7, as those made here are. With `secret`, so that a
    /// cart can be created offline, and again without harm: the same id with the same secret is the same cart. Left out: a new one.
    pub(super) id: Option<ID>,
    /// What opens the cart, made by the client by chance: `cs_` and 22 to 125 letters without accents, digits, hyphens and
    /// underscores, of at least 128 bits. Goes with `id`.
    #[graphql(secret)]
    pub(super) secret: Option<String>,
    /// The currency of its prices; that of the request's market if left out. It never changes.
    pub(super) currency: Option<CurrencyCode>,
    /// The language to write to the buyer in; the request's if left out.
    pub(super) language: Option<LanguageTag>,
    /// Its first lines.
    pub(super) lines: Option<Vec<CartLineAddInput>>,
    /// What to do where there is not enough.
    #[graphql(default_with = "OnInsufficientStock::Reject")]
    pub(super) on_insufficient_stock: OnInsufficientStock,
    /// Where the confirmation goes.
    pub(super) email: Option<String>,
}

/// Lines to add to a cart.
#[derive(InputObject)]
pub(super) struct CartLinesAddInput {
    /// The cart.
    pub(super) cart_id: ID,
    /// The version that the client last saw; the command is refused where the cart is at another. Left out: at any.
    pub(super) expected_version: Option<i64>,
    /// The lines; one that is there already gets more.
    pub(super) lines: Vec<CartLineAddInput>,
    /// What to do where there is not enough.
    #[graphql(default_with = "OnInsufficientStock::Reject")]
    pub(super) on_insufficient_stock: OnInsufficientStock,
}

/// What the lines of a cart are to be.
#[derive(InputObject)]
pub(super) struct CartLinesSetInput {
    /// The cart.
    pub(super) cart_id: ID,
    /// The version that the client last saw; the command is refused where the cart is at another. Left out: at any.
    pub(super) expected_version: Option<i64>,
    /// All the lines, in their order. One that is there already stays the same line; others go.
    pub(super) lines: Vec<CartLineAddInput>,
    /// What to do where there is not enough.
    #[graphql(default_with = "OnInsufficientStock::Reject")]
    pub(super) on_insufficient_stock: OnInsufficientStock,
}

/// Lines to save for later.
#[derive(InputObject)]
pub(super) struct CartLinesSaveForLaterInput {
    /// The cart.
    pub(super) cart_id: ID,
    /// The version that the client last saw; the command is refused where the cart is at another. Left out: at any.
    pub(super) expected_version: Option<i64>,
    /// The lines.
    pub(super) line_ids: Vec<ID>,
}

/// Lines that were saved for later, to be moved back.
#[derive(InputObject)]
pub(super) struct CartLinesMoveToCartInput {
    /// The cart.
    pub(super) cart_id: ID,
    /// The version that the client last saw; the command is refused where the cart is at another. Left out: at any.
    pub(super) expected_version: Option<i64>,
    /// The lines, of `savedLines`.
    pub(super) line_ids: Vec<ID>,
    /// What to do where there is not enough.
    #[graphql(default_with = "OnInsufficientStock::Reject")]
    pub(super) on_insufficient_stock: OnInsufficientStock,
}

/// What to write to the shop.
#[derive(InputObject)]
pub(super) struct CartNoteSetInput {
    /// The cart.
    pub(super) cart_id: ID,
    /// The version that the client last saw; the command is refused where the cart is at another. Left out: at any.
    pub(super) expected_version: Option<i64>,
    /// At most 1000 characters; null removes the note.
    pub(super) note: Option<String>,
}

/// A discount code to enter.
#[derive(InputObject)]
pub(super) struct CartCodeApplyInput {
    /// The cart.
    pub(super) cart_id: ID,
    /// The version that the client last saw; the command is refused where the cart is at another. Left out: at any.
    pub(super) expected_version: Option<i64>,
    /// The code, in capitals or not: at most 64 letters, digits, hyphens, underscores and dots.
    pub(super) code: String,
}

/// A discount code to take away.
#[derive(InputObject)]
pub(super) struct CartCodeRemoveInput {
    /// The cart.
    pub(super) cart_id: ID,
    /// The version that the client last saw; the command is refused where the cart is at another. Left out: at any.
    pub(super) expected_version: Option<i64>,
    /// The code, in capitals or not: at most 64 letters, digits, hyphens, underscores and dots.
    pub(super) code: String,
}

/// A gift to take, or to do without.
#[derive(InputObject)]
pub(super) struct CartGiftChooseInput {
    /// The cart.
    pub(super) cart_id: ID,
    /// The version that the client last saw; the command is refused where the cart is at another. Left out: at any.
    pub(super) expected_version: Option<i64>,
    /// The promotion that offers it.
    promotion_id: ID,
    /// The gift.
    variant_id: ID,
    /// Whether the shopper wants it.
    is_accepted: bool,
}

impl CartGiftChooseInput {
    /// The choice, in the domain's terms.
    pub(super) fn choice(&self) -> Result<GiftChoice, Refusal> {
        Ok(GiftChoice {
            promotion_id: parse_id(&self.promotion_id, Path::input("promotionId"))?,
            variant_id: parse_id(&self.variant_id, Path::input("variantId"))?,
            is_accepted: self.is_accepted,
        })
    }
}

/// How a cart will be paid.
#[derive(InputObject)]
pub(super) struct CartPaymentSelectInput {
    /// The cart.
    pub(super) cart_id: ID,
    /// The version that the client last saw; the command is refused where the cart is at another. Left out: at any.
    pub(super) expected_version: Option<i64>,
    /// Who will take the money: one of `paymentProviders`.
    pub(super) provider: String,
}

/// Lines of a cart to change.
#[derive(InputObject)]
pub(super) struct CartLinesUpdateInput {
    /// The cart.
    pub(super) cart_id: ID,
    /// The version that the client last saw; the command is refused where the cart is at another. Left out: at any.
    pub(super) expected_version: Option<i64>,
    /// The lines.
    pub(super) lines: Vec<CartLineUpdateInput>,
    /// What to do where there is not enough.
    #[graphql(default_with = "OnInsufficientStock::Reject")]
    pub(super) on_insufficient_stock: OnInsufficientStock,
}

/// Lines of a cart to remove.
#[derive(InputObject)]
pub(super) struct CartLinesRemoveInput {
    /// The cart.
    pub(super) cart_id: ID,
    /// The version that the client last saw; the command is refused where the cart is at another. Left out: at any.
    pub(super) expected_version: Option<i64>,
    /// The lines, also those that are saved for later.
    pub(super) line_ids: Vec<ID>,
}

/// How to reach the buyer.
#[derive(InputObject)]
pub(super) struct CartContactSetInput {
    /// The cart.
    pub(super) cart_id: ID,
    /// The version that the client last saw; the command is refused where the cart is at another. Left out: at any.
    pub(super) expected_version: Option<i64>,
    /// Where the confirmation goes.
    pub(super) email: String,
}

/// Under what number the buyer is registered.
#[derive(InputObject)]
pub(super) struct CartVatNumberSetInput {
    /// The cart.
    pub(super) cart_id: ID,
    /// The version that the client last saw; the command is refused where the cart is at another. Left out: at any.
    pub(super) expected_version: Option<i64>,
    /// The number, with the letters of its member state: `BE0123456789`. Left out: the buyer has none.
    pub(super) vat_number: Option<String>,
}

/// Where a cart goes, and whom to bill.
#[derive(InputObject)]
pub(super) struct CartAddressesSetInput {
    /// The cart.
    pub(super) cart_id: ID,
    /// The version that the client last saw; the command is refused where the cart is at another. Left out: at any.
    pub(super) expected_version: Option<i64>,
    /// Where it goes; left out: nowhere, it is picked up.
    pub(super) shipping: Option<AddressInput>,
    /// Whom to bill; left out: the receiver.
    pub(super) billing: Option<AddressInput>,
}

/// A cart whose stock to set aside for another time.
#[derive(InputObject)]
pub(super) struct CartHoldRenewInput {
    /// The cart.
    pub(super) cart_id: ID,
    /// The version that the client last saw; the command is refused where the cart is at another. Left out: at any.
    pub(super) expected_version: Option<i64>,
}

/// How a cart reaches its buyer.
#[derive(InputObject)]
pub(super) struct CartDeliverySelectInput {
    /// The cart.
    pub(super) cart_id: ID,
    /// The version that the client last saw; the command is refused where the cart is at another. Left out: at any.
    pub(super) expected_version: Option<i64>,
    /// The `handle` of one of the cart's `deliveryOptions`.
    pub(super) handle: String,
}

/// Lines to add, in the domain's terms. Those that are named by SKU or code are looked up, all at once.
pub(super) async fn new_lines(ctx: &Context<'_>, lines: Vec<CartLineAddInput>) -> Result<Vec<NewLine>, Refusal> {
    cart::Cart::check_line_count(lines.len()).map_err(|it| it.refuse(Path::input("lines")))?;
    let named = named_variants(ctx, lines.iter().collect()).await?;
    lines_of(lines, named).map_err(|it| match it {
        NoLines::Input(refusal) => refusal,
        NoLines::Refused(refusal) => refusal.refuse(Path::argument("input")),
    })
}

/// Lines to add, with what was found of the variants that they name.
pub(super) fn lines_of(
    lines: Vec<CartLineAddInput>,
    named: Vec<Result<Named, Unnamed>>,
) -> Result<Vec<NewLine>, NoLines> {
    let parse = |(index, (it, named)): (usize, (CartLineAddInput, Result<Named, Unnamed>))| {
        let at = Path::input("lines").index(index);
        let Named { variant_id, pieces } = named.map_err(|it| it.of_line(index, &at))?;
        let (attributes, quantity) = (attributes(it.attributes, &at)?, it.quantity.saturating_mul(pieces.into()));
        Ok(NewLine { variant_id, quantity, attributes, note: note(it.note, at.field("note"))? })
    };
    lines.into_iter().zip(named).enumerate().map(parse).collect()
}

/// A variant that a line names.
#[derive(Clone, Copy)]
pub(super) struct Named {
    variant_id: VariantId,
    /// How many of it make one of what is named.
    pieces: u32,
}

/// Why a line names no variant.
pub(super) enum Unnamed {
    /// What was put in cannot be a name; the path begins with the line.
    Input(Refusal),
    /// Nothing has the SKU or the code.
    Name { by_sku: bool, reason: NameReason },
}

/// Why there are no lines.
pub(super) enum NoLines {
    /// What was put in cannot be.
    Input(Refusal),
    /// It can, and is not so.
    Refused(CartRefusal),
}

impl From<Refusal> for NoLines {
    fn from(refusal: Refusal) -> Self {
        Self::Input(refusal)
    }
}

impl Unnamed {
    fn of_line(self, index: usize, at: &Path) -> NoLines {
        match self {
            Self::Input(refusal) => NoLines::Input(refusal.within(at)),
            Self::Name { by_sku, reason } => NoLines::Refused(CartRefusal::Name { index, by_sku, reason }),
        }
    }
}

/// The variants that lines name, in their order.
///
/// # Errors
/// None could be looked up.
pub(super) async fn named_variants(
    ctx: &Context<'_>,
    lines: Vec<&CartLineAddInput>,
) -> Result<Vec<Result<Named, Unnamed>>, Refusal> {
    let mut names = Vec::new();
    let mut variants = Vec::with_capacity(lines.len());
    for (place, it) in lines.into_iter().enumerate() {
        let (name, by_sku) = match (&it.variant_id, &it.sku, &it.scan) {
            (Some(id), None, None) => {
                let id = parse_id(id, Path::input("variantId"));
                variants.push(id.map(|variant_id| Named { variant_id, pieces: 1 }).map_err(Unnamed::Input));
                continue;
            }
            (None, Some(sku), None) => (VariantName::Sku(sku.clone()), true),
            (None, None, Some(code)) => (VariantName::Code(code.clone()), false),
            _ => {
                variants.push(Err(Unnamed::Input(one_of("variantId, sku and scan", Path::argument("input")))));
                continue;
            }
        };
        names.push((place, by_sku, name));
        // Its place is kept until it is known.
        variants.push(Err(Unnamed::Name { by_sku, reason: NameReason::NotFound }));
    }
    if names.is_empty() {
        return Ok(variants);
    }
    let request = ctx.request()?;
    let asked: Vec<VariantName> = names.iter().map(|it| it.2.clone()).collect();
    let (channel, currency) = (&request.sales.channel.code, request.sales.market.currency);
    let found = request.app.catalog.variants_by_name(&request.actor, channel, &asked, currency).await;
    let found = found.map_err(|it| it.refuse(Path::input("lines")))?;
    for ((place, by_sku, _), found) in names.into_iter().zip(found) {
        if let Some(variant) = variants.get_mut(place) {
            let named = |it: Scanned| Ok(Named { variant_id: it.variant.id, pieces: it.pieces()? });
            *variant = found.and_then(named).map_err(|it: ScanError| match it.reason() {
                Some(reason) => Unnamed::Name { by_sku, reason },
                None => Unnamed::Input(it.refuse(Path::input(if by_sku { "sku" } else { "scan" }))),
            });
        }
    }
    Ok(variants)
}

/// Lines to change, in the domain's terms.
pub(super) fn line_changes(lines: Vec<CartLineUpdateInput>) -> Result<Vec<LineChange>, Refusal> {
    cart::Cart::check_line_count(lines.len()).map_err(|it| it.refuse(Path::input("lines")))?;
    let parse = |(index, it): (usize, CartLineUpdateInput)| {
        let at = Path::input("lines").index(index);
        let line = match (it.line_id, it.item) {
            (Some(id), None) => LineRef::Id(parse_id(&id, at.clone().field("lineId"))?),
            (None, Some(item)) => {
                let at = at.clone().field("item");
                let variant_id = parse_id(&item.variant_id, at.clone().field("variantId"))?;
                LineRef::Item { variant_id, attributes: attributes(item.attributes, &at)? }
            }
            _ => return Err(one_of("lineId and item", at)),
        };
        let quantity = match (it.quantity, it.quantity_delta) {
            (Some(_), Some(_)) => return Err(one_of("quantity and quantityDelta", at)),
            (Some(quantity), None) => Some(QuantityChange::To(quantity)),
            (None, delta) => delta.map(QuantityChange::By),
        };
        let attributes = it.attributes.map(|it| attributes(Some(it), &at)).transpose()?;
        let note = match it.note {
            MaybeUndefined::Undefined => None,
            MaybeUndefined::Null => Some(None),
            MaybeUndefined::Value(text) => Some(note(Some(text), at.field("note"))?),
        };
        Ok(LineChange { line, quantity, attributes, note })
    };
    lines.into_iter().enumerate().map(parse).collect()
}

/// A note, in the domain's terms.
pub(super) fn note(note: Option<String>, at: Path) -> Result<Option<Note>, Refusal> {
    Note::parse(note.as_deref().unwrap_or_default()).map_err(|it| it.refuse(at))
}

fn attributes(attributes: Option<Vec<LineAttributeInput>>, line: &Path) -> Result<LineAttributes, Refusal> {
    let pairs = attributes.unwrap_or_default().into_iter().map(|it| (it.key, it.value)).collect();
    LineAttributes::parse(pairs).map_err(|it| it.refuse(line.clone().field("attributes")))
}

/// Exactly one of some fields is to be given.
pub(super) fn one_of(names: &str, at: Path) -> Refusal {
    UserError::input(ErrorCode::InvalidInput, format!("exactly one of {names} is given"), at).into()
}
