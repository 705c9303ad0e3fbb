//! A database of its own for each test: a file, and a database on the server of `COMPTOIR_TEST_POSTGRES_URL`.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::{
    io::Write as _,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use comptoir_infra::db::{DbOptions, DbStorage};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, Statement};

/// Makes each of these a test on SQLite and a test on PostgreSQL.
macro_rules! on_each_database {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                crate::support::on_sqlite(super::$name).await;
            })+
        }

        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                crate::support::on_postgres(Default::default(), super::$name).await;
            })+
        }
    };
}

pub(crate) use on_each_database;

/// A migrated, empty database.
#[derive(Clone)]
pub(crate) struct TestDatabase {
    pub(crate) storage: DbStorage,
    pub(crate) url: String,
    /// A connection beside the adapter's, to look behind it.
    raw: DatabaseConnection,
}

impl TestDatabase {
    async fn open(url: String, options: DbOptions) -> Self {
        let storage = DbStorage::connect_with(&url, options).await.unwrap();
        storage.migrate().await.unwrap();
        assert!(storage.is_migrated().await.unwrap());
        let raw = Database::connect(&url).await.unwrap();
        Self { storage, url, raw }
    }

    /// What one statement says in one number.
    pub(crate) async fn number(&self, sql: &str) -> i64 {
        let statement = Statement::from_string(self.raw.get_database_backend(), sql);
        self.raw.query_one_raw(statement).await.unwrap().unwrap().try_get_by_index(0).unwrap()
    }

    /// Changes something behind the adapter's back.
    pub(crate) async fn execute(&self, sql: &str) {
        self.raw.execute_unprepared(sql).await.unwrap();
    }
}

/// Runs `test` on a new file.
pub(crate) async fn on_sqlite<F: Future<Output = ()>>(test: impl FnOnce(TestDatabase) -> F) {
    let folder = tempfile::tempdir().unwrap();
    let url = DbStorage::sqlite_url(&folder.path().join("comptoir.db"));
    test(TestDatabase::open(url, patient()).await).await;
}

/// Runs `test` on a new database of the server, and drops the database whatever became of the test.
pub(crate) async fn on_postgres<F>(options: Option<DbOptions>, test: impl FnOnce(TestDatabase) -> F + Send + 'static)
where
    F: Future<Output = ()> + Send + 'static,
{
    let Some(server) = postgres_server() else {
        let skipped = b"SKIPPED: PostgreSQL contract: COMPTOIR_TEST_POSTGRES_URL is not set\n";
        // Not `eprintln!`, which shows nothing of a test that passes.
        std::io::stderr().write_all(skipped).unwrap();
        return;
    };
    let name = fresh_name();
    let (address, _) = server.rsplit_once('/').unwrap();
    let url = format!("{address}/{name}");
    let admin = Database::connect(&server).await.unwrap();
    admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
    let options = options.unwrap_or(patient());
    let ended = tokio::spawn(async move { test(TestDatabase::open(url, options).await).await }).await;
    admin.execute_unprepared(&format!("DROP DATABASE {name} WITH (FORCE)")).await.unwrap();
    if let Err(panic) = ended {
        std::panic::resume_unwind(panic.into_panic());
    }
}

/// Few connections, because tests run beside each other, and time enough for a busy machine.
fn patient() -> DbOptions {
    DbOptions { postgres_connections: 8, acquire_timeout: Duration::from_secs(60) }
}

#[expect(clippy::disallowed_methods, reason = "tests/run names the server by a variable")]
fn postgres_server() -> Option<String> {
    std::env::var("COMPTOIR_TEST_POSTGRES_URL").ok().filter(|it| !it.is_empty())
}

/// A name that no other test has, in this process or another.
fn fresh_name() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let since_epoch = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    let next = NEXT.fetch_add(1, Ordering::Relaxed);
    format!("contract_{}_{}_{next}", std::process::id(), since_epoch.subsec_nanos())
}
