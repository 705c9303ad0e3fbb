//! Errors on the wire: typed user errors for commands that are refused, masked faults for what is broken.

use std::fmt::Display;

use async_graphql::{Enum, Error, ErrorExtensions, Interface, SimpleObject, resolver_utils::enum_value};
use comptoir_domain::{
    access::{AccessError, StaffError},
    cart::{CartError, LineError},
    catalog::{CatalogError, ProductError},
    channel::ChannelError,
    checkout::{CheckoutError, Incomplete},
    idempotency::KeyReused,
    inventory::InventoryError,
    money::MoneyError,
    order::OrderError,
    pricing::PricingError,
    search::SearchError,
    storage::StorageError,
};

use super::money::Money;

/// Why a command was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(super) enum ErrorCode {
    /// The cart became an order and cannot change.
    CartAlreadyOrdered,
    /// Someone else changed the same thing at the same moment; try again.
    ConcurrentModification,
    /// The buyer's e-mail address is missing.
    ContactMissing,
    /// No delivery option was chosen.
    DeliveryMissing,
    /// The delivery option is not available for the cart.
    DeliveryUnavailable,
    /// Somebody has this e-mail address already.
    EmailTaken,
    /// The cart holds nothing.
    EmptyCart,
    /// The idempotency key came before with other input.
    IdempotencyKeyReused,
    /// There are not so many.
    InsufficientStock,
    /// Not an id of the kind that is expected.
    InvalidId,
    /// The input cannot be as it is.
    InvalidInput,
    /// The payment provider cannot use the token.
    InvalidPaymentToken,
    /// More than is allowed.
    LimitExceeded,
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
    /// Not a code of ISO 4217.
    UnknownCurrency,
    /// No payment provider of this name.
    UnknownPaymentProvider,
    /// The cart is not as the client last saw it.
    VersionConflict,
    /// The e-mail address or the password is wrong.
    WrongCredentials,
}

/// Where in the arguments something is wrong: `["input", "lines", "0", "quantity"]`.
#[derive(Debug, Clone, Default)]
pub(super) struct Path(Vec<String>);

impl Path {
    /// A field of the `input` argument.
    pub(super) fn input(field: &str) -> Self {
        Self(vec!["input".to_owned()]).field(field)
    }

    /// An argument.
    pub(super) fn argument(name: &str) -> Self {
        Self(vec![name.to_owned()])
    }

    /// A field within.
    pub(super) fn field(mut self, name: &str) -> Self {
        self.0.push(name.to_owned());
        self
    }

