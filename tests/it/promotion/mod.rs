//! Promotions, as staff sets them up over the wire.

mod refused;

use comptoir_tests::{Client, TestShop, both_databases};
use serde_json::{Map, Value, json};

use crate::statements::cost;

both_databases! {
    what_was_written_is_read_and_can_be_written_again,
    a_promotion_lives_from_its_schedule_to_its_end,
    groups_are_a_tree_that_is_emptied_before_it_goes,
    lists_take_as_many_statements_for_many_as_for_few,
}

/// A promotion's fields: all that can be written.
fn fields() -> String {
    let money = "{amount currency}";
    let fields = "productIds variantIds collectionIds brands attributes{key value} isReduced";
    let all_items = format!("items{{{fields} except{{productIds}}}}");
    let items = "items{productIds}";
    let target = "target{lines{productIds} order{productIds} delivery}";
    let amounts = format!("amounts{money}");
    let prices = format!("prices{money}");
    let cap = format!("cap{{{amounts} units unitsPerLine}}");
    let deal = "deal{choice maxOccurrences mayShareUnits}";
    let (slot, benefit) = (format!("{{{items} quantity}}"), format!("benefit{{percent {amounts} {prices}}}"));
    let tier = format!("benefit{{percent {amounts}}}");
    format!(
        "{{id version name state isPaused startsAt endsAt priority group{{id name}} combination basis
           conditions{{path parent operator subtotal{{{all_items} comparison {amounts}}} quantity{{{all_items} comparison count}}
             lineQuantity{{{all_items} comparison count}} products{{values quantifier}} variants{{values quantifier}}
             collections{{values quantifier}} attributes{{values{{key value}} quantifier}} brands{{values quantifier}}
             customerGroups segments loyaltyTiers firstOrder channels markets locations devices liveShows
             timeWindow{{startsAt endsAt}} daypart{{timeZone weekdays hours{{from until}}}}
             fulfillmentKinds paymentMeans code}}
           actions{{percentage{{{target} percent {cap}}} fixedAmount{{{target} {amounts} spread {cap}}}
             unitPrice{{{items} {prices} {cap}}} bundlePrice{{slots{slot} {prices} {deal} {cap}}}
             nthItem{{{items} nth {benefit} {deal} {cap}}} buyGet{{buy{slot} get{slot} {benefit} {deal} {cap}}}
             tieredSpend{{{target} tiers{{from{money} {tier}}} {cap}}} tieredQuantity{{{target} tiers{{from {tier}}} {cap}}}
             gift{{variantId quantity offer}} deliveryPrice{{methods {prices} {cap}}} pointsMultiplier{{{items} factor}}}}
           createdAt updatedAt}}"
    )
}

/// The promotion of an id, with all of its fields.
async fn read(staff: &Client, id: &Value) -> Value {
    let document = format!("query($id: ID!) {{ promotion(id: $id) {} }}", fields());
    staff.query(&document, json!({"id": id})).await["promotion"].clone()
}

/// What is not null: the input has the same names.
fn written(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let known = fields.iter().filter(|(_, it)| !it.is_null());
            Value::Object(known.map(|(name, it)| (name.clone(), written(it))).collect::<Map<_, _>>())
        }
        Value::Array(values) => values.iter().map(written).collect(),
        other => other.clone(),
    }
}

/// The tree of a flat list of conditions, as it is written.
fn tree(nodes: &[Value], place: usize) -> Value {
    let node = &nodes[place];
    let Some(operator) = node["operator"].as_str() else {
        let mut fact = written(node);
        for field in ["path", "parent"] {
            fact.as_object_mut().unwrap().remove(field);
        }
        return fact;
    };
    let below = (0..nodes.len()).filter(|it| nodes[*it]["parent"] == json!(place));
    json!({operator.to_lowercase(): below.map(|it| tree(nodes, it)).collect::<Vec<_>>()})
}

fn eur(amount: &str) -> Value {
    json!([{"amount": amount, "currency": "EUR"}])
}

/// A promotion with this action.
fn doing(action: Value) -> Value {
    json!({"name": "Test", "actions": [action]})
}

fn ten_off() -> Value {
    json!({"percentage": {"target": {"order": {}}, "percent": "10"}})
}

async fn create(staff: &Client, input: Value) -> Value {
    staff.run("promotionCreate", input).await.accepted()["promotion"].clone()
}

async fn count(staff: &Client) -> usize {
    let found = staff.query("{ promotions(first: 100) { nodes { id version } } }", json!({})).await;
    found["promotions"]["nodes"].as_array().unwrap().len()
}

