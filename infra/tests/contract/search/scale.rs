//! How fast the embedded index is at 25,000 products: a measurement, not a test.
//!
//! `cargo test --release -p comptoir-infra --test contract at_scale -- --ignored --nocapture` prints it.

use std::{
    fs,
    sync::Arc,
    time::{Duration, Instant},
};

use comptoir_domain::{
    pricing::PriceView,
    search::{
        FacetFilter, FacetRequest, ProductDocument, ProductIndex as _, ProductSearch as _, SearchFilter, SearchQuery,
        SearchSort,
    },
};
use comptoir_infra::search::tantivy::TantivySearch;

use super::{
    engine::{filtered, query},
    products::product,
};

/// How many products, each of four variants.
const PRODUCTS: u128 = 25_000;
const BATCH: usize = 1_000;
/// How many ask at once, and how many questions each.
const ASKERS: usize = 8;
const QUESTIONS: usize = 100;
/// How many kinds of questions there are.
const KINDS: usize = 8;

const ADJECTIVES: [(&str, &str); 10] = [
    ("Red", "rouge"),
    ("Blue", "bleu"),
    ("Round", "rond"),
    ("Small", "petit"),
    ("Large", "grand"),
    ("Light", "léger"),
    ("Heavy", "lourd"),
    ("Vintage", "ancien"),
    ("Modern", "moderne"),
    ("Folding", "pliant"),
];
const THINGS: [(&str, &str); 12] = [
    ("table", "Table"),
    ("chair", "Chaise"),
    ("lamp", "Lampe"),
    ("mug", "Tasse"),
    ("plate", "Assiette"),
    ("teapot", "Théière"),
    ("bowl", "Bol"),
    ("knife", "Couteau"),
    ("towel", "Serviette"),
    ("candle", "Bougie"),
    ("basket", "Panier"),
    ("mirror", "Miroir"),
];
const MATERIALS: [&str; 8] = ["Oak", "Walnut", "Brass", "Linen", "Glass", "Stoneware", "Cotton", "Marble"];

fn pick<T>(list: &[T], number: u128) -> &T {
    &list[usize::try_from(number).unwrap() % list.len()]
}

/// Product `number`; a serial word gives the dictionaries the size that names have.
fn document(number: u128) -> ProductDocument {
    let (adjective, thing) = (pick(&ADJECTIVES, number), pick(&THINGS, number / 7));
    let material = pick(&MATERIALS, number / 3);
    let name = format!("{} {} {} series k{number:05}", adjective.0, material.to_lowercase(), thing.0);
    let text = format!("<p>A {} of {material}, made for every day. Number {number}.</p>", thing.0);
    let french = format!("{} {} en {} série k{number:05}", thing.1, adjective.1, material.to_lowercase());
    let mut made = product(number + 1, &name)
        .text("en", &name, &text)
        .text("fr", &french, &format!("{} pour tous les jours.", thing.1))
        .facet("brand", &format!("Brand {}", number % 300))
        .facet("productType", thing.0)
        .facet("material", material)
        .facet("color", adjective.0)
        .facet("size", &format!("{}", number % 9))
        .price("EUR", 1_000 + number as i64 % 9_000, 2_000 + number as i64 % 9_000)
        .number("capacity", "ml", 100_000 + number as i64 % 500_000, 200_000 + number as i64 % 500_000)
        .at(number % 5);
    for variant in 0..4 {
        made = made.code(&format!("SKU-{number:05}-{variant}"));
    }
    made.0
}

/// Questions with five facets: words, beginnings, typos, filters, sorts, and all products.
fn question(number: usize) -> SearchQuery {
    let keys = ["brand", "productType", "material", "color", "size"].map(ToOwned::to_owned);
    let facets = FacetRequest::Keys(keys.to_vec());
    let brass = FacetFilter { key: "material".to_owned(), values: vec!["Brass".to_owned(), "Oak".to_owned()] };
    let filter = SearchFilter { facets: vec![brass], in_stock_only: true, ..SearchFilter::default() };
    let asked = match number % KINDS {
        0 => query("teapot"),
        1 => query("red table"),
        2 => query("stonewear mug"),
        3 => filtered("lamp", filter),
        4 => SearchQuery { language: "fr".parse().unwrap(), ..query("assiettes bleu") },
        5 => SearchQuery { sort: SearchSort::PriceAscending, ..filtered("chair", filter) },
        6 => query("wal"),
        _ => query(""),
    };
    SearchQuery { facets, limit: 24, ..asked }
}

