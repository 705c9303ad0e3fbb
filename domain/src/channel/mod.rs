//! Where and how Comptoir sells: channels, markets, locations, delivery methods, countries, and the context of a request.

mod address;
#[expect(clippy::module_inception, reason = "the aggregate has the context's name")]
mod channel;
mod context;
mod coordinates;
mod country;
mod delivery_method;
mod error;
mod location;
mod market;
mod repository;
mod service;

pub use address::{Address, AddressError, AddressFields};
pub use channel::{Channel, ChannelKind};
pub use context::{ContextError, ContextRequest, SalesContext};
pub use coordinates::Coordinates;
pub use country::{Country, CountryError};
pub use delivery_method::{DeliveryKind, DeliveryMethod, DeliveryMethodCode};
pub use error::ChannelError;
pub use location::{Location, LocationCode, LocationDraft, LocationKind};
pub use market::{Market, PriceDisplay};
pub use repository::ChannelRepository;
pub use service::ChannelService;