/// Things that are in the shop.
async fn things(shop: &TestShop) -> [Value; 4] {
    let document = "{ product(slug: \"oak-stool\") { id variants(first: 1) { nodes { id } } }
        collection(slug: \"linen\") { id } locations(first: 1) { nodes { id } } }";
    let found = shop.anonymous().query(document, json!({})).await;
    [
        found["product"]["id"].clone(),
        found["product"]["variants"]["nodes"][0]["id"].clone(),
        found["collection"]["id"].clone(),
        found["locations"]["nodes"][0]["id"].clone(),
    ]
}

/// Everything that a condition can ask.
fn every_condition([product, variant, collection, location]: &[Value; 4], customers: &Value) -> Value {
    let oak = json!([{"key": "material", "value": "Oak"}]);
    json!({"all": [
        {"subtotal": {"items": {"collectionIds": [collection], "isReduced": false, "except": {"productIds": [product]}},
            "comparison": "AT_LEAST", "amounts": eur("60.00")}},
        {"quantity": {"items": {"variantIds": [variant]}, "comparison": "AT_MOST", "count": 9}},
        {"any": [
            {"lineQuantity": {"items": {"brands": ["Aarti"], "attributes": oak}, "comparison": "EQUAL", "count": 2}},
            {"products": {"values": [product], "quantifier": "ALL"}},
            {"variants": {"values": [variant], "quantifier": "ANY"}},
            {"collections": {"values": [collection], "quantifier": "ANY"}},
            {"attributes": {"values": oak, "quantifier": "ANY"}},
            {"brands": {"values": ["Aarti"], "quantifier": "ANY"}},
            {"customerGroups": [customers]},
            {"segments": ["seg_01h455vb4pex5vsknk084sn02q"]},
            {"loyaltyTiers": ["tier_01h455vb4pex5vsknk084sn02q"]},
            {"liveShows": ["show_01h455vb4pex5vsknk084sn02q"]},
        ]},
        {"none": [{"firstOrder": true}, {"devices": ["KIOSK"]}, {"paymentMeans": ["cash"]}]},
        {"channels": ["web", "app"]},
        {"markets": ["europe"]},
        {"any": [{"locations": [location]}, {"fulfillmentKinds": ["PICKUP"]}, {"code": true}]},
        {"timeWindow": {"startsAt": "2026-01-01T00:00:00Z"}},
        {"daypart": {"timeZone": "Europe/Paris", "weekdays": ["FRIDAY"], "hours": {"from": "18:30", "until": "02:00"}}},
    ]})
}

/// Everything that a promotion can do, but no more than ten things.
fn every_action([product, variant, _, _]: &[Value; 4]) -> [Value; 11] {
    let deal = json!({"choice": "DEAREST", "maxOccurrences": 2, "mayShareUnits": true});
    let slot = json!({"items": {"productIds": [product]}, "quantity": 2});
    let cap = json!({"amounts": eur("20.00"), "units": 4});
    [
        json!({"percentage": {"target": {"lines": {}}, "percent": "12.5", "cap": {"unitsPerLine": 1}}}),
        json!({"fixedAmount": {"target": {"delivery": ["express"]}, "amounts": eur("2.00"), "spread": "PER_UNIT"}}),
        json!({"unitPrice": {"items": {"productIds": [product]}, "prices": eur("5.00"), "cap": cap}}),
        json!({"bundlePrice": {"slots": [slot], "prices": eur("15.00"), "deal": deal}}),
        json!({"nthItem": {"items": {}, "nth": 2, "benefit": {"amounts": eur("1.00")}, "deal": deal}}),
        json!({"buyGet": {"buy": slot, "get": slot, "benefit": {"prices": eur("1.00")}, "deal": deal, "cap": cap}}),
        json!({"tieredSpend": {"target": {"order": {}}, "tiers": [
            {"from": eur("0.00"), "benefit": {"percent": "5"}}, {"from": eur("50.00"), "benefit": {"amounts": eur("9.00")}}]}}),
        json!({"tieredQuantity": {"target": {"lines": {}}, "tiers": [{"from": 3, "benefit": {"percent": "5"}}]}}),
        json!({"gift": {"variantId": variant, "quantity": 2, "offer": "OFFERED"}}),
        json!({"deliveryPrice": {"methods": ["express"], "prices": eur("0.00")}}),
        json!({"pointsMultiplier": {"items": {}, "factor": "2.5"}}),
    ]
}

/// Leaves out the lists that are empty, which is what they are where nothing was written.
fn without_empty(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let kept = fields.iter().filter(|(name, it)| **it != json!([]) || *name == "delivery");
            Value::Object(kept.map(|(name, it)| (name.clone(), without_empty(it))).collect())
        }
        Value::Array(values) => values.iter().map(without_empty).collect(),
        other => other.clone(),
    }
}

