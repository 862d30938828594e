//! Every fact of a dialect, with a dialect for each change of it.

use std::fmt::Debug;

use setwise::dialect::{Class, Definitions, Evidence, Fact, Form, KnownCollation, Preamble, Spec, Storage};
use setwise::{Dialect, Version};

use crate::words::Other;

/// A fact, or what it became at a version, and what it could be instead.
pub struct Stated {
    /// Its name, such as `quote` or `storage.uuid.form`.
    pub name: String,
    /// What is so.
    pub value: String,
    /// The versions of which it is so: since the first, before the second.
    pub versions: (Version, Option<Version>),
    /// How it is known; none where the entry has no source of its own.
    pub source: Option<Evidence>,
    /// What it could be instead, and the facts with that.
    pub changes: Vec<(String, &'static Spec)>,
}

impl Stated {
    /// Whether it is so at a dialect's version.
    pub fn holds(&self, dialect: Dialect) -> bool {
        let (since, until) = self.versions;
        since <= dialect.version() && until.is_none_or(|until| dialect.version() < until)
    }

    /// Whether a test must show it: it says so, or it has no source and is what tests are for.
    pub fn is_executed(&self) -> bool {
        !matches!(self.source, Some(Evidence::Documented(_)))
    }
}

/// Takes a spec apart without `..`, so that a new fact cannot be left out.
macro_rules! state {
    ($spec:expr => facts: $($fact:ident)+; besides: $($other:ident)+) => {{
        let Spec { $($fact: _,)+ $($other: _,)+ } = $spec;
        let mut list = Vec::new();
        $(state($spec, stringify!($fact), &$spec.$fact, |spec, fact| spec.$fact = fact, &mut list);)+
        list
    }};
}

/// All facts of a dialect. Names, titles, versions and what is only shown to people are none.
pub fn facts(spec: &'static Spec) -> Vec<Stated> {
    let mut list = state!(spec =>
        facts:
            quote name_limit name_chars name_case placeholder
            text bytes float boolean temporal
            special_floats negative_zero nul_in_text json_numbers basic_plane_text years decimal_digits
            join rows arrays documents staging casts row_in assignment_order default_cell
            distinct identity overflow code_point_order pattern_match ascii_case calendar now
            computed_zero integer_operand subtraction whole_division range_check floor float_cast
            text_fit text_operand time_operand text_cast concat length trim greatest
            replace_by_null null_instant null_parameter naming parser_stack depth
            default_collation max_binds max_bytes thresholds begin locking keeping exclusion deferring returning following raise;
        besides: name title oldest newest storage collations preamble definitions);
    list.extend(storage(spec));
    list.extend(collations(spec));
    list.extend(preamble(spec));
    let changed = |words: &Definitions| changed(spec, |spec| spec.definitions = *words);
    let changes = spec.definitions.others().iter().map(|words| (format!("{words:?}"), changed(words))).collect();
    list.push(since_oldest(spec, "definitions".into(), format!("{:?}", spec.definitions), changes));
    list
}

fn changed(spec: &'static Spec, change: impl FnOnce(&mut Spec)) -> &'static Spec {
    let mut changed = spec.clone();
    change(&mut changed);
    Box::leak(Box::new(changed))
}

fn since_oldest(spec: &Spec, name: String, value: String, changes: Vec<(String, &'static Spec)>) -> Stated {
    Stated { name, value, versions: (spec.oldest, None), source: None, changes }
}

fn state<T: Other + Copy + Debug>(
    spec: &'static Spec,
    name: &str,
    fact: &'static Fact<T>,
    set: impl Fn(&mut Spec, Fact<T>),
    list: &mut Vec<Stated>,
) {
    let first = (spec.oldest, fact.first.0, fact.first.1);
    let entries: Vec<_> = std::iter::once(first)
        .chain(fact.changes.iter().map(|change| (change.version, change.is, change.source)))
        .collect();
    for (at, (since, value, source)) in entries.iter().enumerate() {
        let to = |other: T| (format!("{other:?}"), changed(spec, |spec| set(spec, Fact::executed(other))));
        list.push(Stated {
            name: name.to_owned(),
            value: format!("{value:?}"),
            versions: (*since, entries.get(at + 1).map(|(until, ..)| *until)),
            source: Some(*source),
            changes: value.others().into_iter().map(to).collect(),
        });
    }
}

/// For each class of types: that it is stored, the cast, and the form.
fn storage(spec: &'static Spec) -> Vec<Stated> {
    let mut list = Vec::new();
    for (at, stored) in spec.storage.iter().enumerate() {
        let class = format!("{:?}", stored.class).to_lowercase();
        let earlier = |class: Class| spec.storage[..at].iter().any(|before| before.class == class);
        assert!(!earlier(stored.class), "{class} is stored in two ways: say here which counts");
        let with = |change: &dyn Fn(&mut Vec<Storage>)| {
            let mut storage = spec.storage.to_vec();
            change(&mut storage);
            changed(spec, |spec| spec.storage = storage.leak())
        };
        let gone = with(&|storage| _ = storage.remove(at));
        let mut push = |what: &str, value: String, changes| {
            let name = format!("storage.{class}{what}");
            let versions = (stored.since.unwrap_or(spec.oldest), None);
            list.push(Stated { name, value, versions, source: None, changes });
        };
        push("", "stored".into(), vec![("refused".into(), gone)]);
        if let Some(cast) = stored.cast {
            push(".cast", cast.into(), vec![("none".into(), with(&|storage| storage[at].cast = None))]);
        }
        let forms = forms(stored.class).iter().copied().filter(|form| *form != stored.form);
        let forms = forms.map(|form| (format!("{form:?}"), with(&|storage| storage[at].form = form)));
        push(".form", format!("{:?}", stored.form), forms.collect());
    }
    list
}

/// The forms that values of a class can have.
fn forms(class: Class) -> &'static [Form] {
    use Class::*;
    match class {
        Bool => &[Form::Native, Form::Digit],
        Decimal => &[Form::Native, Form::Float15],
        Date | Time | Timestamp => &[Form::Native, Form::Text],
        TimestampTz => &[Form::Native, Form::Text, Form::UtcTimestamp],
        Uuid => &[Form::Native, Form::Text, Form::RfcUuid],
        Json | Jsonb => &[Form::Native, Form::Text, Form::Parsed],
        Int8 | Int16 | Int24 | Int32 | Int64 | UInt8 | UInt16 | UInt24 | UInt32 | UInt64 | Float32 | Float64 => &[],
        Text | Char | Bytes | Interval | Enum | Array | Named => &[],
    }
}

fn collations(spec: &'static Spec) -> Vec<Stated> {
    let one = |(at, known): (usize, &KnownCollation)| {
        let to = |equality| {
            let mut collations = spec.collations.to_vec();
            collations[at].equality = equality;
            (format!("{equality:?}"), changed(spec, |spec| spec.collations = collations.leak()))
        };
        let changes = known.equality.others().into_iter().map(to).collect();
        since_oldest(spec, format!("collation.{}", known.name), format!("{:?}", known.equality), changes)
    };
    spec.collations.iter().enumerate().map(one).collect()
}

fn preamble(spec: &'static Spec) -> Vec<Stated> {
    let one = |(at, word): (usize, &Preamble)| {
        let mut rest = spec.preamble.to_vec();
        rest.remove(at);
        let changes = vec![("none".to_owned(), changed(spec, |spec| spec.preamble = rest.leak()))];
        since_oldest(spec, format!("preamble.{word:?}"), "first".into(), changes)
    };
    spec.preamble.iter().enumerate().map(one).collect()
}
