//! Executes every strategy and chunk size on real engines, and prints what each spent there: a line for each, in
//! columns. `cargo xtask bench --execute` starts the engines and makes tables of the lines.

mod cpu;
#[allow(dead_code, reason = "the table needs no literals")]
#[path = "../../tests/case/ddl.rs"]
mod ddl;
#[path = "../../tests/engine/mod.rs"]
mod engine;
mod means;
mod race;
mod table;

use setwise_bench::{Data, generate, update};

use cpu::Meter;

/// How often each contender runs.
const ROUNDS: usize = 5;

/// Rows and columns at which Django's form takes part.
const DJANGO: (usize, usize) = (10_000, 1);

const HEAD: &str =
    "engine\trows\tcolumns\tform\tstrategy\tchunk\texecutions\tbytes\tmedian\tleast\tmost\truns\tcompile";

fn main() {
    // cargo adds `--bench`
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let list = |at: usize| arguments.get(at).map(|list| list.split(',').map(str::to_owned).collect::<Vec<_>>());
    let table = arguments.get(2).and_then(|rows| rows.parse::<i64>().ok());
    let (Some(names), Some(sizes), Some(table)) = (list(0), list(1), table) else {
        eprintln!("usage: execute ENGINE,.. ROWS,.. ROWS-OF-TABLE");
        std::process::exit(2);
    };
    println!("{HEAD}");
    for name in names {
        let mut engine = engine::connect_shared(&name).unwrap_or_else(|| panic!("no address of {name} is given"));
        println!("# {}", engine.label());
        eprintln!("{name}: {table} rows");
        table::fill(engine.as_mut(), table);
        let meter = Meter::of(engine.as_mut());
        let sizes = sizes.iter().map(|size| size.parse().expect("a number of rows"));
        for rows in sizes.filter(|rows| i64::try_from(*rows).is_ok_and(|rows| rows <= table)) {
            for columns in [1, 4] {
                let data = generate(rows, columns).spread(table);
                measure(engine.as_mut(), &meter, &name, &data);
            }
        }
    }
}

/// Prints what each contender spends, in milliseconds.
fn measure(engine: &mut dyn engine::Engine, meter: &Meter, name: &str, data: &Data) {
    let (rows, columns) = (data.rows.len(), data.assigned);
    let update = update(data, true);
    let mut contenders = means::contenders(&update, rows, engine.dialect());
    if (rows, columns) == DJANGO {
        contenders.push(means::django(data, engine.dialect()));
    }
    eprintln!("{name}: {rows} x {columns}, {} ways", contenders.len());
    let spent = race::run(engine, meter, &contenders, rows, ROUNDS);
    for (contender, spent) in contenders.iter().zip(spent) {
        let means::Contender { strategy, chunk, form, .. } = contender;
        let [median, least, most, compiled] =
            [spent.median(), spent.least(), spent.most(), contender.compiled].map(|time| time.as_secs_f64() * 1e3);
        let (executions, bytes) = (contender.executions(), contender.bytes());
        println!(
            "{name}\t{rows}\t{columns}\t{form}\t{strategy}\t{chunk}\t{executions}\t{bytes}\t{median:.3}\t{least:.3}\t{most:.3}\t{}\t{compiled:.3}",
            spent.runs()
        );
    }
}
