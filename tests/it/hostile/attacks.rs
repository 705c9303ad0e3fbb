//! The attacks: known ones of the field, and others that multiply what a small request makes a server do.

use serde_json::{Value, json};

/// A request, and the codes that may refuse it.
pub(super) struct Attack {
    pub(super) name: &'static str,
    pub(super) body: String,
    pub(super) codes: &'static [&'static str],
}

const LIMIT: &[&str] = &["LIMIT_EXCEEDED"];
const LENGTH: &[&str] = &["LIMIT_EXCEEDED", "PAYLOAD_TOO_LARGE"];
const INVALID: &[&str] = &["GRAPHQL_VALIDATION_FAILED", "GRAPHQL_PARSE_FAILED", "BAD_USER_INPUT"];

/// All attacks.
pub(super) fn attacks() -> Vec<Attack> {
    let mut all = Vec::new();
    all.extend(shapes());
    all.extend(lengths());
    all.extend(multipliers());
    all.extend(values());
    all
}

fn document(name: &'static str, query: impl Into<String>, codes: &'static [&'static str]) -> Attack {
    with_variables(name, query, json!({}), codes)
}

fn with_variables(
    name: &'static str,
    query: impl Into<String>,
    variables: Value,
    codes: &'static [&'static str],
) -> Attack {
    let query: String = query.into();
    Attack { name, body: json!({"query": query, "variables": variables}).to_string(), codes }
}

fn each(count: usize, text: impl Fn(usize) -> String) -> String {
    (0..count).map(text).collect()
}

/// `text` in so many pairs of brackets.
fn nested(levels: usize, open: &str, text: &str, close: &str) -> String {
    format!("{}{text}{}", open.repeat(levels), close.repeat(levels))
}

/// Deep documents, and those that go in circles.
fn shapes() -> Vec<Attack> {
    let json_lists = nested(100_000, "[", "", "]");
    let deep_variable = format!("{{\"query\": \"{{ __typename }}\", \"variables\": {{\"a\": {json_lists}}}}}");
    vec![
        document("2,000 nested lists", format!("{{ product(slug: {}) {{ id }} }}", nested(2_000, "[", "", "]")), LIMIT),
        document("2,000 nested objects", format!("{{ a(b: {}) }}", nested(2_000, "{a:", "1", "}")), LIMIT),
        document("2,000 nested lists behind quotes", format!("{{ a(b: [\"\"\"\" {} ]) }}", "[".repeat(2_000)), LIMIT),
        document("a document 1,000 deep", nested(1_000, "{a", "", "}"), LIMIT),
        document("inline fragments 1,000 deep", format!("{{ {} }}", nested(1_000, "...{", "a", "}")), LIMIT),
        document("a type 1,000 deep", format!("query($a: {}) {{ a }}", nested(1_000, "[", "Int", "]")), LIMIT),
        Attack { name: "a variable 100,000 deep", body: deep_variable, codes: &["BAD_REQUEST"] },
        document("a cycle of fragments", "{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }", INVALID),
        document(
            "a fragment of itself",
            "{ viewer { staffId } } fragment a on Query { viewer { staffId } ...a }",
            INVALID,
        ),
        document(
            "a chain of 800 fragments",
            format!("{{ ...f0 }} {}", each(800, |n| format!("fragment f{n} on Query {{ ...f{} }} ", n + 1))),
            LIMIT,
        ),
        document(
            "introspection in circles",
            format!("{{ __schema {{ types {{ {} }} }} }}", nested(6, "possibleTypes { interfaces {", "name", "} }")),
            LIMIT,
        ),
    ]
}

/// Long documents, and many of them.
fn lengths() -> Vec<Attack> {
    let long = |bytes: usize| "x".repeat(bytes);
    vec![
        document(
            "5 MB of directives",
            format!("{{ viewer {} {{ staffId }} }}", "@skip(if: false) ".repeat(300_000)),
            LENGTH,
        ),
        document("30 KB of directives", format!("{{ viewer {} {{ staffId }} }}", "@a ".repeat(10_000)), LIMIT),
        document(
            "a block string of 1 MB",
            format!("{{ product(slug: \"\"\"{}\"\"\") {{ id }} }}", long(1_000_000)),
            LIMIT,
        ),
        document("a name of 30 KB", format!("{{ {} }}", long(30_000)), INVALID),
        document("a fragment's name of 15 KB", format!("{{ ...{} }}", long(15_000)), INVALID),
        document(
            "a number of 30 KB",
            format!("{{ products(first: {}) {{ totalCount }} }}", "9".repeat(30_000)),
            INVALID,
        ),
        document("10,000 variables", format!("query({}) {{ a }}", each(10_000, |n| format!("$a{n}: Int "))), LIMIT),
        document(
            "2,000 variables",
            format!("query({}) {{ viewer {{ staffId }} }}", each(2_000, |n| format!("$a{n}:Int "))),
            INVALID,
        ),
        document("1,500 operations", "query { __typename }".repeat(1_500), INVALID),
        document(
            "600 unused fragments",
            format!("{{ __typename }} {}", each(600, |n| format!("fragment f{n} on Query{{__typename}} "))),
            INVALID,
        ),
        document(
            "6,000 literals",
            format!("{{ products(filter: {{{}}}) {{ totalCount }} }}", "a:1,".repeat(6_000)),
            INVALID,
        ),
        Attack {
            name: "a batch of 1,000",
            body: json!(vec![json!({"query": "{ __typename }"}); 1_000]).to_string(),
            codes: LIMIT,
        },
    ]
}

