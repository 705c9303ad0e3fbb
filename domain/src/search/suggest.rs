//! What a shopper may mean who has not finished typing: queries, products, collections, brands, in one answer.

use std::collections::BTreeSet;

use chrono::TimeDelta;

use super::{
    FacetRequest, FacetValue, ReportKind, ReportLine, ReportRequest, SearchError, SearchQuery, SearchService,
    merchandising::{Occasion, Plan},
    normalised,
    service::check,
};
use crate::{
    access::Actor, catalog::Collection, codes::ChannelCode, ids::ProductId, language::Language, money::Currency,
    storage::StorageError,
};

/// How often a text must have been searched for before others are shown it: nobody is to read what one person typed.
const SEARCHES_MIN: u64 = 3;
/// How far back searches count.
const DAYS: i64 = 30;
/// How many texts and collections are looked through.
const TEXTS_MAX: u32 = 1_000;

/// What is asked.
#[derive(Debug, Clone)]
pub struct SuggestRequest {
    /// What was typed so far.
    pub text: String,
    /// The language it is typed in.
    pub language: Language,
    /// The channel.
    pub channel: ChannelCode,
    /// How many of each kind.
    pub limit: u32,
}

/// What may be meant; of each kind the likeliest first.
#[derive(Debug, Clone, Default)]
pub struct Suggestions {
    /// Texts that many have searched for and found something by.
    pub queries: Vec<String>,
    /// Products.
    pub products: Vec<ProductId>,
    /// Collections that are published.
    pub collections: Vec<Collection>,
    /// Brands, with how many of the products found they have.
    pub brands: Vec<FacetValue>,
    /// Types of products, with how many of the products found they have.
    pub product_types: Vec<FacetValue>,
}

/// What is suggested beside products.
#[derive(Debug, Default)]
pub(crate) struct Vocabulary {
    queries: Vec<String>,
    collections: Vec<Collection>,
}

impl SuggestRequest {
    /// The most of each kind.
    pub const LIMIT_MAX: u32 = 10;
}

impl SearchService {
    /// Suggests. Nothing typed: what is searched for most.
    ///
    /// # Errors
    /// [`SearchError`].
    pub async fn suggest(&self, _actor: &Actor, request: &SuggestRequest) -> Result<Suggestions, SearchError> {
        let SuggestRequest { text, language, channel, limit } = request;
        let mut query = SearchQuery::all(language.clone(), Currency::EUR.into(), *limit);
        query.text.clone_from(text);
        query.facets = FacetRequest::Keys(vec!["brand".to_owned(), "productType".to_owned()]);
        if SuggestRequest::LIMIT_MAX < *limit {
            return Err(SearchError::TooMany { max: SuggestRequest::LIMIT_MAX });
        }
        check(&query)?;
        let limit = usize::try_from(*limit).unwrap_or(usize::MAX);
        let vocabulary = self.memory.vocabulary.get(&*self.clock, self.read_vocabulary()).await?;
        let typed = normalised(text);
        let queries = vocabulary.queries.iter().filter(|it| **it != typed && begins_so(&typed, it));
        let queries = queries.take(limit).cloned().collect();
        if typed.is_empty() {
            return Ok(Suggestions { queries, ..Suggestions::default() });
        }
        let settings = self.settings.current().await?;
        let occasion = Occasion {
            text: typed.clone(),
            collection: None,
            customer_groups: Vec::new(),
            channel: channel.clone(),
            now: self.clock.now(),
        };
        query.filter.seen_from = Some(self.viewpoint(channel));
        query.filter.except = Plan::of(&settings.search_rules, &occasion).hides;
        let found = self.engine.search(&query).await?;
        let named = |key: &str| {
            let values = found.facets.iter().filter(|it| it.key == key).flat_map(|it| &it.values);
            let mut values: Vec<FacetValue> =
                values.filter(|it| begins_so(&typed, &normalised(&it.value))).cloned().collect();
            values.truncate(limit);
            values
        };
        let collections = vocabulary
            .collections
            .iter()
            .filter(|it| it.texts.iter().any(|(_, text)| begins_so(&typed, &normalised(&text.name))));
        Ok(Suggestions {
            queries,
            products: found.hits.iter().map(|it| it.id).collect(),
            collections: collections.take(limit).cloned().collect(),
            brands: named("brand"),
            product_types: named("productType"),
        })
    }

    async fn read_vocabulary(&self) -> Result<Vocabulary, StorageError> {
        let request = ReportRequest {
            kind: ReportKind::Popular,
            since: self.clock.now() - TimeDelta::days(DAYS),
            channel: None,
            limit: TEXTS_MAX,
        };
        let is_shown = |it: &ReportLine| SEARCHES_MIN <= it.searches && it.zero_results * 2 < it.searches;
        let queries = self.log.report(&request).await?.into_iter().filter(is_shown).map(|it| it.text).collect();
        let collections = self.collections.collections(true, TEXTS_MAX).await?;
        Ok(Vocabulary { queries, collections })
    }
}

/// Whether each word that was typed is a word of `text`, or the last of them the beginning of one.
fn begins_so(typed: &str, text: &str) -> bool {
    let words: BTreeSet<&str> = text.split(' ').collect();
    let typed: Vec<&str> = typed.split(' ').filter(|it| !it.is_empty()).collect();
    let Some((last, others)) = typed.split_last() else { return true };
    others.iter().all(|it| words.contains(it)) && words.iter().any(|it| it.starts_with(last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_word_may_be_a_beginning() {
        for (typed, text, expected) in [
            ("", "olive oil", true),
            ("ol", "olive oil", true),
            ("oil", "olive oil", true),
            ("olive o", "olive oil", true),
            ("oil ol", "olive oil", true),
            ("ol oil", "olive oil", false),
            ("live", "olive oil", false),
        ] {
            assert_eq!(begins_so(typed, text), expected, "{typed} {text}");
        }
    }
}
