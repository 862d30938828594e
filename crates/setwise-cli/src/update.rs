//! The update that the command line describes.

use std::path::Path;

use setwise::lang::{self, Parsed, SourceMap};
use setwise::read::CsvOptions;
use setwise::{Cells, Dialect, Error, Errors, Ident, Place, Schema, Table, Update, UpdateBuilder, Value};

use crate::args::{self, InputFormat};
use crate::document::{Document, Source, show};
use crate::failure::Failure;
use crate::policies::Policies;
use crate::rows::{self, RowsFormat};
use crate::schema::SchemaFile;
use crate::streamed::Streamed;

/// The file that an update comes with.
#[derive(Debug)]
enum Input {
    /// Its rows.
    Rows(RowsFormat, Source),
    /// All of it.
    Whole(Document),
}

impl Input {
    fn load(path: &Path, format: InputFormat) -> Result<Self, Failure> {
        Ok(match RowsFormat::of(format) {
            Some(format) => Self::Rows(format, Source::open(path)?),
            None => Self::Whole(Document::load(path)?),
        })
    }
}

/// The texts that the update borrows from.
#[derive(Debug)]
pub(crate) struct Texts {
    schema: Option<SchemaFile>,
    input: Option<Input>,
    table: Option<Document>,
    key: Vec<Document>,
    rows_from: Option<Document>,
    set: Vec<Document>,
    filter: Vec<Document>,
    all_rows: bool,
    csv: CsvOptions,
    policies: Policies,
}

impl Texts {
    /// Reads the files that the command line names.
    pub(crate) fn load(args: &args::Update) -> Result<Self, Failure> {
        let options =
            |name: &str, texts: &[String]| texts.iter().map(|text| Document::new(name, text)).collect::<Vec<_>>();
        let input = match &args.input {
            None => None,
            Some(path) => Some((path, args.reading.format_of(path)?)),
        };
        let whole = matches!(input, Some((_, InputFormat::Setwise)));
        let described = args.table.is_some() || !args.key.is_empty() || !args.set.is_empty() || !args.filter.is_empty();
        if whole && (described || args.all_rows || args.policies != args::Policies::default()) {
            return Err(Failure::usage(
                "a .setwise file says it all; leave out --table, --key, --set, --where, --all-rows and policies",
            ));
        }
        if !whole && args.table.is_none() {
            return Err(Failure::usage("--table is missing: which table is updated?"));
        }
        if !whole && (input.is_some() || args.rows_from.is_some()) && args.key.is_empty() {
            return Err(Failure::usage("--key is missing: which columns identify a row?"));
        }
        if input.is_none() && args.rows_from.is_none() && !args.key.is_empty() {
            return Err(Failure::usage(
                "--key needs rows: name a file of rows, `-` for standard input, or a table with --rows-from",
            ));
        }
        Ok(Self {
            schema: SchemaFile::load(&args.reading.tables)?,
            input: input.map(|(path, format)| Input::load(path, format)).transpose()?,
            table: args.table.as_deref().map(|text| Document::new("--table", text)),
            key: options("--key", &args.key),
            rows_from: args.rows_from.as_deref().map(|text| Document::new("--rows-from", text)),
            set: options("--set", &args.set),
            filter: options("--where", &args.filter),
            all_rows: args.all_rows,
            csv: args.reading.csv(),
            policies: Policies::load(&args.policies),
        })
    }

    /// The schema file's schema.
    pub(crate) fn schema(&self, dialect: Dialect) -> Result<Option<Schema>, Failure> {
        self.schema.as_ref().map(|file| file.parse(dialect)).transpose()
    }

    /// The update; none where the rows are a list without any, so that not even the columns are known.
    pub(crate) fn read<'t>(&'t self, schema: Option<&'t Schema>) -> Result<Option<Described<'t>>, Failure> {
        match &self.input {
            Some(Input::Whole(document)) => read_whole(document, schema).map(Some),
            Some(Input::Rows(format, source)) => self.read_parts(Some((*format, source.document()?)), schema),
            None => self.read_parts(None, schema),
        }
    }

