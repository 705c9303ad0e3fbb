//! Synonyms: texts that find the same.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{MerchandisingError, RuleCode};
use crate::search::{normalised, plural::other_numbers};

/// Texts of one or more words that mean the same. Where one is typed, what has any of them is found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Synonyms {
    /// What staff calls them.
    pub code: RuleCode,
    /// The texts, as staff wrote them.
    pub terms: Vec<String>,
    /// Whether only the first finds the others: `bicycle` what is a `tandem`, but not the other way round.
    pub is_one_way: bool,
}

impl Synonyms {
    /// The most texts of one set.
    pub const TERMS_MAX: usize = 20;
    /// The most sets of a shop.
    pub const COUNT_MAX: usize = 500;

    /// Checks the texts.
    ///
    /// # Errors
    /// [`MerchandisingError::InvalidTerms`].
    pub fn check(&self) -> Result<(), MerchandisingError> {
        let is_long = self.terms.iter().any(|it| 80 < it.chars().count());
        let terms: BTreeSet<String> = self.terms.iter().map(|it| normalised(it)).collect();
        let is_good = !is_long
            && terms.len() == self.terms.len()
            && !terms.contains("")
            && (2..=Self::TERMS_MAX).contains(&terms.len());
        if is_good { Ok(()) } else { Err(MerchandisingError::InvalidTerms) }
    }

    /// What each text of `sets` stands for; all normalised. A text in the other number (`beakers` of `beaker`) stands for it and the same,
    /// where no set has a text of its own for it.
    #[must_use]
    pub fn all_expansions(sets: &[Self]) -> BTreeMap<String, Vec<String>> {
        let mut expansions: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (term, others) in sets.iter().flat_map(Self::expansions) {
            expansions.entry(term).or_default().extend(others);
        }
        let mut in_other_numbers: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (term, others) in &expansions {
            for other in other_numbers(term).into_iter().filter(|it| !expansions.contains_key(it)) {
                // An engine that knows no plurals finds the text itself by this alone.
                let itself = [term].into_iter();
                in_other_numbers.entry(other).or_default().extend(itself.chain(others).cloned());
            }
        }
        expansions.extend(in_other_numbers);
        expansions
    }

    /// Each text that stands for others, with those others; all normalised.
    fn expansions(&self) -> impl Iterator<Item = (String, Vec<String>)> {
        let terms: Vec<String> = self.terms.iter().map(|it| normalised(it)).collect();
        let from = if self.is_one_way { 1 } else { terms.len() };
        let expansion = |(idx, term): (usize, &String)| {
            let others = terms.iter().enumerate().filter(|(other, _)| *other != idx).map(|it| it.1.clone());
            (term.clone(), others.collect::<Vec<_>>())
        };
        terms.iter().enumerate().take(from).map(expansion).collect::<Vec<_>>().into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn synonyms(terms: &[&str], is_one_way: bool) -> Synonyms {
        Synonyms { code: "set".parse().unwrap(), terms: terms.iter().map(ToString::to_string).collect(), is_one_way }
    }

    #[test]
    fn each_stands_for_all_others_or_the_first_alone() {
        let expansions =
            |it: Synonyms| it.expansions().map(|(term, others)| (term, others.join(","))).collect::<Vec<_>>();
        let pair = |left: &str, right: &str| (left.to_owned(), right.to_owned());
        assert_eq!(
            expansions(synonyms(&["Sofa", "couch", "canapé"], false)),
            [pair("sofa", "couch,canape"), pair("couch", "sofa,canape"), pair("canape", "sofa,couch")]
        );
        assert_eq!(expansions(synonyms(&["bicycle", "tandem"], true)), [pair("bicycle", "tandem")]);
    }

    #[test]
    fn a_text_stands_for_the_same_in_the_other_number_unless_it_is_one_itself() {
        let sets = [
            synonyms(&["beaker", "cup"], false),
            synonyms(&["glass", "tumbler"], true),
            synonyms(&["glasses", "spectacles"], true),
        ];
        let expansions = Synonyms::all_expansions(&sets);
        for (text, others) in [
            ("beaker", "cup"),
            ("beakers", "beaker cup"),
            ("cups", "cup beaker"),
            ("glass", "tumbler"),
            ("glasses", "spectacles"),
        ] {
            assert_eq!(expansions[text].join(" "), others, "{text}");
        }
        for text in ["spectacle", "tumblers", "tumbler"] {
            assert!(!expansions.contains_key(text), "{text}");
        }
    }

    #[test]
    fn texts_are_words_and_each_another() {
        synonyms(&["tee shirt", "t-shirt"], false).check().unwrap();
        synonyms(&["tee shirt", "tshirt"], false).check().unwrap();
        for terms in [&["one"][..], &["a", "A"], &["x", "-"], &[]] {
            assert!(synonyms(terms, false).check().is_err(), "{terms:?}");
        }
    }
}
