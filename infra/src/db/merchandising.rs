//! Rules and synonyms of search.

use async_trait::async_trait;
use comptoir_domain::{
    search::{MerchandisingQueries, MerchandisingRepository, RuleCode, SearchRule, Synonyms},
    storage::StorageError,
};
use sea_orm::{
    ActiveValue::Set, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryOrder, QuerySelect, sea_query::OnConflict,
};

use super::{
    Session,
    codec::{from_json, to_json},
    entity::{search_rule, search_synonyms},
};

#[async_trait]
impl MerchandisingRepository for Session<DatabaseTransaction> {
    async fn save_rule(&self, rule: &SearchRule) -> Result<(), StorageError> {
        let row = search_rule::ActiveModel { code: Set(rule.code.to_string()), value: Set(to_json(rule)?) };
        let replace =
            OnConflict::column(search_rule::Column::Code).update_column(search_rule::Column::Value).to_owned();
        let stored = search_rule::Entity::insert(row).on_conflict(replace).exec_without_returning(&self.conn).await;
        stored.map(|_| ()).map_err(|it| self.failed(it))
    }

    async fn delete_rule(&self, code: &RuleCode) -> Result<bool, StorageError> {
        let deleted = search_rule::Entity::delete_by_id(code.to_string()).exec(&self.conn).await;
        deleted.map(|it| 0 < it.rows_affected).map_err(|it| self.failed(it))
    }

    async fn save_synonyms(&self, synonyms: &Synonyms) -> Result<(), StorageError> {
        let row = search_synonyms::ActiveModel { code: Set(synonyms.code.to_string()), value: Set(to_json(synonyms)?) };
        let replace =
            OnConflict::column(search_synonyms::Column::Code).update_column(search_synonyms::Column::Value).to_owned();
        let stored = search_synonyms::Entity::insert(row).on_conflict(replace).exec_without_returning(&self.conn).await;
        stored.map(|_| ()).map_err(|it| self.failed(it))
    }

    async fn delete_synonyms(&self, code: &RuleCode) -> Result<bool, StorageError> {
        let deleted = search_synonyms::Entity::delete_by_id(code.to_string()).exec(&self.conn).await;
        deleted.map(|it| 0 < it.rows_affected).map_err(|it| self.failed(it))
    }
}

/// A rule as it was stored.
pub(super) fn rule_from_row(row: search_rule::Model) -> Result<SearchRule, StorageError> {
    from_json("search_rule.value", row.value)
}

#[async_trait]
impl<C: ConnectionTrait + Send + Sync> MerchandisingQueries for Session<C> {
    async fn synonyms(&self) -> Result<Vec<Synonyms>, StorageError> {
        let find = search_synonyms::Entity::find().order_by_asc(search_synonyms::Column::Code);
        let rows = find.limit(Synonyms::COUNT_MAX as u64).all(&self.conn).await;
        self.all(rows, |it| from_json("search_synonyms.value", it.value))
    }
}
