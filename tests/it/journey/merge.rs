//! Carts that follow the person: made offline, merged at sign-in, found again, given another secret, bought again, forgotten.

use comptoir_tests::{Client, EventStream, TestCart, TestShop, amount, both_databases, command, demo_variant, new_key};
use reqwest::Method;
use serde_json::{Value, json};

both_databases! {
    a_guests_cart_is_the_customers_after_sign_in,
    merging_follows_strategy_and_moment_and_tells_what_it_did,
    what_is_saved_for_later_is_merged_and_told_as_well,
    carts_of_two_currencies_stay_as_they_are,
    a_second_customer_never_touches_the_first_ones_cart,
    what_is_a_customers_or_shared_is_nobodys_to_merge_away,
    a_guest_who_wins_keeps_what_they_said_and_learns_what_is_gone,
    an_app_creates_a_cart_offline_and_syncs_it_once,
    a_key_stands_for_one_offline_command,
    what_was_answered_stays_whatever_the_catalog_becomes,
    offline_commands_that_cannot_be_read_are_refused_one_by_one,
    a_secret_ends_when_there_is_another,
    an_order_is_bought_again_and_a_cart_is_copied_and_purged,
    a_customer_buys_no_more_than_they_may,
}

/// Each line's SKU, first attribute and quantity.
fn held(cart: &Value) -> Vec<(String, String, i64)> {
    let line = |it: &Value| {
        let attribute = it["attributes"][0]["value"].as_str().unwrap_or_default().to_owned();
        (it["variant"]["sku"].as_str().unwrap().to_owned(), attribute, it["quantity"].as_i64().unwrap())
    };
    cart["lines"].as_array().unwrap().iter().map(line).collect()
}

fn lines(expected: &[(&str, &str, i64)]) -> Vec<(String, String, i64)> {
    expected.iter().map(|(sku, it, n)| ((*sku).to_owned(), (*it).to_owned(), *n)).collect()
}

/// What `me` has as their active cart.
async fn active(client: &Client) -> Value {
    let document = "{ me { activeCart { id version lines { quantity variant { sku } } } } }";
    client.query(document, json!({})).await["me"]["activeCart"].clone()
}

/// Signs in with a guest's cart, and answers who has signed in and what became of the cart.
async fn sign_in(shop: &TestShop, email: &str, guest: &TestCart, more: Value) -> (Client, Value) {
    let mut cart = json!({"cartId": guest.id, "cartSecret": guest.secret});
    for (key, value) in more.as_object().unwrap() {
        cart[key] = value.clone();
    }
    let input = json!({"email": email, "password": "a password", "cart": cart});
    let signed_in = shop.anonymous().run("customerSignIn", input).await.accepted();
    (shop.anonymous().with_token(signed_in["accessToken"].as_str().unwrap()), signed_in["cartMerge"].clone())
}

async fn a_guests_cart_is_the_customers_after_sign_in(shop: TestShop) {
    let guest = TestCart::create(&shop, &[("CNB-A5", 1)]).await;
    let input = json!({"email": "ada@example.org", "password": "a password",
        "cart": {"cartId": guest.id, "cartSecret": guest.secret}});
    let signed_up = shop.anonymous().run("customerSignUp", input).await.accepted();
    assert_eq!(signed_up["cartMerge"]["report"]["outcome"], "ADOPTED");
    assert_eq!(signed_up["cartMerge"]["cart"]["email"], "ada@example.org");
    let ada = shop.anonymous().with_token(signed_up["accessToken"].as_str().unwrap());
    assert_eq!(active(&ada).await["id"], guest.id);
    let cart = TestCart { client: ada.clone(), ..guest.clone() };
    cart.complete().await;

    // On the phone she begins another, and signs in there.
    let phone = TestCart::create(&shop, &[("CNB-A5", 3), ("CHK", 1)]).await;
    let (ada, merge) = sign_in(&shop, "ada@example.org", &phone, json!({})).await;
    assert_eq!((&merge["userErrors"], &merge["report"]["outcome"]), (&json!([]), &json!("MERGED")));
    assert_eq!((&merge["report"]["strategy"], &merge["cart"]["id"]), (&json!("MAX"), &json!(guest.id)));
    assert_eq!(held(&merge["cart"]), lines(&[("CNB-A5", "", 3), ("CHK", "", 1)]));
    let now = active(&ada).await;
    assert_eq!((&now["id"], now["lines"].as_array().unwrap().len()), (&json!(guest.id), 2));

    // The phone's cart tells where it went, and takes no commands any more.
    let old = phone.read().await;
    assert_eq!((&old["state"], &old["mergedInto"], &old["lines"]), (&json!("MERGED"), &json!(guest.id), &json!([])));
    let refused = phone.run("cartNoteSet", json!({"note": "Ring"})).await;
    assert_eq!(refused.refused("CART_MERGED")["mergedInto"], guest.id);
    // Signing in once more, nothing changes.
    let (_, again) = sign_in(&shop, "ada@example.org", &phone, json!({})).await;
    assert_eq!(again["report"]["outcome"], "ALREADY_MERGED");
    assert_eq!(again["cart"], merge["cart"]);
    let elsewhere = "{ me { activeCart(channel: \"paris-marais-kiosk\") { id } } }";
    assert_eq!(ada.query(elsewhere, json!({})).await["me"]["activeCart"], Value::Null);
}

