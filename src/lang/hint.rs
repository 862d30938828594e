//! What may have been meant by a token that cannot stand where it does.

use super::follow::{EQUALS, FOLLOWING, UPDATED};
use super::name::{is_reserved, is_word_char};
use super::source::{Expected, shown};
use super::text::is_hidden;
use crate::error::nearest;

/// The words that begin a clause, in their order.
const CLAUSES: [&str; 14] = [
    "by",
    "set",
    "where",
    "all",
    "on",
    "only",
    "version",
    "touch",
    "disjoint",
    "lock",
    "returning",
    "then",
    "when",
    "rows",
];

/// Second names of tables mostly have no more letters.
const SHORT_NAME: usize = 2;

/// More clauses than so many are not listed one by one.
const MOST_CLAUSES: usize = 3;

const ORDER: &str = "clauses stand in this order, each once but `then` and `when`: by, set, where or all rows, \
                     on duplicate, on missing, only changed, version, touch, disjoint, lock, returning, then or when, rows";

const OTHER_TABLE: &str =
    "rows of another table come in by key with `rows from`, or are asked for by a condition with `in (select …)`";

/// Where a token cannot stand.
#[derive(Clone, Copy, PartialEq)]
enum Spot {
    /// At the start of an update.
    Start,
    /// In place of an operand.
    Operand,
    /// In place of a name.
    Name,
    /// In place of a table's name.
    Table,
    /// Behind a table's name.
    BehindTable,
    /// Behind a column's name, among others.
    BehindColumn,
    /// Where a parenthesis must open.
    Open,
    /// Behind a column that is selected.
    Selected,
    /// Behind several columns in parentheses.
    Row,
    /// Within what says which rows follow, and what is set in them.
    Follower,
    /// Where `then` must come in a rule.
    Rule,
    /// Behind an operand.
    Operator,
    /// Behind `is`.
    Test,
    /// In place of a constant text.
    Text,
    /// Behind what is complete, where a clause may follow.
    Clause,
}

/// What others write, and what to write here.
const FOREIGN: [(&[Spot], &[&str], &str); 30] = [
    (
        &[Spot::Start],
        &["select", "insert", "delete", "with", "replace", "merge", "create", "alter", "drop", "begin"],
        "the language has updates only",
    ),
    (&[Spot::Start], &["then"], "`then` stands behind an update, or behind `when t`"),
    (&[Spot::Start], &["when"], "a rule by itself stands in a library, in an update it is a clause"),
    (&[Spot::Operand], &["?", "$", "@"], "a parameter is declared behind the update's name, and read as `:name`"),
    (&[Spot::Operand], &["!"], "write `not`"),
    (&[Spot::Operand], &["["], "write `array[…]`"),
    (&[Spot::Operand], &["*"], "columns are named one by one"),
    (&[Spot::Operand], &["select"], OTHER_TABLE),
    (&[Spot::Table], &["(", "select"], "a table stands by its name, and a condition says which of its rows are meant"),
    (&[Spot::Table], &["update"], "leave it out"),
    (&[Spot::Name], &[":"], "a parameter stands for a value, not for a name"),
    (&[Spot::Name], &["*"], "columns are named one by one"),
    (&[Spot::Name], &["distinct"], "leave it out, rows that are equal count once"),
    (&[Spot::Text], &[":", "new", "concat", "lower", "upper"], "only a constant can stand here"),
    (&[Spot::Name], &["`", "["], "a name that is no plain word stands in double quotes"),
    (&[Spot::Selected], &["(", "as", "+", "-", "*", "/"], "only columns are selected"),
    (&[Spot::Open], &["select"], "rows of a table stand in parentheses: `in (select …)`"),
    (&[Spot::Follower], &["and"], "a comma stands between two links"),
    (&[Spot::Operator], &["ilike"], "write `lower(a) like '…'`"),
    (&[Spot::Operator], &["regexp", "rlike", "similar", "glob", "~"], "there are no regular expressions, only `like`"),
    (&[Spot::Operator], &["xor"], "write `a <> b`"),
    (&[Spot::Operator], &["mod", "div"], "it is a function: `mod(a, b)`, `div(a, b)`"),
    (&[Spot::Operator], &["|", "&", "^", "#"], "there are no operators on bits"),
    (&[Spot::Test], &["true", "false"], "write the condition itself, or `not` before it"),
    (
        &[Spot::Clause, Spot::BehindTable, Spot::Operator],
        &["limit", "offset", "fetch", "top"],
        "a condition says which rows are meant, not their number",
    ),
    (&[Spot::Clause], &["order", "group", "having"], "rows are updated as if all at once, in no order"),
    (&[Spot::BehindTable, Spot::Operator], &["order", "group", "having", "union"], "only a condition selects rows"),
    (&[Spot::Clause, Spot::BehindTable], &["from", "join", "inner", "left", "cross", "using"], OTHER_TABLE),
    (&[Spot::BehindTable], &[","], "only one table is named"),
    (&[Spot::BehindTable], &["as"], NO_ALIAS),
];

