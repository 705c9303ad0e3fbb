//! The command line.

mod config;
mod import;
mod serve;

use comptoir_tests::{Db, Installation};

/// Runs `test` on an empty installation of each kind of database.
async fn on_both_databases(test: impl AsyncFn(Installation)) {
    for db in [Db::Sqlite, Db::Postgres] {
        if let Some(installation) = Installation::new(db).await {
            test(installation).await;
        }
    }
}
