//! Carts: one row each, with the cart as a snapshot and what it is looked up by beside it.

use async_trait::async_trait;
use comptoir_domain::{
    cart::{Cart, CartQueries, CartRepository, CartState, RecordedCommand},
    clock::Timestamp,
    codes::ChannelCode,
    customer::CustomerTerms,
    ids::{CartId, CustomerId, DeviceId, Id as _},
    pricing::tax::CartTaxes,
    storage::StorageError,
};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Alias, Expr, ExprTrait as _, Func, LockType, OnConflict, Query, UnionType},
};

use uuid::Uuid;

use super::{
    Session,
    codec::{to_i32, to_json, to_u32},
    customer::{Exemptions, Groups, terms_from_columns},
    document::Document,
    entity::{cart, cart_command, cart_taxes, customer, device_cart, discount_code_use, stock_hold},
    session::distinct,
};

#[async_trait]
impl CartRepository for Session<DatabaseTransaction> {
    async fn find(&self, id: CartId) -> Result<Option<Cart>, StorageError> {
        let row = cart::Entity::find_by_id(id.uuid()).lock(LockType::Update).one(&self.conn).await;
        self.one(row, |it| Ok(it.snapshot.0))
    }

    async fn find_with_terms(&self, id: CartId) -> Result<Option<(Cart, CustomerTerms)>, StorageError> {
        let mut select = cart::Entity::find_by_id(id.uuid())
            .select_only()
            .column(cart::Column::Snapshot)
            .column(customer::Column::GroupIds)
            .column(customer::Column::TaxExemptions)
            .join(
                JoinType::LeftJoin,
                cart::Entity::belongs_to(customer::Entity)
                    .from(cart::Column::CustomerId)
                    .to(customer::Column::Id)
                    .into(),
            );
        // The customer is read as it is, and stays free for others.
        QuerySelect::query(&mut select).lock_with_tables(LockType::Update, [cart::Entity]);
        let row = select.into_tuple::<(Document<Cart>, Groups, Exemptions)>().one(&self.conn).await;
        self.one(row, |(cart, groups, exemptions)| Ok((cart.0, terms_from_columns(groups, exemptions))))
    }

    async fn insert(&self, cart: &Cart) -> Result<(), StorageError> {
        let row = cart::ActiveModel {
            id: Set(cart.id.uuid()),
            version: Set(to_i32(cart.version)?),
            customer_id: Set(cart.customer_id.map(|it| it.uuid())),
            channel: Set(cart.channel.to_string()),
            state: Set(state_of(cart).to_owned()),
            device_id: Set(cart.device_id.map(|it| it.uuid())),
            snapshot: Set(Document(cart.clone())),
            updated_at: Set(cart.updated_at),
            abandoned_version: NotSet,
        };
        let inserted = cart::Entity::insert(row).exec_without_returning(&self.conn).await;
        inserted.map(|_| ()).map_err(|it| self.failed(it))
    }

    async fn save_taxes(&self, taxes: &CartTaxes) -> Result<(), StorageError> {
        let version = to_i32(taxes.cart_version)?;
        let row = cart_taxes::ActiveModel {
            cart_id: Set(taxes.cart_id.uuid()),
            cart_version: Set(version),
            value: Set(Document(taxes.clone())),
        };
        let newest = OnConflict::column(cart_taxes::Column::CartId)
            .update_columns([cart_taxes::Column::CartVersion, cart_taxes::Column::Value])
            .action_and_where(Expr::col((cart_taxes::Entity, cart_taxes::Column::CartVersion)).lte(version))
            .to_owned();
        let stored = cart_taxes::Entity::insert(row).on_conflict(newest).exec_without_returning(&self.conn).await;
        stored.map(|_| ()).map_err(|it| self.failed(it))
    }

    async fn save(&self, cart: &Cart) -> Result<(), StorageError> {
        let version = to_i32(cart.version)?;
        let updated = cart::Entity::update_many()
            .col_expr(cart::Column::Version, Expr::value(version))
            .col_expr(cart::Column::CustomerId, Expr::value(cart.customer_id.map(|it| it.uuid())))
            .col_expr(cart::Column::State, Expr::value(state_of(cart)))
            .col_expr(cart::Column::DeviceId, Expr::value(cart.device_id.map(|it| it.uuid())))
            .col_expr(cart::Column::Snapshot, Expr::value(to_json(cart)?))
            .col_expr(cart::Column::UpdatedAt, Expr::value(cart.updated_at))
            .filter(cart::Column::Id.eq(cart.id.uuid()))
            .filter(cart::Column::Version.eq(version - 1))
            .exec(&self.conn)
            .await
            .map_err(|it| self.failed(it))?;
        if updated.rows_affected == 1 { Ok(()) } else { Err(self.refuse(StorageError::Conflict)) }
    }

