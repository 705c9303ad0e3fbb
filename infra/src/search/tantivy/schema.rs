//! The fields of the Tantivy index, and products as its documents.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Bound,
};

use comptoir_domain::{
    catalog::Publication,
    ids::{CollectionId, Id},
    language::Language,
    search::{ProductDocument, words},
};
use tantivy::{
    TantivyDocument, Term,
    query::{Query, RangeQuery, TermQuery},
    schema::{
        BytesOptions, FAST, Field, INDEXED, IndexRecordOption, JsonObjectOptions, NumericOptions, OwnedValue, Schema,
        SchemaBuilder, TextFieldIndexing, TextOptions,
    },
};

use super::terms::{Analyzer, STEMMED};

/// The version of what is written here: change it with any of it, and indexes of before are built anew.
pub(super) const VERSION: u32 = 6;

/// Parts the key of a facet from its value, and of a number from its unit; keys are letters and digits.
pub(super) const NAME_SEPARATOR: char = '\u{1}';

/// The columns of identifiers: their first and their last eight bytes.
pub(super) const ID_HIGH: &str = "id_high";
pub(super) const ID_LOW: &str = "id_low";
/// The column of facets: key, [`NAME_SEPARATOR`], value.
pub(super) const FACET: &str = "facet";
/// The column of prices, by view: `EUR_de.min` and `EUR_de.max` in it.
pub(super) const PRICE: &str = "price";
/// The column of the views that a product has prices of its own in.
pub(super) const PRICE_VIEW: &str = "price_view";
/// The column of numbers: key, [`NAME_SEPARATOR`], unit, and `.min` and `.max` of that.
pub(super) const NUMBER: &str = "number";
/// The column of the keys that a product has numbers of.
pub(super) const NUMBER_KEY: &str = "number_key";
/// The column of places in collections, by the collection's id.
pub(super) const COLLECTION: &str = "collection";
/// The column of creation, in microseconds since 1970.
pub(super) const CREATED_AT: &str = "created_at";

/// The beginnings of words up to so many letters are terms of their own: shorter ones begin so many words that each would cost a walk
/// through all of them.
const WORD_START_MAX: usize = 3;
/// The same of whole names, which are many more.
const TITLE_START_MAX: usize = 8;

/// A kind of text: its folded words in all languages, and its stems.
#[derive(Clone, Copy)]
pub(super) struct TextField {
    pub(super) words: Begun,
    pub(super) stems: Field,
}

/// Terms that are looked for by their beginnings too.
#[derive(Clone, Copy)]
pub(super) struct Begun {
    pub(super) terms: Field,
    /// The beginnings of up to [`Self::start_max`] letters.
    starts: Field,
    start_max: usize,
}

impl Begun {
    /// The products with a term that begins with `start`.
    pub(super) fn starting(&self, start: &str) -> Box<dyn Query> {
        if start.chars().count() <= self.start_max {
            return Box::new(TermQuery::new(Term::from_field_text(self.starts, start), IndexRecordOption::Basic));
        }
        let end = format!("{start}{}", char::MAX);
        let [start, end] = [start, &end].map(|it| Bound::Included(Term::from_field_text(self.terms, it)));
        Box::new(RangeQuery::new(start, end))
    }

    /// Adds a text and the beginnings of its `terms`.
    fn add<'a>(&self, document: &mut TantivyDocument, text: &str, terms: impl IntoIterator<Item = &'a str>) {
        document.add_text(self.terms, text);
        let mut starts = BTreeSet::new();
        for term in terms {
            let ends = term.char_indices().skip(1).map(|it| it.0).chain([term.len()]).take(self.start_max);
            starts.extend(ends.filter_map(|end| term.get(..end)));
        }
        for start in starts {
            document.add_text(self.starts, start);
        }
    }
}

