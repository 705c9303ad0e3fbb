//! Words that are near to one that the index does not have.

use tantivy::{Searcher, schema::Field};

use super::typo::Typos;

/// The term of `fields` that is most like `word`: the nearest, and of those as near the most frequent; none where none is near.
pub(super) fn nearest(searcher: &Searcher, fields: &[Field], word: &str) -> tantivy::Result<Option<String>> {
    let word = comptoir_domain::search::fold(word);
    for typos in 1..=typos_max(&word) {
        let mut best: Option<(u32, String)> = None;
        for segment in searcher.segment_readers() {
            for field in fields {
                let index = segment.inverted_index(*field)?;
                let mut stream = index.terms().search(Typos::anywhere(&word, typos)).into_stream()?;
                while stream.advance() {
                    let (count, term) = (stream.value().doc_freq, String::from_utf8_lossy(stream.key()));
                    if best.as_ref().is_none_or(|it| it.0 < count || it.0 == count && *term < *it.1) {
                        best = Some((count, term.into_owned()));
                    }
                }
            }
        }
        if best.is_some() {
            return Ok(best.map(|it| it.1));
        }
    }
    Ok(None)
}

/// How many letters may be wrong: more than a search forgives, as the shopper is told.
fn typos_max(word: &str) -> u8 {
    match word.chars().count() {
        _ if word.contains(char::is_numeric) => 0,
        ..3 => 0,
        3 => 1,
        4..8 => 2,
        _ => 3,
    }
}