const NO_ALIAS: &str = "a table has no second name";

/// What is written at a spot, where nothing better is known of what stands there.
const FORMS: [(Spot, &str); 4] = [
    (Spot::BehindTable, NO_ALIAS),
    (Spot::Rule, "a rule is `when t then u by its_column = our_column set …`"),
    (Spot::Follower, "what follows is `then t by its_column = our_column set …`"),
    (Spot::Row, "only `in (select …)` compares several columns at once"),
];

/// `; ` and what may have been meant, or nothing. The text is what is before the token, and the token with all behind it.
pub(super) fn hint(before: &str, token: &str, rest: &str, expected: &[Expected]) -> String {
    let spots = spots(expected);
    let is = |spot| spots.contains(&spot);
    let is_word = |word: &str| token.eq_ignore_ascii_case(word);
    let is_clause = CLAUSES.iter().any(|clause| is_word(clause));
    let ends_expression = is_clause
        || ["then", "when", "else", "end", "and", "or"].into_iter().any(is_word)
        || matches!(token, "" | ";" | ")");
    let first = rest.chars().next().unwrap_or(' ');
    let foreign = FOREIGN.iter().find(|(foreign, written, _)| {
        let means = |written: &&str| match written.starts_with(is_word_char) {
            true => is_word(written),
            false => rest.starts_with(*written),
        };
        foreign.iter().any(|spot| is(*spot)) && written.iter().any(means)
    });
    let behind = rest.strip_prefix(token).unwrap_or_default().trim_start();
    let is_named = is(Spot::Name) && is_reserved(token) && behind.starts_with([':', '=']);
    let known = if before.trim_end().ends_with(',') && ends_expression && !is_named {
        "leave out the comma before it, or go on"
    } else if is_clause && before.trim_end().ends_with(';') {
        "a clause stands before the semicolon that ends its update"
    } else if let Some((.., hint)) = foreign {
        hint
    } else if is(Spot::Table) && is_clause {
        "name a table before it, or write it in double quotes if it is the table's name"
    } else if (is(Spot::Name) || is(Spot::Operand) && !ends_expression) && is_reserved(token) {
        "a word of the language is a name only in double quotes"
    } else if token.starts_with(is_word_char) && before.ends_with('\'') {
        "a quote within a text is doubled"
    } else if rest.starts_with('=') && before.ends_with('=') {
        "write `=` once"
    } else if rest.starts_with(":=") {
        "write `=`"
    } else if rest.starts_with('.') && is(Spot::BehindColumn) {
        "columns stand without their table"
    } else if matches!(first, '‘' | '’' | '“' | '”' | '„' | '«' | '»' | '´') {
        "texts stand in plain single quotes, names in double quotes"
    } else if !rest.is_empty() && (first.is_whitespace() || is_hidden(first)) {
        "only plain blanks and line breaks stand between words"
    } else if expected == [Expected::Text(":")] && token.starts_with(is_word_char) {
        "a parameter's type stands behind a colon"
    } else if is(Spot::Clause) && is_word("update") {
        if expected.contains(&Expected::Text(";")) {
            "a semicolon ends an update"
        } else {
            "a file of several updates is a library, of which one is called by its name"
        }
    } else if is(Spot::Clause) && is_clause && !expected.iter().any(|known| known.is_text(token)) {
        ORDER
    } else {
        ""
    };
    if !known.is_empty() {
        return format!("; {known}");
    }
    let near = near_word(token, expected);
    if near.is_empty()
        && is(Spot::BehindTable)
        && let Some(named) = without_on(before, token)
    {
        return format!("; {NO_ALIAS}, and an update's own name stands before `on`: `{named}`");
    }
    let may_be_name = token.starts_with(|c| c == '"' || is_word_char(c)) && !is_reserved(token);
    let form = FORMS.iter().find(|(spot, _)| is(*spot) && (*spot != Spot::BehindTable || may_be_name));
    if near.is_empty() { form.map_or_else(String::new, |(_, form)| format!("; {form}")) } else { near }
}

