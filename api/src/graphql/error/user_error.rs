//! User errors: why commands are refused, typed, with the figures a client needs.

use std::fmt::Display;

use async_graphql::{Enum, Error, ErrorExtensions, ID, Interface, SimpleObject, resolver_utils::enum_value};

use comptoir_domain::{
    cart::LineError,
    clock::Timestamp,
    ids::{CartId, CartLineId},
    money::Currency,
};

use super::super::{
    cart::CartProblem,
    id::to_id,
    money::Money,
    scalar::{CurrencyCode, DateTime},
};

/// Why a command was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(in crate::graphql) enum ErrorCode {
    /// Several things have the code.
    AmbiguousCode,
    /// The cart became an order and cannot change.
    CartAlreadyOrdered,
    /// The carts are in two currencies, and stay as they are.
    CartCurrencyMismatch,
    /// The id that the client made has been used, with another secret.
    CartIdTaken,
    /// What the cart held went into another one.
    CartMerged,
    /// The cart belongs to another customer.
    CartOfAnotherCustomer,
    /// The cart is only shared with who asks; who held it first can do this.
    CartOnlyShared,
    /// It cannot be together with something else in the input.
    Contradiction,
    /// Someone else changed the same thing at the same moment; try again.
    ConcurrentModification,
    /// The customer has not allowed it.
    ConsentMissing,
    /// The buyer's e-mail address is missing.
    ContactMissing,
    /// No delivery option was chosen.
    DeliveryMissing,
    /// The delivery option is not available for the cart.
    DeliveryUnavailable,
    /// All uses of the discount code are taken, or all that one customer has.
    DiscountCodeExhausted,
    /// The discount code does not count now, or not for this customer.
    DiscountCodeInactive,
    /// The use of the discount code that was set aside is void, because nothing came of it in time: enter it again.
    DiscountCodeReservationExpired,
    /// The discount is more than who gives it may give.
    DiscountLimitExceeded,
    /// Somebody has this e-mail address already.
    EmailTaken,
    /// The cart holds nothing.
    EmptyCart,
    /// The stock of the cart is not set aside any more: renew its hold.
    HoldExpired,
    /// The idempotency key came before with other input.
    IdempotencyKeyReused,
    /// There are not so many.
    InsufficientStock,
    /// None of ours, used before, or expired.
    InvalidCode,
    /// A digit of the code was misread or mistyped.
    InvalidCheckDigit,
    /// Not an id of the kind that is expected.
    InvalidId,
    /// The input cannot be as it is.
    InvalidInput,
    /// The payment provider cannot use the token.
    InvalidPaymentToken,
    /// None of ours, used before, expired, or signed out.
    InvalidToken,
    /// More than is allowed.
    LimitExceeded,
    /// The code is of one piece with its own price or weight, which a cart cannot keep.
    MeasuredCode,
    /// Not sold in this currency.
    NoPrice,
    /// It is not there, or not yours.
    NotFound,
    /// The product is not published.
    NotForSale,
    /// The order has ended, or is not so far.
    OrderNotOpen,
    /// The order is paid: refund it instead.
    OrderPaid,
    /// The payment provider said no.
    PaymentDeclined,
    /// Too many attempts on the PIN failed; wait a while.
    PinLocked,
    /// The price list is over that a line's price was of, and it costs more now; say again how many.
    PriceListEnded,
    /// Nothing is to be paid.
    PaymentNotDue,
    /// Too few, or too many.
    QuantityOutOfRange,
    /// The shipping address is missing.
    ShippingAddressMissing,
    /// The SKU belongs to another variant.
    SkuTaken,
    /// It does not cost what the buyer was shown.
    TotalChanged,
    /// No channel of this code.
    UnknownChannel,
    /// No such discount code.
    UnknownDiscountCode,
    /// Not a code of ISO 4217.
    UnknownCurrency,
    /// No market of this code.
    UnknownMarket,
    /// No payment provider of this name.
    UnknownPaymentProvider,
    /// The code is none that can be read, or names no product.
    UnreadableCode,
    /// It is not as the client last saw it.
    VersionConflict,
    /// The e-mail address or the password is wrong, or the PIN.
    WrongCredentials,
}

