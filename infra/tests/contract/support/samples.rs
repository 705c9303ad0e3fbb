//! Aggregates with every field filled, or with as little as there may be.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::str::FromStr;

use comptoir_domain::{
    access::SecretHash,
    cart::{Cart, CartAuthor, CartLine, CartShare, CartState, Contact, DeliveryChoice, LineAttributes, Note, Quantity},
    catalog::{
        Attribute, Media, Product, ProductOption, ProductStatus, ProductText, Publication, SelectedOption, StockPolicy,
        Variant,
    },
    channel::{Address, AddressFields, Coordinates, DeliveryKind, Location, LocationDraft, LocationKind, PriceDisplay},
    checkout::ProviderCode,
    clock::Window,
    ids::{Id, ProductId, VariantId},
    inventory::{Allocation, CartHold},
    language::{Language, Translated},
    money::{Currency, Money, Rounding, RoundingLevel},
    order::{
        CancelReason, FulfillmentState, Order, OrderDelivery, OrderLine, OrderNumber, OrderStatus, Payment,
        PaymentState,
    },
    pricing::{
        PriceDraft, PriceRow,
        quote::{Quote, QuoteRequest, RoundingRules, quote},
    },
    promotion::{Facts, GiftChoice, ManualDiscount, ManualTarget, ManualValue, PromotionSet},
};
use uuid::Uuid;

use super::start;

/// Accents, an emoji of several code points, right-to-left, quotes, and what databases have stumbled over.
pub(crate) const TEXT: &str = "Crème brûlée 👩‍🍳 שלום \"O'Neil\" \\ % _ $1 ? — Å";

/// The n-th id of a kind.
pub(crate) fn id<I: Id>(n: u128) -> I {
    I::from_uuid(Uuid::from_u128(0x019b_0000_0000_7000_8000_0000_0000_0000 | n))
}

/// A parsed text.
pub(crate) fn text<T: FromStr<Err: std::fmt::Debug>>(text: &str) -> T {
    text.parse().unwrap()
}

fn translated<T: Clone>(value: &T) -> Translated<T> {
    let mut translated = Translated::default();
    for language in ["en", "fr", "gsw"] {
        translated.insert(text(language), value.clone());
    }
    translated
}

fn selected() -> Vec<SelectedOption> {
    vec![SelectedOption { name: "Größe".to_owned(), value: TEXT.to_owned() }]
}

pub(crate) fn address() -> Address {
    Address::parse(AddressFields {
        name: TEXT.to_owned(),
        line1: "12 rue de la République".to_owned(),
        line2: Some("Bâtiment B 🏢".to_owned()),
        postal_code: Some("69001".to_owned()),
        city: "Lyon".to_owned(),
        region: Some("Rhône".to_owned()),
        country: "FR".to_owned(),
        phone: Some("+33 4 72 00 00 00".to_owned()),
    })
    .unwrap()
}

/// The n-th product, new; `filled` or as empty as it may be.
pub(crate) fn product(n: u128, filled: bool) -> Product {
    let named = ProductText { name: TEXT.to_owned(), description_html: format!("<p>{TEXT}</p>\n").repeat(50) };
    let mut product = Product {
        id: id(n),
        slug: text(&format!("crème-brûlée-{n}")),
        status: ProductStatus::Draft,
        publication: Publication::default(),
        brand: None,
        product_type: None,
        tax_category: None,
        tags: Vec::new(),
        texts: Translated::default(),
        attributes: Vec::new(),
        options: Vec::new(),
        media: Vec::new(),
        created_at: start(),
        updated_at: start(),
        version: 1,
    };
    if filled {
        product.status = ProductStatus::Active;
        let until = Some(start() + chrono::TimeDelta::microseconds(1));
        product.publication = Publication {
            window: Window { from: Some(start()), until },
            channels: [text("web"), text("kiosk-2")].into(),
        };
        product.brand = Some(TEXT.to_owned());
        product.product_type = Some("Dessert".to_owned());
        product.tax_category = Some(text("reduced"));
        product.tags = vec![TEXT.to_owned(), "b".to_owned(), "a".to_owned()];
        product.texts = translated(&named);
        product.attributes = vec![Attribute { key: "matière".to_owned(), value: TEXT.to_owned() }];
        product.options =
            vec![ProductOption { name: "Größe".to_owned(), values: vec![TEXT.to_owned(), "S".to_owned()] }];
        product.media = vec![Media { url: "/media/a.svg".to_owned(), alt: translated(&TEXT.to_owned()) }];
    }
    product
}

