//! One record of a stream: what a write did to an item.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_StreamRecord.html>

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::change::{Author, Change};
use super::key::KeySchema;
use super::stored_item::StoredItem;
use super::value::Item;
use crate::kernel::{EventId, Timestamp};

/// What of an item its stream shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ViewType {
    NewImage,
    OldImage,
    NewAndOldImages,
    KeysOnly,
}

impl ViewType {
    /// The names in the order of AWS's messages.
    pub const NAMES: [&'static str; 4] = ["OLD_IMAGE", "KEYS_ONLY", "NEW_AND_OLD_IMAGES", "NEW_IMAGE"];

    pub fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "NEW_IMAGE" => Self::NewImage,
            "OLD_IMAGE" => Self::OldImage,
            "NEW_AND_OLD_IMAGES" => Self::NewAndOldImages,
            "KEYS_ONLY" => Self::KeysOnly,
            _ => return None,
        })
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::NewImage => "NEW_IMAGE",
            Self::OldImage => "OLD_IMAGE",
            Self::NewAndOldImages => "NEW_AND_OLD_IMAGES",
            Self::KeysOnly => "KEYS_ONLY",
        }
    }

    fn shows_new(self) -> bool {
        matches!(self, Self::NewImage | Self::NewAndOldImages)
    }

    fn shows_old(self) -> bool {
        matches!(self, Self::OldImage | Self::NewAndOldImages)
    }
}

/// What happened to an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum EventName {
    Insert,
    Modify,
    Remove,
}

/// A record as it is kept. Its sequence number follows from its place. Images
/// are shared with the table and with each other.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StreamRecord {
    pub event_name: EventName,
    pub keys: Arc<StoredItem>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new_image: Option<Arc<StoredItem>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old_image: Option<Arc<StoredItem>>,
    pub bytes: usize,
    pub created: Timestamp,
    pub author: Author,
    /// The call or timer that made the change.
    pub writer: EventId,
}

impl StreamRecord {
    /// What a stream keeps of a change; nothing of a write that changed nothing.
    ///
    /// "If you perform a PutItem or UpdateItem operation that does not change
    /// any data in an item, DynamoDB Streams does not write a stream record."
    /// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html>
    pub fn of(
        change: &Change,
        after: Option<&Item>,
        schema: &KeySchema,
        view: ViewType,
        created: Timestamp,
        writer: EventId,
    ) -> Option<Self> {
        let event_name = match (&change.before, &change.after) {
            (None, None) => return None,
            (Some(before), Some(after)) if before.same_attributes(after) => return None,
            (None, Some(_)) => EventName::Insert,
            (Some(_), Some(_)) => EventName::Modify,
            (Some(_), None) => EventName::Remove,
        };
        let keys = match (after, &change.before) {
            (Some(item), _) => schema.attributes_of(item),
            (None, Some(before)) => schema.attributes_of(&before.attributes_where(&|name| schema.contains(name))),
            (None, None) => return None,
        };
        let new_image = change.after.clone().filter(|_| view.shows_new());
        let old_image = change.before.clone().filter(|_| view.shows_old());
        let images = new_image.iter().chain(&old_image).map(|image| image.bytes).sum::<usize>();
        let keys = Arc::new(StoredItem::new(&keys, writer, None));
        Some(Self {
            event_name,
            bytes: keys.bytes + images,
            keys,
            new_image,
            old_image,
            created,
            author: change.author,
            writer,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::dynamodb::key::{KeyAttribute, ScalarType};
    use crate::service::dynamodb::number::Number;
    use crate::service::dynamodb::value::AttributeValue;

    fn item(message: &str) -> Item {
        Item::from([
            ("Id".to_owned(), AttributeValue::N(Number::parse("101").unwrap())),
            ("Message".to_owned(), AttributeValue::S(message.to_owned())),
        ])
    }

    fn record(before: Option<&str>, after: Option<&str>, view: ViewType) -> Option<StreamRecord> {
        let schema = KeySchema { partition: KeyAttribute { name: "Id".to_owned(), kind: ScalarType::N }, sort: None };
        let stored = |message: &str| Arc::new(StoredItem::new(&item(message), EventId(1), None));
        let change = Change { before: before.map(stored), after: after.map(stored), author: Author::Caller };
        StreamRecord::of(&change, after.map(item).as_ref(), &schema, view, Timestamp::from_secs(1), EventId(2))
    }

    /// Sizes from AWS's sample event for Lambda.
    /// <https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html>
    #[test]
    fn records_have_the_sizes_of_awss_sample() {
        let (new, changed) = (Some("New item!"), Some("This item has changed"));
        for (before, after, event_name, bytes) in [
            (None, new, EventName::Insert, 26),
            (new, changed, EventName::Modify, 59),
            (changed, None, EventName::Remove, 38),
        ] {
            let record = record(before, after, ViewType::NewAndOldImages).unwrap();
            assert_eq!((record.event_name, record.bytes), (event_name, bytes));
            assert_eq!(serde_json::to_string(&*record.keys).unwrap(), r#"{"Id":{"N":"101"}}"#);
        }
    }

    #[test]
    fn a_view_type_says_which_images_are_kept() {
        // Keys are 5 bytes, an image is 13.
        for (view, new, old, bytes) in [
            (ViewType::KeysOnly, false, false, 5),
            (ViewType::NewImage, true, false, 18),
            (ViewType::OldImage, false, true, 18),
            (ViewType::NewAndOldImages, true, true, 31),
        ] {
            let record = record(Some("a"), Some("b"), view).unwrap();
            let images = (record.new_image.is_some(), record.old_image.is_some());
            assert_eq!((images, record.bytes), ((new, old), bytes), "{view:?}");
            assert_eq!(ViewType::parse(view.name()), Some(view));
        }
    }

    #[test]
    fn what_changes_nothing_makes_no_record() {
        assert!(record(Some("a"), Some("a"), ViewType::KeysOnly).is_none());
        assert!(record(None, None, ViewType::KeysOnly).is_none());
    }
}
