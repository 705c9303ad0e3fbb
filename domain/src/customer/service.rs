//! The use cases of customers: sign up, sign in, change what is known of them.

use std::sync::Arc;

use super::{Customer, CustomerCursor, CustomerError, CustomerName, CustomerQueries};
use crate::{
    access::{
        AccessError, Actor, Email, Password, Passwords, Permission, SignIn, SignInEnd, SignedIn, Subject, Tokens,
        begin_sign_in, end_sign_ins,
    },
    catalog::CatalogQueries,
    clock::{Clock, Timestamp},
    event::EventKind,
    ids::{CustomerId, IdSource},
    language::Language,
    page::{Page, PageRequest},
    settings::SettingsCache,
    storage::{Storage, StorageError, UnitOfWork},
};

/// What a new customer tells.
#[derive(Clone)]
pub struct NewCustomer {
    /// What they will sign in with.
    pub email: Email,
    /// What they will sign in with as well.
    pub password: Password,
    /// What they are called.
    pub name: CustomerName,
    /// The language to write to them in.
    pub language: Language,
}

/// What to change of a customer; `None` stays as it is.
#[derive(Debug, Clone, Default)]
pub struct CustomerChange {
    /// Given name; empty: none.
    pub first_name: Option<String>,
    /// Family name; empty: none.
    pub last_name: Option<String>,
    /// The language to write to them in.
    pub language: Option<Language>,
    /// Whether what they look at and buy may be used to show them what suits them.
    pub allows_personalization: Option<bool>,
}

/// The use cases of customers.
pub struct CustomerService {
    pub(crate) storage: Arc<dyn Storage>,
    pub(crate) settings: Arc<SettingsCache>,
    pub(crate) queries: Arc<dyn CustomerQueries>,
    pub(crate) catalog: Arc<dyn CatalogQueries>,
    pub(crate) tokens: Arc<dyn Tokens>,
    pub(crate) passwords: Arc<dyn Passwords>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Arc<dyn IdSource>,
}

impl CustomerService {
    /// Creates an account, and signs its customer in; on the device that acts, if one does. Whether the address is theirs, nobody has checked: it opens nothing
    /// that was there before.
    ///
    /// # Errors
    /// [`CustomerError::EmailTaken`].
    pub async fn sign_up(&self, actor: &Actor, new: NewCustomer) -> Result<SignedIn<Customer>, CustomerError> {
        let now = self.clock.now();
        let password_hash = self.passwords.hash(new.password.expose()).await.map_err(StorageError::Unavailable)?;
        let mut customer = Customer {
            id: CustomerId::new(&*self.ids),
            version: 0,
            email: new.email,
            password_hash,
            name: new.name,
            language: new.language,
            allows_personalization: false,
            group_ids: Vec::new(),
            tax_exemptions: Vec::new(),
            created_at: now,
            updated_at: now,
        };
        let event = customer.changed(EventKind::CustomerCreated, now);
        let uow = self.storage.begin().await?;
        if !uow.customers().insert(&customer).await? {
            return Err(CustomerError::EmailTaken);
        }
        uow.outbox().append(&[event]).await?;
        self.begin(uow, actor, customer, now).await
    }

    /// Signs in with an address and a password; on the device that acts, if one does.
    ///
    /// # Errors
    /// [`CustomerError::WrongCredentials`], after the same time for an address that is unknown.
    pub async fn sign_in(
        &self,
        actor: &Actor,
        email: &str,
        password: &str,
    ) -> Result<SignedIn<Customer>, CustomerError> {
        let now = self.clock.now();
        let customer = match email.parse::<Email>() {
            Ok(email) => self.queries.customer_by_email(&email).await?,
            Err(_) => None,
        };
        let hash = customer.as_ref().map(|it| &it.password_hash);
        let is_right = self.passwords.verify(Password::attempt(password), hash).await;
        match customer {
            Some(customer) if is_right.map_err(StorageError::Unavailable)? => {
                self.begin(self.storage.begin().await?, actor, customer, now).await
            }
            _ => Err(CustomerError::WrongCredentials),
        }
    }

