//! Words that are near to one that the index does not have, found by what begins as they do.

use std::collections::HashMap;

use comptoir_domain::search::{fold, words};
use serde::Deserialize;

use super::{
    super::tantivy::typo::is_near,
    document::NAME,
    server::{Ask, Server, ServerError},
};

/// How many products are looked through for each word.
const HITS_MAX: usize = 50;
/// The most letters that may be wrong.
const TYPOS_MAX: u8 = 3;

#[derive(Deserialize)]
struct Answer {
    hits: Vec<Named>,
}

#[derive(Deserialize)]
struct Named {
    #[serde(default)]
    name: HashMap<String, String>,
}

/// The word in a product's name that each of `words` is most like; none where none is near.
pub(super) async fn nearest(server: &Server, uid: &str, asked: &[String]) -> Result<Vec<Option<String>>, ServerError> {
    let ask = |word: &String| Ask {
        index_uid: uid,
        q: word.chars().take((word.chars().count() / 2).max(2)).collect(),
        attributes_to_retrieve: &[NAME],
        matching_strategy: "all",
        page: 1,
        hits_per_page: HITS_MAX,
        ..Ask::default()
    };
    let asks: Vec<Ask<'_>> = asked.iter().map(ask).collect();
    let answers: Vec<Answer> = server.multi_search(&asks).await?;
    let nearest = |(word, answer): (&String, Answer)| {
        let names = answer.hits.iter().flat_map(|it| it.name.values());
        let mut known: Vec<String> = names.flat_map(|it| words(it)).map(|it| fold(&it)).collect();
        known.sort_unstable();
        known.dedup();
        let word = fold(word);
        let most = u8::try_from(word.chars().count() / 2).unwrap_or(TYPOS_MAX).min(TYPOS_MAX);
        (1..=most).find_map(|typos| known.iter().find(|it| is_near(&word, typos, it)).cloned())
    };
    Ok(asked.iter().zip(answers).map(nearest).collect())
}
