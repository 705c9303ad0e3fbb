//! From a question to Tantivy's query. What a shopper types is never parsed as a query language.

use std::{collections::BTreeMap, ops::Bound};

use comptoir_domain::{
    catalog::Viewpoint,
    ids::{Id as _, LocationId, ProductId},
    search::{STOP_WORDS, SearchFilter, SearchQuery, Selection, fold, words},
};
use tantivy::{
    Score, Term,
    query::{
        AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, DisjunctionMaxQuery, EmptyQuery, Occur, Query, RangeQuery,
        TermQuery, TermSetQuery,
    },
    schema::{Field, IndexRecordOption},
};

use super::{
    schema::{Fields, TextField, name_of, whole_code},
    terms::{Analyzer, STEMMED},
    typo::TypoQuery,
};

/// Words behind the so many first are not asked for: each costs a walk through the dictionaries.
const WORDS_MAX: usize = 20;

/// What a word is worth in the name, a label (brand, type, tag, attribute, option) and the description.
const NAME: Score = 6.0;
const LABEL: Score = 3.0;
const DESCRIPTION: Score = 1.0;
/// What a word in a code is worth, and a whole code: more than any words together.
const CODE: Score = 3.0;
const WHOLE_CODE: Score = 1_000.0;
/// What it adds that a name begins with all that was typed.
const TITLE: Score = 4.0;

/// What a word of another language than the shopper's is worth, against one in theirs.
const OTHER_LANGUAGE: Score = 0.5;
/// What the beginning of a word and a mistyped one are worth. These scores are fixed, those of whole words grow with rarity.
const PREFIX: Score = 0.2;
const TYPO: Score = 0.05;

/// From how many letters on the beginning of a word is looked for in descriptions and codes: fewer begin too much of them to tell
/// anything.
const LONG_PREFIX: usize = 3;

/// What the second best place of a word adds to the best.
const TIE_BREAKER: Score = 0.1;

/// What a text is worth whose words are synonyms of those that were typed.
const SYNONYM: Score = 0.8;
/// The most texts that one is looked for by, beside itself.
const SYNONYMS_MAX: usize = 8;

/// Texts and what means the same, all normalised.
pub(super) type Expansions = BTreeMap<String, Vec<String>>;

/// The query of `question`. Filters by facet, price and number are the collector's.
pub(super) fn query_of(question: &SearchQuery, fields: &Fields, synonyms: &Expansions) -> Box<dyn Query> {
    let mut clauses = vec![(Occur::Must, text_query(question, fields, synonyms))];
    let SearchFilter { seen_from, in_stock_only, available_at, collection, only, except, .. } = &question.filter;
    if let Some(from) = seen_from {
        clauses.extend(unseen(from, fields).map(|it| (Occur::MustNot, it)));
    }
    if *in_stock_only {
        let term = Term::from_field_bool(fields.in_stock, true);
        clauses.push((Occur::Must, unscored(TermQuery::new(term, IndexRecordOption::Basic))));
    }
    if let Some(places) = available_at {
        let term = |it: &LocationId| Term::from_field_bytes(fields.available_at, it.uuid().as_bytes());
        clauses.push((Occur::Must, unscored(TermSetQuery::new(places.iter().map(term)))));
    }
    if let Some(collection) = collection {
        let term = Term::from_field_bytes(fields.in_collection, collection.uuid().as_bytes());
        clauses.push((Occur::Must, unscored(TermQuery::new(term, IndexRecordOption::Basic))));
    }
    if let Some(selection) = only {
        clauses.push((Occur::Must, unscored(selected(selection, fields))));
    }
    if !except.is_empty() {
        clauses.push((Occur::MustNot, Box::new(selected(except, fields))));
    }
    Box::new(BooleanQuery::new(clauses))
}

/// What is not published there and then. Only products that are limited have these terms, so that it costs nothing where none is.
fn unseen(from: &Viewpoint, fields: &Fields) -> [Box<dyn Query>; 3] {
    let now = |field| Term::from_field_i64(field, from.now.timestamp_micros());
    let is_limited = TermQuery::new(Term::from_field_bool(fields.is_limited, true), IndexRecordOption::Basic);
    let channel =
        TermQuery::new(Term::from_field_text(fields.channel, from.channel.as_str()), IndexRecordOption::Basic);
    let elsewhere: Vec<(Occur, Box<dyn Query>)> =
        vec![(Occur::Must, Box::new(is_limited)), (Occur::MustNot, Box::new(channel))];
    [
        Box::new(RangeQuery::new(Bound::Excluded(now(fields.published_from)), Bound::Unbounded)),
        Box::new(RangeQuery::new(Bound::Unbounded, Bound::Included(now(fields.published_until)))),
        Box::new(BooleanQuery::new(elsewhere)),
    ]
}

/// A filter, which adds nothing to the score.
fn unscored(query: impl Query) -> Box<dyn Query> {
    constant(query, 0.0)
}

/// What a selection holds.
fn selected(selection: &Selection, fields: &Fields) -> impl Query {
    let id = |it: &ProductId| Term::from_field_bytes(fields.id, it.uuid().as_bytes());
    let facets = selection.facets.iter().flat_map(|it| it.values.iter().map(move |value| (&it.key, value)));
    let facet = |(key, value): (&String, &String)| Term::from_field_text(fields.facet, &name_of(key, value));
    TermSetQuery::new(selection.products.iter().map(id).chain(facets.map(facet)))
}

