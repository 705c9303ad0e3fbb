//! What a merchant has set up, as one value that is kept until something of it changes.

use std::sync::{Arc, PoisonError, RwLock};

use async_trait::async_trait;
use chrono::TimeDelta;

use crate::{
    catalog::CollectionQueries,
    channel::{Channel, ChannelKind, Country, DeliveryMethod, Location, Market},
    clock::{Clock, Timestamp},
    codes::ChannelCode,
    customer::CustomerGroup,
    ids::{CustomerGroupId, LocationId},
    inventory::HoldPolicy,
    money::Currency,
    pricing::{
        PriceContext, PriceList, PriceLists, Pricing,
        tax::{RateFileError, TaxRate, TaxTable, eu_vat_rates},
    },
    promotion::{Promotion, PromotionGroup, PromotionSet},
    search::SearchRule,
    storage::{StorageError, UnitOfWork},
};

/// All settings at one moment. There are few of each, and every request needs some: they are read together, and rarely.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Grows with each change.
    pub version: i64,
    /// By code; at least one.
    pub channels: Vec<Arc<Channel>>,
    /// By code; at least one.
    pub markets: Vec<Arc<Market>>,
    /// By code.
    pub locations: Vec<Arc<Location>>,
    /// By code.
    pub delivery_methods: Vec<DeliveryMethod>,
    /// What merchants want shown of what is found, by code.
    pub search_rules: Vec<SearchRule>,
    /// The promotions that have not ended.
    pub promotions: PromotionSet,
    /// The price lists.
    pub price_lists: Arc<PriceLists>,
    /// The groups of customers, the oldest first.
    pub customer_groups: Vec<CustomerGroup>,
    /// What tax is due where.
    pub taxes: TaxTable,
    /// Where the seller is registered; none: not in the European Union.
    pub seller: Option<Country>,
    default_channel: Arc<Channel>,
    default_market: Arc<Market>,
}

/// Settings as they are stored.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct StoredSettings {
    /// Grows with each change.
    pub version: i64,
    /// By code.
    pub channels: Vec<Channel>,
    /// By code.
    pub markets: Vec<Market>,
    /// By code.
    pub locations: Vec<Location>,
    /// By code.
    pub delivery_methods: Vec<DeliveryMethod>,
    /// By code.
    pub search_rules: Vec<SearchRule>,
    /// Those that have not ended.
    pub promotions: Vec<Promotion>,
    /// All of them.
    pub promotion_groups: Vec<PromotionGroup>,
    /// All of them.
    pub price_lists: Vec<PriceList>,
    /// All of them, the oldest first.
    pub customer_groups: Vec<CustomerGroup>,
    /// Those that staff imported.
    pub tax_rates: Vec<TaxRate>,
}

impl Settings {
    /// The settings that are stored; a shop that has set up no channel or market has the one of `built_in`.
    #[must_use]
    pub fn new(stored: StoredSettings, built_in: &BuiltIn) -> Self {
        let StoredSettings { version, channels, markets, locations, delivery_methods, search_rules, .. } = stored;
        let mut channels: Vec<_> = channels.into_iter().map(Arc::new).collect();
        let mut markets: Vec<_> = markets.into_iter().map(Arc::new).collect();
        let first = |it: &[Arc<Channel>]| it.iter().find(|it| it.is_default).or(it.first()).cloned();
        let default_channel = first(&channels).unwrap_or_else(|| {
            channels.push(built_in.channel.clone());
            built_in.channel.clone()
        });
        let first = |it: &[Arc<Market>]| it.iter().find(|it| it.is_default).or(it.first()).cloned();
        let default_market = first(&markets).unwrap_or_else(|| {
            markets.push(built_in.market.clone());
            built_in.market.clone()
        });
        Self {
            version,
            channels,
            markets,
            locations: locations.into_iter().map(Arc::new).collect(),
            delivery_methods,
            search_rules,
            promotions: PromotionSet::new(stored.promotions, stored.promotion_groups),
            price_lists: Arc::new(PriceLists::new(stored.price_lists)),
            customer_groups: stored.customer_groups,
            taxes: TaxTable::new(built_in.tax_rates.iter().cloned().chain(stored.tax_rates)),
            seller: built_in.seller,
            default_channel,
            default_market,
        }
    }

    /// The channel of this code.
    #[must_use]
    pub fn channel(&self, code: &str) -> Option<Arc<Channel>> {
        self.channels.iter().find(|it| it.code.as_str() == code).cloned()
    }

    /// The channel of those who name none.
    #[must_use]
    pub fn default_channel(&self) -> Arc<Channel> {
        self.default_channel.clone()
    }

    /// The market of this code.
    #[must_use]
    pub fn market(&self, code: &str) -> Option<Arc<Market>> {
        self.markets.iter().find(|it| it.code.as_str() == code).cloned()
    }

    /// The market of those who name none.
    #[must_use]
    pub fn default_market(&self) -> Arc<Market> {
        self.default_market.clone()
    }

    /// Whether there is a group of customers of this id.
    #[must_use]
    pub fn has_customer_group(&self, id: CustomerGroupId) -> bool {
        self.customer_groups.iter().any(|it| it.id == id)
    }

    /// The prices that hold in a context.
    #[must_use]
    pub fn pricing(&self, context: PriceContext) -> Pricing {
        Pricing { lists: self.price_lists.clone(), context }
    }

