//! The columns that are read, and where a file has them.

use std::collections::BTreeMap;

use super::{ImportFileError, issue::Issues, record::Record};

/// A column that means something here; every other one (search engine texts, Google, tax, cost) is passed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Column {
    Handle,
    Title,
    Body,
    Vendor,
    Type,
    Tags,
    Published,
    Status,
    Option1Name,
    Option1Value,
    Option2Name,
    Option2Value,
    Option3Name,
    Option3Value,
    Sku,
    Grams,
    InventoryTracker,
    InventoryQty,
    InventoryPolicy,
    Price,
    CompareAtPrice,
    RequiresShipping,
    Barcode,
    ImageSrc,
    ImagePosition,
    ImageAltText,
    VariantImage,
}

/// The name and the value of each option.
pub(super) const OPTIONS: [(Column, Column); 3] = [
    (Column::Option1Name, Column::Option1Value),
    (Column::Option2Name, Column::Option2Value),
    (Column::Option3Name, Column::Option3Value),
];

/// Each column with the name of Shopify's exports and, where it has one, that of Shopify's newer template.
/// Upper and lower case are one.
const NAMES: [(Column, &str, Option<&str>); 27] = [
    (Column::Handle, "Handle", Some("URL handle")),
    (Column::Title, "Title", None),
    (Column::Body, "Body (HTML)", Some("Description")),
    (Column::Vendor, "Vendor", None),
    (Column::Type, "Type", None),
    (Column::Tags, "Tags", None),
    (Column::Published, "Published", Some("Published on online store")),
    (Column::Status, "Status", None),
    (Column::Option1Name, "Option1 Name", None),
    (Column::Option1Value, "Option1 Value", None),
    (Column::Option2Name, "Option2 Name", None),
    (Column::Option2Value, "Option2 Value", None),
    (Column::Option3Name, "Option3 Name", None),
    (Column::Option3Value, "Option3 Value", None),
    (Column::Sku, "Variant SKU", Some("SKU")),
    (Column::Grams, "Variant Grams", Some("Weight value (grams)")),
    (Column::InventoryTracker, "Variant Inventory Tracker", Some("Inventory tracker")),
    (Column::InventoryQty, "Variant Inventory Qty", Some("Inventory quantity")),
    (Column::InventoryPolicy, "Variant Inventory Policy", Some("Continue selling when out of stock")),
    (Column::Price, "Variant Price", Some("Price")),
    (Column::CompareAtPrice, "Variant Compare At Price", Some("Compare-at price")),
    (Column::RequiresShipping, "Variant Requires Shipping", Some("Requires shipping")),
    (Column::Barcode, "Variant Barcode", Some("Barcode")),
    (Column::ImageSrc, "Image Src", Some("Product image URL")),
    (Column::ImagePosition, "Image Position", None),
    (Column::ImageAltText, "Image Alt Text", None),
    (Column::VariantImage, "Variant Image", Some("Variant image URL")),
];

impl Column {
    /// What Shopify's exports call it.
    pub(super) fn name(self) -> &'static str {
        NAMES.iter().find(|it| it.0 == self).map_or("", |it| it.1)
    }

    fn named(header: &str) -> Option<Self> {
        let is_it = |name: &str| name.eq_ignore_ascii_case(header);
        NAMES.iter().find(|it| is_it(it.1) || it.2.is_some_and(is_it)).map(|it| it.0)
    }
}

/// A file's header.
#[derive(Debug, PartialEq)]
pub(super) struct Columns {
    /// How many columns there are, known or not.
    pub(super) count: usize,
    /// The place and the name of each known column.
    places: BTreeMap<Column, (usize, String)>,
}

impl Columns {
    /// Reads the header. Of a known column that is there twice the first is read, and an issue says so.
    pub(super) fn read(header: &Record<'_>, issues: &mut Issues) -> Result<Self, ImportFileError> {
        let mut columns = Self { count: header.cells.len(), places: BTreeMap::new() };
        for (place, name) in header.cells.iter().enumerate() {
            let name = name.trim();
            let Some(column) = Column::named(name) else { continue };
            if columns.has(column) {
                issues.add(
                    header.line,
                    Some(name.to_owned()),
                    None,
                    "the column is there twice; the first one is read",
                );
            } else {
                columns.places.insert(column, (place, name.to_owned()));
            }
        }
        match [Column::Handle, Column::Title, Column::Price].into_iter().find(|it| !columns.has(*it)) {
            Some(missing) => Err(ImportFileError::ColumnMissing { column: missing.name() }),
            None => Ok(columns),
        }
    }

    /// Whether the file has `column`.
    pub(super) fn has(&self, column: Column) -> bool {
        self.places.contains_key(&column)
    }

    /// What the file calls `column`, if it has it.
    pub(super) fn name(&self, column: Column) -> Option<String> {
        self.places.get(&column).map(|it| it.1.clone())
    }

    /// The cell of `record` in `column`, as it is; empty where there is none.
    pub(super) fn cell<'r>(&self, record: &'r Record<'_>, column: Column) -> &'r str {
        self.places.get(&column).and_then(|it| record.cells.get(it.0)).map_or("", AsRef::as_ref)
    }
}