    fn read_parts<'t>(
        &'t self,
        input: Option<(RowsFormat, &'t Document)>,
        schema: Option<&'t Schema>,
    ) -> Result<Option<Described<'t>>, Failure> {
        let Parts { mut builder, mut origin, declared } = self.parts(schema)?;
        if let Some(input) = input {
            match origin.read_rows(input, schema.zip(declared), &self.csv)? {
                Some(cells) => builder = builder.cells(cells),
                None => return Ok(None),
            }
        }
        Described::build(builder, schema, origin).map(Some)
    }

    /// The update as a stream of its rows; none where there are none, or where something is wrong with it or with the
    /// first of them: [`read`](Self::read) tells what.
    pub(crate) fn stream<'t>(&'t self, schema: Option<&'t Schema>) -> Option<Streamed<'t>> {
        let Some(Input::Rows(format, source)) = &self.input else { return None };
        // Fields of tables that this one extends are none of its own, and their rows are read at once.
        let Parts { builder, origin: _, declared } = self.parts(schema).ok()?;
        let builder = schema.into_iter().fold(builder, UpdateBuilder::schema);
        Streamed::open(*format, source, declared, &self.csv, builder)
    }

    /// What the command line says of the update.
    fn parts<'t>(&'t self, schema: Option<&'t Schema>) -> Result<Parts<'t>, Failure> {
        let mut refused = Vec::new();
        let table = parse_each(self.table.as_slice(), lang::parse_table, &mut refused).pop();
        let key = parse_each(&self.key, lang::parse_columns, &mut refused).concat();
        let set = parse_each(&self.set, lang::parse_assignments, &mut refused).concat();
        let filters = parse_each(&self.filter, lang::parse_expr, &mut refused);
        let rows_from = parse_each(self.rows_from.as_slice(), lang::parse_rows_from, &mut refused).pop();
        let policies = self.policies.parse(&mut refused);
        let Some(table) = table.filter(|_| refused.is_empty()) else {
            return Err(Failure::Refused(refused.join("\n")));
        };
        let origin = Origin { set: set.iter().map(ToString::to_string).collect(), ..Origin::default() };
        let mut builder = Update::table(&table).key(&key);
        builder = set.into_iter().fold(builder, |builder, each| builder.set(each.column, each.value));
        builder = filters.into_iter().fold(builder, UpdateBuilder::filter);
        builder = rows_from.into_iter().fold(builder, UpdateBuilder::rows_from);
        if self.all_rows {
            builder = builder.all_rows();
        }
        builder = policies.apply(builder);
        let declared = schema.map(|schema| schema.require(&table)).transpose();
        let declared = declared.map_err(|error| Failure::Refused(origin.show(&error)))?;
        Ok(Parts { builder, origin, declared })
    }
}

/// The update as the command line describes it, without its rows.
struct Parts<'t> {
    builder: UpdateBuilder<'t>,
    origin: Origin<'t>,
    declared: Option<&'t Table>,
}

/// Parses each text, and collects what is wrong with any.
pub(crate) fn parse_each<'t, T>(
    texts: &'t [Document],
    parse: impl Fn(&'t str) -> Result<T, Error>,
    refused: &mut Vec<String>,
) -> Vec<T> {
    let mut taken = Vec::new();
    for document in texts {
        // What came as text from the command line is text.
        let Ok(text) = document.text() else { continue };
        match parse(text) {
            Ok(parsed) => taken.push(parsed),
            Err(error) => refused.push(document.show(&error)),
        }
    }
    taken
}

fn read_whole<'t>(document: &'t Document, schema: Option<&'t Schema>) -> Result<Described<'t>, Failure> {
    let refuse = |errors: Errors| Failure::refused(&errors, |error| document.show(error));
    let parsed = lang::parse(document.text()?).map_err(refuse)?;
    let (builder, map) = parsed.into_parts();
    Described::build(builder, schema, Origin { whole: Some((document, map)), ..Origin::default() })
}

/// An update, and where its parts come from.
#[derive(Debug)]
pub(crate) struct Described<'t> {
    pub(crate) update: Update<'t>,
    origin: Origin<'t>,
}

