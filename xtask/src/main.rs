//! The tasks of the workspace: `cargo xtask demo`, `cargo xtask test` and others.

mod apt;
mod calls;
mod checkout;
mod choice;
mod contest;
mod count;
mod demo;
mod docs;
mod engines;
mod example;
mod execute;
mod figures;
mod files;
mod fuzz;
mod gate;
mod mariadb;
mod mysql;
mod npm;
mod page;
mod plot;
mod postgres;
mod process;
mod results;
mod server;
mod suite;
mod unpacked;
mod workplace;

use std::io::Read;
use std::process::ExitCode;
use std::thread;

use clap::{Args, Parser, Subcommand, ValueEnum};

use engines::{Engine, Engines};

/// Runs the tasks of the workspace.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Runs all tests against real engines: finds, fetches and starts them, and stops what it started.
    Test(Test),
    /// Proves that updates end as the model says, and that every literal comes back: random updates and all values.
    Prove(Prove),
    /// Runs the fuzz targets one after the other.
    Fuzz(Fuzz),
    /// Changes each fact of the dialects in turn and shows which test then fails on the engine, or that none does.
    Facts(Facts),
    /// Starts the engines, prints their addresses as `export` lines, and stops them when standard input closes.
    Engines(Choice),
    /// Runs the main job on the example: ten thousand titles into SQLite, and the SQL for all dialects.
    Demo,
    /// Writes the documents that are made from the code.
    Docs,
    /// Writes the rows of the example in `examples/blog`.
    Example,
    /// Counts what setwise and its rivals spend on a value, in memory, from files or in the engines, and writes the tables of
    /// all that is known into `docs/performance.md`.
    Bench(Bench),
}

/// Which engines.
#[derive(Args, Debug)]
struct Choice {
    /// The engines to run against besides SQLite, which is always there.
    #[arg(long, alias = "engine", value_enum, value_delimiter = ',', value_name = "NAME", default_values_t = Engine::ALL)]
    engines: Vec<Engine>,
    /// An engine that may be missing when it is neither here nor to be had; one that does not start still fails.
    #[arg(long, value_enum, value_delimiter = ',', value_name = "NAME")]
    allow_missing: Vec<Engine>,
}

/// The full run of the tests.
#[derive(Args, Debug)]
struct Test {
    #[command(flatten)]
    choice: Choice,
    /// How many random updates must be executed and change rows on SQLite; a tenth of that on each server.
    #[arg(long, value_name = "COUNT", default_value_t = 20_000)]
    generated: usize,
    /// What to pass to `cargo test` behind `--workspace`.
    #[arg(last = true)]
    extra: Vec<String>,
}

/// The proof: random updates, and every value as a literal and as a parameter.
#[derive(Args, Debug)]
struct Prove {
    #[command(flatten)]
    choice: Choice,
    /// How many random updates must be executed and change rows on SQLite, and a fortieth of that over several tables;
    /// a tenth of both on each server.
    #[arg(long, value_name = "COUNT", default_value_t = 200_000)]
    cases: usize,
    /// Where the random updates start; another number makes others.
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
}

/// A run of the fuzz targets.
#[derive(Args, Debug)]
struct Fuzz {
    /// How long each target runs.
    #[arg(long, value_name = "COUNT", default_value_t = 600)]
    seconds: u64,
    /// The targets to run; all where none is named.
    #[arg(value_name = "TARGET")]
    targets: Vec<String>,
}

/// What is measured.
#[derive(Args, Debug)]
struct Bench {
    /// Counts what setwise spends, and fails where that is above the budget.
    #[arg(long, group = "what")]
    gate: bool,
    /// Makes the budget what setwise spends today.
    #[arg(long, requires = "gate")]
    accept: bool,
    /// Measures the command on files of rows.
    #[arg(long, group = "what")]
    files: bool,
    /// Counts what calls of named updates spend.
    #[arg(long, group = "what")]
    calls: bool,
    /// Executes the scripts of all strategies on engines, and shows whether the planner chooses well.
    #[arg(long, group = "what")]
    execute: bool,
    /// Makes the tables and plots of what is kept in `benches/results`, and measures nothing.
    #[arg(long, group = "what")]
    tables: bool,
    /// The engines that execute; `sqlite` is one.
    #[arg(long, alias = "engine", value_parser = parse_engine, value_delimiter = ',', value_name = "NAME",
        default_value = "sqlite,postgres,postgres18,mariadb,mysql", requires = "execute")]
    engines: Vec<Executing>,
    /// The numbers of rows.
    #[arg(
        long,
        value_delimiter = ',',
        value_name = "COUNT",
        default_value = "10,100,1000,10000,100000",
        requires = "execute"
    )]
    rows: Vec<usize>,
    /// The rows of the table that is updated.
    #[arg(long, value_name = "COUNT", default_value_t = execute::TABLE, requires = "execute")]
    table: usize,
}

