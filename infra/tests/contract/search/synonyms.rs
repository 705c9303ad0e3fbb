//! Synonyms, spellings and highlights.

use comptoir_domain::{
    language::Language,
    search::{SearchQuery, Synonyms},
};

use super::{
    engine::{Engine, engines_with, query},
    products::{documents, product},
};

fn set(code: &str, terms: &[&str], is_one_way: bool) -> Synonyms {
    let terms = terms.iter().map(ToString::to_string).collect();
    Synonyms { code: code.parse().unwrap(), terms, is_one_way }
}

async fn set_synonyms(engine: &Engine, synonyms: &[Synonyms]) {
    engine.index.current().await.unwrap().unwrap().set_synonyms(synonyms).await.unwrap();
}

#[tokio::test]
async fn words_stand_for_their_synonyms_both_ways_or_one() {
    let shop = documents([
        product(1, "Linen sofa"),
        product(2, "Leather couch"),
        product(3, "Tandem"),
        product(4, "City bicycle"),
        product(5, "Cotton tee shirt"),
        product(6, "Canapé").text("fr", "Canapé en lin", ""),
    ]);
    for engine in engines_with(&shop).await {
        engine.check("sofa", &[1]).await;
        let sets = [
            set("sofa", &["sofa", "couch", "canapé"], false),
            set("bicycle", &["bicycle", "tandem"], true),
            set("tee", &["tshirt", "tee shirt"], false),
        ];
        set_synonyms(&engine, &sets).await;
        engine.check("Sofa", &[1, 2, 6]).await;
        engine.check("couch", &[1, 2, 6]).await;
        engine.check("couches", &[1, 2, 6]).await;
        engine.check("canapés", &[1, 2, 6]).await;
        engine.check("tee shirts", &[5]).await;
        engine.check("linen couch", &[1]).await;
        engine.check("bicycle", &[3, 4]).await;
        engine.check("tandem", &[3]).await;
        engine.check("tshirt", &[5]).await;
        engine.check("cotton tshirt", &[5]).await;
        // What was typed comes first; to Meilisearch, what means the same is as good.
        if engine.name == "Tantivy" {
            assert_eq!(engine.ranked(&query("couch")).await.first(), Some(&2));
        }
        // Another process sees them, a write keeps them, and the next ones take their place.
        let current = engine.other.current().await.unwrap().unwrap();
        current.write(&documents([product(7, "Velvet sofa")]), &[], 9).await.unwrap();
        engine.check("couch", &[1, 2, 6, 7]).await;
        set_synonyms(&engine, &[]).await;
        engine.check("couch", &[2]).await;
        assert_eq!(current.position().await.unwrap(), 9, "{}", engine.name);
    }
}

#[tokio::test]
async fn a_word_that_nothing_has_is_spelled_like_the_nearest() {
    let shop = documents([product(1, "Stoneware teapot"), product(2, "Porcelain teapot").text("fr", "Théière", "")]);
    for engine in engines_with(&shop).await {
        let words = ["porcelynnn", "xyzzyxyzzy", "4711"].map(ToOwned::to_owned);
        let found = engine.search.spellings(&words, &Language::english()).await.unwrap();
        assert_eq!(found, [Some("porcelain".to_owned()), None, None], "{}", engine.name);
        let again = SearchQuery { text: "porcelain".to_owned(), ..query("") };
        assert_eq!(engine.ranked(&again).await, [2], "{}", engine.name);
    }
}

#[tokio::test]
async fn highlights_are_the_same_on_each_engine() {
    for engine in engines_with(&documents([product(1, "Cup")])).await {
        let french: Language = "fr".parse().unwrap();
        let parts = engine.search.highlight("Assiettes de porcelaine", &french, "assiette porselaine");
        let marked: Vec<_> = parts.iter().filter(|it| it.is_match).map(|it| it.text.as_str()).collect();
        assert_eq!(marked, ["Assiettes", "porcelaine"], "{}", engine.name);
    }
}