/// The fields. Nothing is stored but for searching: hits are identifiers.
#[derive(Clone)]
pub(super) struct Fields {
    pub(super) schema: Schema,
    pub(super) id: Field,
    id_high: Field,
    id_low: Field,
    /// Whole names, as one term each.
    pub(super) title: Begun,
    pub(super) name: TextField,
    pub(super) label: TextField,
    pub(super) description: TextField,
    pub(super) code: Begun,
    pub(super) facet: Field,
    price: Field,
    price_view: Field,
    number: Field,
    number_key: Field,
    pub(super) in_stock: Field,
    pub(super) available_at: Field,
    /// When it is published from, in microseconds since 1970; only where it was not always.
    pub(super) published_from: Field,
    /// Until when, likewise.
    pub(super) published_until: Field,
    /// Whether it is published in some channels alone; only where it is.
    pub(super) is_limited: Field,
    /// In which channels.
    pub(super) channel: Field,
    collection: Field,
    pub(super) in_collection: Field,
    pub(super) created_at: Field,
}

impl Fields {
    /// The fields of this [`VERSION`].
    pub(super) fn new() -> Self {
        let mut schema = Schema::builder();
        let terms = |tokenizer, record| {
            TextOptions::default()
                .set_indexing_options(TextFieldIndexing::default().set_tokenizer(tokenizer).set_index_option(record))
        };
        let text = || terms("whitespace", IndexRecordOption::WithFreqs);
        let begun = |schema: &mut SchemaBuilder, name: &str, options, start_max| Begun {
            terms: schema.add_text_field(name, options),
            starts: schema.add_text_field(&format!("{name}_start"), terms("raw", IndexRecordOption::Basic)),
            start_max,
        };
        let text = |schema: &mut SchemaBuilder, name: &str| TextField {
            words: begun(schema, name, text(), WORD_START_MAX),
            stems: schema.add_text_field(&format!("{name}_stem"), text()),
        };
        Self {
            title: begun(&mut schema, "title", terms("raw", IndexRecordOption::Basic), TITLE_START_MAX),
            name: text(&mut schema, "name"),
            label: text(&mut schema, "label"),
            description: text(&mut schema, "description"),
            code: begun(&mut schema, "code", terms("whitespace", IndexRecordOption::Basic), WORD_START_MAX),
            id: schema.add_bytes_field("id", BytesOptions::default().set_indexed()),
            id_high: schema.add_u64_field(ID_HIGH, FAST),
            id_low: schema.add_u64_field(ID_LOW, FAST),
            facet: schema.add_text_field(FACET, terms("raw", IndexRecordOption::Basic).set_fast("raw")),
            price: schema.add_json_field(PRICE, JsonObjectOptions::default().set_fast("raw")),
            price_view: schema.add_text_field(PRICE_VIEW, TextOptions::default().set_fast("raw")),
            number: schema.add_json_field(NUMBER, JsonObjectOptions::default().set_fast("raw")),
            number_key: schema.add_text_field(NUMBER_KEY, TextOptions::default().set_fast("raw")),
            in_stock: schema.add_bool_field("in_stock", INDEXED),
            available_at: schema.add_bytes_field("available_at", BytesOptions::default().set_indexed()),
            published_from: schema.add_i64_field("published_from", INDEXED),
            published_until: schema.add_i64_field("published_until", INDEXED),
            is_limited: schema.add_bool_field("is_limited", INDEXED),
            channel: schema.add_text_field("channel", terms("raw", IndexRecordOption::Basic)),
            collection: schema.add_json_field(COLLECTION, JsonObjectOptions::default().set_fast("raw")),
            in_collection: schema.add_bytes_field("in_collection", BytesOptions::default().set_indexed()),
            created_at: schema.add_i64_field(CREATED_AT, NumericOptions::from(FAST)),
            schema: schema.build(),
        }
    }