/// What an account and a guest with these lines come to, and what is told of it.
async fn merged(shop: &TestShop, account: &Value, guest: &Value, how: Value) -> Value {
    let create = async |lines: &Value| {
        let cart = TestCart::create(shop, &[]).await;
        let _ = cart.run("cartLinesSet", json!({"lines": lines})).await.accepted();
        cart
    };
    let (account, guest) = (create(account).await, create(guest).await);
    let mut input = how;
    (input["sourceId"], input["sourceSecret"]) = (json!(guest.id), json!(guest.secret));
    input["targetId"] = json!(account.id);
    let merged = account.client.run("cartMerge", input.clone()).await.accepted();
    let again = account.client.run("cartMerge", input).await.accepted();
    assert_eq!((&again["cart"], &again["report"]["outcome"]), (&merged["cart"], &json!("ALREADY_MERGED")));
    merged
}

async fn merging_follows_strategy_and_moment_and_tells_what_it_did(shop: TestShop) {
    let a = |n: i64| json!([{"sku": "CNB-A5", "quantity": n}]);
    // C-01.
    for (strategy, quantity) in [("GUEST_WINS", 3), ("MAX", 3), ("SUM", 4)] {
        let merge = merged(&shop, &a(1), &a(3), json!({"strategy": strategy})).await;
        assert_eq!(held(&merge["cart"]), lines(&[("CNB-A5", "", quantity)]), "{strategy}");
        let combined = &merge["report"]["combinedLines"][0];
        assert_eq!((&combined["sourceQuantity"], &combined["targetQuantity"]), (&json!(3), &json!(1)));
        assert_eq!(combined["quantity"], quantity);
    }
    // C-03.
    let merge = merged(&shop, &a(1), &json!([{"sku": "CHK"}]), json!({})).await;
    assert_eq!(held(&merge["cart"]), lines(&[("CNB-A5", "", 1), ("CHK", "", 1)]));
    assert_eq!(merge["report"]["movedLines"][0]["quantity"], 1);
    // C-04.
    let engraved = |text: &str, n: i64| json!([{"sku": "CHK", "quantity": n, "attributes": [{"key": "engraving", "value": text}]}]);
    let merge = merged(&shop, &engraved("foo", 1), &engraved("bar", 3), json!({})).await;
    assert_eq!(held(&merge["cart"]), lines(&[("CHK", "foo", 1), ("CHK", "bar", 3)]));
    // C-05, at the checkout, where the guest wins.
    let account = json!([{"sku": "SMG-SA"}, {"sku": "CHK"}]);
    let guest = json!([{"sku": "CHK", "quantity": 3}]);
    let merge = merged(&shop, &account, &guest, json!({"moment": "CHECKOUT"})).await;
    assert_eq!(held(&merge["cart"]), lines(&[("CHK", "", 3)]));
    assert_eq!(merge["report"]["strategy"], "GUEST_WINS");
    let dropped = &merge["report"]["droppedLines"];
    assert_eq!((&dropped[0]["reason"], &dropped[0]["quantity"]), (&json!("REPLACED"), &json!(1)));
    assert_eq!(dropped.as_array().unwrap().len(), 1);

    // What stays apart is the customer's as well, and the one they go on with.
    let _ada = shop.customer("ada@example.org").await;
    let first = TestCart::create(&shop, &[("CHK", 1)]).await;
    let (ada, _) = sign_in(&shop, "ada@example.org", &first, json!({})).await;
    let guest = TestCart::create(&shop, &[("CNB-A5", 2)]).await;
    let (_, merge) = sign_in(&shop, "ada@example.org", &guest, json!({"strategy": "KEEP_SEPARATE"})).await;
    assert_eq!((&merge["report"]["outcome"], &merge["cart"]["id"]), (&json!("KEPT_SEPARATE"), &json!(guest.id)));
    assert_eq!(active(&ada).await["id"], guest.id);
    assert_eq!(held(&ada.cart(&first.id).await), lines(&[("CHK", "", 1)]));
}

