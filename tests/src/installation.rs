//! A database and a folder of files, for the commands of the command line to work on.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use tempfile::TempDir;

use crate::{Db, Server, binary::binary, database::PostgresDatabase, webhook::WEBHOOK_SECRET};

/// A database and a folder, both gone when this is dropped.
pub struct Installation {
    postgres: Option<PostgresDatabase>,
    folder: TempDir,
}

/// How a command ended.
#[derive(Debug)]
pub struct Finished {
    /// Its exit code.
    pub code: Option<i32>,
    /// What it printed.
    pub stdout: String,
    /// What it complained of.
    pub stderr: String,
}

impl Finished {
    /// What it printed.
    ///
    /// # Panics
    /// If it failed.
    #[must_use]
    pub fn succeeded(self) -> String {
        assert_eq!(self.code, Some(0), "{self:#?}");
        self.stdout
    }
}

impl Installation {
    /// An empty one; `None` where there is no such database.
    ///
    /// # Panics
    /// If there is no room for it.
    pub async fn new(db: Db) -> Option<Self> {
        let postgres = match db {
            Db::Sqlite => None,
            Db::Postgres => Some(PostgresDatabase::create().await?),
        };
        Some(Self { postgres, folder: tempfile::tempdir().unwrap() })
    }

    /// The folder: commands run in it, and their data is below it.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file into the folder.
    ///
    /// # Panics
    /// If it cannot be written.
    pub fn write(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    /// A command with `arguments`, in an environment that has only what this installation needs.
    #[must_use]
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(binary());
        command.env_clear().current_dir(self.folder()).args(arguments).stdin(Stdio::null());
        command.env("COMPTOIR_LOG", "warn").env("COMPTOIR_PAYMENT_TEST_WEBHOOK_SECRET", WEBHOOK_SECRET);
        // All clients of all tests have one address.
        command.env("COMPTOIR_RATE_LIMIT", "0").env("COMPTOIR_SIGN_IN_LIMIT", "0");
        if let Some(postgres) = &self.postgres {
            command.env("DATABASE_URL", postgres.url());
        }
        command
    }

    /// Runs a command to its end.
    ///
    /// # Panics
    /// If it cannot be started.
    #[must_use]
    pub fn run(&self, arguments: &[&str]) -> Finished {
        finished(&mut self.command(arguments))
    }

    /// Runs a command with `input` on its standard input.
    ///
    /// # Panics
    /// If it cannot be started.
    #[must_use]
    pub fn run_with_input(&self, arguments: &[&str], input: &str) -> Finished {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        Finished::of(child.wait_with_output().unwrap())
    }

    /// Starts the server with `arguments` (such as `--demo`), on a free port.
    #[must_use]
    pub fn serve(&self, arguments: &[&str]) -> Server {
        self.serve_with(arguments, &[])
    }

    /// Starts the server with `arguments` and `variables`, on a free port.
    #[must_use]
    pub fn serve_with(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Server {
        let mut command = self.command(&["serve", "--addr", "127.0.0.1:0"]);
        command.args(arguments).envs(variables.iter().copied());
        Server::start(command, self.folder().join("server.log"))
    }
}

/// Runs `command` to its end.
///
/// # Panics
/// If it cannot be started.
#[must_use]
pub fn finished(command: &mut Command) -> Finished {
    Finished::of(command.output().unwrap())
}

impl Finished {
    /// How the process ended that had this `output`.
    ///
    /// # Panics
    /// If the output is no text.
    #[must_use]
    pub fn of(output: std::process::Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}
