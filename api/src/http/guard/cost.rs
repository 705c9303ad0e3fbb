//! The cost of an operation: an upper bound of what it may ask for, from its document and variables alone.
//!
//! Each fragment is costed once, and every sum and product saturates.

use std::collections::HashMap;

use async_graphql::{
    ErrorExtensionValues, ServerError, Value as ConstValue, Variables,
    parser::types::{ExecutableDocument, Field, Selection, SelectionSet},
};
use async_graphql_value::Value;

use super::{
    super::{limits::Limits, tariff::Tariff},
    Given, at_most, selected,
};

/// Items of a connection without a page size and without an entry in the tariff.
const PAGE_DEFAULT: usize = 20;

/// What the operation that `operation_name` selects costs; `None` if it selects none.
///
/// # Errors
///
/// `LIMIT_EXCEEDED` for a page size, or a number of representations, beyond the limit.
pub(in super::super) fn cost(
    document: &ExecutableDocument,
    operation_name: Option<&str>,
    variables: &Variables,
    tariff: &Tariff,
    limits: &Limits,
) -> Result<Option<usize>, ServerError> {
    let Some(operation) = selected(document, operation_name) else { return Ok(None) };
    let given = Given { operation, variables };
    let mut costs = Costs { document, given, tariff, limits, fragments: HashMap::new() };
    costs.selection_set(&operation.selection_set.node).map(|cost| Some(cost.total(1)))
}

/// The cost of a selection set.
#[derive(Clone, Copy, Default)]
struct Cost {
    once: usize,
    /// Of `nodes` and `edges`, for each item of the connection that they belong to.
    per_item: Option<usize>,
}

impl Cost {
    fn add(&mut self, other: Self) {
        self.once = self.once.saturating_add(other.once);
        if let Some(more) = other.per_item {
            self.per_item = Some(self.per_item.unwrap_or_default().saturating_add(more));
        }
    }

    fn total(self, items: usize) -> usize {
        self.once.saturating_add(self.per_item.unwrap_or_default().saturating_mul(items))
    }
}

struct Costs<'a> {
    document: &'a ExecutableDocument,
    given: Given<'a>,
    tariff: &'a Tariff,
    limits: &'a Limits,
    fragments: HashMap<&'a str, Cost>,
}

impl<'a> Costs<'a> {
    fn selection_set(&mut self, set: &'a SelectionSet) -> Result<Cost, ServerError> {
        let mut cost = Cost::default();
        for selection in &set.items {
            cost.add(match &selection.node {
                Selection::Field(field) => self.field(&field.node)?,
                Selection::InlineFragment(inline) => self.selection_set(&inline.node.selection_set.node)?,
                Selection::FragmentSpread(spread) => self.fragment(&spread.node.fragment_name.node)?,
            });
        }
        Ok(cost)
    }

    fn fragment(&mut self, name: &'a str) -> Result<Cost, ServerError> {
        if let Some(cost) = self.fragments.get(name) {
            return Ok(*cost);
        }
        let Some(fragment) = self.document.fragments.get(name) else { return Ok(Cost::default()) };
        let cost = self.selection_set(&fragment.node.selection_set.node)?;
        self.fragments.insert(name, cost);
        Ok(cost)
    }

    fn field(&mut self, field: &'a Field) -> Result<Cost, ServerError> {
        let name = field.name.node.as_str();
        let items = self.items(field)?.or_else(|| (self.tariff.items)(name));
        let children = self.selection_set(&field.selection_set.node)?;
        let children = match children.per_item {
            Some(_) => children.total(items.unwrap_or(PAGE_DEFAULT)),
            None => children.once.saturating_mul(items.unwrap_or(1)),
        };
        let total = (self.tariff.base)(name).saturating_add(children);
        Ok(match name {
            "nodes" | "edges" => Cost { once: 0, per_item: Some(total) },
            _ => Cost { once: total, per_item: None },
        })
    }

    /// How many items the field's arguments ask for, if they do. What is of another type is left to validation.
    fn items(&self, field: &Field) -> Result<Option<usize>, ServerError> {
        let mut largest = None;
        for (name, value) in &field.arguments {
            let (name, value) = (name.node.as_str(), &value.node);
            let (limit, count, maximum) = match name {
                "first" | "last" => ("pageSize", self.number(value), self.limits.page_size),
                "ids" => ("pageSize", self.length(value), self.limits.page_size),
                "representations" => ("representations", self.length(value), self.limits.representations),
                _ => continue,
            };
            let Some(count) = count else { continue };
            at_most(limit, count, maximum).map_err(|mut refused| {
                let extensions = refused.extensions.get_or_insert_with(ErrorExtensionValues::default);
                extensions.set("argumentPath", ConstValue::List(vec![ConstValue::from(name)]));
                refused
            })?;
            largest = largest.max(Some(count));
        }
        Ok(largest)
    }

    /// A page size; one below 1 counts as 1, as resolvers refuse it and return nothing.
    fn number(&self, value: &Value) -> Option<usize> {
        let number = match value {
            Value::Number(number) => number,
            Value::Variable(name) => match self.given.variable(name)? {
                ConstValue::Number(number) => number,
                _ => return None,
            },
            _ => return None,
        };
        match number.as_i64()? {
            count if count < 1 => Some(1),
            count => i32::try_from(count).ok().and_then(|count| usize::try_from(count).ok()),
        }
    }

