//! `tests/load`: what an operation costs. Starts the release binary on a catalog of 10,000 variants, sends it one kind of
//! operation after another, and prints how many it answers, how fast, and for how much processor time and memory.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "what is not there ends the run")]

mod catalog;
mod process;
mod scenario;
mod sink;
mod sockets;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use clap::Parser;
use comptoir_tests::{Client, Db, Installation, Server, eventually};
use serde_json::{Value, json};

use self::{catalog::VARIANTS, process::Process, scenario::Scenario, sink::Sink};

/// Measures what operations cost.
#[derive(Parser)]
struct Arguments {
    /// `sqlite`, `postgres`, or both one after the other.
    #[arg(long, value_delimiter = ',', default_value = "sqlite,postgres")]
    database: Vec<String>,
    /// How many clients ask at once.
    #[arg(long, default_value_t = 16)]
    concurrency: usize,
    /// How long each kind of operation is measured.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=600))]
    seconds: u64,
    /// Only the kinds whose names contain this.
    #[arg(long, default_value = "")]
    only: String,
    /// How many promotions run meanwhile, of four kinds; 0: none.
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=200))]
    promotions: u32,
    /// How many sockets listen at once, after all else; 0: none.
    #[arg(long, default_value_t = 2_000)]
    sockets: usize,
}

#[tokio::main]
async fn main() {
    let arguments = Arguments::parse();
    for database in &arguments.database {
        let db = match database.as_str() {
            "sqlite" => Db::Sqlite,
            "postgres" => Db::Postgres,
            other => panic!("--database: `{other}` is neither `sqlite` nor `postgres`"),
        };
        let Some(installation) = Installation::new(db).await else { continue };
        measure(&arguments, database, &installation).await;
    }
}

/// Loads the catalog, and measures one kind of operation after another.
async fn measure(arguments: &Arguments, database: &str, installation: &Installation) {
    let file = installation.write("catalog.csv", catalog::csv());
    let began = Instant::now();
    let imported = installation.run(&["import", "products", file.to_str().unwrap()]);
    assert_eq!(imported.code, Some(0), "{imported:#?}");
    let server = installation.serve_with(&[], &[("COMPTOIR_PAYMENT_TEST", "true")]);
    let process = Process(server.id());
    let client = Client::new(&server.url);
    prepare(installation, &client, arguments.promotions).await;
    println!("\n{database}: {VARIANTS} variants loaded and searchable after {:.1} s", began.elapsed().as_secs_f64());
    println!(
        "{} clients, {} s for each kind, {} promotions; processor time and memory are the server's",
        arguments.concurrency, arguments.seconds, arguments.promotions
    );
    println!(
        "{:<16} {:>8} {:>9} {:>9} {:>9} {:>12} {:>9}",
        "", "1/s", "p50 ms", "p95 ms", "p99 ms", "CPU s/1000", "peak MiB"
    );
    for scenario in Scenario::ALL.into_iter().filter(|it| it.name().contains(&arguments.only)) {
        let sink = run(arguments, scenario, &server, &process).await;
        println!("{}", sink.row(scenario.name()));
    }
    if 0 < arguments.sockets {
        sockets::measure(server, arguments.sockets).await;
    }
}

/// What orders need beside products, and a search that has them all.
async fn prepare(installation: &Installation, client: &Client, promotions: u32) {
    let created = installation.run_with_input(
        &["staff", "create", "--email", "load@example.org", "--password-stdin", "--permission", "ALL"],
        "load and measure\n",
    );
    assert_eq!(created.code, Some(0), "{created:#?}");
    let input = json!({"email": "load@example.org", "password": "load and measure"});
    let signed_in = client.run("staffSignIn", input).await.accepted();
    let staff = client.with_token(signed_in["accessToken"].as_str().unwrap());
    let method = json!({
        "code": "standard", "kind": "SHIP", "name": [{"language": "en", "text": "Standard"}], "countries": ["FR"],
        "prices": [{"amount": "4.90", "currency": "EUR"}],
    });
    let _ = staff.run("deliveryMethodSave", method).await.accepted();
    for n in 0..promotions {
        let created = staff.run("promotionCreate", promotion(n)).await.accepted();
        assert_eq!(created["promotion"]["state"], "ACTIVE");
    }
    eventually("all products to be searched", async || {
        let found = client.execute("{ search { totalCount } }", json!({})).await.body;
        (found["data"]["search"]["totalCount"] == catalog::PRODUCTS).then_some(())
    })
    .await;
}

/// The `n`-th promotion, which all carts in euros are looked at for.
fn promotion(n: u32) -> Value {
    let eur = |euros: u32| json!([{"amount": format!("{euros}.00"), "currency": "EUR"}]);
    let spent = json!({"subtotal": {"amounts": eur(10 + 10 * n)}});
    let (name, percent) = (format!("Promotion {n}"), format!("{}", 1 + n % 20));
    match n % 4 {
        0 => json!({"name": name, "condition": {"all": [spent, {"channels": ["web"]}]},
            "actions": [{"percentage": {"target": {"order": {}}, "percent": percent}}]}),
        1 => {
            json!({"name": name, "actions": [{"percentage": {"target": {"lines": {"brands": ["Mistral", "Armor"]}}, "percent": percent}}]})
        }
        2 => json!({"name": name, "actions": [{"tieredQuantity": {"target": {"lines": {}},
            "tiers": [{"from": 3 + n, "benefit": {"percent": percent}}]}}]}),
        _ => json!({"name": name, "condition": spent, "actions": [{"deliveryPrice": {"prices": eur(0)}}]}),
    }
}

/// Runs one kind of operation: a warm-up that does not count, then for as long as it was asked for.
async fn run(arguments: &Arguments, scenario: Scenario, server: &Server, process: &Process) -> Sink {
    let seconds = Duration::from_secs(arguments.seconds);
    let _ = clients(arguments.concurrency, scenario, server, (seconds / 5).min(Duration::from_secs(2))).await;
    process.forget_peak();
    let (cpu, began) = (process.cpu(), Instant::now());
    let mut sink = clients(arguments.concurrency, scenario, server, seconds).await;
    sink.took(began.elapsed(), process.cpu() - cpu, process.peak_bytes());
    sink
}

/// Lets so many clients run `scenario` for `time`.
async fn clients(count: usize, scenario: Scenario, server: &Server, time: Duration) -> Sink {
    let url = Arc::new(server.url.clone());
    let deadline = Instant::now() + time;
    let tasks: Vec<_> = (0..count)
        .map(|number| {
            let url = Arc::clone(&url);
            tokio::spawn(async move { scenario.repeat(&Client::new(&url), number, deadline).await })
        })
        .collect();
    let mut sink = Sink::default();
    for task in tasks {
        sink.merge(task.await.unwrap());
    }
    sink
}
