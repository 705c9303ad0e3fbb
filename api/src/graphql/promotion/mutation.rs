//! Commands on promotions.

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use comptoir_domain::{
    ids::PromotionId,
    promotion::{ActionKind, PromotionDraft, PromotionError, StoredPromotion},
};

use super::{
    super::{
        context::{ContextExt as _, may_manage_promotions},
        error::{Path, Refusal, UserError},
        id::{parse_id, to_id},
        news::seen_version,
    },
    input::{
        PromotionCommandInput, PromotionCreateInput, PromotionDuplicateInput, PromotionScheduleInput,
        PromotionUpdateInput,
    },
    object::Promotion,
    refuse::refuse,
};

/// The answer to commands on a promotion.
#[derive(SimpleObject)]
struct PromotionPayload {
    /// The promotion as it is now; null where the command was refused, except for a version that does not match.
    promotion: Option<Promotion>,
    /// Why the command was refused; empty: it was not.
    user_errors: Vec<UserError>,
}

/// The answer to `promotionDelete`.
#[derive(SimpleObject)]
struct PromotionDeletePayload {
    /// The id of what was removed; null where the command was refused.
    deleted_id: Option<ID>,
    /// Why the command was refused; empty: it was not.
    user_errors: Vec<UserError>,
}

/// Commands on promotions.
#[derive(Default)]
pub(in crate::graphql) struct PromotionMutation;

#[Object]
impl PromotionMutation {
    /// Creates a promotion, unless it contradicts itself or names what is not there. Needs `MANAGE_PROMOTIONS`.
    #[graphql(visible = "may_manage_promotions")]
    async fn promotion_create(&self, ctx: &Context<'_>, input: PromotionCreateInput) -> Result<PromotionPayload> {
        let request = ctx.request()?;
        let draft = match input.parse() {
            Ok(draft) => draft,
            Err(refusal) => return refused(refusal),
        };
        let actions = action_names(&draft);
        answer(ctx, request.app.promotions.create(&request.actor, draft).await, &actions)
    }

    /// Changes a promotion; what is left out stays as it is. Needs `MANAGE_PROMOTIONS`.
    #[graphql(visible = "may_manage_promotions")]
    async fn promotion_update(&self, ctx: &Context<'_>, input: PromotionUpdateInput) -> Result<PromotionPayload> {
        let (id, version) = (input.promotion_id.clone(), input.expected_version);
        match input.parse() {
            Ok(draft) => update(ctx, &id, version, draft).await,
            Err(refusal) => refused(refusal),
        }
    }

    /// Sets when a promotion runs; with `endsAt` now, it ends. Needs `MANAGE_PROMOTIONS`.
    #[graphql(visible = "may_manage_promotions")]
    async fn promotion_schedule(&self, ctx: &Context<'_>, input: PromotionScheduleInput) -> Result<PromotionPayload> {
        update(ctx, &input.promotion_id, input.expected_version, input.draft()).await
    }

    /// Pauses a promotion until it is resumed. Needs `MANAGE_PROMOTIONS`.
    #[graphql(visible = "may_manage_promotions")]
    async fn promotion_pause(&self, ctx: &Context<'_>, input: PromotionCommandInput) -> Result<PromotionPayload> {
        let draft = PromotionDraft { is_paused: Some(true), ..PromotionDraft::default() };
        update(ctx, &input.promotion_id, input.expected_version, draft).await
    }

    /// Lets a promotion that was paused run, within its time. Needs `MANAGE_PROMOTIONS`.
    #[graphql(visible = "may_manage_promotions")]
    async fn promotion_resume(&self, ctx: &Context<'_>, input: PromotionCommandInput) -> Result<PromotionPayload> {
        let draft = PromotionDraft { is_paused: Some(false), ..PromotionDraft::default() };
        update(ctx, &input.promotion_id, input.expected_version, draft).await
    }

    /// Creates a promotion like another one: `Copy of …`, paused, without the other's codes. Needs `MANAGE_PROMOTIONS`.
    #[graphql(visible = "may_manage_promotions")]
    async fn promotion_duplicate(&self, ctx: &Context<'_>, input: PromotionDuplicateInput) -> Result<PromotionPayload> {
        let request = ctx.request()?;
        match promotion_id(&input.promotion_id) {
            Ok(id) => answer(ctx, request.app.promotions.duplicate(&request.actor, id).await, &[]),
            Err(refusal) => refused(refusal),
        }
    }

    /// Removes a promotion; what it gave to orders stays theirs. Needs `MANAGE_PROMOTIONS`.
    #[graphql(visible = "may_manage_promotions")]
    async fn promotion_delete(
        &self,
        ctx: &Context<'_>,
        input: PromotionCommandInput,
    ) -> Result<PromotionDeletePayload> {
        let request = ctx.request()?;
        let delete = async {
            let (id, version) = (promotion_id(&input.promotion_id)?, seen_version(input.expected_version));
            let deleted = request.app.promotions.delete(&request.actor, id, version).await;
            deleted.map(|()| to_id(id)).map_err(|it| refuse(it, &[]))
        };
        Ok(match delete.await {
            Ok(id) => PromotionDeletePayload { deleted_id: Some(id), user_errors: vec![] },
            Err(refusal) => PromotionDeletePayload { deleted_id: None, user_errors: refusal.into_user_errors()? },
        })
    }
}

async fn update(
    ctx: &Context<'_>,
    id: &ID,
    expected_version: Option<i64>,
    draft: PromotionDraft,
) -> Result<PromotionPayload> {
    let request = ctx.request()?;
    let id = match promotion_id(id) {
        Ok(id) => id,
        Err(refusal) => return refused(refusal),
    };
    let actions = action_names(&draft);
    let version = seen_version(expected_version);
    answer(ctx, request.app.promotions.update(&request.actor, id, version, draft).await, &actions)
}

/// A refusal comes with the promotion where the client has seen another version of it.
fn answer(
    ctx: &Context<'_>,
    done: Result<StoredPromotion, PromotionError>,
    actions: &[&str],
) -> Result<PromotionPayload> {
    let now = ctx.request()?.ports.clock.now();
    let stored = match &done {
        Ok(stored) => Some(stored.clone()),
        Err(PromotionError::VersionConflict { current }) => Some((**current).clone()),
        Err(_) => None,
    };
    let user_errors = match done {
        Ok(_) => vec![],
        Err(error) => refuse(error, actions).into_user_errors()?,
    };
    Ok(PromotionPayload { promotion: stored.map(|stored| Promotion { stored, now }), user_errors })
}

fn refused(refusal: Refusal) -> Result<PromotionPayload> {
    Ok(PromotionPayload { promotion: None, user_errors: refusal.into_user_errors()? })
}

fn promotion_id(id: &ID) -> Result<PromotionId, Refusal> {
    parse_id(id, Path::input("promotionId"))
}

fn action_names(draft: &PromotionDraft) -> Vec<&'static str> {
    draft.actions.iter().flatten().map(|it| ActionKind::name(&it.kind)).collect()
}