/// A cart with these saved for later, and nothing in it.
async fn saved(client: &Client, lines: &[(&str, i64)]) -> TestCart {
    let cart = TestCart::create_by(client, "EUR", lines).await;
    let ids: Vec<_> = cart.read().await["lines"].as_array().unwrap().iter().map(|it| it["id"].clone()).collect();
    let _ = cart.run("cartLinesSaveForLater", json!({"lineIds": ids})).await.accepted();
    cart
}

async fn what_is_saved_for_later_is_merged_and_told_as_well(shop: TestShop) {
    for (strategy, quantity) in [("MAX", 3), ("SUM", 4), ("GUEST_WINS", 1)] {
        let ada = shop.customer(&format!("{strategy}@example.org")).await;
        let hers = saved(&ada, &[("CHK", 3), ("SMG-SA", 2)]).await;
        let guest = saved(&shop.anonymous(), &[("CNB-A5", 1), ("CHK", 1)]).await;
        let merge =
            json!({"sourceId": guest.id, "sourceSecret": guest.secret, "targetId": hers.id, "strategy": strategy});
        let document = "mutation($input: CartMergeInput!) { cartMerge(input: $input) { userErrors { code } report {
            movedSavedLines { quantity } combinedSavedLines { quantity sourceQuantity targetQuantity } droppedLines { quantity } }
            cart { savedLines { quantity variant { sku } } } } }";
        let merged = ada.query(document, json!({"input": merge})).await["cartMerge"].clone();
        let together = json!([{"quantity": quantity, "sourceQuantity": 1, "targetQuantity": 3}]);
        let expected =
            json!({"movedSavedLines": [{"quantity": 1}], "combinedSavedLines": together, "droppedLines": []});
        assert_eq!(merged["report"], expected, "{strategy}");
        let saved: Vec<_> =
            merged["cart"]["savedLines"].as_array().unwrap().iter().map(|it| it["quantity"].clone()).collect();
        assert_eq!(saved, [json!(quantity), json!(2), json!(1)], "{strategy}");
    }
    // Nobody has both carts where no customer acts.
    let (one, other) = (TestCart::create(&shop, &[]).await, TestCart::create(&shop, &[]).await);
    let merge =
        json!({"sourceId": one.id, "sourceSecret": one.secret, "targetId": other.id, "strategy": "KEEP_SEPARATE"});
    let refused = other.client.run("cartMerge", merge).await;
    assert_eq!(refused.refused("INVALID_INPUT")["path"], json!(["input", "strategy"]));
}

/// C-08.
async fn carts_of_two_currencies_stay_as_they_are(shop: TestShop) {
    let ada = shop.customer("ada@example.org").await;
    let own = TestCart::create_by(&ada, "EUR", &[("CHK", 1)]).await;
    let guest = TestCart::create_in(&shop, "USD", &[("CNB-A5", 2)]).await;
    let before = (own.read().await, guest.read().await);
    let (ada, merge) = sign_in(&shop, "ada@example.org", &guest, json!({})).await;
    let error = &merge["userErrors"][0];
    assert_eq!(
        (&error["code"], &error["path"]),
        (&json!("CART_CURRENCY_MISMATCH"), &json!(["input", "cart", "cartId"]))
    );
    assert_eq!((&error["sourceCurrency"], &error["targetCurrency"]), (&json!("USD"), &json!("EUR")));
    assert_eq!((&merge["cart"], &merge["report"]), (&Value::Null, &Value::Null));
    assert_eq!((own.read().await, guest.read().await), before, "and she has signed in all the same");
    assert_eq!(active(&ada).await["id"], own.id);
}

