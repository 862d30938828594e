//! The setwise command: bulk updates from files to SQL, or into SQLite.
#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::unreachable,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss
)]

mod apply;
mod args;
mod compile;
mod dialects;
mod document;
mod failure;
mod library;
mod policies;
mod print;
mod rows;
mod schema;
mod sqlite;
mod steps;
mod streamed;
mod update;

use std::process::ExitCode;

use clap::Parser;

use args::{Cli, Command};

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Dialects(args) => dialects::print(&args),
        Command::Compile(args) => compile::compile(&args),
        Command::Explain(args) => compile::explain_plan(&args),
        Command::Apply(args) => apply::apply(&args),
        Command::List(args) => library::list(&args),
        Command::Call(args) => library::call(&args),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}
