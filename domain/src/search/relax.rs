//! What to look for instead where nothing is found, said openly.

use std::collections::BTreeSet;

use super::{SearchError, SearchFilter, SearchQuery, SearchService, words, words::is_filler};

/// What was not asked for as it was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relaxation {
    /// The text that was looked for instead.
    pub text: String,
    /// Words in it that were typed otherwise: what was typed, and what it was taken for.
    pub corrected: Vec<(String, String)>,
    /// Words that were typed, and left out.
    pub left_out: Vec<String>,
    /// Whether the shopper's facets, prices and numbers were left out.
    pub is_without_filters: bool,
}

/// The most words that are looked at one by one.
const WORDS_MAX: usize = 8;

impl SearchService {
    /// A question that finds something in the place of `query`, which finds nothing; none where nothing near it does.
    ///
    /// In this order: mistyped words corrected and unknown ones left out; then words that say nothing; then one word of those that are never
    /// together, the least of them first; then all but the rarest. Each with the filters, and at last the text as it is without them. Where
    /// only the filters leave nothing of what the words find, the words stay: what is sold out is not something else.
    pub(super) async fn relaxed(&self, query: &SearchQuery) -> Result<Option<(SearchQuery, Relaxation)>, SearchError> {
        let mut seen = BTreeSet::new();
        let words = words(&query.text).into_iter().filter(|it| seen.insert(it.clone()));
        let words: Vec<String> = words.take(WORDS_MAX).collect();
        if words.is_empty() {
            return Ok(None);
        }
        let everywhere = |text: &str| {
            count_of(query, text, SearchFilter { seen_from: query.filter.seen_from.clone(), ..SearchFilter::default() })
        };
        let asked: Vec<SearchQuery> = words.iter().map(|it| everywhere(it)).chain([everywhere(&query.text)]).collect();
        let mut counts: Vec<u64> = self.engine.search_many(&asked).await?.iter().map(|it| it.total).collect();
        let is_known = counts.pop().is_some_and(|it| 0 < it);
        let unknown: Vec<String> = words.iter().zip(&counts).filter(|it| *it.1 == 0).map(|it| it.0.clone()).collect();
        let spellings = match unknown.as_slice() {
            [] => Vec::new(),
            unknown => self.engine.spellings(unknown, &query.language).await?,
        };
        let candidates = candidates(query, is_known, &words, &counts, &spellings);
        let asked: Vec<SearchQuery> = candidates
            .iter()
            .map(|it| {
                count_of(query, &it.text, if it.is_without_filters { unfiltered(query) } else { query.filter.clone() })
            })
            .collect();
        if asked.is_empty() {
            return Ok(None);
        }
        let found = self.engine.search_many(&asked).await?;
        let first = candidates.into_iter().zip(&found).find(|(_, found)| 0 < found.total).map(|it| it.0);
        Ok(first.map(|relaxation| {
            let filter = if relaxation.is_without_filters { unfiltered(query) } else { query.filter.clone() };
            (SearchQuery { text: relaxation.text.clone(), filter, ..query.clone() }, relaxation)
        }))
    }
}

fn count_of(query: &SearchQuery, text: &str, filter: SearchFilter) -> SearchQuery {
    SearchQuery { text: text.to_owned(), filter, ..SearchQuery::all(query.language.clone(), query.view.clone(), 0) }
}

/// The filter without what shoppers narrow by; collection, places and what is hidden stay.
fn unfiltered(query: &SearchQuery) -> SearchFilter {
    SearchFilter {
        facets: Vec::new(),
        price: super::PriceFilter::default(),
        numbers: Vec::new(),
        ..query.filter.clone()
    }
}

/// What to try, the nearest to what was typed first.
fn candidates(
    query: &SearchQuery,
    is_known: bool,
    words: &[String],
    counts: &[u64],
    spellings: &[Option<String>],
) -> Vec<Relaxation> {
    let mut spellings = spellings.iter();
    // Each word with what is known of it: itself, a correction, or nothing.
    let read: Vec<(&String, Option<String>)> = words
        .iter()
        .zip(counts)
        .map(|(word, count)| (word, if *count == 0 { spellings.next().cloned().flatten() } else { Some(word.clone()) }))
        .collect();
    let relaxation = |kept: &dyn Fn(usize) -> bool, is_without_filters| {
        let kept_words = || read.iter().enumerate().filter(|(idx, it)| kept(*idx) && it.1.is_some());
        let text: Vec<&str> = kept_words().filter_map(|(_, it)| it.1.as_deref()).collect();
        let corrected = kept_words().filter_map(|(_, (typed, read))| Some(((*typed).clone(), read.clone()?)));
        let left_out = read.iter().enumerate().filter(|(idx, it)| !kept(*idx) || it.1.is_none());
        Relaxation {
            text: text.join(" "),
            corrected: corrected.filter(|(typed, read)| typed != read).collect(),
            left_out: left_out.map(|(_, it)| it.0.clone()).collect(),
            is_without_filters,
        }
    };
    let mut found = vec![relaxation(&|_| true, false)];
    let meant = least_meant_first(words, query.language.as_str());
    if !is_known && !meant.is_empty() {
        found.push(relaxation(&|idx| meant.contains(&idx), false));
    }
    if 1 < meant.len() && !is_known {
        found.extend(meant.iter().map(|left_out| relaxation(&|idx| idx != *left_out && meant.contains(&idx), false)));
        let rarest = meant.iter().filter(|it| counts.get(**it).is_some_and(|it| 0 < *it));
        if let Some(rarest) = rarest.min_by_key(|it| counts.get(**it)) {
            found.push(relaxation(&|idx| idx == *rarest, false));
        }
    }
    if query.filter != unfiltered(query) {
        found.push(relaxation(&|_| true, true));
    }
    let is_typed = |it: &Relaxation| it.corrected.is_empty() && it.left_out.is_empty() && !it.is_without_filters;
    let mut asked = BTreeSet::new();
    found.retain(|it| !it.text.is_empty() && !is_typed(it) && asked.insert((it.text.clone(), it.is_without_filters)));
    found
}

