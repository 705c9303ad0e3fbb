//! The use case of searching.

use std::sync::Arc;

use super::{
    Hit, Placement, ProductSearch, Relaxation, SearchError, SearchFilter, SearchLog, SearchQuery, SearchResult,
    SearchSort,
    log::LogBuffer,
    merchandising::{MerchandisingQueries, Occasion, Partition, Plan, Slots, in_places, merge},
    normalised,
    personal::{PersonalBoost, PersonalConsent, PersonalFact, Personalization, moved_up, split, window_of},
    snapshot::Snapshot,
    suggest::Vocabulary,
};
use crate::{
    access::Actor,
    catalog::{CatalogQueries, CollectionQueries, Viewpoint},
    channel::{Coordinates, LocationKind},
    clock::{Clock, Timestamp},
    codes::ChannelCode,
    customer::CustomerQueries,
    ids::{CollectionId, IdSource, LocationId, SearchId},
    inventory::InventoryQueries,
    order::OrderQueries,
    page::PageSize,
    settings::SettingsCache,
    storage::{Storage, StorageError},
};

/// The use cases of search.
pub struct SearchService {
    pub(crate) engine: Arc<dyn ProductSearch>,
    pub(crate) storage: Arc<dyn Storage>,
    pub(crate) settings: Arc<SettingsCache>,
    pub(crate) catalog: Arc<dyn CatalogQueries>,
    pub(crate) inventory: Arc<dyn InventoryQueries>,
    pub(crate) collections: Arc<dyn CollectionQueries>,
    pub(crate) merchandising: Arc<dyn MerchandisingQueries>,
    pub(crate) orders: Arc<dyn OrderQueries>,
    pub(crate) customers: Arc<dyn CustomerQueries>,
    pub(crate) log: Arc<dyn SearchLog>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Arc<dyn IdSource>,
    pub(crate) memory: SearchMemory,
}

/// What search keeps in memory.
#[derive(Default)]
pub(crate) struct SearchMemory {
    /// What is suggested.
    pub(super) vocabulary: Snapshot<Vocabulary>,
    /// What is to be counted.
    pub(super) log: LogBuffer,
}

/// Stores near a place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Near {
    /// The place.
    pub place: Coordinates,
    /// How far away they may be.
    pub within_meters: u32,
}

impl Near {
    /// The farthest: half the way around the earth.
    pub const WITHIN_METERS_MAX: u32 = 20_100_000;
}

/// What a shopper asks for.
#[derive(Debug, Clone)]
pub struct SearchRequest {
    /// The question.
    pub query: SearchQuery,
    /// Only what is available now in a store near a place.
    pub near: Option<Near>,
    /// The channel.
    pub channel: ChannelCode,
    /// What the shopper allows to be used of them.
    pub personal: PersonalConsent,
}

/// A product that was found, and why it is where it is.
#[derive(Debug, Clone, PartialEq)]
pub struct PlacedHit {
    /// The product.
    pub hit: Hit,
    /// What a rule did to it.
    pub placement: Option<Placement>,
    /// What of the shopper moved it up.
    pub boost: Option<PersonalBoost>,
}

/// What a shopper gets.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SearchAnswer {
    /// By which feedback names this search; none for what is not counted: further pages, and all products.
    pub id: Option<SearchId>,
    /// The products of this page, in order.
    pub hits: Vec<PlacedHit>,
    /// Totals, facets and ranges; its own hits are none.
    pub summary: SearchResult,
    /// What was looked for instead, where nothing was found.
    pub relaxation: Option<Relaxation>,
    /// Where staff sends who searches for this.
    pub redirect: Option<String>,
    /// What of the shopper was used; none without their consent.
    pub personalization: Option<Personalization>,
}

impl SearchService {
    /// Finds products. The index can be a moment behind: load the hits through the catalog, which knows what may be seen.
    ///
    /// # Errors
    /// [`SearchError`].
    pub async fn search(&self, actor: &Actor, request: &SearchRequest) -> Result<SearchAnswer, SearchError> {
        let answer = self.answer(actor, request, self.clock.now()).await?;
        Ok(SearchAnswer { id: self.record(request, &answer), ..answer })
    }

    /// As [`SearchService::search`], without being counted, and with the rules of another moment.
    ///
    /// # Errors
    /// [`SearchError`]: no permission among others.
    pub async fn preview(
        &self,
        actor: &Actor,
        request: &SearchRequest,
        at: Option<Timestamp>,
    ) -> Result<SearchAnswer, SearchError> {
        actor.require(crate::access::Permission::ManageSearch)?;
        self.answer(actor, request, at.unwrap_or_else(|| self.clock.now())).await
    }

