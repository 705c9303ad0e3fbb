//! Issuing discount codes.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use comptoir_domain::promotion::{CodesToIssue, DiscountCode, DiscountCodeError, PromotionError};

use super::{
    super::{
        context::{ContextExt as _, may_manage_promotions},
        error::{ErrorCode, Path, Refusal, UserError},
        id::parse_id,
    },
    refuse::refuse,
};

/// Codes to issue: those of `codes`, or `count` that are made up.
#[derive(InputObject)]
struct DiscountCodesCreateInput {
    /// The promotion they are for; its condition asks for a code.
    promotion_id: ID,
    /// The codes, at most 100000; case does not matter.
    codes: Option<Vec<String>>,
    /// Or how many to make up: 1 to 100000, each of 12 letters and digits that nobody guesses.
    count: Option<u32>,
    /// What codes that are made up begin with, such as `SUMMER-`: at most 32 characters.
    prefix: Option<String>,
    /// How often each can be used; left out: any number.
    uses_max: Option<u32>,
    /// How often one customer can use each; left out: any number. With a limit they are for those who are signed in.
    customer_uses_max: Option<u32>,
}

/// The answer to `discountCodesCreate`.
#[derive(SimpleObject)]
struct DiscountCodesCreatePayload {
    /// The codes that were issued, in capitals; empty where the command was refused.
    codes: Vec<String>,
    /// Why the command was refused; empty: it was not.
    user_errors: Vec<UserError>,
}

/// Commands on discount codes.
#[derive(Default)]
pub(in crate::graphql) struct DiscountCodeMutation;

#[Object]
impl DiscountCodeMutation {
    /// Issues codes of a promotion, all of them or none. Needs `MANAGE_PROMOTIONS`.
    #[graphql(visible = "may_manage_promotions")]
    async fn discount_codes_create(
        &self,
        ctx: &Context<'_>,
        input: DiscountCodesCreateInput,
    ) -> Result<DiscountCodesCreatePayload> {
        match issue(ctx, input).await {
            Ok(codes) => {
                let codes = codes.iter().map(ToString::to_string).collect();
                Ok(DiscountCodesCreatePayload { codes, user_errors: vec![] })
            }
            Err(refusal) => Ok(DiscountCodesCreatePayload { codes: vec![], user_errors: refusal.into_user_errors()? }),
        }
    }
}

async fn issue(ctx: &Context<'_>, input: DiscountCodesCreateInput) -> Result<Vec<DiscountCode>, Refusal> {
    let request = ctx.request()?;
    let named = input.codes.unwrap_or_default();
    if CodesToIssue::COUNT_MAX < named.len() {
        return Err(refuse(PromotionError::CodeCount { max: CodesToIssue::COUNT_MAX }, &[]));
    }
    let code = |(index, it): (usize, String)| parse(&it, Path::input("codes").index(index));
    let wanted = CodesToIssue {
        promotion_id: parse_id(&input.promotion_id, Path::input("promotionId"))?,
        codes: named.into_iter().enumerate().map(code).collect::<Result<_, _>>()?,
        count: input.count.unwrap_or_default(),
        prefix: input.prefix.filter(|it| !it.is_empty()).map(|it| parse(&it, Path::input("prefix"))).transpose()?,
        uses_max: input.uses_max,
        customer_uses_max: input.customer_uses_max,
    };
    request.app.promotions.issue_codes(&request.actor, wanted).await.map_err(|it| refuse(it, &[]))
}

/// A code as it was written.
pub(super) fn parse(code: &str, at: Path) -> Result<DiscountCode, Refusal> {
    code.parse().map_err(|it: DiscountCodeError| UserError::input(ErrorCode::InvalidInput, it.to_string(), at).into())
}
