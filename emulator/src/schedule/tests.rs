use jiff::tz::TimeZone;

use super::{Dialect, Invalid, Schedule, zone};
use crate::kernel::timestamp::Timestamp;

fn moment(text: &str) -> Timestamp {
    let at: jiff::Timestamp = text.parse().unwrap_or_else(|error| panic!("{text}: {error}"));
    Timestamp::from_millis(at.as_millisecond())
}

fn cron(fields: &str) -> Schedule {
    let text = format!("cron({fields})");
    Schedule::parse(&text, Dialect::Rule).unwrap_or_else(|_| panic!("`{text}` is a schedule"))
}

/// The moments after `from`, as many as are expected, are these.
#[track_caller]
fn check(schedule: &Schedule, zone: &TimeZone, from: &str, expected: &[&str]) {
    let (anchor, mut at) = (moment(from), moment(from));
    for (index, wanted) in expected.iter().enumerate() {
        let next = schedule.next_after(at, anchor, zone);
        let shown = next.map_or("never".to_owned(), Timestamp::to_rfc3339);
        assert_eq!(shown, *wanted, "{schedule:?}, number {index} after {from}");
        let Some(next) = next else { return };
        at = next;
    }
}

#[test]
fn a_cron_comes_at_the_times_of_its_fields() {
    for (fields, from, expected) in [
        ("0 10 * * ? *", "2026-01-01T00:00:00Z", &["2026-01-01T10:00:00Z", "2026-01-02T10:00:00Z"][..]),
        ("0 10 * * ? *", "2026-01-01T10:00:00Z", &["2026-01-02T10:00:00Z"]),
        ("0 10 * * ? *", "2026-01-01T09:59:59.999Z", &["2026-01-01T10:00:00Z"]),
        ("0 10 * * ? *", "2026-01-01T10:00:00.001Z", &["2026-01-02T10:00:00Z"]),
        ("15 12 * * ? *", "2026-12-31T12:15:00Z", &["2027-01-01T12:15:00Z"]),
        ("0 18 ? * MON-FRI *", "2026-01-02T18:00:00Z", &["2026-01-05T18:00:00Z", "2026-01-06T18:00:00Z"]),
        ("0 8 1 * ? *", "2026-01-01T08:00:00Z", &["2026-02-01T08:00:00Z", "2026-03-01T08:00:00Z"]),
        ("0/15 * * * ? *", "2026-01-01T00:40:00Z", &["2026-01-01T00:45:00Z", "2026-01-01T01:00:00Z"]),
        (
            "*/25 * * * ? *",
            "2026-01-01T00:00:00Z",
            &["2026-01-01T00:25:00Z", "2026-01-01T00:50:00Z", "2026-01-01T01:00:00Z"],
        ),
        (
            "10-20/5 1 * * ? *",
            "2026-01-01T00:00:00Z",
            &["2026-01-01T01:10:00Z", "2026-01-01T01:15:00Z", "2026-01-01T01:20:00Z", "2026-01-02T01:10:00Z"],
        ),
        ("0-15/1 8-8 ? * 2,3,4,5,6,7 *", "2026-01-03T08:15:00Z", &["2026-01-05T08:00:00Z"]),
        ("0/10 * ? * MON-FRI *", "2026-01-02T23:50:00Z", &["2026-01-05T00:00:00Z"]),
        ("0/30 20-2 ? * MON-FRI *", "2026-01-05T02:30:00Z", &["2026-01-05T20:00:00Z"]),
        (
            "0 0 ? * FRI-MON *",
            "2026-01-01T00:00:00Z",
            &[
                "2026-01-02T00:00:00Z",
                "2026-01-03T00:00:00Z",
                "2026-01-04T00:00:00Z",
                "2026-01-05T00:00:00Z",
                "2026-01-09T00:00:00Z",
            ],
        ),
        ("0 0 ? * 1 *", "2026-01-01T00:00:00Z", &["2026-01-04T00:00:00Z"]),
        ("0 0 ? * 7 *", "2026-01-01T00:00:00Z", &["2026-01-03T00:00:00Z"]),
        ("0 0 ? * sun *", "2026-01-01T00:00:00Z", &["2026-01-04T00:00:00Z"]),
        (
            "0 0 ? * 2/2 *",
            "2026-01-01T00:00:00Z",
            &["2026-01-02T00:00:00Z", "2026-01-05T00:00:00Z", "2026-01-07T00:00:00Z"],
        ),
        ("0 9 ? JAN,JUL * *", "2026-01-31T09:00:00Z", &["2026-07-01T09:00:00Z"]),
        ("0 9 1 1/6 ? *", "2026-01-01T09:00:00Z", &["2026-07-01T09:00:00Z", "2027-01-01T09:00:00Z"]),
        ("0 0 31 * ? *", "2026-01-31T00:00:00Z", &["2026-03-31T00:00:00Z", "2026-05-31T00:00:00Z"]),
        ("0 0 29 2 ? *", "2026-01-01T00:00:00Z", &["2028-02-29T00:00:00Z", "2032-02-29T00:00:00Z"]),
        ("0 0 29 2 ? *", "2096-02-29T00:00:00Z", &["2104-02-29T00:00:00Z"]),
        ("0 0 30 2 ? *", "2026-01-01T00:00:00Z", &["never"]),
        ("* * * * ? *", "2026-01-01T23:58:30Z", &["2026-01-01T23:59:00Z", "2026-01-02T00:00:00Z"]),
        ("00 09 01 01 ? 2030", "2026-01-01T00:00:00Z", &["2030-01-01T09:00:00Z", "never"]),
        (
            "0 9 1 1 ? 2027-2028,2035",
            "2026-01-01T00:00:00Z",
            &["2027-01-01T09:00:00Z", "2028-01-01T09:00:00Z", "2035-01-01T09:00:00Z", "never"],
        ),
        ("0 9 1 1 ? 2026/50", "2026-06-01T00:00:00Z", &["2076-01-01T09:00:00Z"]),
        ("0 9 1 1 ? 2025", "2026-01-01T00:00:00Z", &["never"]),
        ("59 23 31 12 ? *", "2198-12-31T23:59:00Z", &["2199-12-31T23:59:00Z", "never"]),
        ("0 0 * * ? *", "1960-05-01T00:00:00Z", &["1970-01-01T00:00:00Z"]),
        ("0  9\t*   * ? *", "2026-01-01T00:00:00Z", &["2026-01-01T09:00:00Z"]),
    ] {
        check(&cron(fields), &TimeZone::UTC, from, expected);
    }
}

