//! Connecting: the pools, and the transactions that begin on them.

use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use async_trait::async_trait;
use comptoir_domain::storage::{Storage, StorageError, UnitOfWork};
use comptoir_migrations::Migrator;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, RuntimeErr,
    SqliteTransactionMode, TransactionOptions, TransactionTrait,
    sqlx::{
        self, ConnectOptions as _,
        postgres::PgConnectOptions,
        sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
    },
};
use sea_orm_migration::MigratorTrait;
use tokio::{
    sync::Notify,
    time::{sleep, timeout},
};

use super::{Session, session::storage_error, statements::Statements};

/// How long SQLite waits for another process that writes.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// How long it is before it is tried again where SQLite itself does not wait.
const BUSY_WAIT: Duration = Duration::from_millis(20);
/// The [result code](https://www.sqlite.org/rescode.html#busy) that says that another process has the file.
const SQLITE_BUSY: &str = "5";
/// How long a server is asked why it cannot be reached.
const PROBE: Duration = Duration::from_secs(2);
/// Readers of an embedded database; more than the cores of a small machine brings nothing.
const SQLITE_READERS: u32 = 4;

/// What a path may not have in a URL.
const PATH: &AsciiSet = &CONTROLS.add(b'%').add(b'?').add(b'#');

/// Held while the schema is brought up to date, so that of several replicas one does it; the key is arbitrary. Of those that open
/// one file, who has its one writer does it.
const MIGRATION_LOCK: &str = "SELECT pg_advisory_xact_lock(6327854011)";

/// The database could not be opened, or brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// Neither `postgres://…` nor `sqlite:…`.
    #[error("a database URL begins with `postgres://` or `sqlite:`, and names a server or a file")]
    Scheme,
    /// Something behind the scheme; the URL itself may hold a password, and is not repeated.
    #[error("the database URL cannot be read: {0}")]
    Malformed(String),
    /// The server or the file refused.
    #[error("the database {place} cannot be opened")]
    Refused {
        /// The file, or the server and the name of its database.
        place: String,
        /// Why.
        source: DbErr,
    },
    /// It has tables that this version does not know.
    #[error("a newer version of Comptoir brought the database up to date: {0}")]
    Newer(String),
    /// A statement failed.
    #[error("the database failed")]
    Database(#[from] DbErr),
}

/// How many connections there are, and how long a command waits for one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DbOptions {
    /// Connections to PostgreSQL, for reads and writes together. SQLite always has one writer and a few readers.
    pub postgres_connections: u32,
    /// How long a command waits for a connection before it gives up.
    pub acquire_timeout: Duration,
}

impl Default for DbOptions {
    fn default() -> Self {
        Self { postgres_connections: 20, acquire_timeout: Duration::from_secs(5) }
    }
}

/// A database. SQLite has one writer and many readers; PostgreSQL has one pool for both.
#[derive(Clone)]
pub struct DbStorage {
    write: DatabaseConnection,
    read: Arc<Session<DatabaseConnection>>,
    committed: Arc<Notify>,
    statements: Arc<Statements>,
}

impl DbStorage {
    /// Opens the database at `url`.
    ///
    /// # Errors
    /// [`ConnectError`].
    pub async fn connect(url: &str) -> Result<Self, ConnectError> {
        Self::connect_with(url, DbOptions::default()).await
    }

    /// Opens the database at `url` with `options`.
    ///
    /// # Errors
    /// [`ConnectError`].
    pub async fn connect_with(url: &str, options: DbOptions) -> Result<Self, ConnectError> {
        let statements = Arc::<Statements>::default();
        let target = Target::parse(url)?;
        let opened = match &target {
            Target::Sqlite(_) => {
                let write = open_writer(url, options, &statements).await;
                let read = open(sqlite(url, SQLITE_READERS, true, options), &statements);
                match write {
                    Ok(write) => read.await.map(|read| (write, read)),
                    Err(error) => Err(error),
                }
            }
            Target::Postgres(_) => open(postgres(url, options), &statements).await.map(|pool| (pool.clone(), pool)),
        };
        let (write, read) = match opened {
            Ok(opened) => opened,
            Err(error) => return Err(target.refused(error).await),
        };
        Ok(Self { write, read: Arc::new(Session::new(read)), committed: Arc::default(), statements })
    }

