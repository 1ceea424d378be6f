//! Time to live: when an item is due, and its sweep.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html>
//!
//! Nothing but the sweep looks at the expiry: until then an item is read,
//! queried, checked and written as any other, as on AWS.

use std::time::Duration;

use super::change::Author;
use super::settings::SweepLag;
use super::table::Table;
use super::value::{AttributeValue, Item};
use crate::kernel::{Call, Ids, Timestamp};

/// "Items with an expiry more than five years in the past are not deleted."
const IGNORED_AFTER: Duration = Duration::from_hours(5 * 365 * 24);

/// When an item with these attributes is to be swept, if it is written or looked at now.
pub fn sweep_at(
    item: &Item,
    ttl_attribute: Option<&str>,
    lag: SweepLag,
    now: Timestamp,
    ids: &Ids,
) -> Option<Timestamp> {
    let AttributeValue::N(seconds) = item.get(ttl_attribute?)? else { return None };
    let expiry = Timestamp::from_secs(seconds.floor()?);
    if expiry < now - IGNORED_AFTER {
        return None;
    }
    let lag = match lag {
        SweepLag::Immediate => Duration::ZERO,
        SweepLag::Between(least, most) => {
            let range = u64::try_from(most.saturating_sub(least).as_millis()).unwrap_or(u64::MAX);
            least.saturating_add(Duration::from_millis(ids.draw(|random| random.u64(..=range))))
        }
    };
    Some(expiry.max(now) + lag)
}

/// Deletes what is due. Each deletion is caused by what wrote the item.
pub fn sweep(table: &mut Table, call: &mut Call<'_>) {
    while let Some((key, expired)) = table.next_expired(call.now) {
        let resource = format!(
            "{}/{}",
            table.name,
            table.schema.shown(&expired.attributes_where(&|name| table.schema.contains(name)))
        );
        call.timer("dynamodb", "expire", resource, Some(expired.writer));
        table.remove(&key, Author::TimeToLive, call);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::dynamodb::number::Number;

    const NOW: Timestamp = Timestamp::from_secs(1_767_225_600);

    fn due(expires: &str, lag: SweepLag) -> Option<Timestamp> {
        let item = Item::from([("e".to_owned(), AttributeValue::N(Number::parse(expires).unwrap()))]);
        sweep_at(&item, Some("e"), lag, NOW, &Ids::seeded(7))
    }

    #[test]
    fn without_lag_the_sweep_is_at_the_second_of_expiry_or_at_once() {
        for (expires, expected) in [
            ("1767225600", Some(NOW)),
            ("1767225700", Some(NOW + Duration::from_secs(100))),
            ("1767225700.9", Some(NOW + Duration::from_secs(100))),
            ("1767225500", Some(NOW)),
            ("1609459200", None), // 2021-01-01: more than five years of 365 days ago
            ("0", None),
            ("-5", None),
            ("1E30", None),
        ] {
            assert_eq!(due(expires, SweepLag::Immediate), expected, "{expires}");
        }
    }

    #[test]
    fn the_lag_is_drawn_from_the_seed_and_bounded() {
        let lag = SweepLag::Between(Duration::from_mins(1), Duration::from_mins(10));
        let drawn = due("1767225600", lag).unwrap();
        assert_eq!(Some(drawn), due("1767225600", lag));
        assert!(NOW + Duration::from_mins(1) <= drawn && drawn <= NOW + Duration::from_mins(10), "{drawn:?}");
    }

    #[test]
    fn a_table_without_time_to_live_and_an_attribute_of_another_type_expire_nothing() {
        let item = Item::from([("e".to_owned(), AttributeValue::S("1767225600".to_owned()))]);
        let ids = Ids::seeded(7);
        assert_eq!(sweep_at(&item, Some("e"), SweepLag::Immediate, NOW, &ids), None);
        assert_eq!(sweep_at(&item, None, SweepLag::Immediate, NOW, &ids), None);
    }
}
