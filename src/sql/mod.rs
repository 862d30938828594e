//! The small SQL tree: what a statement says, its size in the number of columns. The rows are not in it; a node
//! says where they go, and `render` writes them there.

use std::borrow::Cow;

use crate::check::form::constant_in;
use crate::dialect::{Form, JoinForm, RowsForm};
use crate::expand::{Beside, Snapshot, Stands};
use crate::ir::{Cell, Ident, Returned, TableName, Type, Value};

/// A statement for the rows of one chunk.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement<'u> {
    /// The table.
    pub target: &'u TableName,
    /// What is done.
    pub verb: Verb<'u>,
    /// How the chunk's rows come in.
    pub source: Source,
    /// The table from which they come, where they do.
    pub from: Option<Selected<'u>>,
    /// The columns of the input that the statement uses, the key's among them.
    pub inputs: Vec<InputColumn<'u>>,
    /// The positions in `inputs` of the key columns.
    pub key: Vec<usize>,
    /// Conditions, all of which must be true.
    pub filter: Vec<Sql<'u>>,
    /// The primary key, by which the target is joined with itself so that [`Sql::Old`] reads the row as it was; empty
    /// where nothing does.
    pub old_key: Vec<&'u Ident>,
    /// Whether the target's rows are found along its primary key alone, those of incoming keys one by one in their order:
    /// for engines that lock each row that they read.
    pub along_key: bool,
    /// The columns of the rows that an update gives back.
    pub returning: Vec<Given<'u>>,
    /// The tables that are read beside the target; some of the columns are theirs.
    pub beside: &'u [Beside],
    /// An update that stands before, and gives back the columns by which this one's rows follow.
    pub led_by: Option<Box<Statement<'u>>>,
    /// What the chunk's rows are called, where they are joined.
    pub rows_name: Cow<'static, str>,
}

impl<'u> Statement<'u> {
    /// All expressions, and their parts.
    pub fn walk(&self) -> impl Iterator<Item = &Sql<'u>> {
        let set: &[Set<'u>] = if let Verb::Update { set } = &self.verb { set } else { &[] };
        let (select, kept) = match &self.verb {
            Verb::Select(select)
            | Verb::Count(select)
            | Verb::Insert { columns: _, select }
            | Verb::KeepOld { snapshot: _, act: _, select }
            | Verb::Raise { message: _, select } => (Some(select), None),
            Verb::Keep(keep) => (None, Some(keep)),
            Verb::Update { .. } | Verb::Constraints { .. } | Verb::Stage { .. } => (None, None),
            Verb::LockTable | Verb::LockSource(_) => (None, None),
        };
        let selected = select.into_iter().flat_map(|it| it.list.iter().chain(&it.repeated).chain(&it.order));
        let kept = kept.into_iter().flat_map(|keep| keep.select.list.iter().chain(&keep.of));
        let of_verb = set.iter().map(|set| &set.value).chain(selected).chain(kept);
        let given = self.returning.iter().filter_map(|given| given.value.as_ref());
        let from = self.from.iter().flat_map(|from| from.columns.iter().chain(&from.filter));
        of_verb.chain(&self.filter).chain(given).chain(from).flat_map(Sql::walk)
    }

    /// A name for the chunk's rows that no table has which the statement names: SQLite's are a common table expression, which
    /// would hide a table of its name wherever that is read.
    pub fn name_rows(&self) -> Cow<'static, str> {
        let is_free = |name: &str| !self.tables().any(|table| table.name().as_str().eq_ignore_ascii_case(name));
        let mut numbered = (0_usize..).map(|number| format!("w{number}"));
        match ["v", "w"].into_iter().find(|name| is_free(name)) {
            Some(name) => Cow::Borrowed(name),
            None => Cow::Owned(numbered.find(|name| is_free(name)).unwrap_or_default()),
        }
    }

    /// The tables that it names.
    fn tables(&self) -> impl Iterator<Item = &TableName> {
        let selected = |sql: &'_ Sql<'u>| if let Sql::InRows(_, rows) = sql { Some(rows.table) } else { None };
        let beside = self.beside.iter().filter_map(|beside| match &beside.from {
            Stands::Table(table) => Some(table),
            Stands::Kept(_) | Stands::Updated => None,
        });
        [self.target].into_iter().chain(beside).chain(self.walk().filter_map(selected))
    }
}

/// A column that an update gives back.
#[derive(Clone, Debug, PartialEq)]
pub struct Given<'u> {
    /// The column, and whether its old or its new value is meant.
    pub returned: &'u Returned,
    /// What is given back under the column's name, where it is not what the update writes.
    pub value: Option<Sql<'u>>,
}