    async fn begin(
        &self,
        uow: Box<dyn UnitOfWork>,
        actor: &Actor,
        customer: Customer,
        asked_at: Timestamp,
    ) -> Result<SignedIn<Customer>, CustomerError> {
        let (subject, device) = (Subject::Customer(customer.id), actor.device_id());
        if let Some(device) = device {
            // A password takes a while to check, and whoever typed it may have left.
            let found = uow.devices().lock(device).await?;
            if !found.is_some_and(|it| it.is_same_session(asked_at)) {
                return Err(AccessError::Unauthenticated.into());
            }
        }
        let sign_in = SignIn::begin(subject, device, self.clock.now(), &*self.ids);
        let tokens = begin_sign_in(&*uow, &*self.tokens, &sign_in, subject.access_lifetime()).await?;
        uow.commit().await?;
        Ok(SignedIn { who: customer, tokens })
    }

    /// The customer who acts; `None` for anybody else.
    ///
    /// # Errors
    /// [`CustomerError::Storage`].
    pub async fn me(&self, actor: &Actor) -> Result<Option<Customer>, CustomerError> {
        match actor.customer() {
            Some(id) => Ok(self.queries.customers_by_id(&[id]).await?.pop()),
            None => Ok(None),
        }
    }

    /// Changes what is known of the customer who acts. Who allows personalization no longer is forgotten: what they looked at goes.
    ///
    /// # Errors
    /// [`CustomerError::InvalidName`].
    pub async fn update(&self, actor: &Actor, change: CustomerChange) -> Result<Customer, CustomerError> {
        let id = actor.require_customer()?;
        let now = self.clock.now();
        let uow = self.storage.begin().await?;
        let mut customer = find(&*uow, id).await?;
        let CustomerChange { first_name, last_name, language, allows_personalization } = change;
        let (first, last) = (first_name.as_deref(), last_name.as_deref());
        customer.name = CustomerName::parse(first.or(customer.name.first()), last.or(customer.name.last()))?;
        customer.language = language.unwrap_or(customer.language);
        customer.allows_personalization = allows_personalization.unwrap_or(customer.allows_personalization);
        if !customer.allows_personalization {
            uow.customers().clear_views(id, None).await?;
        }
        let event = customer.changed(EventKind::CustomerUpdated, now);
        uow.customers().save(&customer).await?;
        uow.outbox().append(&[event]).await?;
        uow.commit().await?;
        Ok(customer)
    }

    /// Changes the password of the customer who acts, and signs them out everywhere else.
    ///
    /// # Errors
    /// [`CustomerError::WrongPassword`].
    pub async fn change_password(
        &self,
        actor: &Actor,
        current: &str,
        new: Password,
    ) -> Result<Customer, CustomerError> {
        let id = actor.require_customer()?;
        let before = self.queries.customers_by_id(&[id]).await?.pop();
        let hash = before.as_ref().map(|it| &it.password_hash);
        let is_right = self.passwords.verify(Password::attempt(current), hash).await;
        if !is_right.map_err(StorageError::Unavailable)? {
            return Err(CustomerError::WrongPassword);
        }
        let password_hash = self.passwords.hash(new.expose()).await.map_err(StorageError::Unavailable)?;
        let now = self.clock.now();
        let uow = self.storage.begin().await?;
        let mut customer = find(&*uow, id).await?;
        if Some(&customer.password_hash) != hash {
            return Err(CustomerError::WrongPassword);
        }
        customer.password_hash = password_hash;
        let event = customer.changed(EventKind::CustomerUpdated, now);
        uow.customers().save(&customer).await?;
        uow.outbox().append(&[event]).await?;
        let here = actor.signed_in().map(|(_, sign_in)| sign_in);
        end_sign_ins(&*uow, Subject::Customer(id), here, SignInEnd::PasswordChanged, now).await?;
        uow.commit().await?;
        Ok(customer)
    }

    /// A page of all customers, newest first; with an address, whoever has it.
    ///
    /// # Errors
    /// [`CustomerError`]: no permission.
    pub async fn list(
        &self,
        actor: &Actor,
        email: Option<&Email>,
        page: &PageRequest<CustomerCursor>,
    ) -> Result<Page<Customer>, CustomerError> {
        actor.require(Permission::ViewCustomers)?;
        match email {
            None => Ok(self.queries.customers(page).await?),
            Some(email) => {
                let items = self.queries.customer_by_email(email).await?.into_iter().collect();
                Ok(Page { items, has_previous: false, has_next: false })
            }
        }
    }
}

/// The customer who acts; one who is gone meanwhile is as if signed out.
pub(super) async fn find(uow: &dyn UnitOfWork, id: CustomerId) -> Result<Customer, CustomerError> {
    let found = uow.customers().find(id).await?;
    found.ok_or(CustomerError::Access(crate::access::AccessError::Unauthenticated))
}
