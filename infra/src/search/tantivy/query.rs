//! From a question to Tantivy's query. What a shopper types is never parsed as a query language.

use std::ops::Bound;

use comptoir_domain::search::{FacetFilter, SearchQuery};
use tantivy::{
    Score, Term,
    query::{
        AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, DisjunctionMaxQuery, EmptyQuery, Occur, Query, RangeQuery,
        TermQuery, TermSetQuery,
    },
    schema::{Field, IndexRecordOption},
};

use super::{
    schema::{FACET_SEPARATOR, Fields, TextField, whole_code},
    terms::{Analyzer, STEMMED},
    typo::TypoQuery,
};
use crate::search::words::{STOP_WORDS, words};

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

/// What the second best place of a word adds to the best.
const TIE_BREAKER: Score = 0.1;

/// The query of `question`.
pub(super) fn query_of(question: &SearchQuery, fields: &Fields) -> Box<dyn Query> {
    let mut clauses = vec![(Occur::Must, text_query(question, fields))];
    clauses.extend(filters(question, fields).into_iter().map(|it| (Occur::Must, it)));
    Box::new(BooleanQuery::new(clauses))
}

fn filters(question: &SearchQuery, fields: &Fields) -> Vec<Box<dyn Query>> {
    let mut filters: Vec<Box<dyn Query>> = Vec::new();
    for FacetFilter { key, values } in &question.facets {
        let term = |value| Term::from_field_text(fields.facet, &format!("{key}{FACET_SEPARATOR}{value}"));
        filters.push(Box::new(TermSetQuery::new(values.iter().map(term))));
    }
    if question.in_stock_only {
        let term = Term::from_field_bool(fields.in_stock, true);
        filters.push(Box::new(TermQuery::new(term, IndexRecordOption::Basic)));
    }
    let price = |end: &str, amount: i64| {
        let path = format!("{}.{end}", question.currency.code());
        let mut term = Term::from_field_json_path(fields.price, &path, false);
        term.append_type_and_fast_value(amount);
        term
    };
    if let Some(min) = question.price.min {
        filters.push(Box::new(RangeQuery::new(Bound::Included(price("max", min)), Bound::Unbounded)));
    }
    if let Some(max) = question.price.max {
        filters.push(Box::new(RangeQuery::new(Bound::Unbounded, Bound::Included(price("min", max)))));
    }
    filters
}

fn text_query(question: &SearchQuery, fields: &Fields) -> Box<dyn Query> {
    if question.text.trim().is_empty() {
        return Box::new(AllQuery);
    }
    let code = Term::from_field_text(fields.code, &whole_code(&question.text));
    let code = constant(TermQuery::new(code, IndexRecordOption::Basic), WHOLE_CODE);
    Box::new(BooleanQuery::new(vec![(Occur::Should, code), (Occur::Should, words_query(question, fields))]))
}

/// All words, each anywhere; stop words only add to the score where there are others.
fn words_query(question: &SearchQuery, fields: &Fields) -> Box<dyn Query> {
    let words: Vec<String> = words(&question.text).into_iter().take(WORDS_MAX).collect();
    if words.is_empty() {
        return Box::new(EmptyQuery);
    }
    let is_stop_word = |it: &String| STOP_WORDS.contains(&it.as_str());
    let has_others = !words.iter().all(is_stop_word);
    let mut analyzer = Analyzer::new();
    let title: Vec<String> = words.iter().map(|it| analyzer.fold(it)).collect();
    let title = (Occur::Should, prefix(fields.title, &title.join(" "), TITLE));
    let clause = |(idx, word): (usize, &String)| {
        let occur = if has_others && is_stop_word(word) { Occur::Should } else { Occur::Must };
        let is_last = idx + 1 == words.len();
        (occur, WordTerms::of(word, is_last, question.language.as_str(), &mut analyzer).query(fields))
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
        let mut places = vec![exact(fields.code, &self.folded, CODE)];
        if self.is_prefix {
            places.push(prefix(fields.code, &self.folded, CODE * PREFIX));
        }
        for (field, worth) in [(fields.name, NAME), (fields.label, LABEL), (fields.description, DESCRIPTION)] {
            self.add_places(&mut places, field, worth);
        }
        Box::new(DisjunctionMaxQuery::with_tie_breaker(places, TIE_BREAKER))
    }

    fn add_places(&self, places: &mut Vec<Box<dyn Query>>, field: TextField, worth: Score) {
        places.push(exact(field.words, &self.folded, worth * OTHER_LANGUAGE));
        places.extend(self.own.iter().map(|it| exact(field.stems, it, worth)));
        places.extend(self.others.iter().map(|it| exact(field.stems, it, worth * OTHER_LANGUAGE)));
        if self.is_prefix {
            places.push(prefix(field.words, &self.folded, worth * PREFIX));
        }
        let typos = typos_max(&self.folded);
        if 0 < typos {
            places.push(constant(TypoQuery::new(field.words, &self.folded, typos, self.is_prefix), worth * TYPO));
        }
    }
}

/// How many letters of `word` may be wrong. Numbers are meant as they are.
fn typos_max(word: &str) -> u8 {
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

/// Terms that begin with `start`.
fn prefix(field: Field, start: &str, score: Score) -> Box<dyn Query> {
    let end = format!("{start}{}", char::MAX);
    let [start, end] = [start, &end].map(|it| Bound::Included(Term::from_field_text(field, it)));
    constant(RangeQuery::new(start, end), score)
}

fn constant(query: impl Query, score: Score) -> Box<dyn Query> {
    Box::new(ConstScoreQuery::new(Box::new(query), score))
}
