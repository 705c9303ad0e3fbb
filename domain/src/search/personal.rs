//! What suits one shopper, with their consent and said openly: hits of the categories they looked at lately move up a little.

use std::{cmp::Reverse, collections::BTreeMap};

use super::{FacetFilter, PlacedHit, SearchError, SearchFilter, SearchQuery, SearchRequest, SearchService, Selection};
use crate::{
    access::Actor,
    ids::{CustomerGroupId, ProductId},
    page::{Direction, PageRequest, PageSize},
    settings::Settings,
};

/// Hits behind the so many first stay where they are, so that pages never overlap.
const WINDOW: u32 = PageSize::MAX;
/// How many places a hit moves up at most: a better match is passed by few.
const PLACES: usize = 3;
/// How many categories count.
const CATEGORIES: usize = 3;
/// How many products and orders are looked back at.
const PRODUCTS_MAX: usize = 50;
const ORDERS: i64 = 10;

/// What a shopper allows for one search.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PersonalConsent {
    /// Whether they do; none: as their account says, and nobody without one does.
    pub is_given: Option<bool>,
    /// What their client says that they looked at, the last first; nothing of it is kept.
    pub recent_products: Vec<ProductId>,
}

impl PersonalConsent {
    /// The most products that a client names.
    pub const PRODUCTS_MAX: usize = PRODUCTS_MAX;
}

/// What of a shopper can move hits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PersonalFact {
    /// The types of products that they looked at or bought lately.
    RecentCategory,
    /// The groups that staff has put them in, by rules for these.
    CustomerGroup,
    /// Their loyalty tier.
    LoyaltyTier,
}

/// Something that moved hits up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonalBoost {
    /// What of the shopper.
    pub fact: PersonalFact,
    /// What hits have that were moved: a product type; none of a group, which is staff's to know.
    pub value: Option<String>,
}

/// What a search was told of its shopper, and used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Personalization {
    /// What moved hits up, the strongest first; none where nothing of the shopper is known, and in orders other than relevance.
    pub boosts: Vec<PersonalBoost>,
    /// What would, and is not known of anybody yet.
    pub unknown: Vec<PersonalFact>,
    /// The groups that rules can be for.
    pub customer_groups: Vec<CustomerGroupId>,
}

impl SearchService {
    /// What of the shopper counts; none without their consent.
    pub(super) async fn personalization(
        &self,
        actor: &Actor,
        request: &SearchRequest,
        settings: &Settings,
    ) -> Result<Option<Personalization>, SearchError> {
        let has_groups = || settings.search_rules.iter().any(|it| it.condition.customer_group.is_some());
        let (customer, customer_groups) = match (request.personal.is_given, actor.customer()) {
            (Some(false), _) | (None, None) => return Ok(None),
            (Some(true), Some(id)) if has_groups() => {
                (Some(id), self.customers.customers_by_id(&[id]).await?.pop().map(|it| it.group_ids))
            }
            (Some(true), customer) => (customer, None),
            (None, Some(id)) => match self.customers.customers_by_id(&[id]).await?.pop() {
                Some(it) if it.allows_personalization => (Some(id), Some(it.group_ids)),
                _ => return Ok(None),
            },
        };
        let mut recent = request.personal.recent_products.clone();
        if let Some(id) = customer {
            recent.extend(self.customers.viewed_products(id).await?);
            let size = PageSize::parse(ORDERS).unwrap_or(PageSize::DEFAULT);
            let page = PageRequest { size, direction: Direction::Forward, cursor: None };
            let orders = self.orders.orders(Some(id), &page).await?.items;
            recent.extend(orders.iter().flat_map(|it| &it.lines).map(|it| it.product_id));
        }
        recent.truncate(PRODUCTS_MAX);
        let products = if recent.is_empty() { Vec::new() } else { self.catalog.products_by_id(&recent).await? };
        let from = self.viewpoint(&request.channel);
        let type_of = |id: &ProductId| {
            let product = products.iter().find(|it| it.id == *id && it.is_visible_to(actor, &from))?;
            product.product_type.clone()
        };
        let categories = recent_categories(recent.iter().filter_map(type_of));
        let boost = |value| PersonalBoost { fact: PersonalFact::RecentCategory, value: Some(value) };
        let boosts = categories.into_iter().map(boost);
        Ok(Some(Personalization {
            boosts: if moves_hits(&request.query) { boosts.collect() } else { Vec::new() },
            unknown: vec![PersonalFact::LoyaltyTier],
            customer_groups: customer_groups.unwrap_or_default(),
        }))
    }

