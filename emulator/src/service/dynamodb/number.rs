//! DynamoDB's number: up to 38 significant digits between 1E-130 and 9.99...E+125, either sign, or zero.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html#HowItWorks.DataTypes.Number>
//!
//! A pure type: knows only std.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;

/// Significant digits a number may have.
const DIGITS_MAX: u32 = 38;
/// The power of ten of the leading digit of the greatest and of the smallest number.
const MAGNITUDE_MAX: i32 = 125;
const MAGNITUDE_MIN: i32 = -130;

/// `coefficient` x 10^`exponent`, negated if `negative`.
///
/// Always in normal form: the coefficient is below 10^38 and has no trailing
/// zero; zero is `0 x 10^0` and not negative. So equal numbers are equal structs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Number {
    negative: bool,
    coefficient: u128,
    exponent: i16,
}

/// Why a number cannot be: in AWS's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberError(pub String);

impl NumberError {
    fn not_numeric(text: &str) -> Self {
        let shown = if text.is_empty() { String::new() } else { format!(": {text}") };
        Self(format!("The parameter cannot be converted to a numeric value{shown}"))
    }

    fn overflow() -> Self {
        Self("Number overflow. Attempting to store a number with magnitude larger than supported range".to_owned())
    }

    fn underflow() -> Self {
        Self("Number underflow. Attempting to store a number with magnitude smaller than supported range".to_owned())
    }

    fn too_precise() -> Self {
        Self("Attempting to store more than 38 significant digits in a Number".to_owned())
    }
}

impl Number {
    pub const ZERO: Self = Self { negative: false, coefficient: 0, exponent: 0 };

    /// Reads `-12.5`, `.5`, `5.`, `1e-3`: what Java's `BigDecimal` reads, in ASCII.
    pub fn parse(text: &str) -> Result<Self, NumberError> {
        let (negative, unsigned) = match text.as_bytes().first() {
            Some(b'-') => (true, &text[1..]),
            Some(b'+') => (false, &text[1..]),
            _ => (false, text),
        };
        let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
            Some(at) => (&unsigned[..at], parse_exponent(&unsigned[at + 1..])),
            None => (unsigned, Some(0)),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let numeric = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
        let (Some(exponent), true) =
            (exponent, numeric(whole) && numeric(fraction) && whole.len() + fraction.len() > 0)
        else {
            return Err(NumberError::not_numeric(text));
        };
        let digits = if fraction.is_empty() { Cow::Borrowed(whole) } else { Cow::Owned(format!("{whole}{fraction}")) };
        let written = exponent;
        let exponent = exponent.saturating_sub(i64::try_from(fraction.len()).unwrap_or(i64::MAX));
        let significant = digits.trim_start_matches('0');
        let trimmed = significant.trim_end_matches('0');
        if trimmed.is_empty() {
            // A zero must fit by the exponent that it is written with, as callers report.
            check_magnitude(written)?;
            return Ok(Self::ZERO);
        }
        let dropped = i64::try_from(significant.len() - trimmed.len()).unwrap_or(i64::MAX);
        let exponent = exponent.saturating_add(dropped);
        let magnitude = exponent.saturating_add(i64::try_from(trimmed.len()).unwrap_or(i64::MAX) - 1);
        check_magnitude(magnitude)?;
        if trimmed.len() > DIGITS_MAX as usize {
            return Err(NumberError::too_precise());
        }
        let coefficient = trimmed.parse().expect("at most 38 ASCII digits fit 128 bits");
        Ok(Self { negative, coefficient, exponent: i16::try_from(exponent).expect("the magnitude is checked") })
    }