/// What a statement does.
#[derive(Clone, Debug, PartialEq)]
pub enum Verb<'u> {
    /// `UPDATE … SET …`
    Update {
        /// What is set, in the order in which it is written.
        set: Vec<Set<'u>>,
    },
    /// `INSERT INTO … SELECT …`
    Insert {
        /// The columns that the query gives.
        columns: Vec<&'u Ident>,
        /// The new rows.
        select: Select<'u>,
    },
    /// `SELECT …`
    Select(Select<'u>),
    /// `SELECT count(*) FROM (SELECT …)`: for what a query does to the rows that it finds, not for the rows.
    Count(Select<'u>),
    /// Fails where the query has a row. The message begins with these words where the engine lets it say something.
    Raise {
        /// What it says before the rows.
        message: &'static str,
        /// The query.
        select: Select<'u>,
    },
    /// Makes, fills or drops the temporary table that holds the rows.
    Stage {
        /// The number of the table.
        stage: usize,
        /// What is done with it.
        act: Act,
    },
    /// Makes, fills or drops the temporary table that keeps old values.
    KeepOld {
        /// The table.
        snapshot: &'u Snapshot,
        /// What is done with it.
        act: Act,
        /// The old values.
        select: Select<'u>,
    },
    /// Keeps numbers for later statements.
    Keep(Keep<'u>),
    /// Keeps others from writing to the table.
    LockTable,
    /// Keeps others from writing to the table from which the rows come.
    LockSource(&'u TableName),
    /// Says when constraints are judged.
    Constraints {
        /// Their names.
        names: Vec<&'u Ident>,
        /// Whether that is later: at the end of the transaction, or when they are judged at once again.
        later: bool,
    },
}

/// What is done with a temporary table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// One that an earlier script has left is dropped.
    Clear,
    /// It is made.
    Create,
    /// Rows are put into it.
    Fill,
    /// Its rows are found by their key.
    Index,
    /// It is dropped.
    Drop,
}

/// A query of one row, and the names under which its numbers are kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Keep<'u> {
    /// Which of the parked columns the numbers are of.
    pub at: usize,
    /// The numbers, in the order of the query's list.
    pub numbers: Vec<Number>,
    /// Whether they are the first of their column.
    pub is_first: bool,
    /// A value of each row, which the query's list names: the query reads from these.
    pub of: Option<Sql<'u>>,
    /// The query.
    pub select: Select<'u>,
}

/// A number that a script keeps of a column whose values are parked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Number {
    /// No value is above it, neither an old nor a new one.
    High,
    /// No new value is below it.
    Low,
    /// By so much are new values parked above their place.
    Shift,
}

impl Number {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::High => "high",
            Self::Low => "low",
            Self::Shift => "shift",
        }
    }
}

/// A query over the target and the chunk's rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Select<'u> {
    /// What the rows are, for a person who reads them: a first column `error`.
    pub heading: Option<&'static str>,
    /// What is read.
    pub list: Vec<Sql<'u>>,
    /// Where it is read from.
    pub from: From,
    /// Where there are any: a row for each group that is equal in these and has more than one row.
    pub repeated: Vec<Sql<'u>>,
    /// In what order the rows come.
    pub order: Vec<Sql<'u>>,
    /// Whether the rows of the target are locked.
    pub lock: bool,
}

impl<'u> Select<'u> {
    /// A query that neither groups nor sorts nor locks.
    #[must_use]
    pub fn new(list: Vec<Sql<'u>>, from: From) -> Self {
        Self { heading: None, list, from, repeated: Vec::new(), order: Vec::new(), lock: false }
    }
}

/// Where a query reads from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum From {
    /// The target's rows with a key of the chunk.
    Target,
    /// The chunk's rows.
    Rows,
    /// The chunk's rows, each with the target's row of its key where there is one.
    RowsAndTarget,
    /// Those of the chunk's rows whose key is NULL.
    NullRows,
    /// Those of the chunk's rows whose key the target does not have.
    AbsentRows,
    /// The chunk's rows that the target has, each with the target's row of its key.
    RowsInTarget,
    /// Nowhere.
    Nothing,
}

/// One `column = value`.
#[derive(Clone, Debug, PartialEq)]
pub struct Set<'u> {
    /// The column.
    pub column: &'u Ident,
    /// Its new value.
    pub value: Sql<'u>,
}

