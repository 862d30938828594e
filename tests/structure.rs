//! The tokens of every emitted statement: no comment, no second statement, no name, text or number but the update's
//! own and those of setwise's closed lists.
//!
//! The tokens are taken by a lexer that knows nothing but what setwise writes (`structure/lex.rs`), for every case and
//! for random updates with hostile names, in every strategy, inline, bound and as a client script, for every dialect.

mod case;
pub(crate) mod generate;
pub(crate) mod model;

#[path = "structure/known.rs"]
mod known;
#[path = "structure/lex.rs"]
mod lex;

use std::collections::{BTreeMap, BTreeSet, HashSet};

use generate::Caps;
use known::Known;
use lex::{Lexis, Token, tokens};
use proptest::strategy::{Strategy as _, ValueTree};
use proptest::test_runner::TestRunner;
use setwise::{
    Binary, Cell, Column, Decimal, Dialect, Expr, Ident, Input, Options, Output, Purpose, Rows, Schema, Step, Strategy,
    Table, TableName, Type, Unary, Update, Value, Version, compile,
};

/// Words without quotes: of SQL, of the engines' functions and types, and setwise's own aliases.
const WORDS: &str = include_str!("structure/words.txt");
/// Names in quotes that setwise gives: the incoming rows, the rows as they were, and the collation by code points; tables beside
/// the target have numbers.
const OWN_NAMES: [&str; 6] = ["v", "w", "w0", "o", "p", "C"];

/// Whether a name is one that setwise gives: of the list, or that of a constant of the rows' own expressions.
fn is_own_name(name: &str) -> bool {
    let is_constant = name.strip_prefix('c').is_some_and(|digits| digits.parse::<u8>().is_ok());
    let is_beside = name.strip_prefix(['a', 'b']).is_some_and(|digits| digits.parse::<u8>().is_ok());
    OWN_NAMES.contains(&name) || is_constant || is_beside
}

/// Texts that lowering writes itself.
const OWN_TEXTS: [&str; 47] = [
    "missing",
    "stale",
    "filtered",
    "unchanged",
    "updated",
    "integer",
    "real",
    " ",
    "!",
    "",
    " days",
    " hours",
    " minutes",
    " seconds",
    "second",
    "milliseconds",
    "UTC",
    "+00:00",
    "now",
    "%.000",
    " 00:00:00",
    "0001",
    "half-missing keys: ",
    "half-missing key",
    "missing keys: ",
    "missing key",
    "null keys: ",
    "null keys",
    "text",
    "blob",
    "null",
    "equal keys: ",
    "equal keys",
    ", ",
    "; ",
    "000",
    "\0",
    "0.0",
    "setwise.high0",
    "setwise.low0",
    "setwise.shift0",
    "setwise.high1",
    "setwise.low1",
    "setwise.shift1",
    "setwise.high2",
    "setwise.low2",
    "setwise.shift2",
];
/// Numbers that lowering writes itself: limits of integers, places in texts, units of time.
const OWN_NUMBERS: [&str; 24] = [
    "1",
    "2",
    "10",
    "19",
    "20",
    "23",
    "24",
    "26",
    "127",
    "128",
    "255",
    "32767",
    "32768",
    "65535",
    "8388607",
    "8388608",
    "16777215",
    "2147483647",
    "2147483648",
    "4294967295",
    "9223372036854775807",
    "9223372036854775808",
    "4503599627370496.0",
    "9e999",
];

/// Whether a number is one that lowering writes itself: of the list, zero, or a power of ten, the limit of a decimal.
fn is_own_number(text: &str) -> bool {
    let is_power = text.strip_prefix('1').is_some_and(|zeros| zeros.bytes().all(|byte| byte == b'0'));
    OWN_NUMBERS.contains(&text) || is_power || text.parse() == Ok(0.0)
}

/// Whether an update only sets columns to what comes in: lowering has nothing to write itself.
fn is_plain(update: &Update<'_>) -> bool {
    let is_leaf = |value: &Expr<'_>| matches!(value, Expr::Value(_) | Expr::Input(_));
    let Rows::Keyed(keyed) = update.rows() else { return false };
    let Input::Cells(cells) = &keyed.input else { return false };
    let is_plain = |cell: &Cell<'_>| matches!(cell, Cell::Value(_) | Cell::Keep);
    cells.cells().iter().all(is_plain)
        && update.guard().filter.is_none()
        && update.assignments().iter().all(|set| is_leaf(&set.value))
}

