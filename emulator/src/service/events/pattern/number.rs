//! Numbers as patterns compare them: to six decimals, within five billions of zero.
//!
//! AWS's guide: "Numeric matching [...] is limited to values between -5.0e9 and +5.0e9 inclusive, with 15 digits
//! of precision, or six digits to the right of the decimal point."

/// A number in millionths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Comparable(i64);

const BOUND: f64 = 5e9;
const BOUND_MILLIONTHS: i64 = 5_000_000_000_000_000;
/// The position of the greatest comparable number.
pub const POSITION_MAX: u128 = 10_000_000_000_000_000;

impl Comparable {
    /// Nothing if the number is out of bounds.
    pub fn from_f64(number: f64) -> Option<Self> {
        (-BOUND..=BOUND).contains(&number).then(|| Self((number * 1e6).round() as i64))
    }

    /// Counted from the least comparable number.
    pub fn position(self) -> u128 {
        u128::from((self.0 + BOUND_MILLIONTHS).unsigned_abs())
    }

    /// Reads a JSON number as written.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let number = text.parse().ok().and_then(Self::from_f64);
        number.ok_or("Value must be between -5.0E9 and 5.0E9, inclusive")
    }
}
