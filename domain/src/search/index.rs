//! The ports of search: asking an engine, and feeding it.

use std::collections::BTreeSet;

use async_trait::async_trait;

use super::{ProductDocument, SearchError, SearchQuery, SearchResult, Synonyms};
use crate::{ids::ProductId, language::Language, pricing::PriceView};

/// A part of a text, which matches what was asked for or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextFragment {
    /// The part.
    pub text: String,
    /// Whether it matches.
    pub is_match: bool,
}

/// Answers questions.
#[async_trait]
pub trait ProductSearch: Send + Sync {
    /// Answers several questions at once from the current generation of the index, in their order.
    ///
    /// Texts are matched in all languages, the query's own weighing most; a mistyped letter is forgiven in words of four and more
    /// letters, a second one from eight, and the first letter counts twice; the last word may be the beginning of one. All words must
    /// match, but for words such as `the` beside others; a word or several stand for their synonyms. A SKU or barcode finds its product.
    ///
    /// # Errors
    /// [`SearchError::Unavailable`].
    async fn search_many(&self, queries: &[SearchQuery]) -> Result<Vec<SearchResult>, SearchError>;

    /// Answers one question.
    ///
    /// # Errors
    /// [`SearchError::Unavailable`].
    async fn search(&self, query: &SearchQuery) -> Result<SearchResult, SearchError> {
        let results = self.search_many(std::slice::from_ref(query)).await?;
        Ok(results.into_iter().next().unwrap_or_default())
    }

    /// The word of the index that each of `words` is most like, where it is none itself and one is near enough.
    ///
    /// # Errors
    /// [`SearchError::Unavailable`].
    async fn spellings(&self, words: &[String], language: &Language) -> Result<Vec<Option<String>>, SearchError>;

    /// `text`, a text of a product in `language`, in parts that match the words of `asked` and parts that do not. They are all of it.
    fn highlight(&self, text: &str, language: &Language, asked: &str) -> Vec<TextFragment>;
}

/// Keeps the index. A generation is a whole index; one of them is current, and a rebuild makes the next one aside.
///
/// Several processes may do so at once (a server, and `comptoir reindex` beside it).
#[async_trait]
pub trait ProductIndex: Send + Sync {
    /// The generation that is searched; none before the first was promoted, or where the current one was made for another version of the document.
    ///
    /// # Errors
    /// [`SearchError::Unavailable`].
    async fn current(&self) -> Result<Option<Box<dyn IndexGeneration>>, SearchError>;

    /// A new, empty generation that nobody searches yet, for products with prices in `views` ([`PriceView::all_of`]).
    ///
    /// # Errors
    /// [`SearchError::Unavailable`].
    async fn create(&self, views: &BTreeSet<PriceView>) -> Result<Box<dyn IndexGeneration>, SearchError>;

    /// Makes `generation` the one that is searched, at once and for all processes, and removes the one before.
    ///
    /// # Errors
    /// [`SearchError::Unavailable`]; the one before is current then.
    async fn promote(&self, generation: Box<dyn IndexGeneration>) -> Result<(), SearchError>;
}

/// One whole index.
#[async_trait]
pub trait IndexGeneration: Send + Sync {
    /// Its name, by which its index knows it.
    fn name(&self) -> &str;

    /// The position of the last event that it shows; kept with the index, so that both are always of one piece.
    ///
    /// # Errors
    /// [`SearchError::Unavailable`].
    async fn position(&self) -> Result<i64, SearchError>;

    /// The views that products can have prices in, where it was made for some alone; others are told apart by a new generation only.
    ///
    /// # Errors
    /// [`SearchError::Unavailable`].
    async fn price_views(&self) -> Result<Option<BTreeSet<PriceView>>, SearchError>;

    /// Adds or replaces `documents`, removes the products `removed`, and moves to `position`. Searchable when it returns.
    ///
    /// # Errors
    /// [`SearchError::Unavailable`]; the position has not moved then, and the same can be written again.
    async fn write(
        &self,
        documents: &[ProductDocument],
        removed: &[ProductId],
        position: i64,
    ) -> Result<(), SearchError>;

    /// Makes `synonyms` the ones that count, in place of those before.
    ///
    /// # Errors
    /// [`SearchError::Unavailable`].
    async fn set_synonyms(&self, synonyms: &[Synonyms]) -> Result<(), SearchError>;
}
