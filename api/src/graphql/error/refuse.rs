//! From the domain's errors to the wire's: one exhaustive match for each, so that a new one must be given its words.

use async_graphql::ErrorExtensions;
use comptoir_domain::{
    access::{AccessError, DeviceError, PasswordError, PinError, SignInError, StaffError},
    cart::{CartError, CartRefusal, LineError, ShopperTextError},
    catalog::{BundleError, CatalogError, NameReason, ProductError, ScanError, TextPlace},
    channel::ChannelError,
    checkout::{CheckoutError, Incomplete},
    customer::CustomerError,
    idempotency::KeyReused,
    inventory::{HoldError, InventoryError},
    money::MoneyError,
    order::OrderError,
    pricing::{MINIMUM_QUANTITY_MAX, PriceReference, PriceRowError, PricingError, TaxRateError},
    promotion::{CodeState, ManualDiscountError, Rejection},
    storage::StorageError,
};

use super::{ErrorCode, Path, Refusal, UserError, fault, top_error};

/// Turns the domain's errors into the wire's. `at` is the path of what the command is about.
pub(in crate::graphql) trait Refuse {
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
            Self::CustomersOnly | Self::DevicesOnly | Self::StaffOnly | Self::Elsewhere => {
                top_error("FORBIDDEN", &self.to_string()).into()
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
pub(in crate::graphql) fn line_error(error: LineError, at: Path) -> UserError {
    let quantity = at.clone().field("quantity");
    line_error_at(error, at, quantity)
}

/// A line's error, at the path of the line or of its quantity.
fn line_error_at(error: LineError, at: Path, quantity: Path) -> UserError {
    let message = error.to_string();
    match error {
        LineError::NotFound => UserError::input(ErrorCode::NotFound, message, at),
        LineError::NotForSale => UserError::input(ErrorCode::NotForSale, message, at),
        LineError::NoPrice { .. } => UserError::input(ErrorCode::NoPrice, message, at),
        LineError::PriceListEnded { .. } => UserError::input(ErrorCode::PriceListEnded, message, at),
        LineError::QuantityOutOfRange { min, max } | LineError::SumOutOfRange { min, max } => {
            UserError::quantity(min.into(), max.into(), &error, quantity)
        }
        LineError::CustomerLimit { maximum, bought, requested } => {
            UserError::purchase_limit((maximum, bought, requested), &error, quantity)
        }
        LineError::InsufficientStock { available, requested } => {
            UserError::insufficient_stock(available, requested, &error, quantity)
        }
    }
}

impl Refuse for CartError {
    fn refuse(self, at: Path) -> Refusal {
        let message = self.to_string();
        let input = |code, at| UserError::input(code, message.clone(), at).into();
        match self {
            Self::NotFound => input(ErrorCode::NotFound, at),
            Self::AlreadyOrdered { .. } => input(ErrorCode::CartAlreadyOrdered, at),
            Self::Target { error, .. } => error.refuse(Path::input("targetId")),
            Self::Merged { into } => UserError::cart_merged(into, &message, at).into(),
            Self::CurrencyMismatch { from, to } => UserError::cart_currency(from, to, &message, at).into(),
            Self::SameCart | Self::NoTarget => input(ErrorCode::InvalidInput, Path::input("targetId")),
            Self::NobodyToHaveBoth => input(ErrorCode::InvalidInput, Path::input("strategy")),
            Self::OfAnotherCustomer => input(ErrorCode::CartOfAnotherCustomer, at),
            Self::OnlyShared => input(ErrorCode::CartOnlyShared, at),
            Self::IdTaken => input(ErrorCode::CartIdTaken, Path::input("id")),
            Self::OrderNotFound => input(ErrorCode::NotFound, Path::input("orderId")),
            Self::TooManyCommands { max } => UserError::limit(max, &message, Path::input("commands")).into(),
            Self::VersionConflict { current_version } => {
                UserError::version_conflict(current_version, &message, Path::input("expectedVersion")).into()
            }
            Self::Refused(refusal) => refusal.refuse(at),
            Self::Hold(
                HoldError::UsedUp { max } | HoldError::TooManyCarts { max } | HoldError::TooManyUnits { max },
            ) => UserError::limit(max as usize, &message, at).into(),
            Self::NoHolds => input(ErrorCode::InvalidInput, at),
            Self::NothingToHold => input(ErrorCode::EmptyCart, at),
            Self::TooManyShares { max } => UserError::limit(max, &message, at).into(),
            Self::InvalidCode => input(ErrorCode::InvalidCode, Path::input("code")),
            Self::UnknownCustomer => input(ErrorCode::NotFound, Path::argument("as")),
            Self::Access(error) => error.refuse(at),
            Self::Money(error) => error.refuse(at),
            Self::Storage(error) => error.refuse(at),
        }
    }
}

impl Refuse for CartRefusal {
    fn refuse(self, _at: Path) -> Refusal {
        let message = self.to_string();
        let not_found = |field| UserError::input(ErrorCode::NotFound, message.clone(), Path::input(field)).into();
        match self {
            Self::Line { index, error } => line_error(error, Path::input("lines").index(index)).into(),
            Self::Name { index, by_sku, reason } => {
                let field = if by_sku { "sku" } else { "scan" };
                UserError::input(name_code(reason), message, Path::input("lines").index(index).field(field)).into()
            }
            Self::Delta { index, error } => {
                let at = Path::input("lines").index(index);
                line_error_at(error, at.clone(), at.field("quantityDelta")).into()
            }
            Self::SavedLine { index, error } => {
                // It is named by its id alone.
                let at = Path::input("lineIds").index(index);
                line_error_at(error, at.clone(), at).into()
            }
            Self::UnknownLine { index } => {
                UserError::input(ErrorCode::NotFound, message, Path::input("lineIds").index(index)).into()
            }
            Self::TooManyLines { max } => UserError::limit(max, &message, Path::input("lines")).into(),
            Self::TooManyPieces { max } => UserError::limit(max as usize, &message, Path::input("lines")).into(),
            Self::TooManySaved { max } | Self::TooManyLineIds { max } => {
                UserError::limit(max, &message, Path::input("lineIds")).into()
            }
            Self::Code { state, .. } => UserError::input(code_refused(&state), message, Path::input("code")).into(),
            Self::TooManyCodes { max } => UserError::limit(max, &message, Path::input("code")).into(),
            Self::CommandIdReused => {
                UserError::input(ErrorCode::IdempotencyKeyReused, message, Path::input("id")).into()
            }
            Self::GiftNotOffered => not_found("promotionId"),
            Self::UnknownProvider { .. } => {
                UserError::input(ErrorCode::UnknownPaymentProvider, message, Path::input("provider")).into()
            }
            Self::Discount(error) => discount_refused(error),
            Self::DiscountLine => not_found("lineId"),
            Self::UnknownDiscount => not_found("discountId"),
            Self::TooManyDiscounts { max } => UserError::limit(max, &message, Path::argument("input")).into(),
            Self::DeliveryUnavailable => {
                UserError::input(ErrorCode::DeliveryUnavailable, message, Path::input("handle")).into()
            }
        }
    }
}

impl Refuse for ShopperTextError {
    fn refuse(self, at: Path) -> Refusal {
        let message = self.to_string();
        match self {
            Self::TooMany { max } => UserError::limit(max, &message, at).into(),
            Self::Repeated { index } | Self::Key { index, .. } => {
                UserError::input(ErrorCode::InvalidInput, message, at.index(index).field("key")).into()
            }
            Self::Value { index, .. } => {
                UserError::input(ErrorCode::InvalidInput, message, at.index(index).field("value")).into()
            }
            Self::Note { .. } => UserError::input(ErrorCode::InvalidInput, message, at).into(),
        }
    }
}

/// Why a code of a cart does not count any more.
pub(in crate::graphql) fn code_error(reason: &Rejection) -> ErrorCode {
    match reason {
        Rejection::Code(state) => code_refused(state),
        _ => ErrorCode::DiscountCodeInactive,
    }
}

/// Why a discount by hand cannot be.
fn discount_refused(error: ManualDiscountError) -> Refusal {
    let (message, at) = (error.to_string(), Path::input("value"));
    match error {
        ManualDiscountError::Reason { .. } => {
            UserError::input(ErrorCode::InvalidInput, message, Path::input("reason")).into()
        }
        ManualDiscountError::Value => UserError::input(ErrorCode::InvalidInput, message, at).into(),
        ManualDiscountError::Limit { requested, limit } => {
            UserError::discount_limit(requested.into(), limit.into(), &message, at).into()
        }
    }
}

/// Why a code cannot be used.
fn code_refused(state: &CodeState) -> ErrorCode {
    match state {
        CodeState::Unknown => ErrorCode::UnknownDiscountCode,
        CodeState::UsesExhausted { .. } | CodeState::CustomerUsesExhausted { .. } => ErrorCode::DiscountCodeExhausted,
        CodeState::ReservationExpired => ErrorCode::DiscountCodeReservationExpired,
        _ => ErrorCode::DiscountCodeInactive,
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
            Self::TotalChanged { expected, actual } => {
                let at = Path::input("expectedTotal");
                UserError::total_changed(expected.into(), actual.into(), &message, at).into()
            }
            Self::PaymentDeclined { reason } => {
                UserError::payment_declined(reason, &message, Path::input("payment")).into()
            }
            Self::KeyReused(error) => error.refuse(at),
            Self::Money(error) => error.refuse(at),
            Self::Storage(error) => error.refuse(at),
        }
    }
}

/// What a cart lacks; a line's error names the line.
fn incomplete(lacks: Incomplete) -> UserError {
    let at = Path::input("cartId");
    let message = lacks.to_string();
    let code = match lacks {
        Incomplete::NoLines => ErrorCode::EmptyCart,
        Incomplete::HoldExpired => ErrorCode::HoldExpired,
        Incomplete::NoContact => ErrorCode::ContactMissing,
        Incomplete::NoShippingAddress => ErrorCode::ShippingAddressMissing,
        Incomplete::NoDelivery => ErrorCode::DeliveryMissing,
        Incomplete::DeliveryUnavailable => ErrorCode::DeliveryUnavailable,
        Incomplete::Line { line_id, problem } => {
            let error = line_error(problem, Path::default());
            return UserError::cart_line(&error, (line_id, problem), at);
        }
        Incomplete::Code { code, reason } => {
            return UserError::cart_code(code_error(&reason), code.to_string(), &message, at);
        }
    };
    UserError::input(code, message, at)
}

impl Refuse for OrderError {
    fn refuse(self, at: Path) -> Refusal {
        let code = match self {
            Self::Access(error) => return error.refuse(at),
            Self::KeyReused(error) => return error.refuse(at),
            Self::Storage(error) => return error.refuse(at),
            Self::VersionConflict { ref current } => {
                return UserError::version_conflict(current.version, &self, Path::input("expectedVersion")).into();
            }
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
            Self::TooMany { max } => UserError::limit(max, &message, at).into(),
            Self::TooManyOfVariant { index, max } => UserError::limit(max, &message, prices.index(index)).into(),
            Self::UnknownVariant { index, .. } => {
                UserError::input(ErrorCode::NotFound, message, prices.index(index).field("variantId")).into()
            }
            Self::UnknownReference { index, reference, .. } => {
                let (code, field) = match reference {
                    PriceReference::List => (ErrorCode::NotFound, "priceListId"),
                    PriceReference::Market => (ErrorCode::UnknownMarket, "market"),
                    PriceReference::Channel => (ErrorCode::UnknownChannel, "channel"),
                    PriceReference::CustomerGroup => (ErrorCode::NotFound, "customerGroupId"),
                };
                UserError::input(code, message, prices.index(index).field(field)).into()
            }
            Self::InvalidPrice { index, error } => price_error(error, prices.index(index)).into(),
            Self::Twice { index, first } => {
                UserError::contradiction(prices.clone().index(first), &message, prices.index(index)).into()
            }
            Self::UnknownPrice { index, .. } => {
                UserError::input(ErrorCode::NotFound, message, Path::input("priceIds").index(index)).into()
            }
            Self::InvalidName { .. } => UserError::input(ErrorCode::InvalidInput, message, Path::input("name")).into(),
            Self::EmptyWindow => {
                UserError::contradiction(Path::input("startsAt"), &message, Path::input("endsAt")).into()
            }
            Self::ListNotFound => UserError::input(ErrorCode::NotFound, message, Path::input("priceListId")).into(),
            Self::VersionConflict { current } => {
                UserError::version_conflict(current.version, &message, Path::input("expectedVersion")).into()
            }
            Self::TooManyLists { max } => UserError::limit(max, &message, Path::argument("input")).into(),
        }
    }
}

/// What is wrong with a price, at the place of it.
fn price_error(error: PriceRowError, at: Path) -> UserError {
    match error {
        PriceRowError::Amount => UserError::input(ErrorCode::InvalidInput, error.to_string(), at.field("amount")),
        PriceRowError::CompareAt(_) => {
            UserError::input(ErrorCode::InvalidInput, error.to_string(), at.field("compareAt"))
        }
        PriceRowError::MinimumQuantity => {
            UserError::quantity(1, MINIMUM_QUANTITY_MAX.into(), &error, at.field("minimumQuantity"))
        }
        PriceRowError::Window => UserError::contradiction(at.clone().field("startsAt"), &error, at.field("endsAt")),
    }
}

impl Refuse for TaxRateError {
    fn refuse(self, at: Path) -> Refusal {
        let message = self.to_string();
        match self {
            Self::Access(error) => error.refuse(at),
            Self::Storage(error) => error.refuse(at),
            Self::TooLarge { max } | Self::TooMany { max } => UserError::limit(max, &message, at).into(),
            Self::File(_) => UserError::input(ErrorCode::InvalidInput, message, at).into(),
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
            Self::Bundle { index } => {
                UserError::input(ErrorCode::InvalidInput, message, place(index).field("variantId")).into()
            }
            Self::Duplicate { index } => UserError::input(ErrorCode::InvalidInput, message, place(index)).into(),
            Self::QuantityOutOfRange { index, min, max } => {
                UserError::quantity(min, max, &message, place(index)).into()
            }
        }
    }
}

impl Refuse for ChannelError {
    fn refuse(self, at: Path) -> Refusal {
        let field = match self {
            Self::Access(error) => return error.refuse(at),
            Self::Storage(error) => return error.refuse(at),
            Self::InvalidCode { field } => field,
            Self::InvalidName { .. } => "name",
            Self::CountriesMissing => "countries",
            Self::LocationMissing | Self::LocationUnused => "locationId",
            Self::UnknownStore { .. } => {
                return UserError::input(ErrorCode::NotFound, self.to_string(), at.field("locationId")).into();
            }
            Self::UnknownMarket { .. } => {
                return UserError::input(ErrorCode::UnknownMarket, self.to_string(), at.field("market")).into();
            }
            Self::LanguagesMissing => "languages",
            Self::CountryTaken { index, .. } => {
                let at = at.field("countries").index(index);
                return UserError::input(ErrorCode::InvalidInput, self.to_string(), at).into();
            }
            Self::NegativePrice | Self::PriceTwice => "prices",
            Self::HoldMinutes { .. } => "holdMinutes",
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
            Self::TooMany { what, max } => {
                let field = if what == "pictures" { "media" } else { what };
                UserError::limit(max, &message, at.field(field)).into()
            }
            Self::Text { place, .. } => input(text_path(place, at)),
            Self::LanguageTwice { index, .. } => input(at.field("texts").index(index).field("language")),
            Self::InvalidOption { index, .. } => input(at.field("options").index(index)),
            Self::OptionsInUse { .. } => input(at.field("options")),
            Self::OptionMismatch { index } | Self::SameOptions { index, .. } => input(variant(index).field("options")),
            Self::SkuTaken { index, .. } => {
                UserError::input(ErrorCode::SkuTaken, message.clone(), variant(index).field("sku")).into()
            }
            Self::InvalidPrice { index, .. } => input(variant(index).field("prices")),
            Self::TooHeavy { index, .. } => input(variant(index).field("weightGrams")),
            Self::NoSuchMedia { index } => input(variant(index).field("mediaIndex")),
            Self::Bundle { index, error } => bundle_error(error, variant(index).field("components")).into(),
            Self::NeverPublished => input(at.field("publication").field("publishedUntil")),
            Self::UnknownChannel { .. } => {
                let at = at.clone().field("publication").field("channels");
                UserError::input(ErrorCode::UnknownChannel, message.clone(), at).into()
            }
            Self::UnknownLocation { .. } => input(at.field("location")),
        }
    }
}

/// What is wrong with a bundle, whose components are `at`.
fn bundle_error(error: BundleError, at: Path) -> UserError {
    let message = error.to_string();
    let variant_id = |component| at.clone().index(component).field("variantId");
    match error {
        BundleError::TooManyComponents { max } => UserError::limit(max, &message, at),
        BundleError::Quantity { component, max } => {
            UserError::quantity(1, max.into(), &message, at.index(component).field("quantity"))
        }
        BundleError::UnknownComponent { component, .. } => {
            UserError::input(ErrorCode::NotFound, message, variant_id(component))
        }
        BundleError::ComponentTwice { component }
        | BundleError::ComponentOfItself { component }
        | BundleError::ComponentIsBundle { component } => {
            UserError::input(ErrorCode::InvalidInput, message, variant_id(component))
        }
        BundleError::IsComponent { .. } | BundleError::HasStock { .. } | BundleError::Counted => {
            UserError::input(ErrorCode::InvalidInput, message, at)
        }
    }
}

/// Where in `ProductSaveInput` a text is.
fn text_path(place: TextPlace, at: Path) -> Path {
    let item = |list, index| at.clone().field(list).index(index);
    match place {
        TextPlace::Brand => at.field("brand"),
        TextPlace::ProductType => at.field("productType"),
        TextPlace::Name(index) => item("texts", index).field("name"),
        TextPlace::Description(index) => item("texts", index).field("descriptionHtml"),
        TextPlace::Tag(index) => item("tags", index),
        TextPlace::AttributeKey(index) => item("attributes", index).field("key"),
        TextPlace::AttributeValue(index) => item("attributes", index).field("value"),
        TextPlace::OptionName(index) => item("options", index).field("name"),
        TextPlace::OptionValue { option, value } => item("options", option).field("values").index(value),
        TextPlace::Picture(index) => item("media", index).field("url"),
        TextPlace::Alt(index) => item("media", index).field("alt"),
        TextPlace::Choice { variant, choice } => item("variants", variant).field("options").index(choice),
        TextPlace::Barcode(variant) => item("variants", variant).field("barcode"),
    }
}

impl Refuse for CatalogError {
    fn refuse(self, at: Path) -> Refusal {
        match self {
            Self::Access(error) => error.refuse(at),
            Self::Product(error) => error.refuse(at),
            Self::Storage(error) => error.refuse(at),
        }
    }
}

impl Refuse for ScanError {
    fn refuse(self, at: Path) -> Refusal {
        let message = self.to_string();
        if let Some(reason) = self.reason() {
            return UserError::input(name_code(reason), message, at).into();
        }
        match self {
            Self::Storage(error) => error.refuse(at),
            Self::CheckDigit { expected, found } => UserError::check_digit(expected, found, &message, at).into(),
            _ => UserError::input(ErrorCode::UnreadableCode, message, at).into(),
        }
    }
}

/// Why a SKU or a code names no variant.
fn name_code(reason: NameReason) -> ErrorCode {
    match reason {
        NameReason::NotFound => ErrorCode::NotFound,
        NameReason::Ambiguous { .. } => ErrorCode::AmbiguousCode,
        NameReason::Measured { .. } => ErrorCode::MeasuredCode,
    }
}

impl Refuse for PinError {
    fn refuse(self, at: Path) -> Refusal {
        UserError::input(ErrorCode::InvalidInput, self.to_string(), at).into()
    }
}

impl Refuse for PasswordError {
    fn refuse(self, at: Path) -> Refusal {
        UserError::input(ErrorCode::InvalidInput, self.to_string(), at).into()
    }
}

impl Refuse for DeviceError {
    fn refuse(self, at: Path) -> Refusal {
        let message = self.to_string();
        let input = |code, field| UserError::input(code, message.clone(), Path::input(field)).into();
        match self {
            Self::Access(error) => error.refuse(at),
            Self::Storage(error) => error.refuse(at),
            Self::NotFound => input(ErrorCode::NotFound, "deviceId"),
            Self::InvalidName { .. } => input(ErrorCode::InvalidInput, "name"),
            Self::UnknownChannel { .. } => input(ErrorCode::UnknownChannel, "channel"),
            Self::InvalidCode => input(ErrorCode::InvalidCode, "code"),
        }
    }
}

impl Refuse for SignInError {
    fn refuse(self, at: Path) -> Refusal {
        match self {
            Self::Access(error) => error.refuse(at),
            Self::Storage(error) => error.refuse(at),
            Self::InvalidRefreshToken => {
                UserError::input(ErrorCode::InvalidToken, self.to_string(), Path::input("refreshToken")).into()
            }
        }
    }
}

impl Refuse for CustomerError {
    fn refuse(self, at: Path) -> Refusal {
        let message = self.to_string();
        let input = |code, field| UserError::input(code, message.clone(), Path::input(field)).into();
        match self {
            Self::Access(error) => error.refuse(at),
            Self::Storage(error) => error.refuse(at),
            Self::Password(error) => error.refuse(Path::input("password")),
            Self::EmailTaken => input(ErrorCode::EmailTaken, "email"),
            Self::WrongCredentials => input(ErrorCode::WrongCredentials, "email"),
            Self::WrongPassword => input(ErrorCode::WrongCredentials, "currentPassword"),
            Self::InvalidName { field, .. } => input(ErrorCode::InvalidInput, field),
            Self::ConsentMissing => input(ErrorCode::ConsentMissing, "productId"),
            Self::UnknownProduct => input(ErrorCode::NotFound, "productId"),
            Self::NotFound => input(ErrorCode::NotFound, "customerId"),
            Self::InvalidTaxExemption { index, field, .. } => {
                let at = Path::input("taxExemptions").index(index).field(field);
                UserError::input(ErrorCode::InvalidInput, message, at).into()
            }
            Self::TooManyTaxExemptions { max } => UserError::limit(max, &message, Path::input("taxExemptions")).into(),
            Self::InvalidGroupName { .. } => input(ErrorCode::InvalidInput, "name"),
            Self::UnknownGroup { index: None } => input(ErrorCode::NotFound, "groupId"),
            Self::UnknownGroup { index: Some(index) } => {
                UserError::input(ErrorCode::NotFound, message, Path::input("groupIds").index(index)).into()
            }
            Self::TooManyGroups { max } => UserError::limit(max, &message, Path::argument("input")).into(),
            Self::TooManyGroupsOfCustomer { max } => UserError::limit(max, &message, Path::input("groupIds")).into(),
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
            Self::EmailTaken => input(ErrorCode::EmailTaken, "email"),
            Self::Password(error) => error.refuse(Path::input("password")),
            Self::InvalidLimit => input(ErrorCode::InvalidInput, "discountLimit"),
            Self::LimitBeyondOwn => input(ErrorCode::DiscountLimitExceeded, "discountLimit"),
            Self::NotFound => input(ErrorCode::NotFound, "staffId"),
            Self::WrongCredentials => input(ErrorCode::WrongCredentials, "email"),
            Self::WrongPassword => input(ErrorCode::WrongCredentials, "password"),
            Self::WrongPin => input(ErrorCode::WrongCredentials, "pin"),
            Self::PinLocked { until } => UserError::locked(until, &message, Path::input("pin")).into(),
            Self::NoPointOfSale => top_error("FORBIDDEN", &message).into(),
        }
    }
}
