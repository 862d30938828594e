//! Rows from tuples, arrays and vectors.

use super::Cell;

/// A row that can be taken apart into cells: a tuple of up to twelve, an array, a vector or a slice.
///
/// # Examples
///
/// ```
/// use setwise::{Cell, IntoRow};
///
/// let mut cells = Vec::new();
/// (7, "title", None::<i64>).push_cells(&mut cells);
/// assert_eq!(cells.len(), 3);
/// ```
pub trait IntoRow<'a> {
    /// Appends the cells of the row, in order.
    fn push_cells(self, cells: &mut Vec<Cell<'a>>);
}

impl<'a, T: Into<Cell<'a>>, const N: usize> IntoRow<'a> for [T; N] {
    fn push_cells(self, cells: &mut Vec<Cell<'a>>) {
        cells.extend(self.into_iter().map(Into::into));
    }
}

impl<'a, T: Into<Cell<'a>>> IntoRow<'a> for Vec<T> {
    fn push_cells(self, cells: &mut Vec<Cell<'a>>) {
        cells.extend(self.into_iter().map(Into::into));
    }
}

impl<'a, T: Clone + Into<Cell<'a>>> IntoRow<'a> for &[T] {
    fn push_cells(self, cells: &mut Vec<Cell<'a>>) {
        cells.extend(self.iter().cloned().map(Into::into));
    }
}

macro_rules! tuple_rows {
    ($($name:ident)*) => {
        impl<'a, $($name: Into<Cell<'a>>),*> IntoRow<'a> for ($($name,)*) {
            #[allow(non_snake_case)]
            fn push_cells(self, cells: &mut Vec<Cell<'a>>) {
                let ($($name,)*) = self;
                cells.extend([$($name.into()),*]);
            }
        }
    };
}

tuple_rows!(A);
tuple_rows!(A B);
tuple_rows!(A B C);
tuple_rows!(A B C D);
tuple_rows!(A B C D E);
tuple_rows!(A B C D E F);
tuple_rows!(A B C D E F G);
tuple_rows!(A B C D E F G H);
tuple_rows!(A B C D E F G H I);
tuple_rows!(A B C D E F G H I J);
tuple_rows!(A B C D E F G H I J K);
tuple_rows!(A B C D E F G H I J K L);