    /// Whether `url` can be read, wherever it leads.
    ///
    /// # Errors
    /// [`ConnectError::Scheme`], [`ConnectError::Malformed`].
    pub fn check_url(url: &str) -> Result<(), ConnectError> {
        Target::parse(url).map(|_| ())
    }

    /// The URL of the embedded database in the file `path`.
    #[must_use]
    pub fn sqlite_url(path: &Path) -> String {
        // A relative path would stand where a URL has its host, which is not any text.
        let absolute = std::path::absolute(path);
        let path = absolute.as_deref().unwrap_or(path).to_string_lossy();
        format!("sqlite://{}", utf8_percent_encode(&path, PATH))
    }

    /// Brings the schema up to date.
    ///
    /// # Errors
    /// [`ConnectError::Database`].
    pub async fn migrate(&self) -> Result<(), ConnectError> {
        // What the migrator itself says is about migrations that were applied and are none of its own.
        let failed = |it| match it {
            DbErr::Custom(text) => ConnectError::Newer(text),
            other => ConnectError::Database(other),
        };
        let lock = self.transaction().await?;
        if self.write.get_database_backend() == DbBackend::Postgres {
            lock.execute_unprepared(MIGRATION_LOCK).await?;
        }
        Migrator::up(&lock, None).await.map_err(failed)?;
        Ok(lock.commit().await?)
    }

    /// Whether the schema is up to date.
    ///
    /// # Errors
    /// [`ConnectError::Database`].
    pub async fn is_migrated(&self) -> Result<bool, ConnectError> {
        Ok(Migrator::get_pending_migrations_read_only(&self.read.conn).await?.is_empty())
    }

    /// Closes all connections; SQLite then folds its log into its file.
    ///
    /// # Errors
    /// [`ConnectError::Database`].
    pub async fn close(&self) -> Result<(), ConnectError> {
        self.read.conn.close_by_ref().await?;
        Ok(self.write.close_by_ref().await?)
    }

    /// Reads, each on a connection of its own, outside of any transaction.
    #[must_use]
    pub fn queries(&self) -> Arc<Session<DatabaseConnection>> {
        self.read.clone()
    }

    /// Wakes who waits for events, after each commit of this process.
    #[must_use]
    pub fn committed(&self) -> Arc<Notify> {
        self.committed.clone()
    }

    /// How many statements ran since the beginning for requests, those that begin and end transactions left out.
    #[must_use]
    pub fn statement_count(&self) -> u64 {
        self.statements.of_requests()
    }

    /// How many ran [in the background](super::in_background).
    #[must_use]
    pub fn background_statement_count(&self) -> u64 {
        self.statements.of_background()
    }

    /// A transaction that will write; on SQLite it has the one writer from its beginning.
    pub(super) async fn transaction(&self) -> Result<DatabaseTransaction, DbErr> {
        let is_sqlite = self.write.get_database_backend() == DbBackend::Sqlite;
        let sqlite_transaction_mode = is_sqlite.then_some(SqliteTransactionMode::Immediate);
        self.write.begin_with_options(TransactionOptions { sqlite_transaction_mode, ..Default::default() }).await
    }
}

#[async_trait]
impl Storage for DbStorage {
    async fn begin(&self) -> Result<Box<dyn UnitOfWork>, StorageError> {
        let tx = self.transaction().await.map_err(storage_error)?;
        Ok(Box::new(super::session::DbUnitOfWork { session: Session::new(tx), committed: self.committed.clone() }))
    }
}

