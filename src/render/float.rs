//! Floats, so that the engine reads back the same bits.

/// The decimal powers and whole numbers up to which a product of both is exact (Clinger's fast path).
const EXACT_POWER: i32 = 22;
const EXACT_WHOLE: u64 = 1 << 53;

/// Writes the shortest digits that read back as the float, such as `1e308` or `0.1`.
pub(super) fn write_shortest(out: &mut String, float: f64) {
    out.push_str(zmij::Buffer::new().format_finite(float));
}

/// Writes the shortest digits, always with an exponent, so that the literal is a float and not a decimal.
pub(super) fn write_exponent(out: &mut String, float: f64) {
    let mut buffer = zmij::Buffer::new();
    let digits = buffer.format_finite(float);
    out.push_str(digits);
    if !digits.contains('e') {
        out.push_str("e0");
    }
}

/// Writes a positive finite float for an engine whose reading of long digits is not exact: few digits where their
/// product with a power of ten is exact, else a whole number times or over powers of two.
pub(super) fn write_product(out: &mut String, float: f64) {
    let mut buffer = zmij::Buffer::new();
    let digits = buffer.format_finite(float);
    if is_exactly_read(digits) {
        out.push_str(digits);
        return;
    }
    let bits = float.to_bits();
    let biased = i32::try_from(bits >> 52 & 0x7ff).unwrap_or(0);
    let fraction = bits & ((1 << 52) - 1);
    let (mut whole, mut power) = if biased == 0 { (fraction, -1074) } else { (fraction + (1 << 52), biased - 1075) };
    while whole != 0 && whole.is_multiple_of(2) {
        whole /= 2;
        power += 1;
    }
    out.push('(');
    out.push_str(itoa::Buffer::new().format(whole));
    out.push_str(".0");
    let operator = if power < 0 { '/' } else { '*' };
    let mut left = power.unsigned_abs();
    while left > 0 {
        let step = left.min(52);
        out.push(operator);
        out.push_str(itoa::Buffer::new().format(1u64 << step));
        out.push_str(".0");
        left -= step;
    }
    out.push(')');
}

/// Whether digits, point and exponent are a whole number up to 2^53 and a power of ten up to 22.
fn is_exactly_read(digits: &str) -> bool {
    let (mantissa, exponent) = digits.split_once('e').unwrap_or((digits, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let fraction = fraction.trim_end_matches('0');
    let Ok(exponent) = exponent.parse::<i32>() else { return false };
    let Ok(scale) = i32::try_from(fraction.len()) else { return false };
    let power = exponent - scale;
    let number = [whole, fraction].concat().parse::<u64>();
    number.is_ok_and(|number| number <= EXACT_WHOLE) && power.abs() <= EXACT_POWER
}

#[cfg(test)]
mod tests {
    use super::write_product;

    fn product(float: f64) -> String {
        let mut out = String::new();
        write_product(&mut out, float);
        out
    }

    #[test]
    fn short_decimals_stay_readable() {
        assert_eq!(product(0.1), "0.1");
        assert_eq!(product(1234.5), "1234.5");
    }

    #[test]
    fn other_floats_are_products_of_powers_of_two() {
        assert_eq!(product(0.1 + 0.2), "(1351079888211149.0/4503599627370496.0)");
        assert!(product(5e-324).starts_with("(1.0/"));
        assert!(product(f64::MAX).starts_with("(9007199254740991.0*"));
    }
}
