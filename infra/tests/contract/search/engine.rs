//! The engines under test, and how they are asked.

use std::{path::PathBuf, sync::Arc};

use comptoir_domain::{
    ids::ProductId,
    money::Currency,
    search::{PriceFilter, ProductDocument, ProductIndex, ProductSearch, SearchQuery, SearchResult, SearchSort},
};
use comptoir_infra::search::tantivy::TantivySearch;
use tempfile::TempDir;

/// An engine with an index of its own.
pub(crate) struct Engine {
    pub(crate) name: &'static str,
    pub(crate) search: Arc<dyn ProductSearch>,
    pub(crate) index: Arc<dyn ProductIndex>,
    /// The same index, as another process sees it.
    pub(crate) other: Arc<dyn ProductIndex>,
    /// Where Tantivy keeps it.
    pub(crate) dir: Option<PathBuf>,
    _folder: Option<TempDir>,
}

/// Every engine, each with a new index.
pub(crate) fn engines() -> Vec<Engine> {
    vec![tantivy()]
}

fn tantivy() -> Engine {
    let folder = tempfile::tempdir().unwrap();
    let engine = TantivySearch::open(folder.path()).unwrap();
    Engine {
        name: "Tantivy",
        search: Arc::new(engine.clone()),
        index: Arc::new(engine),
        other: Arc::new(TantivySearch::open(folder.path()).unwrap()),
        dir: Some(folder.path().to_owned()),
        _folder: Some(folder),
    }
}

/// Every engine, each with `documents` in its current generation.
pub(crate) async fn engines_with(documents: &[ProductDocument]) -> Vec<Engine> {
    let engines = engines();
    for engine in &engines {
        let generation = engine.index.create().await.unwrap();
        generation.write(documents, &[], 1).await.unwrap();
        engine.index.promote(generation).await.unwrap();
    }
    engines
}

impl Engine {
    pub(crate) fn is_tantivy(&self) -> bool {
        self.name == "Tantivy"
    }

    /// The answer to `query`.
    pub(crate) async fn ask(&self, query: &SearchQuery) -> SearchResult {
        match self.search.search(query).await {
            Ok(result) => result,
            Err(error) => panic!("{}: {query:?}: {error:?}", self.name),
        }
    }

    /// The numbers of what `text` finds, sorted.
    pub(crate) async fn found(&self, text: &str) -> Vec<u128> {
        let mut hits = self.ranked(&query(text)).await;
        hits.sort_unstable();
        hits
    }

    /// The numbers of what `query` finds, in order.
    pub(crate) async fn ranked(&self, query: &SearchQuery) -> Vec<u128> {
        let result = self.ask(query).await;
        result.hits.into_iter().map(number).collect()
    }

    /// Checks what `text` finds, in any order.
    pub(crate) async fn check(&self, text: &str, expected: &[u128]) {
        assert_eq!(self.found(text).await, expected, "{}: {text:?}", self.name);
    }
}

/// The number that a product of these tests was made with.
pub(crate) fn number(id: ProductId) -> u128 {
    use comptoir_domain::ids::Id as _;
    id.uuid().as_u128()
}

/// `text` asked in English, with prices in euros.
pub(crate) fn query(text: &str) -> SearchQuery {
    SearchQuery {
        text: text.to_owned(),
        language: "en".parse().unwrap(),
        currency: Currency::EUR,
        facets: Vec::new(),
        price: PriceFilter::default(),
        in_stock_only: false,
        sort: SearchSort::Relevance,
        offset: 0,
        limit: 100,
    }
}
