//! Comptoir as a subgraph: what a router asks it.

use std::collections::BTreeSet;

use comptoir_tests::{Answer, Client, Db, Installation, TestCart, TestShop, both_databases, root};
use serde_json::{Value, json};

use crate::statements::cost;

both_databases! {
    a_router_finds_every_entity_that_the_caller_may_see,
    many_entities_take_as_many_statements_as_one,
}

const ENTITIES: &str = "query($representations: [_Any!]!) { _entities(representations: $representations) {
    __typename ... on Node { id }
    ... on Cart { totalQuantity cost { total { amount } } } ... on Location { code } ... on Order { number }
    ... on Product { slug } ... on Variant { sku price { amount { amount } } product { slug } }
} }";

async fn entities(client: &Client, representations: Value) -> Answer {
    client.execute(ENTITIES, json!({"representations": representations})).await
}

/// The ids that `path` finds in the answer to a query.
async fn ids(client: &Client, query: &str, path: &str) -> Vec<String> {
    let found = client.query(query, json!({})).await;
    let nodes = found.pointer(path).and_then(Value::as_array).unwrap();
    nodes.iter().map(|it| it["id"].as_str().unwrap().to_owned()).collect()
}

fn representation(typename: &str, id: &str) -> Value {
    json!({"__typename": typename, "id": id})
}

async fn a_router_finds_every_entity_that_the_caller_may_see(shop: TestShop) {
    let cart = TestCart::create(&shop, &[("SMG-SA", 2)]).await;
    let ordered = TestCart::ready(&shop, &[("SMG-SA", 1)]).await;
    let order = ordered.order("approve").await.accepted();
    let order = order["order"]["id"].as_str().unwrap();
    let variant = cart.client.variant("SMG-SA").await;
    let product = cart.client.query("{ product(slug: \"stoneware-mug\") { id } }", json!({})).await;
    let product = product["product"]["id"].as_str().unwrap();
    let location = cart.client.location("lyon-warehouse").await;

    let asked = json!([
        representation("Variant", &variant),
        representation("Cart", &cart.id),
        representation("Product", product),
        representation("Cart", &ordered.id),
        representation("Order", order),
        representation("Location", &location),
        // With what other subgraphs know of it, and asked for twice.
        {"id": product, "__typename": "Product", "reviews": [{"stars": 5}]},
    ]);
    let found = entities(&cart.client, asked.clone()).await.data();
    let found = found["_entities"].as_array().unwrap();
    assert_eq!(found[0]["sku"], "SMG-SA");
    assert_eq!(found[0]["product"]["slug"], "stoneware-mug");
    assert_eq!((&found[1]["id"], &found[1]["totalQuantity"]), (&json!(cart.id), &json!(2)));
    assert_eq!((&found[2]["__typename"], &found[2]["slug"]), (&json!("Product"), &json!("stoneware-mug")));
    assert_eq!((&found[3], &found[4]), (&Value::Null, &Value::Null), "somebody else's cart, and an order");
    assert_eq!(found[5]["code"], "lyon-warehouse");
    assert_eq!(found[6], found[2]);

    let by_staff = entities(&shop.staff().await, asked).await.data();
    let by_staff = by_staff["_entities"].as_array().unwrap();
    assert_eq!((&by_staff[1], &by_staff[3]["id"]), (&found[1], &json!(ordered.id)), "staff sees every cart");
    assert_eq!(by_staff[4]["id"], order);

    what_is_not_there_is_null_and_fails_no_other(&cart, product).await;
    what_is_no_entity_is_a_typed_error_of_its_own(&cart, product).await;
}