#[test]
fn days_that_depend_on_the_month() {
    for (fields, from, expected) in [
        (
            "0 5 L * ? *",
            "2026-01-01T00:00:00Z",
            &["2026-01-31T05:00:00Z", "2026-02-28T05:00:00Z", "2026-03-31T05:00:00Z"][..],
        ),
        ("0 5 L 2 ? *", "2028-01-01T00:00:00Z", &["2028-02-29T05:00:00Z"]),
        ("0 5 ? * L *", "2026-01-01T00:00:00Z", &["2026-01-03T05:00:00Z", "2026-01-10T05:00:00Z"]),
        ("0 5 ? * 6L *", "2026-01-01T00:00:00Z", &["2026-01-30T05:00:00Z", "2026-02-27T05:00:00Z"]),
        ("0 5 ? * FRIL *", "2026-01-01T00:00:00Z", &["2026-01-30T05:00:00Z"]),
        ("0 5 ? * 7L *", "2026-01-01T00:00:00Z", &["2026-01-31T05:00:00Z", "2026-02-28T05:00:00Z"]),
        ("15 10 ? * 6L 2022-2023", "2023-12-01T00:00:00Z", &["2023-12-29T10:15:00Z", "never"]),
        // January 2026 begins on a Thursday.
        ("0 5 ? * 5#1 *", "2025-12-31T00:00:00Z", &["2026-01-01T05:00:00Z", "2026-02-05T05:00:00Z"]),
        ("0 5 ? * 3#2 *", "2026-01-01T00:00:00Z", &["2026-01-13T05:00:00Z"]),
        ("0 5 ? * TUE#2 *", "2026-01-01T00:00:00Z", &["2026-01-13T05:00:00Z"]),
        ("0 5 ? * 5#5 *", "2026-01-01T06:00:00Z", &["2026-01-29T05:00:00Z", "2026-04-30T05:00:00Z"]),
        ("0 5 ? * 1#5 *", "2026-01-01T00:00:00Z", &["2026-03-29T05:00:00Z"]),
        // The 15th: of January a Thursday, of February a Sunday, of August a Saturday.
        ("0 5 15W * ? *", "2026-01-01T00:00:00Z", &["2026-01-15T05:00:00Z", "2026-02-16T05:00:00Z"]),
        ("0 5 15W 8 ? *", "2026-01-01T00:00:00Z", &["2026-08-14T05:00:00Z"]),
        // The 1st: of August a Saturday, of February a Sunday. What is nearest in another month does not count.
        ("0 5 1W 8 ? *", "2026-01-01T00:00:00Z", &["2026-08-03T05:00:00Z"]),
        ("0 5 1W 2 ? *", "2026-01-01T00:00:00Z", &["2026-02-02T05:00:00Z"]),
        // The 31st of May is a Sunday, and of January a Saturday.
        ("0 5 31W 5 ? *", "2026-01-01T00:00:00Z", &["2026-05-29T05:00:00Z"]),
        ("0 5 31W 1 ? *", "2026-01-01T00:00:00Z", &["2026-01-30T05:00:00Z"]),
        ("0 5 31W * ? *", "2026-01-31T00:00:00Z", &["2026-03-31T05:00:00Z"]),
        (
            "0 5 LW * ? *",
            "2026-01-01T00:00:00Z",
            &["2026-01-30T05:00:00Z", "2026-02-27T05:00:00Z", "2026-03-31T05:00:00Z"],
        ),
        ("0 5 lw 5 ? *", "2026-01-01T00:00:00Z", &["2026-05-29T05:00:00Z"]),
    ] {
        check(&cron(fields), &TimeZone::UTC, from, expected);
    }
}

