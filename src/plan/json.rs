//! The numbers in JSON text.

use crate::ir::Decimal;

/// The numbers of a JSON document, as they are written.
pub(super) fn numbers(json: &str) -> impl Iterator<Item = &str> {
    let mut rest = json;
    std::iter::from_fn(move || {
        loop {
            let start = rest.find(|c: char| c == '"' || c == '-' || c.is_ascii_digit())?;
            let (_, behind) = rest.split_at(start);
            if let Some(text) = behind.strip_prefix('"') {
                rest = behind_string(text);
            } else {
                let is_part = |c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.' | 'e' | 'E');
                let end = behind.find(|c| !is_part(c)).unwrap_or(behind.len());
                let (number, behind) = behind.split_at(end);
                rest = behind;
                return Some(number);
            }
        }
    })
}

/// What follows a string whose opening quote has been taken.
fn behind_string(text: &str) -> &str {
    let mut escaped = false;
    let end = text.find(|c: char| {
        let ends = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        ends
    });
    end.and_then(|end| text.get(end + 1..)).unwrap_or_default()
}

/// Whether a number is an integer of 64 bits, or one that a double gives back when it is printed.
pub(super) fn is_double(number: &str) -> bool {
    if number.parse::<i64>().is_ok() || number.parse::<u64>().is_ok() {
        return true;
    }
    let Some(double) = number.parse::<f64>().ok().filter(|double| double.is_finite()) else { return false };
    match (Decimal::parse(number), Decimal::parse(double.to_string())) {
        (Ok(given), Ok(kept)) => given.trimmed() == kept.trimmed(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{is_double, numbers};

    #[test]
    fn finds_numbers_outside_strings() {
        let json = r#"{"1": [2, -3.5e+7, "4 \" 5", true, null, "\\\\"], "a": 6}"#;
        assert_eq!(numbers(json).collect::<Vec<_>>(), ["2", "-3.5e+7", "6"]);
        assert_eq!(numbers(r#""open 1"#).count(), 0);
    }

    #[test]
    fn knows_what_a_double_gives_back() {
        for number in
            ["0", "-1", "18446744073709551615", "1.10", "0.1", "-0.0", "1e300", "5e-324", "1E2", "9007199254740993"]
        {
            assert!(is_double(number), "{number}");
        }
        for number in ["1e400", "0.12345678901234567890123", "18446744073709551617", "1e-400", "1e999999999999"] {
            assert!(!is_double(number), "{number}");
        }
    }
}