impl<'t> Described<'t> {
    fn build(builder: UpdateBuilder<'t>, schema: Option<&'t Schema>, origin: Origin<'t>) -> Result<Self, Failure> {
        let builder = schema.into_iter().fold(builder, UpdateBuilder::schema);
        match builder.build() {
            Ok(update) => Ok(Self { update, origin }),
            Err(errors) => Err(Failure::refused(&errors, |error| origin.show(error))),
        }
    }

    /// An update of a library with its rows and arguments; none where the rows are a list without any.
    pub(crate) fn of_library(
        parsed: Parsed<'t>,
        library: &'t Document,
        rows: Option<(RowsFormat, &'t Document)>,
        schema: Option<&'t Schema>,
        csv: &CsvOptions,
        arguments: Vec<(&str, Value<'t>)>,
    ) -> Result<Option<Self>, Failure> {
        let declared = schema.and_then(|schema| schema.find(parsed.target()));
        let (mut builder, map) = parsed.into_parts();
        let mut origin = Origin { whole: Some((library, map)), ..Origin::default() };
        if let Some(rows) = rows {
            match origin.read_rows(rows, schema.zip(declared), csv)? {
                Some(cells) => builder = builder.cells(cells),
                None => return Ok(None),
            }
        }
        let Self { update, origin } = Self::build(builder, schema, origin)?;
        match update.call(arguments) {
            Ok(update) => Ok(Some(Self { update, origin })),
            Err(errors) => Err(Failure::refused(&errors, |error| origin.show(error))),
        }
    }

    /// The errors of this update, each shown with its place.
    pub(crate) fn show(&self, errors: &Errors) -> Vec<String> {
        Failure::list(errors, |error| self.origin.show(error))
    }

    /// The refusal of this update, each error with its place in a file or on the command line.
    pub(crate) fn refuse(&self, errors: &Errors) -> Failure {
        Failure::refused(errors, |error| self.origin.show(error))
    }
}

/// Where the parts of an update come from.
#[derive(Debug, Default)]
struct Origin<'t> {
    whole: Option<(&'t Document, SourceMap)>,
    set: Vec<String>,
    rows: Option<RowsOrigin<'t>>,
}

#[derive(Debug)]
struct RowsOrigin<'t> {
    format: RowsFormat,
    document: &'t Document,
    columns: Vec<Ident>,
}

impl<'t> Origin<'t> {
    /// Reads the rows of a file, each field as the column says that it means; none where there are none.
    fn read_rows(
        &mut self,
        (format, document): (RowsFormat, &'t Document),
        declared: Option<(&Schema, &Table)>,
        csv: &CsvOptions,
    ) -> Result<Option<Cells<'t>>, Failure> {
        let table = declared.map(|(schema, table)| schema.with_extended(table)).transpose();
        let table = table.map_err(|error| Failure::Refused(self.show(&error)))?;
        let cells = rows::read(format, document, table.as_deref(), csv)?;
        let columns = cells.columns().to_vec();
        if columns.is_empty() {
            return Ok(None);
        }
        self.rows = Some(RowsOrigin { format, document, columns });
        Ok(Some(cells))
    }

    fn show(&self, error: &Error) -> String {
        let is_of_rows = self.rows.is_some() && matches!(error.place(), Some(Place::Row(_) | Place::Cell { .. }));
        if let Some((document, map)) = self.whole.as_ref().filter(|_| !is_of_rows) {
            return document.show(&map.locate(error.clone()));
        }
        let place = match (error.place(), &self.rows) {
            (Some(Place::Row(row)), Some(rows)) => rows.place(*row, None),
            (Some(Place::Cell { row, column }), Some(rows)) => rows.place(*row, rows.columns.get(*column)),
            (Some(Place::Assignment(index)), _) => match self.set.get(*index) {
                Some(assignment) => format!("--set: {assignment}"),
                None => "the columns of the rows".into(),
            },
            (Some(Place::Filter), _) => "--where".into(),
            (Some(Place::Input), _) => "--rows-from".into(),
            (Some(Place::Table), _) | (None, _) => "the update".into(),
            (Some(other), _) => other.to_string(),
        };
        show(error, &place)
    }
}

impl RowsOrigin<'_> {
    fn place(&self, row: usize, column: Option<&Ident>) -> String {
        rows::place(self.format, self.document, row, column.map(Ident::as_str))
    }
}
