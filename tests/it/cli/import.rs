//! `comptoir import products`.

use comptoir_tests::{Client, Finished, Installation, eventually};
use serde_json::{Value, json};

use super::on_both_databases;

/// The shape of real files: products of several rows, rows of pictures alone, empty SKUs, HTML with line breaks and quotes.
const GOOD: &str = "\u{feff}Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,Variant Grams,Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,Variant Price,Variant Compare At Price,Variant Requires Shipping,Image Src,Image Position,Gift Card\r\n\
clay-pot,Clay Pot,\"<p>A pot,\nof \"\"clay\"\"</p>\",Company 123,Outdoor,\"Pot, Plants\",true,Size,Regular,,1200,shopify,1,deny,9.99,,true,https://example.org/pot.jpg,1,false\r\n\
clay-pot,,,,,,,,Large,POT-L,2000,shopify,3,deny,15.99,19.99,true,https://example.org/large.jpg,2,\r\n\
clay-pot,,,,,,,,,,,,,,,,,https://example.org/side.jpg,3,\r\n\
lamp,Lamp,,Company 123,,,true,Title,Default Title,,0,,,continue,40,,true,,,false\r\n";

fn counts(finished: &Finished) -> &str {
    finished.stdout.lines().find(|it| it.starts_with("Rows:")).unwrap_or_else(|| panic!("{finished:#?}"))
}

async fn product(client: &Client, slug: &str) -> Value {
    let document = "query($slug: String!) { product(slug: $slug) {
        name descriptionHtml brand productType tags media { url } options { name values }
        variants { nodes { sku title price { amount { amount currency } compareAt { amount } }
            availability { quantity isAvailable locations { location { code kind } quantity } } } }
    } }";
    client.query(document, json!({"slug": slug})).await["product"].clone()
}

