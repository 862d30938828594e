//! Choices: numbers that decide, one after the other.

/// The numbers that are left.
pub struct Choices<'c> {
    list: std::slice::Iter<'c, u32>,
}

impl<'c> Choices<'c> {
    pub fn new(list: &'c [u32]) -> Self {
        Self { list: list.iter() }
    }

    /// Whether no number is left; from here on, all choices are the simplest.
    pub fn is_empty(&self) -> bool {
        self.list.len() == 0
    }

    fn next(&mut self) -> u32 {
        self.list.next().copied().unwrap_or(0)
    }

    /// A number below another; 0 is the simplest.
    pub fn below(&mut self, most: usize) -> usize {
        let most = most.max(1) as u64;
        ((u64::from(self.next()) * most) >> 32) as usize
    }

    /// Whether something happens that happens so many times in a hundred; not happening is the simplest.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) >= 100 - percent
    }

    /// One of a list; the first is the simplest.
    pub fn pick<'l, T>(&mut self, list: &'l [T]) -> &'l T {
        &list[self.below(list.len())]
    }

    /// Any 64 bits.
    pub fn bits(&mut self) -> u64 {
        u64::from(self.next()) << 32 | u64::from(self.next())
    }

    /// A whole number between two; the first is the simplest.
    pub fn between(&mut self, least: i64, most: i64) -> i64 {
        let span = (i128::from(most) - i128::from(least) + 1) as u128;
        let at = (u128::from(self.bits()) * span) >> 64;
        (i128::from(least) + at as i128) as i64
    }
}
