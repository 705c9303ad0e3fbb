//! The fields of the Tantivy index, and products as its documents.

use std::collections::BTreeMap;

use comptoir_domain::{
    catalog::Publication,
    ids::{CollectionId, Id},
    search::{ProductDocument, words},
};
use tantivy::{
    TantivyDocument,
    schema::{
        BytesOptions, FAST, Field, INDEXED, IndexRecordOption, JsonObjectOptions, NumericOptions, OwnedValue, Schema,
        TextFieldIndexing, TextOptions,
    },
};

use super::{drill::number_name, terms::Analyzer};

/// The version of what is written here: change it with any of it, and indexes of before are built anew.
pub(super) const VERSION: u32 = 4;

/// Parts the key of a facet from its value; keys are letters and digits.
pub(super) const FACET_SEPARATOR: char = '\u{1}';

/// The columns of identifiers: their first and their last eight bytes.
pub(super) const ID_HIGH: &str = "id_high";
pub(super) const ID_LOW: &str = "id_low";
/// The column of facets: key, [`FACET_SEPARATOR`], value.
pub(super) const FACET: &str = "facet";
/// The column of prices: `EUR.min` and `EUR.max` in it.
pub(super) const PRICE: &str = "price";
/// The column of numbers: key, [`FACET_SEPARATOR`], unit, and `.min` and `.max` of that.
pub(super) const NUMBER: &str = "number";
/// The column of the keys that a product has numbers of.
pub(super) const NUMBER_KEY: &str = "number_key";
/// The column of places in collections, by the collection's id.
pub(super) const COLLECTION: &str = "collection";
/// The column of creation, in microseconds since 1970.
pub(super) const CREATED_AT: &str = "created_at";

/// A kind of text: its folded words in all languages, and its stems.
#[derive(Clone, Copy)]
pub(super) struct TextField {
    pub(super) words: Field,
    pub(super) stems: Field,
}

/// The fields. Nothing is stored but for searching: hits are identifiers.
#[derive(Clone)]
pub(super) struct Fields {
    pub(super) schema: Schema,
    pub(super) id: Field,
    id_high: Field,
    id_low: Field,
    /// Whole names, as one term each.
    pub(super) title: Field,
    pub(super) name: TextField,
    pub(super) label: TextField,
    pub(super) description: TextField,
    pub(super) code: Field,
    pub(super) facet: Field,
    pub(super) price: Field,
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
        let mut pair = |words, stems| TextField {
            words: schema.add_text_field(words, text()),
            stems: schema.add_text_field(stems, text()),
        };
        let name = pair("name", "name_stem");
        let label = pair("label", "label_stem");
        let description = pair("description", "description_stem");
        Self {
            title: schema.add_text_field("title", terms("raw", IndexRecordOption::Basic)),
            name,
            label,
            description,
            code: schema.add_text_field("code", terms("whitespace", IndexRecordOption::Basic)),
            id: schema.add_bytes_field("id", BytesOptions::default().set_indexed()),
            id_high: schema.add_u64_field(ID_HIGH, FAST),
            id_low: schema.add_u64_field(ID_LOW, FAST),
            facet: schema.add_text_field(FACET, terms("raw", IndexRecordOption::Basic).set_fast("raw")),
            price: schema.add_json_field(PRICE, JsonObjectOptions::default().set_fast("raw")),
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
            document.add_text(self.title, folded(&text.name, analyzer));
            add_text(&mut document, self.name, language.as_str(), &text.name, analyzer);
            add_text(&mut document, self.description, language.as_str(), &text.description, analyzer);
        }
        for (key, value) in product.facets.iter().flat_map(|(key, values)| values.iter().map(move |it| (key, it))) {
            document.add_text(self.facet, format!("{key}{FACET_SEPARATOR}{value}"));
            // A label is of no language, so it is stemmed in each that the product speaks.
            document.add_text(self.label.words, folded(value, analyzer));
            for language in product.texts.keys() {
                document.add_text(self.label.stems, stemmed(language.as_str(), value, analyzer));
            }
        }
        for code in &product.codes {
            document.add_text(self.code, format!("{} {}", whole_code(code), folded(code, analyzer)));
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
            let name = number_name(&key.key, &key.unit);
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

/// A code as one term, marked so that it is never taken for a word. Spaces and hyphens in it are for people.
pub(super) fn whole_code(code: &str) -> String {
    let letters: String = code.to_lowercase().split(|it: char| it.is_whitespace() || it == '-').collect();
    format!("={letters}")
}

fn add_text(document: &mut TantivyDocument, field: TextField, language: &str, text: &str, analyzer: &mut Analyzer) {
    document.add_text(field.words, folded(text, analyzer));
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
    product.prices.iter().map(|(currency, it)| (currency.clone(), range(it.min, it.max))).collect()
}
