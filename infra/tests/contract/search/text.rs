//! What texts find, and in which order.

use comptoir_domain::search::SearchQuery;

use super::{
    engine::{engines_with, query},
    products::{documents, product},
};

fn in_french(text: &str) -> SearchQuery {
    SearchQuery { language: "fr".parse().unwrap(), ..query(text) }
}

#[tokio::test]
async fn a_word_is_found_wherever_the_product_has_it() {
    let shop = documents([
        product(1, "Walnut bowl"),
        product(2, "Tray").text("fr", "Plateau", "Un plateau en noyer massif."),
        product(3, "Spoon").facet("brand", "Hollis").facet("madeIn", "Portugal").facet("tag", "serving"),
        product(4, "Lamp").text("de", "Leuchte", "Messing"),
    ]);
    for engine in engines_with(&shop).await {
        engine.check("walnut", &[1]).await;
        engine.check("plateau", &[2]).await;
        engine.check("massif", &[2]).await;
        engine.check("hollis", &[3]).await;
        engine.check("portugal", &[3]).await;
        engine.check("serving", &[3]).await;
        engine.check("messing", &[4]).await;
        engine.check("granite", &[]).await;
        engine.check("", &[1, 2, 3, 4]).await;
        engine.check(" \u{a0}\t", &[1, 2, 3, 4]).await;
    }
}

#[tokio::test]
async fn accents_and_case_do_not_matter() {
    let shop = documents([
        product(1, "Board").text("fr", "Planche en chêne", "Huilée à la main"),
        product(2, "Cafe table").text("fr", "Table de café", ""),
    ]);
    for engine in engines_with(&shop).await {
        engine.check("chene", &[1]).await;
        engine.check("CHÊNE", &[1]).await;
        engine.check("che\u{302}ne", &[1]).await;
        engine.check("huilee", &[1]).await;
        engine.check("café", &[2]).await;
    }
}

#[tokio::test]
async fn words_are_found_as_one_and_as_two() {
    let shop = documents([
        product(1, "Blue teapot"),
        product(2, "Power bank"),
        product(3, "Backpack 30 L"),
        product(4, "Spray").text("fr", "Spray anti-moustiques", ""),
    ]);
    for engine in engines_with(&shop).await {
        engine.check("tea pot", &[1]).await;
        engine.check("blue tea pot", &[1]).await;
        engine.check("powerbank", &[2]).await;
        if engine.is_tantivy() {
            engine.check("backpack 30l", &[3]).await;
            assert_eq!(engine.ranked(&in_french("antimoustique")).await, [4]);
        }
    }
}

#[tokio::test]
async fn singular_and_plural_find_each_other() {
    let shop = documents([
        product(1, "Dinner plates").text("fr", "Assiettes plates", ""),
        product(2, "Serving spoon").text("fr", "Cuillère de service", ""),
        product(3, "Horse").text("fr", "Cheval de bois", ""),
    ]);
    for engine in engines_with(&shop).await {
        engine.check("plate", &[1]).await;
        engine.check("spoons", &[2]).await;
        assert_eq!(engine.ranked(&in_french("assiette")).await, [1], "{}", engine.name);
        assert_eq!(engine.ranked(&in_french("cuillères")).await, [2], "{}", engine.name);
        // Meilisearch has no stems: it forgives the letters that differ, and here there are two.
        let horses = engine.ranked(&in_french("chevaux")).await;
        assert_eq!(horses, if engine.is_tantivy() { vec![3] } else { vec![] }, "{}", engine.name);
    }
}

#[tokio::test]
async fn elided_articles_are_no_words() {
    let shop = documents([
        product(1, "Plate").text("fr", "L\u{2019}assiette d\u{2019}Aubagne", ""),
        product(2, "Potter's wheel"),
    ]);
    for engine in engines_with(&shop).await {
        for text in ["assiette", "l'assiette", "l\u{2019}assiette d'aubagne", "aubagne"] {
            assert_eq!(engine.ranked(&in_french(text)).await, [1], "{}: {text}", engine.name);
        }
        engine.check("potter", &[2]).await;
        engine.check("potter's wheel", &[2]).await;
    }
}

#[tokio::test]
async fn mistyped_letters_are_forgiven_by_the_length_of_the_word() {
    let shop = documents([product(1, "Mug"), product(2, "Vase"), product(3, "Porcelain"), product(4, "Model 4711")]);
    for engine in engines_with(&shop).await {
        engine.check("mgu", &[]).await;
        engine.check("vsae", &[2]).await;
        engine.check("vsea", &[]).await;
        engine.check("porcelan", &[3]).await;
        engine.check("porselian", &[3]).await;
        engine.check("borselian", &[]).await;
        engine.check("4712", &[]).await;
        // The first letter is rarely mistyped, and counts twice.
        engine.check("base", &[]).await;
        engine.check("borcelain", &[3]).await;
        engine.check("borcelan", &[]).await;
    }
}