    /// `collections`, where there are promotions, which may ask what is in them.
    pub(crate) fn collections_for_promotions<'a>(
        &self,
        collections: &'a dyn CollectionQueries,
    ) -> Option<&'a dyn CollectionQueries> {
        (!self.promotions.is_empty()).then_some(collections)
    }

    /// The location of this id.
    #[must_use]
    pub fn location(&self, id: LocationId) -> Option<Arc<Location>> {
        self.locations.iter().find(|it| it.id == id).cloned()
    }
}

/// What a shop has before it has set up anything.
#[derive(Debug, Clone)]
pub struct BuiltIn {
    channel: Arc<Channel>,
    market: Arc<Market>,
    tax_rates: Vec<TaxRate>,
    seller: Option<Country>,
}

impl BuiltIn {
    /// A web shop for anywhere, in `currency`, of a seller who is registered in a country, with the rates of the European Union.
    ///
    /// # Errors
    /// [`RateFileError`], where the file of rates is broken.
    pub fn new(currency: Currency, seller: Option<Country>) -> Result<Self, RateFileError> {
        let channel = Channel {
            code: ChannelCode::web(),
            kind: ChannelKind::Web,
            name: "Web".to_owned(),
            location_id: None,
            market: None,
            is_default: true,
            hold_policy: HoldPolicy::None,
            hold_minutes: Channel::HOLD_MINUTES,
        };
        let market = Arc::new(Market::anywhere(currency));
        Ok(Self { channel: Arc::new(channel), market, tax_rates: eu_vat_rates()?, seller })
    }
}

/// Reads settings.
#[async_trait]
pub trait SettingsQueries: Send + Sync {
    /// The version of what is stored now.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn settings_version(&self) -> Result<i64, StorageError>;

    /// All that is stored and has not ended at `moment`, with the version that it has at least.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn stored_settings(&self, moment: Timestamp) -> Result<StoredSettings, StorageError>;
}

/// Counts changes of settings, within a unit of work.
#[async_trait]
pub trait SettingsRepository: Send + Sync {
    /// A new version, which it answers: whoever keeps an older one reads anew. Of two at once, the later waits for the earlier.
    ///
    /// # Errors
    /// [`StorageError`].
    async fn changed(&self) -> Result<i64, StorageError>;
}

/// How old settings may be before a request looks itself whether there are newer ones.
const AGE_MAX: TimeDelta = TimeDelta::seconds(5);

/// Keeps settings. A server asks for the [latest](SettingsCache::latest) twice a second, so that it soon knows what another
/// one changed, and no request waits for that.
pub struct SettingsCache {
    queries: Arc<dyn SettingsQueries>,
    clock: Arc<dyn Clock>,
    built_in: BuiltIn,
    kept: RwLock<Kept>,
}

#[derive(Default)]
struct Kept {
    /// The settings, and when they were the latest.
    settings: Option<(Arc<Settings>, Timestamp)>,
    /// The version that was committed here last: nothing older is kept.
    committed: i64,
}

impl SettingsCache {
    /// Keeps what `queries` read.
    #[must_use]
    pub fn new(queries: Arc<dyn SettingsQueries>, clock: Arc<dyn Clock>, built_in: BuiltIn) -> Self {
        Self { queries, clock, built_in, kept: RwLock::default() }
    }

    /// The settings, at most [five seconds](AGE_MAX) old.
    ///
    /// # Errors
    /// [`StorageError`].
    pub async fn current(&self) -> Result<Arc<Settings>, StorageError> {
        let now = self.clock.now();
        let is_fresh = |at: &Timestamp| now.signed_duration_since(*at) < AGE_MAX;
        if let Some((settings, _)) = self.kept().settings.as_ref().filter(|(_, at)| is_fresh(at)) {
            return Ok(settings.clone());
        }
        self.latest().await
    }

    /// The settings as they are stored now, as far as they hold at another moment; nothing is kept of them.
    ///
    /// # Errors
    /// [`StorageError`].
    pub async fn at(&self, moment: Timestamp) -> Result<Settings, StorageError> {
        Ok(Settings::new(self.queries.stored_settings(moment).await?, &self.built_in))
    }

    /// Commits a change of settings, so that everybody reads them anew.
    ///
    /// # Errors
    /// [`StorageError`]; nothing was changed, then.
    pub async fn commit(&self, uow: Box<dyn UnitOfWork>) -> Result<(), StorageError> {
        let version = uow.settings().changed().await?;
        uow.commit().await?;
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        kept.committed = kept.committed.max(version);
        kept.settings = None;
        Ok(())
    }

    /// The settings as they are stored now, kept from now on.
    ///
    /// # Errors
    /// [`StorageError`].
    pub async fn latest(&self) -> Result<Arc<Settings>, StorageError> {
        let checked_at = self.clock.now();
        let known = self.kept().settings.as_ref().map(|it| it.0.clone());
        let settings = match known {
            Some(known) if known.version == self.queries.settings_version().await? => known,
            _ => Arc::new(Settings::new(self.queries.stored_settings(checked_at).await?, &self.built_in)),
        };
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        let newest = kept.settings.as_ref().map_or(kept.committed, |(it, _)| kept.committed.max(it.version));
        if newest <= settings.version {
            kept.settings = Some((settings.clone(), checked_at));
        }
        Ok(settings)
    }

    fn kept(&self) -> std::sync::RwLockReadGuard<'_, Kept> {
        self.kept.read().unwrap_or_else(PoisonError::into_inner)
    }
}
