//! Decides on a document before anything costly is done with it: text, then shape, then the library's validation.
//!
//! The library's parser recurses on brackets and its validation expands every fragment spread, so neither may see a
//! document that has not passed here.

mod attempts;
mod cost;
mod expand;
mod measure;
mod parsed;
mod scan;
mod values;

use async_graphql::{
    Name, ServerError, Value, Variables,
    parser::{
        parse_query,
        types::{DocumentOperations, ExecutableDocument, OperationDefinition, OperationType},
    },
};

pub(super) use self::{
    attempts::{Attempt, attempts},
    cost::cost,
    parsed::ParsedDocuments,
    values::check_values,
};
use super::{
    error::{Code, error, limit_exceeded, shortened},
    limits::Limits,
};

/// Parses `query` if its text is within the limits, and returns the document if its shape is.
///
/// # Errors
///
/// One error with a code: `LIMIT_EXCEEDED`, `GRAPHQL_PARSE_FAILED`, `GRAPHQL_VALIDATION_FAILED` or, where `introspect` is
/// false and the document asks for the schema, `INTROSPECTION_DISABLED`.
pub(super) fn check(query: &str, introspect: bool, limits: &Limits) -> Result<ExecutableDocument, ServerError> {
    at_most("queryBytes", query.len(), limits.query_bytes)?;
    at_most("bracketDepth", scan::bracket_depth(query), limits.bracket_depth)?;
    let document = parse_query(query).map_err(|parser| {
        let mut refused = error(Code::ParseFailed, format!("Syntax error: {}", syntax(&parser.to_string())));
        refused.locations = parser.positions().collect();
        refused
    })?;
    measure::check(&document, introspect, limits)?;
    expand::check(&document, limits)?;
    Ok(document)
}

/// The operation that `operation_name` selects, if it selects one.
fn selected<'a>(document: &'a ExecutableDocument, operation_name: Option<&str>) -> Option<&'a OperationDefinition> {
    let operation = match (&document.operations, operation_name) {
        (DocumentOperations::Single(operation), None) => Some(operation),
        (DocumentOperations::Single(_), Some(_)) => None,
        (DocumentOperations::Multiple(operations), Some(name)) => operations.get(name),
        (DocumentOperations::Multiple(operations), None) if operations.len() == 1 => operations.values().next(),
        (DocumentOperations::Multiple(_), None) => None,
    };
    operation.map(|operation| &operation.node)
}

/// An operation and the values it was given.
struct Given<'a> {
    operation: &'a OperationDefinition,
    variables: &'a Variables,
}

impl<'a> Given<'a> {
    /// The value of a variable, or its default.
    fn variable(&self, name: &Name) -> Option<&'a Value> {
        let definition = self.operation.variable_definitions.iter().find(|it| it.node.name.node == *name)?;
        let default = definition.node.default_value.as_ref().map(|value| &value.node);
        self.variables.get(name).or(default)
    }
}

/// The kind of the operation that `operation_name` selects; `None` if it selects none.
pub(super) fn operation_type(document: &ExecutableDocument, operation_name: Option<&str>) -> Option<OperationType> {
    selected(document, operation_name).map(|operation| operation.ty)
}

/// The name of the operation that `operation_name` selects, where it has one.
pub(super) fn operation_label<'a>(
    document: &'a ExecutableDocument,
    operation_name: Option<&'a str>,
) -> Option<&'a str> {
    match &document.operations {
        DocumentOperations::Multiple(operations) if operations.len() == 1 => operations.keys().next().map(Name::as_str),
        DocumentOperations::Multiple(operations) => operation_name.filter(|it| operations.contains_key(*it)),
        DocumentOperations::Single(_) => None,
    }
}

/// Checks that the selected operation's required variables are there: the executor would fail their fields only.
///
/// # Errors
///
/// `BAD_USER_INPUT` for the first one that is missing or null.
pub(super) fn check_variables(
    document: &ExecutableDocument,
    operation_name: Option<&str>,
    variables: &Variables,
) -> Result<(), ServerError> {
    let definitions = selected(document, operation_name).map(|operation| operation.variable_definitions.as_slice());
    for definition in definitions.unwrap_or_default() {
        let variable = &definition.node;
        let value = variables.get(&variable.name.node);
        let missing = match value {
            None => variable.default_value.is_none(),
            Some(value) => *value == Value::Null,
        };
        if missing && !variable.var_type.node.nullable {
            let (name, kind) = (&variable.name.node, &variable.var_type.node);
            let mut refused =
                error(Code::BadUserInput, format!("Variable \"${name}\" of required type \"{kind}\" is missing."));
            refused.locations = vec![definition.pos];
            return Err(refused);
        }
    }
    Ok(())
}

/// What is wrong, without the quotation of the document around it.
fn syntax(message: &str) -> String {
    shortened(message.lines().last().unwrap_or_default().trim_start_matches([' ', '=']).to_owned())
}

fn at_most(limit: &str, value: usize, maximum: usize) -> Result<(), ServerError> {
    if value > maximum { Err(limit_exceeded(limit, value, maximum)) } else { Ok(()) }
}

#[cfg(test)]
mod tests;