    /// A place in a list.
    pub(super) fn index(mut self, index: usize) -> Self {
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
pub(super) enum UserError {
    Input(InputError),
    InsufficientStock(InsufficientStockError),
    Limit(LimitError),
    PaymentDeclined(PaymentDeclinedError),
    QuantityOutOfRange(QuantityOutOfRangeError),
    TotalChanged(TotalChangedError),
    VersionConflict(VersionConflictError),
}

macro_rules! user_errors {
    ($($(#[$doc:meta])* $variant:ident($name:ident) { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* })+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, SimpleObject)]
            pub(super) struct $name {
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
            pub(super) fn parts(&self) -> (ErrorCode, &str, &[String]) {
                match self {$(Self::$variant(it) => (it.code, &it.message, &it.path),)+}
            }
        }
    };
}

user_errors! {
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

    /// The payment provider said no. The cart can be ordered again, under a new key.
    PaymentDeclined(PaymentDeclinedError) {
        /// The provider's short code, such as `insufficient_funds`.
        reason: String,
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

    /// The cart is not as the client last saw it; the payload has it as it is.
    VersionConflict(VersionConflictError) {
        /// The version it is at.
        current_version: u32,
    }
}

impl UserError {
    /// An error without figures.
    pub(super) fn input(code: ErrorCode, message: impl Into<String>, at: Path) -> Self {
        Self::Input(InputError { code, message: message.into(), path: at.0 })
    }

    fn limit(max: usize, error: &dyn Display, at: Path) -> Self {
        let maximum = u32::try_from(max).unwrap_or(u32::MAX);
        Self::Limit(LimitError { code: ErrorCode::LimitExceeded, message: error.to_string(), path: at.0, maximum })
    }

    fn quantity(min: i64, max: i64, error: &dyn Display, at: Path) -> Self {
        let bound = |it| i32::try_from(it).unwrap_or(i32::MAX);
        Self::QuantityOutOfRange(QuantityOutOfRangeError {
            code: ErrorCode::QuantityOutOfRange,
            message: error.to_string(),
            path: at.0,
            minimum: bound(min),
            maximum: bound(max),
        })
    }

    /// As a top-level error, for queries, which have no payload.
    pub(super) fn into_error(self) -> Error {
        let (code, message, path) = self.parts();
        Error::new(message).extend_with(|_, extensions| {
            extensions.set("code", enum_value(code));
            extensions.set("argumentPath", path.to_vec());
        })
    }
}

/// Why a resolver has no result: refused with user errors, or broken.
pub(super) enum Refusal {
    /// The command was refused.
    Errors(Vec<UserError>),
    /// A top-level error: no right to it, or a fault.
    Top(Error),
}

impl From<UserError> for Refusal {
    fn from(error: UserError) -> Self {
        Self::Errors(vec![error])
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Top(error)
    }
}

impl Refusal {
    /// For queries, which have no payload: the first error, at the top level.
    pub(super) fn into_error(self) -> Error {
        match self {
            Self::Errors(errors) => errors.into_iter().next().map_or_else(|| fault(&"refused"), UserError::into_error),
            Self::Top(error) => error,
        }
    }

    /// The user errors of a payload.
    ///
    /// # Errors
    /// What is not for a payload.
    pub(super) fn into_user_errors(self) -> Result<Vec<UserError>, Error> {
        match self {
            Self::Errors(errors) => Ok(errors),
            Self::Top(error) => Err(error),
        }
    }
}

/// Something broke. The log has it all, the client learns that it happened.
pub(super) fn fault(error: &dyn Display) -> Error {
    tracing::error!(%error, "a request failed");
    top_error("INTERNAL", "internal error")
}

/// A top-level error with a code.
pub(super) fn top_error(code: &str, message: &str) -> Error {
    Error::new(message).extend_with(|_, extensions| extensions.set("code", code))
}

/// Turns the domain's errors into the wire's. `at` is the path of what the command is about.
pub(super) trait Refuse {
    /// What the client is told.
    fn refuse(self, at: Path) -> Refusal;
}

impl Refuse for StorageError {
    fn refuse(self, at: Path) -> Refusal {
        match self {
            Self::Conflict => UserError::input(ErrorCode::ConcurrentModification, self.to_string(), at).into(),
            Self::Unavailable(source) => {
                tracing::error!(%source, "storage is unavailable");
                top_error("UNAVAILABLE", "the service is unavailable; try again").into()
            }
            Self::Corrupt(_) => fault(&self).into(),
        }
    }
}

impl Refuse for AccessError {
    fn refuse(self, _at: Path) -> Refusal {
        match self {
            Self::Unauthenticated => top_error("UNAUTHENTICATED", "sign in first").into(),
            Self::Forbidden { permission } => {
                let error = top_error("FORBIDDEN", &self.to_string());
                error.extend_with(|_, extensions| extensions.set("permission", permission.as_str())).into()
            }
        }
    }
}

impl Refuse for KeyReused {
    fn refuse(self, _at: Path) -> Refusal {
        UserError::input(ErrorCode::IdempotencyKeyReused, self.to_string(), Path::input("idempotencyKey")).into()
    }
}

impl Refuse for MoneyError {
    fn refuse(self, at: Path) -> Refusal {
        let code = match self {
            Self::UnknownCurrency(_) => ErrorCode::UnknownCurrency,
            Self::ExcessDigits { .. } | Self::CurrencyMismatch { .. } => ErrorCode::InvalidInput,
            Self::Overflow => ErrorCode::LimitExceeded,
        };
        UserError::input(code, self.to_string(), at).into()
    }
}

/// A line's error, at the line's path.
pub(super) fn line_error(error: LineError, at: Path) -> UserError {
    let message = error.to_string();
    match error {
        LineError::NotFound => UserError::input(ErrorCode::NotFound, message, at),
        LineError::NotForSale => UserError::input(ErrorCode::NotForSale, message, at),
        LineError::NoPrice { .. } => UserError::input(ErrorCode::NoPrice, message, at),
        LineError::QuantityOutOfRange { min, max } => {
            UserError::quantity(min.into(), max.into(), &error, at.field("quantity"))
        }
        LineError::InsufficientStock { available, requested } => UserError::InsufficientStock(InsufficientStockError {
            code: ErrorCode::InsufficientStock,
            message,
            path: at.field("quantity").0,
            available,
            requested,
        }),
    }
}

impl Refuse for CartError {
    fn refuse(self, at: Path) -> Refusal {
        let message = self.to_string();
        let input = |code, at| UserError::input(code, message.clone(), at).into();
        match self {
            Self::Access(error) => error.refuse(at),
            Self::NotFound => input(ErrorCode::NotFound, at),
            Self::AlreadyOrdered { .. } => input(ErrorCode::CartAlreadyOrdered, at),
            Self::VersionConflict { current_version } => UserError::VersionConflict(VersionConflictError {
                code: ErrorCode::VersionConflict,
                message,
                path: Path::input("expectedVersion").0,
                current_version,
            })
            .into(),
            Self::Line { index, error } => line_error(error, Path::input("lines").index(index)).into(),
            Self::TooManyLines { max } => UserError::limit(max, &message, Path::input("lines")).into(),
            Self::Address { which, error } => {
                let at = Path::input(which).field(error.field());
                UserError::input(ErrorCode::InvalidInput, message, at).into()
            }
            Self::DeliveryUnavailable => input(ErrorCode::DeliveryUnavailable, Path::input("handle")),
            Self::Money(error) => error.refuse(at),
            Self::Storage(error) => error.refuse(at),
        }
    }
}

impl Refuse for CheckoutError {
    fn refuse(self, at: Path) -> Refusal {
        let message = self.to_string();
        match self {
            Self::Cart(error) => error.refuse(at),
            Self::Incomplete(lacks) => Refusal::Errors(lacks.into_iter().map(incomplete).collect()),
            Self::UnknownProvider { .. } => {
                let at = Path::input("payment").field("provider");
                UserError::input(ErrorCode::UnknownPaymentProvider, message, at).into()
            }
            Self::InvalidToken { .. } => {
                let at = Path::input("payment").field("token");
                UserError::input(ErrorCode::InvalidPaymentToken, message, at).into()
            }
            Self::TotalChanged { expected, actual } => UserError::TotalChanged(TotalChangedError {
                code: ErrorCode::TotalChanged,
                message,
                path: Path::input("expectedTotal").0,
                expected: expected.into(),
                actual: actual.into(),
            })
            .into(),
            Self::PaymentDeclined { reason } => UserError::PaymentDeclined(PaymentDeclinedError {
                code: ErrorCode::PaymentDeclined,
                message,
                path: Path::input("payment").0,
                reason,
            })
            .into(),
            Self::KeyReused(error) => error.refuse(at),
            Self::Money(error) => error.refuse(at),
            Self::Storage(error) => error.refuse(at),
        }
    }
}

/// What a cart lacks, each at the cart's path; a line's error names the line.
fn incomplete(lacks: Incomplete) -> UserError {
    let at = Path::input("cartId");
    let code = match lacks {
        Incomplete::NoLines => ErrorCode::EmptyCart,
        Incomplete::NoContact => ErrorCode::ContactMissing,
        Incomplete::NoShippingAddress => ErrorCode::ShippingAddressMissing,
        Incomplete::NoDelivery => ErrorCode::DeliveryMissing,
        Incomplete::DeliveryUnavailable => ErrorCode::DeliveryUnavailable,
        Incomplete::Line { line_id, problem } => {
            return line_error(problem, Path::argument("cart").field("lines").field(&line_id.to_string()));
        }
    };
    UserError::input(code, lacks.to_string(), at)
}

impl Refuse for OrderError {
    fn refuse(self, at: Path) -> Refusal {
        let code = match self {
            Self::Access(error) => return error.refuse(at),
            Self::KeyReused(error) => return error.refuse(at),
            Self::Storage(error) => return error.refuse(at),
            Self::NotFound => ErrorCode::NotFound,
            Self::NotOpen { .. } => ErrorCode::OrderNotOpen,
            Self::NotDue => ErrorCode::PaymentNotDue,
            Self::AlreadyPaid => ErrorCode::OrderPaid,
        };
        UserError::input(code, self.to_string(), at).into()
    }
}

impl Refuse for PricingError {
    fn refuse(self, at: Path) -> Refusal {
        let message = self.to_string();
        let prices = Path::input("prices");
        match self {
            Self::Access(error) => error.refuse(at),
            Self::Storage(error) => error.refuse(at),
            Self::TooMany { max } => UserError::limit(max, &message, prices).into(),
            Self::UnknownVariant { index, .. } => {
                UserError::input(ErrorCode::NotFound, message, prices.index(index).field("variantId")).into()
            }
            Self::InvalidPrice { index, .. } => {
                UserError::input(ErrorCode::InvalidInput, message, prices.index(index)).into()
            }
        }
    }
}

impl Refuse for InventoryError {
    fn refuse(self, at: Path) -> Refusal {
        let message = self.to_string();
        let place = |index| Path::input("adjustments").index(index);
        match self {
            Self::Access(error) => error.refuse(at),
            Self::KeyReused(error) => error.refuse(at),
            Self::Storage(error) => error.refuse(at),
            Self::BatchSize { max } => UserError::limit(max, &message, Path::input("adjustments")).into(),
            Self::UnknownVariant { index, .. } => {
                UserError::input(ErrorCode::NotFound, message, place(index).field("variantId")).into()
            }
            Self::UnknownLocation { index, .. } => {
                UserError::input(ErrorCode::NotFound, message, place(index).field("locationId")).into()
            }
            Self::Duplicate { index } => UserError::input(ErrorCode::InvalidInput, message, place(index)).into(),
            Self::QuantityOutOfRange { index, max } => UserError::quantity(-max, max, &message, place(index)).into(),
        }
    }
}

impl Refuse for ChannelError {
    fn refuse(self, at: Path) -> Refusal {
        let field = match self {
            Self::Access(error) => return error.refuse(at),
            Self::Storage(error) => return error.refuse(at),
            Self::InvalidCode { field } => field,
            Self::NameMissing => "name",
            Self::CountriesMissing => "countries",
            Self::NegativePrice | Self::PriceTwice => "prices",
        };
        UserError::input(ErrorCode::InvalidInput, self.to_string(), at.field(field)).into()
    }
}

impl Refuse for ProductError {
    fn refuse(self, at: Path) -> Refusal {
        let message = self.to_string();
        let variant = |index| at.clone().field("variants").index(index);
        let input = |at| UserError::input(ErrorCode::InvalidInput, message.clone(), at).into();
        match self {
            Self::InvalidSlug { .. } => input(at.field("slug")),
            Self::InvalidSku { .. } => input(at.field("sku")),
            Self::NameMissing => input(at.field("texts")),
            Self::NoVariants => input(at.field("variants")),
            Self::TooMany { max, .. } => UserError::limit(max, &message, at).into(),
            Self::Text { field, .. } => input(at.field(field)),
            Self::InvalidOption { .. } | Self::OptionsInUse { .. } => input(at.field("options")),
            Self::OptionMismatch { index } | Self::SameOptions { index, .. } => input(variant(index).field("options")),
            Self::SkuTaken { index, .. } => {
                UserError::input(ErrorCode::SkuTaken, message.clone(), variant(index).field("sku")).into()
            }
            Self::InvalidPrice { index, .. } => input(variant(index).field("prices")),
            Self::NoSuchMedia { index } => input(variant(index).field("mediaIndex")),
            Self::UnknownLocation { .. } => input(at.field("location")),
        }
    }
}

impl Refuse for CatalogError {
    fn refuse(self, at: Path) -> Refusal {
        match self {
            Self::Access(error) => error.refuse(at),
            Self::Product(error) => error.refuse(at),
            Self::Money(error) => error.refuse(at),
            Self::Storage(error) => error.refuse(at),
        }
    }
}

impl Refuse for StaffError {
    fn refuse(self, at: Path) -> Refusal {
        let message = self.to_string();
        let input = |code, field| UserError::input(code, message.clone(), Path::input(field)).into();
        match self {
            Self::Access(error) => error.refuse(at),
            Self::Storage(error) => error.refuse(at),
            Self::Email(_) => input(ErrorCode::InvalidInput, "email"),
            Self::EmailTaken => input(ErrorCode::EmailTaken, "email"),
            Self::PasswordLength { .. } => input(ErrorCode::InvalidInput, "password"),
            Self::WrongCredentials => input(ErrorCode::WrongCredentials, "email"),
        }
    }
}

impl Refuse for SearchError {
    fn refuse(self, at: Path) -> Refusal {
        let message = self.to_string();
        match self {
            Self::TextTooLong => UserError::input(ErrorCode::LimitExceeded, message, Path::argument("query")).into(),
            Self::TooManyFilters => {
                UserError::input(ErrorCode::LimitExceeded, message, Path::argument("filter")).into()
            }
            Self::TooFar => UserError::input(ErrorCode::LimitExceeded, message, Path::argument("after")).into(),
            Self::Unavailable(source) => {
                tracing::warn!(%source, "search is unavailable");
                top_error("SEARCH_UNAVAILABLE", "search is unavailable; lists of products go on without it").into()
            }
            Self::Storage(error) => error.refuse(at),
        }
    }
}