#[test]
fn clocks_that_are_put_forward_leave_a_time_out_and_those_put_back_show_one_twice() {
    let (new_york, berlin) = (zone("America/New_York").unwrap(), zone("Europe/Berlin").unwrap());
    for (fields, zone, from, expected) in [
        // 8 March 2026: 02:00 to 03:00 is not shown.
        ("30 2 * * ? *", &new_york, "2026-03-07T00:00:00Z", &["2026-03-07T07:30:00Z", "2026-03-09T06:30:00Z"][..]),
        ("0 9 * * ? *", &new_york, "2026-03-07T00:00:00Z", &["2026-03-07T14:00:00Z", "2026-03-08T13:00:00Z"]),
        (
            "0/30 * * * ? *",
            &new_york,
            "2026-03-08T06:00:00Z",
            &["2026-03-08T06:30:00Z", "2026-03-08T07:00:00Z", "2026-03-08T07:30:00Z"],
        ),
        // 1 November 2026: 01:00 to 02:00 is shown twice, and meant once.
        ("30 1 * * ? *", &new_york, "2026-10-31T12:00:00Z", &["2026-11-01T05:30:00Z", "2026-11-02T06:30:00Z"]),
        (
            "0/30 * * * ? *",
            &new_york,
            "2026-11-01T05:00:00Z",
            &["2026-11-01T05:30:00Z", "2026-11-01T07:00:00Z", "2026-11-01T07:30:00Z"],
        ),
        ("0/30 * * * ? *", &new_york, "2026-11-01T06:10:00Z", &["2026-11-01T07:00:00Z"]),
        // 29 March and 25 October.
        ("0 3 * * ? *", &berlin, "2026-03-28T12:00:00Z", &["2026-03-29T01:00:00Z", "2026-03-30T01:00:00Z"]),
        ("59 2 * * ? *", &berlin, "2026-03-28T12:00:00Z", &["2026-03-30T00:59:00Z"]),
        ("0 2 * * ? *", &berlin, "2026-10-24T12:00:00Z", &["2026-10-25T00:00:00Z", "2026-10-26T01:00:00Z"]),
        // A zone's own day, not UTC's.
        ("0 0 1 * ? *", &berlin, "2026-01-01T00:00:00Z", &["2026-01-31T23:00:00Z"]),
        ("0 0 ? * MON *", &new_york, "2026-01-04T00:00:00Z", &["2026-01-05T05:00:00Z"]),
    ] {
        check(&cron(fields), zone, from, expected);
    }
    // Half an hour, on the first Sundays of October and of April.
    let lord_howe = zone("Australia/Lord_Howe").unwrap();
    check(&cron("15 2 ? OCT SUN#1 *"), &lord_howe, "2026-01-01T00:00:00Z", &["never"]);
    check(&cron("45 1 ? APR SUN#1 *"), &lord_howe, "2026-01-01T00:00:00Z", &["2026-04-04T14:45:00Z"]);
}