    pub fn plus(self, other: Self) -> Result<Self, NumberError> {
        if self.coefficient == 0 {
            return Ok(other);
        }
        if other.coefficient == 0 {
            return Ok(self);
        }
        let (high, low) = if self.exponent >= other.exponent { (self, other) } else { (other, self) };
        let gap = u32::from(high.exponent.abs_diff(low.exponent));
        // What does not fit 128 bits has more than 38 digits after adding, too:
        // the smaller coefficient is below 10^38 and ends in no zero.
        let aligned = 10u128.checked_pow(gap).and_then(|scale| high.coefficient.checked_mul(scale));
        let Some(aligned) = aligned else { return Err(NumberError::too_precise()) };
        let (negative, coefficient) = if high.negative == low.negative {
            (high.negative, aligned.checked_add(low.coefficient).ok_or_else(NumberError::too_precise)?)
        } else if aligned >= low.coefficient {
            (high.negative, aligned - low.coefficient)
        } else {
            (low.negative, low.coefficient - aligned)
        };
        Self::normal(negative, coefficient, i32::from(low.exponent))
    }

    pub fn minus(self, other: Self) -> Result<Self, NumberError> {
        self.plus(other.negated())
    }

    fn negated(self) -> Self {
        Self { negative: !self.negative && self.coefficient != 0, ..self }
    }

    fn normal(negative: bool, mut coefficient: u128, mut exponent: i32) -> Result<Self, NumberError> {
        if coefficient == 0 {
            return Ok(Self::ZERO);
        }
        while coefficient.is_multiple_of(10) {
            coefficient /= 10;
            exponent += 1;
        }
        let digits = coefficient.ilog10() + 1;
        check_magnitude(i64::from(exponent) + i64::from(digits) - 1)?;
        if digits > DIGITS_MAX {
            return Err(NumberError::too_precise());
        }
        Ok(Self { negative, coefficient, exponent: i16::try_from(exponent).expect("the magnitude is checked") })
    }

    /// Significant digits; none for zero.
    pub fn digits(self) -> u32 {
        if self.coefficient == 0 { 0 } else { self.coefficient.ilog10() + 1 }
    }

    pub fn is_negative(self) -> bool {
        self.negative
    }

    /// Rounded towards minus infinity; `None` beyond 64 bits.
    pub fn floor(self) -> Option<i64> {
        let exponent = i32::from(self.exponent);
        let (whole, rest) = if exponent >= 0 {
            (self.coefficient.checked_mul(10u128.checked_pow(exponent.unsigned_abs())?)?, 0)
        } else {
            let scale = 10u128.checked_pow(exponent.unsigned_abs());
            scale.map_or((0, self.coefficient), |scale| (self.coefficient / scale, self.coefficient % scale))
        };
        let whole = i64::try_from(whole).ok()?;
        Some(if self.negative { -whole - i64::from(rest != 0) } else { whole })
    }

    /// Bytes that sort as the numbers do.
    pub fn sortable(self) -> [u8; 19] {
        let mut bytes = [0; 19];
        bytes[0] = 1;
        if self.coefficient == 0 {
            return bytes;
        }
        let digits = self.digits();
        let biased = u16::try_from(self.magnitude() - MAGNITUDE_MIN).expect("the magnitude is within range");
        bytes[0] = 2;
        bytes[1..3].copy_from_slice(&biased.to_be_bytes());
        bytes[3..].copy_from_slice(&(self.coefficient * 10u128.pow(DIGITS_MAX - digits)).to_be_bytes());
        if self.negative {
            bytes[0] = 0;
            bytes[1..].iter_mut().for_each(|byte| *byte = !*byte);
        }
        bytes
    }

    /// The power of ten of the leading digit.
    fn magnitude(self) -> i32 {
        i32::from(self.exponent) + i32::try_from(self.digits()).expect("at most 38") - 1
    }
}

fn check_magnitude(magnitude: i64) -> Result<(), NumberError> {
    if magnitude > i64::from(MAGNITUDE_MAX) {
        return Err(NumberError::overflow());
    }
    if magnitude < i64::from(MAGNITUDE_MIN) {
        return Err(NumberError::underflow());
    }
    Ok(())
}

/// The number after `e`. Beyond 64 bits it is no number, as callers report.
fn parse_exponent(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.strip_prefix('+').unwrap_or(text).parse().ok()
}