async fn what_is_not_there_is_null_and_fails_no_other(cart: &TestCart, product: &str) {
    let nobody = format!("{}0", &product[..product.len() - 1]);
    let nobody = if nobody == product { format!("{}1", &product[..product.len() - 1]) } else { nobody };
    let asked = json!([
        representation("Product", &nobody),
        representation("Product", "prod_"),
        representation("Product", ""),
        // An id of another type.
        representation("Product", &cart.id),
        representation("Order", &cart.id),
        {"__typename": "Product"},
        {"__typename": "Product", "id": 7},
        {"__typename": "Product", "id": null},
        {"__typename": "Product", "id": {"id": product}},
        {"__typename": "Product", "slug": "stoneware-mug"},
        representation("Product", product),
    ]);
    let found = entities(&cart.client, asked).await.data();
    let found = found["_entities"].as_array().unwrap();
    assert!(found[..10].iter().all(Value::is_null), "{found:#?}");
    assert_eq!(found[10]["slug"], "stoneware-mug");
}

async fn what_is_no_entity_is_a_typed_error_of_its_own(cart: &TestCart, product: &str) {
    let asked = json!([
        representation("Money", "x"),
        representation("Product", product),
        {"id": product},
        {"__typename": 7},
        "Product",
        {},
        [[["Product"]]],
    ]);
    let count = asked.as_array().unwrap().len();
    let answer = entities(&cart.client, asked).await;
    let found = answer.body["data"]["_entities"].as_array().unwrap();
    assert_eq!(found.len(), count);
    assert_eq!(found[1]["slug"], "stoneware-mug", "it is found all the same");
    let errors = answer.body["errors"].as_array().unwrap();
    assert_eq!(errors.len(), count - 1, "{errors:#?}");
    for (error, index) in errors.iter().zip([0, 2, 3, 4, 5, 6]) {
        assert_eq!(found[index], Value::Null);
        assert_eq!(error["path"], json!(["_entities", index]));
        assert_eq!(error["extensions"]["code"], "INVALID_INPUT");
        assert_eq!(error["extensions"]["argumentPath"], json!(["representations", index.to_string(), "__typename"]));
    }
    let one = answer.body["errors"][0]["message"].as_str().unwrap();
    assert!(one.contains("`Cart`") && one.contains("`Variant`"), "{one}");

    let none = cart.client.execute(ENTITIES, json!({"representations": [null]})).await;
    assert!(none.body.get("data").is_none_or(Value::is_null) && none.body["errors"].is_array(), "{none:?}");
    let none = cart.client.execute(ENTITIES, json!({"representations": []})).await.data();
    assert_eq!(none["_entities"], json!([]));
}