async fn what_was_written_is_read_and_can_be_written_again(shop: TestShop) {
    let staff = shop.staff().await;
    let things = things(&shop).await;
    let group = staff.run("promotionGroupSave", json!({"name": "Offers", "mode": "BEST"})).await.accepted();
    let group = group["promotionGroup"]["id"].clone();
    let customers = staff.run("customerGroupSave", json!({"name": "Trade"})).await.accepted();
    let customers = customers["customerGroup"]["id"].clone();
    let actions = every_action(&things);
    for part in [&actions[..6], &actions[6..]] {
        let input = json!({"name": "Été 🌞", "isPaused": true, "startsAt": "2026-06-01T00:00:00Z", "priority": -3,
            "endsAt": "2999-06-01T00:00:00Z", "groupId": group, "combination": "EXCLUSIVE", "basis": "ORIGINAL",
            "condition": every_condition(&things, &customers), "actions": part});
        let created = create(&staff, input.clone()).await;
        let seen = read(&staff, &created["id"]).await;
        assert_eq!((&seen["version"], &seen["state"]), (&json!(1), &json!("PAUSED")));
        assert_eq!(seen["group"], json!({"id": group, "name": "Offers"}));
        for field in ["name", "isPaused", "startsAt", "endsAt", "priority", "combination", "basis"] {
            assert_eq!(seen[field], input[field], "{field}");
        }
        let nodes = seen["conditions"].as_array().unwrap();
        let condition = tree(nodes, 0);
        assert_eq!(without_empty(&condition), input["condition"]);
        assert_eq!(nodes[0]["path"], "condition.all");
        let subtotal = nodes.iter().find(|it| !it["subtotal"].is_null()).unwrap();
        assert_eq!(subtotal["path"], "condition.all[0].subtotal");
        let echoed = written(&seen["actions"]);
        assert_eq!(without_empty(&echoed), input["actions"]);
        // What was read is what it is already.
        let again = json!({"promotionId": created["id"], "condition": condition, "actions": echoed});
        let again = staff.run("promotionUpdate", again).await.accepted();
        assert_eq!(again["promotion"], created);
    }
}

async fn a_promotion_lives_from_its_schedule_to_its_end(shop: TestShop) {
    let staff = shop.staff().await;
    let created = create(&staff, doing(ten_off())).await;
    let id = &created["id"];
    let usual = json!([1, "ACTIVE", false, null, null, 0, null, "COMMON", "RUNNING"]);
    let keys = ["version", "state", "isPaused", "startsAt", "endsAt", "priority", "group", "combination", "basis"];
    assert_eq!(keys.iter().map(|it| created[it].clone()).collect::<Value>(), usual);

    let run = async |command: &str, input: Value| {
        let mut input = input;
        input["promotionId"] = id.clone();
        staff.run(command, input).await
    };
    let later = json!({"startsAt": "2990-01-01T00:00:00Z", "expectedVersion": 1});
    for (command, input, state, version) in [
        ("promotionSchedule", later.clone(), "SCHEDULED", 2),
        ("promotionPause", json!({}), "PAUSED", 3),
        ("promotionPause", json!({}), "PAUSED", 3),
        ("promotionResume", json!({"expectedVersion": 3}), "SCHEDULED", 4),
        ("promotionSchedule", json!({"endsAt": "2026-01-01T00:00:00Z"}), "ENDED", 5),
        ("promotionUpdate", json!({"endsAt": null, "priority": 7}), "ACTIVE", 6),
        ("promotionUpdate", json!({"name": "Renamed"}), "ACTIVE", 7),
    ] {
        let promotion = run(command, input).await.accepted()["promotion"].clone();
        assert_eq!((&promotion["state"], &promotion["version"]), (&json!(state), &json!(version)), "{command}");
        let found = staff
            .query(
                "query($state: PromotionState) { promotions(state: $state) { nodes { name } } }",
                json!({"state": state}),
            )
            .await;
        assert_eq!(found["promotions"]["nodes"], json!([{"name": promotion["name"]}]), "{state}");
    }

    // What was seen before does not count any more, and the client is told what does.
    let outdated = run("promotionUpdate", json!({"name": "Mine", "expectedVersion": 6})).await;
    let error = outdated.refused("VERSION_CONFLICT");
    assert_eq!((&error["currentVersion"], &error["path"]), (&json!(7), &json!(["input", "expectedVersion"])));
    assert_eq!(outdated.0["promotion"]["name"], "Renamed");

    let copy = run("promotionDuplicate", json!({})).await.accepted()["promotion"].clone();
    assert_eq!(
        (&copy["name"], &copy["state"], &copy["version"]),
        (&json!("Copy of Renamed"), &json!("PAUSED"), &json!(1))
    );
    assert_eq!((&copy["priority"], copy["id"] == *id), (&json!(7), false));
    assert_eq!(read(&staff, &copy["id"]).await["actions"], read(&staff, id).await["actions"]);

    assert_eq!(
        run("promotionDelete", json!({"expectedVersion": 6})).await.refused("VERSION_CONFLICT")["currentVersion"],
        7
    );
    assert_eq!(run("promotionDelete", json!({})).await.accepted()["deletedId"], *id);
    assert_eq!(read(&staff, id).await, Value::Null);
    for command in ["promotionUpdate", "promotionSchedule", "promotionPause", "promotionDuplicate", "promotionDelete"] {
        assert_eq!(
            run(command, json!({})).await.refused("NOT_FOUND")["path"],
            json!(["input", "promotionId"]),
            "{command}"
        );
    }
}