fn suggestion(number: usize) -> SearchQuery {
    let text = ["te", "teap", "red ta", "brand 1", "assi", "stonewa", "k001", "fold"][number % KINDS];
    let facets = FacetRequest::Keys(["brand", "productType"].map(ToOwned::to_owned).to_vec());
    SearchQuery { facets, limit: 5, ..query(text) }
}

/// CPU seconds and resident bytes of this process.
fn usage() -> (f64, u64) {
    let stat = fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    let ticks: f64 = fields[11].parse::<f64>().unwrap() + fields[12].parse::<f64>().unwrap();
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let resident = status.lines().find_map(|it| it.strip_prefix("VmRSS:")).unwrap();
    (ticks / 100.0, resident.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024)
}

async fn measure(engine: &Arc<TantivySearch>, name: &str, askers: usize, make: fn(usize) -> SearchQuery) {
    let (cpu, started) = (usage().0, Instant::now());
    let ask = |asker: usize| {
        let engine = engine.clone();
        tokio::spawn(async move {
            let mut times = Vec::new();
            for number in 0..QUESTIONS {
                let started = Instant::now();
                engine.search(&make(asker * 3 + number)).await.unwrap();
                times.push(started.elapsed());
            }
            times
        })
    };
    let tasks: Vec<_> = (0..askers).map(ask).collect();
    let mut times: Vec<Duration> = Vec::new();
    for task in tasks {
        times.extend(task.await.unwrap());
    }
    times.sort();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1_000.0;
    let each = (usage().0 - cpu) / times.len() as f64 * 1_000.0;
    let rate = times.len() as f64 / started.elapsed().as_secs_f64();
    println!("{name}: p50 {:.1} ms, p95 {:.1} ms, {each:.2} ms of CPU each, {rate:.0} a second", at(0.5), at(0.95));
}

/// The median of a question that is asked one at a time, in milliseconds.
async fn median(engine: &TantivySearch, question: &SearchQuery) -> f64 {
    let mut times = Vec::new();
    for _ in 0..QUESTIONS {
        let started = Instant::now();
        engine.search(question).await.unwrap();
        times.push(started.elapsed());
    }
    times.sort();
    times[QUESTIONS / 2].as_secs_f64() * 1_000.0
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "a measurement: run it in release"]
async fn at_scale() {
    let folder = tempfile::tempdir().unwrap();
    let engine = Arc::new(TantivySearch::open(folder.path()).unwrap());
    let documents: Vec<ProductDocument> = (0..PRODUCTS).map(document).collect();
    let ((cpu, before), started) = (usage(), Instant::now());
    let generation = engine.create(&PriceView::all_of(documents.iter().flat_map(|it| it.prices.keys()))).await.unwrap();
    for batch in documents.chunks(BATCH) {
        generation.write(batch, &[], 1).await.unwrap();
    }
    engine.promote(generation).await.unwrap();
    println!("index: {:.1} s, {:.1} s of CPU", started.elapsed().as_secs_f64(), usage().0 - cpu);
    measure(&engine, "search with 5 facets, 8 at once", ASKERS, question).await;
    measure(&engine, "search with 5 facets, 1 at once", 1, question).await;
    measure(&engine, "suggestions, 8 at once", ASKERS, suggestion).await;
    measure(&engine, "suggestions, 1 at once", 1, suggestion).await;
    for (name, make) in [("search", question as fn(usize) -> SearchQuery), ("suggestions", suggestion)] {
        for kind in 0..KINDS {
            println!("{name} {:?}: {:.2} ms", make(kind).text, median(&engine, &make(kind)).await);
        }
    }
    println!("memory: {:.0} MiB more than before", usage().1.saturating_sub(before) as f64 / f64::from(1 << 20));
}