/// The n-th variant, of the n-th product.
pub(crate) fn variant(n: u128, filled: bool) -> Variant {
    variant_of(id(n), n, filled)
}

fn variant_of(product_id: ProductId, n: u128, filled: bool) -> Variant {
    Variant {
        id: id(n),
        product_id,
        position: 0,
        sku: filled.then(|| text(&format!("SKU {n} ✨"))),
        barcode: filled.then(|| "4006381333931".to_owned()),
        options: if filled { selected() } else { Vec::new() },
        weight_grams: if filled { i32::MAX.unsigned_abs() } else { 0 },
        requires_shipping: !filled,
        stock_policy: if filled { StockPolicy::Continue } else { StockPolicy::Deny },
        media_index: filled.then_some(0),
        max_per_customer: filled.then_some(7),
        components: Vec::new(),
    }
}

/// The base price of a variant in a currency; it has the same id each time.
pub(crate) fn price(variant_id: VariantId, minor: i64, currency: Currency) -> PriceRow {
    let code: u128 = currency.code().bytes().map(u128::from).fold(0, |sum, it| sum << 8 | it);
    let of_both = id((variant_id.uuid().as_u128() & 0xffff_ffff) << 24 | code);
    PriceDraft::base(variant_id, Money::new(minor, currency), None).into_row(of_both)
}

/// The n-th location.
pub(crate) fn location(n: u128, kind: LocationKind, filled: bool) -> Location {
    let draft = LocationDraft {
        code: text(&format!("place-{n}")),
        kind,
        name: TEXT.to_owned(),
        address: filled.then(address),
        coordinates: filled.then(|| Coordinates::from_units(48_857_200, -2_364_700).unwrap()),
    };
    Location { id: id(n), draft }
}

fn attributes() -> LineAttributes {
    LineAttributes::parse(vec![("gravure 💍".to_owned(), TEXT.to_owned())]).unwrap()
}

fn note() -> Option<Note> {
    Note::parse(TEXT).unwrap()
}

/// The n-th cart, at version 1.
pub(crate) fn cart(n: u128, filled: bool) -> Cart {
    let line = |n: u128, quantity| CartLine::new(id(n), id(n), Quantity::parse(quantity).unwrap());
    let asked = |n: u128, quantity| CartLine {
        attributes: attributes(),
        note: note(),
        seen_price: Some(Money::new(i64::MAX, Currency::KWD)),
        wanted: Some(u32::MAX),
        added_by: Some(CartAuthor::Share(7)),
        changed_by: Some(CartAuthor::System),
        ..line(n, quantity)
    };
    let choice = DeliveryChoice { method: text("pickup"), location_id: Some(id(1)) };
    let share =
        CartShare { number: 3, secret_hash: SecretHash(TEXT.to_owned()), since: start(), device_id: Some(id(5)) };
    Cart {
        id: id(n),
        version: 1,
        state: if filled { CartState::Ordered(id(n)) } else { CartState::Active },
        secret_hash: SecretHash(TEXT.to_owned()),
        customer_id: filled.then(|| id(n)),
        share_numbers: 3,
        is_forgotten: filled,
        shares: if filled { vec![share] } else { Vec::new() },
        device_id: filled.then(|| id(n)),
        changed_by: filled.then(|| CartAuthor::Staff(id(n))),
        hold: if filled {
            CartHold { until: Some(start()), taken: 3, ..CartHold::default() }
        } else {
            CartHold::default()
        },
        channel: text(if filled { "store-12" } else { "web" }),
        market: text(if filled { "eu-north" } else { "anywhere" }),
        currency: if filled { Currency::KWD } else { Currency::JPY },
        language: if filled { text("gsw") } else { Language::english() },
        lines: if filled { vec![asked(2, 999), line(1, 1)] } else { Vec::new() },
        saved: if filled { vec![asked(3, 7)] } else { Vec::new() },
        note: if filled { note() } else { None },
        contact: filled.then(|| Contact { email: text("zoë@exämple.org") }),
        shipping_address: filled.then(address),
        billing_address: filled.then(address),
        vat_number: filled.then(|| text("BE0123456789")),
        delivery: filled.then_some(choice),
        codes: if filled { vec![text("ÉTÉ-26")] } else { Vec::new() },
        gift_choices: if filled {
            vec![GiftChoice { promotion_id: id(1), variant_id: id(2), is_accepted: true }]
        } else {
            Vec::new()
        },
        manual_discounts: if filled { vec![manual_discount()] } else { Vec::new() },
        payment_means: filled.then(|| text("gift-card")),
        created_at: start(),
        updated_at: start(),
    }
}

