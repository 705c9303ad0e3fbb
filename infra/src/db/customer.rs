//! Customers.

use async_trait::async_trait;
use comptoir_domain::{
    access::{Email, PasswordHash},
    clock::Timestamp,
    customer::{
        Customer, CustomerCursor, CustomerGroup, CustomerName, CustomerQueries, CustomerRepository, CustomerTerms,
    },
    ids::{CustomerGroupId, CustomerId, Id as _, ProductId},
    page::{Page, PageRequest},
    pricing::tax::TaxExemption,
    storage::StorageError,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, JsonValue, QueryFilter, QueryOrder,
    QuerySelect, TryInsertResult,
    sea_query::{Expr, LockType, OnConflict, Order, Query},
};

use uuid::Uuid;

use super::{
    Session,
    codec::{from_json, from_name, to_i32, to_json, to_u32},
    document::Document,
    entity::{customer, customer_group, customer_view},
    keyset::newest_first,
    session::distinct,
    staff::key_of,
};

#[async_trait]
impl CustomerRepository for Session<DatabaseTransaction> {
    async fn find(&self, id: CustomerId) -> Result<Option<Customer>, StorageError> {
        let row = customer::Entity::find_by_id(id.uuid()).lock(LockType::Update).one(&self.conn).await;
        self.one(row, from_row)
    }

    async fn insert(&self, it: &Customer) -> Result<bool, StorageError> {
        let row = customer::ActiveModel {
            id: Set(it.id.uuid()),
            version: Set(to_i32(it.version)?),
            email: Set(it.email.to_string()),
            email_key: Set(key_of(&it.email)),
            password_hash: Set(it.password_hash.expose().to_owned()),
            first_name: Set(it.name.first().map(str::to_owned)),
            last_name: Set(it.name.last().map(str::to_owned)),
            language: Set(it.language.to_string()),
            allows_personalization: Set(it.allows_personalization),
            tax_exemptions: Set((!it.tax_exemptions.is_empty()).then(|| Document(it.tax_exemptions.clone()))),
            group_ids: Set((!it.group_ids.is_empty()).then(|| Document(it.group_ids.clone()))),
            created_at: Set(it.created_at),
            updated_at: Set(it.updated_at),
        };
        let inserted = customer::Entity::insert(row)
            .on_conflict_do_nothing_on([customer::Column::EmailKey])
            .exec_without_returning(&self.conn)
            .await
            .map_err(|it| self.failed(it))?;
        Ok(matches!(inserted, TryInsertResult::Inserted(rows) if 0 < rows))
    }

    async fn save(&self, it: &Customer) -> Result<(), StorageError> {
        let version = to_i32(it.version)?;
        let updated = customer::Entity::update_many()
            .col_expr(customer::Column::Version, Expr::value(version))
            .col_expr(customer::Column::PasswordHash, Expr::value(it.password_hash.expose()))
            .col_expr(customer::Column::FirstName, Expr::value(it.name.first()))
            .col_expr(customer::Column::LastName, Expr::value(it.name.last()))
            .col_expr(customer::Column::Language, Expr::value(it.language.to_string()))
            .col_expr(customer::Column::AllowsPersonalization, Expr::value(it.allows_personalization))
            .col_expr(customer::Column::GroupIds, Expr::value(to_json(&it.group_ids)?))
            .col_expr(customer::Column::TaxExemptions, Expr::value(to_json(&it.tax_exemptions)?))
            .col_expr(customer::Column::UpdatedAt, Expr::value(it.updated_at))
            .filter(customer::Column::Id.eq(it.id.uuid()))
            .filter(customer::Column::Version.eq(version - 1))
            .exec(&self.conn)
            .await
            .map_err(|it| self.failed(it))?;
        if updated.rows_affected == 1 { Ok(()) } else { Err(self.refuse(StorageError::Conflict)) }
    }

    async fn add_view(&self, id: CustomerId, product: ProductId, at: Timestamp) -> Result<(), StorageError> {
        let row = customer_view::ActiveModel {
            customer_id: Set(id.uuid()),
            product_id: Set(product.uuid()),
            viewed_at: Set(at),
        };
        let again = OnConflict::columns([customer_view::Column::CustomerId, customer_view::Column::ProductId])
            .update_column(customer_view::Column::ViewedAt)
            .to_owned();
        let stored = customer_view::Entity::insert(row).on_conflict(again).exec_without_returning(&self.conn).await;
        stored.map_err(|it| self.failed(it))?;
        let kept = Query::select()
            .column(customer_view::Column::ProductId)
            .from(customer_view::Entity)
            .and_where(customer_view::Column::CustomerId.eq(id.uuid()))
            .order_by(customer_view::Column::ViewedAt, Order::Desc)
            .order_by(customer_view::Column::ProductId, Order::Asc)
            .limit(Customer::VIEWS_MAX as u64)
            .to_owned();
        let others = customer_view::Entity::delete_many()
            .filter(customer_view::Column::CustomerId.eq(id.uuid()))
            .filter(customer_view::Column::ProductId.not_in_subquery(kept));
        others.exec(&self.conn).await.map(|_| ()).map_err(|it| self.failed(it))
    }