fn import(installation: &Installation, text: &str, flags: &[&str]) -> Finished {
    installation.write("products.csv", text);
    installation.run(&[&["import", "products", "products.csv"], flags].concat())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_imported_once() {
    on_both_databases(async |installation| {
        let first = import(&installation, GOOD, &[]);
        assert_eq!(counts(&first), "Rows: 4. Products created: 2, updated: 0, unchanged: 0, refused: 0. Issues: 0.");
        assert!(first.stderr.contains("2 of 2 products"), "progress: {}", first.stderr);
        assert_eq!(first.code, Some(0));
        let again = import(&installation, GOOD, &[]);
        assert_eq!(counts(&again), "Rows: 4. Products created: 0, updated: 0, unchanged: 2, refused: 0. Issues: 0.");

        let server = installation.serve(&[]);
        let client = Client::new(&server.url);
        let pot = product(&client, "clay-pot").await;
        assert_eq!((&pot["name"], &pot["descriptionHtml"]), (&json!("Clay Pot"), &json!("<p>A pot,\nof \"clay\"</p>")));
        assert_eq!((&pot["tags"], &pot["options"]), (&json!(["Pot", "Plants"]), &json!([{"name": "Size", "values": ["Regular", "Large"]}])));
        let pictures = ["pot", "large", "side"].map(|it| json!({"url": format!("https://example.org/{it}.jpg")}));
        assert_eq!(pot["media"], json!(pictures));
        let main = |quantity: i64| json!({"quantity": quantity, "isAvailable": true, "locations": [{"location": {"code": "main", "kind": "WAREHOUSE"}, "quantity": quantity}]});
        let regular = json!({"sku": null, "title": "Regular", "price": {"amount": {"amount": "9.99", "currency": "EUR"}, "compareAt": null}, "availability": main(1)});
        let large = json!({"sku": "POT-L", "title": "Large", "price": {"amount": {"amount": "15.99", "currency": "EUR"}, "compareAt": {"amount": "19.99"}}, "availability": main(3)});
        assert_eq!(pot["variants"]["nodes"], json!([regular, large]));
        let lamp = product(&client, "lamp").await;
        assert_eq!(lamp["variants"]["nodes"][0]["availability"]["isAvailable"], true, "sold without stock");

        // Beside a running server: it sees what changed, and finds it.
        let changed = GOOD.replace("15.99,19.99", "14.99,19.99").replace("Lamp,,", "Lantern,,");
        let third = import(&installation, &changed, &[]);
        assert_eq!(counts(&third), "Rows: 4. Products created: 0, updated: 2, unchanged: 0, refused: 0. Issues: 0.");
        let price = &product(&client, "clay-pot").await["variants"]["nodes"][1]["price"]["amount"]["amount"];
        assert_eq!(*price, "14.99");
        eventually("the lantern to be found", async || {
            let found = client.execute("{ search(query: \"lantern\") { totalCount } }", json!({})).await;
            (found.body["data"]["search"]["totalCount"] == 1).then_some(())
        })
        .await;

        // Another currency and language stand beside the first.
        let french = changed.replace("Clay Pot", "Pot en terre");
        let other = import(&installation, &french, &["--currency", "USD", "--language", "fr"]);
        assert_eq!(counts(&other), "Rows: 4. Products created: 0, updated: 2, unchanged: 0, refused: 0. Issues: 0.");
        assert_eq!(product(&client, "clay-pot").await["name"], "Clay Pot");
        assert_eq!(product(&client.with_header("accept-language", "fr"), "clay-pot").await["name"], "Pot en terre");
    })
    .await;
}

/// Line 3 has a price that is none, line 5 a quantity; line 6 has no handle, line 7 repeats a SKU.
const BAD: &str = "Handle,Title,Published,Option1 Name,Option1 Value,Variant SKU,Variant Price,Variant Inventory Qty\n\
cup,Cup,true,Color,Blue,CUP-B,8.50,4\n\
cup,,,,Red,CUP-R,8 euros,4\n\
plate,Plate,true,,,PLATE,12,1\n\
bowl,Bowl,true,,,BOWL,9,many\n\
,Nameless,true,,,NONE,1,1\n\
spoon,Spoon,true,,,PLATE,3,1\n";

#[tokio::test(flavor = "multi_thread")]
async fn bad_rows_are_told_and_good_ones_land() {
    on_both_databases(async |installation| {
        let strict = import(&installation, BAD, &["--strict"]);
        assert_eq!(strict.code, Some(1));
        assert!(strict.stdout.contains("Nothing was saved."), "{}", strict.stdout);
        let server = installation.serve(&[]);
        let client = Client::new(&server.url);
        let count =
            async || client.query("{ products { totalCount } }", json!({})).await["products"]["totalCount"].clone();
        assert_eq!(count().await, 0);

        let skipped = import(&installation, BAD, &[]);
        assert_eq!(skipped.code, Some(1));
        for words in [
            ["line 3, column `Variant Price` (cup)", "8 euros"],
            ["line 5, column `Variant Inventory Qty` (bowl)", "many"],
            ["line 6, column `Handle`", "missing"],
            ["line 7, column `Variant SKU` (spoon)", "PLATE"],
        ] {
            for output in [&strict.stdout, &skipped.stdout] {
                let line = output.lines().find(|it| it.starts_with(words[0]));
                assert!(line.is_some_and(|it| it.contains(words[1])), "{words:?} is not in {output}");
            }
        }
        assert_eq!(counts(&skipped), "Rows: 6. Products created: 2, updated: 0, unchanged: 0, refused: 2. Issues: 4.");
        for (slug, variants) in [("cup", Some(1)), ("plate", Some(1)), ("spoon", None)] {
            let found = product(&client, slug).await;
            assert_eq!(found["variants"]["nodes"].as_array().map(Vec::len), variants, "{slug}");
        }
    })
    .await;
}

/// The SKUs of lines 3 and 5 belong to the cup and the plate.
const TAKEN: &str = "Handle,Title,Published,Option1 Name,Option1 Value,Variant SKU,Variant Price,Image Src\n\
mug,Mug,true,Color,Blue,MUG-B,8.50,\n\
mug,,,,Red,CUP-B,8.50,\n\
mug,,,,Green,MUG-G,8.50,\n\
beaker,Beaker,true,,,PLATE,9,\n\
beaker,,,,,,,https://example.org/beaker.jpg\n";

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_the_shop_refuses_takes_none_of_its_product_with_it() {
    on_both_databases(async |installation| {
        let _ = import(&installation, BAD, &[]);
        let server = installation.serve(&[]);
        let client = Client::new(&server.url);
        let sku = ["line 3, column `Variant SKU` (mug)", "line 5, column `Variant SKU` (beaker)"];
        let strict = import(&installation, TAKEN, &["--strict"]);
        assert!(sku.iter().all(|it| strict.stdout.contains(it)), "{}", strict.stdout);
        assert_eq!(counts(&strict), "Rows: 5. Products created: 0, updated: 0, unchanged: 0, refused: 2. Issues: 3.");
        assert_eq!(product(&client, "mug").await, Value::Null);

        let skipped = import(&installation, TAKEN, &[]);
        let lines = [&sku[..], &["line 6 (beaker): left out because of line 5"]].concat();
        assert!(lines.iter().all(|it| skipped.stdout.contains(it)), "{}", skipped.stdout);
        assert_eq!(counts(&skipped), "Rows: 5. Products created: 1, updated: 0, unchanged: 0, refused: 1. Issues: 3.");
        let mug = product(&client, "mug").await;
        assert_eq!(mug["options"], json!([{"name": "Color", "values": ["Blue", "Green"]}]));
        assert_eq!(mug["variants"]["nodes"].as_array().unwrap().len(), 2);
        assert_eq!(product(&client, "beaker").await, Value::Null);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_no_product_file_changes_nothing() {
    on_both_databases(async |installation| {
        let files: [(&[u8], &str); 6] = [
            (b"", "no header"),
            (b"Handle,Title\ncup,Cup\n", "Variant Price"),
            (b"Handle,Title,Variant Price\ncup,\"Cup,1\n", "line 2"),
            (b"Handle,Title,Variant Price\ncup,\"Cup\"s,1\n", "line 2"),
            (b"Handle,Title,Variant Price\ncup,C\xffp,1\n", "line 2"),
            (&[0, 1, 2, 3, 255], "UTF-8"),
        ];
        for (text, word) in files {
            installation.write("products.csv", text);
            let finished = installation.run(&["import", "products", "products.csv"]);
            assert_eq!(finished.code, Some(1), "{finished:#?}");
            assert!(
                finished.stderr.contains("products.csv") && finished.stderr.contains(word),
                "{word}: {finished:#?}"
            );
        }
        for (flags, word) in [
            (["--currency", "EURO"], "--currency"),
            (["--language", "french!"], "--language"),
            (["--location", "Main Street"], "--location"),
        ] {
            let finished = import(&installation, GOOD, &flags);
            assert!(finished.code == Some(1) && finished.stderr.contains(word), "{finished:#?}");
        }
        let missing = installation.run(&["import", "products", "none.csv"]);
        assert!(missing.code == Some(1) && missing.stderr.contains("none.csv"), "{missing:#?}");

        let server = installation.serve(&[]);
        let seen =
            Client::new(&server.url).query("{ products { totalCount } locations { nodes { code } } }", json!({})).await;
        assert_eq!(seen["products"]["totalCount"], 0);
    })
    .await;
}
