//! A row's picture and variant.

use super::{
    ImportSettings,
    columns::{Column, OPTIONS},
    issue::shortened,
    picture::Picture,
    row::Row,
};
use crate::catalog::{OnHand, ProductError, SelectedOption, Sku, StockPolicy, VariantDraft, draft::is_url};

/// The option value of products without options.
const NO_CHOICE: &str = "Default Title";

/// A variant with the address of its own picture.
pub(super) struct ReadVariant {
    pub(super) draft: VariantDraft,
    pub(super) image: Option<String>,
}

/// The row's picture. None: it has none, or something is wrong with it.
pub(super) fn read_picture(row: &mut Row<'_>) -> Option<Picture> {
    let url = read_url(row, Column::ImageSrc)?;
    let position = row.whole(Column::ImagePosition);
    let alt = Some(row.cell(Column::ImageAltText)).filter(|it| !it.is_empty()).map(str::to_owned);
    Some(Picture { url, position, alt, is_of_variant: false })
}

/// Whether the row describes a variant. Weights, flags and policies alone do not: some spreadsheets fill them down.
pub(super) fn is_variant(row: &Row<'_>) -> bool {
    let telling = [Column::Sku, Column::Barcode, Column::InventoryQty, Column::Price, Column::CompareAtPrice];
    OPTIONS.into_iter().map(|it| it.1).chain(telling).any(|it| !row.cell(it).is_empty())
}

/// Whether the first row says that the product has no options.
pub(super) fn has_no_options(row: &Row<'_>) -> bool {
    let value = row.cell(Column::Option1Value);
    row.cell(Column::Option1Name).eq_ignore_ascii_case("Title") && (value.is_empty() || is_no_choice(value))
}

fn is_no_choice(value: &str) -> bool {
    value.eq_ignore_ascii_case(NO_CHOICE)
}

/// The row's variant; what is wrong with it is with the row afterwards.
pub(super) fn read_variant(
    row: &mut Row<'_>,
    option_names: &[Option<String>],
    settings: &ImportSettings,
) -> Option<ReadVariant> {
    let options = read_options(row, option_names);
    let sku = read_sku(row);
    let barcode = Some(row.number_text(Column::Barcode)).filter(|it| !it.is_empty());
    let barcode = barcode.filter(|it| row.check_text(Column::Barcode, it)).map(str::to_owned);
    let price = row.amount(Column::Price, settings.currency);
    let former = row.amount(Column::CompareAtPrice, settings.currency);
    if row.cell(Column::Price).is_empty() {
        row.refuse(Column::Price, "a variant needs a price");
    }
    let (stock_policy, quantity) = read_stock(row);
    let draft = VariantDraft {
        sku,
        barcode,
        options,
        weight_grams: row.grams(Column::Grams),
        requires_shipping: row.flag(Column::RequiresShipping),
        stock_policy,
        media_index: None,
        max_per_customer: None,
        components: None,
        prices: price.iter().map(|&it| (it, former.filter(|former| it.minor() < former.minor()))).collect(),
        on_hand: quantity
            .map(|quantity| OnHand { location: settings.location.clone(), quantity })
            .into_iter()
            .collect(),
    };
    let image = read_url(row, Column::VariantImage);
    row.is_good().then_some(ReadVariant { draft, image })
}

fn read_options(row: &mut Row<'_>, names: &[Option<String>]) -> Vec<SelectedOption> {
    let mut options = Vec::new();
    for ((_, column), name) in OPTIONS.into_iter().zip(names) {
        match (name, row.text(column)) {
            (Some(name), Some(value)) => options.push(SelectedOption { name: name.clone(), value }),
            (Some(name), None) if row.cell(column).is_empty() => {
                row.refuse(column, format!("a value of the option `{name}` is missing"));
            }
            (None, Some(value)) if !is_no_choice(&value) => {
                let value = shortened(&value);
                row.refuse(column, format!("`{value}` belongs to no option that the product's first row names"));
            }
            _ => {}
        }
    }
    options
}

fn read_sku(row: &mut Row<'_>) -> Option<Sku> {
    let text = Some(row.number_text(Column::Sku)).filter(|it| !it.is_empty())?;
    text.parse().map_err(|err: ProductError| row.refuse(Column::Sku, err.to_string())).ok()
}

/// What happens when the stock runs out, and how many there are. A tracker or a quantity says that somebody counts.
fn read_stock(row: &mut Row<'_>) -> (Option<StockPolicy>, Option<i32>) {
    let quantity = row.whole(Column::InventoryQty);
    let policy = match row.cell(Column::InventoryPolicy).to_ascii_lowercase().as_str() {
        "" => row.has(Column::InventoryPolicy).then_some(StockPolicy::Deny),
        "deny" | "false" => Some(StockPolicy::Deny),
        "continue" | "true" => Some(StockPolicy::Continue),
        it => {
            row.refuse(Column::InventoryPolicy, format!("`{}` is neither deny nor continue", shortened(it)));
            None
        }
    };
    let has_no_tracker = row.has(Column::InventoryTracker) && row.cell(Column::InventoryTracker).is_empty();
    if has_no_tracker && quantity.is_none() { (Some(StockPolicy::Untracked), None) } else { (policy, quantity) }
}

fn read_url(row: &mut Row<'_>, column: Column) -> Option<String> {
    let url = Some(row.cell(column)).filter(|it| !it.is_empty())?;
    if !is_url(url) {
        row.refuse(column, format!("`{}` is not the address of a picture", shortened(url)));
        return None;
    }
    Some(url.to_owned())
}