/// Every dialect, in each version whose statements differ.
pub(crate) fn dialects() -> Vec<Dialect> {
    let mut all: Vec<Dialect> = Dialect::all().to_vec();
    all.extend([
        Dialect::postgres().at(18),
        Dialect::mysql().at(Version::new(9, 7, 0)),
        Dialect::mariadb().at(Version::new(11, 8, 0)),
        Dialect::sqlite().at(Version::new(3, 54, 0)),
    ]);
    all
}

/// A word, without the number of a temporary table.
fn base(word: &str) -> &str {
    if is_staged(word) { word.trim_end_matches(|digit: char| digit.is_ascii_digit()) } else { word }
}

fn words() -> BTreeSet<&'static str> {
    WORDS.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace).collect()
}

/// Whether a statement is about a temporary table that holds rows.
fn is_staged(text: &str) -> bool {
    text.contains("setwise_rows") || text.contains("setwise_cells")
}

/// What was checked.
#[derive(Debug, Default)]
pub(crate) struct Checked {
    /// The update that is checked, and its statements so far.
    whole: String,
    /// What the script has put into temporary tables.
    filled: Vec<Token>,
    seen: HashSet<(&'static str, bool, String)>,
    statements: usize,
    tokens: usize,
    words: BTreeSet<String>,
    /// What is wrong, each with its first statement.
    wrong: BTreeMap<String, String>,
}

impl Checked {
    /// Checks the scripts of an update in every strategy and output.
    pub(crate) fn check_update(&mut self, name: &str, update: &Update<'_>, schema: &Schema, dialect: Dialect) {
        let known = Known::of(update, schema);
        let whole = format!("{name}: {update}");
        if self.whole != whole {
            self.whole = whole;
            self.seen.clear();
        }
        for strategy in [Strategy::Auto].into_iter().chain(dialect.strategies()) {
            for output in [Output::Binds, Output::Inline, Output::Script] {
                // a client script differs from inline text in its frame and its control characters
                if output == Output::Script && !matches!(strategy, Strategy::Auto | Strategy::ValuesJoin) {
                    continue;
                }
                let options = Options::new().strategy(strategy).output(output).chunk(3);
                let Ok(mut script) = compile(update, dialect, &options) else { continue };
                let session: Vec<&str> = script.session().collect();
                self.filled.clear();
                while let Some(step) = script.next() {
                    let step = step.unwrap();
                    if is_staged(step.text) && step.purpose == Purpose::Setup && output != Output::Binds {
                        self.filled.extend(tokens(step.text, Lexis::of(dialect)).unwrap_or_default());
                    }
                    let outcome = match step.purpose {
                        Purpose::Client => check_one_of(&step, &["\\set ON_ERROR_STOP on", ".bail on"]),
                        Purpose::Session => check_one_of(&step, &session),
                        Purpose::Begin => check_one_of(&step, &["BEGIN", "START TRANSACTION", "BEGIN IMMEDIATE"]),
                        Purpose::Commit => check_one_of(&step, &["COMMIT"]),
                        Purpose::Setup | Purpose::Teardown if !step.text.contains('"') && !is_staged(step.text) => {
                            Ok(())
                        }
                        _ if !self.is_new(&step, dialect, output) => Ok(()),
                        _ => self.check_step(&step, update, &known, dialect, output),
                    };
                    if let Err(why) = outcome {
                        let at = format!("{name} on {dialect} by {strategy:?}, {output:?}");
                        self.wrong.entry(why).or_insert_with(|| format!("{at}\n{}", step.text));
                    }
                }
            }
        }
    }

    /// Whether the same text was not met before, by another strategy or for another version.
    fn is_new(&mut self, step: &Step<'_>, dialect: Dialect, output: Output) -> bool {
        self.seen.insert((dialect.name(), output == Output::Binds, step.text.to_owned()))
    }