    async fn clear_views(&self, id: CustomerId, products: Option<&[ProductId]>) -> Result<(), StorageError> {
        let all = customer_view::Entity::delete_many().filter(customer_view::Column::CustomerId.eq(id.uuid()));
        let some = match products {
            Some(products) => all.filter(customer_view::Column::ProductId.is_in(distinct(products))),
            None => all,
        };
        some.exec(&self.conn).await.map(|_| ()).map_err(|it| self.failed(it))
    }

    async fn save_group(&self, group: &CustomerGroup) -> Result<(), StorageError> {
        let row = customer_group::ActiveModel { id: Set(group.id.uuid()), name: Set(group.name.clone()) };
        let rename =
            OnConflict::column(customer_group::Column::Id).update_column(customer_group::Column::Name).to_owned();
        let stored = customer_group::Entity::insert(row).on_conflict(rename).exec_without_returning(&self.conn).await;
        stored.map(|_| ()).map_err(|it| self.failed(it))
    }

    async fn delete_group(&self, id: CustomerGroupId) -> Result<bool, StorageError> {
        let deleted = customer_group::Entity::delete_by_id(id.uuid()).exec(&self.conn).await;
        deleted.map(|it| 0 < it.rows_affected).map_err(|it| self.failed(it))
    }
}

#[async_trait]
impl<C: ConnectionTrait + Send + Sync> CustomerQueries for Session<C> {
    async fn customers_by_id(&self, ids: &[CustomerId]) -> Result<Vec<Customer>, StorageError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let rows = customer::Entity::find().filter(customer::Column::Id.is_in(distinct(ids))).all(&self.conn).await;
        self.all(rows, from_row)
    }

    async fn customer_by_email(&self, email: &Email) -> Result<Option<Customer>, StorageError> {
        let row = customer::Entity::find().filter(customer::Column::EmailKey.eq(key_of(email))).one(&self.conn).await;
        self.one(row, from_row)
    }

    async fn customer_terms(&self, ids: &[CustomerId]) -> Result<Vec<(CustomerId, CustomerTerms)>, StorageError> {
        let is_set = Condition::any()
            .add(customer::Column::GroupIds.is_not_null())
            .add(customer::Column::TaxExemptions.is_not_null());
        let find = customer::Entity::find()
            .select_only()
            .columns([customer::Column::Id, customer::Column::GroupIds, customer::Column::TaxExemptions])
            .filter(customer::Column::Id.is_in(distinct(ids)))
            .filter(is_set);
        self.all(find.into_tuple::<TermsRow>().all(&self.conn).await, |(id, groups, exemptions)| {
            Ok((CustomerId::from_uuid(id), terms_from_columns(groups, exemptions)))
        })
    }

    async fn customer_groups(&self) -> Result<Vec<CustomerGroup>, StorageError> {
        let find = customer_group::Entity::find().order_by_asc(customer_group::Column::Id);
        self.all(find.all(&self.conn).await, |it| {
            Ok(CustomerGroup { id: CustomerGroupId::from_uuid(it.id), name: it.name })
        })
    }

    async fn viewed_products(&self, id: CustomerId) -> Result<Vec<ProductId>, StorageError> {
        let find = customer_view::Entity::find()
            .filter(customer_view::Column::CustomerId.eq(id.uuid()))
            .order_by_desc(customer_view::Column::ViewedAt)
            .order_by_asc(customer_view::Column::ProductId)
            .limit(Customer::VIEWS_MAX as u64);
        self.all(find.all(&self.conn).await, |it| Ok(ProductId::from_uuid(it.product_id)))
    }

    async fn customers(&self, page: &PageRequest<CustomerCursor>) -> Result<Page<Customer>, StorageError> {
        let columns = [customer::Column::CreatedAt, customer::Column::Id];
        let find = newest_first(customer::Entity::find(), columns, page, |it| (it.created_at, it.id.uuid()));
        let customers = self.all(find.all(&self.conn).await, from_row)?;
        Ok(Page::from_rows(customers, page))
    }
}

/// The groups of a customer, and what frees them from tax.
pub(super) type Groups = Option<Document<Vec<CustomerGroupId>>>;
pub(super) type Exemptions = Option<Document<Vec<TaxExemption>>>;
type TermsRow = (Uuid, Groups, Exemptions);

/// What a customer's prices and taxes depend on; nothing where nothing was set.
pub(super) fn terms_from_columns(groups: Groups, exemptions: Exemptions) -> CustomerTerms {
    CustomerTerms {
        group_ids: groups.map(|it| it.0).unwrap_or_default(),
        tax_exemptions: exemptions.map(|it| it.0).unwrap_or_default(),
    }
}

fn from_row(row: customer::Model) -> Result<Customer, StorageError> {
    let name = CustomerName::parse(row.first_name.as_deref(), row.last_name.as_deref());
    Ok(Customer {
        id: CustomerId::from_uuid(row.id),
        version: to_u32("customer.version", row.version)?,
        email: from_json("customer.email", JsonValue::String(row.email))?,
        password_hash: PasswordHash::new(row.password_hash),
        name: name.map_err(|it| StorageError::Corrupt(format!("customer.name: {it}")))?,
        language: from_name("customer.language", row.language)?,
        allows_personalization: row.allows_personalization,
        tax_exemptions: row.tax_exemptions.map(|it| it.0).unwrap_or_default(),
        group_ids: row.group_ids.map(|it| it.0).unwrap_or_default(),
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}
