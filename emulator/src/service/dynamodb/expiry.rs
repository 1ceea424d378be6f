//! Time to live: when an item is due, and its sweep.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html>
//!
//! Nothing but the sweep looks at the expiry: until then an item is read,
//! queried, checked and written as any other, as on AWS.

use std::time::Duration;

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
        SweepLag::UpTo(most) => {
            let most = u64::try_from(most.as_millis()).unwrap_or(u64::MAX);
            Duration::from_millis(ids.draw(|random| random.u64(..=most)))
        }
    };
    Some(expiry.max(now) + lag)
}

/// Deletes what is due. Each deletion is caused by what wrote the item.
pub fn sweep(table: &mut Table, call: &mut Call<'_>) {
    while let Some(expired) = table.take_expired(call.now) {
        let resource = format!("{}/{}", table.name, table.schema.shown(&expired.attributes));
        call.timer("dynamodb", "expire", resource, Some(expired.writer));
    }
}
