//! Help, configuration, schema, staff.

use std::process::Command;

use comptoir_tests::{Db, Finished, Installation, root};

use super::on_both_databases;

fn refused(finished: Finished, words: &[&str]) {
    assert_eq!(finished.code, Some(1), "{finished:#?}");
    for word in words {
        assert!(finished.stderr.contains(word), "`{word}` is not in {}", finished.stderr);
    }
    assert!(!finished.stderr.contains("panicked"), "{}", finished.stderr);
}

async fn installation() -> Installation {
    Installation::new(Db::Sqlite).await.unwrap()
}

#[tokio::test]
async fn help_tells_of_every_command() {
    let installation = installation().await;
    let help = installation.run(&["--help"]).succeeded();
    let commands: [&[&str]; 7] = [
        &["serve"],
        &["migrate"],
        &["import", "products"],
        &["reindex"],
        &["schema"],
        &["staff", "create"],
        &["config", "check"],
    ];
    for command in commands {
        assert!(help.contains(&format!("\n  {}", command[0])), "{command:?} is not in {help}");
        let own = installation.run(&[command, &["--help"]].concat()).succeeded();
        assert!(own.contains("--data") && own.contains(command.last().unwrap()), "{own}");
    }
    let serve = installation.run(&["serve", "--help"]).succeeded();
    assert!(["--demo", "--addr", "127.0.0.1:8000", "./data"].iter().all(|it| serve.contains(it)), "{serve}");
    assert_eq!(installation.run(&["--version"]).succeeded(), format!("comptoir {}\n", env!("CARGO_PKG_VERSION")));
    for wrong in
        [vec![], vec!["sell"], vec!["serve", "--port", "1"], vec!["staff", "create", "--email", "a@example.org"]]
    {
        assert_eq!(installation.run(&wrong).code, Some(2), "{wrong:?}");
    }
    assert!(std::fs::read_dir(installation.folder()).unwrap().next().is_none(), "nothing was written");
}

#[tokio::test]
async fn the_schema_is_the_file() {
    let printed = installation().await.run(&["schema"]).succeeded();
    assert!(
        printed == std::fs::read_to_string(root().join("schema.graphql")).unwrap(),
        "to update it: comptoir schema > schema.graphql"
    );
}

#[tokio::test]
async fn what_is_wrong_with_the_configuration_is_named() {
    let installation = installation().await;
    let _ = installation.run(&["config", "check"]).succeeded();
    let template = installation.run(&["config", "check", "--print"]).succeeded();
    let file = installation.write("comptoir.toml", &template);
    let _ = installation.run(&["config", "check"]).succeeded();

    for (text, words) in [
        ("adress = \"127.0.0.1:1\"", ["comptoir.toml", "adress"]),
        ("[http]\ncors = []", ["comptoir.toml", "cors"]),
        ("[shop]\ncurrency = 7", ["comptoir.toml", "string"]),
        ("[http]\nintrospection = \"yes\"", ["comptoir.toml", "boolean"]),
        ("[shop\n", ["comptoir.toml", "line 1"]),
        ("addr = \"8000\"", ["addr", "127.0.0.1:8000"]),
        ("[shop]\ncurrency = \"EURO\"", ["shop.currency", "EURO"]),
        ("[database]\nurl = \"mysql://localhost\"", ["database.url", "postgres://"]),
        ("[payment]\ntest = true", ["payment.test_webhook_secret", "16"]),
        ("secret = \"short\"", ["secret", "32 bytes"]),
        ("[log]\nfilter = \"a=b=c\"", ["log.filter", ""]),
    ] {
        std::fs::write(&file, text).unwrap();
        // The variables of this crate's commands would win over the file.
        let run = |command: &mut Command| {
            command.env_remove("COMPTOIR_LOG").env_remove("COMPTOIR_PAYMENT_TEST_WEBHOOK_SECRET");
            Finished::of(command.output().unwrap())
        };
        refused(run(&mut installation.command(&["config", "check"])), &words);
        refused(run(&mut installation.command(&["serve", "--demo"])), &words);
    }
    std::fs::remove_file(&file).unwrap();
    refused(installation.run(&["config", "check", "--config", "none.toml"]), &["none.toml"]);

    for (name, value, words) in [
        ("COMPTOIR_ADRESS", "x", ["COMPTOIR_ADRESS", "COMPTOIR_ADDR"]),
        ("COMPTOIR_CURRENCY", "eur", ["COMPTOIR_CURRENCY:", "eur"]),
        ("COMPTOIR_INTROSPECTION", "yes", ["COMPTOIR_INTROSPECTION", "true"]),
        ("COMPTOIR_ADDR", "localhost", ["COMPTOIR_ADDR:", "127.0.0.1:8000"]),
        ("MEILI_URL", "localhost:7700", ["MEILI_URL:", "http://"]),
        ("NATS_URL", "http://localhost", ["NATS_URL:", "nats://"]),
        ("COMPTOIR_SECRET", "0123456789", ["COMPTOIR_SECRET:", "32 bytes"]),
        ("COMPTOIR_LOG_FORMAT", "xml", ["COMPTOIR_LOG_FORMAT:", "json"]),
        ("COMPTOIR_LOG", "a=b=c", ["COMPTOIR_LOG:", ""]),
        ("DATABASE_URL", "postgres://clerk:pa55@localhost:high/shop", ["DATABASE_URL:", "port"]),
        ("DATABASE_URL", "sqlite::memory:", ["DATABASE_URL:", "sqlite:"]),
        ("COMPTOIR_RATE_LIMIT", "many", ["COMPTOIR_RATE_LIMIT", "whole number"]),
        ("COMPTOIR_SIGN_IN_LIMIT", "-1", ["COMPTOIR_SIGN_IN_LIMIT:", "whole number"]),
        ("COMPTOIR_ADDRESS_HEADER", "x forwarded", ["COMPTOIR_ADDRESS_HEADER:", "header"]),
        ("COMPTOIR_TRUSTED_DOCUMENTS", "none.json", ["COMPTOIR_TRUSTED_DOCUMENTS:", "none.json"]),
    ] {
        let finished = Finished::of(installation.command(&["config", "check"]).env(name, value).output().unwrap());
        assert!(!finished.stderr.contains("pa55"), "{finished:#?}");
        refused(finished, &words);
    }
    refused(installation.run(&["serve", "--addr", "localhost"]), &["--addr:"]);
    assert!(!installation.folder().join("data").exists(), "nothing was made");
}

