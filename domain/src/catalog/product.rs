//! Products.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::{ProductError, Publication};
use crate::{clock::Timestamp, codes::TaxCategory, ids::ProductId, language::Translated};

/// A product's name in addresses: what Shopify's files call a handle.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Slug(String);

impl Slug {
    /// The most characters.
    pub const LENGTH_MAX: usize = 255;

    /// The slug.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Slug {
    type Err = ProductError;

    /// Lower-case letters of any script, digits, hyphens and underscores.
    fn from_str(text: &str) -> Result<Self, ProductError> {
        let is_allowed = |it: char| (it.is_alphanumeric() && !it.is_uppercase()) || it == '-' || it == '_';
        let length = text.chars().count();
        if (1..=Self::LENGTH_MAX).contains(&length) && text.chars().all(is_allowed) {
            Ok(Self(text.to_owned()))
        } else {
            Err(ProductError::InvalidSlug { max: Self::LENGTH_MAX })
        }
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether shoppers see a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ProductStatus {
    /// Not yet.
    Draft,
    /// Yes.
    Active,
    /// No longer; orders still point to it.
    Archived,
}

/// A product's texts in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductText {
    /// What it is called.
    pub name: String,
    /// What it is, as HTML.
    pub description_html: String,
}

/// Something a product is, such as `material: Oak`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attribute {
    /// What is told, such as `material`.
    pub key: String,
    /// What it is, such as `Oak`.
    pub value: String,
}

/// Something to choose, such as the size.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductOption {
    /// What is chosen, such as `Size`.
    pub name: String,
    /// Between what, in the order shown.
    pub values: Vec<String>,
}

/// A picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Media {
    /// Where it is: an absolute address, or a path on Comptoir's own server.
    pub url: String,
    /// What it shows, for those who do not see it.
    pub alt: Translated<String>,
}

/// A product. Its variants are rows of their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    /// Its id.
    pub id: ProductId,
    /// Its name in addresses.
    pub slug: Slug,
    /// Whether shoppers see it.
    pub status: ProductStatus,
    /// Where and when, while it is active.
    pub publication: Publication,
    /// Who makes it.
    pub brand: Option<String>,
    /// What kind of thing it is.
    pub product_type: Option<String>,
    /// How it is taxed; none: at the standard rate.
    pub tax_category: Option<TaxCategory>,
    /// Free words.
    pub tags: Vec<String>,
    /// Its texts.
    pub texts: Translated<ProductText>,
    /// What it is.
    pub attributes: Vec<Attribute>,
    /// What there is to choose; each variant chooses one value of each.
    pub options: Vec<ProductOption>,
    /// Its pictures, the first one first.
    pub media: Vec<Media>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Grows with each change.
    pub version: u32,
}

impl Product {
    /// The most options.
    pub const OPTIONS_MAX: usize = 3;
    /// The most variants.
    pub const VARIANTS_MAX: usize = 2_000;
    /// The most pictures.
    pub const MEDIA_MAX: usize = 250;
    /// The most tags.
    pub const TAGS_MAX: usize = 250;
    /// The most attributes.
    pub const ATTRIBUTES_MAX: usize = 100;
    /// The most characters of a name, a tag, an option and the like.
    pub const TEXT_LENGTH_MAX: usize = 255;
    /// The most characters of a description.
    pub const DESCRIPTION_LENGTH_MAX: usize = 65_536;
}
