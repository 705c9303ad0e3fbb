//! The schema as text: the contract, and the subgraph that Comptoir is to a federation.

use std::{borrow::Cow, collections::HashSet};

use async_graphql::{
    Context, ContextDirective, CustomDirective, CustomDirectiveFactory, SDLExportOptions, ServerError, ServerResult,
    parser::types::Directive,
    registry::{MetaType, Registry},
};

use super::{builder, node::ENTITIES};

/// The contract, with types by name and fields in the order of their declaration; of the federation it has nothing.
#[must_use]
pub fn sdl() -> String {
    export(contract, SDLExportOptions::new())
}

/// The subgraph, with everything that anybody may see.
#[must_use]
pub fn federated_sdl() -> String {
    subgraph_sdl(Hidden::default())
}

/// The subgraph without what is hidden. It has no subscriptions: routers do not take them.
pub(super) fn subgraph_sdl(hidden: Hidden) -> String {
    let edit = move |registry: &mut Registry| {
        hidden.remove_from(registry);
        subgraph(registry);
    };
    export(edit, SDLExportOptions::new().federation())
}

/// Fields that a caller may not see, with their types.
#[derive(Default)]
pub(super) struct Hidden(HashSet<(String, String)>);

impl Hidden {
    fn remove_from(&self, registry: &mut Registry) {
        let Self(hidden) = self;
        for definition in registry.types.values_mut() {
            let name = definition.name().to_owned();
            if let MetaType::Object { fields, .. } = definition {
                fields.retain(|field, _| !hidden.contains(&(name.clone(), field.clone())));
            }
        }
    }
}

impl From<&Context<'_>> for Hidden {
    fn from(ctx: &Context<'_>) -> Self {
        let mut hidden = HashSet::new();
        for definition in ctx.schema_env.registry.types.values() {
            let fields = definition.fields().into_iter().flat_map(|fields| fields.values());
            let unseen = fields.filter(|field| field.visible.is_some_and(|is_visible| !is_visible(ctx)));
            hidden.extend(unseen.map(|field| (definition.name().to_owned(), field.name.clone())));
        }
        Self(hidden)
    }
}

/// Leaves out the root fields of the federation, and their types.
fn contract(registry: &mut Registry) {
    let query = registry.query_type.clone();
    if let Some(MetaType::Object { fields, .. }) = registry.types.get_mut(&query) {
        fields.retain(|name, _| !name.starts_with('_') || name.starts_with("__"));
    }
    registry.remove_unused_types();
}

fn subgraph(registry: &mut Registry) {
    contract(registry);
    if let Some(subscription) = registry.subscription_type.take() {
        registry.types.remove(&subscription);
    }
    registry.remove_unused_types();
    for entity in ENTITIES {
        registry.add_keys(entity, "id");
    }
}

/// The text of the schema after `edit`.
fn export(edit: impl Fn(&mut Registry) + Send + Sync + 'static, options: SDLExportOptions) -> String {
    let options = options.prefer_single_line_descriptions().include_specified_by();
    let mut sdl = builder().directive(Edit(edit)).finish().sdl_with_options(options);
    sdl.truncate(sdl.trim_end().len());
    sdl.push('\n');
    sdl
}

/// Changes the types of a schema that is only printed: what registers a directive is given all of them to change.
struct Edit<F>(F);

impl<F: Fn(&mut Registry) + Send + Sync + 'static> CustomDirectiveFactory for Edit<F> {
    fn name(&self) -> Cow<'static, str> {
        Cow::Borrowed("edit")
    }

    fn register(&self, registry: &mut Registry) {
        let Self(edit) = self;
        edit(registry);
    }

    fn create(&self, _ctx: &ContextDirective<'_>, _directive: &Directive) -> ServerResult<Box<dyn CustomDirective>> {
        Err(ServerError::new("this schema is not for execution", None))
    }
}