/// How the chunk's rows come into a statement, and with it what [`Sql::Input`] is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// There are none.
    None,
    /// The keys alone: `WHERE key IN (…)`. No input is read.
    Keys,
    /// One row for each execution: an input is its cell.
    Row,
    /// An input is `CASE key WHEN … THEN … END`, with `WHERE key IN (…)`.
    Case,
    /// An input is a column of the joined rows.
    Join {
        /// The form of the join.
        form: JoinForm,
        /// The form of its rows.
        rows: Joined,
    },
}

/// How joined rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Joined {
    /// Row by row.
    Rows(RowsForm),
    /// As an array for each column; with `keyed` the target's key must be in the array of keys too, so that the engine
    /// looks each up instead of reading the whole table.
    Arrays {
        /// Whether it must.
        keyed: bool,
    },
    /// As one JSON document.
    Document,
    /// As a temporary table, which earlier statements have filled.
    Staged {
        /// Its number among those of the script.
        stage: usize,
    },
    /// As the table from which they come.
    Table,
}

/// A column of the input, as a statement uses it.
#[derive(Clone, Debug, PartialEq)]
pub struct InputColumn<'u> {
    /// Its name.
    pub name: &'u Ident,
    /// Its position among the input's columns.
    pub position: usize,
    /// What of the cells at that position is meant.
    pub part: Part,
    /// Its type: the declared one, or the one of its values.
    pub ty: Cow<'u, Type>,
    /// The form in which the dialect stores its values.
    pub form: Form,
    /// Whether the target has a column of that name, so that a header row can type it.
    pub in_target: bool,
}

impl<'u> InputColumn<'u> {
    /// What a row gives; NULL where there is none.
    #[inline]
    pub(crate) fn value_in(&self, row: Option<&'u [Cell<'u>]>) -> &'u Value<'u> {
        row.and_then(|row| row.get(self.position)).map_or(&Value::Null, |cell| self.value_of(cell))
    }

    /// What a cell gives.
    #[inline]
    pub(crate) fn value_of(&self, cell: &'u Cell<'u>) -> &'u Value<'u> {
        match (self.part, cell) {
            (Part::Cell, Cell::Value(value)) => value,
            (Part::Cell, _) => &Value::Null,
            (Part::Constant(slot), cell) => constant_in(cell, slot).unwrap_or(&Value::Null),
            (Part::Given, Cell::Keep) => &Value::Bool(false),
            (Part::Given, _) => &Value::Bool(true),
        }
    }
}

/// What a statement takes from a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Its value.
    Cell,
    /// A constant of its expression.
    Constant(usize),
    /// Whether it is given, or the column kept.
    Given,
}

