//! Where in a draft something is wrong.

use std::fmt;

/// The place of a text in a draft; all numbers are from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextPlace {
    /// Who makes it.
    Brand,
    /// What kind of thing it is.
    ProductType,
    /// The name in one of the texts.
    Name(usize),
    /// The description in one of the texts.
    Description(usize),
    /// One of the tags.
    Tag(usize),
    /// The key of one of the attributes.
    AttributeKey(usize),
    /// The value of one of the attributes.
    AttributeValue(usize),
    /// The name of one of the options.
    OptionName(usize),
    /// A value of one of the options.
    OptionValue {
        /// Which option.
        option: usize,
        /// Which of its values.
        value: usize,
    },
    /// The address of one of the pictures.
    Picture(usize),
    /// What one of the pictures shows, in some language.
    Alt(usize),
    /// What a variant chose of an option.
    Choice {
        /// Which variant.
        variant: usize,
        /// Which of its choices.
        choice: usize,
    },
    /// A variant's barcode.
    Barcode(usize),
}

impl fmt::Display for TextPlace {
    /// What it is the place of.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Brand => "a brand",
            Self::ProductType => "a product type",
            Self::Name(_) => "a name",
            Self::Description(_) => "a description",
            Self::Tag(_) => "a tag",
            Self::AttributeKey(_) => "an attribute's key",
            Self::AttributeValue(_) => "an attribute's value",
            Self::OptionName(_) => "an option's name",
            Self::OptionValue { .. } | Self::Choice { .. } => "an option's value",
            Self::Picture(_) => "the address of a picture",
            Self::Alt(_) => "what a picture shows",
            Self::Barcode(_) => "a barcode",
        })
    }
}