/// Where in the arguments something is wrong: `["input", "lines", "0", "quantity"]`.
#[derive(Debug, Clone, Default)]
pub(in crate::graphql) struct Path(Vec<String>);

impl Path {
    /// A field of the `input` argument.
    pub(in crate::graphql) fn input(field: &str) -> Self {
        Self(vec!["input".to_owned()]).field(field)
    }

    /// An argument.
    pub(in crate::graphql) fn argument(name: &str) -> Self {
        Self(vec![name.to_owned()])
    }

    /// A field within.
    pub(in crate::graphql) fn field(mut self, name: &str) -> Self {
        self.0.push(name.to_owned());
        self
    }

    /// A place in a list.
    pub(in crate::graphql) fn index(mut self, index: usize) -> Self {
        self.0.push(index.to_string());
        self
    }
}

/// A command was refused; nothing has changed by it. The concrete types carry figures.
#[derive(Debug, Clone, Interface)]
#[graphql(
    field(name = "code", ty = "&ErrorCode", desc = "Why, to be read by programs."),
    field(name = "message", ty = "&String", desc = "Why, to be read by developers."),
    field(name = "path", ty = "&Vec<String>", desc = "Where in the arguments; empty: nowhere in particular.")
)]
pub(in crate::graphql) enum UserError {
    CartCode(CartCodeError),
    CartCurrency(CartCurrencyError),
    CartLine(CartLineError),
    CartMerged(CartMergedError),
    CheckDigit(CheckDigitError),
    Contradiction(ContradictionError),
    DiscountLimit(DiscountLimitError),
    Input(InputError),
    InsufficientStock(InsufficientStockError),
    Limit(LimitError),
    Locked(LockedError),
    PaymentDeclined(PaymentDeclinedError),
    PurchaseLimit(PurchaseLimitError),
    QuantityOutOfRange(QuantityOutOfRangeError),
    TotalChanged(TotalChangedError),
    VersionConflict(VersionConflictError),
}