    /// The first hits that `query` finds of what each of `boosts` is for.
    pub(super) async fn boosted(
        &self,
        query: &SearchQuery,
        boosts: &[PersonalBoost],
    ) -> Result<BTreeMap<ProductId, PersonalBoost>, SearchError> {
        let of_type = |it: &PersonalBoost| {
            let facet = FacetFilter { key: "productType".to_owned(), values: it.value.iter().cloned().collect() };
            let only = Some(Selection { products: Vec::new(), facets: vec![facet] });
            let filter = SearchFilter { only, ..query.filter.clone() };
            SearchQuery { filter, facets: super::FacetRequest::None, offset: 0, limit: WINDOW, ..query.clone() }
        };
        let asked: Vec<SearchQuery> = boosts.iter().map(of_type).collect();
        let found = self.engine.search_many(&asked).await?;
        let hits =
            boosts.iter().zip(&found).flat_map(|(boost, it)| it.hits.iter().map(move |hit| (hit.id, boost.clone())));
        Ok(hits.collect())
    }
}

/// Whether hits can move: where the shopper or the merchant asks for an order of their own, it stays.
fn moves_hits(query: &SearchQuery) -> bool {
    query.sort == super::SearchSort::Relevance && !query.is_in_collection_order()
}

/// The part of a page that is in the window where hits move, and the part behind it: offset and limit of each.
pub(super) fn split(offset: u32, limit: u32) -> ((u32, u32), (u32, u32)) {
    let end = offset.saturating_add(limit);
    let behind = offset.max(WINDOW);
    ((offset.min(WINDOW), end.min(WINDOW) - offset.min(WINDOW)), (behind, end.saturating_sub(behind)))
}

/// The whole window of `query`.
pub(super) fn window_of(query: &SearchQuery) -> SearchQuery {
    SearchQuery { offset: 0, limit: WINDOW, ..query.clone() }
}

/// The most frequent of `types`, which come the last first; of equals the one that came last.
fn recent_categories(types: impl Iterator<Item = String>) -> Vec<String> {
    let mut counts: Vec<(String, usize)> = Vec::new();
    for it in types {
        match counts.iter_mut().find(|counted| counted.0 == it) {
            Some(counted) => counted.1 += 1,
            None => counts.push((it, 1)),
        }
    }
    counts.sort_by_key(|it| Reverse(it.1));
    counts.into_iter().take(CATEGORIES).map(|it| it.0).collect()
}