    fn length(&self, value: &Value) -> Option<usize> {
        match value {
            Value::List(values) => Some(values.len()),
            Value::Variable(name) => match self.given.variable(name)? {
                ConstValue::List(values) => Some(values.len()),
                _ => None,
            },
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::{Value, value};

    use super::{super::check, *};

    /// `lines` are taken to be 10, `buy` costs 50.
    const TARIFF: Tariff = Tariff {
        base: |field| if field == "buy" { 50 } else { 1 },
        items: |field| (field == "lines").then_some(10),
        attempt: |_| None,
    };

    fn try_cost(query: &str, variables: Value) -> Result<usize, String> {
        let limits = Limits::default();
        let document = check(query, true, &limits).expect("passes the guard");
        match cost(&document, None, &Variables::from_value(variables), &TARIFF, &limits) {
            Ok(cost) => Ok(cost.expect("an operation")),
            Err(error) => Err(format!("{:?}", error.extensions.expect("extensions").get("limit").expect("a limit"))),
        }
    }

    fn cost_of(query: &str) -> usize {
        try_cost(query, value!({})).expect("a cost")
    }

    #[test]
    fn a_field_costs_one_and_a_list_as_often_its_children_as_it_has_items() {
        assert_eq!(cost_of("{ a b { c d } }"), 4);
        assert_eq!(cost_of("{ things(first: 24) { a b } }"), 1 + 24 * 2);
        assert_eq!(cost_of("{ things(first: 2, last: 3) { a } }"), 1 + 3);
        assert_eq!(cost_of("{ lines { a b } }"), 1 + 10 * 2, "by the tariff");
        assert_eq!(cost_of("{ lines(first: 3) { a } }"), 1 + 3, "a page size wins");
        assert_eq!(cost_of("mutation { buy { id } }"), 50 + 1);
        assert_eq!(cost_of("{ nodes(ids: [1, 2, 3]) { id } }"), 1 + 3);
    }

    #[test]
    fn of_a_connection_only_its_items_are_multiplied() {
        // 1 + totalCount + pageInfo and its child + 24 times (nodes + a + variants, and 4 times (nodes + id)).
        let list = "{ p(first: 24) { totalCount pageInfo { endCursor } nodes { a v(first: 4) { nodes { id } } } } }";
        assert_eq!(cost_of(list), 1 + 1 + 2 + 24 * (1 + 1 + 1 + 4 * 2));
        assert_eq!(cost_of("{ p(first: 5) { edges { cursor node { a } } } }"), 1 + 5 * 4);
        assert_eq!(cost_of("{ p { nodes { a } } }"), 1 + 20 * 2, "without a size it is 20");
        assert_eq!(cost_of("{ p(first: 5) { ...f x } } fragment f on P { nodes { a } }"), 1 + 5 * 2 + 1);
    }

    #[test]
    fn variables_and_their_defaults_are_page_sizes_too() {
        let query = "query($n: Int = 7) { p(first: $n) { a } }";
        assert_eq!(try_cost(query, value!({"n": 3})), Ok(1 + 3));
        assert_eq!(try_cost(query, value!({})), Ok(1 + 7));
        assert_eq!(try_cost(query, value!({"n": null})), Ok(1 + 1));
        assert_eq!(try_cost("query($n: Int) { p(first: $n) { nodes { a } } }", value!({})), Ok(1 + 20 * 2));
        assert_eq!(try_cost("query($i: [ID!]!) { nodes(ids: $i) { id } }", value!({"i": ["a", "b"]})), Ok(1 + 2));
        assert_eq!(try_cost(query, value!({"n": "three"})), Ok(1 + 1), "left to validation");
    }

    #[test]
    fn a_page_size_is_checked_before_it_is_used() {
        for size in ["101", "2147483647"] {
            assert_eq!(
                try_cost(&format!("{{ p(first: {size}) {{ a }} }}"), value!({})),
                Err("String(\"pageSize\")".into())
            );
        }
        assert_eq!(cost_of("{ p(first: 0) { a } q(last: -5) { a } r(first: -9223372036854775808) { a } }"), 6);
        let no_ints = ["2147483648", "9223372036854775807", "18446744073709551615"];
        assert!(
            no_ints.iter().all(|size| cost_of(&format!("{{ p(first: {size}) {{ a }} }}")) == 2),
            "left to validation"
        );
    }

    #[test]
    fn representations_are_items_and_have_a_limit_of_their_own() {
        let query = "query($r: [_Any!]!) { _entities(representations: $r) { ... on P { a b } } }";
        let many = |count| value!({"r": Value::List(vec![value!({"id": "x"}); count])});
        assert_eq!(try_cost(query, many(1_000)), Ok(1 + 1_000 * 2));
        assert_eq!(try_cost(query, many(1_001)), Err("String(\"representations\")".into()));
        assert_eq!(cost_of("{ _entities(representations: [{id: 1}, {id: 2}]) { a } }"), 1 + 2);
        assert_eq!(cost_of("{ _entities(representations: {id: 1}) { a } }"), 2, "one alone is a list of one");
    }

    #[test]
    fn products_of_page_sizes_saturate() {
        let lists = "l(first: 100) { ".repeat(11);
        assert_eq!(cost_of(&format!("{{ {lists} a {} }}", "}".repeat(11))), usize::MAX);
    }

    #[test]
    fn only_the_selected_operation_is_costed() {
        let limits = Limits::default();
        let document = check("query A { a } query B { a b { c } }", true, &limits).expect("passes");
        let cost = |name| cost(&document, name, &Variables::default(), &TARIFF, &limits).expect("a cost");
        assert_eq!((cost(Some("A")), cost(Some("B")), cost(Some("C")), cost(None)), (Some(1), Some(3), None, None));
    }
}