    /// `product` as a document.
    pub(super) fn document(&self, product: &ProductDocument, analyzer: &mut Analyzer) -> TantivyDocument {
        let mut document = TantivyDocument::new();
        let id = product.id.uuid();
        document.add_bytes(self.id, id.as_bytes());
        let (high, low) = id.as_u64_pair();
        document.add_u64(self.id_high, high);
        document.add_u64(self.id_low, low);
        for (language, text) in &product.texts {
            let title = folded(&text.name, analyzer);
            self.title.add(&mut document, &title, [title.as_str()]);
            add_text(&mut document, self.name, language.as_str(), &text.name, analyzer);
            add_text(&mut document, self.description, language.as_str(), &text.description, analyzer);
        }
        for (key, value) in product.facets.iter().flat_map(|(key, values)| values.iter().map(move |it| (key, it))) {
            document.add_text(self.facet, name_of(key, value));
            // A label is of no language, so it is stemmed in each.
            let label = folded(value, analyzer);
            self.label.words.add(&mut document, &label, label.split(' '));
            let spoken = product.texts.keys().map(Language::as_str);
            for language in spoken.chain(STEMMED.map(|it| it.0)).collect::<BTreeSet<_>>() {
                document.add_text(self.label.stems, stemmed(language, value, analyzer));
            }
        }
        for code in &product.codes {
            let parts = folded(code, analyzer);
            self.code.add(&mut document, &format!("{} {parts}", whole_code(code)), parts.split(' '));
        }
        for view in product.prices.keys() {
            document.add_text(self.price_view, view.to_string());
        }
        document.add_object(self.price, prices(product));
        document.add_bool(self.in_stock, product.in_stock);
        for place in &product.available_at {
            document.add_bytes(self.available_at, place.uuid().as_bytes());
        }
        self.add_publication(&mut document, &product.publication);
        let mut positions = BTreeMap::new();
        for (collection, position) in &product.collections {
            document.add_bytes(self.in_collection, collection.uuid().as_bytes());
            positions.insert(collection_name(*collection), OwnedValue::I64(i64::from(*position)));
        }
        document.add_object(self.collection, positions);
        let mut numbers = BTreeMap::new();
        for (key, it) in &product.numbers {
            let name = name_of(&key.key, &key.unit);
            document.add_text(self.number_key, &name);
            numbers.insert(name, range(it.min, it.max));
        }
        document.add_object(self.number, numbers);
        document.add_i64(self.created_at, product.created_at.timestamp_micros());
        document
    }

    fn add_publication(&self, document: &mut TantivyDocument, publication: &Publication) {
        if let Some(from) = publication.window.from {
            document.add_i64(self.published_from, from.timestamp_micros());
        }
        if let Some(until) = publication.window.until {
            document.add_i64(self.published_until, until.timestamp_micros());
        }
        if !publication.channels.is_empty() {
            document.add_bool(self.is_limited, true);
        }
        for channel in &publication.channels {
            document.add_text(self.channel, channel.as_str());
        }
    }
}

/// What a value of a facet is called, and a number in a unit.
pub(super) fn name_of(key: &str, value: &str) -> String {
    format!("{key}{NAME_SEPARATOR}{value}")
}

/// A code as one term, marked so that it is never taken for a word. Spaces and hyphens in it are for people.
pub(super) fn whole_code(code: &str) -> String {
    let letters: String = code.to_lowercase().split(|it: char| it.is_whitespace() || it == '-').collect();
    format!("={letters}")
}

fn add_text(document: &mut TantivyDocument, field: TextField, language: &str, text: &str, analyzer: &mut Analyzer) {
    let words = folded(text, analyzer);
    field.words.add(document, &words, words.split(' '));
    document.add_text(field.stems, stemmed(language, text, analyzer));
}

fn folded(text: &str, analyzer: &mut Analyzer) -> String {
    words(text).iter().map(|it| analyzer.fold(it)).collect::<Vec<_>>().join(" ")
}

fn stemmed(language: &str, text: &str, analyzer: &mut Analyzer) -> String {
    words(text).iter().flat_map(|it| analyzer.stems(language, it)).collect::<Vec<_>>().join(" ")
}

/// What a collection's column is called.
pub(super) fn collection_name(collection: CollectionId) -> String {
    collection.uuid().simple().to_string()
}

fn range(min: i64, max: i64) -> OwnedValue {
    OwnedValue::Object(vec![("min".to_owned(), OwnedValue::I64(min)), ("max".to_owned(), OwnedValue::I64(max))])
}

fn prices(product: &ProductDocument) -> BTreeMap<String, OwnedValue> {
    product.prices.iter().map(|(view, it)| (view.to_string(), range(it.min, it.max))).collect()
}
