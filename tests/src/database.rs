//! The databases a test runs on.

use std::thread;

use sea_orm::{ConnectionTrait as _, Database, DatabaseConnection};

use crate::new_key;

/// Where the PostgreSQL server is named on which tests create databases.
const POSTGRES_VARIABLE: &str = "COMPTOIR_TEST_POSTGRES_URL";

/// A kind of database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Db {
    /// A file among the server's own.
    Sqlite,
    /// A new database on the server that `COMPTOIR_TEST_POSTGRES_URL` names.
    Postgres,
}

/// A PostgreSQL database of one test, which is gone after it.
pub(crate) struct PostgresDatabase {
    server: String,
    name: String,
}

impl PostgresDatabase {
    /// Creates a database; `None`, said aloud, where no server is named.
    pub(crate) async fn create() -> Option<Self> {
        let Some(server) = std::env::var_os(POSTGRES_VARIABLE) else {
            eprintln!("SKIPPED: PostgreSQL: {POSTGRES_VARIABLE} is not set");
            return None;
        };
        let server = server.into_string().unwrap();
        let name = format!("comptoir_test_{}", new_key().replace('-', ""));
        connect(&server).await.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
        Some(Self { server, name })
    }

    /// What `DATABASE_URL` says.
    pub(crate) fn url(&self) -> String {
        let (server, _) = self.server.rsplit_once('/').unwrap();
        format!("{server}/{}", self.name)
    }
}

async fn connect(url: &str) -> DatabaseConnection {
    Database::connect(url).await.unwrap_or_else(|error| panic!("{POSTGRES_VARIABLE}: {error}"))
}

impl Drop for PostgresDatabase {
    /// Drops the database, on a thread of its own: a runtime cannot wait within another.
    fn drop(&mut self) {
        let (server, name) = (self.server.clone(), self.name.clone());
        let dropped = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                connect(&server).await.execute_unprepared(&format!("DROP DATABASE {name} WITH (FORCE)")).await.unwrap();
            });
        });
        if dropped.join().is_err() {
            eprintln!("the database {} was left behind", self.name);
        }
    }
}
