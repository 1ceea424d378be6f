//! One field of a cron expression: the values it stands for.

use super::Invalid;

/// What a field may hold.
pub struct Bounds {
    min: u16,
    max: u16,
    /// Names for the values from `min` on.
    names: &'static [&'static str],
}

pub const MINUTES: Bounds = Bounds { min: 0, max: 59, names: &[] };
pub const HOURS: Bounds = Bounds { min: 0, max: 23, names: &[] };
pub const DAYS_OF_MONTH: Bounds = Bounds { min: 1, max: 31, names: &[] };
pub const MONTHS: Bounds = Bounds {
    min: 1,
    max: 12,
    names: &["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"],
};
pub const DAYS_OF_WEEK: Bounds = Bounds { min: 1, max: 7, names: &["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"] };
pub const YEARS: Bounds = Bounds { min: YEAR_MIN, max: 2199, names: &[] };

const YEAR_MIN: u16 = 1970;

/// A set of values of a field: one bit for each, counted from the field's lowest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Values {
    min: u16,
    bits: [u64; 4],
}

impl Values {
    /// Reads `*`, `5`, `MON-FRI`, `0/15`, `*/2`, `10-20/5`, and lists of these.
    pub fn parse(text: &str, bounds: &Bounds) -> Result<Self, Invalid> {
        let mut values = Self { min: bounds.min, bits: [0; 4] };
        for part in text.split(',') {
            let (range, step) = match part.split_once('/') {
                Some((range, step)) => (range, Some(bounds.step(step)?)),
                None => (part, None),
            };
            let (first, last) = bounds.range(range, step.is_some())?;
            values.insert(first, last, step.unwrap_or(1), bounds);
        }
        Ok(values)
    }

    /// From `first` to `last`, over the end of the field if that is the shorter name for it: `FRI-MON`.
    fn insert(&mut self, first: u16, last: u16, step: u16, bounds: &Bounds) {
        let length = bounds.max - bounds.min + 1;
        let last = if last < first { last + length } else { last };
        for value in (first..=last).step_by(usize::from(step)) {
            let place = (value - bounds.min) % length;
            self.bits[usize::from(place / 64)] |= 1 << (place % 64);
        }
    }

    /// The lowest value that is at least `from`.
    pub fn next(&self, from: u16) -> Option<u16> {
        let place = from.saturating_sub(self.min);
        let (first, within) = (usize::from(place / 64), place % 64);
        let mut mask = u64::MAX << within;
        for (index, word) in self.bits.iter().enumerate().skip(first) {
            let left = word & mask;
            if left != 0 {
                return u16::try_from(index * 64).ok().map(|base| self.min + base + left.trailing_zeros() as u16);
            }
            mask = u64::MAX;
        }
        None
    }

    /// The bits of the values below 64, each at its own number.
    pub fn low_bits(&self) -> u64 {
        self.bits[0] << self.min
    }
}

impl Bounds {
    /// A value by its number or its name.
    pub fn value(&self, text: &str) -> Result<u16, Invalid> {
        if let Some(place) = self.names.iter().position(|name| name.eq_ignore_ascii_case(text)) {
            return u16::try_from(place).map(|place| self.min + place).map_err(|_| Invalid);
        }
        number(text).filter(|value| (self.min..=self.max).contains(value)).ok_or(Invalid)
    }

    /// The ends of a range, or of what a step is taken through: `5/15` goes on from 5.
    fn range(&self, text: &str, has_step: bool) -> Result<(u16, u16), Invalid> {
        if text == "*" {
            return Ok((self.min, self.max));
        }
        if let Some((first, last)) = text.split_once('-') {
            let (first, last) = (self.value(first)?, self.value(last)?);
            // assumed, as in other cron languages: all fields but the year go on from their end at their beginning.
            let goes_round = last < first;
            return if goes_round && self.min == YEAR_MIN { Err(Invalid) } else { Ok((first, last)) };
        }
        let value = self.value(text)?;
        Ok((value, if has_step { self.max } else { value }))
    }

    /// assumed: a step longer than its field is a mistake.
    fn step(&self, text: &str) -> Result<u16, Invalid> {
        number(text).filter(|step| (1..=self.max).contains(step)).ok_or(Invalid)
    }
}

/// Digits alone: no sign.
pub fn number(text: &str) -> Option<u16> {
    text.bytes().all(|digit| digit.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}