#[tokio::test]
async fn the_last_word_may_be_a_beginning() {
    let shop = documents([product(1, "Ceramic table"), product(2, "Ceramic lamp")]);
    for engine in engines_with(&shop).await {
        engine.check("cer", &[1, 2]).await;
        engine.check("ceramic ta", &[1]).await;
        // Meilisearch takes two words for one as well: `ceramict`, which is `ceramic` with a letter too many.
        if engine.name == "Tantivy" {
            engine.check("ceramic t", &[1]).await;
        }
        engine.check("cer table", &[]).await;
        for text in ["c", "ce", "cera", "ceram", "ceramic"] {
            engine.check(text, &[1, 2]).await;
        }
    }
}

#[tokio::test]
async fn all_words_must_match() {
    let shop = documents([
        product(1, "Oak table").facet("brand", "Hollis"),
        product(2, "Oak chair").facet("brand", "Hollis"),
        product(3, "Oak bench"),
    ]);
    for engine in engines_with(&shop).await {
        engine.check("oak table", &[1]).await;
        engine.check("table hollis oak", &[1]).await;
        engine.check("oak hollis", &[1, 2]).await;
        engine.check("oak marble", &[]).await;
        // Words that say nothing of a product are not asked for.
        engine.check("the table from hollis", &[1]).await;
    }
}

#[tokio::test]
async fn better_matches_come_first() {
    let shop = documents([
        product(1, "Tray").text("en", "Tray", "Goes with the walnut bowl and with walnut spoons."),
        product(2, "Bowl").facet("material", "Walnut"),
        product(3, "Walnut bowl"),
        product(4, "Walnuts by the kilo"),
    ]);
    for engine in engines_with(&shop).await {
        let hits = engine.ranked(&query("walnut")).await;
        assert_eq!(hits.len(), 4, "{}: {hits:?}", engine.name);
        assert_eq!(hits.last(), Some(&1), "{}: the description weighs least: {hits:?}", engine.name);
        assert_eq!(engine.ranked(&query("walnut bowl")).await.first(), Some(&3), "{}", engine.name);
    }
}

#[tokio::test]
async fn the_shoppers_language_weighs_most() {
    let shop = documents([product(1, "Pain relief"), product(2, "Bread").text("fr", "Pain complet", "")]);
    for engine in engines_with(&shop).await {
        engine.check("pain", &[1, 2]).await;
        // Meilisearch weighs all languages alike.
        if engine.is_tantivy() {
            assert_eq!(engine.ranked(&query("pain")).await, [1, 2]);
            assert_eq!(engine.ranked(&in_french("pain")).await, [2, 1]);
        }
    }
}

#[tokio::test]
async fn codes_find_their_product() {
    let shop = documents([
        product(1, "Shirt").code("BRT-S-NV").code("2004001036264"),
        product(2, "Sweater").code("BRT-S-NVX").code("2004001036639"),
        product(3, "Scarf").code("brt s"),
        product(4, "Pack of 2 pencils for 2004001 036264 uses"),
    ]);
    for engine in engines_with(&shop).await {
        assert_eq!(engine.ranked(&query("BRT-S-NV")).await.first(), Some(&1), "{}", engine.name);
        assert_eq!(engine.ranked(&query("brt-s-nvx")).await, [2], "{}", engine.name);
        for printed in ["2004001036264", "2 004001 036264", "2004001-036264", " 2004001 036264 "] {
            assert_eq!(engine.ranked(&query(printed)).await.first(), Some(&1), "{}: {printed}", engine.name);
        }
        engine.check("2004001036639", &[2]).await;
        engine.check("2004001036265", &[]).await;
        engine.check("2004001036264 shirt", &[1]).await;
    }
}

#[tokio::test]
async fn nothing_that_is_typed_is_an_error() {
    let shop = documents([product(1, "Rock and roll"), product(2, "Salt \"fine\" \\ coarse")]);
    let long = "x".repeat(200);
    let many = "ab ".repeat(66);
    let odd = [
        "\"",
        "\"\"",
        "\"unclosed",
        "\\",
        "\\\"",
        "'",
        "a AND b",
        "AND",
        "OR",
        "NOT x",
        "-",
        "--x",
        "-salt",
        "name:salt",
        ":",
        "*",
        "?",
        "(",
        ")",
        "[a TO b]",
        "{}",
        "^2",
        "~",
        "salt~3",
        "/rock/",
        "a && b || c",
        "<b>",
        "\0",
        "\u{1f525}",
        "\u{1f525}\u{1f468}\u{200d}\u{1f373}",
        "日本語",
        "שלום",
        "%",
        "_",
        "$",
        "{{x}}",
        "\u{202e}abc",
        &long,
        &many,
        "=brt",
        "\u{1}",
    ];
    for engine in engines_with(&shop).await {
        for text in odd {
            engine.ask(&query(text)).await;
            engine.ask(&in_french(text)).await;
        }
        engine.check("\"salt\" \\ coarse", &[2]).await;
        engine.check("rock AND roll", &[1]).await;
        engine.check("-salt", &[2]).await;
        engine.check("\u{1f525}\u{1f525}", &[]).await;
    }
}