fn text_query(question: &SearchQuery, fields: &Fields, synonyms: &Expansions) -> Box<dyn Query> {
    if question.is_without_text() {
        return Box::new(AllQuery);
    }
    let code = exact(fields.code.terms, &whole_code(&question.text), WHOLE_CODE);
    let words: Vec<String> = words(&question.text).into_iter().take(WORDS_MAX).collect();
    let language = question.language.as_str();
    let mut texts = vec![words_query(&words, language, true, fields)];
    for (words, is_prefix) in with_synonyms(&words, synonyms) {
        let query = words_query(&words, language, is_prefix, fields);
        texts.push(Box::new(BoostQuery::new(query, SYNONYM)));
    }
    let words = Box::new(DisjunctionMaxQuery::with_tie_breaker(texts, 0.0));
    Box::new(BooleanQuery::new(vec![(Occur::Should, code), (Occur::Should, words)]))
}

/// The texts that mean the same as `typed`, one synonym in the place of what it stands for; and whether the last word may still be a beginning.
fn with_synonyms(typed: &[String], synonyms: &Expansions) -> Vec<(Vec<String>, bool)> {
    let folded: Vec<String> = typed.iter().map(|it| fold(it)).collect();
    let mut texts = Vec::new();
    for (term, others) in synonyms {
        let term: Vec<&str> = term.split(' ').collect();
        let place = folded.windows(term.len()).position(|it| it.iter().map(String::as_str).eq(term.iter().copied()));
        let Some(place) = place else { continue };
        let end = place + term.len();
        for other in others {
            let before = typed.iter().take(place).cloned();
            let after = typed.iter().skip(end).cloned();
            let text = before.chain(other.split(' ').map(ToOwned::to_owned)).chain(after).collect();
            texts.push((text, end < typed.len()));
        }
    }
    texts.truncate(SYNONYMS_MAX);
    texts
}

/// All words, each anywhere; stop words only add to the score where there are others.
fn words_query(words: &[String], language: &str, is_prefix: bool, fields: &Fields) -> Box<dyn Query> {
    if words.is_empty() {
        return Box::new(EmptyQuery);
    }
    let is_stop_word = |it: &String| STOP_WORDS.contains(&it.as_str());
    let has_others = !words.iter().all(is_stop_word);
    let mut analyzer = Analyzer::new();
    let title: Vec<String> = words.iter().map(|it| analyzer.fold(it)).collect();
    let title = (Occur::Should, constant(fields.title.starting(&title.join(" ")), TITLE));
    let clause = |(idx, word): (usize, &String)| {
        let occur = if has_others && is_stop_word(word) { Occur::Should } else { Occur::Must };
        let is_last = is_prefix && idx + 1 == words.len();
        (occur, WordTerms::of(word, is_last, language, &mut analyzer).query(fields))
    };
    Box::new(BooleanQuery::new(words.iter().enumerate().map(clause).chain([title]).collect()))
}

/// One word of a question, as terms.
struct WordTerms {
    folded: String,
    /// Stems in the shopper's language.
    own: Vec<String>,
    /// Stems in the other stemmed languages.
    others: Vec<String>,
    /// The last word may be the beginning of one.
    is_prefix: bool,
}

impl WordTerms {
    fn of(word: &str, is_prefix: bool, language: &str, analyzer: &mut Analyzer) -> Self {
        let own = analyzer.stems(language, word).into_iter().collect();
        let others = STEMMED.iter().filter(|(it, _)| *it != language);
        let others = others.flat_map(|(it, _)| analyzer.stems(it, word)).collect();
        Self { folded: analyzer.fold(word), own, others, is_prefix }
    }

    fn query(&self, fields: &Fields) -> Box<dyn Query> {
        let mut places = vec![exact(fields.code.terms, &self.folded, CODE)];
        if self.is_prefix && self.is_long() {
            places.push(constant(fields.code.starting(&self.folded), CODE * PREFIX));
        }
        self.add_places(&mut places, fields.name, NAME, &self.others);
        // A label has its stems in each language.
        self.add_places(&mut places, fields.label, LABEL, &[]);
        self.add_places(&mut places, fields.description, DESCRIPTION, &self.others);
        Box::new(DisjunctionMaxQuery::with_tie_breaker(places, TIE_BREAKER))
    }

    /// Whether its beginning tells something in any place.
    fn is_long(&self) -> bool {
        LONG_PREFIX <= self.folded.chars().count()
    }

    fn add_places(&self, places: &mut Vec<Box<dyn Query>>, field: TextField, worth: Score, others: &[String]) {
        places.push(exact(field.words.terms, &self.folded, worth * OTHER_LANGUAGE));
        places.extend(self.own.iter().map(|it| exact(field.stems, it, worth)));
        places.extend(others.iter().map(|it| exact(field.stems, it, worth * OTHER_LANGUAGE)));
        if self.is_prefix && (DESCRIPTION < worth || self.is_long()) {
            places.push(constant(field.words.starting(&self.folded), worth * PREFIX));
        }
        let typos = typos_max(&self.folded);
        if 0 < typos {
            places.push(constant(TypoQuery::new(field.words.terms, &self.folded, typos, self.is_prefix), worth * TYPO));
        }
    }
}

/// How many letters of `word` may be wrong. Numbers are meant as they are.
pub(in crate::search) fn typos_max(word: &str) -> u8 {
    match word.chars().count() {
        _ if word.contains(char::is_numeric) => 0,
        ..4 => 0,
        4..8 => 1,
        _ => 2,
    }
}

fn exact(field: Field, term: &str, boost: Score) -> Box<dyn Query> {
    let query = TermQuery::new(Term::from_field_text(field, term), IndexRecordOption::WithFreqs);
    Box::new(BoostQuery::new(Box::new(query), boost))
}

fn constant(query: impl Query, score: Score) -> Box<dyn Query> {
    Box::new(ConstScoreQuery::new(Box::new(query), score))
}
