//! The demo shop as its files have it, to compute from them what the server has to say.

use std::{collections::BTreeMap, fs, sync::OnceLock};

use serde_json::Value;

use crate::documents::root;

/// A product of the demo.
#[derive(Debug, Clone)]
pub struct DemoProduct {
    /// Its name in addresses.
    pub slug: String,
    /// The file's entry.
    pub json: Value,
    /// Its variants.
    pub variants: Vec<DemoVariant>,
}

/// A variant of the demo.
#[derive(Debug, Clone)]
pub struct DemoVariant {
    /// Its SKU.
    pub sku: String,
    /// Its price in cents, by currency.
    pub prices: BTreeMap<String, i64>,
    /// Its stock, by location.
    pub stock: BTreeMap<String, i64>,
}

impl DemoProduct {
    /// A text of the product (`name`, `description`) in `language`.
    #[must_use]
    pub fn text(&self, field: &str, language: &str) -> &str {
        self.json[field][language].as_str().unwrap()
    }

    /// The prices of all variants in `currency`, in cents.
    #[must_use]
    pub fn prices(&self, currency: &str) -> Vec<i64> {
        self.variants.iter().map(|it| it.prices[currency]).collect()
    }

    /// Whether any variant is there.
    #[must_use]
    pub fn is_available(&self) -> bool {
        self.variants.iter().any(|it| 0 < it.available())
    }
}

impl DemoVariant {
    /// How many there are in all.
    #[must_use]
    pub fn available(&self) -> i64 {
        self.stock.values().sum()
    }
}

/// All products of the demo.
///
/// # Panics
/// If the files are not as they should be.
pub fn demo_products() -> &'static [DemoProduct] {
    static PRODUCTS: OnceLock<Vec<DemoProduct>> = OnceLock::new();
    PRODUCTS.get_or_init(|| {
        let files = fs::read_dir(root().join("infra/demo/products")).unwrap();
        let texts = files.map(|file| fs::read_to_string(file.unwrap().path()).unwrap());
        texts.flat_map(|text| serde_json::from_str::<Vec<Value>>(&text).unwrap()).map(product).collect()
    })
}

/// The variant of `sku`.
///
/// # Panics
/// If there is none.
pub fn demo_variant(sku: &str) -> &'static DemoVariant {
    let mut variants = demo_products().iter().flat_map(|it| &it.variants);
    variants.find(|it| it.sku == sku).unwrap_or_else(|| panic!("the demo has no {sku}"))
}

/// `"29.90"` in cents.
///
/// # Panics
/// If it is not an amount with two decimals.
#[must_use]
pub fn cents(amount: &str) -> i64 {
    let (units, rest) = amount.split_once('.').unwrap_or_else(|| panic!("{amount} has no decimals"));
    assert_eq!(rest.len(), 2, "{amount} has not two decimals");
    format!("{units}{rest}").parse().unwrap()
}

/// Cents as an amount with two decimals.
#[must_use]
pub fn amount(cents: i64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

fn product(json: Value) -> DemoProduct {
    let variants = json["variants"].as_array().unwrap().iter().map(variant).collect();
    DemoProduct { slug: json["slug"].as_str().unwrap().to_owned(), variants, json }
}

fn variant(json: &Value) -> DemoVariant {
    let map = |field: &str| json[field].as_object().unwrap().clone().into_iter();
    DemoVariant {
        sku: json["sku"].as_str().unwrap().to_owned(),
        prices: map("prices").map(|(key, value)| (key, cents(value.as_str().unwrap()))).collect(),
        stock: map("stock").map(|(key, value)| (key, value.as_i64().unwrap())).collect(),
    }
}
