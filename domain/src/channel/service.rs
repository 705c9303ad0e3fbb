//! The use cases of settings.

use std::sync::Arc;

use super::{ChannelError, ChannelQueries, DeliveryMethod, Location, LocationDraft, location::check_name};
use crate::{
    access::{Actor, Permission},
    ids::{IdSource, LocationId},
    storage::{Storage, StorageError},
};

/// The use cases of locations and delivery methods.
pub struct ChannelService {
    pub(crate) storage: Arc<dyn Storage>,
    pub(crate) queries: Arc<dyn ChannelQueries>,
    pub(crate) ids: Arc<dyn IdSource>,
}

impl ChannelService {
    /// Creates the location, or replaces the one with its code.
    ///
    /// # Errors
    /// [`ChannelError`]: no permission, or no name.
    pub async fn save_location(&self, actor: &Actor, draft: LocationDraft) -> Result<Location, ChannelError> {
        actor.require(Permission::ManageSettings)?;
        check_name(&draft.name)?;
        let uow = self.storage.begin().await?;
        let location = uow.channels().save_location(&Location { id: LocationId::new(&*self.ids), draft }).await?;
        uow.commit().await?;
        Ok(location)
    }

    /// Creates the delivery method, or replaces the one with its code.
    ///
    /// # Errors
    /// [`ChannelError`]: no permission, or a field at fault.
    pub async fn save_delivery_method(
        &self,
        actor: &Actor,
        method: DeliveryMethod,
    ) -> Result<DeliveryMethod, ChannelError> {
        actor.require(Permission::ManageSettings)?;
        method.check()?;
        let uow = self.storage.begin().await?;
        uow.channels().save_delivery_method(&method).await?;
        uow.commit().await?;
        Ok(method)
    }

    /// All locations, by code.
    ///
    /// # Errors
    /// [`StorageError`].
    pub async fn locations(&self, _actor: &Actor) -> Result<Vec<Location>, StorageError> {
        self.queries.locations().await
    }
}
