//! Relevance: what shoppers of the demo shop and of an imported catalog type, and how much of what they want comes first.
//!
//! `cargo test -p comptoir-infra --test contract relevance -- --nocapture` prints the figures of each engine.

use std::{collections::BTreeMap, fs, path::Path};

use comptoir_domain::{
    catalog::{
        ProductDraft,
        import::{ImportSettings, read_shopify},
    },
    money::Currency,
    search::{ProductDocument, SearchQuery, barcode_forms, plain_text},
};
use serde_json::Value;

use super::{
    engine::{Engine, engines_with, query},
    products::{Product, product},
};

/// How many hits are looked at.
const DEPTH: usize = 10;

/// A catalog, what its shoppers type, and what an engine must reach there: its NDCG@10, and the share of questions that find nothing.
struct Shop {
    name: &'static str,
    /// A language, a text, and slugs with their worth a line.
    judged: &'static str,
    /// The fewest questions.
    questions_min: usize,
    /// Their slugs, and their documents in the same order.
    products: fn() -> (Vec<String>, Vec<ProductDocument>),
    /// Each was measured as a little better than this. Meilisearch counts words, typos and their distance before it looks at which
    /// attribute they are in.
    limits: [(&'static str, f64, f64); 2],
}

const SHOPS: [Shop; 2] = [
    Shop {
        name: "demo",
        judged: include_str!("judged/demo.tsv"),
        questions_min: 120,
        products: demo,
        limits: [("Tantivy", 0.95, 0.03), ("Meilisearch", 0.93, 0.05)],
    },
    Shop {
        name: "import",
        judged: include_str!("judged/outdoor.tsv"),
        questions_min: 80,
        products: imported,
        limits: [("Tantivy", 0.94, 0.05), ("Meilisearch", 0.92, 0.08)],
    },
];

/// A question, and what each product is worth for it.
struct Judged {
    language: &'static str,
    text: &'static str,
    worth: BTreeMap<&'static str, f64>,
}

fn judged(lines: &'static str) -> Vec<Judged> {
    let lines = lines.lines().filter(|it| !it.starts_with('#'));
    let line = |line: &'static str| {
        let [language, text, slugs] = line.split('\t').collect::<Vec<_>>().try_into().unwrap();
        let worth = |it: &'static str| {
            let (slug, worth) = it.split_once(':').unwrap_or((it, "3"));
            (slug, worth.parse().unwrap())
        };
        Judged { language, text, worth: slugs.split(',').map(worth).collect() }
    };
    lines.map(line).collect()
}

/// The discounted gain of products of these worths in their order (Järvelin and Kekäläinen, 2002, with gains of `2^worth - 1`).
fn gain(worths: impl IntoIterator<Item = f64>) -> f64 {
    worths
        .into_iter()
        .take(DEPTH)
        .zip(2_u32..)
        .map(|(worth, place)| (worth.exp2() - 1.0) / f64::from(place).log2())
        .sum()
}

impl Judged {
    /// How good `hits` are, against the best order there could be: 0 to 1.
    fn ndcg(&self, hits: &[&str]) -> f64 {
        let mut best: Vec<f64> = self.worth.values().copied().collect();
        best.sort_by(|left, right| right.total_cmp(left));
        gain(hits.iter().map(|it| self.worth.get(it).copied().unwrap_or_default())) / gain(best)
    }
}

/// The demo catalog's products.
fn demo() -> (Vec<String>, Vec<ProductDocument>) {
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
        product = codes(product, &text(variant, "/sku"), &text(variant, "/barcode"));
    }
    product
}

fn codes(product: Product, sku: &str, barcode: &str) -> Product {
    barcode_forms(barcode).iter().fold(product.code(sku), |product, it| product.code(it))
}

