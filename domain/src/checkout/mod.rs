//! From cart to order: delivery options, payment, placing the order.

mod delivery;
mod error;
mod payment;
mod place_order;
mod service;
mod settle;

pub use delivery::{DeliveryOption, chosen_delivery, delivery_options};
pub(crate) use delivery::{demands, sites, sites_of};
pub use error::{CheckoutError, Incomplete};
pub use payment::{
    PaymentError, PaymentNotice, PaymentOutcome, PaymentProvider, PaymentProviders, PaymentRequest, ProviderCode,
    WebhookError,
};
pub use place_order::{OrderPlacement, PlacedOrder};
pub use service::CheckoutService;
pub(crate) use settle::release_stock;
