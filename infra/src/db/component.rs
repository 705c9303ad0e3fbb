//! What bundles are made of.

use std::collections::BTreeMap;

use comptoir_domain::{
    catalog::{ComponentUse, Variant, VariantComponent},
    ids::{Id as _, ProductId, VariantId},
    storage::StorageError,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, JoinType, QueryFilter,
    QueryOrder, QuerySelect, RelationTrait, Select, sea_query::LockType,
};
use uuid::Uuid;

use super::{
    Session,
    catalog::variant_from_row,
    codec::{from_name, to_i32, to_u32},
    entity::{variant, variant_component},
    session::{CHUNK, distinct},
};

/// The components of bundles, by bundle.
pub(super) type Components = BTreeMap<Uuid, Vec<VariantComponent>>;

impl<C: ConnectionTrait + Send + Sync> Session<C> {
    /// The variants that `find` finds, with their components: one statement more where any is a bundle.
    pub(super) async fn variants(&self, find: Select<variant::Entity>) -> Result<Vec<Variant>, StorageError> {
        let rows = find.all(&self.conn).await.map_err(|it| self.failed(it))?;
        let mut components = self.components_of(&rows).await?;
        let variants = rows.into_iter().map(|it| variant_from_row(it, &mut components));
        variants.collect::<Result<_, _>>().map_err(|it| self.refuse(it))
    }

    /// The components of those of `variants` that are bundles, in the merchant's order.
    pub(super) async fn components_of<'a>(
        &self,
        variants: impl IntoIterator<Item = &'a variant::Model>,
    ) -> Result<Components, StorageError> {
        let bundles: Vec<Uuid> = variants.into_iter().filter(|it| it.requires_components).map(|it| it.id).collect();
        let mut components = Components::new();
        for ids in bundles.chunks(CHUNK) {
            let rows = variant_component::Entity::find()
                .select_only()
                .column(variant_component::Column::VariantId)
                .column(variant_component::Column::ComponentId)
                .column(variant_component::Column::Quantity)
                .column(variant::Column::StockPolicy)
                .join(JoinType::InnerJoin, variant_component::Relation::Component.def())
                .filter(variant_component::Column::VariantId.is_in(ids.iter().copied()))
                .order_by_asc(variant_component::Column::VariantId)
                .order_by_asc(variant_component::Column::Position)
                .into_tuple::<(Uuid, Uuid, i32, String)>()
                .all(&self.conn)
                .await;
            let rows = self.all(rows, |(bundle, component, quantity, policy)| {
                let variant_id = VariantId::from_uuid(component);
                let quantity = to_u32("variant_component.quantity", quantity)?;
                let stock_policy = from_name("variant.stock_policy", policy)?;
                Ok((bundle, VariantComponent { variant_id, quantity, stock_policy }))
            })?;
            for (bundle, component) in rows {
                components.entry(bundle).or_default().push(component);
            }
        }
        Ok(components)
    }

    /// The bundles that have any of these as a component.
    pub(super) async fn uses_of(&self, components: &[VariantId]) -> Result<Vec<ComponentUse>, StorageError> {
        let mut uses = Vec::new();
        for ids in distinct(components).chunks(CHUNK) {
            let rows = variant_component::Entity::find()
                .select_only()
                .column(variant_component::Column::ComponentId)
                .column(variant_component::Column::VariantId)
                .column(variant::Column::ProductId)
                .join(JoinType::InnerJoin, variant_component::Relation::Bundle.def())
                .filter(variant_component::Column::ComponentId.is_in(ids.iter().copied()))
                .into_tuple::<(Uuid, Uuid, Uuid)>()
                .all(&self.conn)
                .await;
            uses.extend(self.all(rows, |(component, bundle, product)| {
                Ok(ComponentUse {
                    component_id: VariantId::from_uuid(component),
                    bundle_id: VariantId::from_uuid(bundle),
                    product_id: ProductId::from_uuid(product),
                })
            })?);
        }
        Ok(uses)
    }
}

impl Session<DatabaseTransaction> {
    /// These variants, which nobody else changes until the transaction ends.
    pub(super) async fn locked_variants(&self, ids: &[VariantId]) -> Result<Vec<Variant>, StorageError> {
        let mut variants = Vec::with_capacity(ids.len());
        for ids in distinct(ids).chunks(CHUNK) {
            let find = variant::Entity::find()
                .filter(variant::Column::Id.is_in(ids.iter().copied()))
                .order_by_asc(variant::Column::Id)
                .lock(LockType::Update);
            variants.extend(self.variants(find).await?);
        }
        Ok(variants)
    }

    /// Replaces the components of these variants by those they have now.
    pub(super) async fn replace_components(&self, bundles: &[&Variant]) -> Result<(), StorageError> {
        let ids: Vec<VariantId> = bundles.iter().map(|it| it.id).collect();
        for ids in distinct(&ids).chunks(CHUNK) {
            let before = variant_component::Entity::delete_many()
                .filter(variant_component::Column::VariantId.is_in(ids.iter().copied()));
            before.exec(&self.conn).await.map_err(|it| self.failed(it))?;
        }
        let mut rows = Vec::new();
        for bundle in bundles {
            for (position, it) in (0..).zip(&bundle.components) {
                rows.push(variant_component::ActiveModel {
                    variant_id: Set(bundle.id.uuid()),
                    component_id: Set(it.variant_id.uuid()),
                    quantity: Set(to_i32(it.quantity)?),
                    position: Set(position),
                });
            }
        }
        for rows in rows.chunks(CHUNK) {
            let stored = variant_component::Entity::insert_many(rows.to_vec()).exec_without_returning(&self.conn);
            stored.await.map_err(|it| self.failed(it))?;
        }
        Ok(())
    }
}
