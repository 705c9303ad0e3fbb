//! Documents that pass the guard, and hostile ones that do not.

use async_graphql::Value;

use super::*;

fn refusal(query: &str) -> (String, Option<String>) {
    refusal_with(query, true)
}

/// The code and, of a limit, the name.
fn refusal_with(query: &str, introspect: bool) -> (String, Option<String>) {
    let error = check(query, introspect, &Limits::default()).expect_err("the document is refused");
    let extensions = error.extensions.expect("extensions");
    let text = |key| match extensions.get(key) {
        Some(Value::String(text)) => Some(text.clone()),
        _ => None,
    };
    (text("code").expect("a code"), text("limit"))
}

fn limit(name: &str) -> (String, Option<String>) {
    ("LIMIT_EXCEEDED".to_owned(), Some(name.to_owned()))
}

fn validation() -> (String, Option<String>) {
    ("GRAPHQL_VALIDATION_FAILED".to_owned(), None)
}

fn passes(query: &str) {
    if let Err(error) = check(query, true, &Limits::default()) {
        panic!("refused: {error:?}");
    }
}

/// `levels` fragments, each spreading the next one `times` times.
fn bomb(levels: usize, times: usize) -> String {
    let mut text = "{ ...f0 }".to_owned();
    for level in 0..levels {
        let spreads = format!("...f{} ", level + 1).repeat(times);
        text.push_str(&format!(" fragment f{level} on Query {{ {spreads} }}"));
    }
    text + &format!(" fragment f{levels} on Query {{ a }}")
}

#[test]
fn nested_lists_and_objects_are_refused_before_parsing() {
    let lists = format!("{{ product(id: {}{}) {{ id }} }}", "[".repeat(2_000), "]".repeat(2_000));
    assert_eq!(refusal(&lists), limit("bracketDepth"));
    let objects = format!("{{ a(b: {}1{}) }}", "{a:".repeat(2_000), "}".repeat(2_000));
    assert_eq!(refusal(&objects), limit("bracketDepth"));
    let default = format!("query($a: A = {}) {{ a }}", "[".repeat(2_000));
    assert_eq!(refusal(&default), limit("bracketDepth"));
    let behind_quotes = format!("{{ a(b: [\"\"\"\" {} ]) }}", "[".repeat(2_000));
    assert_eq!(refusal(&behind_quotes), limit("bracketDepth"));
}

#[test]
fn a_document_a_thousand_deep_is_refused() {
    let deep = format!("{}a{}", "{ a ".repeat(1_000), "}".repeat(1_000));
    assert_eq!(refusal(&deep), limit("bracketDepth"));
    let thirteen = format!("{}a{}", "{ a ".repeat(13), "}".repeat(13));
    assert_eq!(refusal(&thirteen), limit("depth"));
    passes(&format!("{}a{}", "{ a ".repeat(12), "}".repeat(12)));
}

#[test]
fn a_long_text_is_refused() {
    assert_eq!(refusal(&format!("{{ a {} }}", "@skip(if: true) ".repeat(350_000))), limit("queryBytes"));
    assert_eq!(refusal(&format!("{{ a {} }}", "@a ".repeat(101))), limit("directives"));
    assert_eq!(refusal(&format!("query {} {{ a }}", "@a ".repeat(101))), limit("directives"));
    assert_eq!(refusal(&format!("{{ a }} fragment f on Q {} {{ a }}", "@a ".repeat(101))), limit("directives"));
}

#[test]
fn fragment_bombs_are_refused_whatever_their_shape() {
    for (levels, times) in [(24, 2), (30, 2), (8, 50), (31, 3)] {
        assert_eq!(refusal(&bomb(levels, times)), limit("fragments"), "{levels} levels of {times}");
    }
    assert_eq!(refusal(&bomb(60, 2)), limit("fragmentDepth"));
    let unused = format!("{{ a }} {}", bomb(24, 2).replacen("{ ...f0 }", "", 1));
    assert_eq!(refusal(&unused), limit("fragments"));
    passes(&bomb(4, 2));
}

#[test]
fn a_chain_of_fragments_is_refused_in_either_order() {
    for reversed in [false, true] {
        let mut links: Vec<_> = (0..800).map(|n| format!("fragment f{n} on Q {{ ...f{} }}", n + 1)).collect();
        if reversed {
            links.reverse();
        }
        assert_eq!(refusal(&format!("{{ ...f0 }} {}", links.join(" "))), limit("fragmentDepth"));
    }
}

#[test]
fn fragment_cycles_are_refused_and_never_followed() {
    assert_eq!(refusal("{ ...a } fragment a on Q { ...b ...b } fragment b on Q { ...a ...a }"), validation());
    assert_eq!(refusal("{ x } fragment a on Q { b { ...a } }"), validation());
}

