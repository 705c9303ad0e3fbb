//! `comptoir serve` and what runs beside it.

use comptoir_tests::{
    Installation, TestCart, TestShop, both_databases, demo_products, demo_variant, eventually, finished,
};
use serde_json::json;

both_databases! {
    a_second_start_finds_its_data,
    reindexing_interrupts_nobody,
}

async fn a_second_start_finds_its_data(shop: TestShop) {
    let url = shop.server().url.clone();
    let says =
        [format!("{url}/graphql"), format!("{url}/graphiql"), "demo@comptoir.example".into(), "comptoir-demo".into()];
    eventually("the banner", async || says.iter().all(|it| shop.server().printed().contains(it)).then_some(())).await;
    let page = shop.anonymous().request(reqwest::Method::GET, "/graphiql").send().await.unwrap();
    assert!(page.status() == 200 && page.text().await.unwrap().contains("graphiql"));
    let token = shop.staff_token().await;
    let cart = TestCart::ready(&shop, &[("CHK", 2)]).await;
    let placed = cart.order("approve").await.accepted();
    let open = TestCart::create(&shop, &[("CNB-A5", 1)]).await;
    let before = open.read().await;
    let staff = shop.staff().await;
    let _ = staff.run("productSave", json!({"slug": "oak-stool", "status": "ARCHIVED"})).await.accepted();
    let before_all = shop.everything().await;

    let shop = shop.restarted();
    let staff = shop.anonymous().with_token(&token);
    shop.assert_unchanged(&before_all, "a second start").await;
    assert_eq!(staff.available("CHK").await, demo_variant("CHK").available() - 2);
    let nobody = shop.anonymous();
    let order = &placed["order"];
    assert_eq!(nobody.order(order["number"].as_str().unwrap(), placed["orderToken"].as_str()).await, *order);
    assert_eq!(nobody.with_cart_secret(&open.secret).cart(&open.id).await, before);
    eventually("what changed before the stop to be searched", async || {
        let found = nobody.query("{ search { totalCount } }", json!({})).await;
        (found["search"]["totalCount"] == demo_products().len() - 1).then_some(())
    })
    .await;

    // The address is taken: the second one says so and ends.
    let address = shop.server().url.strip_prefix("http://").unwrap().to_owned();
    let other = Installation::new(comptoir_tests::Db::Sqlite).await.unwrap();
    let refused = other.run(&["serve", "--addr", &address]);
    assert!(refused.code == Some(1) && refused.stderr.contains(&address), "{refused:#?}");
}

#[tokio::test]
async fn a_folder_has_one_server() {
    let installation = Installation::new(comptoir_tests::Db::Sqlite).await.unwrap();
    let server = installation.serve(&[]);
    let refused = installation.run(&["serve", "--addr", "127.0.0.1:0"]);
    let says = ["data/", "another server"].iter().all(|it| refused.stderr.contains(it));
    assert!(refused.code == Some(1) && says, "{refused:#?}");
    server.kill();
    drop(installation.serve(&[]));
}

async fn reindexing_interrupts_nobody(shop: TestShop) {
    let client = shop.anonymous();
    let count = async || client.query("{ search { totalCount } }", json!({})).await["search"]["totalCount"].clone();
    let mut command = shop.installation.command(&["reindex"]);
    let mut reindex = tokio::task::spawn_blocking(move || finished(&mut command));
    let output = loop {
        tokio::select! {
            output = &mut reindex => break output.unwrap().succeeded(),
            found = count() => assert_eq!(found, demo_products().len()),
        }
    };
    assert!(output.contains(&demo_products().len().to_string()), "{output}");
    assert_eq!(count().await, demo_products().len());

    let staff = shop.staff().await;
    let texts = json!([{"language": "en", "name": "Zanzibar stool"}]);
    let _ = staff.run("productSave", json!({"slug": "oak-stool", "texts": texts})).await.accepted();
    eventually("the new name to be found", async || {
        let found = client.query("{ search(query: \"zanzibar\") { nodes { slug } } }", json!({})).await;
        (found["search"]["nodes"] == json!([{"slug": "oak-stool"}])).then_some(())
    })
    .await;
}