/// An engine that executes; none is SQLite, which needs no server.
#[derive(Clone, Copy, Debug)]
struct Executing(Option<Engine>);

fn parse_engine(name: &str) -> Result<Executing, String> {
    if name == "sqlite" {
        Ok(Executing(None))
    } else {
        Engine::from_str(name, false).map(|engine| Executing(Some(engine)))
    }
}

/// The hunt for facts that no test needs.
#[derive(Args, Debug)]
struct Facts {
    #[command(flatten)]
    choice: Choice,
    /// Parts of the changes to look at, such as `sqlite` or `mysql years`; all without it.
    parts: Vec<String>,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = process::stop_on_signals().and_then(|()| match cli.task {
        Task::Test(task) => test(&task),
        Task::Prove(task) => prove(&task),
        Task::Fuzz(Fuzz { seconds, targets }) => fuzz::run(seconds, &targets),
        Task::Facts(task) => facts(&task),
        Task::Engines(choice) => lend(&choice),
        Task::Demo => demo::show(),
        Task::Docs => docs::write().map(|()| true),
        Task::Example => example::write().map(|()| true),
        Task::Bench(task) => bench(task),
    });
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Runs the tests with every engine at hand; whether all is well.
fn test(Test { choice, generated, extra }: &Test) -> Result<bool, process::Failure> {
    run(choice, extra, &[("SETWISE_GENERATED", generated.to_string())])
}

/// One of so many random updates spans tables when it is proved.
const SPANS: usize = 40;

/// Runs the tests that prove, at their full counts; whether all is well.
fn prove(Prove { choice, cases, seed }: &Prove) -> Result<bool, process::Failure> {
    let only = ["--test", "generated", "--test", "spans", "--test", "literals"].map(str::to_owned);
    let counts = [("SETWISE_GENERATED", *cases), ("SETWISE_SPANS", cases / SPANS)];
    let mut variables = counts.map(|(name, count)| (name, count.to_string())).to_vec();
    variables.push(("SETWISE_SEED", seed.to_string()));
    variables.push(("SETWISE_LITERALS", "full".to_owned()));
    run(choice, &only, &variables)
}

fn run(choice: &Choice, extra: &[String], variables: &[(&str, String)]) -> Result<bool, process::Failure> {
    // What does not compile should be known before anything is fetched or started.
    if !suite::build(extra)? {
        return Ok(false);
    }
    let engines = Engines::start(&choice.engines)?;
    let outcome = suite::run(extra, variables, &engines)?;
    println!("\n{}", outcome.total());
    print!("{}", engines.report(&choice.allow_missing));
    Ok(outcome.passed() && engines.suffice(&choice.allow_missing))
}

/// Hunts on every engine at hand; whether each change of a fact is caught, or listed with its reason.
fn facts(Facts { choice, parts }: &Facts) -> Result<bool, process::Failure> {
    let engines = Engines::start(&choice.engines)?;
    let passed = suite::hunt(parts, &engines)?;
    print!("{}", engines.report(&choice.allow_missing));
    Ok(passed && engines.suffice(&choice.allow_missing))
}

/// Measures, and writes the page; whether what was measured is good enough.
fn bench(task: Bench) -> Result<bool, process::Failure> {
    match task {
        Bench { gate: true, accept, .. } => return gate::run(accept),
        Bench { tables: true, .. } => {}
        Bench { files: true, .. } => files::run()?,
        Bench { calls: true, .. } => calls::run()?,
        Bench { execute: true, engines, rows, table, .. } => {
            let engines: Vec<_> = engines.into_iter().map(|Executing(engine)| engine).collect();
            execute::run(&engines, &rows, table)?;
        }
        _ => contest::run()?,
    }
    page::write()
}

/// Starts the engines for someone else, until standard input closes or a signal comes.
fn lend(choice: &Choice) -> Result<bool, process::Failure> {
    let engines = Engines::start(&choice.engines)?;
    for (variable, url) in engines.addresses() {
        println!("export {variable}={url}");
    }
    eprint!("{}", engines.report(&choice.allow_missing));
    if engines.suffice(&choice.allow_missing) {
        eprintln!("running until standard input closes");
        thread::spawn(|| {
            let _ = std::io::stdin().lock().read_to_end(&mut Vec::new());
            process::ask_to_stop();
        });
        process::wait_to_stop();
    }
    Ok(engines.suffice(&choice.allow_missing))
}
