//! One generation: a Tantivy index in a folder of its own.

use std::{
    fs,
    path::PathBuf,
    sync::{Mutex, PoisonError},
    thread,
    time::{Duration, Instant},
};

use comptoir_domain::{
    ids::{Id, ProductId},
    search::{ProductDocument, SearchQuery, SearchResult},
};
use tantivy::{
    Index, IndexReader, IndexWriter, ReloadPolicy, Searcher, TantivyError, Term, directory::error::LockError,
    indexer::IndexWriterOptions,
};

use super::{hits, query::query_of, schema::Fields, terms::Analyzer};

/// What a writer may hold before it writes a segment: the least that Tantivy takes.
const WRITER_MEMORY_BYTES: usize = 15_000_000;
/// How long a write waits for another process's.
const WRITER_WAIT_MAX: Duration = Duration::from_secs(10);
const WRITER_WAIT: Duration = Duration::from_millis(10);
/// The file that Tantivy replaces with each commit.
const META_FILE: &str = "meta.json";

/// An open index. Its calls block.
pub(super) struct Generation {
    pub(super) name: String,
    folder: PathBuf,
    index: Index,
    fields: Fields,
    /// Made by the first search, so that a rebuild goes without.
    reader: Mutex<Option<Reader>>,
}

struct Reader {
    reader: IndexReader,
    /// What [`META_FILE`] held when the reader was loaded.
    meta: Vec<u8>,
}

impl Generation {
    /// A new, empty index in `folder`, which exists.
    pub(super) fn create(name: String, folder: PathBuf) -> tantivy::Result<Self> {
        let fields = Fields::new();
        let index = Index::create_in_dir(&folder, fields.schema.clone())?;
        Ok(Self { name, folder, index, fields, reader: Mutex::new(None) })
    }

    /// The index in `folder`.
    pub(super) fn open(name: String, folder: PathBuf) -> tantivy::Result<Self> {
        let index = Index::open_in_dir(&folder)?;
        Ok(Self { name, folder, index, fields: Fields::new(), reader: Mutex::new(None) })
    }

    /// The position of the last commit, which is in its payload; 0 before the first.
    pub(super) fn position(&self) -> tantivy::Result<i64> {
        let Some(payload) = self.index.load_metas()?.payload else {
            return Ok(0);
        };
        payload.parse().map_err(|_| TantivyError::InternalError(format!("the payload is no position: {payload}")))
    }

    /// Writes everything in one commit. The writer lives as long as that: another process can be next.
    ///
    /// What a commit that broke off has left behind goes first: the same documents again would take the names of its files.
    pub(super) fn write(
        &self,
        documents: &[ProductDocument],
        removed: &[ProductId],
        position: i64,
    ) -> tantivy::Result<()> {
        let mut writer = self.writer()?;
        writer.garbage_collect_files().wait()?;
        let term = |id: ProductId| Term::from_field_bytes(self.fields.id, id.uuid().as_bytes());
        for id in removed {
            writer.delete_term(term(*id));
        }
        let mut analyzer = Analyzer::new();
        for document in documents {
            writer.delete_term(term(document.id));
            writer.add_document(self.fields.document(document, &mut analyzer))?;
        }
        let mut commit = writer.prepare_commit()?;
        commit.set_payload(&position.to_string());
        commit.commit()?;
        if let Err(error) = writer.wait_merging_threads() {
            tracing::warn!(error = %error, "merging segments of the product index failed");
        }
        Ok(())
    }

    fn writer(&self) -> tantivy::Result<IndexWriter> {
        let started = Instant::now();
        loop {
            let options = IndexWriterOptions::builder()
                .memory_budget_per_thread(WRITER_MEMORY_BYTES)
                .num_worker_threads(1)
                .num_merge_threads(1)
                .build();
            match self.index.writer_with_options(options) {
                Err(TantivyError::LockFailure(LockError::LockBusy, _)) if started.elapsed() < WRITER_WAIT_MAX => {
                    thread::sleep(WRITER_WAIT)
                }
                result => return result,
            }
        }
    }

    /// Answers `question` from the last commit.
    pub(super) fn search(&self, question: &SearchQuery) -> tantivy::Result<SearchResult> {
        let searcher = self.searcher()?;
        let query = query_of(question, &self.fields);
        let (summary, hits) = hits::search(&searcher, &*query, question)?;
        Ok(SearchResult { total: summary.total, hits, price_range: summary.price_range, facets: summary.facets() })
    }

    /// A searcher over the last commit, by whichever process: its file is small, and read each time.
    fn searcher(&self) -> tantivy::Result<Searcher> {
        let mut slot = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        let meta = fs::read(self.folder.join(META_FILE))?;
        match &mut *slot {
            Some(it) if it.meta == meta => return Ok(it.reader.searcher()),
            Some(it) => {
                it.reader.reload()?;
                it.meta = meta;
            }
            None => {
                let reader = self.index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
                *slot = Some(Reader { reader, meta });
            }
        }
        slot.as_ref().map(|it| it.reader.searcher()).ok_or_else(|| TantivyError::InternalError("no reader".to_owned()))
    }
}