    fn check_step(
        &mut self,
        step: &Step<'_>,
        update: &Update<'_>,
        known: &Known,
        dialect: Dialect,
        output: Output,
    ) -> Result<(), String> {
        let tokens = tokens(step.text, Lexis::of(dialect)).map_err(|alien| alien.to_string())?;
        self.statements += 1;
        self.tokens += tokens.len();
        let is_parked =
            ["setwise.shift", "setwise_shift", "setwise_parked"].iter().any(|kept| step.text.contains(kept));
        let has_own = is_parked || known.spans_tables || !(is_plain(update) && step.purpose == Purpose::Update);
        let is_inline = output != Output::Binds;
        let mut parameters = 0;
        let mut names = BTreeSet::new();
        for token in &tokens {
            let is_known = match token {
                Token::Word(word) => {
                    self.words.insert(word.clone());
                    true
                }
                Token::Name(name) => {
                    names.insert(name.as_str());
                    known.names.contains(name) || is_own_name(name)
                }
                Token::Text(text) => {
                    (has_own && OWN_TEXTS.contains(&text.as_str()))
                        || (is_inline && (known.holds_text(text) || known.holds_rows(text)))
                }
                Token::Bytes(bytes) => is_inline && known.holds_bytes(bytes),
                Token::Number(number) => {
                    (has_own && is_own_number(number))
                        || known.holds_number(number)
                        // the condition of a header row that is never true, and the least integer
                        || ["0", "1"].contains(&number.as_str())
                        || (dialect.name() == "sqlite" && known.holds_part(number))
                }
                Token::Parameter(number) => {
                    parameters += 1;
                    number.is_none_or(|number| number == parameters)
                }
                Token::Symbol(_) => true,
            };
            if !is_known {
                return Err(format!("{token:?} is not the update's"));
            }
        }
        if step.binds.iter().any(|binds| binds.len() != parameters) {
            return Err(format!("{parameters} parameters in the text, others beside it"));
        }
        // incoming keys may be compared with each other alone, and constraints have names of their own
        let is_of_constraints = step.text.starts_with("SET CONSTRAINTS ");
        let is_kept = known.spans_tables && step.text.contains("setwise_old");
        // a part names the table that it is of, which the list of known names holds
        let names_other = known.spans_tables && !names.is_empty();
        let names_table = names.contains(update.target().name().as_str()) || is_kept || names_other;
        let is_about_rows = matches!(step.purpose, Purpose::Setup | Purpose::Teardown) && is_staged(step.text);
        let is_of_source = known.is_from_table && step.text.starts_with("LOCK TABLE ");
        let is_of_keys = ["equal keys", "null keys"].contains(&step.finds);
        if !names_table && !is_about_rows && !is_of_keys && !is_of_constraints && !is_of_source {
            return Err("the table is not named".into());
        }
        if step.purpose == Purpose::Update && !known.spans_tables {
            if !update.assignments().iter().any(|assignment| names.contains(assignment.column.as_str())) {
                return Err("no column is set".into());
            }
            if is_inline {
                self.find_cells(step, update, &tokens)?;
            }
        }
        Ok(())
    }

    /// Each value that a row brings for its key or for a column is in the text.
    fn find_cells(&self, step: &Step<'_>, update: &Update<'_>, tokens: &[Token]) -> Result<(), String> {
        let Rows::Keyed(keyed) = update.rows() else { return Ok(()) };
        let Input::Cells(cells) = &keyed.input else { return Ok(()) };
        let is_set = |name: &Ident| {
            let reads = |expr: &Expr<'_>| matches!(expr, Expr::Input(read) if read == name);
            keyed.key.contains(name) || update.assignments().iter().any(|set| reads(&set.value))
        };
        for row in step.rows {
            let row = cells.rows().nth(usize::try_from(*row).unwrap()).expect("a row of the input");
            for (cell, column) in row.iter().zip(cells.columns()).filter(|(_, column)| is_set(column)) {
                let Cell::Value(value) = cell else { continue };
                if matches!(value, Value::Null | Value::Bool(_) | Value::Array(_)) {
                    continue;
                }
                let own = Known::of_value(value);
                let staged = if is_staged(step.text) { self.filled.as_slice() } else { &[] };
                let is_here = tokens.iter().chain(staged).any(|token| match token {
                    Token::Text(text) => own.is_in_text(text),
                    Token::Bytes(bytes) => own.holds_bytes(bytes),
                    Token::Number(number) => own.holds_number(number) || own.is_whole(number),
                    _ => false,
                });
                if !is_here {
                    return Err(format!("{value:?} of `{column}` is not in the text"));
                }
            }
        }
        Ok(())
    }

