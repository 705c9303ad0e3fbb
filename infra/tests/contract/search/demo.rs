//! What shoppers of the demo shop would type, and what they would want to see first.

use std::{fs, path::Path};

use comptoir_domain::search::{ProductDocument, SearchQuery};
use serde_json::Value;

use super::{
    engine::{engines_with, query},
    products::{Product, product},
};

/// A language, a text, and the slugs one of which comes first.
const WISHES: [(&str, &str, &[&str]); 31] = [
    ("en", "oak stool", &["oak-stool"]),
    ("en", "linen shirt", &["linen-shirt"]),
    ("en", "mug", &["stoneware-mug"]),
    ("en", "mugs", &["stoneware-mug"]),
    ("en", "coffee", &["coffee-beans"]),
    ("en", "chefs knife", &["chef-knife"]),
    ("en", "chef's knife", &["chef-knife"]),
    ("en", "wine glass", &["wine-glasses"]),
    ("en", "wool sock", &["wool-socks"]),
    ("en", "casserol", &["cast-iron-casserole"]),
    ("en", "notbook", &["clothbound-notebook"]),
    ("en", "candle", &["beeswax-candles", "fig-candle"]),
    ("en", "brass lam", &["brass-desk-lamp"]),
    ("en", "a lamp in brass", &["brass-desk-lamp"]),
    ("en", "olive oil", &["olive-oil", "olive-oil-soap"]),
    ("en", "tea towels", &["linen-tea-towel"]),
    ("en", "SMG-SA", &["stoneware-mug"]),
    ("en", "2004001036264", &["breton-shirt"]),
    ("en", "théière", &["stoneware-teapot"]),
    ("fr", "assiettes", &["faience-dinner-plate"]),
    ("fr", "assiette en faience", &["faience-dinner-plate"]),
    ("fr", "couteau de chef", &["chef-knife"]),
    ("fr", "savon de marseille", &["marseille-soap"]),
    ("fr", "huile d'olive", &["olive-oil"]),
    ("fr", "tasse expresso", &["espresso-cups"]),
    ("fr", "torchon", &["linen-tea-towel"]),
    ("fr", "bougies", &["beeswax-candles", "fig-candle"]),
    ("fr", "nape en lin", &["linen-tablecloth"]),
    ("fr", "verre a vin", &["wine-glasses"]),
    ("fr", "theiere", &["stoneware-teapot"]),
    ("fr", "ecole", &["school-wall-clock"]),
];

/// The demo catalog's products: their slugs, and their documents in the same order.
fn shop() -> (Vec<String>, Vec<ProductDocument>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("demo/products");
    let files = fs::read_dir(folder).unwrap().map(|it| fs::read(it.unwrap().path()).unwrap());
    let products: Vec<Value> = files.flat_map(|it| serde_json::from_slice::<Vec<Value>>(&it).unwrap()).collect();
    let slugs = products.iter().map(|it| text(it, "/slug")).collect();
    (slugs, (0..).zip(&products).map(|(number, it)| document(number, it).0).collect())
}

fn document(number: u128, json: &Value) -> Product {
    let mut product = product(number, "");
    for language in ["en", "fr"] {
        let [name, description] = ["name", "description"].map(|it| text(json, &format!("/{it}/{language}")));
        product = product.text(language, &name, &description);
    }
    product = product.facet("productType", &text(json, "/productType")).facet("brand", &text(json, "/brand"));
    for tag in list(json, "/tags") {
        product = product.facet("tag", tag.as_str().unwrap());
    }
    for (key, value) in json.pointer("/attributes").and_then(Value::as_object).into_iter().flatten() {
        product = product.facet(key, value.as_str().unwrap());
    }
    for option in list(json, "/options") {
        for value in list(option, "/values") {
            product = product.facet(&text(option, "/name").to_lowercase(), value.as_str().unwrap());
        }
    }
    for variant in list(json, "/variants") {
        product = product.code(&text(variant, "/sku")).code(&text(variant, "/barcode"));
    }
    product
}

fn text(json: &Value, path: &str) -> String {
    json.pointer(path).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn list<'a>(json: &'a Value, path: &str) -> impl Iterator<Item = &'a Value> {
    json.pointer(path).and_then(Value::as_array).into_iter().flatten()
}

#[tokio::test]
async fn shoppers_find_what_they_mean() {
    let (slugs, documents) = shop();
    assert!(60 <= documents.len());
    for engine in engines_with(&documents).await {
        // Meilisearch counts words, typos and their distance before it looks at which attribute they are in.
        let depth = if engine.is_tantivy() { 1 } else { 3 };
        let mut disappointed = Vec::new();
        for (language, text, wanted) in WISHES {
            let question = SearchQuery { language: language.parse().unwrap(), limit: 5, ..query(text) };
            let hits = engine.ranked(&question).await.into_iter().filter_map(|it| slugs.get(usize::try_from(it).ok()?));
            let hits: Vec<&str> = hits.map(String::as_str).collect();
            if !hits.iter().take(depth).any(|it| wanted.contains(it)) {
                disappointed.push((language, text, hits));
            }
        }
        assert!(disappointed.is_empty(), "{}: {disappointed:#?}", engine.name);
    }
}
