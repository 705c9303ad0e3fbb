//! The use cases of merchandising.

use super::{MerchandisingError, RuleCode, SearchRule, Synonyms};
use crate::{
    access::{Actor, Permission},
    event::{DomainEvent, EventKind, Topic},
    ids::ProductId,
    search::SearchService,
};

impl SearchService {
    /// All rules, by code.
    ///
    /// # Errors
    /// [`MerchandisingError`]: no permission.
    pub async fn rules(&self, actor: &Actor) -> Result<Vec<SearchRule>, MerchandisingError> {
        actor.require(Permission::ManageSearch)?;
        Ok(self.settings.latest().await?.search_rules.clone())
    }

    /// All sets of synonyms, by code.
    ///
    /// # Errors
    /// [`MerchandisingError`]: no permission.
    pub async fn synonyms(&self, actor: &Actor) -> Result<Vec<Synonyms>, MerchandisingError> {
        actor.require(Permission::ManageSearch)?;
        Ok(self.merchandising.synonyms().await?)
    }

    /// Creates the rule, or replaces the one of its code.
    ///
    /// # Errors
    /// [`MerchandisingError`]: no permission, or what is wrong with it.
    pub async fn save_rule(&self, actor: &Actor, rule: SearchRule) -> Result<SearchRule, MerchandisingError> {
        actor.require(Permission::ManageSearch)?;
        rule.check()?;
        let settings = self.settings.latest().await?;
        let others = settings.search_rules.iter().filter(|it| it.code != rule.code).count();
        if SearchRule::COUNT_MAX <= others {
            return Err(MerchandisingError::TooMany { max: SearchRule::COUNT_MAX });
        }
        if let Some(code) = rule.channel.as_ref().filter(|it| settings.channel(it.as_str()).is_none()) {
            return Err(MerchandisingError::UnknownChannel { code: code.clone() });
        }
        if rule.condition.customer_group.is_some_and(|it| !settings.has_customer_group(it)) {
            return Err(MerchandisingError::UnknownCustomerGroup);
        }
        self.check_names(&rule).await?;
        let uow = self.storage.begin().await?;
        uow.merchandising().save_rule(&rule).await?;
        self.settings.commit(uow).await?;
        Ok(rule)
    }

    /// Refuses a rule about a product or a collection that is not there.
    async fn check_names(&self, rule: &SearchRule) -> Result<(), MerchandisingError> {
        let ids: Vec<ProductId> = rule.products().map(|it| it.1).collect();
        let found = if ids.is_empty() { Vec::new() } else { self.catalog.products_by_id(&ids).await? };
        if let Some((index, _)) = rule.products().find(|(_, id)| !found.iter().any(|it| it.id == *id)) {
            return Err(MerchandisingError::UnknownProduct { index });
        }
        if let Some(id) = rule.condition.collection
            && self.collections.collections_by_id(&[id]).await?.is_empty()
        {
            return Err(MerchandisingError::UnknownCollection);
        }
        Ok(())
    }

    /// Removes a rule.
    ///
    /// # Errors
    /// [`MerchandisingError`]: no permission, or no such rule.
    pub async fn delete_rule(&self, actor: &Actor, code: &RuleCode) -> Result<(), MerchandisingError> {
        actor.require(Permission::ManageSearch)?;
        let uow = self.storage.begin().await?;
        if !uow.merchandising().delete_rule(code).await? {
            return Err(MerchandisingError::NotFound);
        }
        self.settings.commit(uow).await?;
        Ok(())
    }

    /// Creates the set, or replaces the one of its code. The index has it a moment later.
    ///
    /// # Errors
    /// [`MerchandisingError`]: no permission, or what is wrong with it.
    pub async fn save_synonyms(&self, actor: &Actor, synonyms: Synonyms) -> Result<Synonyms, MerchandisingError> {
        actor.require(Permission::ManageSearch)?;
        synonyms.check()?;
        let others = self.merchandising.synonyms().await?.iter().filter(|it| it.code != synonyms.code).count();
        if Synonyms::COUNT_MAX <= others {
            return Err(MerchandisingError::TooMany { max: Synonyms::COUNT_MAX });
        }
        let uow = self.storage.begin().await?;
        uow.merchandising().save_synonyms(&synonyms).await?;
        uow.outbox().append(&[self.synonyms_changed()]).await?;
        uow.commit().await?;
        Ok(synonyms)
    }

    /// Removes a set. The index forgets it a moment later.
    ///
    /// # Errors
    /// [`MerchandisingError`]: no permission, or no such set.
    pub async fn delete_synonyms(&self, actor: &Actor, code: &RuleCode) -> Result<(), MerchandisingError> {
        actor.require(Permission::ManageSearch)?;
        let uow = self.storage.begin().await?;
        if !uow.merchandising().delete_synonyms(code).await? {
            return Err(MerchandisingError::NotFound);
        }
        uow.outbox().append(&[self.synonyms_changed()]).await?;
        uow.commit().await?;
        Ok(())
    }

    fn synonyms_changed(&self) -> DomainEvent {
        DomainEvent {
            topic: Topic::Search,
            kind: EventKind::SynonymsChanged,
            sequence: 0,
            occurred_at: self.clock.now(),
        }
    }
}