/// An expression of SQL. Every operand that is not a leaf is written in parentheses.
#[derive(Clone, Debug, PartialEq)]
pub enum Sql<'u> {
    /// A column of the target, as it was.
    Column(&'u Ident),
    /// A column of the target as it was, where the statement writes it before it is read.
    Old(&'u Ident),
    /// An input, by its position in [`Statement::inputs`].
    Input(usize),
    /// A value from the update: a literal or a parameter.
    Value {
        /// The value.
        value: Cow<'u, Value<'u>>,
        /// Its type.
        ty: Cow<'u, Type>,
        /// Whether its type must be said where the engine would have to guess.
        cast: bool,
    },
    /// The argument of a parameter of the update, whose type is said where the engine would have to guess.
    Argument {
        /// The parameter, by its position.
        at: usize,
        /// The argument; none where it is given when the statement has long been written.
        value: Option<&'u Value<'u>>,
        /// The parameter's type.
        ty: &'u Type,
    },
    /// A word or number of the lowering's own, such as `NULL`, `-9223372036854775808` or `'integer'`.
    Word(Cow<'static, str>),
    /// `a op b op c`.
    Infix(&'static str, Vec<Sql<'u>>),
    /// `op a`.
    Prefix(&'static str, Box<Sql<'u>>),
    /// `a op`, such as `a IS NULL`.
    Postfix(Box<Sql<'u>>, &'static str),
    /// `name(a, b)`.
    Call(&'static str, Vec<Sql<'u>>),
    /// `CAST(a AS type)`; the name is the engine's own spelling of a type.
    Cast(Box<Sql<'u>>, Cow<'static, str>),
    /// `a COLLATE name`; the name is quoted as other names are.
    Collate(Box<Sql<'u>>, &'u Ident),
    /// `a BETWEEN b AND c`.
    Between(Box<Sql<'u>>, Box<Sql<'u>>, Box<Sql<'u>>),
    /// `(SELECT body FROM (SELECT a AS x0, b AS x1) AS x)`: names values, so that each is written once.
    Let(Vec<Sql<'u>>, Box<Sql<'u>>),
    /// A value that the [`Let`](Self::Let) around it names, by its position there.
    Named(usize),
    /// `CASE WHEN … THEN … ELSE … END`.
    Case(Vec<(Sql<'u>, Sql<'u>)>, Option<Box<Sql<'u>>>),
    /// `a IN (b, c)`.
    In(Box<Sql<'u>>, Vec<Sql<'u>>),
    /// `(a, b) IN (SELECT c, d FROM t WHERE …)`.
    InRows(Vec<Sql<'u>>, Box<Selected<'u>>),
    /// A column of the table from which rows are selected.
    Of(&'u TableName, &'u Ident),
    /// Pieces one behind the other, for forms that are none of the above.
    Sequence(Vec<Sql<'u>>),
}

/// Rows that are selected from a table beside the target.
#[derive(Clone, Debug, PartialEq)]
pub struct Selected<'u> {
    /// The table.
    pub table: &'u TableName,
    /// What is read of each row.
    pub columns: Vec<Sql<'u>>,
    /// The condition that they fulfil.
    pub filter: Option<Sql<'u>>,
    /// Whether the table may be the target, so that all rows are read before the first is written.
    pub is_target: bool,
}

impl<'u> Sql<'u> {
    /// A word of the lowering's own.
    pub fn word(word: impl Into<Cow<'static, str>>) -> Self {
        Self::Word(word.into())
    }

    /// `a op b`.
    pub fn infix(a: Self, operator: &'static str, b: Self) -> Self {
        Self::Infix(operator, vec![a, b])
    }

    /// `a op`.
    pub fn postfix(self, operator: &'static str) -> Self {
        Self::Postfix(Box::new(self), operator)
    }

    /// `CAST(a AS type)`.
    pub fn cast(self, ty: impl Into<Cow<'static, str>>) -> Self {
        Self::Cast(Box::new(self), ty.into())
    }

    /// `CASE WHEN when THEN then ELSE otherwise END`.
    pub fn choose(when: Self, then: Self, otherwise: Self) -> Self {
        Self::Case(vec![(when, then)], Some(Box::new(otherwise)))
    }

    /// A constant of the lowering's own, with its type.
    pub fn constant(value: Value<'u>, ty: Type) -> Self {
        Self::Value { value: Cow::Owned(value), ty: Cow::Owned(ty), cast: true }
    }

    /// Whether the expression has more than so many nodes.
    pub fn is_larger(&self, most: usize) -> bool {
        self.walk().nth(most).is_some()
    }

    /// The expression and all of its operands, theirs too, without recursion.
    pub fn walk(&self) -> impl Iterator<Item = &Sql<'u>> {
        // most are leaves, for which nothing is allocated
        let (mut first, mut open) = (Some(self), Vec::new());
        std::iter::from_fn(move || {
            let next = first.take().or_else(|| open.pop())?;
            open.extend(next.operands());
            Some(next)
        })
    }

    /// Whether the expression is short and costs nothing, so that it may be written twice.
    pub fn is_leaf(&self) -> bool {
        matches!(self, Self::Column(_) | Self::Old(_) | Self::Of(..) | Self::Named(_) | Self::Word(_))
    }

    /// The operands, in order.
    pub fn operands(&self) -> Vec<&Sql<'u>> {
        match self {
            Self::Column(_) | Self::Old(_) | Self::Of(..) | Self::Input(_) | Self::Named(_) => Vec::new(),
            Self::Value { .. } | Self::Argument { .. } | Self::Word(_) => Vec::new(),
            Self::Prefix(_, a) | Self::Postfix(a, _) | Self::Cast(a, _) | Self::Collate(a, _) => vec![a],
            Self::Infix(_, list) | Self::Call(_, list) | Self::Sequence(list) => list.iter().collect(),
            Self::Between(a, b, c) => vec![a, b, c],
            Self::Let(values, body) => values.iter().chain([&**body]).collect(),
            Self::In(a, list) => std::iter::once(&**a).chain(list).collect(),
            Self::InRows(list, rows) => list.iter().chain(&rows.columns).chain(&rows.filter).collect(),
            Self::Case(branches, otherwise) => {
                branches.iter().flat_map(|(when, then)| [when, then]).chain(otherwise.as_deref()).collect()
            }
        }
    }
}