/// `update u on t`, where `update u t` is written, and `t` is not so short that it is meant as another name of `u`.
fn without_on(before: &str, token: &str) -> Option<String> {
    let is_plain = |word: &str| word.starts_with(is_word_char) && word.chars().all(is_word_char);
    let (start, name) = before.trim_end().rsplit_once(char::is_whitespace)?;
    let (start, word) = start.trim_end().split_at_checked(start.trim_end().len().checked_sub("update".len())?)?;
    let is_update = word.eq_ignore_ascii_case("update") && !start.ends_with(is_word_char);
    let fits = is_update && token.len() > SHORT_NAME && is_plain(name) && is_plain(token) && !is_reserved(token);
    fits.then(|| format!("update {} on {}", shown(name), shown(token)))
}

fn spots(expected: &[Expected]) -> Vec<Spot> {
    let holds = |text: &'static str| expected.contains(&Expected::Text(text));
    let spot = |expected: &Expected| match expected {
        Expected::Text("update") => Some(Spot::Start),
        Expected::Name("an expression") => Some(Spot::Operand),
        Expected::Name("a table") => Some(Spot::Table),
        Expected::Name(FOLLOWING | UPDATED) | Expected::Thing(EQUALS) | Expected::Text("by" | "set") => {
            Some(Spot::Follower)
        }
        Expected::Thing("an operator") => Some(Spot::Operator),
        Expected::Thing("the end") | Expected::Clause(_) => Some(Spot::Clause),
        Expected::Text("distinct") => Some(Spot::Test),
        Expected::Thing("a text in single quotes") => Some(Spot::Text),
        Expected::Name(_) | Expected::Text(_) | Expected::Thing(_) => None,
    };
    let mut spots: Vec<Spot> = expected.iter().filter_map(spot).collect();
    let is_name = |expected: &Expected| matches!(expected, Expected::Name(name) if *name != "an expression");
    // a point stands behind `new` alone, and behind `old` too
    let more = [
        (expected.iter().any(is_name), Spot::Name),
        (expected == [Expected::Text("(")], Spot::Open),
        (holds("from") && holds(","), Spot::Selected),
        (expected == [Expected::Text("in")] || expected == [Expected::Text("select")], Spot::Row),
        (holds("then") && !spots.contains(&Spot::Operator), Spot::Rule),
        (holds(".") && !holds(",") && expected.len() > 1, Spot::BehindTable),
        (holds(",") || holds("=") || expected.contains(&Expected::Thing(EQUALS)), Spot::BehindColumn),
    ];
    spots.extend(more.into_iter().filter(|(is, _)| *is).map(|(_, spot)| spot));
    spots
}

/// The expected word nearest to a wrong one.
fn near_word(token: &str, expected: &[Expected]) -> String {
    let words = expected.iter().filter_map(|what| match what {
        Expected::Text(text) | Expected::Clause(text) if text.starts_with(is_word_char) => Some(*text),
        _ => None,
    });
    let is_word = token.len() > 1 && token.starts_with(is_word_char);
    if is_word { nearest(&shown(token), words) } else { String::new() }
}

/// `a, b or c`. Where many clauses may follow, one stands for all.
pub(super) fn any_of(expected: &[Expected]) -> String {
    let is_clause = |what: &Expected| matches!(what, Expected::Clause(_));
    let clauses = expected.iter().filter(|what| is_clause(what)).count();
    let mut words = Vec::new();
    for what in expected {
        match what {
            clause if is_clause(clause) && clauses > MOST_CLAUSES => {
                if !words.iter().any(|word: &String| word.starts_with("a clause")) {
                    words.push(format!("a clause such as {clause}"));
                }
            }
            other => words.push(other.to_string()),
        }
    }
    let last = words.pop().unwrap_or_default();
    if words.is_empty() { last } else { format!("{} or {last}", words.join(", ")) }
}