/// What a URL leads to.
enum Target {
    Sqlite(Box<SqliteConnectOptions>),
    Postgres(Box<PgConnectOptions>),
}

impl Target {
    fn parse(url: &str) -> Result<Self, ConnectError> {
        let malformed = |it: sqlx::Error| match it {
            sqlx::Error::Configuration(reason) => ConnectError::Malformed(reason.to_string()),
            other => ConnectError::Malformed(other.to_string()),
        };
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(Self::Postgres(Box::new(url.parse().map_err(malformed)?)));
        }
        let is_file = !url.contains(":memory:") && !url.contains("mode=memory");
        let Some(path) = url.strip_prefix("sqlite:").filter(|_| is_file) else { return Err(ConnectError::Scheme) };
        if path.trim_start_matches('/').split('?').next().is_none_or(str::is_empty) {
            return Err(ConnectError::Scheme);
        }
        Ok(Self::Sqlite(Box::new(url.parse().map_err(malformed)?)))
    }

    /// Why it could not be opened. A pool tries a server that does not answer again and again, and then says that time is up.
    async fn refused(self, error: DbErr) -> ConnectError {
        match self {
            Self::Sqlite(file) => {
                ConnectError::Refused { place: file.get_filename().display().to_string(), source: error }
            }
            Self::Postgres(server) => {
                let database = server.get_database().unwrap_or(server.get_username());
                let place = format!("`{database}` at {}:{}", server.get_host(), server.get_port());
                let reason = match timeout(PROBE, server.connect()).await {
                    Ok(Err(reason)) => DbErr::Conn(RuntimeErr::SqlxError(Arc::new(reason))),
                    _ => error,
                };
                ConnectError::Refused { place, source: reason }
            }
        }
    }
}

/// Opens the writer of an embedded database. Who makes a new file has it alone for a moment, for which SQLite itself does not wait.
async fn open_writer(url: &str, options: DbOptions, statements: &Arc<Statements>) -> Result<DatabaseConnection, DbErr> {
    let started = Instant::now();
    loop {
        match open(sqlite(url, 1, false, options), statements).await {
            Err(error) if is_busy(&error) && started.elapsed() < BUSY_TIMEOUT => sleep(BUSY_WAIT).await,
            result => return result,
        }
    }
}

/// Whether another process has the file.
fn is_busy(error: &DbErr) -> bool {
    let DbErr::Conn(RuntimeErr::SqlxError(error)) = error else { return false };
    error.as_database_error().and_then(|it| it.code()).is_some_and(|it| it == SQLITE_BUSY)
}

async fn open(options: ConnectOptions, statements: &Arc<Statements>) -> Result<DatabaseConnection, DbErr> {
    let mut connection = Database::connect(options).await?;
    let statements = statements.clone();
    connection.set_metric_callback(move |_| statements.count());
    Ok(connection)
}

fn sqlite(url: &str, connections: u32, is_reader: bool, options: DbOptions) -> ConnectOptions {
    let mut connect = ConnectOptions::new(url);
    connect
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(options.acquire_timeout)
        .idle_timeout(None::<Duration>)
        .max_lifetime(None::<Duration>)
        .test_before_acquire(false)
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(move |it| {
            let it = it.busy_timeout(BUSY_TIMEOUT).foreign_keys(true).synchronous(SqliteSynchronous::Full);
            if is_reader {
                it.pragma("query_only", "ON")
            } else {
                it.journal_mode(SqliteJournalMode::Wal).create_if_missing(true)
            }
        });
    connect
}

fn postgres(url: &str, options: DbOptions) -> ConnectOptions {
    let mut connect = ConnectOptions::new(url);
    connect
        .max_connections(options.postgres_connections)
        .acquire_timeout(options.acquire_timeout)
        .test_before_acquire(false)
        .sqlx_logging(false);
    connect
}
