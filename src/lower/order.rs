//! Orders assignments so that each reads the row as it was, where an engine assigns from left to right.

use crate::check::form::Form;
use crate::dialect::AssignmentOrder;
use crate::ir::{Assignment, Ident};

/// In what order assignments are written, and which columns they read from the row as it was.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Order<'u> {
    /// The assignments, by their number.
    pub assignments: Vec<usize>,
    /// The columns that are read after they are written: each is part of a cycle.
    pub old: Vec<&'u Ident>,
}

/// A column that is set, and the columns of the row as it was that it is set from.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Written<'u> {
    pub column: &'u Ident,
    pub reads: Vec<&'u Ident>,
}

impl<'u> Written<'u> {
    /// What an assignment writes and reads; the expressions in the rows' cells read too.
    pub(super) fn of(assignment: &'u Assignment<'u>, form: &Form<'u>) -> Self {
        Self { column: &assignment.column, reads: form.old_reads(&assignment.value) }
    }
}

/// An assignment is written once nobody else still has to read its column; where that never comes, its old value is kept.
///
/// Engines that assign from left to right do not do so in every join (`dialect-facts.md` 3.1, 3.2); this order is right in
/// both cases.
pub(super) fn order_assignments<'u>(
    set: impl ExactSizeIterator<Item = Written<'u>>,
    engine: AssignmentOrder,
) -> Order<'u> {
    let mut order = Order::default();
    let mut open: Vec<usize> = (0..set.len()).collect();
    if engine == AssignmentOrder::Simultaneous {
        order.assignments = open;
        return order;
    }
    let set: Vec<Written<'u>> = set.collect();
    let reads = |reader: usize, column: &Ident| {
        set.get(reader).is_some_and(|written| written.reads.iter().any(|read| read.may_be(column)))
    };
    let written = |at: usize| set.get(at).map(|written| written.column);
    while !open.is_empty() {
        let is_free = |at: &usize| {
            written(*at).is_none_or(|column| !open.iter().any(|other| other != at && reads(*other, column)))
        };
        let next = open.iter().position(is_free).unwrap_or_else(|| {
            order.old.extend(open.first().and_then(|first| written(*first)));
            0
        });
        order.assignments.push(open.remove(next));
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::parse_assignments;

    fn shown(text: &str, engine: AssignmentOrder) -> String {
        let set = parse_assignments(text).unwrap();
        let form = Form::default();
        let order = order_assignments(set.iter().map(|set| Written::of(set, &form)), engine);
        let columns: Vec<String> = order.assignments.iter().map(|at| set[*at].column.to_string()).collect();
        let old: Vec<String> = order.old.iter().map(ToString::to_string).collect();
        format!("{} / {}", columns.join(" "), old.join(" "))
    }

    #[test]
    fn readers_come_before_writers() {
        assert_eq!(shown("a = 1, b = a", AssignmentOrder::LeftToRight), "b a / ");
        assert_eq!(shown("a = a + 1, b = a, c = b", AssignmentOrder::LeftToRight), "c b a / ");
        assert_eq!(shown("a = 1, b = 2, c = 3", AssignmentOrder::LeftToRight), "a b c / ");
        assert_eq!(shown("a = 1, b = A", AssignmentOrder::LeftToRight), "b a / ");
        assert_eq!(shown("a = 1, b = a", AssignmentOrder::Simultaneous), "a b / ");
    }

    #[test]
    fn cycles_keep_an_old_value() {
        assert_eq!(shown("a = b, b = a", AssignmentOrder::LeftToRight), "a b / a");
        assert_eq!(shown("a = b, b = c, c = a", AssignmentOrder::LeftToRight), "a b c / a");
        assert_eq!(shown("a = b + c, b = a + c, c = a + b", AssignmentOrder::LeftToRight), "a b c / a b");
        assert_eq!(shown("x = a, a = b, b = a", AssignmentOrder::LeftToRight), "x a b / a");
    }
}
