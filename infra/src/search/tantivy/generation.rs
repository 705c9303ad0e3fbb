//! One generation: a Tantivy index in a folder of its own.

use std::{
    fs,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::{Duration, Instant},
};

use comptoir_domain::{
    ids::{Id, ProductId},
    search::{FacetRequest, ProductDocument, SearchQuery, SearchResult, Synonyms},
};
use serde::{Deserialize, Serialize};
use tantivy::{
    Index, IndexMeta, IndexReader, IndexWriter, ReloadPolicy, Searcher, TantivyError, Term,
    directory::error::LockError, indexer::IndexWriterOptions,
};

use super::{
    columns::Columns,
    compounds, hits,
    query::{Expansions, query_of},
    schema::Fields,
    spelling,
    terms::Analyzer,
};

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
    latest: Mutex<Option<Latest>>,
}

/// A commit, as searches see it.
#[derive(Clone)]
struct Snapshot {
    searcher: Searcher,
    synonyms: Arc<Expansions>,
    columns: Arc<Columns>,
}

/// The last commit that was searched in.
struct Latest {
    reader: IndexReader,
    snapshot: Snapshot,
    /// What [`META_FILE`] held when it was loaded.
    meta: Vec<u8>,
}

impl Generation {
    /// A new, empty index in `folder`, which exists.
    pub(super) fn create(name: String, folder: PathBuf) -> tantivy::Result<Self> {
        let fields = Fields::new();
        let index = Index::create_in_dir(&folder, fields.schema.clone())?;
        Ok(Self { name, folder, index, fields, latest: Mutex::new(None) })
    }

    /// The index in `folder`.
    pub(super) fn open(name: String, folder: PathBuf) -> tantivy::Result<Self> {
        let index = Index::open_in_dir(&folder)?;
        Ok(Self { name, folder, index, fields: Fields::new(), latest: Mutex::new(None) })
    }

    /// The position of the last commit; 0 before the first.
    pub(super) fn position(&self) -> tantivy::Result<i64> {
        Ok(self.payload()?.position)
    }

    fn payload(&self) -> tantivy::Result<Payload> {
        payload_of(&self.index.load_metas()?)
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
        self.commit(&mut writer, &Payload { position, ..self.payload()? })?;
        if let Err(error) = writer.wait_merging_threads() {
            tracing::warn!(error = %error, "merging segments of the product index failed");
        }
        Ok(())
    }

    /// Makes `synonyms` the ones that count.
    pub(super) fn set_synonyms(&self, synonyms: &[Synonyms]) -> tantivy::Result<()> {
        let mut writer = self.writer()?;
        self.commit(&mut writer, &Payload { synonyms: synonyms.to_vec(), ..self.payload()? })
    }

    /// Makes one segment of all: each costs every search a walk through its own dictionaries.
    pub(super) fn merge(&self) -> tantivy::Result<()> {
        let segments = self.index.searchable_segment_ids()?;
        let mut writer = self.writer()?;
        if 1 < segments.len() {
            writer.merge(&segments).wait()?;
        }
        writer.wait_merging_threads()
    }

    fn commit(&self, writer: &mut IndexWriter, payload: &Payload) -> tantivy::Result<()> {
        let payload = serde_json::to_string(payload).map_err(|it| TantivyError::InternalError(it.to_string()))?;
        let mut commit = writer.prepare_commit()?;
        commit.set_payload(&payload);
        commit.commit()?;
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

    /// Answers `questions` from the last commit.
    pub(super) fn search(&self, questions: &[SearchQuery]) -> tantivy::Result<Vec<SearchResult>> {
        let Snapshot { searcher, synonyms, columns } = self.snapshot()?;
        let answer = |question: &SearchQuery| {
            let mut expansions = Expansions::clone(&synonyms);
            compounds::add(&mut expansions, question, &searcher, &self.fields)?;
            let query = query_of(question, &self.fields, &expansions);
            let (summary, hits) = hits::search(&searcher, &*query, question, &columns)?;
            let is_counted = question.facets != FacetRequest::None;
            Ok(SearchResult {
                total: summary.total,
                hits,
                price_range: summary.price_range,
                facets: if is_counted { summary.facets() } else { Vec::new() },
                numbers: if is_counted { summary.numbers() } else { Vec::new() },
            })
        };
        questions.iter().map(answer).collect()
    }

    /// The word of the index that each of `words` is most like.
    pub(super) fn spellings(&self, words: &[String]) -> tantivy::Result<Vec<Option<String>>> {
        let Snapshot { searcher, .. } = self.snapshot()?;
        let fields = [self.fields.name, self.fields.label, self.fields.description].map(|it| it.words.terms);
        words.iter().map(|it| spelling::nearest(&searcher, &fields, it)).collect()
    }

    /// The last commit, by whichever process: its file is small, and read each time.
    fn snapshot(&self) -> tantivy::Result<Snapshot> {
        let mut slot = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        let meta = fs::read(self.folder.join(META_FILE))?;
        if let Some(latest) = slot.as_ref().filter(|it| it.meta == meta) {
            return Ok(latest.snapshot.clone());
        }
        let synonyms = Arc::new(Synonyms::all_expansions(&self.payload()?.synonyms));
        let (reader, before) = match slot.take() {
            Some(it) => (it.reader, it.snapshot.columns),
            None => (self.index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?, Arc::default()),
        };
        reader.reload()?;
        let searcher = reader.searcher();
        let columns = Arc::new(Columns::read(&searcher, &before)?);
        let snapshot = Snapshot { searcher, synonyms, columns };
        *slot = Some(Latest { reader, snapshot: snapshot.clone(), meta });
        Ok(snapshot)
    }
}

/// What goes with each commit.
#[derive(Default, Serialize, Deserialize)]
struct Payload {
    /// The position of the last event that the index shows.
    position: i64,
    synonyms: Vec<Synonyms>,
}

fn payload_of(meta: &IndexMeta) -> tantivy::Result<Payload> {
    let Some(payload) = &meta.payload else { return Ok(Payload::default()) };
    serde_json::from_str(payload).map_err(|it| TantivyError::InternalError(it.to_string()))
}
