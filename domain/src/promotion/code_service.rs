//! The administration of discount codes: seeing them with their uses, changing, pausing and deleting them.

use serde::{Deserialize, Serialize};

use super::{CodesToIssue, DiscountCode, IssuedCode, PromotionError, PromotionService};
use crate::{
    access::{Actor, Permission},
    ids::PromotionId,
    page::{Page, PageRequest},
    storage::{StorageError, UnitOfWork},
};

/// A code with what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeReport {
    /// The code.
    pub code: IssuedCode,
    /// How often it is used.
    pub counts: CodeCounts,
}

/// How often a code is used, by anybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CodeCounts {
    /// How many orders were placed with it.
    pub used: u64,
    /// For how many carts a use is set aside.
    pub reserved: u64,
}

/// The place of a code in the list, which is by code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeCursor(pub DiscountCode);

impl CodeCursor {
    /// The place of a code.
    #[must_use]
    pub fn of(report: &CodeReport) -> Self {
        Self(report.code.code.clone())
    }
}

/// Which codes to list.
#[derive(Debug, Clone, Default)]
pub struct CodeFilter {
    /// Those of this promotion; none: of any.
    pub promotion_id: Option<PromotionId>,
    /// Those that have this text in them, in any case.
    pub text: Option<String>,
}

/// What changes of a code; what is none stays as it is.
#[derive(Debug, Clone, Copy, Default)]
pub struct CodeChange {
    /// Whether it is paused.
    pub is_paused: Option<bool>,
    /// How often it can be used; none within: any number.
    pub uses_max: Option<Option<u32>>,
    /// How often one customer can use it; none within: any number.
    pub customer_uses_max: Option<Option<u32>>,
}

impl CodeChange {
    fn check(&self) -> Result<(), PromotionError> {
        let is_good =
            |it: Option<Option<u32>>| it.flatten().is_none_or(|it| (1..=CodesToIssue::USES_MAX).contains(&it));
        if is_good(self.uses_max) && is_good(self.customer_uses_max) {
            Ok(())
        } else {
            Err(PromotionError::UseCount { max: CodesToIssue::USES_MAX })
        }
    }

    fn apply(&self, code: &mut IssuedCode) {
        code.is_paused = self.is_paused.unwrap_or(code.is_paused);
        code.uses_max = self.uses_max.unwrap_or(code.uses_max);
        code.customer_uses_max = self.customer_uses_max.unwrap_or(code.customer_uses_max);
    }
}

impl PromotionService {
    /// A page of codes, by code, with their uses: two statements.
    ///
    /// # Errors
    /// [`PromotionError`]: no permission, or a text that is too long.
    pub async fn list_codes(
        &self,
        actor: &Actor,
        filter: &CodeFilter,
        page: &PageRequest<CodeCursor>,
    ) -> Result<Page<CodeReport>, PromotionError> {
        actor.require(Permission::ManagePromotions)?;
        let max = DiscountCode::LENGTH_MAX;
        if filter.text.as_ref().is_some_and(|it| max < it.chars().count()) {
            return Err(PromotionError::SearchTooLong { max });
        }
        let found = self.codes.codes(filter, page).await?;
        let names: Vec<DiscountCode> = found.items.iter().map(|it| it.code.clone()).collect();
        let counts = self.codes.code_counts(&names, self.clock.now()).await?;
        let report = |code: IssuedCode| {
            let counts = counts.iter().find(|it| it.0 == code.code).map(|it| it.1).unwrap_or_default();
            CodeReport { code, counts }
        };
        let Page { items, has_previous, has_next } = found;
        Ok(Page { items: items.into_iter().map(report).collect(), has_previous, has_next })
    }

    /// Changes a code. Uses that were made or set aside stay, though they be more than it allows from now on.
    ///
    /// # Errors
    /// [`PromotionError`]: no permission, no such code, or a limit out of range.
    pub async fn change_code(
        &self,
        actor: &Actor,
        code: &DiscountCode,
        change: CodeChange,
    ) -> Result<CodeReport, PromotionError> {
        actor.require(Permission::ManagePromotions)?;
        change.check()?;
        let uow = self.storage.begin().await?;
        let mut issued = uow.codes().lock_code(code).await?.ok_or(PromotionError::UnknownCode)?;
        change.apply(&mut issued);
        uow.codes().save_code(&issued).await?;
        let report = self.report(&*uow, issued).await?;
        uow.commit().await?;
        Ok(report)
    }

    /// Deletes a code with its uses; orders keep what they were given.
    ///
    /// # Errors
    /// [`PromotionError`]: no permission, or no such code.
    pub async fn delete_code(&self, actor: &Actor, code: &DiscountCode) -> Result<(), PromotionError> {
        actor.require(Permission::ManagePromotions)?;
        let uow = self.storage.begin().await?;
        uow.codes().lock_code(code).await?.ok_or(PromotionError::UnknownCode)?;
        uow.codes().delete_code(code).await?;
        uow.commit().await?;
        Ok(())
    }

    async fn report(&self, uow: &dyn UnitOfWork, code: IssuedCode) -> Result<CodeReport, StorageError> {
        let counts = uow.code_queries().code_counts(std::slice::from_ref(&code.code), self.clock.now()).await?;
        Ok(CodeReport { counts: counts.first().map(|it| it.1).unwrap_or_default(), code })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::promotion::tests::id;

    #[test]
    fn what_a_change_leaves_out_stays() {
        let before = IssuedCode {
            code: "SUMMER".parse().unwrap(),
            promotion_id: id(1),
            uses_max: Some(5),
            customer_uses_max: None,
            is_paused: false,
            created_at: chrono::DateTime::UNIX_EPOCH,
        };
        let after = |change: CodeChange| {
            let mut code = before.clone();
            change.apply(&mut code);
            code
        };
        assert_eq!(after(CodeChange::default()), before);
        let change = CodeChange { is_paused: Some(true), uses_max: Some(None), customer_uses_max: Some(Some(1)) };
        let changed = IssuedCode { is_paused: true, uses_max: None, customer_uses_max: Some(1), ..before.clone() };
        assert_eq!(after(change), changed);
        for (limit, is_good) in
            [(0, false), (1, true), (CodesToIssue::USES_MAX, true), (CodesToIssue::USES_MAX + 1, false)]
        {
            let change = CodeChange { customer_uses_max: Some(Some(limit)), ..CodeChange::default() };
            assert_eq!(change.check().is_ok(), is_good, "{limit}");
        }
    }
}