    #[track_caller]
    pub(crate) fn finish(&self, what: &str, least: usize) {
        println!("{what}: {} statements, {} tokens", self.statements, self.tokens);
        let wrong: Vec<_> = self.wrong.iter().take(20).map(|(why, text)| format!("{why}: {text:.1500}")).collect();
        assert!(
            wrong.is_empty(),
            "{} wrong:
{}",
            self.wrong.len(),
            wrong.join(
                "

"
            )
        );
        let known = words();
        let others: Vec<_> = self.words.iter().filter(|word| !known.contains(base(word))).collect();
        assert!(others.is_empty(), "words that are not in the list: {others:?}");
        assert!(self.statements >= least, "only {} statements", self.statements);
    }
}

fn check_one_of(step: &Step<'_>, texts: &[&str]) -> Result<(), String> {
    if texts.contains(&step.text) && step.binds.iter().all(<[_]>::is_empty) {
        return Ok(());
    }
    Err("it is no frame of a script".into())
}

/// T1, T2, T5: names, words and placeholders.
#[test]
fn every_case_holds_its_own_tokens_only() {
    let mut checked = Checked::default();
    for case in case::load("updates") {
        for dialect in dialects() {
            let schema = case.schema(dialect);
            if let Ok(update) = case.update(&schema) {
                checked.check_update(&case.name, &update, &schema, dialect);
            }
        }
    }
    checked.finish("cases", 10_000);
}

/// T1: hostile names.
#[test]
fn every_random_update_holds_its_own_tokens_only() {
    let mut checked = Checked::default();
    for (caps, dialect) in [
        (&Caps::SQLITE, Dialect::sqlite().at(Version::new(3, 54, 0))),
        (&Caps::POSTGRES, Dialect::postgres()),
        (&Caps::MYSQL, Dialect::mysql().at(Version::new(9, 7, 0))),
        (&Caps::MARIADB, Dialect::mariadb()),
    ] {
        let mut runner = TestRunner::deterministic();
        let strategy = generate::case(caps);
        for index in 0..50 {
            let case = strategy.new_tree(&mut runner).expect("a case").current();
            checked.check_update(&format!("random {index}"), &case.update(), &case.schema, dialect);
        }
    }
    checked.finish("random updates", 2_000);
}

/// T6: every operator before every negative number, and behind it.
#[test]
fn no_minus_stands_beside_a_minus() {
    let table = Table::new(TableName::new("t").unwrap())
        .column(Column::new("id", Type::INT64).unwrap().not_null())
        .column(Column::new("n", Type::INT64).unwrap())
        .column(Column::new("d", Type::Decimal { precision: Some(20), scale: Some(2) }).unwrap())
        .column(Column::new("f", Type::Float64).unwrap());
    let schema = Schema::new().table(table.primary_key(["id"]).unwrap());
    let decimal = |text: &'static str| Value::Decimal(Decimal::parse(text).unwrap());
    let negatives: [(&str, Vec<Value<'static>>); 3] = [
        ("n", vec![Value::Int(-1), Value::Int(i64::MIN), Value::Int(-9_007_199_254_740_993)]),
        ("d", vec![decimal("-1"), decimal("-0.5"), decimal("-123456789012.25")]),
        ("f", vec![Value::Float(-1.0), Value::Float(-1e-7), Value::Float(-0.1), Value::Float(-1.7e308)]),
    ];
    let operators = [Binary::Add, Binary::Subtract, Binary::Multiply, Binary::Divide, Binary::Less, Binary::Equal];
    let mut checked = Checked::default();
    for (column, values) in negatives {
        for value in values {
            for operand in [Expr::Value(value.clone()), Expr::Input(Ident::new(column).unwrap())] {
                let old = || Box::new(Expr::Column(Ident::new(column).unwrap()));
                let new = || Box::new(operand.clone());
                let negate = |of: Expr<'static>| Box::new(Expr::Unary(Unary::Negate, Box::new(of)));
                for operator in operators {
                    let pairs = [
                        Expr::Binary(operator, old(), new()),
                        Expr::Binary(operator, new(), old()),
                        Expr::Binary(operator, negate(*old()), negate(*new())),
                        Expr::Binary(operator, old(), negate(*negate(*new()))),
                    ];
                    for pair in pairs {
                        let is_condition = matches!(operator, Binary::Less | Binary::Equal);
                        let update = Update::table("t").schema(&schema).key(["id"]);
                        let rows = [vec![Value::Int(-1), value.clone()], vec![Value::Int(-2), value.clone()]];
                        let update = update.rows(["id", column], rows);
                        let update = match is_condition {
                            true => update.set(column, Expr::Input(Ident::new(column).unwrap())).filter(pair),
                            false => update.set(column, pair),
                        };
                        let Ok(update) = update.build() else { continue };
                        for dialect in Dialect::all() {
                            checked.check_update("minus", &update, &schema, dialect);
                        }
                    }
                }
            }
        }
    }
    checked.finish("pairs of minus", 3_000);
}

/// T24: a driver that prepares by the number of a text prepares no other text.
#[test]
fn one_number_is_one_text() {
    for case in case::load("updates") {
        for dialect in Dialect::all() {
            let schema = case.schema(dialect);
            let Ok(update) = case.update(&schema) else { continue };
            for chunk in [1, 2] {
                let options = Options::new().strategy(Strategy::ValuesJoin).chunk(chunk);
                let Ok(mut script) = compile(&update, dialect, &options) else { continue };
                let mut texts: BTreeMap<usize, String> = BTreeMap::new();
                while let Some(step) = script.next() {
                    let step = step.unwrap();
                    let known = texts.entry(step.text_id).or_insert_with(|| step.text.to_owned());
                    assert_eq!(known, step.text, "{} on {dialect}", case.name);
                }
            }
        }
    }
}

/// The lexer takes nothing that it should not.
#[test]
fn what_is_no_token_is_found() {
    use Lexis::{Mysql, Postgres, Sqlite};
    let aliens = [
        (Postgres, "SELECT 1--1", "a comment"),
        (Postgres, "SELECT 1 - -1", "a minus beside a minus"),
        (Sqlite, "SELECT 1 /* x */", "a comment"),
        (Mysql, "SELECT 1 # x", "a comment"),
        (Mysql, "SELECT 1; DELETE FROM t", "a semicolon"),
        (Postgres, "SELECT 'a\\'", "a text that hangs on the session"),
        (Postgres, "SELECT E'\\''", "an escape"),
        (Postgres, "SELECT $$a$$", "a dollar"),
        (Postgres, "SELECT `a`", "no token of setwise"),
        (Mysql, "SELECT \"a\"", "no token of setwise"),
        (Mysql, "SELECT 'é'", "a text that hangs on the session"),
        (Mysql, "SELECT 'a\\n'", "a text that hangs on the session"),
        (Sqlite, "SELECT [a]", "no token of setwise"),
        (Sqlite, "SELECT 'a", "an open quote"),
        (Sqlite, "SELECT 1a", "a number beside a word"),
        (Sqlite, "SELECT :a", "no token of setwise"),
        (Postgres, "SELECT 1 \u{a0}", "no token of setwise"),
    ];
    for (lexis, text, what) in aliens {
        assert_eq!(tokens(text, lexis).map_err(|alien| alien.what), Err(what), "{text}");
    }
    let read = |text: &str, lexis| tokens(text, lexis).unwrap();
    assert_eq!(read("(('a'||char(0,10))||'''b')", Sqlite), [Token::Text("a\0\n'b".into())]);
    assert_eq!(read("E'\\\\x00ff'", Postgres), [Token::Bytes(vec![0, 255])]);
    assert_eq!(read("_utf8mb4 X'C3A9'", Mysql), [Token::Text("\u{e9}".into())]);
    assert_eq!(read("\"a\"\"b\"", Postgres), [Token::Name("a\"b".into())]);
    assert_eq!(read("(-1.5e-7)", Sqlite)[2], Token::Number("1.5e-7".into()));
}
