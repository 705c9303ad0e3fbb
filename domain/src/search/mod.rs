//! Search: what can be asked of the product index, what it answers, what it is fed, and what staff wants shown.

mod document;
mod error;
mod index;
mod indexer;
mod log;
mod merchandising;
mod numbers;
mod personal;
mod plural;
mod prices;
mod query;
mod recommend;
mod relax;
mod service;
mod snapshot;
mod suggest;
mod visible;
mod words;

pub use document::{DocumentParts, PriceRange, ProductDocument, SearchText, barcode_forms, plain_text};
pub use error::SearchError;
pub use index::{IndexGeneration, ProductIndex, ProductSearch, TextFragment};
pub use indexer::{Indexer, IndexerError};
pub use log::{FeedbackKind, LogEntry, LoggedSearch, ReportKind, ReportLine, ReportRequest, SearchLog};
pub use merchandising::{
    Effect, MerchandisingError, MerchandisingQueries, MerchandisingRepository, Placement, QueryCondition,
    QueryMatching, RuleAction, RuleCode, RuleCondition, SearchRule, Synonyms, Target,
};
pub use numbers::{from_thousandths, parse_number, to_thousandths};
pub use personal::{PersonalBoost, PersonalConsent, PersonalFact, Personalization};
pub use query::{
    Facet, FacetFilter, FacetRequest, FacetValue, Hit, NumberFilter, NumberKey, NumberRange, PriceFilter, SearchFilter,
    SearchQuery, SearchResult, SearchSort, Selection,
};
pub use recommend::{Companion, PurchaseCounts, Together};
pub use relax::Relaxation;
pub(crate) use service::SearchMemory;
pub use service::{Near, PlacedHit, SearchAnswer, SearchRequest, SearchService};
pub use suggest::{SuggestRequest, Suggestions};
pub use words::{STOP_WORDS, fold, normalised, words};