#[tokio::test]
async fn a_database_that_cannot_be_opened_is_named_with_the_reason() {
    let installation = installation().await;
    let migrate =
        |url: &str| Finished::of(installation.command(&["migrate"]).env("DATABASE_URL", url).output().unwrap());
    // Nobody listens at this port.
    let finished = migrate("postgres://clerk:pa55@127.0.0.1:1/shop");
    assert!(!finished.stderr.contains("pa55"), "{finished:#?}");
    refused(finished, &["shop", "127.0.0.1:1", "refused"]);
    refused(migrate("sqlite:nowhere/shop.db"), &["nowhere/shop.db"]);
    std::fs::create_dir(installation.folder().join("other")).unwrap();
    let _ = migrate("sqlite:other/shop.db").succeeded();
    assert!(installation.folder().join("other/shop.db").exists());

    let named = installation.folder().join("other/a b?c#d%20e:é");
    let _ = installation.run(&["migrate", "--data", named.to_str().unwrap()]).succeeded();
    let _ = installation.run(&["migrate", "--data", "é: b?"]).succeeded();
    for folder in [named, installation.folder().join("é: b?")] {
        assert!(folder.join("comptoir.db").exists(), "{}", folder.display());
    }

    installation.write("data/secret", "");
    refused(installation.run(&["migrate"]), &["data/secret"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn migrating_again_changes_nothing() {
    on_both_databases(async |installation| {
        for _ in 0..2 {
            let _ = installation.run(&["migrate"]).succeeded();
        }
        let _server = installation.serve(&[]);
        let _ = installation.run(&["migrate"]).succeeded();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_is_created_with_permissions_that_exist() {
    on_both_databases(async |installation| {
        let create =
            |email, permission| installation.run(&["staff", "create", "--email", email, "--permission", permission]);
        refused(create("clerk@example.org", "VIEW_ORDER"), &["--permission", "VIEW_ORDER", "VIEW_ORDERS"]);
        refused(create("clerk@example.org", ""), &["--permission"]);
        refused(create("clerk@example.org", "ALL,VIEW_ORDER"), &["--permission", "`VIEW_ORDER`"]);
        assert!(!installation.folder().join("data").exists(), "nothing was made");
        refused(create("clerk", "ALL"), &["--email", "e-mail"]);
        let printed = create("clerk@example.org", "VIEW_ORDERS,MANAGE_STOCK").succeeded();
        let word = |label: &str| printed.lines().find_map(|it| it.strip_prefix(label)).unwrap().trim().to_owned();
        refused(create("Clerk@Example.org", "ALL"), &["--email", "already"]);

        let arguments = ["staff", "create", "--email", "owner@example.org", "--permission", "ALL", "--password-stdin"];
        refused(installation.run_with_input(&arguments, "short\n"), &["8"]);
        let _ = installation.run_with_input(&arguments, "long enough, with spaces \n").succeeded();

        let server = installation.serve(&[]);
        let client = comptoir_tests::Client::new(&server.url);
        let viewer = "{ viewer { permissions } }";
        let seen = client.with_token(&word("Token")).query(viewer, serde_json::json!({})).await;
        assert_eq!(seen["viewer"]["permissions"], serde_json::json!(["MANAGE_STOCK", "VIEW_ORDERS"]));
        for (email, password, is_right) in [
            ("clerk@example.org", word("Password").as_str(), true),
            ("owner@example.org", "long enough, with spaces ", true),
            ("owner@example.org", "long enough, with spaces", false),
            ("demo@comptoir.example", "comptoir-demo", false),
        ] {
            let payload = client.run("staffSignIn", serde_json::json!({"email": email, "password": password})).await;
            assert_eq!(payload.codes().is_empty(), is_right, "{email} {password}: {payload:?}");
            assert_eq!(payload.0["accessToken"].is_string(), is_right);
        }
    })
    .await;
}