async fn many_entities_take_as_many_statements_as_one(shop: TestShop) {
    let client = shop.staff().await;
    let products = ids(&client, "{ products(first: 70) { nodes { id } } }", "/products/nodes").await;
    let query = "{ search(first: 100) { nodes { variants(first: 1) { nodes { id } } } } }";
    let found = client.query(query, json!({})).await;
    let nodes = found["search"]["nodes"].as_array().unwrap();
    let variants: Vec<_> = nodes.iter().map(|it| it["variants"]["nodes"][0]["id"].as_str().unwrap()).collect();
    let mut carts = Vec::new();
    for quantity in 1..=10 {
        let cart = TestCart::create(&shop, &[("SMG-SA", quantity)]).await;
        if quantity % 2 == 0 {
            cart.complete().await;
        }
        carts.push(cart.id);
    }
    let of_carts: Vec<_> = carts.iter().rev().map(|it| representation("Cart", it)).collect();
    let of_products: Vec<_> = products.iter().map(|it| representation("Product", it)).collect();
    let of_variants: Vec<_> = variants.iter().map(|it| representation("Variant", it)).collect();
    for of_a_kind in [of_products, of_variants, of_carts] {
        let one = cost(&client, ENTITIES, &json!({"representations": of_a_kind[..1]})).await;
        assert!((1..=7).contains(&one), "{one} statements: {}", of_a_kind[0]);
        assert!(10 <= of_a_kind.len());
        let many = cost(&client, ENTITIES, &json!({"representations": of_a_kind})).await;
        assert_eq!(many, one, "{} of {}", of_a_kind.len(), of_a_kind[0]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn representations_are_limited_and_cost_what_is_asked_of_each() {
    let Some(shop) = TestShop::start(Db::Sqlite).await else { return };
    let client = shop.anonymous();
    let ask = async |count: usize, fields: &str| {
        let query =
            format!("query($r: [_Any!]!) {{ _entities(representations: $r) {{ ... on Product {{ {fields} }} }} }}");
        client.execute(&query, json!({"r": vec![representation("Product", "prod_x"); count]})).await
    };
    let most = ask(1_000, "id slug").await;
    assert_eq!(most.cost(), 1 + 1_000 * 2);
    assert_eq!(most.data()["_entities"].as_array().map(Vec::len), Some(1_000));

    let more = ask(1_001, "id").await;
    assert_eq!((more.code(), more.body.get("data")), ("LIMIT_EXCEEDED", None));
    let extensions = &more.body["errors"][0]["extensions"];
    assert_eq!((&extensions["limit"], &extensions["maximum"]), (&json!("representations"), &json!(1_000)));
    assert_eq!(extensions["argumentPath"], json!(["representations"]));

    let dear = ask(1_000, "variants(first: 100) { nodes { id } }").await;
    assert_eq!(dear.body["errors"][0]["extensions"]["limit"], "cost");
}

async fn service_sdl(client: &Client) -> String {
    client.query("{ _service { sdl } }", json!({})).await["_service"]["sdl"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_subgraph_is_told_as_far_as_the_caller_may_see_it() {
    let Some(shop) = TestShop::start(Db::Sqlite).await else { return };
    let printed = shop.installation.run(&["schema", "--federation"]).succeeded();
    let (anybody, staff) = (service_sdl(&shop.anonymous()).await, service_sdl(&shop.staff().await).await);
    let customer = json!({"email": "ada@example.org", "password": "a password"});
    let customer = shop.anonymous().run("customerSignUp", customer).await.accepted();
    let customer = shop.anonymous().with_token(customer["accessToken"].as_str().unwrap());
    let customer = service_sdl(&customer).await;
    let device = service_sdl(&shop.device("paris-marais-kiosk").await.client).await;
    let shown: BTreeSet<&str> = staff.lines().chain(customer.lines()).chain(device.lines()).collect();
    assert_eq!(shown, printed.lines().collect(), "staff, customers and devices are shown all, each their part");

    for entity in ["Cart", "Collection", "Customer", "Location", "Order", "Product", "Variant"] {
        let line = format!("\ntype {entity} implements Node @key(fields: \"id\") {{\n");
        assert!(printed.contains(&line) && anybody.contains(&line), "{entity} has a key");
    }
    assert_eq!(printed.matches("@key(").count(), 7, "nothing else has one");
    assert!(printed.contains("https://specs.apollo.dev/federation/v2"));
    for of_subscriptions in ["Subscription", "cartUpdated", "CartUpdate", "_entities", "_service", "_Any", "_Entity"] {
        assert!(!printed.contains(of_subscriptions), "{of_subscriptions}");
    }
    for of_staff in ["productsImport", "ProductsImportInput", "staffCreate(", "StaffCreatePayload"] {
        assert!(staff.contains(of_staff) && !anybody.contains(of_staff) && !customer.contains(of_staff), "{of_staff}");
    }
    let some = service_sdl(&shop.staff_with("some@example.org", &["MANAGE_PRICES"]).await).await;
    assert!(some.contains("pricesSet(") && !some.contains("productsImport"));

    let contract = std::fs::read_to_string(root().join("schema.graphql")).unwrap();
    for of_federation in ["@key", "@link", "_entities", "_service", "_Any", "_Entity", "_Service"] {
        assert!(!contract.contains(of_federation), "{of_federation} is not for other clients");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_subgraph_is_not_told_where_introspection_is_off() {
    let Some(installation) = Installation::new(Db::Sqlite).await else { return };
    installation.write("comptoir.toml", "[http]\nintrospection = false\n");
    let server = installation.serve(&["--demo"]);
    let client = Client::new(&server.url);
    assert_eq!(client.execute("{ _service { sdl } }", json!({})).await.code(), "INTROSPECTION_DISABLED");
    let asked = json!([representation("Product", "prod_x")]);
    assert_eq!(entities(&client, asked).await.data()["_entities"], json!([null]), "a router needs it all the same");
}