async fn a_second_customer_never_touches_the_first_ones_cart(shop: TestShop) {
    let _ = (shop.customer("ada@example.org").await, shop.customer("bob@example.org").await);
    let device = TestCart::create(&shop, &[("CHK", 1)]).await;
    let (ada, _) = sign_in(&shop, "ada@example.org", &device, json!({})).await;
    let before = ada.cart(&device.id).await;
    let (bob, merge) = sign_in(&shop, "bob@example.org", &device, json!({})).await;
    assert_eq!(merge["userErrors"][0]["code"], "CART_OF_ANOTHER_CUSTOMER");
    assert_eq!(active(&bob).await, Value::Null);
    // Not even with the secret that the device still has.
    let bob = TestCart { client: bob.with_cart_secret(&device.secret), ..device.clone() };
    assert_eq!(bob.read().await, Value::Null);
    assert_eq!(bob.run("cartLinesAdd", json!({"lines": [{"sku": "CNB-A5"}]})).await.codes(), ["NOT_FOUND"]);
    assert_eq!(ada.cart(&device.id).await, before);
}

async fn what_is_a_customers_or_shared_is_nobodys_to_merge_away(shop: TestShop) {
    let (_, bob) = (shop.customer("ada@example.org").await, shop.customer("bob@example.org").await);
    let device = TestCart::create(&shop, &[("CHK", 1)]).await;
    let (ada, _) = sign_in(&shop, "ada@example.org", &device, json!({})).await;
    let hers = TestCart { client: ada.clone(), ..device.clone() };
    let handoff = hers.run("cartHandoffCreate", json!({"mode": "SHARE"})).await.accepted();
    let accept = json!({"code": handoff["handoff"]["code"]});
    let share = shop.anonymous().run("cartHandoffAccept", accept).await.accepted()["cartSecret"].clone();
    let before = ada.cart(&device.id).await;
    let own = TestCart::create(&shop, &[("CNB-A5", 1)]).await;
    let source =
        |secret: &Value, target: Value| json!({"sourceId": device.id, "sourceSecret": secret, "targetId": target});
    // Whoever it was shared with: with a cart, without one, and in nobody's name.
    for (client, target) in [(&bob, Value::Null), (&own.client, json!(own.id))] {
        let refused = client.run("cartMerge", source(&share, target)).await;
        assert_eq!(refused.refused("CART_ONLY_SHARED")["path"], json!(["input", "sourceId"]));
    }
    let shared = TestCart { secret: share.as_str().unwrap().to_owned(), ..device.clone() };
    let (_, merge) = sign_in(&shop, "bob@example.org", &shared, json!({})).await;
    assert_eq!(merge["userErrors"][0]["code"], "CART_ONLY_SHARED");
    assert_eq!(active(&bob).await, Value::Null);
    // The secret that the device has left is of no use for it either.
    let refused = own.client.run("cartMerge", source(&json!(device.secret), json!(own.id))).await;
    let _ = refused.refused("CART_OF_ANOTHER_CUSTOMER");
    assert_eq!((ada.cart(&device.id).await, held(&own.read().await)), (before, lines(&[("CNB-A5", "", 1)])));

    // What is wrong with the target is said of it, and an outdated client has it as it is.
    let input = json!({"sourceId": own.id, "sourceSecret": own.secret, "targetId": "cart_01h455vb4pex5vsknk084sn02q"});
    assert_eq!(ada.run("cartMerge", input).await.refused("NOT_FOUND")["path"], json!(["input", "targetId"]));
    let input = json!({"sourceId": own.id, "sourceSecret": own.secret, "expectedVersion": 99});
    let refused = ada.run("cartMerge", input).await;
    assert_eq!(refused.refused("VERSION_CONFLICT")["path"], json!(["input", "expectedVersion"]));
    let document = "mutation($id: ID!) { cartSecretRotate(input: { cartId: $id, expectedVersion: 99 }) { cart { id version } cartSecret userErrors { code } } }";
    let rotated = ada.query(document, json!({"id": device.id})).await["cartSecretRotate"].clone();
    assert_eq!((&rotated["cart"]["id"], &rotated["cartSecret"]), (&json!(device.id), &Value::Null));
    let document =
        "mutation($i: CartMergeInput!) { cartMerge(input: $i) { cart { id } report { outcome } userErrors { code } } }";
    let input = json!({"sourceId": own.id, "sourceSecret": own.secret, "expectedVersion": 99});
    let merged = ada.query(document, json!({"i": input})).await["cartMerge"].clone();
    assert_eq!((&merged["cart"]["id"], &merged["report"]), (&json!(device.id), &Value::Null));
}

