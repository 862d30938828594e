//! How tightly operators bind, for the parser and the printer.

use crate::ir::Binary;

/// How tightly an operator binds, the loosest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    Or,
    And,
    Not,
    /// Comparisons and tests; they do not chain.
    Compare,
    Sum,
    Product,
    Minus,
    /// Whatever has its own brackets, or needs none.
    Operand,
}

impl Level {
    /// The next tighter level: that of a right operand.
    pub(super) fn tighter(self) -> Self {
        match self {
            Self::Or => Self::And,
            Self::And => Self::Not,
            Self::Not => Self::Compare,
            Self::Compare => Self::Sum,
            Self::Sum => Self::Product,
            Self::Product => Self::Minus,
            Self::Minus | Self::Operand => Self::Operand,
        }
    }

    /// The level of an operator with two operands.
    pub(super) fn of(operator: Binary) -> Self {
        match operator {
            Binary::Add | Binary::Subtract => Self::Sum,
            Binary::Multiply | Binary::Divide => Self::Product,
            Binary::Equal
            | Binary::NotEqual
            | Binary::Less
            | Binary::LessOrEqual
            | Binary::Greater
            | Binary::GreaterOrEqual
            | Binary::IsDistinct => Self::Compare,
        }
    }
}
