//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::config::Overrides;

/// Comptoir: a headless, composable commerce backend. One GraphQL API over one shared truth of catalog, carts, stock and orders.
///
/// Settings come from comptoir.toml, from variables over it, and from flags over both. `comptoir config check --print` shows them all, with their variables.
#[derive(Parser)]
#[command(name = "comptoir", version, max_term_width = 100)]
pub(crate) struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// Flags of all commands.
    #[command(flatten)]
    pub global: Global,
}

/// Flags of all commands.
#[derive(Args)]
pub(crate) struct Global {
    /// The configuration file; without it, comptoir.toml where it is there.
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Where the server keeps its files [default: ./data] [variable: COMPTOIR_DATA]
    #[arg(long, global = true, value_name = "FOLDER")]
    pub data: Option<String>,
}

/// What to do.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Serve the API, creating and migrating the database where needed
    Serve {
        /// Load the demo shop into an empty database, and switch the test payment provider on
        #[arg(long)]
        demo: bool,
        /// Where to listen [default: 127.0.0.1:8000] [variable: COMPTOIR_ADDR]
        #[arg(long, value_name = "ADDRESS")]
        addr: Option<String>,
    },
    /// Bring the database's schema up to date
    Migrate,
    /// Load files into the catalog
    Import {
        /// What to import.
        #[command(subcommand)]
        what: Import,
    },
    /// Build the search index anew, aside, and switch to it; servers that run notice
    Reindex,
    /// Print the GraphQL schema
    Schema {
        /// Print it as a subgraph of an Apollo federation instead: with the keys of its entities, without subscriptions
        #[arg(long)]
        federation: bool,
    },
    /// Manage staff
    Staff {
        /// What to do with staff.
        #[command(subcommand)]
        what: StaffCommand,
    },
    /// Look at the configuration
    Config {
        /// What to look at.
        #[command(subcommand)]
        what: ConfigCommand,
    },
}

/// What to import.
#[derive(Subcommand)]
pub(crate) enum Import {
    /// Products, from Shopify's product CSV; found by handle, variants by SKU or options
    Products {
        /// The file
        file: PathBuf,
        /// Save nothing where anything is wrong
        #[arg(long)]
        strict: bool,
        /// The currency of the prices; the shop's own if left out
        #[arg(long)]
        currency: Option<String>,
        /// The language of the texts
        #[arg(long, default_value = "en")]
        language: String,
        /// The code of the location where the quantities were counted; created as a warehouse where it is missing
        #[arg(long, default_value = "main")]
        location: String,
    },
}

/// What to do with staff.
#[derive(Subcommand)]
pub(crate) enum StaffCommand {
    /// Create a member of staff and print a token for them
    Create {
        /// What they sign in with
        #[arg(long)]
        email: String,
        /// Read the password from standard input; without it, one is made and printed
        #[arg(long)]
        password_stdin: bool,
        /// What they may do, such as MANAGE_PRODUCTS; may be given several times, or separated by commas. ALL: everything
        #[arg(long = "permission", value_delimiter = ',', required = true)]
        permissions: Vec<String>,
    },
}

/// What to look at.
#[derive(Subcommand)]
pub(crate) enum ConfigCommand {
    /// Check the configuration, and say what is wrong with it
    Check {
        /// Print a documented file with all keys and their defaults
        #[arg(long)]
        print: bool,
    },
}

impl Cli {
    /// What the flags set, by key.
    pub(crate) fn overrides(&self) -> Overrides {
        let mut overrides = Overrides::new();
        if let Some(data) = &self.global.data {
            overrides.insert("data", data.clone());
        }
        if let Command::Serve { addr: Some(addr), .. } = &self.command {
            overrides.insert("addr", addr.clone());
        }
        overrides
    }
}
