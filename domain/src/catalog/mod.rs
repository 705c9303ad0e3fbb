//! Products and their variants: what they are, how they are written, how lists of them are read.

mod browse;
mod collection;
mod component;
mod draft;
mod error;
pub mod import;
mod import_products;
mod place;
mod product;
mod publication;
mod queries;
mod repository;
mod save;
mod scan;
mod scan_variant;
mod service;
mod variant;

pub use collection::{
    Collection, CollectionCursor, CollectionDraft, CollectionError, CollectionQueries, CollectionRepository,
    CollectionText,
};
pub use component::{ComponentDraft, ComponentUse, VariantComponent};
pub use draft::{OnHand, ProductDraft, TextDraft, VariantDraft};
pub use error::{BundleError, CatalogError, ProductError};
pub use import_products::{ImportError, ImportReport, ImportResult, ProductFile};
pub use place::TextPlace;
pub use product::{Attribute, Media, Product, ProductOption, ProductStatus, ProductText, Slug};
pub use publication::{Publication, Viewpoint};
pub use queries::{CatalogQueries, Offer, ProductCursor, ProductFilter};
pub use repository::{ProductRepository, SkuOwner};
pub use save::{ErrorPolicy, SaveOutcome, SavedProduct};
pub use scan::{Gtin, InStoreCode, InStoreCodeError, Measure, NameReason, Reading, ScanError, ScanKind};
pub use scan_variant::{Scanned, VariantName};
pub use service::{CatalogService, SaveResults};
pub(crate) use variant::in_order_of;
pub use variant::{SelectedOption, Sku, StockPolicy, Variant};
