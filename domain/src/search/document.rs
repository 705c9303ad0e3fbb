//! What the index is fed: one document per product that shoppers see. Pure.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use serde::{Deserialize, Serialize};

use super::{
    NumberKey,
    numbers::add_number,
    prices::{price_in, price_ranges},
};
use crate::{
    catalog::{Gtin, Product, ProductStatus, Publication, Variant},
    clock::Timestamp,
    ids::{CollectionId, LocationId, ProductId},
    inventory::StockLevel,
    language::Language,
    pricing::{PriceLists, PriceRow, PriceView},
};

/// A product's words in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchText {
    /// Its name.
    pub name: String,
    /// Its description without markup.
    pub description: String,
}

/// The lowest and highest price of a product in one currency in minor units, or another number of it in thousandths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceRange {
    /// The lowest.
    pub min: i64,
    /// The highest.
    pub max: i64,
}

/// All that the index knows of a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductDocument {
    /// Which product.
    pub id: ProductId,
    /// Its words by language.
    pub texts: BTreeMap<Language, SearchText>,
    /// Its brand, type, tags, attributes and options: `brand`, `productType`, `tag`, and the keys of [`facet_key`].
    pub facets: BTreeMap<String, BTreeSet<String>>,
    /// The SKUs and barcodes of its variants; a barcode that is a GTIN with and without the zeros before it.
    pub codes: Vec<String>,
    /// What everybody is asked for it, where that is not what the view has that comes next in [`PriceView::widening`].
    pub prices: BTreeMap<PriceView, PriceRange>,
    /// Its numbers, in thousandths.
    pub numbers: BTreeMap<NumberKey, PriceRange>,
    /// Where and when it is published.
    pub publication: Publication,
    /// Whether any of its variants can be bought now.
    pub in_stock: bool,
    /// Where any of its variants is available now.
    pub available_at: BTreeSet<LocationId>,
    /// Its places in collections.
    pub collections: BTreeMap<CollectionId, u32>,
    /// When it was created.
    pub created_at: Timestamp,
}

/// What the documents of several products are made of, beside the products.
#[derive(Debug)]
pub struct DocumentParts {
    /// Their variants.
    pub variants: Vec<Variant>,
    /// The prices of these.
    pub prices: Vec<PriceRow>,
    /// The lists that prices are of.
    pub price_lists: Arc<PriceLists>,
    /// When these prices are looked at.
    pub at: Timestamp,
    /// The stock of these, and of what bundles among them are made of.
    pub levels: Vec<StockLevel>,
    /// Their places in collections.
    pub collections: Vec<(ProductId, CollectionId, u32)>,
}

impl ProductDocument {
    /// The document of a product; `None` for one that shoppers do not see. Rows of other products are left out.
    #[must_use]
    pub fn of(product: &Product, parts: &DocumentParts) -> Option<Self> {
        let DocumentParts { variants, levels, collections, .. } = parts;
        if product.status != ProductStatus::Active {
            return None;
        }
        let variants: Vec<&Variant> = variants.iter().filter(|it| it.product_id == product.id).collect();
        let facets = facets_of(product, &variants);
        let mut numbers = BTreeMap::new();
        for (key, value) in facets.iter().flat_map(|(key, values)| values.iter().map(move |it| (key, it))) {
            add_number(&mut numbers, key, value);
        }
        let places = variants.iter().flat_map(|it| it.available_at(levels)).filter(|it| 0 < it.1);
        let is_mine = |it: &&PriceRow| variants.iter().any(|variant| variant.id == it.variant_id);
        let prices: Vec<PriceRow> = parts.prices.iter().filter(is_mine).cloned().collect();
        let sku = |it: &&Variant| it.sku.as_ref().map(ToString::to_string);
        let barcodes = |it: &&Variant| it.barcode.as_deref().map(barcode_forms).unwrap_or_default();
        Some(Self {
            id: product.id,
            texts: product.texts.iter().map(|(language, text)| (language.clone(), search_text(text))).collect(),
            facets,
            publication: product.publication.clone(),
            codes: variants.iter().filter_map(sku).chain(variants.iter().flat_map(barcodes)).collect(),
            prices: price_ranges(prices, &parts.price_lists, parts.at),
            numbers,
            available_at: places.map(|it| it.0).collect(),
            collections: collections.iter().filter(|it| it.0 == product.id).map(|it| (it.1, it.2)).collect(),
            in_stock: variants.iter().any(|it| it.available(levels).is_none_or(|it| 0 < it)),
            created_at: product.created_at,
        })
    }

    /// What everybody is asked for it in `view`.
    #[must_use]
    pub fn price_in(&self, view: &PriceView) -> Option<PriceRange> {
        price_in(&self.prices, view)
    }
}