/// `hits`, the first ones of an answer, with those of `boosted` up to [`PLACES`] places further up. What a rule has placed stays.
pub(super) fn moved_up(hits: Vec<PlacedHit>, boosted: &BTreeMap<ProductId, PersonalBoost>) -> Vec<PlacedHit> {
    let is_free: Vec<bool> = hits.iter().map(|it| it.placement.is_none()).collect();
    let (free, placed): (Vec<PlacedHit>, Vec<PlacedHit>) = hits.into_iter().partition(|it| it.placement.is_none());
    let marked = free.into_iter().map(|it| PlacedHit { boost: boosted.get(&it.hit.id).cloned(), ..it });
    let mut free: Vec<(i64, PlacedHit)> = (0_i64..)
        .zip(marked)
        .map(|(place, it)| {
            // One less than the place it moves to: there it comes first.
            let up = if it.boost.is_some() { 2 * PLACES as i64 + 1 } else { 0 };
            (2 * place - up, it)
        })
        .collect();
    free.sort_by_key(|it| it.0);
    let (mut free, mut placed) = (free.into_iter().map(|it| it.1), placed.into_iter());
    is_free.into_iter().filter_map(|is_free| if is_free { free.next() } else { placed.next() }).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::{
        ids::Id as _,
        search::{Effect, Hit, Placement},
    };

    fn hit(number: u128, is_pinned: bool) -> PlacedHit {
        let placement = is_pinned.then(|| Placement { rule: "pin".parse().unwrap(), effect: Effect::Pinned });
        let hit = Hit { id: ProductId::from_uuid(Uuid::from_u128(number)), score: None };
        PlacedHit { hit, placement, boost: None }
    }

    fn boosts(numbers: &[u128]) -> BTreeMap<ProductId, PersonalBoost> {
        let boost = PersonalBoost { fact: PersonalFact::RecentCategory, value: Some("Mugs".to_owned()) };
        numbers.iter().map(|it| (ProductId::from_uuid(Uuid::from_u128(*it)), boost.clone())).collect()
    }

    fn numbers(hits: &[PlacedHit]) -> Vec<u128> {
        hits.iter().map(|it| it.hit.id.uuid().as_u128()).collect()
    }

    #[test]
    fn a_boosted_hit_passes_three_others_and_no_more() {
        let hits: Vec<_> = (1..=8).map(|it| hit(it, false)).collect();
        let moved = moved_up(hits.clone(), &boosts(&[6]));
        assert_eq!(numbers(&moved), [1, 2, 6, 3, 4, 5, 7, 8]);
        assert_eq!(moved.iter().filter(|it| it.boost.is_some()).count(), 1);
        assert_eq!(numbers(&moved_up(hits.clone(), &boosts(&[2, 8]))), [2, 1, 3, 4, 8, 5, 6, 7]);
        assert_eq!(numbers(&moved_up(hits, &boosts(&[]))), [1, 2, 3, 4, 5, 6, 7, 8]);
    }

    #[test]
    fn what_a_rule_placed_stays_and_is_passed() {
        let hits = vec![hit(1, true), hit(2, false), hit(3, true), hit(4, false), hit(5, false)];
        assert_eq!(numbers(&moved_up(hits, &boosts(&[5, 3]))), [1, 5, 3, 2, 4]);
    }

    #[test]
    fn the_most_frequent_categories_count_and_of_equals_the_last() {
        let of = |types: &[&str]| recent_categories(types.iter().map(|it| (*it).to_owned()));
        assert_eq!(of(&["Mugs", "Lamps", "Lamps", "Oil", "Salt"]), ["Lamps", "Mugs", "Oil"]);
        assert_eq!(of(&[]), [""; 0]);
    }

    #[test]
    fn a_page_can_be_in_the_window_behind_it_or_in_both() {
        assert_eq!(split(0, 20), ((0, 20), (100, 0)));
        assert_eq!(split(90, 20), ((90, 10), (100, 10)));
        assert_eq!(split(100, 20), ((100, 0), (100, 20)));
        assert_eq!(split(400, 100), ((100, 0), (400, 100)));
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_nothing_moves_far(pinned in proptest::collection::vec(any::<bool>(), 0..40), every in 1_u128..7) {
            let hits: Vec<_> = (0..).zip(&pinned).map(|(number, it)| hit(number, *it)).collect();
            let boosted: Vec<u128> = (0..40).filter(|it| it % every == 0).collect();
            let moved = moved_up(hits.clone(), &boosts(&boosted));
            for (before, after) in hits.iter().zip(&moved).filter(|it| it.0.placement.is_some()) {
                prop_assert_eq!(before.hit.id, after.hit.id);
            }
            let free = |hits: &[PlacedHit]| {
                numbers(&hits.iter().filter(|it| it.placement.is_none()).cloned().collect::<Vec<_>>())
            };
            let (before, after) = (free(&hits), free(&moved));
            let mut sorted = after.clone();
            sorted.sort_unstable();
            prop_assert_eq!(&sorted, &before);
            for (place, number) in after.iter().enumerate() {
                let was = before.iter().position(|it| it == number).unwrap();
                prop_assert!(was <= place + PLACES, "{} came from {} to {}", number, was, place);
            }
        }
    }
}