/// Documents that are more than they seem.
fn multipliers() -> Vec<Attack> {
    let bomb = |levels: usize, spreads: usize| {
        let fragment =
            |n: usize| format!("fragment f{n} on Query {{ {} }} ", format!("...f{} ", n + 1).repeat(spreads));
        format!("{{ ...f0 }} {} fragment f{levels} on Query {{ __typename }}", each(levels, fragment))
    };
    let list = "products(first: 100) { nodes { variants(first: 100) { nodes { id sku title } } } }";
    vec![
        document("2^24 fragment spreads", bomb(24, 2), LIMIT),
        document("50^8 fragment spreads", bomb(8, 50), LIMIT),
        document("2^24 spreads that nothing uses", bomb(24, 2).replacen("...f0", "__typename", 1), LIMIT),
        document("10,000 aliases", format!("{{ {} }}", each(10_000, |n| format!("a{n}:viewer{{staffId}} "))), LIMIT),
        document("1,000 aliases", format!("{{ viewer {{ {} }} }}", each(1_000, |n| format!("a{n}:staffId "))), LIMIT),
        document("400 overlapping fields", format!("{{ {} }}", "viewer { staffId } ".repeat(400)), LIMIT),
        document("400 overlapping fields within", format!("{{ viewer {{ {} }} }}", "staffId ".repeat(400)), LIMIT),
        document(
            "1,000 times __type",
            format!("{{ {} }}", each(1_000, |n| format!("a{n}:__type(name:\"Query\"){{name}} "))),
            LIMIT,
        ),
        document("20 lists of 10,000", format!("{{ {} }}", each(20, |n| format!("a{n}: {list} "))), LIMIT),
        document("a page of 2 billion", "{ products(first: 2147483647) { nodes { id } } }", LIMIT),
    ]
}

/// Variables that are large, or often used.
fn values() -> Vec<Attack> {
    let entities = "query($r: [_Any!]!) { _entities(representations: $r) { __typename } }";
    let ids = vec![json!("x"); 200_000];
    let keys: serde_json::Map<_, _> = (0..60_000).map(|n| (format!("k{n}"), json!(1))).collect();
    let twenty = |field: &str| each(20, |n| format!("a{n}: {field} "));
    let representation = json!({"__typename": "Product", "id": "prod_x"});
    let carts = format!("mutation($i: CartCreateInput!) {{ {} }}", twenty("cartCreate(input: $i) { cart { id } }"));
    let lines = vec![json!({"variantId": "var_x", "quantity": 1}); 10_000];
    vec![
        with_variables("200,000 ids", "query($i: [ID!]!) { nodes(ids: $i) { id } }", json!({"i": ids}), LIMIT),
        with_variables("100,000 representations", entities, json!({"r": vec![json!(1); 100_000]}), LIMIT),
        with_variables("1,001 representations", entities, json!({"r": vec![representation.clone(); 1_001]}), LIMIT),
        with_variables(
            "1,000 representations, 20 times",
            format!("query($r: [_Any!]!) {{ {} }}", twenty("_entities(representations: $r) { __typename }")),
            json!({"r": vec![representation; 1_000]}),
            LIMIT,
        ),
        with_variables(
            "a list of 200,000, used 60 times",
            format!(
                "query($f: ProductFilterInput) {{ products {{ nodes {{ {} }} }} }}",
                "variants(first: $f) { __typename } ".repeat(60)
            ),
            json!({"f": {"brand": ids}}),
            LIMIT,
        ),
        with_variables(
            "an object of 60,000 keys, used 20 times",
            format!("query($f: ProductFilterInput) {{ {} }}", twenty("products(filter: $f) { totalCount }")),
            json!({"f": keys}),
            LIMIT,
        ),
        with_variables("20 carts of 10,000 lines", carts, json!({"i": {"currency": "EUR", "lines": lines}}), LIMIT),
        with_variables(
            "a text of 900 KB, used 60 times",
            format!("query($t: String) {{ products {{ nodes {{ {} }} }} }}", "id(a: $t) ".repeat(60)),
            json!({"t": "x".repeat(900_000)}),
            LIMIT,
        ),
    ]
}
