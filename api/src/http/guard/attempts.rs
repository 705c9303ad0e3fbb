//! Fields of an operation that try a secret, such as a password: they are found before anything runs.

use async_graphql::{Value as ConstValue, Variables, parser::types::ExecutableDocument};
use async_graphql_value::Value;

use super::{super::tariff::Tariff, Given, expand::collect, selected};

/// One attempt: the field, and whom it is about, if its arguments say.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(in super::super) struct Attempt {
    field: String,
    subject: Option<String>,
}

impl Attempt {
    /// Whether the arguments say whom it is about.
    pub(in super::super) fn has_subject(&self) -> bool {
        self.subject.is_some()
    }
}

/// The attempts among the root fields of the operation that `operation_name` selects.
pub(in super::super) fn attempts(
    document: &ExecutableDocument,
    operation_name: Option<&str>,
    variables: &Variables,
    tariff: &Tariff,
) -> Vec<Attempt> {
    let Some(operation) = selected(document, operation_name) else { return Vec::new() };
    let given = Given { operation, variables };
    let mut fields = Vec::new();
    collect(document, &operation.selection_set.node, &mut fields);
    let attempts = fields.into_iter().filter_map(|field| {
        let name = field.name.node.as_str();
        let [argument, path @ ..] = (tariff.attempt)(name)? else { return None };
        let subject = field.get_argument(argument).and_then(|value| text(&value.node, path, &given));
        let subject = subject.map(|text| text.trim().to_lowercase());
        Some(Attempt { field: name.to_owned(), subject })
    });
    attempts.collect()
}

/// The text below `path` in a value.
fn text<'a>(value: &'a Value, path: &[&str], given: &Given<'a>) -> Option<&'a str> {
    match (value, path) {
        (Value::Variable(name), _) => const_text(given.variable(name)?, path),
        (Value::String(text), []) => Some(text),
        (Value::Object(entries), [key, path @ ..]) => text(entries.get(*key)?, path, given),
        _ => None,
    }
}

fn const_text<'a>(value: &'a ConstValue, path: &[&str]) -> Option<&'a str> {
    match (value, path) {
        (ConstValue::String(text), []) => Some(text),
        (ConstValue::Object(entries), [key, path @ ..]) => const_text(entries.get(*key)?, path),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::{Value, value};

    use super::{
        super::{super::limits::Limits, check},
        *,
    };

    const TARIFF: Tariff =
        Tariff { base: |_| 1, items: |_| None, attempt: |field| (field == "signIn").then_some(&["input", "email"]) };

    fn subjects(query: &str, variables: Value) -> Vec<Option<String>> {
        let document = check(query, true, &Limits::default()).expect("passes the guard");
        let found = attempts(&document, None, &Variables::from_value(variables), &TARIFF);
        found.into_iter().map(|attempt| attempt.subject).collect()
    }

    #[test]
    fn an_attempt_is_found_wherever_its_name_is_written() {
        let ada = || vec![Some("ada@example.org".to_owned())];
        assert_eq!(
            subjects(r#"mutation { signIn(input: {email: " Ada@Example.org", password: "x"}) { a } }"#, value!({})),
            ada()
        );
        let query = "mutation($e: String!, $p: String) { x: signIn(input: {email: $e, password: $p}) { a } }";
        assert_eq!(subjects(query, value!({"e": "ada@example.org"})), ada());
        let query = "mutation($i: I!) { ...f } fragment f on Mutation { ... { signIn(input: $i) { a } } }";
        assert_eq!(subjects(query, value!({"i": {"email": "ADA@example.org"}})), ada());
        let query = r#"mutation($i: I = {email: "ada@example.org"}) { signIn(input: $i) { a } }"#;
        assert_eq!(subjects(query, value!({})), ada());
    }

    #[test]
    fn each_field_is_an_attempt_and_others_are_none() {
        let query = r#"mutation { a: signIn(input: {email: "a"}) { a } b: signIn(input: {email: 7}) { a } inc }"#;
        assert_eq!(subjects(query, value!({})), [Some("a".to_owned()), None]);
        assert!(subjects("{ inc signOut }", value!({})).is_empty());
    }
}
