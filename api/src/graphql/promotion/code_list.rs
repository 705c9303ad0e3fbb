//! Discount codes as staff sees and changes them.

use async_graphql::{
    Context, ID, InputObject, MaybeUndefined, Object, Result, SimpleObject,
    connection::{Connection, OpaqueCursor},
};
use comptoir_domain::promotion::{CodeChange, CodeCursor, CodeFilter, CodeReport, PromotionError};

use super::{
    super::{
        context::{ContextExt as _, may_manage_promotions},
        error::{Path, Refusal, UserError},
        id::{parse_id, to_id},
        page::{PageArguments, edges},
        scalar::DateTime,
    },
    codes::parse,
    refuse::refuse,
};

/// A discount code with its uses.
#[derive(SimpleObject)]
struct DiscountCode {
    /// The code, in capitals.
    code: String,
    /// The promotion it is for.
    promotion_id: ID,
    /// How often it can be used; null: any number.
    uses_max: Option<u32>,
    /// How often one customer can use it; null: any number.
    customer_uses_max: Option<u32>,
    /// Whether staff has paused it.
    is_paused: bool,
    /// How many orders were placed with it.
    uses: u64,
    /// For how many carts a use of it is set aside; limits count them too.
    reserved_uses: u64,
    /// When it was issued.
    created_at: DateTime,
}

impl From<CodeReport> for DiscountCode {
    fn from(CodeReport { code, counts }: CodeReport) -> Self {
        Self {
            code: code.code.to_string(),
            promotion_id: to_id(code.promotion_id),
            uses_max: code.uses_max,
            customer_uses_max: code.customer_uses_max,
            is_paused: code.is_paused,
            uses: counts.used,
            reserved_uses: counts.reserved,
            created_at: DateTime(code.created_at),
        }
    }
}

/// What changes of a code; what is left out stays as it is. Uses that were made or set aside stay.
#[derive(InputObject)]
struct DiscountCodeUpdateInput {
    /// Which; case does not matter.
    code: String,
    /// How often it can be used; null: any number.
    uses_max: MaybeUndefined<u32>,
    /// How often one customer can use it; null: any number. With a limit it is for those who are signed in.
    customer_uses_max: MaybeUndefined<u32>,
}

/// Which code a command is about.
#[derive(InputObject)]
struct DiscountCodeCommandInput {
    /// Which; case does not matter.
    code: String,
}

/// The answer to commands on a code.
#[derive(SimpleObject)]
struct DiscountCodePayload {
    /// The code as it is now; null where the command was refused.
    discount_code: Option<DiscountCode>,
    /// Why the command was refused; empty: it was not.
    user_errors: Vec<UserError>,
}

/// The answer to `discountCodeDelete`.
#[derive(SimpleObject)]
struct DiscountCodeDeletePayload {
    /// The code that was removed, in capitals; null where the command was refused.
    deleted_code: Option<String>,
    /// Why the command was refused; empty: it was not.
    user_errors: Vec<UserError>,
}

/// Reads of discount codes.
#[derive(Default)]
pub(in crate::graphql) struct DiscountCodeQuery;

#[Object]
impl DiscountCodeQuery {
    /// The discount codes there are, in their alphabetical order, with their uses. Needs `MANAGE_PROMOTIONS`.
    #[graphql(visible = "may_manage_promotions")]
    #[expect(clippy::too_many_arguments, reason = "Relay's arguments")]
    async fn discount_codes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those of this promotion.")] promotion_id: Option<ID>,
        #[graphql(desc = "Only those that have this in them, in any case: at most 64 characters.")] query: Option<
            String,
        >,
        #[graphql(desc = "How many from the beginning, or after `after`: 1 to 100, 20 by default.")] first: Option<i64>,
        #[graphql(desc = "A cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, or before `before`.")] last: Option<i64>,
        #[graphql(desc = "A cursor.")] before: Option<String>,
    ) -> Result<Connection<OpaqueCursor<CodeCursor>, DiscountCode>> {
        let request = ctx.request()?;
        let page = PageArguments { first, after, last, before }.parse()?;
        let promotion_id = promotion_id.map(|it| parse_id(&it, Path::argument("promotionId"))).transpose();
        let promotion_id = promotion_id.map_err(Refusal::into_error)?;
        let filter = CodeFilter { promotion_id, text: query };
        let found = request.app.promotions.list_codes(&request.actor, &filter, &page).await;
        let found = found.map_err(|it| refuse(it, &[]).into_error())?;
        let mut connection = Connection::new(found.has_previous, found.has_next);
        connection.edges = edges(found, CodeCursor::of, DiscountCode::from);
        Ok(connection)
    }
}