/// The places of the words that say something, the least telling first: `for my mother` says less than what it is said of; of words side by
/// side the last is what is meant in English, and the first in other languages.
fn least_meant_first(words: &[String], language: &str) -> Vec<usize> {
    let places: Vec<usize> = (0..).zip(words).filter(|(_, it)| !is_filler(it)).map(|it| it.0).collect();
    let together = places.iter().zip(places.iter().skip(1)).take_while(|(left, right)| *left + 1 == **right).count();
    let (said, described) = places.split_at_checked(together + 1).unwrap_or((&places, &[]));
    let mut said = said.to_vec();
    if language != "en" {
        said.reverse();
    }
    described.iter().rev().copied().chain(said).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        money::Currency,
        search::{FacetFilter, SearchQuery},
    };

    fn texts(text: &str, counts: &[u64], spellings: &[Option<&str>], is_filtered: bool) -> Vec<(String, String, bool)> {
        let mut query = SearchQuery::all("en".parse().unwrap(), Currency::EUR.into(), 20);
        query.text = text.to_owned();
        if is_filtered {
            query.filter.facets = vec![FacetFilter { key: "color".to_owned(), values: vec!["Red".to_owned()] }];
        }
        let is_known = is_filtered;
        let spellings: Vec<_> = spellings.iter().map(|it| it.map(ToOwned::to_owned)).collect();
        let found = candidates(&query, is_known, &words(text), counts, &spellings);
        found.into_iter().map(|it| (it.text, it.left_out.join(" "), it.is_without_filters)).collect()
    }

    fn expected(list: &[(&str, &str, bool)]) -> Vec<(String, String, bool)> {
        list.iter().map(|it| (it.0.to_owned(), it.1.to_owned(), it.2)).collect()
    }

    #[test]
    fn corrections_come_before_omissions() {
        let found = texts("rde mug", &[0, 4], &[Some("red")], false);
        assert_eq!(found[0], expected(&[("red mug", "", false)])[0]);
        let found = texts("xyzzy mug", &[0, 4], &[None], false);
        assert_eq!(found[0], expected(&[("mug", "xyzzy", false)])[0]);
    }

    #[test]
    fn words_that_are_never_together_go_one_by_one_and_the_rarest_stays() {
        let found = texts("oak marble bench", &[9, 2, 3], &[], false);
        let wanted = [
            ("marble bench", "oak", false),
            ("oak bench", "marble", false),
            ("oak marble", "bench", false),
            ("marble", "oak bench", false),
        ];
        assert_eq!(found, expected(&wanted));
    }

    #[test]
    fn words_that_say_nothing_go_before_those_that_do() {
        let wanted =
            [("mug mother", "for my", false), ("mug", "for my mother", false), ("mother", "mug for my", false)];
        assert_eq!(texts("mug for my mother", &[4, 9, 9, 1], &[], false), expected(&wanted));
        assert_eq!(texts("where mug", &[3, 4], &[], false), expected(&[("mug", "where", false)]));
        let oil = texts("huile d olive", &[3, 9, 2], &[], false);
        assert_eq!(oil[..2], expected(&[("huile olive", "d", false), ("huile", "d olive", false)]));
        assert_eq!(texts("for my", &[9, 9], &[], false), []);
    }

    #[test]
    fn what_is_meant_comes_last_in_english_and_first_elsewhere() {
        let order = |text: &str, language| least_meant_first(&words(text), language);
        assert_eq!(order("the red oak bench", "en"), [1, 2, 3]);
        assert_eq!(order("le banc rouge", "fr"), [2, 1]);
        assert_eq!(order("banc en bois pour enfants", "fr"), [4, 2, 0]);
        assert_eq!(order("bench of oak", "en"), [2, 0]);
        assert_eq!(order("the", "en"), [] as [usize; 0]);
    }

    #[test]
    fn filters_go_last_and_nothing_is_left_of_nothing() {
        assert_eq!(texts("mug", &[4], &[], true), expected(&[("mug", "", true)]));
        assert_eq!(texts("xyzzy", &[0], &[None], false), []);
        assert_eq!(texts("mug", &[4], &[], false), []);
    }
}
