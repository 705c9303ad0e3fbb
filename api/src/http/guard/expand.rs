//! Rules on the response keys of expanded selection sets; only for documents whose measured size is small.

use std::collections::HashMap;

use async_graphql::{
    ServerError,
    parser::types::{ExecutableDocument, Field, OperationDefinition, OperationType, Selection, SelectionSet},
};

use super::{
    super::{
        error::{Code, error},
        limits::Limits,
    },
    at_most,
};

/// Checks the root fields and the repeated response keys of every operation.
pub(super) fn check(document: &ExecutableDocument, limits: &Limits) -> Result<(), ServerError> {
    for (_, operation) in document.operations.iter() {
        let mut root = Vec::new();
        collect(document, &operation.node.selection_set.node, &mut root);
        at_most("rootFields", root.len(), limits.root_fields)?;
        check_root(&operation.node, &root)?;
        check_keys(document, root, limits)?;
    }
    Ok(())
}

/// The fields of `set`, those of its fragments among them.
pub(super) fn collect<'a>(document: &'a ExecutableDocument, set: &'a SelectionSet, fields: &mut Vec<&'a Field>) {
    for selection in &set.items {
        match &selection.node {
            Selection::Field(field) => fields.push(&field.node),
            Selection::InlineFragment(inline) => collect(document, &inline.node.selection_set.node, fields),
            Selection::FragmentSpread(spread) => {
                if let Some(fragment) = document.fragments.get(&spread.node.fragment_name.node) {
                    collect(document, &fragment.node.selection_set.node, fields);
                }
            }
        }
    }
}

/// The executor runs a mutation field as often as it is selected, and a subscription only where its one field is direct.
fn check_root(operation: &OperationDefinition, root: &[&Field]) -> Result<(), ServerError> {
    match operation.ty {
        OperationType::Query => Ok(()),
        OperationType::Mutation => {
            match occurrences(root).into_iter().find(|(key, count)| *count > 1 && *key != "__typename") {
                Some((key, _)) => Err(error(
                    Code::ValidationFailed,
                    format!("The mutation \"{key}\" is selected more than once; give each its own alias."),
                )),
                None => Ok(()),
            }
        }
        OperationType::Subscription => match operation.selection_set.node.items.as_slice() {
            [selection] if matches!(selection.node, Selection::Field(_)) => Ok(()),
            _ => Err(error(Code::ValidationFailed, "A subscription selects exactly one field, and directly.")),
        },
    }
}

fn check_keys(document: &ExecutableDocument, fields: Vec<&Field>, limits: &Limits) -> Result<(), ServerError> {
    let most = occurrences(&fields).into_values().max().unwrap_or_default();
    at_most("sameKey", most, limits.same_key)?;
    for field in fields {
        let mut children = Vec::new();
        collect(document, &field.selection_set.node, &mut children);
        if !children.is_empty() {
            check_keys(document, children, limits)?;
        }
    }
    Ok(())
}

fn occurrences<'a>(fields: &[&'a Field]) -> HashMap<&'a str, usize> {
    let mut counts = HashMap::new();
    for field in fields {
        *counts.entry(field.response_key().node.as_str()).or_default() += 1;
    }
    counts
}