    async fn carts_of_device(&self, id: DeviceId, limit: u32) -> Result<Vec<Cart>, StorageError> {
        // Found by both indexes, where `OR` would look at all carts.
        let seen = Query::select()
            .column(device_cart::Column::CartId)
            .from(device_cart::Entity)
            .and_where(device_cart::Column::DeviceId.eq(id.uuid()))
            .to_owned();
        let held = Query::select()
            .column(cart::Column::Id)
            .from(cart::Entity)
            .and_where(cart::Column::DeviceId.eq(id.uuid()))
            .union(UnionType::Distinct, seen)
            .to_owned();
        let rows = cart::Entity::find()
            .filter(cart::Column::Id.in_subquery(held))
            .order_by_asc(cart::Column::Id)
            .limit(u64::from(limit))
            .lock(LockType::Update)
            .all(&self.conn)
            .await;
        self.all(rows, |it| Ok(it.snapshot.0))
    }

    async fn note_device(&self, cart: CartId, device: DeviceId) -> Result<(), StorageError> {
        let row = device_cart::ActiveModel { cart_id: Set(cart.uuid()), device_id: Set(device.uuid()) };
        let once =
            OnConflict::columns([device_cart::Column::DeviceId, device_cart::Column::CartId]).do_nothing().to_owned();
        let noted = device_cart::Entity::insert(row).on_conflict(once).exec_without_returning(&self.conn).await;
        noted.map(|_| ()).map_err(|it| self.failed(it))
    }

    async fn forget_device(&self, carts: &[CartId], device: DeviceId) -> Result<(), StorageError> {
        let deleted = device_cart::Entity::delete_many()
            .filter(device_cart::Column::DeviceId.eq(device.uuid()))
            .filter(device_cart::Column::CartId.is_in(carts.iter().map(|it| it.uuid())))
            .exec(&self.conn)
            .await;
        deleted.map(|_| ()).map_err(|it| self.failed(it))
    }

    async fn claim_abandoned(&self, moment: Timestamp, limit: u32) -> Result<Vec<Cart>, StorageError> {
        let told = Expr::col(cart::Column::AbandonedVersion);
        let rows = cart::Entity::find()
            .filter(cart::Column::State.eq(ACTIVE))
            .filter(cart::Column::UpdatedAt.lt(moment))
            .filter(told.clone().is_null().or(told.not_equals(cart::Column::Version)))
            .order_by_asc(cart::Column::UpdatedAt)
            .limit(u64::from(limit))
            .lock(LockType::Update)
            .all(&self.conn)
            .await;
        let carts = self.all(rows, |it| Ok(it.snapshot.0))?;
        if !carts.is_empty() {
            let update = cart::Entity::update_many()
                .col_expr(cart::Column::AbandonedVersion, Expr::col(cart::Column::Version))
                .filter(cart::Column::Id.is_in(carts.iter().map(|it| it.id.uuid())));
            update.exec(&self.conn).await.map_err(|it| self.failed(it))?;
        }
        Ok(carts)
    }

    async fn delete_unchanged_since(&self, moment: Timestamp, limit: u32) -> Result<Vec<(CartId, u32)>, StorageError> {
        let rows = cart::Entity::find()
            .select_only()
            .columns([cart::Column::Id, cart::Column::Version])
            .filter(cart::Column::State.is_in([ACTIVE, MERGED]))
            .filter(cart::Column::UpdatedAt.lt(moment))
            .order_by_asc(cart::Column::UpdatedAt)
            .limit(u64::from(limit))
            .lock(LockType::Update)
            .into_tuple::<(Uuid, i32)>()
            .all(&self.conn)
            .await;
        let found = self.all(rows, |(id, version)| Ok((CartId::from_uuid(id), to_u32("cart.version", version)?)))?;
        if found.is_empty() {
            return Ok(found);
        }
        let ids = || found.iter().map(|it| it.0.uuid());
        let uses = discount_code_use::Entity::delete_many()
            .filter(discount_code_use::Column::CartId.is_in(ids()))
            .filter(discount_code_use::Column::Until.is_not_null());
        uses.exec(&self.conn).await.map_err(|it| self.failed(it))?;
        let holds = stock_hold::Entity::delete_many().filter(stock_hold::Column::CartId.is_in(ids()));
        holds.exec(&self.conn).await.map_err(|it| self.failed(it))?;
        let deleted = cart::Entity::delete_many().filter(cart::Column::Id.is_in(ids())).exec(&self.conn).await;
        deleted.map_err(|it| self.failed(it))?;
        Ok(found)
    }

