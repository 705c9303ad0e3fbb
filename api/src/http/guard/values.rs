//! How many values the variables of a document bring into it: validation and execution copy them at every use.
//!
//! Each fragment is looked at once, and every sum saturates.

use std::collections::HashMap;

use async_graphql::{
    Positioned, ServerError, Value as ConstValue, Variables,
    parser::types::{Directive, ExecutableDocument, Selection, SelectionSet},
};
use async_graphql_value::Value;

use super::{super::limits::Limits, at_most};

/// How many bytes of text weigh as much as one more value.
const TEXT_UNIT: usize = 1_024;

/// Checks how many values `variables` bring in, in all operations and fragments: validation visits them all.
///
/// # Errors
///
/// `LIMIT_EXCEEDED`.
pub(in super::super) fn check_values(
    document: &ExecutableDocument,
    variables: &Variables,
    limits: &Limits,
) -> Result<(), ServerError> {
    let mut uses = Uses { document, weights: weights(document, variables), fragments: HashMap::new() };
    let mut total: usize = 0;
    for (_, operation) in document.operations.iter() {
        let operation = &operation.node;
        total = total.saturating_add(uses.directives(&operation.directives));
        total = total.saturating_add(uses.selection_set(&operation.selection_set.node));
    }
    for name in document.fragments.keys() {
        total = total.saturating_add(uses.fragment(name));
    }
    at_most("values", total, limits.values)
}

/// What each variable weighs, with its value or its heaviest default.
fn weights<'a>(document: &'a ExecutableDocument, variables: &'a Variables) -> HashMap<&'a str, usize> {
    let given = variables.iter().map(|(name, value)| (name.as_str(), value));
    let definitions = document.operations.iter().flat_map(|(_, operation)| &operation.node.variable_definitions);
    let defaults = definitions.filter_map(|definition| {
        let definition = &definition.node;
        Some((definition.name.node.as_str(), &definition.default_value.as_ref()?.node))
    });
    let mut weights = HashMap::new();
    for (name, value) in given.chain(defaults) {
        let heaviest = weights.entry(name).or_default();
        *heaviest = weight(value).max(*heaviest);
    }
    weights
}

/// How many values there are in `value`, itself included; a long text counts as several.
fn weight(value: &ConstValue) -> usize {
    let below = match value {
        ConstValue::String(text) => text.len() / TEXT_UNIT,
        ConstValue::List(values) => values.iter().map(weight).sum(),
        ConstValue::Object(entries) => entries.iter().map(|(key, value)| key.len() / TEXT_UNIT + weight(value)).sum(),
        _ => 0,
    };
    1 + below
}

struct Uses<'a> {
    document: &'a ExecutableDocument,
    weights: HashMap<&'a str, usize>,
    fragments: HashMap<&'a str, usize>,
}

impl<'a> Uses<'a> {
    fn selection_set(&mut self, set: &'a SelectionSet) -> usize {
        set.items.iter().fold(0, |total, selection| {
            let directives = self.directives(selection.node.directives());
            let more = match &selection.node {
                Selection::Field(field) => {
                    let arguments = field.node.arguments.iter().map(|(_, value)| self.value(&value.node));
                    arguments
                        .fold(0, usize::saturating_add)
                        .saturating_add(self.selection_set(&field.node.selection_set.node))
                }
                Selection::InlineFragment(inline) => self.selection_set(&inline.node.selection_set.node),
                Selection::FragmentSpread(spread) => self.fragment(&spread.node.fragment_name.node),
            };
            total.saturating_add(directives).saturating_add(more)
        })
    }

    fn fragment(&mut self, name: &'a str) -> usize {
        if let Some(total) = self.fragments.get(name) {
            return *total;
        }
        let Some(fragment) = self.document.fragments.get(name) else { return 0 };
        let directives = self.directives(&fragment.node.directives);
        let total = directives.saturating_add(self.selection_set(&fragment.node.selection_set.node));
        self.fragments.insert(name, total);
        total
    }

    fn directives(&self, directives: &[Positioned<Directive>]) -> usize {
        let arguments = directives.iter().flat_map(|directive| &directive.node.arguments);
        arguments.fold(0, |total, (_, value)| total.saturating_add(self.value(&value.node)))
    }

    fn value(&self, value: &Value) -> usize {
        match value {
            Value::Variable(name) => self.weights.get(name.as_str()).copied().unwrap_or_default(),
            Value::List(values) => values.iter().fold(0, |total, value| total.saturating_add(self.value(value))),
            Value::Object(entries) => entries.values().fold(0, |total, value| total.saturating_add(self.value(value))),
            _ => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::value;

    use super::{super::check, *};

    /// The values that are counted; a limit of 0 tells them.
    fn values(query: &str, variables: ConstValue) -> u64 {
        let document = check(query, true, &Limits::default()).expect("passes the guard");
        let limits = Limits { values: 0, ..Limits::default() };
        let refused = check_values(&document, &Variables::from_value(variables), &limits).err();
        let extensions = refused.and_then(|refused| refused.extensions);
        match extensions.as_ref().and_then(|extensions| extensions.get("value")) {
            Some(ConstValue::Number(count)) => count.as_u64().expect("a count"),
            _ => 0,
        }
    }

    #[test]
    fn values_count_as_often_as_they_are_used() {
        let list = || value!({"v": [1, [2, 3], {"a": null}]});
        assert_eq!(values("query($v: V) { a(b: $v) }", list()), 7);
        assert_eq!(values("query($v: V) { a(b: $v, c: [$v, {d: $v}]) }", list()), 3 * 7);
        assert_eq!(values("query($v: V) { a { b @x(y: $v) ... @x(y: $v) { c } } }", list()), 2 * 7);
        assert_eq!(values("query($v: V) @x(y: $v) { a }", list()), 7);
        assert_eq!(values("query($v: V) { a }", list()), 0, "it is not used");
        assert_eq!(
            values("{ a(b: $v, c: [1, 2]) }", value!({})),
            0,
            "it is not there, and literals are bounded by the text"
        );
    }

    #[test]
    fn values_in_fragments_count_as_often_as_these_are_spread() {
        let query = "query($v: V) { ...f x { ...f } } fragment f on Q { a(b: $v) ...g } fragment g on Q { c(d: $v) }";
        // Twice two uses, and what validation does on the fragments themselves: two uses in the first, one in the second.
        assert_eq!(values(query, value!({"v": 1})), 2 * 2 + 2 + 1);
    }

    #[test]
    fn defaults_count_and_long_texts_count_as_several() {
        assert_eq!(values("query($v: V = [1, 2]) { a(b: $v) }", value!({})), 3);
        assert_eq!(values("query($v: V) { a(b: $v) }", value!({"v": "x".repeat(2 * TEXT_UNIT)})), 3);
    }

    #[test]
    fn a_thousand_representations_pass_and_many_uses_of_them_do_not() {
        let representation = value!({"__typename": "Product", "id": "prod_01h455vb4pex5vsknk084sn02q"});
        let variables = || Variables::from_value(value!({"r": ConstValue::List(vec![representation.clone(); 1_000])}));
        let used = |times: usize| {
            let fields: String =
                (0..times).map(|n| format!("a{n}: _entities(representations: $r) {{ id }} ")).collect();
            let query = format!("query($r: [_Any!]!) {{ {fields} }}");
            let document = check(&query, true, &Limits::default()).expect("passes the guard");
            check_values(&document, &variables(), &Limits::default())
        };
        assert!(used(10).is_ok() && used(20).is_err());
    }
}
