//! The size of a document once its fragments are expanded, computed without expanding them.
//!
//! Each fragment is measured once, so the cost is linear in the text whatever the expansion would be.

use std::collections::HashMap;

use async_graphql::{
    Positioned, ServerError,
    parser::types::{ExecutableDocument, Field, FragmentDefinition, Selection, SelectionSet},
};

use super::{
    super::{
        error::{Code, error},
        limits::Limits,
    },
    at_most,
};

/// Checks every operation and every fragment of `document`, unused ones too: validation visits those as well.
pub(super) fn check(document: &ExecutableDocument, introspect: bool, limits: &Limits) -> Result<(), ServerError> {
    let mut measurer = Measurer { document, introspect, limits, fragments: HashMap::new(), directives: 0 };
    for (_, operation) in document.operations.iter() {
        let operation = &operation.node;
        measurer.count_directives(operation.directives.len())?;
        for variable in &operation.variable_definitions {
            measurer.count_directives(variable.node.directives.len())?;
        }
        let size = measurer.selection_set(&operation.selection_set.node, 0)?;
        at_most("depth", size.depth, limits.depth)?;
        at_most("introspectionDepth", size.introspection_depth, limits.introspection_depth)?;
    }
    for (name, fragment) in &document.fragments {
        measurer.fragment(name, fragment, 0)?;
    }
    Ok(())
}

/// Sizes of a selection set, fragments expanded.
#[derive(Clone, Copy, Default)]
struct Size {
    depth: usize,
    introspection_depth: usize,
    introspection_lists: usize,
    fields: usize,
    fragments: usize,
    fragment_depth: usize,
    aliases: usize,
}

impl Size {
    fn add(&mut self, other: Self) {
        self.depth = self.depth.max(other.depth);
        self.introspection_depth = self.introspection_depth.max(other.introspection_depth);
        self.introspection_lists = self.introspection_lists.max(other.introspection_lists);
        self.fields = self.fields.saturating_add(other.fields);
        self.fragments = self.fragments.saturating_add(other.fragments);
        self.fragment_depth = self.fragment_depth.max(other.fragment_depth);
        self.aliases = self.aliases.saturating_add(other.aliases);
    }
}

/// The fields of introspection that lead from each type to many, and back.
const INTROSPECTION_LISTS: [&str; 4] = ["fields", "inputFields", "interfaces", "possibleTypes"];

struct Measurer<'a> {
    document: &'a ExecutableDocument,
    introspect: bool,
    limits: &'a Limits,
    /// `None` while a fragment is being measured: meeting it again is a cycle.
    fragments: HashMap<&'a str, Option<Size>>,
    directives: usize,
}

impl<'a> Measurer<'a> {
    /// `nesting` is how many named fragments the selection set is in.
    fn selection_set(&mut self, set: &'a SelectionSet, nesting: usize) -> Result<Size, ServerError> {
        let mut size = Size::default();
        for selection in &set.items {
            self.count_directives(selection.node.directives().len())?;
            size.add(match &selection.node {
                Selection::Field(field) => self.field(field, nesting)?,
                Selection::InlineFragment(inline) => {
                    let mut size = self.selection_set(&inline.node.selection_set.node, nesting)?;
                    size.fragments = size.fragments.saturating_add(1);
                    size
                }
                Selection::FragmentSpread(spread) => {
                    let name = spread.node.fragment_name.node.as_str();
                    let mut size = match self.document.fragments.get(name) {
                        Some(fragment) => self.fragment(name, fragment, nesting)?,
                        None => Size::default(),
                    };
                    size.fragments = size.fragments.saturating_add(1);
                    size
                }
            });
            at_most("fields", size.fields, self.limits.fields)?;
            at_most("fragments", size.fragments, self.limits.fragments)?;
            at_most("fragmentDepth", size.fragment_depth, self.limits.fragment_depth)?;
            at_most("aliases", size.aliases, self.limits.aliases)?;
        }
        Ok(size)
    }

    fn field(&mut self, field: &'a Positioned<Field>, nesting: usize) -> Result<Size, ServerError> {
        let name = field.node.name.node.as_str();
        let introspection = matches!(name, "__schema" | "__type");
        if !self.introspect && (introspection || name == "_service") {
            let mut refused = error(Code::IntrospectionDisabled, "Introspection is not allowed.");
            refused.locations = vec![field.pos];
            return Err(refused);
        }
        let mut size = self.selection_set(&field.node.selection_set.node, nesting)?;
        size.depth = size.depth.saturating_add(1);
        size.introspection_lists += usize::from(INTROSPECTION_LISTS.contains(&name));
        if introspection {
            at_most("introspectionLists", size.introspection_lists, self.limits.introspection_lists)?;
            size.introspection_depth = size.introspection_depth.max(size.depth);
            size.depth = 1;
        }
        size.fields = size.fields.saturating_add(1);
        size.aliases = size.aliases.saturating_add(usize::from(field.node.alias.is_some()));
        Ok(size)
    }

    fn fragment(
        &mut self,
        name: &'a str,
        fragment: &'a Positioned<FragmentDefinition>,
        nesting: usize,
    ) -> Result<Size, ServerError> {
        match self.fragments.get(name) {
            Some(Some(size)) => return Ok(*size),
            Some(None) => {
                let mut refused = error(Code::ValidationFailed, format!("Fragment \"{name}\" spreads itself."));
                refused.locations = vec![fragment.pos];
                return Err(refused);
            }
            None => {}
        }
        let nesting = nesting + 1;
        at_most("fragmentDepth", nesting, self.limits.fragment_depth)?;
        self.fragments.insert(name, None);
        self.count_directives(fragment.node.directives.len())?;
        let mut size = self.selection_set(&fragment.node.selection_set.node, nesting)?;
        size.fragment_depth += 1;
        self.fragments.insert(name, Some(size));
        Ok(size)
    }

    fn count_directives(&mut self, count: usize) -> Result<(), ServerError> {
        self.directives = self.directives.saturating_add(count);
        at_most("directives", self.directives, self.limits.directives)
    }
}
