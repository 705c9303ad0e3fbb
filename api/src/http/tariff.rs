//! What the fields of a schema cost, as far as their names tell.

/// The costs of one schema's fields, and which of them try a password; a schema without a tariff uses the default.
///
/// A field costs its base and what its children cost, multiplied by the number of items a list may have: the page size
/// (`first` or `last`, or the number of `ids`) where one is given. Of a connection, only `nodes` and `edges` are multiplied.
#[derive(Debug, Clone, Copy)]
pub struct Tariff {
    /// The cost of the field of a name without its children, at least 1.
    pub base: fn(&str) -> usize,
    /// How many items the list of a name is taken to have where no page size is given; `None` for what is no list.
    pub items: fn(&str) -> Option<usize>,
    /// Where the root field of a name that tries a secret says whose: an argument, and keys in it. `None` for other fields.
    pub attempt: fn(&str) -> Option<&'static [&'static str]>,
}

impl Default for Tariff {
    fn default() -> Self {
        Self { base: |_| 1, items: |_| None, attempt: |_| None }
    }
}
