//! Commands of customers.

use std::sync::Arc;

use async_graphql::{Context, InputObject, MaybeUndefined, Object, Result, SimpleObject};
use comptoir_domain::{
    access::{Actor, EmailError, Password, Principal, SignedIn},
    customer::{self, CustomerChange, CustomerName, NewCustomer},
    language::Language,
};

use super::{
    super::{
        access::Tokens,
        cart::{CartMergePayload, SignInCartInput, merge_at_sign_in},
        context::{ContextExt as _, is_customer},
        error::{ErrorCode, Path, Refusal, Refuse as _, UserError},
        scalar::LanguageTag,
    },
    Customer,
};

/// What a new customer tells.
#[derive(InputObject)]
struct CustomerSignUpInput {
    /// What they will sign in with.
    email: String,
    /// 8 to 256 characters.
    #[graphql(secret)]
    password: String,
    /// Given name; at most 120 characters.
    first_name: Option<String>,
    /// Family name; at most 120 characters.
    last_name: Option<String>,
    /// The language to write to them in; the request's if left out.
    language: Option<LanguageTag>,
    /// The cart they had as a guest: it becomes theirs.
    cart: Option<SignInCartInput>,
}

/// An address and a password.
#[derive(InputObject)]
struct CustomerSignInInput {
    /// The address.
    email: String,
    /// The password.
    #[graphql(secret)]
    password: String,
    /// The cart they had as a guest: it is merged into their own, or becomes theirs where they have none.
    cart: Option<SignInCartInput>,
}

/// The answer to `customerSignUp` and `customerSignIn`.
#[derive(SimpleObject)]
struct CustomerSignInPayload {
    /// Who signed in; null where the command was refused.
    customer: Option<Customer>,
    #[graphql(flatten)]
    tokens: Tokens,
    /// What became of the cart they had as a guest; null where none was named, and where the command was refused. They have
    /// signed in also where the carts could not be merged.
    cart_merge: Option<CartMergePayload>,
    /// Why the command was refused; empty: it was not.
    user_errors: Vec<UserError>,
}

/// What to change of the customer who signed in; what is left out stays as it is.
#[derive(InputObject)]
struct CustomerUpdateInput {
    /// Given name; null: none.
    first_name: MaybeUndefined<String>,
    /// Family name; null: none.
    last_name: MaybeUndefined<String>,
    /// The language to write to them in.
    language: Option<LanguageTag>,
    /// Whether what they look at and buy may be used to show them what suits them. `false` forgets what they looked at.
    allows_personalization: Option<bool>,
}

/// A new password.
#[derive(InputObject)]
struct CustomerPasswordChangeInput {
    /// The password until now.
    #[graphql(secret)]
    current_password: String,
    /// 8 to 256 characters.
    #[graphql(secret)]
    new_password: String,
}

/// The answer to a command of or on a customer.
#[derive(SimpleObject)]
pub(super) struct CustomerPayload {
    /// The customer as they are now; null where the command was refused.
    customer: Option<Customer>,
    /// Why the command was refused; empty: it was not.
    user_errors: Vec<UserError>,
}

/// Commands of customers.
#[derive(Default)]
pub(in crate::graphql) struct CustomerMutation;

#[Object]
impl CustomerMutation {
    /// Creates an account, and signs its customer in. With a device's token in `Authorization` they sign in on that device: their
    /// tokens act there, and end with its session or where they are not refreshed for half an hour.
    async fn customer_sign_up(
        &self,
        ctx: &Context<'_>,
        mut input: CustomerSignUpInput,
    ) -> Result<CustomerSignInPayload> {
        let cart = input.cart.take();
        signed_in(ctx, sign_up(ctx, input).await, cart).await
    }

    /// Signs a customer in; on a device as `customerSignUp` does.
    async fn customer_sign_in(&self, ctx: &Context<'_>, input: CustomerSignInInput) -> Result<CustomerSignInPayload> {
        let request = ctx.request()?;
        let found = request.app.customers.sign_in(&request.actor, &input.email, &input.password).await;
        signed_in(ctx, found.map_err(|it| it.refuse(Path::argument("input"))), input.cart).await
    }