/// The products of a file in English, with their texts of the same file in French, as imports read them.
fn imported() -> (Vec<String>, Vec<ProductDocument>) {
    let read = |language: &str, file: &str| {
        let settings = ImportSettings {
            currency: Currency::EUR,
            language: language.parse().unwrap(),
            location: "lyon-warehouse".parse().unwrap(),
        };
        let file = read_shopify(file.as_bytes(), &settings).unwrap();
        assert!(file.issues.is_empty() && file.left_out.is_empty(), "{:?}", file.issues);
        file.products.into_iter().map(|it| it.draft)
    };
    let english = read("en", include_str!("judged/outdoor.en.csv"));
    let french: BTreeMap<_, _> =
        read("fr", include_str!("judged/outdoor.fr.csv")).map(|it| (it.slug.clone(), it.texts)).collect();
    let product = |(number, draft): (u128, ProductDraft)| {
        let mut product = product(number, "");
        for text in draft.texts.iter().chain(&french[&draft.slug]) {
            let description = plain_text(text.description_html.as_deref().unwrap_or_default());
            product = product.text(text.language.as_str(), &text.name, &description);
        }
        product = product.facet("productType", &draft.product_type.unwrap()).facet("brand", &draft.brand.unwrap());
        for tag in draft.tags.into_iter().flatten() {
            product = product.facet("tag", &tag);
        }
        for variant in draft.variants {
            for option in variant.options {
                product = product.facet(&option.name.to_lowercase(), &option.value);
            }
            product = codes(product, variant.sku.unwrap().as_str(), &variant.barcode.unwrap());
        }
        (draft.slug.to_string(), product.0)
    };
    (0..).zip(english).map(product).unzip()
}

fn text(json: &Value, path: &str) -> String {
    json.pointer(path).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn list<'a>(json: &'a Value, path: &str) -> impl Iterator<Item = &'a Value> {
    json.pointer(path).and_then(Value::as_array).into_iter().flatten()
}

#[test]
fn the_best_order_is_worth_one() {
    let question = Judged { language: "en", text: "cup", worth: BTreeMap::from([("a", 3.0), ("b", 1.0)]) };
    assert!((question.ndcg(&["a", "b"]) - 1.0).abs() < 1e-9);
    assert!(question.ndcg(&["b", "a"]) < 1.0);
    // A gain of 7 on the second place: 7 / log2(3), of 7 / log2(2) + 1 / log2(3).
    let expected = (7.0 / 3_f64.log2()) / (7.0 + 1.0 / 3_f64.log2());
    assert!((question.ndcg(&["x", "a"]) - expected).abs() < 1e-9);
    assert_eq!(question.ndcg(&[]), 0.0);
}

#[tokio::test]
async fn relevance() {
    for shop in SHOPS {
        let (slugs, documents) = (shop.products)();
        assert!(50 <= documents.len());
        let judged = judged(shop.judged);
        assert!(shop.questions_min <= judged.len());
        let unknown = judged.iter().flat_map(|it| it.worth.keys()).find(|it| slugs.iter().all(|slug| slug != *it));
        assert_eq!(unknown, None, "a slug that the shop does not have");
        for engine in engines_with(&documents).await {
            check(&shop, &engine, &slugs, &judged).await;
        }
    }
}

/// Asks `engine` what is judged, prints how good it is and what disappoints, and checks it.
async fn check(shop: &Shop, engine: &Engine, slugs: &[String], judged: &[Judged]) {
    let (mut sum, mut zero, mut disappointed) = (0.0, 0, Vec::new());
    for question in judged {
        let asked = SearchQuery { language: question.language.parse().unwrap(), limit: 10, ..query(question.text) };
        let hits = engine.ranked(&asked).await.into_iter().filter_map(|it| slugs.get(usize::try_from(it).ok()?));
        let hits: Vec<&str> = hits.map(String::as_str).collect();
        zero += usize::from(hits.is_empty());
        let ndcg = question.ndcg(&hits);
        sum += ndcg;
        if ndcg < 0.9 {
            disappointed.push(format!("{:.2} {} {:?}: {:?}", ndcg, question.language, question.text, hits));
        }
    }
    let count = judged.len() as f64;
    let (ndcg, zero) = (sum / count, zero as f64 / count);
    let figures = format!("{}, {}: NDCG@10 {ndcg:.3}, zero results {:.1} %", engine.name, shop.name, zero * 100.0);
    println!("{figures}, {} questions", judged.len());
    disappointed.iter().for_each(|it| println!("  {it}"));
    let (_, least, most) = shop.limits.iter().find(|it| it.0 == engine.name).unwrap();
    assert!(*least <= ndcg && zero <= *most, "{figures}");
}
