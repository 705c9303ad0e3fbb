//! The engines under test, and how they are asked.

use std::{
    io::Write as _,
    path::PathBuf,
    sync::{
        Arc, Once,
        atomic::{AtomicU32, Ordering},
    },
};

use comptoir_domain::{
    ids::ProductId,
    money::Currency,
    pricing::PriceView,
    search::{FacetRequest, ProductDocument, ProductIndex, ProductSearch, SearchFilter, SearchQuery, SearchResult},
};
use comptoir_infra::search::{meilisearch::MeilisearchSearch, tantivy::TantivySearch};
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
    _server: Option<Server>,
}

/// Every engine, each with a new index. Meilisearch where `MEILI_URL` names a server, with the key `MEILI_KEY`.
pub(crate) fn engines() -> Vec<Engine> {
    let mut engines = vec![tantivy()];
    match Server::of_environment() {
        Some(server) => engines.push(meilisearch(server)),
        None => {
            static SAID: Once = Once::new();
            // Past the capturing of tests' output.
            let message = b"SKIPPED: Meilisearch contract: MEILI_URL is not set\n";
            SAID.call_once(|| std::io::stderr().write_all(message).unwrap());
        }
    }
    engines
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
        _server: None,
    }
}

fn meilisearch(server: Server) -> Engine {
    let connect = || MeilisearchSearch::connect(&server.url, server.key.as_deref(), &server.prefix).unwrap();
    let engine = connect();
    Engine {
        name: "Meilisearch",
        search: Arc::new(engine.clone()),
        index: Arc::new(engine),
        other: Arc::new(connect()),
        dir: None,
        _folder: None,
        _server: Some(server),
    }
}

/// A Meilisearch server, of which a test has the indexes of a prefix.
struct Server {
    url: String,
    key: Option<String>,
    prefix: String,
}

impl Server {
    #[expect(clippy::disallowed_methods, reason = "the tests' own configuration")]
    fn of_environment() -> Option<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let url = std::env::var("MEILI_URL").ok().filter(|it| !it.is_empty())?;
        let prefix = format!("contract-{}-{}-", std::process::id(), COUNT.fetch_add(1, Ordering::SeqCst));
        Some(Self { url, key: std::env::var("MEILI_KEY").ok(), prefix })
    }

    /// Removes the indexes of the prefix.
    async fn clear(&self) -> Result<(), reqwest::Error> {
        let http = reqwest::Client::builder().no_proxy().build()?;
        let key = format!("Bearer {}", self.key.as_deref().unwrap_or_default());
        let url = format!("{}/indexes", self.url.trim_end_matches('/'));
        let indexes = http.get(format!("{url}?limit=1000")).header("authorization", &key).send().await?.text().await?;
        let indexes: serde_json::Value = serde_json::from_str(&indexes).unwrap_or_default();
        let uids = indexes.get("results").and_then(|it| it.as_array()).into_iter().flatten();
        let uids = uids.filter_map(|it| it.get("uid")?.as_str());
        for uid in uids.filter(|it| it.starts_with(&self.prefix)) {
            http.delete(format!("{url}/{uid}")).header("authorization", &key).send().await?;
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // In a thread of its own, as a runtime cannot be started within another.
        std::thread::scope(|scope| {
            let clear =
                || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(self.clear());
            let _ = scope.spawn(clear).join();
        });
    }
}

/// Every engine, each with `documents` in its current generation.
pub(crate) async fn engines_with(documents: &[ProductDocument]) -> Vec<Engine> {
    let engines = engines();
    let views = PriceView::all_of(documents.iter().flat_map(|it| it.prices.keys()));
    for engine in &engines {
        let generation = engine.index.create(&views).await.unwrap();
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
        result.hits.into_iter().map(|it| number(it.id)).collect()
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
    let all = SearchQuery::all("en".parse().unwrap(), Currency::EUR.into(), 100);
    SearchQuery { text: text.to_owned(), facets: FacetRequest::All, ..all }
}

/// `text` asked as [`query`] does, of what satisfies `filter`.
pub(crate) fn filtered(text: &str, filter: SearchFilter) -> SearchQuery {
    SearchQuery { filter, ..query(text) }
}
