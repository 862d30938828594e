//! The function that an update becomes.

use setwise::{Dialect, Ident, Type};

use crate::name::{free_name, is_snake, rust_name};
use crate::rust::{self, ANY, WIDTH, assign, list, rust_type};

/// The most columns of a row that is a tuple; more are an array of cells.
const MOST_IN_TUPLE: usize = 12;

/// So many arguments are many, for a lint.
const MANY_ARGUMENTS: usize = 7;

/// A function to be written.
#[derive(Debug)]
pub(crate) struct Function {
    /// The name, as Rust takes it.
    pub(crate) name: String,
    /// The update.
    pub(crate) text: String,
    /// The lines of the comment above it.
    pub(crate) about: Vec<String>,
    pub(crate) arguments: Vec<Argument>,
    /// The columns of the rows that it takes; none where it takes none.
    pub(crate) rows: Option<Vec<InputColumn>>,
}

/// An argument for a parameter.
#[derive(Debug)]
pub(crate) struct Argument {
    /// The name, as Rust takes it.
    pub(crate) name: String,
    pub(crate) param: Ident,
    pub(crate) ty: Type,
    pub(crate) nullable: bool,
}

/// A column of rows.
#[derive(Debug)]
pub(crate) struct InputColumn {
    pub(crate) name: Ident,
    /// The type and whether null may come in; none where the schema does not tell.
    pub(crate) ty: Option<(Type, bool)>,
}

impl Function {
    /// The function as Rust.
    pub(crate) fn print(&self, has_schema: bool, has_rules: bool) -> String {
        let arguments = self.print_arguments();
        let rules = if has_rules { "__RULES" } else { "\"\"" };
        let schema = if has_schema { "Some(__schema)" } else { "None" };
        let values: Vec<String> = self.arguments.iter().map(Argument::print_value).collect();
        let values = list(&values);
        let mut text = self.print_doc();
        text += &self.print_allowed();
        text += &self.print_head(&arguments);
        text += "    use setwise::lang::Embedded;\n";
        text += &assign("const __TEXT: &str", &rust::text(&self.text));
        text += &format!("    static __UPDATE: Embedded = Embedded::with_rules(__TEXT, {rules}, {schema});\n");
        text += &assign(&format!("let arguments: [(&str, setwise::Value<'_>); {}]", self.arguments.len()), &values);
        text += &match &self.rows {
            None => format!("    __UPDATE.bind({}, arguments)\n", self.own_name("dialect")),
            Some(columns) => {
                let columns: Vec<String> = columns.iter().map(|column| format!("{:?}", column.name.as_str())).collect();
                let columns = assign("let columns", &list(&columns));
                format!("{columns}    __UPDATE.rows(columns, {}, arguments)\n", self.own_name("rows"))
            }
        };
        text + "}\n"
    }

    /// The name of an argument that no parameter has.
    fn own_name(&self, name: &str) -> String {
        let params: Vec<&str> = self.arguments.iter().map(|argument| argument.name.as_str()).collect();
        free_name(name, &params)
    }

    fn print_doc(&self) -> String {
        let mut lines: Vec<String> = self.about.iter().map(|line| rust::in_comment(line)).collect();
        if !lines.is_empty() {
            lines.push(String::new());
        }
        // No run of backquotes within the update ends the block.
        let mut fence = "```".to_owned();
        while self.text.contains(&fence) {
            fence.push('`');
        }
        lines.push(format!("{fence}text"));
        lines.extend(self.text.lines().map(rust::in_comment));
        lines.extend([fence, String::new()]);
        if let Some(columns) = &self.rows {
            let names: Vec<String> =
                columns.iter().map(|column| format!("`{}`", rust::in_comment(column.name.as_str()))).collect();
            lines.extend([format!("Each row holds {}.", names.join(", ")), String::new()]);
        }
        let errors = match &self.rows {
            None => "An argument that its parameter does not take, or that the dialect cannot hold.",
            Some(_) => "An argument or a row that its parameter or column does not take.",
        };
        lines.extend(["# Errors".to_owned(), String::new(), errors.to_owned()]);
        let comment = |line: &String| format!("/// {line}").trim_end().to_owned() + "\n";
        lines.iter().map(comment).collect()
    }