/// AWS answers numbers in plain notation, whatever they were sent as.
impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.negative {
            f.write_str("-")?;
        }
        let exponent = i32::from(self.exponent);
        if exponent == 0 {
            return write!(f, "{}", self.coefficient);
        }
        let digits = self.coefficient.to_string();
        let fraction = usize::try_from(-exponent).unwrap_or(0);
        if exponent >= 0 {
            write!(f, "{digits}{}", "0".repeat(usize::try_from(exponent).unwrap_or(0)))
        } else if fraction >= digits.len() {
            write!(f, "0.{}{digits}", "0".repeat(fraction - digits.len()))
        } else {
            let (whole, rest) = digits.split_at(digits.len() - fraction);
            write!(f, "{whole}.{rest}")
        }
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        self.sortable().cmp(&other.sortable())
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use std::str::FromStr;

    use bigdecimal::BigDecimal;
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    use super::*;

    fn number(text: &str) -> Number {
        Number::parse(text).unwrap_or_else(|error| panic!("{text}: {error:?}"))
    }

    #[test]
    fn numbers_are_answered_in_plain_notation() {
        let nines = "9".repeat(38);
        for (sent, answered) in [
            ("0", "0"),
            ("-0.00", "0"),
            ("+1", "1"),
            ("007", "7"),
            ("1.50", "1.5"),
            (".5", "0.5"),
            ("5.", "5"),
            ("1e3", "1000"),
            ("12E-3", "0.012"),
            ("-123.4500", "-123.45"),
            (&nines, &nines),
            ("0e125", "0"),
            ("0.000e-130", "0"),
        ] {
            assert_eq!(number(sent).to_string(), answered, "{sent}");
        }
        assert_eq!(number("1E125").to_string().len(), 126);
        assert_eq!(number("1E-130").to_string().len(), 132);
    }

    #[test]
    fn what_is_no_number_or_does_not_fit_is_refused_in_awss_words() {
        for bad in [
            "abc",
            ".",
            "-",
            "1e",
            "1e+",
            "1e+-1",
            "1_000",
            " 1",
            "1 ",
            "0x10",
            "NaN",
            "Infinity",
            "1.2.3",
            "--1",
            "١",
            "1e9223372036854775808",
        ] {
            let expected = format!("The parameter cannot be converted to a numeric value: {bad}");
            assert_eq!(Number::parse(bad), Err(NumberError(expected)));
        }
        assert_eq!(
            Number::parse(""),
            Err(NumberError("The parameter cannot be converted to a numeric value".to_owned()))
        );
        for big in
            ["1E126", "-1E126", "0e126", "1e99999999999", "1e9223372036854775807", &format!("1{}", "0".repeat(126))]
        {
            assert_eq!(Number::parse(big), Err(NumberError::overflow()), "{big}");
        }
        for small in ["1E-131", "-9E-131", "0e-131", "1e-99999999999", "1.5e-9223372036854775808"] {
            assert_eq!(Number::parse(small), Err(NumberError::underflow()), "{small}");
        }
        assert_eq!(Number::parse(&"1".repeat(39)), Err(NumberError::too_precise()));
    }

    #[test]
    fn sums_are_exact_or_refused() {
        for (a, b, sum) in [
            ("1", "2", "3"),
            ("0.1", "0.2", "0.3"),
            ("1", "-1", "0"),
            ("-5", "3", "-2"),
            ("3", "-5", "-2"),
            ("99", "1", "100"),
            ("1E37", "1", "10000000000000000000000000000000000001"),
            ("0", "1E-130", &number("1E-130").to_string()),
        ] {
            assert_eq!(number(a).plus(number(b)).unwrap().to_string(), sum, "{a} + {b}");
            assert_eq!(number(b).plus(number(a)).unwrap().to_string(), sum, "{b} + {a}");
        }
        assert_eq!(number("5").minus(number("7")).unwrap().to_string(), "-2");
        assert_eq!(number("1E125").plus(number("1")), Err(NumberError::too_precise()));
        assert_eq!(number("9E125").plus(number("9E125")), Err(NumberError::overflow()));
        assert_eq!(number(&"9".repeat(38)).plus(number("0.1")), Err(NumberError::too_precise()));
    }

    #[test]
    fn numbers_sort_by_value() {
        let sorted = [
            "-1E125", "-100", "-99.5", "-1.1", "-1", "-1E-130", "0", "1E-130", "0.001", "0.01", "1", "1.1", "2", "10",
            "1E125",
        ];
        for pair in sorted.windows(2) {
            assert!(number(pair[0]) < number(pair[1]), "{} < {}", pair[0], pair[1]);
        }
    }

    #[test]
    fn numbers_round_down_to_seconds() {
        for (text, floor) in [
            ("1.9", Some(1)),
            ("-1.1", Some(-2)),
            ("-2", Some(-2)),
            ("1E3", Some(1000)),
            ("1E-130", Some(0)),
            ("1E20", None),
        ] {
            assert_eq!(number(text).floor(), floor, "{text}");
        }
    }

    /// Texts of numbers in and around DynamoDB's range.
    fn decimal() -> impl Strategy<Value = String> {
        let exponent = prop_oneof![
            4 => Just(String::new()),
            4 => (-45i32..45).prop_map(|exponent| format!("e{exponent}")),
            1 => (-180i32..180).prop_map(|exponent| format!("E{exponent:+}")),
        ];
        ("-?[0-9]{1,25}", prop::option::of("[0-9]{1,20}"), exponent).prop_map(|(whole, fraction, exponent)| {
            let fraction = fraction.map(|digits| format!(".{digits}")).unwrap_or_default();
            format!("{whole}{fraction}{exponent}")
        })
    }

    /// The value itself, if DynamoDB has such a number. Of zeros it has those within its exponents alone.
    fn expected(value: BigDecimal) -> Option<BigDecimal> {
        let value = value.normalized();
        let (digits, scale) = value.as_bigint_and_exponent();
        let length = i64::try_from(digits.magnitude().to_string().len()).expect("it is short");
        let magnitude = length - scale - 1;
        (length <= 38 && (-130..=125).contains(&magnitude)).then_some(value)
    }

    proptest! {
        #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(7), cases: 512, ..ProptestConfig::default() })]

        #[test]
        fn small_numbers_add_and_compare_as_integers_do(a in -1_000_000_000i64..1_000_000_000, b in -1_000_000_000i64..1_000_000_000, shift in 0usize..20) {
            let [x, y, sum] = [a, b, a + b].map(|value| number(&format!("{value}e-{shift}")));
            assert_eq!(x.plus(y).unwrap(), sum);
            assert_eq!(x.cmp(&y), a.cmp(&b));
            assert_eq!(number(&x.to_string()), x);
        }

        #[test]
        fn numbers_are_what_an_independent_implementation_says(a in decimal(), b in decimal()) {
            let oracle = |text: &str| BigDecimal::from_str(text).expect("it is a decimal number");
            let (x, y) = (oracle(&a), oracle(&b));
            prop_assert_eq!(Number::parse(&a).map(|number| oracle(&number.to_string())).ok(), expected(x.clone()));
            let (Ok(p), Ok(q)) = (Number::parse(&a), Number::parse(&b)) else { return Ok(()) };
            prop_assert_eq!(p.cmp(&q), x.cmp(&y));
            prop_assert_eq!(p == q, x == y);
            prop_assert_eq!(p.plus(q).map(|sum| oracle(&sum.to_string())).ok(), expected(&x + &y));
            prop_assert_eq!(p.minus(q).map(|rest| oracle(&rest.to_string())).ok(), expected(&x - &y));
        }

        #[test]
        fn any_text_is_read_or_refused(text in "[-+0-9.eE]{0,60}") {
            if let Ok(value) = Number::parse(&text) {
                assert_eq!(Number::parse(&value.to_string()), Ok(value));
            }
        }
    }
}
