//! Runs all contenders in turns, on the same table.

use std::time::Duration;

use crate::cpu::Meter;
use crate::engine::Engine;
use crate::means::Contender;
use crate::table;

/// One that took this many times what the best did in the first round runs no more.
const OUT: u32 = 2;

/// What a contender spent in each of its runs, in ascending order.
#[derive(Debug)]
pub struct Spent(Vec<Duration>);

impl Spent {
    pub fn median(&self) -> Duration {
        self.0[self.0.len() / 2]
    }

    pub fn least(&self) -> Duration {
        self.0[0]
    }

    pub fn most(&self) -> Duration {
        self.0[self.0.len() - 1]
    }

    pub fn runs(&self) -> usize {
        self.0.len()
    }
}

/// Runs each contender once to warm up, then so many rounds of all that are not far behind. `rows` is how many rows each
/// must update.
pub fn run(engine: &mut dyn Engine, meter: &Meter, contenders: &[Contender], rows: usize, rounds: usize) -> Vec<Spent> {
    let mut texts = 0;
    let mut once = |engine: &mut dyn Engine, contender: &Contender, times: u32| {
        let mut sum = Duration::ZERO;
        for _ in 0..times {
            texts += 1;
            sum += execute(engine, meter, contender, rows, texts);
        }
        table::tidy(engine);
        sum / times
    };
    // a few milliseconds at least, else the clock's grain is what is measured
    let times = u32::try_from((2000 / rows.max(1)).clamp(1, 50)).unwrap_or(1);
    let first: Vec<Duration> = contenders.iter().map(|contender| once(engine, contender, times.min(5))).collect();
    let best = |form| contenders.iter().zip(&first).filter(|(c, _)| c.form == form).map(|(_, time)| *time).min();
    let is_out = |contender: &Contender, time: Duration| {
        !contender.is_choice
            && contender.setting.is_none()
            && contender.strategy != "django"
            && best(contender.form).is_some_and(|best| time > best * OUT)
    };
    let out: Vec<bool> = contenders.iter().zip(&first).map(|(contender, time)| is_out(contender, *time)).collect();
    let mut spent: Vec<Vec<Duration>> =
        first.iter().zip(&out).map(|(time, out)| if *out { vec![*time] } else { Vec::new() }).collect();
    for round in 0..rounds {
        for at in 0..contenders.len() {
            // who comes first differs by round, so that nobody always runs behind the same one
            let at = (at + round * contenders.len() / rounds) % contenders.len();
            if !out[at] {
                spent[at].push(once(engine, &contenders[at], times));
            }
        }
    }
    spent
        .into_iter()
        .map(|mut times| {
            times.sort_unstable();
            Spent(times)
        })
        .collect()
}

/// Executes the statements in a transaction that is rolled back; the engine's time for the statements alone. Each text is
/// new to the engine, so that preparing it is part of the time.
fn execute(engine: &mut dyn Engine, meter: &Meter, contender: &Contender, rows: usize, number: u64) -> Duration {
    let must =
        |engine: &mut dyn Engine, text: &str| engine.execute(text).map(drop).unwrap_or_else(|e| panic!("{text}: {e}"));
    if let Some([setting, _]) = contender.setting {
        must(engine, setting);
    }
    let texts: Vec<String> = contender.statements.iter().map(|s| format!("{}\n-- {number}", s.text)).collect();
    must(engine, "BEGIN");
    let before = meter.read();
    let mut affected = 0;
    for (statement, text) in contender.statements.iter().zip(&texts) {
        let mut run = |binds: Option<&[_]>| {
            let outcome = match binds {
                Some(binds) => engine.execute_bound(text, binds),
                None => engine.execute(text),
            };
            let outcome = outcome.unwrap_or_else(|error| panic!("{}: {error}", contender.strategy));
            affected += if statement.updates { outcome.affected } else { 0 };
        };
        if statement.binds.is_empty() {
            run(None);
        }
        statement.binds.iter().for_each(|binds| run(Some(binds)));
    }
    let spent = meter.read() - before;
    assert_eq!(affected, rows as u64, "{} updates other rows", contender.strategy);
    must(engine, "ROLLBACK");
    if let Some([_, setting]) = contender.setting {
        must(engine, setting);
    }
    spent
}
