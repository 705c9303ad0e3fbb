//! Where in the file a product was refused.

use super::{ImportIssue, ImportedProduct, columns::Column, product::option_of};
use crate::catalog::{ProductError, TextPlace};

impl ImportedProduct {
    /// Leaves out the variant that `error` is about, and tells of its row. None: the error is about the product, or no variant
    /// would be left.
    pub(in crate::catalog) fn leave_out_variant(&mut self, error: &ProductError) -> Option<ImportIssue> {
        let index = match error {
            ProductError::OptionMismatch { index }
            | ProductError::SameOptions { index, .. }
            | ProductError::SkuTaken { index, .. }
            | ProductError::InvalidPrice { index, .. }
            | ProductError::TooHeavy { index, .. }
            | ProductError::NoSuchMedia { index } => *index,
            _ => return None,
        };
        let variants = &mut self.draft.variants;
        if variants.len() < 2 || variants.len() <= index {
            return None;
        }
        let issue = self.issue(error);
        self.draft.variants.remove(index);
        self.lines.remove(index.saturating_add(1));
        self.rows.retain(|it| *it != issue.line);
        let options = self.draft.options.take().into_iter().flatten();
        self.draft.options = Some(options.map(|it| option_of(it.name, &self.draft.variants)).collect());
        Some(issue)
    }

    /// What `error`, which the product was refused for, says of each of its rows.
    pub(in crate::catalog) fn issues(&self, error: &ProductError) -> Vec<ImportIssue> {
        let issue = self.issue(error);
        let others = self.rows.iter().filter(|it| **it != issue.line);
        let others: Vec<_> =
            others.map(|it| ImportIssue::left_out(*it, self.draft.slug.as_str(), issue.line)).collect();
        std::iter::once(issue).chain(others).collect()
    }

    /// The row and the column that `error` is about, which [`CatalogService::save_products`] refused this product for.
    ///
    /// [`CatalogService::save_products`]: crate::catalog::CatalogService::save_products
    pub(super) fn issue(&self, error: &ProductError) -> ImportIssue {
        let (index, column, message) = match error {
            ProductError::InvalidSlug { .. } => (None, Some(Column::Handle), None),
            ProductError::InvalidSku { .. } => (None, Some(Column::Sku), None),
            ProductError::NameMissing => (None, Some(Column::Title), None),
            ProductError::NoVariants => (None, Some(Column::Price), None),
            ProductError::TooMany { what, .. } => (None, column_of_many(what), None),
            ProductError::Text { place, .. } => (None, column_of(*place), None),
            ProductError::LanguageTwice { .. } => (None, Some(Column::Title), None),
            ProductError::OptionMismatch { index } => {
                let message = "the variant must choose one value of each of the product's options".to_owned();
                (Some(*index), Some(Column::Option1Value), Some(message))
            }
            ProductError::InvalidOption { .. } | ProductError::OptionsInUse { .. } => {
                (None, Some(Column::Option1Name), None)
            }
            ProductError::SameOptions { first, index } => {
                let message = format!("the variant of line {} chooses the same", self.variant_line(*first));
                (Some(*index), Some(Column::Option1Value), Some(message))
            }
            ProductError::SkuTaken { index, .. } => (Some(*index), Some(Column::Sku), None),
            ProductError::InvalidPrice { index, reason } => {
                (Some(*index), Some(Column::Price), Some((*reason).to_owned()))
            }
            ProductError::TooHeavy { index, .. } => (Some(*index), Some(Column::Grams), None),
            ProductError::NoSuchMedia { index } => {
                let message = "the product does not have the variant's picture".to_owned();
                (Some(*index), Some(Column::VariantImage), Some(message))
            }
            ProductError::Bundle { index, error } => {
                (Some(*index), Some(Column::InventoryQty), Some(error.to_string()))
            }
            // No column says where and when a product is published.
            ProductError::NeverPublished | ProductError::UnknownChannel { .. } => (None, Some(Column::Status), None),
            ProductError::UnknownLocation { .. } => (None, Some(Column::InventoryQty), None),
        };
        ImportIssue {
            line: index.map_or_else(|| self.first_line(), |it| self.variant_line(it)),
            column: column.and_then(|it| self.columns.name(it)),
            message: message.unwrap_or_else(|| error.to_string()),
            slug: Some(self.draft.slug.to_string()),
        }
    }

    fn first_line(&self) -> u64 {
        self.lines.first().copied().unwrap_or_default()
    }

    fn variant_line(&self, index: usize) -> u64 {
        self.lines.get(index.saturating_add(1)).copied().unwrap_or_else(|| self.first_line())
    }
}

fn column_of_many(what: &str) -> Option<Column> {
    match what {
        "options" => Some(Column::Option1Name),
        "pictures" => Some(Column::ImageSrc),
        "tags" => Some(Column::Tags),
        _ => None,
    }
}

fn column_of(place: TextPlace) -> Option<Column> {
    match place {
        TextPlace::Name(_) => Some(Column::Title),
        TextPlace::Description(_) => Some(Column::Body),
        TextPlace::Brand => Some(Column::Vendor),
        TextPlace::ProductType => Some(Column::Type),
        TextPlace::Tag(_) => Some(Column::Tags),
        TextPlace::Picture(_) => Some(Column::ImageSrc),
        TextPlace::Alt(_) => Some(Column::ImageAltText),
        TextPlace::OptionName(_) => Some(Column::Option1Name),
        TextPlace::OptionValue { .. } | TextPlace::Choice { .. } => Some(Column::Option1Value),
        TextPlace::Barcode(_) => Some(Column::Barcode),
        TextPlace::AttributeKey(_) | TextPlace::AttributeValue(_) => None,
    }
}
