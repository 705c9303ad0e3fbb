//! Words that are written as one or as two: `tea pot` and `teapot`, `powerbank` and `power bank`.
//!
//! What the index has of the other way of writing is looked for as a synonym. Only dictionaries are asked, so that it costs nothing to speak of.

use comptoir_domain::search::{SearchQuery, fold, words};
use tantivy::{Searcher, Term};

use super::{query::Expansions, schema::Fields, terms::Analyzer};

/// How many words of a question are looked at.
const WORDS_MAX: usize = 8;
/// The fewest letters of a part, so that no word falls into ones that say nothing; a number may be parted from its unit.
const PART_MIN: usize = 3;

/// Adds to `expansions` the other way of writing what is typed, where the names or labels of the index have it.
pub(super) fn add(
    expansions: &mut Expansions,
    question: &SearchQuery,
    searcher: &Searcher,
    fields: &Fields,
) -> tantivy::Result<()> {
    let mut analyzer = Analyzer::new();
    let typed: Vec<String> = words(&question.text).iter().take(WORDS_MAX).map(|it| fold(it)).collect();
    let mut is_known = |word: &str| -> tantivy::Result<bool> {
        let stems = analyzer.stems(question.language.as_str(), word);
        for field in [fields.name, fields.label] {
            let words = [(field.words.terms, word)].into_iter();
            for (field, term) in words.chain(stems.iter().map(|it| (field.stems, it.as_str()))) {
                if 0 < searcher.doc_freq(&Term::from_field_text(field, term))? {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    };
    let mut add = |from: &str, to: String| {
        let others = expansions.entry(from.to_owned()).or_default();
        if !others.contains(&to) {
            others.push(to);
        }
    };
    for pair in typed.windows(2) {
        let joined = pair.concat();
        if is_known(&joined)? {
            add(&pair.join(" "), joined);
        }
    }
    for word in &typed {
        if is_known(word)? {
            continue;
        }
        for (left, right) in parts(word) {
            if is_known(left)? && is_known(right)? {
                add(word, format!("{left} {right}"));
            }
        }
    }
    Ok(())
}

/// The ways to part `word` in two.
fn parts(word: &str) -> impl Iterator<Item = (&str, &str)> {
    word.char_indices().skip(1).filter_map(|(at, letter)| {
        let (left, right) = word.split_at_checked(at)?;
        let is_unit = left.bytes().all(|it| it.is_ascii_digit()) && letter.is_alphabetic();
        let is_long = PART_MIN <= left.chars().count() && PART_MIN <= right.chars().count();
        (is_long || is_unit).then_some((left, right))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_part_between_letters_of_enough() {
        assert_eq!(parts("teapot").collect::<Vec<_>>(), [("tea", "pot")]);
        assert_eq!(parts("30l").collect::<Vec<_>>(), [("30", "l")]);
        assert_eq!(parts("théier").collect::<Vec<_>>(), [("thé", "ier")]);
        assert_eq!(parts("shelf").count(), 0);
        assert_eq!(parts("").count(), 0);
    }
}
