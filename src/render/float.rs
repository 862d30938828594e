//! Floats, so that the engine reads back the same bits.

/// The power of ten up to which a float holds it, and the whole number up to which it holds all.
const EXACT_POWER: u32 = 22;
const EXACT_WHOLE: u64 = 1 << 53;
/// A whole number that engines read as an integer of 64 bits, even with zeros behind it.
const INTEGER: u64 = 900_000_000_000_000_000;

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

/// Writes a positive finite float for an engine whose reading of digits is not exact: few digits where no way of reading
/// them can go wrong, else a whole number times or over powers of two.
pub(super) fn write_product(out: &mut String, float: f64) {
    let mut buffer = zmij::Buffer::new();
    let digits = buffer.format_finite(float);
    let (mut whole, mut power) = parts_of(float);
    if is_exactly_read(digits, whole, power) {
        out.push_str(digits);
        return;
    }
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

/// The whole number and the power of two whose product a float is.
fn parts_of(float: f64) -> (u64, i32) {
    let bits = float.to_bits();
    let biased = i32::try_from(bits >> 52 & 0x7ff).unwrap_or(0);
    let fraction = bits & ((1 << 52) - 1);
    if biased == 0 { (fraction, -1074) } else { (fraction + (1 << 52), biased - 1075) }
}

/// Whether digits are read as the float that they stand for by every way of reading them: in one division, in a
/// division of 64 bits that is rounded again, and by a multiplication of 64 bits for each tenth.
///
/// Each step of 64 bits is wrong by up to 2/2048 of the distance between two floats, so that what the digits mean must
/// stay as far from the middle of two.
fn is_exactly_read(digits: &str, whole: u64, power: i32) -> bool {
    let (mantissa, exponent) = digits.split_once('e').unwrap_or((digits, "0"));
    let (front, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let fraction = fraction.trim_end_matches('0');
    let (Ok(exponent), Ok(scale)) = (exponent.parse::<i32>(), i32::try_from(fraction.len())) else { return false };
    let Ok(number) = [front, fraction].concat().parse::<u64>() else { return false };
    let (tens, places) = (exponent - scale, (exponent - scale).unsigned_abs());
    if tens >= 0 {
        let integer = 10u64.checked_pow(places).and_then(|ten| number.checked_mul(ten));
        return integer.is_some_and(|integer| integer <= INTEGER);
    }
    if number > EXACT_WHOLE || places > EXACT_POWER || power >= 0 {
        return false;
    }
    let ten = 10u128.pow(places);
    let shift = power.unsigned_abs();
    if u128::from(number).leading_zeros() <= shift {
        return false;
    }
    let off = (u128::from(number) << shift).abs_diff(u128::from(whole) * ten);
    // below a power of two floats lie closer
    if whole <= 1 << 52 {
        return off == 0;
    }
    let steps = u128::from(places / 10 + places % 10);
    // off / ten < 1/2 - 2 steps / 2048
    off.checked_mul(1024).is_some_and(|off| off < (512 - steps) * ten)
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
        assert_eq!(product(19.99), "19.99");
        assert_eq!(product(0.5), "0.5");
        assert_eq!(product(1e15), "1000000000000000.0");
    }

    #[test]
    fn digits_near_the_middle_of_two_floats_are_not_trusted() {
        // SQLite 3.40 reads 1297.798451 as the next float
        assert_eq!(product(1297.798451), "(5707777949536725.0/4398046511104.0)");
    }

    #[test]
    fn other_floats_are_products_of_powers_of_two() {
        assert_eq!(product(0.1 + 0.2), "(1351079888211149.0/4503599627370496.0)");
        assert!(product(5e-324).starts_with("(1.0/"));
        assert!(product(f64::MAX).starts_with("(9007199254740991.0*"));
    }
}