/// Commands on single codes.
#[derive(Default)]
pub(in crate::graphql) struct DiscountCodeAdministration;

#[Object]
impl DiscountCodeAdministration {
    /// Changes how often a code can be used. Needs `MANAGE_PROMOTIONS`.
    #[graphql(visible = "may_manage_promotions")]
    async fn discount_code_update(
        &self,
        ctx: &Context<'_>,
        input: DiscountCodeUpdateInput,
    ) -> Result<DiscountCodePayload> {
        let known = |it: MaybeUndefined<u32>| match it {
            MaybeUndefined::Undefined => None,
            MaybeUndefined::Null => Some(None),
            MaybeUndefined::Value(it) => Some(Some(it)),
        };
        let (uses_max, customer_uses_max) = (known(input.uses_max), known(input.customer_uses_max));
        change(ctx, &input.code, CodeChange { uses_max, customer_uses_max, ..CodeChange::default() }).await
    }

    /// Pauses a code until it is resumed; carts that have it go without. Needs `MANAGE_PROMOTIONS`.
    #[graphql(visible = "may_manage_promotions")]
    async fn discount_code_pause(
        &self,
        ctx: &Context<'_>,
        input: DiscountCodeCommandInput,
    ) -> Result<DiscountCodePayload> {
        change(ctx, &input.code, CodeChange { is_paused: Some(true), ..CodeChange::default() }).await
    }

    /// Lets a code that was paused count again. Needs `MANAGE_PROMOTIONS`.
    #[graphql(visible = "may_manage_promotions")]
    async fn discount_code_resume(
        &self,
        ctx: &Context<'_>,
        input: DiscountCodeCommandInput,
    ) -> Result<DiscountCodePayload> {
        change(ctx, &input.code, CodeChange { is_paused: Some(false), ..CodeChange::default() }).await
    }

    /// Removes a code and the count of its uses; what it gave to orders stays theirs. Needs `MANAGE_PROMOTIONS`.
    #[graphql(visible = "may_manage_promotions")]
    async fn discount_code_delete(
        &self,
        ctx: &Context<'_>,
        input: DiscountCodeCommandInput,
    ) -> Result<DiscountCodeDeletePayload> {
        let delete = async {
            let (request, code) = (ctx.request()?, parse(&input.code, Path::input("code"))?);
            let deleted = request.app.promotions.delete_code(&request.actor, &code).await;
            deleted.map(|()| code.to_string()).map_err(|it| refuse(it, &[]))
        };
        Ok(match delete.await {
            Ok(code) => DiscountCodeDeletePayload { deleted_code: Some(code), user_errors: vec![] },
            Err(refusal) => DiscountCodeDeletePayload { deleted_code: None, user_errors: refusal.into_user_errors()? },
        })
    }
}

async fn change(ctx: &Context<'_>, code: &str, change: CodeChange) -> Result<DiscountCodePayload> {
    let done = async {
        let (request, code) = (ctx.request()?, parse(code, Path::input("code"))?);
        let changed: Result<CodeReport, PromotionError> =
            request.app.promotions.change_code(&request.actor, &code, change).await;
        changed.map(DiscountCode::from).map_err(|it| refuse(it, &[]))
    };
    Ok(match done.await {
        Ok(code) => DiscountCodePayload { discount_code: Some(code), user_errors: vec![] },
        Err(refusal) => DiscountCodePayload { discount_code: None, user_errors: refusal.into_user_errors()? },
    })
}
