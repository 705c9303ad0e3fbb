//! Collections: products that the merchant puts together, in the merchant's order.

mod error;
mod order;
mod repository;
mod service;

use serde::{Deserialize, Serialize};

pub use self::{
    error::CollectionError,
    repository::{CollectionQueries, CollectionRepository},
};
use super::{Slug, TextDraft};
use crate::{clock::Timestamp, ids::CollectionId, language::Translated};

/// A collection's texts in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CollectionText {
    /// What it is called.
    pub name: String,
    /// What it is, as HTML.
    pub description_html: String,
}

/// A collection, without its products.
#[derive(Debug, Clone, PartialEq)]
pub struct Collection {
    /// Its id.
    pub id: CollectionId,
    /// Its name in addresses.
    pub slug: Slug,
    /// Its texts by language.
    pub texts: Translated<CollectionText>,
    /// Whether shoppers see it.
    pub is_published: bool,
    /// When it was created.
    pub created_at: Timestamp,
}

/// A collection as it shall be; what is `None` or absent stays as it is.
#[derive(Debug, Clone, PartialEq)]
pub struct CollectionDraft {
    /// Which: an existing one of this slug is changed, otherwise one is created.
    pub slug: Slug,
    /// Texts to add or change; other languages stay, and descriptions that are left out.
    pub texts: Vec<TextDraft>,
    /// Whether shoppers see it; a new one is seen unless this says otherwise.
    pub is_published: Option<bool>,
}

/// The place of a product in a collection's list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CollectionCursor {
    /// Its position, from 0.
    pub position: u32,
}

impl Collection {
    /// The most products of one.
    pub const PRODUCTS_MAX: usize = 5_000;
    /// The most products of one command.
    pub const BATCH_MAX: usize = 250;
    /// The most collections of a shop.
    pub const COUNT_MAX: u32 = 1_000;
}
