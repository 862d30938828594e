//! The examples of a document: its fenced blocks.

use setwise::Dialect;

/// A block of code.
#[derive(Clone, Debug)]
pub struct Block<'d> {
    /// What stands behind its kind.
    info: &'d str,
    /// Its text, without the fences.
    pub text: &'d str,
    /// The line of its first fence.
    pub line: usize,
}

/// The blocks of a kind.
pub fn blocks<'d>(document: &'d str, kind: &'d str) -> impl Iterator<Item = Block<'d>> {
    let mut fences = document.match_indices("```");
    let pairs = std::iter::from_fn(move || Some((fences.next()?.0, fences.next()?.0)));
    pairs.filter_map(move |(open, close)| {
        let (head, text) = document[open + 3..close].split_once('\n')?;
        let (word, info) = head.split_once(' ').unwrap_or((head, ""));
        let line = document[..open].lines().count() + 1;
        (word == kind).then_some(Block { info, text, line })
    })
}

impl Block<'_> {
    /// Whether it holds updates and rules, and not another language.
    pub fn is_update(&self) -> bool {
        let first = self.text.lines().find(|line| !line.starts_with("--")).unwrap_or_default();
        ["update ", "when "].iter().any(|word| first.starts_with(word))
    }

    /// The dialects that its head names; all where it names none.
    pub fn dialects(&self) -> Vec<Dialect> {
        let named =
            Dialect::all().into_iter().filter(|dialect| self.info.is_empty() || self.info.contains(dialect.name()));
        named.collect()
    }
}