    async fn recorded_commands(&self, cart: CartId, ids: &[Uuid]) -> Result<Vec<RecordedCommand>, StorageError> {
        let rows = cart_command::Entity::find()
            .filter(cart_command::Column::CartId.eq(cart.uuid()))
            .filter(cart_command::Column::CommandId.is_in(ids.iter().copied()))
            .all(&self.conn)
            .await;
        self.all(rows, |it| Ok(RecordedCommand { fingerprint: it.fingerprint, answer: it.answer.0 }))
    }

    async fn record_commands(
        &self,
        cart: CartId,
        commands: &[RecordedCommand],
        now: Timestamp,
    ) -> Result<(), StorageError> {
        let row = |it: &RecordedCommand| cart_command::ActiveModel {
            cart_id: Set(cart.uuid()),
            command_id: Set(it.answer.command_id),
            fingerprint: Set(it.fingerprint.clone()),
            answer: Set(Document(it.answer.clone())),
            created_at: Set(now),
        };
        let stored = cart_command::Entity::insert_many(commands.iter().map(row)).exec_without_returning(&self.conn);
        stored.await.map(|_| ()).map_err(|it| self.failed(it))
    }

    async fn forget_commands(&self, cart: CartId) -> Result<(), StorageError> {
        let deleted = cart_command::Entity::delete_many()
            .filter(cart_command::Column::CartId.eq(cart.uuid()))
            .exec(&self.conn)
            .await;
        deleted.map(|_| ()).map_err(|it| self.failed(it))
    }
}

#[async_trait]
impl<C: ConnectionTrait + Send + Sync> CartQueries for Session<C> {
    async fn carts_by_id(&self, ids: &[CartId]) -> Result<Vec<Cart>, StorageError> {
        let ids = ids.iter().map(|it| it.uuid());
        let rows = cart::Entity::find().filter(cart::Column::Id.is_in(ids)).all(&self.conn).await;
        self.all(rows, |it| Ok(it.snapshot.0))
    }

    async fn cart_taxes(&self, ids: &[CartId]) -> Result<Vec<CartTaxes>, StorageError> {
        let ids = ids.iter().map(|it| it.uuid());
        let rows = cart_taxes::Entity::find().filter(cart_taxes::Column::CartId.is_in(ids)).all(&self.conn).await;
        self.all(rows, |it| Ok(it.value.0))
    }

    async fn active_carts(&self, of: &[CustomerId], channel: &ChannelCode) -> Result<Vec<Cart>, StorageError> {
        if of.is_empty() {
            return Ok(Vec::new());
        }
        let other = Alias::new("other");
        let column = |it: cart::Column| Expr::col((other.clone(), it));
        // The last change of any active cart of the same customer there.
        let newest = Query::select()
            .expr(Func::max(column(cart::Column::UpdatedAt)))
            .from_as(cart::Entity, other.clone())
            .and_where(column(cart::Column::CustomerId).equals((cart::Entity, cart::Column::CustomerId)))
            .and_where(column(cart::Column::Channel).eq(channel.as_str()))
            .and_where(column(cart::Column::State).eq(ACTIVE))
            .to_owned();
        let rows = cart::Entity::find()
            .filter(cart::Column::CustomerId.is_in(distinct(of)))
            .filter(cart::Column::Channel.eq(channel.as_str()))
            .filter(cart::Column::State.eq(ACTIVE))
            .filter(cart::Column::UpdatedAt.in_subquery(newest))
            .order_by_asc(cart::Column::CustomerId)
            .order_by_desc(cart::Column::Id)
            .all(&self.conn)
            .await;
        let mut carts = self.all(rows, |it| Ok(it.snapshot.0))?;
        // Of two that changed at one moment, the one that was made last.
        carts.dedup_by_key(|it| it.customer_id);
        Ok(carts)
    }
}

/// The name of a cart's state, when it can be changed.
const ACTIVE: &str = "ACTIVE";
/// And when it went into another.
const MERGED: &str = "MERGED";

/// The name of a cart's state, to look it up by.
fn state_of(cart: &Cart) -> &'static str {
    match cart.state {
        CartState::Active => ACTIVE,
        CartState::Ordered(_) => "ORDERED",
        CartState::Merged(_) => MERGED,
    }
}
