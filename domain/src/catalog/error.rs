//! Refusals of products.

use super::{Sku, TextPlace};
use crate::{access::AccessError, codes::ChannelCode, ids::VariantId, language::Language, storage::StorageError};

/// What is wrong with a product that somebody wants to save.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProductError {
    /// Not a slug.
    #[error("a slug has up to {max} lower-case letters, digits, hyphens and underscores")]
    InvalidSlug {
        /// The most characters.
        max: usize,
    },
    /// Not a SKU.
    #[error("a SKU has up to {max} printable characters")]
    InvalidSku {
        /// The most characters.
        max: usize,
    },
    /// A new product without a name in any language.
    #[error("a product needs a name")]
    NameMissing,
    /// A new product without anything to buy.
    #[error("a product needs at least one variant")]
    NoVariants,
    /// Too many of something.
    #[error("there are more than {max} {what}")]
    TooMany {
        /// Of what, in plural.
        what: &'static str,
        /// The most there may be.
        max: usize,
    },
    /// A text is too long, empty, or has control characters.
    #[error("{place} has 1 to {max} characters, and no control characters")]
    Text {
        /// Which.
        place: TextPlace,
        /// The most characters.
        max: usize,
    },
    /// Two texts in one language.
    #[error("there are two texts in the language `{language}`")]
    LanguageTwice {
        /// The later text's place in the input, from 0.
        index: usize,
        /// The language.
        language: Language,
    },
    /// An option that is there twice, or has no values.
    #[error("the option `{name}` is there twice or has no values")]
    InvalidOption {
        /// Its place in the input, from 0.
        index: usize,
        /// Which.
        name: String,
    },
    /// A variant that does not choose one value of each option.
    #[error("variant {index} must choose one value of each of the product's options")]
    OptionMismatch {
        /// The variant's place in the input, from 0.
        index: usize,
    },
    /// A stored variant that would choose nothing of an option, or the same as another.
    #[error("the stored variant {id} does not fit the product's new options")]
    OptionsInUse {
        /// Which.
        id: VariantId,
    },
    /// Two variants that choose the same.
    #[error("variants {first} and {index} choose the same options")]
    SameOptions {
        /// The earlier variant's place in the input, from 0.
        first: usize,
        /// The later variant's place in the input, from 0.
        index: usize,
    },
    /// Two variants with one SKU.
    #[error("the SKU `{sku}` belongs to another variant")]
    SkuTaken {
        /// The variant's place in the input, from 0.
        index: usize,
        /// The SKU.
        sku: Sku,
    },
    /// A price below zero, a former price not above the price, or two prices in a currency.
    #[error("variant {index}: {reason}")]
    InvalidPrice {
        /// The variant's place in the input, from 0.
        index: usize,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A weight that nothing has.
    #[error("variant {index} weighs more than {max} grams")]
    TooHeavy {
        /// The variant's place in the input, from 0.
        index: usize,
        /// The most grams.
        max: u32,
    },
    /// A picture that is not there.
    #[error("variant {index} shows a picture that the product does not have")]
    NoSuchMedia {
        /// The variant's place in the input, from 0.
        index: usize,
    },
    /// A bundle that cannot be made so.
    #[error("variant {index}: {error}")]
    Bundle {
        /// The variant's place in the input, from 0.
        index: usize,
        /// What is wrong with it.
        error: BundleError,
    },
    /// Published until before it begins.
    #[error("a product is published from a moment until a later one")]
    NeverPublished,
    /// Published in a channel that is not there.
    #[error("there is no channel `{code}`")]
    UnknownChannel {
        /// The code that names none.
        code: ChannelCode,
    },
    /// Stock at a place that is not there.
    #[error("there is no location `{code}`")]
    UnknownLocation {
        /// The code that was given.
        code: String,
    },
}

/// Why a variant cannot be the bundle that somebody wants it to be. Places of components are from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BundleError {
    /// More components than bundles are made of.
    #[error("a bundle is made of {max} components at most")]
    TooManyComponents {
        /// The most components.
        max: usize,
    },
    /// None of a component, or more than bundles have.
    #[error("a bundle has 1 to {max} of each component")]
    Quantity {
        /// The component's place.
        component: usize,
        /// The most of one component.
        max: u32,
    },
    /// A component that was named before.
    #[error("this component was named already")]
    ComponentTwice {
        /// The component's place.
        component: usize,
    },
    /// A component that is not there.
    #[error("there is no variant {id}")]
    UnknownComponent {
        /// The component's place.
        component: usize,
        /// The id that was given.
        id: VariantId,
    },
    /// It would be made of itself.
    #[error("a bundle is not made of itself")]
    ComponentOfItself {
        /// The component's place.
        component: usize,
    },
    /// It would be made of a bundle.
    #[error("a bundle is not made of bundles")]
    ComponentIsBundle {
        /// The component's place.
        component: usize,
    },
    /// A bundle is made of it.
    #[error("it is a component of {bundle}, and a bundle is not made of bundles")]
    IsComponent {
        /// Which.
        bundle: VariantId,
    },
    /// It has stock.
    #[error("a location has, or owes, {quantity} of it, and a bundle has no stock of its own")]
    HasStock {
        /// How many.
        quantity: i64,
    },
    /// Its stock is counted.
    #[error("a bundle has no stock of its own: its components are counted")]
    Counted,
}

/// Why a command about the catalog was refused.
#[derive(Debug, thiserror::Error)]
pub enum CatalogError {
    /// The actor may not.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The product cannot be.
    #[error(transparent)]
    Product(#[from] ProductError),
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}
