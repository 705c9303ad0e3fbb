//! What a shopper says of a line or a cart: attributes such as an engraving, and notes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Why a text of a shopper's cannot be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ShopperTextError {
    /// Too many attributes.
    #[error("a line has at most {max} attributes")]
    TooMany {
        /// The most attributes.
        max: usize,
    },
    /// Two attributes of one key.
    #[error("there is an attribute of this key already")]
    Repeated {
        /// The place of the second, from 0.
        index: usize,
    },
    /// Empty, too long, or with control characters.
    #[error("a key has 1 to {max} characters, none of them control characters")]
    Key {
        /// The place of the attribute, from 0.
        index: usize,
        /// The most characters.
        max: usize,
    },
    /// Empty, too long, or with control characters.
    #[error("a value has 1 to {max} characters, none of them control characters")]
    Value {
        /// The place of the attribute, from 0.
        index: usize,
        /// The most characters.
        max: usize,
    },
    /// Too long, or with control characters.
    #[error("a note has at most {max} characters, none of them control characters but line breaks")]
    Note {
        /// The most characters.
        max: usize,
    },
}

/// What a shopper says of one line, such as an engraving, by key. It is part of what the line is: the same variant with
/// other attributes is another line.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LineAttributes(BTreeMap<String, String>);

impl LineAttributes {
    /// The most attributes of a line.
    pub const COUNT_MAX: usize = 20;
    /// The most characters of a key.
    pub const KEY_LENGTH_MAX: usize = 60;
    /// The most characters of a value.
    pub const VALUE_LENGTH_MAX: usize = 500;

    /// Checks attributes, keys and values; their order does not matter.
    ///
    /// # Errors
    /// [`ShopperTextError`].
    pub fn parse(pairs: Vec<(String, String)>) -> Result<Self, ShopperTextError> {
        if Self::COUNT_MAX < pairs.len() {
            return Err(ShopperTextError::TooMany { max: Self::COUNT_MAX });
        }
        let mut attributes = BTreeMap::new();
        for (index, (key, value)) in pairs.into_iter().enumerate() {
            let key = text(&key, Self::KEY_LENGTH_MAX);
            let key = key.ok_or(ShopperTextError::Key { index, max: Self::KEY_LENGTH_MAX })?;
            let value = text(&value, Self::VALUE_LENGTH_MAX);
            let value = value.ok_or(ShopperTextError::Value { index, max: Self::VALUE_LENGTH_MAX })?;
            if attributes.insert(key, value).is_some() {
                return Err(ShopperTextError::Repeated { index });
            }
        }
        Ok(Self(attributes))
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Keys and values, by key.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }
}

/// What a shopper writes to the shop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Note(String);

impl Note {
    /// The most characters.
    pub const LENGTH_MAX: usize = 1_000;

    /// Checks a note; an empty one is none.
    ///
    /// # Errors
    /// [`ShopperTextError::Note`].
    pub fn parse(text: &str) -> Result<Option<Self>, ShopperTextError> {
        let text = text.trim();
        let is_odd = |it: char| it.is_control() && it != '\n';
        if Self::LENGTH_MAX < text.chars().count() || text.chars().any(is_odd) {
            return Err(ShopperTextError::Note { max: Self::LENGTH_MAX });
        }
        Ok((!text.is_empty()).then(|| Self(text.to_owned())))
    }

    /// The note.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn text(text: &str, max: usize) -> Option<String> {
    let text = text.trim();
    let is_good = (1..=max).contains(&text.chars().count()) && !text.chars().any(char::is_control);
    is_good.then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(pairs: &[(&str, &str)]) -> Result<LineAttributes, ShopperTextError> {
        LineAttributes::parse(pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn the_order_of_attributes_does_not_matter() {
        let one = parse(&[("engraving", "Ada"), (" gift wrap ", "red")]).unwrap();
        assert_eq!(one, parse(&[("gift wrap", "red"), ("engraving", " Ada")]).unwrap());
        assert_ne!(one, parse(&[("gift wrap", "red")]).unwrap());
        assert_eq!(one.iter().collect::<Vec<_>>(), [("engraving", "Ada"), ("gift wrap", "red")]);
    }

    #[test]
    fn attributes_that_cannot_be_say_which_and_why() {
        assert_eq!(parse(&[("a", "1"), ("", "2")]), Err(ShopperTextError::Key { index: 1, max: 60 }));
        assert_eq!(parse(&[("a", " ")]), Err(ShopperTextError::Value { index: 0, max: 500 }));
        assert_eq!(parse(&[("a", &"x".repeat(501))]), Err(ShopperTextError::Value { index: 0, max: 500 }));
        assert_eq!(parse(&[("a\u{0}", "1")]), Err(ShopperTextError::Key { index: 0, max: 60 }));
        assert_eq!(parse(&[("a", "1"), (" a", "2")]), Err(ShopperTextError::Repeated { index: 1 }));
        let many: Vec<_> = (0..21).map(|n| (n.to_string(), "x".to_owned())).collect();
        assert_eq!(LineAttributes::parse(many), Err(ShopperTextError::TooMany { max: 20 }));
    }

    #[test]
    fn a_note_has_lines_and_an_end() {
        assert_eq!(Note::parse(" \n "), Ok(None));
        assert_eq!(Note::parse("Ring\ntwice ").unwrap().unwrap().as_str(), "Ring\ntwice");
        assert_eq!(Note::parse(&"x".repeat(1_001)), Err(ShopperTextError::Note { max: 1_000 }));
        assert_eq!(Note::parse("a\u{7}"), Err(ShopperTextError::Note { max: 1_000 }));
    }
}
