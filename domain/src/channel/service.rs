//! The use cases of settings.

use std::sync::Arc;

use super::{
    Channel, ChannelError, DeliveryMethod, Location, LocationDraft, LocationKind, Market, location::check_name,
};
use crate::{
    access::{Actor, Permission},
    ids::{IdSource, LocationId},
    settings::{Settings, SettingsCache},
    storage::{Storage, StorageError},
};

/// The use cases of channels, markets, locations and delivery methods.
pub struct ChannelService {
    pub(crate) storage: Arc<dyn Storage>,
    pub(crate) settings: Arc<SettingsCache>,
    pub(crate) ids: Arc<dyn IdSource>,
}

impl ChannelService {
    /// Creates the channel, or replaces the one with its code.
    ///
    /// # Errors
    /// [`ChannelError`]: no permission, or a field at fault.
    pub async fn save_channel(&self, actor: &Actor, channel: Channel) -> Result<Channel, ChannelError> {
        actor.require(Permission::ManageSettings)?;
        channel.check()?;
        let settings = self.settings.latest().await?;
        let is_store = |id| settings.location(id).is_some_and(|it| it.draft.kind == LocationKind::Store);
        if let Some(id) = channel.location_id.filter(|id| !is_store(*id)) {
            return Err(ChannelError::UnknownStore { id });
        }
        if let Some(code) = channel.market.as_ref().filter(|it| settings.market(it.as_str()).is_none()) {
            return Err(ChannelError::UnknownMarket { code: code.clone() });
        }
        let uow = self.storage.begin().await?;
        uow.channels().save_channel(&channel).await?;
        self.settings.commit(uow).await?;
        Ok(channel)
    }

    /// Creates the market, or replaces the one with its code.
    ///
    /// # Errors
    /// [`ChannelError`]: no permission, or a field at fault.
    pub async fn save_market(&self, actor: &Actor, market: Market) -> Result<Market, ChannelError> {
        actor.require(Permission::ManageSettings)?;
        let settings = self.settings.latest().await?;
        let others: Vec<Market> = settings.markets.iter().map(|it| Market::clone(it)).collect();
        market.check(&others)?;
        let uow = self.storage.begin().await?;
        uow.channels().save_market(&market).await?;
        self.settings.commit(uow).await?;
        Ok(market)
    }

    /// Creates the location, or replaces the one with its code.
    ///
    /// # Errors
    /// [`ChannelError`]: no permission, or no name.
    pub async fn save_location(&self, actor: &Actor, draft: LocationDraft) -> Result<Location, ChannelError> {
        actor.require(Permission::ManageSettings)?;
        check_name(&draft.name)?;
        let uow = self.storage.begin().await?;
        let location = uow.channels().save_location(&Location { id: LocationId::new(&*self.ids), draft }).await?;
        self.settings.commit(uow).await?;
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
        self.settings.commit(uow).await?;
        Ok(method)
    }

    /// All settings, as shoppers see them.
    ///
    /// # Errors
    /// [`StorageError`].
    pub async fn settings(&self, _actor: &Actor) -> Result<Arc<Settings>, StorageError> {
        self.settings.current().await
    }

    /// All channels, by code.
    ///
    /// # Errors
    /// [`ChannelError`]: no permission.
    pub async fn channels(&self, actor: &Actor) -> Result<Vec<Arc<Channel>>, ChannelError> {
        actor.require(Permission::ManageSettings)?;
        Ok(self.settings.latest().await?.channels.clone())
    }
}