async fn groups_are_a_tree_that_is_emptied_before_it_goes(shop: TestShop) {
    let staff = shop.staff().await;
    let save = async |input: Value| staff.run("promotionGroupSave", input).await;
    let outer = save(json!({"name": "Outer", "mode": "STACK"})).await.accepted()["promotionGroup"].clone();
    let inner = json!({"name": "Inner", "mode": "STACK", "parentId": outer["id"], "priority": 2});
    let inner = save(inner).await.accepted()["promotionGroup"].clone();
    assert_eq!(inner["parent"]["id"], outer["id"]);
    let mut always = doing(ten_off());
    always["groupId"] = inner["id"].clone();
    always["combination"] = json!("ALWAYS");
    let promotion = create(&staff, always).await;

    for (input, code, field) in [
        (
            json!({"groupId": outer["id"], "name": "Outer", "mode": "STACK", "parentId": inner["id"]}),
            "INVALID_INPUT",
            "parentId",
        ),
        (json!({"groupId": outer["id"], "name": "Outer", "mode": "BEST"}), "INVALID_INPUT", "mode"),
        (json!({"name": "", "mode": "BEST"}), "INVALID_INPUT", "name"),
        (
            json!({"name": "New", "mode": "BEST", "parentId": "pgroup_01h455vb4pex5vsknk084sn02q"}),
            "NOT_FOUND",
            "parentId",
        ),
        (json!({"name": "New", "mode": "BEST", "parentId": outer["name"]}), "INVALID_ID", "parentId"),
        (
            json!({"groupId": "pgroup_01h455vb4pex5vsknk084sn02q", "name": "New", "mode": "BEST"}),
            "NOT_FOUND",
            "groupId",
        ),
    ] {
        assert_eq!(save(input.clone()).await.refused(code)["path"], json!(["input", field]), "{input}");
    }
    let found = staff.query("{ promotionGroups { nodes { name mode } } }", json!({})).await;
    let expected = json!([{"name": "Outer", "mode": "STACK"}, {"name": "Inner", "mode": "STACK"}]);
    assert_eq!(found["promotionGroups"]["nodes"], expected);

    let delete = async |group: &Value| staff.run("promotionGroupDelete", json!({"groupId": group["id"]})).await;
    for group in [&outer, &inner] {
        assert_eq!(delete(group).await.refused("INVALID_INPUT")["path"], json!(["input", "groupId"]));
    }
    let left = json!({"promotionId": promotion["id"], "groupId": null});
    assert_eq!(staff.run("promotionUpdate", left).await.accepted()["promotion"]["group"], Value::Null);
    for group in [&inner, &outer] {
        assert_eq!(delete(group).await.accepted()["deletedId"], group["id"]);
    }
    let _ = delete(&outer).await.refused("NOT_FOUND");
}

async fn lists_take_as_many_statements_for_many_as_for_few(shop: TestShop) {
    let staff = shop.staff().await;
    let group = staff.run("promotionGroupSave", json!({"name": "Offers", "mode": "BEST"})).await.accepted();
    for _ in 0..12 {
        let mut input = doing(ten_off());
        input["groupId"] = group["promotionGroup"]["id"].clone();
        input["budget"] = json!({"uses": 9});
        create(&staff, input).await;
    }
    let document = "query($first: Int!) { promotions(first: $first) { nodes { id name state group { name } conditions { path } budgetUse { uses } } } }";
    let one = cost(&staff, document, &json!({"first": 1})).await;
    assert!((1..=6).contains(&one), "{one}");
    assert_eq!(cost(&staff, document, &json!({"first": 12})).await, one);
    // A page of them goes on where it ended, newest first.
    let document = "query($after: String) { promotions(first: 5, after: $after) { nodes { id } pageInfo { endCursor hasNextPage } } }";
    let (mut seen, mut after) = (Vec::new(), Value::Null);
    for has_next in [true, true, false] {
        let page = staff.query(document, json!({"after": after})).await["promotions"].clone();
        seen.extend(page["nodes"].as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap().to_owned()));
        after = page["pageInfo"]["endCursor"].clone();
        assert_eq!(page["pageInfo"]["hasNextPage"], has_next);
    }
    let mut sorted = seen.clone();
    sorted.sort_by(|a, b| b.cmp(a));
    assert_eq!((seen.len(), &seen), (12, &sorted));
}
