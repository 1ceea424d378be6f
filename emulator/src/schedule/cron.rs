//! `cron(minutes hours day-of-month month day-of-week year)`.
//!
//! <https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based>

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::{AmbiguousOffset, TimeZone};

use super::field::{DAYS_OF_MONTH, DAYS_OF_WEEK, HOURS, MINUTES, MONTHS, Values, YEARS, number};
use super::{Dialect, Invalid};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cron {
    minutes: Values,
    hours: Values,
    days: Days,
    months: Values,
    years: Values,
}

/// Which days of a month. Of the two fields for days one is always `?`.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Days {
    OfMonth(Values),
    /// `L`
    Last,
    /// `LW`
    LastWeekday,
    /// `15W`
    NearestWeekday(i8),
    OfWeek(Values),
    /// `6L`
    LastOfWeek(Weekday),
    /// `6#3`
    NthOfWeek(Weekday, i8),
}

impl Cron {
    pub fn parse(content: &str, dialect: Dialect) -> Result<Self, Invalid> {
        let mut fields: Vec<&str> = content.split_whitespace().collect();
        if dialect == Dialect::Scheduler && fields.len() == 5 {
            fields.push("*");
        }
        let [minutes, hours, day_of_month, months, day_of_week, years] = fields[..] else { return Err(Invalid) };
        let days = match (day_of_month, day_of_week) {
            ("?", "?") => return Err(Invalid),
            ("?", of_week) => days_of_week(of_week)?,
            (of_month, "?") => days_of_month(of_month)?,
            _ => return Err(Invalid),
        };
        Ok(Self {
            minutes: Values::parse(minutes, &MINUTES)?,
            hours: Values::parse(hours, &HOURS)?,
            days,
            months: Values::parse(months, &MONTHS)?,
            years: Values::parse(years, &YEARS)?,
        })
    }

    /// The first moment after `moment` at which the clocks of `zone` show a time of this schedule for the first time.
    pub fn next_after(&self, moment: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let mut shown = zone.to_datetime(moment);
        loop {
            shown = self.next_shown(shown)?;
            let at = match zone.to_ambiguous_timestamp(shown).offset() {
                AmbiguousOffset::Unambiguous { offset } | AmbiguousOffset::Fold { before: offset, .. } => {
                    offset.to_timestamp(shown).ok()?
                }
                // AWS: "if a cron expression falls on a non-existent date and time, your schedule invocation is skipped"
                AmbiguousOffset::Gap { .. } => continue,
            };
            // What is shown again was meant the first time, which has passed.
            if at > moment {
                return Some(at);
            }
        }
    }

    /// The next time of this schedule that clocks may show, from the minute after `shown` on.
    ///
    /// Field by field, from the year down: where a field has no value left, the one above it goes on.
    fn next_shown(&self, shown: DateTime) -> Option<DateTime> {
        let after = Clocks::of(shown);
        let mut from = Clocks { minute: after.minute + 1, ..after };
        loop {
            let year = self.years.next(from.year)?;
            if year > from.year {
                from = Clocks::beginning_of(year, 1, 1);
            }
            let Some(month) = self.months.next(from.month) else {
                from = Clocks::beginning_of(year + 1, 1, 1);
                continue;
            };
            if month > from.month {
                from = Clocks::beginning_of(year, month, 1);
            }
            let Some(day) = next_day(self.days.of(year, month)?, from.day) else {
                from = Clocks::beginning_of(year, month + 1, 1);
                continue;
            };
            if day > from.day {
                from = Clocks::beginning_of(year, month, day);
            }
            let Some(hour) = self.hours.next(from.hour) else {
                from = Clocks::beginning_of(year, month, day + 1);
                continue;
            };
            if hour > from.hour {
                from = Clocks { hour, minute: 0, ..from };
            }
            match self.minutes.next(from.minute) {
                Some(minute) => return Clocks { minute, ..from }.shown(),
                None => from = Clocks { hour: hour + 1, minute: 0, ..from },
            }
        }
    }
}

/// A time of day of a date, each part perhaps one beyond its end.
#[derive(Clone, Copy)]
struct Clocks {
    year: u16,
    month: u16,
    day: u16,
    hour: u16,
    minute: u16,
}

impl Clocks {
    fn of(shown: DateTime) -> Self {
        let part = |value: i8| u16::try_from(value).unwrap_or(0);
        Self {
            // Before the years of any schedule, each is as good as another.
            year: u16::try_from(shown.year()).unwrap_or(0),
            month: part(shown.month()),
            day: part(shown.day()),
            hour: part(shown.hour()),
            minute: part(shown.minute()),
        }
    }

