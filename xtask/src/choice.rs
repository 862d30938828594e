//! What the planner chooses for the updates that were measured.

use setwise::{Dialect, Options, Output, explain};
use setwise_bench::{generate, update};

/// The strategy and the rows per statement of the planner's choice.
pub(crate) fn choose(dialect: Dialect, rows: usize, columns: usize, form: &str) -> Option<(String, usize)> {
    let data = generate(rows, columns);
    let output = if form == "bound" { Output::Binds } else { Output::Inline };
    let explained = explain(&update(&data, true), dialect, &Options::new().output(output)).ok()?;
    let (_, plan) = explained.split_once("\n- ")?;
    let (strategy, rest) = plan.split_once(':')?;
    let (_, chunk) = rest.split_once("at most ")?;
    Some((strategy.to_owned(), chunk.split(' ').next()?.parse().ok()?))
}
