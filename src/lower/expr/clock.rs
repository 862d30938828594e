//! What a script does before and after it when the engine's clock is read once for all its statements.

use crate::dialect::{Dialect, Now};
use crate::ir::{Expr, Func, Update};

/// Whether an update reads the clock, its cells apart.
pub(crate) fn reads_clock(update: &Update<'_>) -> bool {
    update.shared_expressions().any(has_clock)
}

/// Whether an expression reads the clock.
pub(crate) fn has_clock(expr: &Expr<'_>) -> bool {
    expr.walk_all().any(|part| matches!(part, Expr::Call(Func::Now | Func::CurrentDate, _)))
}

/// The statements that read the clock, before all others.
pub(crate) fn clock_setup(dialect: Dialect) -> &'static [&'static str] {
    match dialect.fact(|spec| &spec.now) {
        Now::Transaction => &[],
        Now::Variable => &["SET @setwise_now = UTC_TIMESTAMP(6)"],
        Now::TempTable => &[
            "DROP TABLE IF EXISTS temp.setwise_now",
            "CREATE TEMP TABLE setwise_now AS SELECT CASE WHEN at LIKE '%.000' THEN substr(at, 1, 19) ELSE at || '000' END AS utc FROM (SELECT strftime('%Y-%m-%d %H:%M:%f', 'now') AS at)",
        ],
    }
}

/// The statements behind all others.
pub(crate) fn clock_teardown(dialect: Dialect) -> &'static [&'static str] {
    match dialect.fact(|spec| &spec.now) {
        Now::Transaction => &[],
        Now::Variable => &["SET @setwise_now = NULL"],
        Now::TempTable => &["DROP TABLE temp.setwise_now"],
    }
}