#[test]
fn aliases_fields_and_root_fields_are_counted_expanded() {
    let aliases: String = (0..10_000).map(|n| format!("a{n}:a ")).collect();
    assert_eq!(refusal(&format!("{{ x {{ {aliases} }} }}")).0, "LIMIT_EXCEEDED");
    let some: String = (0..30).map(|n| format!("a{n}:a ")).collect();
    assert_eq!(refusal(&format!("{{ x {{ ...f }} y {{ ...f }} }} fragment f on X {{ {some} }}")), limit("aliases"));
    let fields: String = (0..600).map(|n| format!("a{n} ")).collect();
    assert_eq!(refusal(&format!("{{ x {{ ...f }} y {{ ...f }} }} fragment f on X {{ {fields} }}")), limit("fields"));
    let root: String = (0..11).map(|n| format!("a{n} ")).collect();
    passes(&format!("{{ ...f }} fragment f on Q {{ {root} }}"));
    assert_eq!(refusal(&format!("{{ ...f ... {{ ...f }} }} fragment f on Q {{ {root} }}")), limit("rootFields"));
}

#[test]
fn overlapping_fields_are_refused() {
    assert_eq!(refusal(&format!("{{ x {{ {} }} }}", "a ".repeat(400))), limit("sameKey"));
    assert_eq!(refusal(&format!("{{ {} }}", "a ".repeat(400))), limit("rootFields"));
    passes(&format!("{{ x {{ {} }} }}", "id ".repeat(64)));
}

#[test]
fn a_mutation_selected_twice_is_refused() {
    assert_eq!(refusal("mutation { inc inc }"), validation());
    assert_eq!(refusal("mutation { inc ...f } fragment f on Mutation { inc }"), validation());
    assert_eq!(refusal("mutation { inc ... @include(if: true) { inc } }"), validation());
    passes("mutation { inc again: inc }");
}

#[test]
fn a_subscription_selects_one_field_directly() {
    assert_eq!(refusal("subscription { a b }"), validation());
    assert_eq!(refusal("subscription { ...f } fragment f on Subscription { a }"), validation());
    passes("subscription { a { b c } }");
}

#[test]
fn introspection_is_refused_without_the_right_to_it() {
    let disabled = ("INTROSPECTION_DISABLED".to_owned(), None);
    for query in [
        "{ __schema { types { name } } }",
        "{ x: __type(name: \"A\") { name } }",
        "{ _service { sdl } }",
        "{ ...f } fragment f on Query { ... { __schema { types { name } } } }",
    ] {
        assert_eq!(refusal_with(query, false), disabled, "{query}");
    }
    assert!(check("{ __typename a { __typename } }", false, &Limits::default()).is_ok());
}

#[test]
fn introspection_does_not_go_in_circles() {
    let nested = |lists: &[&str]| {
        let (open, close) = (lists.join(" { type { "), " } }".repeat(lists.len() - 1));
        format!("{{ __schema {{ types {{ {open} {{ name }} {close} }} }} }}")
    };
    passes(&nested(&["fields", "possibleTypes"]));
    assert_eq!(refusal(&nested(&["fields", "possibleTypes", "interfaces"])), limit("introspectionLists"));
    let spread = "{ __type(name: \"T\") { ...f } } fragment f on __Type { possibleTypes { interfaces { ...g } } }
                  fragment g on __Type { inputFields { name } }";
    assert_eq!(refusal(spread), limit("introspectionLists"));
    passes("{ a { fields { fields { fields { fields } } } } }");
}

#[test]
fn the_standard_introspection_query_passes() {
    passes(INTROSPECTION);
}

#[test]
fn an_unparsable_document_is_refused_with_its_place() {
    let error = check("{ a", true, &Limits::default()).expect_err("refused");
    assert!(!error.locations.is_empty());
    assert!(error.message.starts_with("Syntax error: expected "), "{}", error.message);
    assert_eq!(refusal("{ a"), ("GRAPHQL_PARSE_FAILED".to_owned(), None));
}

#[test]
fn the_operation_name_selects_the_operation() {
    let document = check("query A { a } mutation B { b }", true, &Limits::default()).expect("passes");
    assert_eq!(operation_type(&document, Some("A")), Some(OperationType::Query));
    assert_eq!(operation_type(&document, Some("B")), Some(OperationType::Mutation));
    assert_eq!(operation_type(&document, Some("C")), None);
    assert_eq!(operation_type(&document, None), None);
}

/// What graphql-js 16 sends by default.
const INTROSPECTION: &str = r"
query IntrospectionQuery {
  __schema {
    description
    queryType { name kind }
    mutationType { name kind }
    subscriptionType { name kind }
    types { ...FullType }
    directives { name description isRepeatable locations args(includeDeprecated: true) { ...InputValue } }
  }
}
fragment FullType on __Type {
  kind name description specifiedByURL isOneOf
  fields(includeDeprecated: true) {
    name description args(includeDeprecated: true) { ...InputValue } type { ...TypeRef } isDeprecated deprecationReason
  }
  inputFields(includeDeprecated: true) { ...InputValue }
  interfaces { ...TypeRef }
  enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason }
  possibleTypes { ...TypeRef }
}
fragment InputValue on __InputValue {
  name description type { ...TypeRef } defaultValue isDeprecated deprecationReason
}
fragment TypeRef on __Type {
  kind name
  ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name
    ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } } }
}";