    /// Whether it is searched in a collection that `actor` may not see: nothing is in it, as if there were none.
    async fn is_hidden(&self, actor: &Actor, collection: Option<CollectionId>) -> Result<bool, StorageError> {
        let Some(id) = collection else { return Ok(false) };
        let found = self.collections.collections_by_id(&[id]).await?;
        Ok(!found.iter().any(|it| it.is_visible_to(actor)))
    }

    async fn answer(&self, actor: &Actor, request: &SearchRequest, at: Timestamp) -> Result<SearchAnswer, SearchError> {
        let mut query = request.query.clone();
        check(&query)?;
        if self.is_hidden(actor, query.filter.collection).await? {
            return Ok(SearchAnswer::default());
        }
        query.filter = self.filter_of(request).await?;
        query.filter.seen_from = Some(Viewpoint { channel: request.channel.clone(), now: at });
        let settings = self.settings.current().await?;
        let (text, collection) = (normalised(&query.text), query.filter.collection);
        let mut personalization = self.personalization(actor, request, &settings).await?;
        let customer_groups = personalization.as_ref().map(|it| it.customer_groups.clone()).unwrap_or_default();
        let channel = request.channel.clone();
        let plan = Plan::of(&settings.search_rules, &Occasion { text, collection, customer_groups, channel, now: at });
        query.filter.except = std::mem::take(&mut query.filter.except).or(&plan.hides);
        let boosts: &[PersonalBoost] = personalization.as_ref().map_or(&[], |it| &it.boosts);
        let (hits, summary) = self.personal(&query, &plan, boosts).await?;
        let redirect = plan.redirect.clone();
        let mut answer = SearchAnswer { id: None, hits, summary, relaxation: None, redirect, personalization: None };
        if answer.summary.total == 0
            && let Some((query, relaxation)) = self.relaxed(&query).await?
        {
            (answer.hits, answer.summary) = self.personal(&query, &plan, boosts).await?;
            answer.relaxation = Some(relaxation);
        }
        if let Some(it) = personalization.as_mut().filter(|_| plan.is_for_group) {
            it.boosts.push(PersonalBoost { fact: PersonalFact::CustomerGroup, value: None });
        }
        Ok(SearchAnswer { personalization, ..answer })
    }

    /// Where somebody looks from now.
    pub(super) fn viewpoint(&self, channel: &ChannelCode) -> Viewpoint {
        Viewpoint { channel: channel.clone(), now: self.clock.now() }
    }

    /// The filter, with the stores that are near where that is asked for.
    pub(super) async fn filter_of(&self, request: &SearchRequest) -> Result<SearchFilter, StorageError> {
        let mut filter = request.query.filter.clone();
        if let Some(near) = &request.near {
            let places = self.stores_near(near).await?;
            filter.available_at = Some(match filter.available_at.take() {
                Some(others) => others.into_iter().filter(|it| places.contains(it)).collect(),
                None => places,
            });
        }
        Ok(filter)
    }

    /// The stores near a place.
    async fn stores_near(&self, near: &Near) -> Result<Vec<LocationId>, StorageError> {
        let settings = self.settings.current().await?;
        let is_near = |it: &Coordinates| it.meters_to(near.place) <= f64::from(near.within_meters);
        let stores = settings.locations.iter().filter(|it| it.draft.kind == LocationKind::Store);
        Ok(stores.filter(|it| it.draft.coordinates.as_ref().is_some_and(is_near)).map(|it| it.id).collect())
    }

    /// What `query` finds in the order of `plan`, with what `boosts` are for a little further up. Behind the window where hits move, all
    /// is as it is for others.
    async fn personal(
        &self,
        query: &SearchQuery,
        plan: &Plan,
        boosts: &[PersonalBoost],
    ) -> Result<(Vec<PlacedHit>, SearchResult), SearchError> {
        let ((start, count), (behind, rest)) = split(query.offset, query.limit);
        if boosts.is_empty() || count == 0 {
            return self.planned(query, plan).await;
        }
        let (hits, summary) = self.planned(&window_of(query), plan).await?;
        let moved = moved_up(hits, &self.boosted(query, boosts).await?);
        let [start, count] = [start, count].map(|it| usize::try_from(it).unwrap_or(usize::MAX));
        let mut hits: Vec<PlacedHit> = moved.into_iter().skip(start).take(count).collect();
        if 0 < rest {
            let behind =
                SearchQuery { facets: super::FacetRequest::None, offset: behind, limit: rest, ..query.clone() };
            hits.extend(self.planned(&behind, plan).await?.0);
        }
        Ok((hits, summary))
    }