#[test]
fn a_rate_counts_from_its_anchor_whatever_the_clocks_show() {
    let new_york = zone("America/New_York").unwrap();
    for (text, anchor, from, expected) in [
        ("rate(5 minutes)", "2026-01-01T00:01:07Z", "2026-01-01T00:01:06.999Z", "2026-01-01T00:01:07Z"),
        ("rate(5 minutes)", "2026-01-01T00:01:07Z", "2026-01-01T00:01:07Z", "2026-01-01T00:06:07Z"),
        ("rate(5 minutes)", "2026-01-01T00:01:07Z", "2026-01-01T00:06:06.999Z", "2026-01-01T00:06:07Z"),
        ("rate(5 minutes)", "2027-01-01T00:00:00Z", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"),
        ("rate(1 hour)", "2026-01-01T00:30:00Z", "2026-07-01T12:00:00Z", "2026-07-01T12:30:00Z"),
        // "days represents a 24-hour duration on the clock"
        ("rate(1 day)", "2026-03-07T14:00:00Z", "2026-03-07T14:00:00Z", "2026-03-08T14:00:00Z"),
        ("rate(2147483647 days)", "2026-01-01T00:00:00Z", "2025-01-01T00:00:00Z", "2026-01-01T00:00:00Z"),
    ] {
        let schedule = Schedule::parse(text, Dialect::Rule).unwrap();
        let next = schedule.next_after(moment(from), moment(anchor), &new_york);
        assert_eq!(next, Some(moment(expected)), "{text} from {anchor} after {from}");
        assert!(schedule.is_rate() && !schedule.is_one_time());
    }
}

#[test]
fn a_time_comes_once_by_the_clocks_of_its_zone() {
    for (time, name, expected) in [
        ("2026-02-01T09:00:00", "UTC", "2026-02-01T09:00:00Z"),
        ("2026-02-01T09:00:59", "Asia/Kathmandu", "2026-02-01T03:15:59Z"),
        ("2026-07-01T09:00:00", "America/New_York", "2026-07-01T13:00:00Z"),
        ("2026-11-01T01:30:00", "America/New_York", "2026-11-01T05:30:00Z"),
        ("2026-03-08T02:30:00", "America/New_York", "2026-03-08T07:30:00Z"),
        ("2025-12-31T23:59:59", "UTC", "never"),
        ("2026-01-01T00:00:00", "UTC", "never"),
    ] {
        let schedule = Schedule::parse(&format!("at({time})"), Dialect::Scheduler).unwrap();
        check(&schedule, &zone(name).unwrap(), "2026-01-01T00:00:00Z", &[expected, "never"]);
        assert!(schedule.is_one_time() && !schedule.is_rate());
    }
}

/// Neither a rule nor Scheduler takes these.
const NO_SCHEDULES: &[&str] = &[
    "",
    "daily",
    "rate",
    "rate()",
    "rate(5)",
    "rate(5 minutes",
    "rate 5 minutes",
    "rate(five minutes)",
    "rate(0 minutes)",
    "rate(-1 minutes)",
    "rate(+5 minutes)",
    "rate(1.5 hours)",
    "rate(5 seconds)",
    "rate(2 weeks)",
    "rate(5 minutes now)",
    "rate(minutes)",
    "cron(0 9 * *)",
    "cron(0 9 ? *)",
    "at(2026-02-01T09)",
    "at(2026-02-01T09:)",
    "rate(5 minutess)",
    "rate(99999999999999999999 days)",
    " rate(5 minutes)",
    "rate(5 minutes) ",
    "cron()",
    "cron(0 9 * * ? * *)",
    "cron(0 9 * * * *)",
    "cron(0 9 ? * ? *)",
    "cron(0 9 1 * MON *)",
    "cron(7 20 * * 1-7 *)",
    "cron(? 9 * * ? *)",
    "cron(0 ? * * ? *)",
    "cron(0 9 * ? ? *)",
    "cron(60 9 * * ? *)",
    "cron(0 24 * * ? *)",
    "cron(0 9 0 * ? *)",
    "cron(0 9 32 * ? *)",
    "cron(0 9 * 0 ? *)",
    "cron(0 9 * 13 ? *)",
    "cron(0 9 ? * 0 *)",
    "cron(0 9 ? * 8 *)",
    "cron(0 9 ? * -1 *)",
    "cron(0 9 * * ? 1969)",
    "cron(0 9 * * ? 2200)",
    "cron(0 9 * * ? 2030-2026)",
    "cron(-5 9 * * ? *)",
    "cron(5- 9 * * ? *)",
    "cron(1-2-3 9 * * ? *)",
    "cron(0/0 9 * * ? *)",
    "cron(0/60 9 * * ? *)",
    "cron(0/ 9 * * ? *)",
    "cron(/5 9 * * ? *)",
    "cron(0/5/5 9 * * ? *)",
    "cron(, 9 * * ? *)",
    "cron(0,,5 9 * * ? *)",
    "cron(5L 9 * * ? *)",
    "cron(0 9 L-3 * ? *)",
    "cron(0 9 W * ? *)",
    "cron(0 9 32W * ? *)",
    "cron(0 9 1,15W * ? *)",
    "cron(0 9 1-5W * ? *)",
    "cron(0 9 1,L * ? *)",
    "cron(0 9 ? * 3#0 *)",
    "cron(0 9 ? * 3#6 *)",
    "cron(0 9 ? * #2 *)",
    "cron(0 9 ? * 8#2 *)",
    "cron(0 9 ? * 3#1,6#3 *)",
    "cron(0 9 ? * 8L *)",
    "cron(0 9 ? * MONDAY *)",
    "cron(0 9 ? * JAN *)",
    "cron(0 9 * MON ? *)",
    "cron(0 9 3#1 * ? *)",
    "cron(٣ 9 * * ? *)",
    "at()",
    "at(2026-02-01)",
    "at(2026-02-01 09:00:00)",
    "at(2026-02-01T09:00:00Z)",
    "at(2026-02-01T09:00:00.5)",
    "at(2026-2-1T09:00:00)",
    "at(2026-02-29T09:00:00)",
    "at(2026-13-01T09:00:00)",
    "at(2026-02-01T24:00:00)",
    "at(2026-02-01T09:60:00)",
    "every(5 minutes)",
];

#[test]
fn what_is_no_schedule() {
    for text in NO_SCHEDULES {
        for dialect in [Dialect::Rule, Dialect::Scheduler] {
            assert_eq!(Schedule::parse(text, dialect), Err(Invalid), "{text} {dialect:?}");
        }
    }
}

#[test]
fn a_rule_counts_in_singular_and_plural_and_knows_no_single_times() {
    for (text, rule, scheduler) in [
        ("rate(1 minute)", true, true),
        ("rate(2 minutes)", true, true),
        ("rate(24 hours)", true, true),
        ("rate(1 day)", true, true),
        ("rate(1 minutes)", false, true),
        ("rate(1 days)", false, true),
        ("rate(5 hour)", false, true),
        ("rate(5minutes)", false, true),
        ("RATE(5 Minutes)", false, true),
        ("cron(0 9 * * ?)", false, true),
        ("cron(0 9 * * *)", false, false),
        ("CRON(0 9 * * ? *)", false, true),
        ("at(2026-02-01T09:00:00)", false, true),
        ("at(2026-02-01T09:00)", false, true),
        ("AT(2026-02-01T09:00:00)", false, true),
    ] {
        for (dialect, fits) in [(Dialect::Rule, rule), (Dialect::Scheduler, scheduler)] {
            assert_eq!(Schedule::parse(text, dialect).is_ok(), fits, "{text} {dialect:?}");
        }
    }
}

#[test]
fn zones_are_known_by_their_names_in_the_database() {
    for (name, known) in [
        ("UTC", true),
        ("Etc/UTC", true),
        ("Europe/Berlin", true),
        ("America/Argentina/Buenos_Aires", true),
        ("europe/berlin", false),
        ("Europe/Atlantis", false),
        ("+01:00", false),
        ("", false),
    ] {
        assert_eq!(zone(name).is_some(), known, "{name}");
    }
}

#[test]
fn a_schedule_that_seldom_comes_is_found_as_fast_as_another() {
    let far = cron("0 0 29 2 ? 2096,2196");
    check(&far, &TimeZone::UTC, "1970-01-01T00:00:00Z", &["2096-02-29T00:00:00Z", "2196-02-29T00:00:00Z", "never"]);
    // A week of minutes, each found from the one before.
    let (every_minute, berlin) = (cron("* * * * ? *"), zone("Europe/Berlin").unwrap());
    let (mut at, end) = (moment("2026-10-23T00:00:00Z"), moment("2026-10-30T00:00:00Z"));
    let mut count = 0;
    while at < end {
        at = every_minute.next_after(at, at, &berlin).unwrap();
        count += 1;
    }
    // Less the hour that is shown twice in autumn.
    assert_eq!(count, 7 * 24 * 60 - 60);
}