fn manual_discount() -> ManualDiscount {
    let value = ManualValue::Price(Money::new(1, Currency::KWD));
    let most = Some(Money::new(i64::MAX, Currency::KWD));
    ManualDiscount {
        id: id(1),
        target: ManualTarget::Line(id(2)),
        value,
        reason: TEXT.to_owned(),
        staff_id: id(3),
        most,
    }
}

/// What a cart without lines costs.
fn nothing(currency: Currency) -> Quote {
    let facts = Facts::new(start(), currency);
    let rounding = RoundingRules { level: RoundingLevel::Unit, mode: Rounding::HalfEven };
    let request = QuoteRequest { facts: &facts, lines: &[], deliveries: &[], manual: &[], rounding };
    quote(&request, &PromotionSet::default()).unwrap()
}

/// Lines of the n-th order: one with all there is, and one with as little as can be.
fn order_lines(n: u128, most: Money) -> Vec<OrderLine> {
    let line = OrderLine {
        id: id(n),
        variant_id: id(n),
        product_id: id(n),
        sku: Some(text("SKU ✨")),
        name: TEXT.to_owned(),
        options: selected(),
        attributes: attributes(),
        note: note(),
        quantity: u32::MAX,
        unit_price: most,
        total: most,
        gift_of: Some(id(n)),
        components: Vec::new(),
    };
    let bare = OrderLine {
        sku: None,
        options: Vec::new(),
        attributes: LineAttributes::default(),
        note: None,
        name: String::new(),
        quantity: 0,
        ..line.clone()
    };
    vec![line, bare]
}

/// The n-th order, at version 1.
pub(crate) fn order(n: u128, filled: bool) -> Order {
    let currency = if filled { Currency::KWD } else { Currency::JPY };
    let most = Money::new(if filled { i64::MAX } else { 0 }, currency);
    let allocation = Allocation { variant_id: id(1), location_id: id(1), quantity: u32::MAX, may_exceed: true };
    Order {
        id: id(n),
        number: OrderNumber::from_serial(i64::try_from(n).unwrap()),
        cart_id: id(n),
        customer_id: filled.then(|| id(n)),
        channel: text(if filled { "store-12" } else { "web" }),
        market: text(if filled { "eu-north" } else { "anywhere" }),
        version: 1,
        status: if filled { OrderStatus::Cancelled } else { OrderStatus::Pending },
        fulfillment: if filled { FulfillmentState::Fulfilled } else { FulfillmentState::Unfulfilled },
        cancel_reason: filled.then_some(CancelReason::PaymentDeclined),
        email: text("zoë@exämple.org"),
        language: text("fr"),
        currency,
        lines: if filled { order_lines(n, most) } else { Vec::new() },
        note: if filled { note() } else { None },
        delivery: OrderDelivery {
            choice: DeliveryChoice { method: text("standard"), location_id: None },
            kind: DeliveryKind::Ship,
            name: TEXT.to_owned(),
            price: most,
        },
        shipping_address: filled.then(address),
        billing_address: filled.then(address),
        vat_number: filled.then(|| text("BE0123456789")),
        subtotal: most,
        total: most,
        quote: filled.then(|| nothing(currency)),
        manual_discounts: if filled { vec![manual_discount()] } else { Vec::new() },
        display: if filled { PriceDisplay::Net } else { PriceDisplay::Gross },
        allocations: if filled { vec![allocation] } else { Vec::new() },
        payment: Payment {
            id: id(n),
            provider: ProviderCode::new("test"),
            amount: most,
            state: if filled {
                PaymentState::Declined { reason: TEXT.to_owned() }
            } else {
                PaymentState::Initiated { token: None }
            },
            updated_at: start(),
        },
        placed_at: start(),
        updated_at: start(),
    }
}