    /// Changes what is known of the customer who signed in.
    #[graphql(visible = "is_customer")]
    async fn customer_update(&self, ctx: &Context<'_>, input: CustomerUpdateInput) -> Result<CustomerPayload> {
        changed(update(ctx, input).await)
    }

    /// Changes the password of the customer who signed in, and signs them out everywhere else.
    #[graphql(visible = "is_customer")]
    async fn customer_password_change(
        &self,
        ctx: &Context<'_>,
        input: CustomerPasswordChangeInput,
    ) -> Result<CustomerPayload> {
        changed(change_password(ctx, input).await)
    }
}

async fn sign_up(ctx: &Context<'_>, input: CustomerSignUpInput) -> Result<SignedIn<customer::Customer>, Refusal> {
    let request = ctx.request()?;
    let email = input
        .email
        .parse()
        .map_err(|it: EmailError| UserError::input(ErrorCode::InvalidInput, it.to_string(), Path::input("email")))?;
    let password = Password::parse(input.password).map_err(|it| it.refuse(Path::input("password")))?;
    let name = CustomerName::parse(input.first_name.as_deref(), input.last_name.as_deref())
        .map_err(|it| it.refuse(Path::argument("input")))?;
    let language = input.language.map(|it| it.parse(Path::input("language"))).transpose()?;
    let first_language = request.sales.languages.first().cloned();
    let language = language.or(first_language).unwrap_or_else(Language::english);
    let new = NewCustomer { email, password, name, language };
    request.app.customers.sign_up(&request.actor, new).await.map_err(|it| it.refuse(Path::argument("input")))
}

async fn update(ctx: &Context<'_>, input: CustomerUpdateInput) -> Result<customer::Customer, Refusal> {
    let request = ctx.request()?;
    let text = |it: MaybeUndefined<String>| match it {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => Some(String::new()),
        MaybeUndefined::Value(text) => Some(text),
    };
    let change = CustomerChange {
        first_name: text(input.first_name),
        last_name: text(input.last_name),
        language: input.language.map(|it| it.parse(Path::input("language"))).transpose()?,
        allows_personalization: input.allows_personalization,
    };
    request.app.customers.update(&request.actor, change).await.map_err(|it| it.refuse(Path::argument("input")))
}

async fn change_password(ctx: &Context<'_>, input: CustomerPasswordChangeInput) -> Result<customer::Customer, Refusal> {
    let request = ctx.request()?;
    let new = Password::parse(input.new_password).map_err(|it| it.refuse(Path::input("newPassword")))?;
    let changed = request.app.customers.change_password(&request.actor, &input.current_password, new).await;
    changed.map_err(|it| it.refuse(Path::argument("input")))
}

async fn signed_in(
    ctx: &Context<'_>,
    result: Result<SignedIn<customer::Customer>, Refusal>,
    cart: Option<SignInCartInput>,
) -> Result<CustomerSignInPayload> {
    match result {
        Ok(it) => {
            let device = ctx.request()?.actor.device().cloned();
            let principal = Principal::Customer { id: it.who.id, sign_in: it.tokens.sign_in, device };
            let actor = Actor { principal, cart_secret: None, network: None };
            let cart_merge = match cart {
                Some(cart) => Some(merge_at_sign_in(ctx, &actor, cart).await?),
                None => None,
            };
            Ok(CustomerSignInPayload {
                customer: Some(Customer(Arc::new(it.who))),
                tokens: it.tokens.into(),
                cart_merge,
                user_errors: vec![],
            })
        }
        Err(refusal) => Ok(CustomerSignInPayload {
            customer: None,
            tokens: Tokens::default(),
            cart_merge: None,
            user_errors: refusal.into_user_errors()?,
        }),
    }
}

/// The answer to a command of or on a customer.
pub(super) fn changed(result: Result<customer::Customer, Refusal>) -> Result<CustomerPayload> {
    match result {
        Ok(it) => Ok(CustomerPayload { customer: Some(Customer(Arc::new(it))), user_errors: vec![] }),
        Err(refusal) => Ok(CustomerPayload { customer: None, user_errors: refusal.into_user_errors()? }),
    }
}