/// The facet that an attribute or option is counted under: its name in camel case (`Made in` is `madeIn`), `brand`, `productType` and `tag` being taken.
#[must_use]
fn facet_key(name: &str) -> String {
    let mut key = String::new();
    for word in name.split(|it: char| !it.is_alphanumeric()).filter(|it| !it.is_empty()) {
        let mut letters = word.chars();
        let Some(first) = letters.next() else {
            continue;
        };
        if key.is_empty() {
            key.extend(first.to_lowercase());
        } else {
            key.extend(first.to_uppercase());
        }
        key.push_str(letters.as_str());
    }
    match key.as_str() {
        "brand" | "productType" | "tag" => format!("{key}Attribute"),
        _ => key,
    }
}

fn facets_of(product: &Product, variants: &[&Variant]) -> BTreeMap<String, BTreeSet<String>> {
    let mut facets: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut add = |key: String, value: &str| {
        if !key.is_empty() {
            facets.entry(key).or_default().insert(value.to_owned());
        }
    };
    product.brand.iter().for_each(|it| add("brand".to_owned(), it));
    product.product_type.iter().for_each(|it| add("productType".to_owned(), it));
    product.tags.iter().for_each(|it| add("tag".to_owned(), it));
    product.attributes.iter().for_each(|it| add(facet_key(&it.key), &it.value));
    variants.iter().flat_map(|it| &it.options).for_each(|it| add(facet_key(&it.name), &it.value));
    facets
}

/// A barcode in each way that it can be printed or scanned.
#[must_use]
pub fn barcode_forms(barcode: &str) -> Vec<String> {
    Gtin::parse(barcode).map_or_else(|_| vec![barcode.to_owned()], |it| it.forms())
}

fn search_text(text: &crate::catalog::ProductText) -> SearchText {
    SearchText { name: text.name.clone(), description: plain_text(&text.description_html) }
}

/// HTML without its tags: enough to search in and to show a beginning of.
#[must_use]
pub fn plain_text(html: &str) -> String {
    let lower = html.to_ascii_lowercase();
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(before);
        text.push(' ');
        let behind = html.len() - tag.len();
        let hidden = HIDDEN.iter().find(|it| lower.get(behind..).is_some_and(|tag| tag.starts_with(**it)));
        let end = hidden.and_then(|it| lower.get(behind..)?.find(&format!("</{it}")));
        let tag = end.map_or(tag, |it| tag.get(it + 1..).unwrap_or_default());
        rest = tag.split_once('>').map_or("", |it| it.1);
    }
    text.push_str(rest);
    decoded(&text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Elements that hold no text.
const HIDDEN: [&str; 2] = ["script", "style"];
/// The longest name of a character, with what is around it: `&CounterClockwiseContourIntegral;`.
const ENTITY_MAX: usize = 33;

/// `text` with the characters that are named or numbered in it; what names none stays as it is.
fn decoded(text: &str) -> String {
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        let (before, entity) = rest.split_at_checked(start).unwrap_or((rest, ""));
        decoded.push_str(before);
        let end = entity.bytes().take(ENTITY_MAX).position(|it| it == b';').map_or(1, |it| it + 1);
        let (entity, after) = entity.split_at_checked(end).unwrap_or((entity, ""));
        decoded.push_str(htmlescape::decode_html(entity).as_deref().unwrap_or(entity));
        rest = after;
    }
    decoded.push_str(rest);
    decoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_camel_case_and_never_shadow_the_fixed_ones() {
        for (name, key) in [
            ("Color", "color"),
            ("madeIn", "madeIn"),
            ("Made in", "madeIn"),
            ("Brand", "brandAttribute"),
            ("- ", ""),
            ("Taille (cm)", "tailleCm"),
        ] {
            assert_eq!(facet_key(name), key);
        }
    }

    #[test]
    fn markup_is_not_searched_in() {
        assert_eq!(plain_text("<p>Salt &amp; <b class=\"x\">pepper</b></p><p>mills</p>"), "Salt & pepper mills");
        let named =
            "Caf&eacute; cr&#232;me&nbsp;&amp; l&rsquo;huile &quot;d&#39;olive&quot; &#x2013; a &lt; b & c &nope; R&D;";
        assert_eq!(plain_text(named), "Café crème & l’huile \"d'olive\" – a < b & c &nope; R&D;");
        let hidden = "<p>One</p><STYLE>.k{color:red}</style>two<script>if (a<b) c=1;</SCRIPT ><br>three<script>x";
        assert_eq!(plain_text(hidden), "One two three x");
        assert_eq!(plain_text("a<"), "a");
    }
}
