//! Where and how Comptoir sells: locations, delivery methods, countries, and the context of a request.

mod address;
mod context;
mod coordinates;
mod country;
mod delivery_method;
mod error;
mod location;
mod repository;
mod service;

pub use address::{Address, AddressError, AddressFields};
pub use context::SalesContext;
pub use coordinates::Coordinates;
pub use country::{Country, CountryError};
pub use delivery_method::{DeliveryKind, DeliveryMethod, DeliveryMethodCode};
pub use error::ChannelError;
pub use location::{Location, LocationCode, LocationDraft, LocationKind};
pub use repository::{ChannelQueries, ChannelRepository};
pub use service::ChannelService;
