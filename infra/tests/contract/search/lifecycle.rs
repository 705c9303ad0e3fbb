//! Generations, positions, and writing.

use std::collections::BTreeSet;

use comptoir_domain::search::SearchError;

use super::{
    engine::{engines, engines_with, number, query},
    products::{documents, id, product},
};

#[tokio::test]
async fn before_the_first_promotion_nothing_is_searched() {
    for engine in engines() {
        assert!(engine.index.current().await.unwrap().is_none(), "{}", engine.name);
        let generation = engine.index.create(&BTreeSet::new()).await.unwrap();
        assert_eq!(generation.position().await.unwrap(), 0, "{}", engine.name);
        generation.write(&documents([product(1, "Cup")]), &[], 3).await.unwrap();
        assert!(engine.index.current().await.unwrap().is_none(), "{}", engine.name);
        assert!(matches!(engine.search.search(&query("")).await, Err(SearchError::Unavailable(_))), "{}", engine.name);
    }
}

#[tokio::test]
async fn writing_replaces_removes_and_is_seen_at_once() {
    let shop = documents([product(1, "Cup").facet("color", "Red"), product(2, "Bowl")]);
    for engine in engines_with(&shop).await {
        let current = engine.index.current().await.unwrap().unwrap();
        let next = documents([product(1, "Saucer").facet("color", "Blue"), product(3, "Jug")]);
        current.write(&next, &[id(2), id(99)], 2).await.unwrap();
        engine.check("", &[1, 3]).await;
        engine.check("cup", &[]).await;
        engine.check("saucer", &[1]).await;
        let facets = engine.ask(&query("")).await.facets;
        let values: Vec<_> = facets.iter().flat_map(|it| &it.values).map(|it| it.value.as_str()).collect();
        assert_eq!(values, ["Blue"], "{}", engine.name);
    }
}

#[tokio::test]
async fn the_position_moves_with_writes_alone() {
    for engine in engines_with(&documents([product(1, "Cup")])).await {
        let current = engine.index.current().await.unwrap().unwrap();
        assert_eq!(current.position().await.unwrap(), 1, "{}", engine.name);
        engine.ask(&query("cup")).await;
        assert_eq!(current.position().await.unwrap(), 1, "{}", engine.name);
        current.write(&[], &[], 8_000_000_000).await.unwrap();
        assert_eq!(current.position().await.unwrap(), 8_000_000_000, "{}", engine.name);
        let seen = engine.other.current().await.unwrap().unwrap();
        assert_eq!(seen.position().await.unwrap(), 8_000_000_000, "{}: another process", engine.name);
        engine.check("cup", &[1]).await;
    }
}

#[tokio::test]
async fn a_generation_is_built_aside_and_takes_over_at_once() {
    for engine in engines_with(&documents([product(1, "Cup")])).await {
        let old = engine.index.current().await.unwrap().unwrap();
        // Another process builds, this one searches.
        let next = engine.other.create(&BTreeSet::new()).await.unwrap();
        assert_ne!(next.name(), old.name(), "{}", engine.name);
        next.write(&documents([product(2, "Cup")]), &[], 5).await.unwrap();
        next.write(&documents([product(3, "Cup")]), &[], 5).await.unwrap();
        engine.check("cup", &[1]).await;
        old.write(&documents([product(4, "Cup")]), &[], 2).await.unwrap();
        engine.check("cup", &[1, 4]).await;
        let name = next.name().to_owned();
        engine.other.promote(next).await.unwrap();
        engine.check("cup", &[2, 3]).await;
        let current = engine.index.current().await.unwrap().unwrap();
        assert_eq!((current.name(), current.position().await.unwrap()), (name.as_str(), 5), "{}", engine.name);
        assert!(old.write(&[], &[], 9).await.is_err(), "{}: the old one is gone", engine.name);
        assert_eq!(current.position().await.unwrap(), 5, "{}", engine.name);
    }
}

#[tokio::test]
async fn what_another_process_writes_is_seen() {
    for engine in engines_with(&documents([product(1, "Cup")])).await {
        engine.check("cup", &[1]).await;
        let theirs = engine.other.current().await.unwrap().unwrap();
        for number in 2..=20 {
            theirs.write(&documents([product(number, "Cup")]), &[id(number - 1)], number as i64).await.unwrap();
            engine.check("cup", &[number]).await;
        }
    }
}

#[tokio::test]
async fn an_unfinished_generation_does_not_disturb_the_next() {
    for engine in engines_with(&documents([product(1, "Cup")])).await {
        let abandoned = engine.index.create(&BTreeSet::new()).await.unwrap();
        abandoned.write(&documents([product(7, "Cup")]), &[], 9).await.unwrap();
        drop(abandoned);
        let (left, right) = (
            engine.index.create(&BTreeSet::new()).await.unwrap(),
            engine.other.create(&BTreeSet::new()).await.unwrap(),
        );
        left.write(&documents([product(2, "Cup")]), &[], 2).await.unwrap();
        right.write(&documents([product(3, "Cup")]), &[], 3).await.unwrap();
        engine.index.promote(left).await.unwrap();
        engine.check("cup", &[2]).await;
        engine.other.promote(right).await.unwrap();
        engine.check("cup", &[3]).await;
    }
}

#[tokio::test]
async fn many_products_are_written_in_one_call() {
    let shop: Vec<_> = (1..=1_500).map(|it| product(it, "Cup").0).collect();
    for engine in engines_with(&shop).await {
        let result = engine.ask(&query("cup")).await;
        assert_eq!((result.total, result.hits.len()), (1_500, 100), "{}", engine.name);
        assert!(result.hits.iter().all(|it| (1..=1_500).contains(&number(it.id))), "{}", engine.name);
    }
}