    /// What lints say of a function whose form is not its writer's choice.
    fn print_allowed(&self) -> String {
        let names = self.arguments.iter().map(|argument| argument.name.as_str());
        let mut allowed = vec!["dead_code"];
        if !names.chain([self.name.as_str()]).all(|name| is_snake(name.trim_start_matches("r#"))) {
            allowed.push("non_snake_case");
        }
        if self.arguments.len() >= MANY_ARGUMENTS {
            allowed.push("clippy::too_many_arguments");
        }
        format!("#[allow({})]\n", allowed.join(", "))
    }

    /// The arguments with their types, as if what they borrow lived for `'a`.
    fn print_arguments(&self) -> Vec<String> {
        let mut arguments = Vec::new();
        if self.rows.is_none() {
            arguments.push(format!("{}: setwise::Dialect", self.own_name("dialect")));
        }
        let typed = |argument: &Argument| format!("{}: {}", argument.name, rust_type(&argument.ty, argument.nullable));
        arguments.extend(self.arguments.iter().map(typed));
        if let Some(columns) = &self.rows {
            let item = match columns.len() {
                len @ ..=MOST_IN_TUPLE => {
                    let types: Vec<String> = columns.iter().map(InputColumn::print_type).collect();
                    format!("({}{})", types.join(", "), if len == 1 { "," } else { "" })
                }
                len => format!("[setwise::Cell<'a>; {len}]"),
            };
            arguments.push(format!("{}: impl IntoIterator<Item = {item}>", self.own_name("rows")));
        }
        arguments
    }

    fn print_head(&self, arguments: &[String]) -> String {
        let borrowing = arguments.iter().filter(|argument| argument.contains("'a")).count();
        let gives = if self.rows.is_some() { "Update" } else { "Bound" };
        // The compiler takes no anonymous lifetime within `impl`, and clippy no name where none is needed.
        let (generic, life) = match borrowing {
            0 => ("", "'static"),
            1 if self.rows.is_none() => ("", "'_"),
            _ => ("<'a>", "'a"),
        };
        let unnamed = |argument: &String| argument.replace("&'a ", "&").replace("'a", "'_");
        let arguments: Vec<String> =
            if life == "'_" { arguments.iter().map(unnamed).collect() } else { arguments.to_vec() };
        let (open, close) = (
            format!("pub fn {}{generic}(", self.name),
            format!(") -> Result<setwise::{gives}<{life}>, setwise::Errors> {{\n"),
        );
        let line = format!("{open}{}{close}", arguments.join(", "));
        if line.len() <= WIDTH + 1 {
            return line;
        }
        let arguments: String = arguments.iter().map(|argument| format!("    {argument},\n")).collect();
        format!("{open}\n{arguments}{close}")
    }
}

impl Argument {
    /// An argument for a parameter, where Rust takes its name.
    pub(crate) fn of(param: &setwise::Param<'_>) -> Option<Self> {
        let name = rust_name(param.name.as_str())?;
        Some(Self { name, param: param.name.clone(), ty: param.ty.clone(), nullable: param.nullable })
    }

    fn print_value(&self) -> String {
        format!("({:?}, {}.into())", self.param.as_str(), self.name)
    }
}

impl InputColumn {
    fn print_type(&self) -> String {
        self.ty.as_ref().map_or_else(|| ANY.to_owned(), |(ty, nullable)| rust_type(ty, *nullable))
    }
}

/// The rules of the file, which hold for all of its updates.
pub(crate) fn rules(rules: &str) -> String {
    format!("\n{}", rust::assign("const __RULES: &str", &rust::text(rules)).trim_start())
}

/// The function that reads the schema, once.
pub(crate) fn schema(ddl: &str, dialect: Dialect, extend_by_keys: bool) -> String {
    let (ddl, dialect) = (rust::text(ddl), rust::dialect(dialect));
    let extended = if extend_by_keys { ".extend_by_keys()" } else { "" };
    format!(
        "
fn __schema() -> &'static setwise::Schema {{
    const __TEXT: &str = {ddl};
    static __SCHEMA: std::sync::LazyLock<setwise::Schema> = std::sync::LazyLock::new(|| {{
        let dialect = {dialect};
        // It was read without a mistake when this was written.
        let parsed = setwise::Schema::from_sql(__TEXT, dialect);
        parsed.unwrap_or_default().schema{extended}
    }});
    &__SCHEMA
}}
"
    )
}