async fn a_guest_who_wins_keeps_what_they_said_and_learns_what_is_gone(shop: TestShop) {
    let (staff, _) = (shop.staff().await, shop.customer("ada@example.org").await);
    let account = TestCart::create(&shop, &[("CHK", 1)]).await;
    let (ada, _) = sign_in(&shop, "ada@example.org", &account, json!({})).await;
    let account = TestCart { client: ada.clone(), ..account };
    let guest = TestCart::create(&shop, &[("CHK", 1)]).await;
    let address = |line1: &str| json!({"shipping": {"name": "Ada", "line1": line1, "city": "Lyon", "postalCode": "69001", "country": "FR"}});
    for (cart, who) in [(&account, "account"), (&guest, "guest")] {
        let _ = cart.run("cartNoteSet", json!({"note": who})).await.accepted();
        let _ = cart.run("cartAddressesSet", address(who)).await.accepted();
    }
    let _ = account.run("cartContactSet", json!({"email": "home@example.org"})).await.accepted();
    let by_staff = TestCart { client: staff.clone(), ..guest.clone() };
    let off = json!({"value": {"percent": "20"}, "reason": "scratched"});
    let _ = by_staff.run("cartDiscountAdd", off).await.accepted();
    let document = "mutation($i: CartMergeInput!) { cartMerge(input: $i) { cart { note email shippingAddress { line1 } manualDiscounts { reason } }
        report { droppedDiscounts { reason percent } } userErrors { code } } }";
    let input = json!({"sourceId": guest.id, "sourceSecret": guest.secret, "moment": "CHECKOUT"});
    let merged = ada.query(document, json!({"i": input})).await["cartMerge"].clone();
    let cart = &merged["cart"];
    assert_eq!((&cart["note"], &cart["shippingAddress"]["line1"]), (&json!("guest"), &json!("guest")), "{merged}");
    assert_eq!(cart["email"], "home@example.org", "the guest has said none");
    assert_eq!(merged["report"]["droppedDiscounts"], json!([{"reason": "scratched", "percent": "20"}]));
    assert_eq!(cart["manualDiscounts"], json!([]));
}

/// An offline command with a key of its own, made so many minutes after ten.
fn offline(minute: u32, mut command: Value) -> Value {
    (command["id"], command["at"]) = (json!(new_key()), json!(format!("2026-01-01T10:{minute:02}:00Z")));
    command
}

