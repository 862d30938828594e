//! The facts of a dialect as a list, for tables and for `setwise dialects`.

use std::fmt::Debug;

use super::{Evidence, Fact, Spec, Version};

/// One fact of a dialect, with its name and value as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The fact's name, such as `placeholder` or `storage.uuid`.
    pub name: String,
    /// What is so; the words are those of [`setwise::dialect`](super).
    pub value: String,
    /// The first version of which it is so.
    pub since: Version,
    /// How it is known; none where the entry has no source of its own.
    pub source: Option<Evidence>,
}

/// Takes a spec apart without `..`, so that a new fact cannot be left out.
macro_rules! list {
    ($spec:expr => facts: $($fact:ident)+; besides: $($other:ident)+) => {{
        let Spec { $($fact,)+ $($other,)+ } = $spec;
        let mut list = Vec::new();
        $(push(&mut list, stringify!($fact), $fact, $spec.oldest);)+
        (list, $($other,)+)
    }};
}

impl Spec {
    /// Every fact over all versions, a change of one as an entry of its own.
    ///
    /// # Examples
    ///
    /// ```
    /// use setwise::Dialect;
    ///
    /// let facts = Dialect::sqlite().spec().facts();
    /// assert!(facts.iter().any(|fact| fact.name == "max_binds" && fact.value == "32766"));
    /// ```
    #[must_use]
    pub fn facts(&self) -> Vec<Listed> {
        let (mut list, _name, _title, oldest, _newest, storage, collations, preamble, definitions) = list!(self =>
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
        for stored in *storage {
            let cast = stored.cast.map_or_else(String::new, |cast| format!(", cast to {cast}"));
            let value = format!("{}: {}{cast}", stored.columns.join(", "), stored.note);
            let since = stored.since.unwrap_or(*oldest);
            let name = format!("storage.{:?}", stored.class).to_lowercase();
            list.push(Listed { name, value, since, source: None });
        }
        for known in *collations {
            let (name, value) = (format!("collation.{}", known.name), format!("{:?}", known.equality));
            list.push(Listed { name, value, since: *oldest, source: None });
        }
        for (name, value) in [("preamble", format!("{preamble:?}")), ("definitions", format!("{definitions:?}"))] {
            list.push(Listed { name: name.into(), value, since: *oldest, source: None });
        }
        list
    }
}

fn push<T: Debug>(list: &mut Vec<Listed>, name: &str, fact: &Fact<T>, oldest: Version) {
    let (first, source) = &fact.first;
    let mut add = |value: &T, since, source| {
        list.push(Listed { name: name.into(), value: format!("{value:?}"), since, source: Some(source) });
    };
    add(first, oldest, *source);
    for change in fact.changes {
        add(&change.is, change.version, change.source);
    }
}