    /// What `query` finds, in the order that `plan` wants where the shopper wants none.
    async fn planned(&self, query: &SearchQuery, plan: &Plan) -> Result<(Vec<PlacedHit>, SearchResult), SearchError> {
        let is_free = matches!(query.sort, SearchSort::Relevance | SearchSort::Collection);
        if plan.is_in_order() || !is_free {
            let mut result = self.engine.search(query).await?;
            let hits =
                std::mem::take(&mut result.hits).into_iter().map(|hit| PlacedHit { hit, placement: None, boost: None });
            return Ok((hits.collect(), result));
        }
        let partitions = plan.partitions();
        let pinned = SearchFilter {
            only: Some(super::Selection::of(plan.pins.iter().map(|it| it.1).collect())),
            ..query.filter.clone()
        };
        let pinned =
            SearchQuery { text: String::new(), filter: pinned, offset: 0, limit: PageSize::MAX, ..query.clone() };
        let counts = partitions.iter().map(|it| SearchQuery { offset: 0, limit: 0, ..part_of(query, it) });
        let asked: Vec<SearchQuery> = counts.chain((!plan.pins.is_empty()).then_some(pinned)).collect();
        let mut found = self.engine.search_many(&asked).await?;
        let summary = merge(&found);
        let pinned = if plan.pins.is_empty() { Vec::new() } else { found.pop().map(|it| it.hits).unwrap_or_default() };
        let pins: Vec<_> = plan.pins.iter().filter(|pin| pinned.iter().any(|it| it.id == pin.1)).collect();
        let places: Vec<u32> = pins.iter().map(|it| it.0).collect();
        let totals: Vec<u64> = found.iter().map(|it| it.total).collect();
        let slots = Slots::of(&places, &totals, query.offset.into(), query.limit.into());
        let others = self.parts(query, &partitions, &slots).await?;
        let hits = in_places(&slots, &pins, others);
        Ok((hits, summary))
    }

    /// What of each partition is on the page, one after the other.
    async fn parts(
        &self,
        query: &SearchQuery,
        partitions: &[Partition],
        slots: &Slots,
    ) -> Result<Vec<PlacedHit>, SearchError> {
        let wanted = || partitions.iter().zip(&slots.parts).filter(|(_, part)| !part.is_empty());
        let number = |it: u64| u32::try_from(it).unwrap_or(u32::MAX);
        let asked: Vec<SearchQuery> = wanted()
            .map(|(partition, part)| SearchQuery {
                facets: super::FacetRequest::None,
                offset: number(part.start),
                limit: number(part.end - part.start),
                ..part_of(query, partition)
            })
            .collect();
        if asked.is_empty() {
            return Ok(Vec::new());
        }
        let found = self.engine.search_many(&asked).await?;
        let placed = wanted().zip(found).flat_map(|((partition, _), found)| {
            found.hits.into_iter().map(|hit| PlacedHit { hit, placement: partition.placement.clone(), boost: None })
        });
        Ok(placed.collect())
    }
}

/// The question for one partition.
fn part_of(query: &SearchQuery, partition: &Partition) -> SearchQuery {
    let only = match (&query.filter.only, &partition.only) {
        (asked, None) => asked.clone(),
        (_, part) => part.clone(),
    };
    let except = query.filter.except.clone().or(&partition.except);
    SearchQuery { filter: SearchFilter { only, except, ..query.filter.clone() }, ..query.clone() }
}

/// Refuses what is too much.
pub(super) fn check(query: &SearchQuery) -> Result<(), SearchError> {
    if SearchQuery::TEXT_LENGTH_MAX < query.text.chars().count() {
        return Err(SearchError::TextTooLong);
    }
    let allowed = 1..=SearchQuery::FILTERS_MAX;
    let SearchFilter { facets, numbers, .. } = &query.filter;
    let is_too_much = SearchQuery::FILTERS_MAX < facets.len() || SearchQuery::FILTERS_MAX < numbers.len();
    if is_too_much || facets.iter().any(|it| !allowed.contains(&it.values.len())) {
        return Err(SearchError::TooManyFilters);
    }
    if query.filter.available_at.as_ref().is_some_and(|it| SearchQuery::LOCATIONS_MAX < it.len()) {
        return Err(SearchError::TooManyFilters);
    }
    if PageSize::MAX < query.limit {
        return Err(SearchError::TooMany { max: PageSize::MAX });
    }
    if SearchQuery::OFFSET_MAX < query.offset {
        return Err(SearchError::TooFar);
    }
    Ok(())
}