macro_rules! user_errors {
    ($($(#[$doc:meta])* $variant:ident($name:ident) { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* })+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, SimpleObject)]
            pub(in crate::graphql) struct $name {
                /// Why, to be read by programs.
                code: ErrorCode,
                /// Why, to be read by developers.
                message: String,
                /// Where in the arguments; empty: nowhere in particular.
                path: Vec<String>,
                $($(#[$field_doc])* $field: $type,)*
            }
        )+

        impl UserError {
            /// Code, message and path.
            pub(in crate::graphql) fn parts(&self) -> (ErrorCode, &str, &[String]) {
                match self {$(Self::$variant(it) => (it.code, &it.message, &it.path),)+}
            }

            fn path_mut(&mut self) -> &mut Vec<String> {
                match self {$(Self::$variant(it) => &mut it.path,)+}
            }
        }
    };
}

user_errors! {
    /// A code that is in the cart does not count any more.
    CartCode(CartCodeError) {
        /// Which code.
        discount_code: String,
    }

    /// Carts of two currencies cannot be merged; both stay as they are.
    CartCurrency(CartCurrencyError) {
        /// That of the cart to merge.
        source_currency: CurrencyCode,
        /// That of the cart that it would go into.
        target_currency: CurrencyCode,
    }

    /// What the cart held went into another one.
    CartMerged(CartMergedError) {
        /// The cart to go on with.
        merged_into: ID,
    }

    /// A line that is in the cart cannot be ordered as it is.
    CartLine(CartLineError) {
        /// Which line.
        line_id: ID,
        /// How many there are, where there are not enough.
        available: Option<u32>,
        /// The same with its figures, as `problems` of the cart has it.
        problem: CartProblem,
    }

    /// A digit of a code was misread or mistyped.
    CheckDigit(CheckDigitError) {
        /// The check digit that the other digits ask for.
        expected_digit: u32,
        /// The check digit that is there.
        found_digit: u32,
    }

    /// Something that cannot be together with something else.
    Contradiction(ContradictionError) {
        /// Where in the arguments the other is.
        conflicts_with: Vec<String>,
    }

    /// A discount by hand that is more than who gives it may give.
    DiscountLimit(DiscountLimitError) {
        /// What it would take off, with their other discounts where those count too.
        requested_amount: Money,
        /// The most that it may.
        maximum_amount: Money,
    }

    /// The input, or what it names, cannot be used.
    Input(InputError) {}

    /// There are not so many.
    InsufficientStock(InsufficientStockError) {
        /// How many there are.
        available: u32,
        /// How many were wanted.
        requested: u32,
    }

    /// More than is allowed.
    Limit(LimitError) {
        /// The most there may be.
        maximum: u32,
    }

    /// Something that cannot be tried for a while.
    Locked(LockedError) {
        /// When it can be tried again.
        retry_at: DateTime,
    }

    /// The payment provider said no. The cart can be ordered again, under a new key.
    PaymentDeclined(PaymentDeclinedError) {
        /// The provider's short code, such as `insufficient_funds`.
        reason: String,
    }

    /// More than one customer may buy, over all their orders.
    PurchaseLimit(PurchaseLimitError) {
        /// The most, over all orders.
        maximum: u32,
        /// How many they have bought.
        bought: u32,
        /// How many the cart would have.
        requested: u32,
    }

    /// Too few, or too many.
    QuantityOutOfRange(QuantityOutOfRangeError) {
        /// The fewest.
        minimum: i32,
        /// The most.
        maximum: i32,
    }

    /// It does not cost what the buyer was shown.
    TotalChanged(TotalChangedError) {
        /// What the buyer was shown.
        expected: Money,
        /// What it costs.
        actual: Money,
    }

    /// It is not as the client last saw it; the payload has it as it is.
    VersionConflict(VersionConflictError) {
        /// The version it is at.
        current_version: u32,
    }
}

impl UserError {
    /// An error without figures.
    pub(in crate::graphql) fn input(code: ErrorCode, message: impl Into<String>, at: Path) -> Self {
        Self::Input(InputError { code, message: message.into(), path: at.0 })
    }

    pub(super) fn check_digit(expected: u8, found: u8, error: &dyn Display, at: Path) -> Self {
        let (code, message) = (ErrorCode::InvalidCheckDigit, error.to_string());
        let (expected_digit, found_digit) = (expected.into(), found.into());
        Self::CheckDigit(CheckDigitError { code, message, path: at.0, expected_digit, found_digit })
    }

    /// Something that cannot be together with what is at `with`.
    pub(in crate::graphql) fn contradiction(with: Path, error: &dyn Display, at: Path) -> Self {
        let (code, message) = (ErrorCode::Contradiction, error.to_string());
        Self::Contradiction(ContradictionError { code, message, path: at.0, conflicts_with: with.0 })
    }

    pub(in crate::graphql) fn limit(max: usize, error: &dyn Display, at: Path) -> Self {
        let maximum = u32::try_from(max).unwrap_or(u32::MAX);
        Self::Limit(LimitError { code: ErrorCode::LimitExceeded, message: error.to_string(), path: at.0, maximum })
    }

    pub(super) fn quantity(min: i64, max: i64, error: &dyn Display, at: Path) -> Self {
        let bound = |it| i32::try_from(it).unwrap_or(i32::MAX);
        Self::QuantityOutOfRange(QuantityOutOfRangeError {
            code: ErrorCode::QuantityOutOfRange,
            message: error.to_string(),
            path: at.0,
            minimum: bound(min),
            maximum: bound(max),
        })
    }

    /// A line that is in the cart cannot be ordered as it is; `error` says why.
    pub(super) fn cart_line(error: &Self, (line, problem): (CartLineId, LineError), at: Path) -> Self {
        let (code, message, _) = error.parts();
        let (message, line_id, available) = (message.to_owned(), to_id(line), problem.available());
        let problem = CartProblem::of_line(line, problem);
        Self::CartLine(CartLineError { code, message, path: at.0, line_id, available, problem })
    }

    /// The same error within something larger: `["input", …]` of the part is `at` of the whole.
    pub(in crate::graphql) fn within(mut self, at: &Path) -> Self {
        let path = self.path_mut();
        let inner = path.get(1..).map(<[String]>::to_vec).unwrap_or_default();
        *path = at.0.iter().cloned().chain(inner).collect();
        self
    }

    /// What the cart held went into another one.
    pub(super) fn cart_merged(into: CartId, error: &dyn Display, at: Path) -> Self {
        let (code, message) = (ErrorCode::CartMerged, error.to_string());
        Self::CartMerged(CartMergedError { code, message, path: at.0, merged_into: to_id(into) })
    }

    /// Carts of two currencies cannot be merged.
    pub(super) fn cart_currency(source: Currency, target: Currency, error: &dyn Display, at: Path) -> Self {
        let [source_currency, target_currency] = [source, target].map(|it| CurrencyCode(it.code().to_owned()));
        let (code, message) = (ErrorCode::CartCurrencyMismatch, error.to_string());
        Self::CartCurrency(CartCurrencyError { code, message, path: at.0, source_currency, target_currency })
    }

    /// A code that is in the cart does not count any more.
    pub(super) fn cart_code(code: ErrorCode, discount_code: String, error: &dyn Display, at: Path) -> Self {
        Self::CartCode(CartCodeError { code, message: error.to_string(), path: at.0, discount_code })
    }

    pub(super) fn insufficient_stock(available: u32, requested: u32, error: &dyn Display, at: Path) -> Self {
        let (code, message) = (ErrorCode::InsufficientStock, error.to_string());
        Self::InsufficientStock(InsufficientStockError { code, message, path: at.0, available, requested })
    }

    /// More than one customer may buy: the most, what they have bought, and what they want.
    pub(super) fn purchase_limit(figures: (u32, u32, u32), error: &dyn Display, at: Path) -> Self {
        let (maximum, bought, requested) = figures;
        let (code, message) = (ErrorCode::LimitExceeded, error.to_string());
        Self::PurchaseLimit(PurchaseLimitError { code, message, path: at.0, maximum, bought, requested })
    }

    pub(super) fn discount_limit(
        requested_amount: Money,
        maximum_amount: Money,
        error: &dyn Display,
        at: Path,
    ) -> Self {
        let (code, message) = (ErrorCode::DiscountLimitExceeded, error.to_string());
        Self::DiscountLimit(DiscountLimitError { code, message, path: at.0, requested_amount, maximum_amount })
    }

    /// Too many attempts failed.
    pub(super) fn locked(until: Timestamp, error: &dyn Display, at: Path) -> Self {
        let (code, message) = (ErrorCode::PinLocked, error.to_string());
        Self::Locked(LockedError { code, message, path: at.0, retry_at: DateTime(until) })
    }

    pub(super) fn payment_declined(reason: String, error: &dyn Display, at: Path) -> Self {
        let (code, message) = (ErrorCode::PaymentDeclined, error.to_string());
        Self::PaymentDeclined(PaymentDeclinedError { code, message, path: at.0, reason })
    }

    pub(super) fn total_changed(expected: Money, actual: Money, error: &dyn Display, at: Path) -> Self {
        let (code, message) = (ErrorCode::TotalChanged, error.to_string());
        Self::TotalChanged(TotalChangedError { code, message, path: at.0, expected, actual })
    }

    pub(in crate::graphql) fn version_conflict(current_version: u32, error: &dyn Display, at: Path) -> Self {
        let (code, message) = (ErrorCode::VersionConflict, error.to_string());
        Self::VersionConflict(VersionConflictError { code, message, path: at.0, current_version })
    }

    /// As a top-level error, for queries, which have no payload.
    pub(in crate::graphql) fn into_error(self) -> Error {
        let (code, message, path) = self.parts();
        Error::new(message).extend_with(|_, extensions| {
            extensions.set("code", enum_value(code));
            extensions.set("argumentPath", path.to_vec());
        })
    }
}