async fn an_app_creates_a_cart_offline_and_syncs_it_once(shop: TestShop) {
    let (id, secret) = ("cart_01jdmw7z5sfhk9m2q4x8n3v6t0", "cs_Zk3v9QpX0aLr7TnW2bYc5e");
    let create = json!({"id": id, "secret": secret, "lines": [{"sku": "CNB-A5"}]});
    let created = shop.anonymous().run("cartCreate", create.clone()).await.accepted();
    assert_eq!(
        (&created["cart"]["id"], &created["cartSecret"], &created["isReplay"]),
        (&json!(id), &json!(secret), &json!(false))
    );
    let cart =
        TestCart { client: shop.anonymous().with_cart_secret(secret), id: id.to_owned(), secret: secret.to_owned() };
    let knife = cart.client.variant("CHK").await;
    let notebook = cart.client.variant("CNB-A5").await;
    let at = offline;
    let item = |variant: &str| json!({"variantId": variant});
    let available = demo_variant("CHK").available();
    // Listed in another order than they were made in.
    let commands = json!([
        at(2, json!({"linesUpdate": {"lines": [{"item": item(&knife), "quantityDelta": 1}]}})),
        at(1, json!({"linesAdd": {"lines": [{"sku": "CHK", "quantity": 2}, {"variantId": notebook}]}})),
        at(3, json!({"linesUpdate": {"lines": [{"item": item("var_01h455vb4pex5vsknk084sn02q"), "quantity": 5}]}})),
        at(4, json!({"linesAdd": {"lines": [{"sku": "NOPE"}]}})),
        at(5, json!({"linesAdd": {"lines": [{"sku": "CHK", "quantity": available}]}})),
        at(6, json!({"contactSet": {"email": "ada@example.org"}})),
    ]);
    let input = json!({"commands": commands});
    let synced = cart.run("cartSync", input.clone()).await.accepted();
    assert_eq!(held(&synced["cart"]), lines(&[("CNB-A5", "", 2), ("CHK", "", available)]));
    assert_eq!((&synced["cart"]["version"], &synced["cart"]["email"]), (&json!(2), &json!("ada@example.org")));
    let outcomes: Vec<_> =
        synced["results"].as_array().unwrap().iter().map(|it| it["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes, ["APPLIED", "APPLIED", "REFUSED", "REFUSED", "APPLIED", "APPLIED"]);
    let error = |place: usize| synced["results"][place]["userErrors"][0].clone();
    assert_eq!(
        (error(2)["code"].clone(), error(2)["path"].clone()),
        (json!("NOT_FOUND"), json!(["input", "commands", "2", "linesUpdate", "lines", "0"]))
    );
    assert_eq!(error(3)["path"], json!(["input", "commands", "3", "linesAdd", "lines", "0", "sku"]));
    let warning = &synced["results"][4]["warnings"][0];
    assert_eq!((&warning["requested"], &warning["available"]), (&json!(available + 3), &json!(available)));

    // The answer was lost: the same again is answered with the same, and does nothing.
    let again = cart.run("cartSync", input.clone()).await.accepted();
    assert_eq!(again, synced);
    let input = json!({"cartId": cart.id, "commands": commands});
    let bytes = async || {
        let body = json!({"query": command("cartSync"), "variables": {"input": input}}).to_string();
        let request = cart.client.request(Method::POST, "/graphql").header("content-type", "application/json");
        request.body(body).send().await.unwrap().bytes().await.unwrap()
    };
    let replayed = bytes().await;
    assert_eq!(serde_json::from_slice::<Value>(&replayed).unwrap()["data"]["cartSync"], again);
    assert_eq!(bytes().await, replayed, "to the byte");

    // So is the creation; who has another secret learns nothing.
    let replay = shop.anonymous().run("cartCreate", create.clone()).await.accepted();
    assert_eq!((&replay["isReplay"], &replay["cart"]), (&json!(true), &synced["cart"]));
    let mut guess = create;
    guess["secret"] = json!("cs_Zk3v9QpX0aLr7TnW2bYc5f");
    let refused = shop.anonymous().run("cartCreate", guess).await;
    assert_eq!(refused.refused("CART_ID_TAKEN")["path"], json!(["input", "id"]));
    assert_eq!(refused.0["cart"], Value::Null);
}

async fn a_key_stands_for_one_offline_command(shop: TestShop) {
    let cart = TestCart::create(&shop, &[("CHK", 1)]).await;
    let first = offline(1, json!({"noteSet": {"note": "Ring twice"}}));
    let mut other = offline(2, json!({"noteSet": {"note": "Knock"}}));
    other["id"] = first["id"].clone();
    let _ = cart.run("cartSync", json!({"commands": [first]})).await.accepted();
    let synced = cart.run("cartSync", json!({"commands": [other]})).await.accepted();
    let error = &synced["results"][0]["userErrors"][0];
    assert_eq!(error["code"], "IDEMPOTENCY_KEY_REUSED");
    assert_eq!(error["path"], json!(["input", "commands", "0", "id"]));
    assert_eq!(synced["cart"]["note"], "Ring twice");
}

async fn what_was_answered_stays_whatever_the_catalog_becomes(shop: TestShop) {
    let cart = TestCart::create(&shop, &[]).await;
    let add = |minute, sku: &str| offline(minute, json!({"linesAdd": {"lines": [{"sku": sku}]}}));
    let commands = json!({"commands": [add(1, "CHK"), add(2, "LATER"), add(3, "LATER")]});
    let synced = cart.run("cartSync", commands.clone()).await.accepted();
    let outcomes: Vec<_> = synced["results"].as_array().unwrap().iter().map(|it| it["outcome"].clone()).collect();
    assert_eq!(outcomes, ["APPLIED", "REFUSED", "REFUSED"]);
    let error = &synced["results"][1]["userErrors"][0];
    assert_eq!(
        (&error["code"], &error["path"]),
        (&json!("NOT_FOUND"), &json!(["input", "commands", "1", "linesAdd", "lines", "0", "sku"]))
    );
    // One goes, and one comes.
    let staff = shop.staff().await;
    let _ = staff.run("productSave", json!({"slug": "chef-knife", "status": "ARCHIVED"})).await.accepted();
    let later = json!({"slug": "later", "status": "ACTIVE", "texts": [{"language": "en", "name": "Later"}], "variants": [
        {"sku": "LATER", "stockPolicy": "UNTRACKED", "prices": [{"amount": {"amount": "1.00", "currency": "EUR"}}]}]});
    let _ = staff.run("productSave", later).await.accepted();
    let again = cart.run("cartSync", commands).await.accepted();
    assert_eq!((&again["results"], &again["cart"]["version"]), (&synced["results"], &synced["cart"]["version"]));
    // What comes under a key of its own, is there now.
    let new = cart.run("cartSync", json!({"commands": [add(4, "LATER")]})).await.accepted();
    assert_eq!(new["results"][0]["outcome"], "APPLIED");
}

async fn offline_commands_that_cannot_be_read_are_refused_one_by_one(shop: TestShop) {
    let cart = TestCart::create(&shop, &[]).await;
    let at = offline;
    for (commands, code, path) in [
        (json!([at(1, json!({}))]), "INVALID_INPUT", json!(["input", "commands", "0"])),
        (
            json!([at(1, json!({"noteSet": {}, "contactSet": {"email": "a@b.org"}}))]),
            "INVALID_INPUT",
            json!(["input", "commands", "0"]),
        ),
        (
            json!([at(1, json!({"linesAdd": {"lines": [{"sku": "CHK"}]}, "linesSet": {"lines": []}}))]),
            "INVALID_INPUT",
            json!(["input", "commands", "0"]),
        ),
        (
            json!([at(1, json!({"codeApply": {"code": "NOPE"}}))]),
            "UNKNOWN_DISCOUNT_CODE",
            json!(["input", "commands", "0", "codeApply", "code"]),
        ),
        (
            json!([at(1, json!({"linesAdd": {"lines": [{"sku": "CHK", "quantity": -3}]}}))]),
            "QUANTITY_OUT_OF_RANGE",
            json!(["input", "commands", "0", "linesAdd", "lines", "0", "quantity"]),
        ),
    ] {
        let synced = cart.run("cartSync", json!({"commands": commands})).await.accepted();
        let error = &synced["results"][0]["userErrors"][0];
        assert_eq!((&error["code"], &error["path"]), (&json!(code), &path));
    }
    let many: Vec<Value> = (0..51).map(|_| at(1, json!({"noteSet": {}}))).collect();
    assert_eq!(cart.run("cartSync", json!({"commands": many})).await.refused("LIMIT_EXCEEDED")["maximum"], 50);
}

async fn a_secret_ends_when_there_is_another(shop: TestShop) {
    let cart = TestCart::create(&shop, &[("CHK", 1)]).await;
    let document = "subscription($id: ID!) { cartUpdated(cartId: $id) { version } }";
    let mut stream = EventStream::open(&cart.client, document, json!({"id": cart.id})).await;
    let rotated = cart.run("cartSecretRotate", json!({})).await.accepted();
    let secret = rotated["cartSecret"].as_str().unwrap();
    assert_ne!(secret, cart.secret);
    assert_eq!((cart.read().await, cart.run("cartNoteSet", json!({})).await.codes()), (Value::Null, vec!["NOT_FOUND"]));
    assert_eq!(stream.payload().await["errors"][0]["extensions"]["code"], "NOT_FOUND", "who follows it is cut off");
    let again = TestCart { client: shop.anonymous().with_cart_secret(secret), ..cart.clone() };
    assert_eq!(held(&again.read().await), lines(&[("CHK", "", 1)]));
}

async fn an_order_is_bought_again_and_a_cart_is_copied_and_purged(shop: TestShop) {
    let engraved = json!([{"key": "engraving", "value": "Ada"}]);
    let cart = TestCart::ready(&shop, &[("CNB-A5", 2), ("WSB", 1)]).await;
    let add = json!({"lines": [{"sku": "CHK", "attributes": engraved}]});
    let _ = cart.run("cartLinesAdd", add).await.accepted();
    let placed = cart.order_manually().await.accepted();
    let order = json!({"orderId": placed["order"]["id"], "orderToken": placed["orderToken"]});
    // The only sideboard is gone.
    let again = shop.anonymous().run("orderReorder", order.clone()).await.accepted();
    assert_eq!(held(&again["cart"]), lines(&[("CNB-A5", "", 2), ("CHK", "Ada", 1)]));
    let dropped = &again["droppedLines"];
    assert_eq!((&dropped[0]["quantity"], &dropped[0]["reason"]), (&json!(1), &json!("INSUFFICIENT_STOCK")));
    let mut guess = order;
    guess["orderToken"] = json!("ot_guess");
    assert_eq!(shop.anonymous().run("orderReorder", guess).await.codes(), ["NOT_FOUND"]);

    let secret = again["cartSecret"].as_str().unwrap();
    let id = again["cart"]["id"].as_str().unwrap().to_owned();
    let cart = TestCart { client: shop.anonymous().with_cart_secret(secret), id, secret: secret.to_owned() };
    cart.complete().await;
    let copied = cart.run("cartCopy", json!({})).await.accepted();
    assert_eq!(held(&copied["cart"]), held(&cart.read().await));
    assert_ne!(copied["cart"]["id"], cart.id);
    assert_eq!((&copied["cart"]["email"], &copied["cart"]["shippingAddress"]), (&Value::Null, &Value::Null));

    let purged = cart.run("cartPurge", json!({})).await.accepted()["cart"].clone();
    assert_eq!(held(&purged), lines(&[("CNB-A5", "", 2), ("CHK", "", 1)]));
    assert_eq!(
        (&purged["email"], &purged["shippingAddress"], &purged["note"]),
        (&Value::Null, &Value::Null, &Value::Null)
    );
    assert_eq!(cart.read().await, Value::Null, "its secret opens nothing any more");
    assert_eq!(shop.staff().await.cart(&cart.id).await["email"], Value::Null);
}

async fn a_customer_buys_no_more_than_they_may(shop: TestShop) {
    let staff = shop.staff().await;
    let limit = json!({"slug": "chef-knife", "variants": [{"sku": "CHK", "maximumPerCustomer": 2}]});
    let _ = staff.run("productSave", limit).await.accepted();
    let price = amount(demo_variant("CHK").prices["EUR"] * 2);
    let ada = shop.customer("ada@example.org").await;
    let cart = TestCart::ready_by(&ada, &[("CHK", 2)]).await;
    assert_eq!(cart.read().await["cost"]["subtotal"]["amount"], price);
    let error = cart.run("cartLinesAdd", json!({"lines": [{"sku": "CHK"}]})).await.refused("LIMIT_EXCEEDED").clone();
    assert_eq!((&error["limit"], &error["bought"], &error["wanted"]), (&json!(2), &json!(0), &json!(3)));
    let second = TestCart::ready_by(&ada, &[("CHK", 1)]).await;
    let _ = cart.order_manually().await.accepted();
    let problem = second.read().await["problems"][0].clone();
    assert_eq!(
        (&problem["code"], &problem["maximum"], &problem["bought"]),
        (&json!("LIMIT_EXCEEDED"), &json!(2), &json!(2))
    );
    assert_eq!(second.order_manually().await.codes(), ["LIMIT_EXCEEDED"]);
    let other = TestCart::ready(&shop, &[("CHK", 2)]).await;
    let _ = other.order_manually().await.accepted();
}
