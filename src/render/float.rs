//! Floats, so that the engine reads back the same bits.

use super::out::Out;

/// The power of ten up to which a float holds it, and the whole number up to which it holds all.
const EXACT_POWER: u32 = 22;
const EXACT_WHOLE: u64 = 1 << 53;
/// A whole number that engines read as an integer of 64 bits, even with zeros behind it.
const INTEGER: u64 = 900_000_000_000_000_000;

/// Writes the shortest digits that read back as the float, such as `1e308` or `0.1`.
pub(super) fn write_shortest(out: &mut Out, float: f64) {
    out.push_str(zmij::Buffer::new().format_finite(float));
}

/// Writes the shortest digits, always with an exponent, so that the literal is a float and not a decimal.
pub(super) fn write_exponent(out: &mut Out, float: f64) {
    let mut buffer = zmij::Buffer::new();
    let digits = buffer.format_finite(float);
    out.push_str(digits);
    if !digits.contains('e') {
        out.push_str("e0");
    }
}

/// Writes a positive finite float for an engine whose reading of digits is not exact: few digits where no way of reading
/// them can go wrong, else a whole number times or over powers of two.
pub(super) fn write_product(out: &mut Out, float: f64) {
    let mut buffer = zmij::Buffer::new();
    let digits = buffer.format_finite(float);
    let (mut whole, mut power) = parts_of(float);
    if is_exactly_read(digits, whole, power) {
        out.push_str(digits);
        return;
    }
    // digits of zero are read exactly, so that the number is not zero here
    let zeros = whole.trailing_zeros();
    whole = whole.unbounded_shr(zeros);
    power = power.saturating_add_unsigned(zeros);
    out.push('(');
    out.push_str(itoa::Buffer::new().format(whole));
    out.push_str(".0");
    let operator = if power.is_negative() { '/' } else { '*' };
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
    let tens = exponent - scale;
    let places = tens.unsigned_abs();
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
    let steps = u128::from(places / 10 + places % 10);
    // off / ten < 1/2 - 2 steps / 2048; floats lie closer below a power of two, but those with so few digits are exact
    off.checked_mul(1024).is_some_and(|off| (0..(512 - steps) * ten).contains(&off))
}

#[cfg(test)]
mod tests {
    use super::write_product;

    fn product(float: f64) -> String {
        let mut out = super::Out::new();
        write_product(&mut out, float);
        out.flush();
        out.text().unwrap().to_owned()
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
        assert_eq!(product(3682.546243), "3682.546243");
    }

    #[test]
    fn few_digits_are_few_tenths_and_a_whole_number_that_floats_hold() {
        assert_eq!(product(1e-22), "1e-22");
        assert_eq!(product(900_719_925_474_099.2), "900719925474099.2");
        assert!(product(900_719_925_474_099.4).ends_with("/8.0)"));
        for places in 23..60 {
            assert!(product(10f64.powi(-places)).starts_with('('), "1e-{places}");
        }
        assert_eq!(product(9e17), "9e+17");
        assert!(product(9.1e17).starts_with('('));
    }

    #[test]
    fn digits_of_a_power_of_two_are_exact_where_they_are_trusted() {
        for power in -1074..1024 {
            let float = 2f64.powi(power);
            let written = product(float);
            let exact = format!("{float}");
            let digits = exact.trim_start_matches("0.").trim_start_matches('0').len();
            assert!(written.starts_with('(') || digits <= 18, "2^{power}: {written}");
        }
    }

    #[test]
    fn floats_have_an_exponent_where_digits_alone_are_a_decimal() {
        let exponent = |float| {
            let mut out = super::Out::new();
            super::write_exponent(&mut out, float);
            out.flush();
            out.text().unwrap().to_owned()
        };
        assert_eq!(exponent(1.5), "1.5e0");
        assert_eq!(exponent(1e300), "1e+300");
    }

    #[test]
    fn other_floats_are_products_of_powers_of_two() {
        assert_eq!(product(0.1 + 0.2), "(1351079888211149.0/4503599627370496.0)");
        let steps = |operator: char, power: u32| {
            let full = format!("{operator}4503599627370496.0").repeat((power / 52).try_into().unwrap());
            format!("{full}{operator}{}.0)", 1u64 << (power % 52))
        };
        assert_eq!(product(5e-324), format!("(1.0{}", steps('/', 1074)));
        assert_eq!(product(f64::MIN_POSITIVE / 2.0), format!("(1.0{}", steps('/', 1023)));
        assert_eq!(product(f64::MIN_POSITIVE * 1.5), format!("(3.0{}", steps('/', 1023)));
        assert_eq!(product(f64::MAX), format!("(9007199254740991.0{}", steps('*', 971)));
    }
}
