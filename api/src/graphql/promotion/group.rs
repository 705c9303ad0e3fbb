//! Commands on groups of promotions.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use comptoir_domain::promotion::{self, PromotionGroupDraft};

use super::{
    super::{
        context::{ContextExt as _, may_manage_promotions},
        error::{Path, Refusal, UserError},
        id::{parse_id, to_id},
    },
    object::{PromotionGroup, PromotionGroupMode},
    refuse::refuse,
};

/// A group as it shall be.
#[derive(InputObject)]
struct PromotionGroupSaveInput {
    /// Which; left out: a new one.
    group_id: Option<ID>,
    /// What staff calls it: at most 255 characters.
    name: String,
    /// Which of its members apply.
    mode: PromotionGroupMode,
    /// The group it stands in; there are at most 5 levels.
    parent_id: Option<ID>,
    /// Its place among its siblings: the one with the higher priority comes first, then the older one.
    #[graphql(default)]
    priority: i32,
}

/// A group to remove.
#[derive(InputObject)]
struct PromotionGroupDeleteInput {
    /// Which; nothing may stand in it.
    group_id: ID,
}

/// The answer to `promotionGroupSave`.
#[derive(SimpleObject)]
struct PromotionGroupSavePayload {
    /// The group as it is now; null where the command was refused.
    promotion_group: Option<PromotionGroup>,
    /// Why the command was refused; empty: it was not.
    user_errors: Vec<UserError>,
}

/// The answer to `promotionGroupDelete`.
#[derive(SimpleObject)]
struct PromotionGroupDeletePayload {
    /// The id of what was removed; null where the command was refused.
    deleted_id: Option<ID>,
    /// Why the command was refused; empty: it was not.
    user_errors: Vec<UserError>,
}

/// Commands on groups of promotions.
#[derive(Default)]
pub(in crate::graphql) struct PromotionGroupMutation;

#[Object]
impl PromotionGroupMutation {
    /// Creates a group of promotions, or changes one. Needs `MANAGE_PROMOTIONS`.
    #[graphql(visible = "may_manage_promotions")]
    async fn promotion_group_save(
        &self,
        ctx: &Context<'_>,
        input: PromotionGroupSaveInput,
    ) -> Result<PromotionGroupSavePayload> {
        Ok(match save(ctx, input).await {
            Ok(group) => {
                PromotionGroupSavePayload { promotion_group: Some(PromotionGroup(group)), user_errors: vec![] }
            }
            Err(refusal) => {
                PromotionGroupSavePayload { promotion_group: None, user_errors: refusal.into_user_errors()? }
            }
        })
    }

    /// Removes a group of promotions that is empty. Needs `MANAGE_PROMOTIONS`.
    #[graphql(visible = "may_manage_promotions")]
    async fn promotion_group_delete(
        &self,
        ctx: &Context<'_>,
        input: PromotionGroupDeleteInput,
    ) -> Result<PromotionGroupDeletePayload> {
        Ok(match delete(ctx, input).await {
            Ok(id) => PromotionGroupDeletePayload { deleted_id: Some(id), user_errors: vec![] },
            Err(refusal) => PromotionGroupDeletePayload { deleted_id: None, user_errors: refusal.into_user_errors()? },
        })
    }
}

async fn save(ctx: &Context<'_>, input: PromotionGroupSaveInput) -> Result<promotion::PromotionGroup, Refusal> {
    let request = ctx.request()?;
    let draft = PromotionGroupDraft {
        id: input.group_id.map(|it| parse_id(&it, Path::input("groupId"))).transpose()?,
        name: input.name,
        parent_id: input.parent_id.map(|it| parse_id(&it, Path::input("parentId"))).transpose()?,
        mode: input.mode.into(),
        priority: input.priority,
    };
    request.app.promotions.save_group(&request.actor, draft).await.map_err(|it| refuse(it, &[]))
}

async fn delete(ctx: &Context<'_>, input: PromotionGroupDeleteInput) -> Result<ID, Refusal> {
    let request = ctx.request()?;
    let id = parse_id(&input.group_id, Path::input("groupId"))?;
    let deleted = request.app.promotions.delete_group(&request.actor, id).await;
    deleted.map(|()| to_id(id)).map_err(|it| refuse(it, &[]))
}
