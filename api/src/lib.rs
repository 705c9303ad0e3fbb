//! The GraphQL API of Comptoir: its HTTP layer, the commerce schema on top of it, and the configuration of both.

pub mod auth;
mod bootstrap;
mod cli;
pub mod config;
pub mod graphql;
pub mod http;
pub mod routes;
pub mod watch;

use std::process::ExitCode;

use clap::Parser;

use self::{
    cli::{Cli, Command, ConfigCommand},
    config::Config,
};

/// Room for the deepest document that the gateway lets through, unoptimised.
const STACK_BYTES: usize = 8 * 1024 * 1024;

/// What the binary does: reads the command line and the configuration, and runs one command.
///
/// It is here and not in the binary, since the compiler makes the code of asynchronous functions where they are run: there,
/// everything would be compiled twice.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(&cli) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("comptoir: {}", chain(&*error));
            ExitCode::FAILURE
        }
    }
}

fn run(cli: &Cli) -> Result<ExitCode, bootstrap::BoxError> {
    if let Command::Schema { federation } = cli.command {
        print!("{}", if federation { graphql::federated_sdl() } else { graphql::sdl() });
        return Ok(ExitCode::SUCCESS);
    }
    if let Command::Config { what: ConfigCommand::Check { print: true } } = cli.command {
        print!("{}", config::TEMPLATE);
    }
    let variables = std::env::vars_os().filter_map(|(name, text)| Some((name.into_string().ok()?, text)));
    let config = Config::load(cli.global.config.as_deref(), variables, &cli.overrides())?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().thread_stack_size(STACK_BYTES).build()?;
    runtime.block_on(bootstrap::run(cli, config))
}

/// An error with all its sources; one that its owner's words end with already is not told again.
fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        let cause = error.to_string();
        if !text.ends_with(&cause) {
            text.push_str(": ");
            text.push_str(&cause);
        }
        source = error.source();
    }
    text
}