    fn beginning_of(year: u16, month: u16, day: u16) -> Self {
        Self { year, month, day, hour: 0, minute: 0 }
    }

    fn shown(self) -> Option<DateTime> {
        let date = date(self.year, self.month, i8::try_from(self.day).ok()?)?;
        Some(date.at(i8::try_from(self.hour).ok()?, i8::try_from(self.minute).ok()?, 0, 0))
    }
}

fn date(year: u16, month: u16, day: i8) -> Option<Date> {
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, day).ok()
}

/// The lowest bit of `days` from `from` on.
fn next_day(days: u32, from: u16) -> Option<u16> {
    let left = if from > 31 { 0 } else { days & (u32::MAX << from) };
    (left != 0).then(|| left.trailing_zeros() as u16)
}

fn days_of_month(text: &str) -> Result<Days, Invalid> {
    let upper = text.to_ascii_uppercase();
    match upper.as_str() {
        "L" => Ok(Days::Last),
        "LW" => Ok(Days::LastWeekday),
        _ => match upper.strip_suffix('W') {
            Some(day) => i8::try_from(DAYS_OF_MONTH.value(day)?).map(Days::NearestWeekday).map_err(|_| Invalid),
            None => Values::parse(&upper, &DAYS_OF_MONTH).map(Days::OfMonth),
        },
    }
}

/// AWS: "If you use a '#' character, you can define only one expression in the day-of-week field."
fn days_of_week(text: &str) -> Result<Days, Invalid> {
    let upper = text.to_ascii_uppercase();
    if let Some((day, nth)) = upper.split_once('#') {
        let nth = number(nth).filter(|nth| (1..=5).contains(nth)).and_then(|nth| i8::try_from(nth).ok());
        return Ok(Days::NthOfWeek(weekday(DAYS_OF_WEEK.value(day)?), nth.ok_or(Invalid)?));
    }
    match upper.strip_suffix('L') {
        // "The last day of the week": Saturday.
        Some("") => Values::parse("7", &DAYS_OF_WEEK).map(Days::OfWeek),
        Some(day) => Ok(Days::LastOfWeek(weekday(DAYS_OF_WEEK.value(day)?))),
        None => Values::parse(&upper, &DAYS_OF_WEEK).map(Days::OfWeek),
    }
}

/// Of AWS's numbers, in which Sunday is 1.
fn weekday(number: u16) -> Weekday {
    let days = [
        Weekday::Sunday,
        Weekday::Monday,
        Weekday::Tuesday,
        Weekday::Wednesday,
        Weekday::Thursday,
        Weekday::Friday,
        Weekday::Saturday,
    ];
    days[usize::from(number - 1) % days.len()]
}

impl Days {
    /// These days of a month, each as the bit of its number. Nothing, if there is no such month.
    fn of(&self, year: u16, month: u16) -> Option<u32> {
        let first = date(year, month, 1)?;
        let last = first.days_in_month();
        let bit = |day: i8| 1_u32 << day;
        // How long after the first of the month its first such day of the week is.
        let until = |wanted: Weekday| first.weekday().until(wanted);
        Some(match self {
            // The lower half, without what is beyond the end of the month.
            Self::OfMonth(values) => values.low_bits() as u32 & (u32::MAX >> (31 - last)),
            Self::Last => bit(last),
            Self::LastWeekday => bit(nearest_weekday(first, last)),
            // assumed: a month without that day has none near it.
            Self::NearestWeekday(day) if *day > last => 0,
            Self::NearestWeekday(day) => bit(nearest_weekday(first, *day)),
            Self::OfWeek(values) => {
                let wanted = values.low_bits();
                let mut number = first.weekday().to_sunday_one_offset();
                let mut days = 0;
                for day in 1..=last {
                    if wanted & (1 << number) != 0 {
                        days |= bit(day);
                    }
                    number = number % 7 + 1;
                }
                days
            }
            Self::LastOfWeek(wanted) => {
                let day = 1 + until(*wanted);
                bit(day + (last - day) / 7 * 7)
            }
            Self::NthOfWeek(wanted, nth) => {
                let day = 1 + until(*wanted) + (nth - 1) * 7;
                if day > last { 0 } else { bit(day) }
            }
        })
    }
}

/// The day from Monday to Friday that is nearest to that day, in the same month.
fn nearest_weekday(first: Date, day: i8) -> i8 {
    let last = first.days_in_month();
    let weekday = first.weekday().wrapping_add(i64::from(day - 1));
    match weekday {
        Weekday::Saturday if day == 1 => 3,
        Weekday::Saturday => day - 1,
        Weekday::Sunday if day == last => day - 2,
        Weekday::Sunday => day + 1,
        _ => day,
    }
}
