//! The administration of groups.

use super::{
    Combination, GroupMode, Problem, PromotionError, PromotionGroup, PromotionGroupDraft, PromotionIssue,
    PromotionService, check_groups,
};
use crate::{
    access::{Actor, Permission},
    ids::PromotionGroupId,
    storage::UnitOfWork,
};

/// The most groups.
const GROUPS_MAX: usize = 1_000;

impl PromotionService {
    /// All groups, the oldest first.
    ///
    /// # Errors
    /// [`PromotionError`]: no permission.
    pub async fn groups(&self, actor: &Actor) -> Result<Vec<PromotionGroup>, PromotionError> {
        actor.require(Permission::ManagePromotions)?;
        Ok(self.queries.promotion_groups().await?)
    }

    /// Creates a group, or replaces the one of the draft's id.
    ///
    /// # Errors
    /// [`PromotionError`]: no permission, no such group, or all that is wrong with it.
    pub async fn save_group(
        &self,
        actor: &Actor,
        draft: PromotionGroupDraft,
    ) -> Result<PromotionGroup, PromotionError> {
        actor.require(Permission::ManagePromotions)?;
        let PromotionGroupDraft { id, name, parent_id, mode, priority } = draft;
        let uow = self.begin().await?;
        let mut groups = uow.promotion_queries().promotion_groups().await?;
        let known = groups.len();
        groups.retain(|it| Some(it.id) != id);
        if id.is_some() && groups.len() == known {
            return Err(PromotionError::GroupNotFound);
        }
        if GROUPS_MAX <= groups.len() {
            return Err(PromotionError::TooManyGroups { max: GROUPS_MAX });
        }
        let id = id.unwrap_or_else(|| PromotionGroupId::new(&*self.ids));
        let group = PromotionGroup { id, name, parent_id, mode, priority };
        groups.push(group.clone());
        check(&group, &groups, &*uow).await?;
        uow.promotions().save_group(&group).await?;
        self.settings.commit(uow).await?;
        Ok(group)
    }

    /// Removes a group that is empty.
    ///
    /// # Errors
    /// [`PromotionError`]: no permission, no such group, or one that is not empty.
    pub async fn delete_group(&self, actor: &Actor, id: PromotionGroupId) -> Result<(), PromotionError> {
        actor.require(Permission::ManagePromotions)?;
        let uow = self.begin().await?;
        let all = uow.promotion_queries().promotion_groups().await?;
        if !all.iter().any(|it| it.id == id) {
            return Err(PromotionError::GroupNotFound);
        }
        let groups = all.iter().filter(|it| it.parent_id == Some(id)).count();
        let promotions = uow.promotion_queries().promotions_in(&[id]).await?.len();
        if 0 < groups + promotions {
            return Err(PromotionError::GroupNotEmpty { promotions, groups });
        }
        uow.promotions().delete_group(id).await?;
        self.settings.commit(uow).await?;
        Ok(())
    }
}

/// Checks a group among all of them, and what stands in it.
async fn check(group: &PromotionGroup, all: &[PromotionGroup], uow: &dyn UnitOfWork) -> Result<(), PromotionError> {
    let own = format!("{}.", group.id);
    let mut issues: Vec<PromotionIssue> = Vec::new();
    for issue in check_groups(all).err().unwrap_or_default() {
        // Where groups below it are at fault now, it is its parent that made them so.
        let path = issue.path.strip_prefix(&own).unwrap_or("parentId").to_owned();
        let issue = PromotionIssue { path, ..issue };
        if !issues.contains(&issue) {
            issues.push(issue);
        }
    }
    if issues.is_empty() {
        let below = below(group, all);
        let is_choice = |id: PromotionGroupId| chain(id, all).any(|it| it.mode != GroupMode::Stack);
        let members = uow.promotion_queries().promotions_in(&below).await?;
        let mut always = members.iter().filter(|it| it.combination == Combination::Always);
        if always.any(|it| it.group_id.is_some_and(is_choice)) {
            issues.push(PromotionIssue { path: "mode".to_owned(), problem: Problem::AlwaysInChoice });
        }
    }
    if issues.is_empty() { Ok(()) } else { Err(PromotionError::Invalid(issues)) }
}

/// A group and all those it stands in. The groups are a tree.
fn chain(id: PromotionGroupId, all: &[PromotionGroup]) -> impl Iterator<Item = &PromotionGroup> {
    let find = |id: PromotionGroupId| all.iter().find(|it| it.id == id);
    std::iter::successors(find(id), move |it| find(it.parent_id?))
}

/// A group and all those that stand in it.
fn below(group: &PromotionGroup, all: &[PromotionGroup]) -> Vec<PromotionGroupId> {
    all.iter().map(|it| it.id).filter(|id| chain(*id, all).any(|it| it.id == group.id)).collect()
}
