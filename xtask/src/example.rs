//! The example's rows: ten thousand translated titles of blog posts, the same in every run.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use crate::checkout;
use crate::process::Failure;

/// How many posts the example has; `examples/blog/seed.sql` makes as many.
const POSTS: usize = 10_000;

const TOPICS: [&str; 24] = [
    "die erste eigene Wohnung",
    "Sauerteig ohne Waage",
    "Radfahren über die Alpen",
    "ein Garten auf dem Balkon",
    "Zeit für sich selbst",
    "Rust für Neugierige",
    "der perfekte Espresso ☕",
    "Wandern mit Kindern",
    "Sparen ohne Verzicht",
    "die Bahnreise nach Öresund",
    "Ängste vor dem großen Auftritt",
    "Rock 'n' Roll im Wohnzimmer",
    "die schönste Straße der Stadt",
    "ein Haushalt zu 100 % aus Ökostrom",
    "Datenbanken verstehen",
    "das Café an der Ecke",
    "Übungen für den Rücken",
    "Fotos bei Nacht 📷",
    "die Suche nach C:\\Windows",
    "ein Jahr auf Reisen 🌍",
    "Brot & Butter",
    "Gemüse aus dem eigenen Beet 🥕",
    "die \"gute alte\" Zeit",
    "Schlaf in heißen Nächten",
];

const FORMS: [&str; 14] = [
    "{n} Tipps: {t}",
    "Was bringt {t}?",
    "{t}: So geht's",
    "Warum {t} glücklich macht",
    "„Nie wieder!“ – {t}, ehrlich erzählt",
    "{t} – Teil {n}",
    "Alles über {t} in {n} Minuten",
    "{n} Fragen und Antworten: {t}",
    "{t} für Anfänger; Fortgeschrittene lesen weiter",
    "Schluss mit Ausreden: {t} 🚀",
    "Das ändert sich {y}: {t}",
    "{t} im Vergleich (mit Tabelle)",
    "Rückblick {y} – {t}",
    "Meine größten Fehler: {t}",
];

/// Numbers that look random and are the same in every run (SplitMix64).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % most as u64).unwrap_or(0)
    }

    fn pick<'t>(&mut self, from: &[&'t str]) -> &'t str {
        from[self.below(from.len())]
    }
}

/// The folder of the example.
pub(crate) fn folder() -> PathBuf {
    checkout::root().join("examples/blog")
}

/// Writes the rows.
pub(crate) fn write() -> Result<(), Failure> {
    let path = folder().join("rows.ndjson");
    fs::write(&path, rows()).map_err(|error| Failure::new(format!("{}: {error}", path.display())))
}

/// The rows as NDJSON, in no order.
fn rows() -> String {
    let mut numbers = Numbers(2026);
    let mut ids: Vec<_> = (1..=POSTS).collect();
    for last in (1..POSTS).rev() {
        ids.swap(last, numbers.below(last + 1));
    }
    let mut text = String::new();
    for id in ids {
        let (title, views) = (title(&mut numbers), numbers.below(50_000));
        let _ = writeln!(text, r#"{{"id":{id},"title":"{}","views":{views}}}"#, escape(&title));
    }
    text
}

fn title(numbers: &mut Numbers) -> String {
    let form = numbers.pick(&FORMS);
    let topic = numbers.pick(&TOPICS);
    let (count, year) = (3 + numbers.below(97), 2012 + numbers.below(15));
    let title = form.replace("{n}", &count.to_string()).replace("{y}", &year.to_string()).replace("{t}", topic);
    let mut letters = title.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}

#[cfg(test)]
mod tests {
    use super::{POSTS, folder, rows};

    #[test]
    fn shipped_rows_are_the_generated_ones() {
        let shipped = std::fs::read_to_string(folder().join("rows.ndjson")).unwrap();
        assert!(shipped == rows(), "examples/blog/rows.ndjson is not what `cargo xtask example` writes");
        assert_eq!(shipped.lines().count(), POSTS);
    }
}
