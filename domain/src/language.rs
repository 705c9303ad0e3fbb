//! Languages, and texts that exist in several of them.

use std::{collections::BTreeMap, fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A language: the primary subtag of a BCP 47 tag, such as `fr`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Language(String);

/// The text is not a language tag.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a language tag such as `fr` or `fr-CA`")]
pub struct LanguageError(String);

impl Language {
    /// English, the language of last resort.
    #[must_use]
    pub fn english() -> Self {
        Self("en".to_owned())
    }

    /// The subtag in lower case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Language {
    type Err = LanguageError;

    /// Reads a tag; region and script are left out (`fr-CA` is `fr`).
    fn from_str(tag: &str) -> Result<Self, LanguageError> {
        let primary = tag.split('-').next().unwrap_or_default();
        let is_well_formed = tag.len() <= 35
            && (2..=3).contains(&primary.len())
            && tag.split('-').all(|it| (1..=8).contains(&it.len()) && it.bytes().all(|it| it.is_ascii_alphanumeric()))
            && primary.bytes().all(|it| it.is_ascii_alphabetic());
        if is_well_formed {
            Ok(Self(primary.to_ascii_lowercase()))
        } else {
            Err(LanguageError(tag.chars().take(35).collect()))
        }
    }
}

impl TryFrom<String> for Language {
    type Error = LanguageError;

    fn try_from(tag: String) -> Result<Self, LanguageError> {
        tag.parse()
    }
}

impl From<Language> for String {
    fn from(language: Language) -> Self {
        language.0
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The languages of an `Accept-Language` header (RFC 9110, 12.5.4), dearest first; what cannot be read is left out.
#[must_use]
pub fn parse_accept_language(header: &str) -> Vec<Language> {
    let mut ranges: Vec<(u16, Language)> = header
        .split(',')
        .take(32)
        .filter_map(|range| {
            let mut parts = range.split(';').map(str::trim);
            let language = parts.next()?.parse().ok()?;
            let weight = parts.find_map(|it| it.strip_prefix("q=")).map_or(Some(1000), quality)?;
            (weight > 0).then_some((weight, language))
        })
        .collect();
    ranges.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
    let mut languages: Vec<Language> = Vec::new();
    for (_, language) in ranges {
        if !languages.contains(&language) {
            languages.push(language);
        }
    }
    languages
}

/// A weight of 0 to 1 with up to three decimals, in thousandths.
fn quality(text: &str) -> Option<u16> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if !matches!(whole, "0" | "1") || fraction.len() > 3 || !fraction.bytes().all(|it| it.is_ascii_digit()) {
        return None;
    }
    let thousandths = format!("{whole}{fraction:0<3}").parse().ok()?;
    (thousandths <= 1000).then_some(thousandths)
}

/// One value per language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Translated<T>(BTreeMap<Language, T>);

impl<T> Default for Translated<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<T> Translated<T> {
    /// The value in the first of `languages` that has one, else in English, else in whichever comes first.
    #[must_use]
    pub fn best(&self, languages: &[Language]) -> Option<&T> {
        languages
            .iter()
            .find_map(|it| self.0.get(it))
            .or_else(|| self.0.get(&Language::english()))
            .or_else(|| self.0.values().next())
    }

    /// The value in one language.
    #[must_use]
    pub fn get(&self, language: &Language) -> Option<&T> {
        self.0.get(language)
    }

    /// Sets the value in one language.
    pub fn insert(&mut self, language: Language, value: T) {
        self.0.insert(language, value);
    }

    /// All values, by language.
    pub fn iter(&self) -> impl Iterator<Item = (&Language, &T)> {
        self.0.iter()
    }

    /// Whether there is no value in any language.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<T> FromIterator<(Language, T)> for Translated<T> {
    fn from_iter<I: IntoIterator<Item = (Language, T)>>(values: I) -> Self {
        Self(values.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn languages(tags: &[&str]) -> Vec<Language> {
        tags.iter().map(|it| it.parse().unwrap()).collect()
    }

    #[test]
    fn a_tag_is_its_primary_subtag() {
        assert_eq!("fr-CA".parse::<Language>().unwrap().as_str(), "fr");
        assert_eq!("DE".parse::<Language>().unwrap().as_str(), "de");
        for tag in ["", "f", "fr_FR", "français", "1a", "fr-", "*", "en-toolongsubtag"] {
            assert!(tag.parse::<Language>().is_err(), "{tag}");
        }
    }

    #[test]
    fn weights_order_the_header() {
        assert_eq!(
            parse_accept_language("en;q=0.5, fr-FR, de;q=0.75, fr;q=0.1, es;q=0, *;q=0.1"),
            languages(&["fr", "de", "en"])
        );
        assert_eq!(parse_accept_language("garbage~, ;;q=, en;q=2"), languages(&[]));
    }

    #[test]
    fn the_best_text_falls_back_to_english_then_to_any() {
        let mut texts: Translated<&str> =
            [("fr", "tasse"), ("de", "Tasse")].map(|(tag, text)| (tag.parse().unwrap(), text)).into_iter().collect();
        assert_eq!(texts.best(&languages(&["es", "fr"])), Some(&"tasse"));
        assert_eq!(texts.best(&languages(&["es"])), Some(&"Tasse"));
        texts.insert(Language::english(), "mug");
        assert_eq!(texts.best(&languages(&["es"])), Some(&"mug"));
    }
}
