//! Searching and writing at once, and what is particular to Tantivy's folder.

use std::{
    collections::BTreeSet,
    fs,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use comptoir_domain::search::ProductIndex as _;
use comptoir_infra::search::tantivy::TantivySearch;

use super::{
    engine::{Engine, engines_with, query},
    products::{documents, product},
};

#[tokio::test(flavor = "multi_thread")]
async fn searches_go_on_while_generations_change() {
    for engine in engines_with(&documents([product(1, "Cup")])).await {
        let engine = Arc::new(engine);
        let searching = Arc::clone(&engine);
        let (stop, mut stopped) = tokio::sync::oneshot::channel::<()>();
        let searches = tokio::spawn(async move {
            while stopped.try_recv().is_err() {
                assert_eq!(searching.ask(&query("cup")).await.total, 1, "{}", searching.name);
            }
        });
        for number in 2..8 {
            let next = engine.other.create(&BTreeSet::new()).await.unwrap();
            next.write(&documents([product(number, "Cup")]), &[], 1).await.unwrap();
            engine.other.promote(next).await.unwrap();
        }
        stop.send(()).unwrap();
        searches.await.unwrap();
        engine.check("cup", &[7]).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn writers_of_several_processes_take_turns() {
    for engine in engines_with(&[]).await {
        let (ours, theirs) =
            (engine.index.current().await.unwrap().unwrap(), engine.other.current().await.unwrap().unwrap());
        let ours = async {
            for number in 1..=10 {
                ours.write(&documents([product(number, "Cup")]), &[], 1).await.unwrap();
            }
        };
        let theirs = async {
            for number in 11..=20 {
                theirs.write(&documents([product(number, "Cup")]), &[], 1).await.unwrap();
            }
        };
        tokio::join!(ours, theirs);
        assert_eq!(engine.ask(&query("cup")).await.total, 20, "{}", engine.name);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn there_is_always_a_current_generation() {
    for engine in engines_with(&[]).await.into_iter().filter(Engine::is_tantivy) {
        // A process that has nothing open yet looks for the folder each time, which another one is just removing.
        let root = engine.dir.clone().unwrap();
        let is_done = Arc::new(AtomicBool::new(false));
        let lookers: Vec<_> = (0..3)
            .map(|_| {
                let (root, is_done) = (root.clone(), Arc::clone(&is_done));
                tokio::spawn(async move {
                    while !is_done.load(Ordering::Relaxed) {
                        assert!(TantivySearch::open(&root).unwrap().current().await.unwrap().is_some());
                    }
                })
            })
            .collect();
        for _ in 0..40 {
            let next = engine.other.create(&BTreeSet::new()).await.unwrap();
            engine.other.promote(next).await.unwrap();
        }
        is_done.store(true, Ordering::Relaxed);
        for looker in lookers {
            looker.await.unwrap();
        }
    }
}

#[tokio::test]
async fn an_index_of_another_version_is_none() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("v999-1")).unwrap();
    fs::write(folder.path().join("CURRENT"), "v999-1").unwrap();
    let engine = TantivySearch::open(folder.path()).unwrap();
    assert!(engine.current().await.unwrap().is_none());
    let next = engine.create(&BTreeSet::new()).await.unwrap();
    engine.promote(next).await.unwrap();
    assert!(engine.current().await.unwrap().is_some());
    assert!(!folder.path().join("v999-1").exists());
}

#[tokio::test]
async fn a_lost_generation_is_none_and_abandoned_ones_are_removed() {
    for engine in engines_with(&[]).await.into_iter().filter(Engine::is_tantivy) {
        let root = engine.dir.clone().unwrap();
        let folders = || fs::read_dir(&root).unwrap().filter(|it| it.as_ref().unwrap().path().is_dir()).count();
        drop(engine.index.create(&BTreeSet::new()).await.unwrap());
        assert_eq!(folders(), 2);
        let next = engine.index.create(&BTreeSet::new()).await.unwrap();
        assert_eq!(folders(), 2, "the abandoned one made room");
        let beside = engine.other.create(&BTreeSet::new()).await.unwrap();
        assert_eq!(folders(), 3, "what is being built stays");
        engine.index.promote(next).await.unwrap();
        engine.index.promote(beside).await.unwrap();
        assert_eq!(folders(), 1);
        let name = engine.index.current().await.unwrap().unwrap().name().to_owned();
        fs::remove_dir_all(root.join(name)).unwrap();
        let fresh = TantivySearch::open(&root).unwrap();
        assert!(fresh.current().await.unwrap().is_none());
    }
}

#[tokio::test]
async fn a_write_that_a_crash_broke_off_is_done_again() {
    for engine in engines_with(&documents([product(1, "Cup"), product(2, "Cup")])).await {
        if !engine.is_tantivy() {
            continue;
        }
        let root = engine.dir.clone().unwrap();
        let name = engine.index.current().await.unwrap().unwrap().name().to_owned();
        let meta = root.join(name).join("meta.json");
        let before = fs::read(&meta).unwrap();
        let write = async |engine: &TantivySearch| {
            let generation = engine.current().await.unwrap().unwrap();
            generation.write(&documents([product(1, "Bowl")]), &[], 2).await
        };
        write(&TantivySearch::open(&root).unwrap()).await.unwrap();
        // What a crash leaves behind: all files of the commit but the one that makes it count.
        fs::write(&meta, before).unwrap();
        let restarted = TantivySearch::open(&root).unwrap();
        assert_eq!(restarted.current().await.unwrap().unwrap().position().await.unwrap(), 1);
        write(&restarted).await.unwrap();
        engine.check("cup", &[2]).await;
        engine.check("bowl", &[1]).await;
    }
}
