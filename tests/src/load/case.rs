//! What is measured: operations, their data, and what each must answer.

use std::fmt::Write;

use super::request::Call;
use super::{model, stream};

/// One operation under load.
pub struct Case {
    pub name: &'static str,
    pub about: &'static str,
    pub call: Call,
    pub body: String,
    /// The share of the floor's rate that it should reach.
    pub target: f64,
    pub data: &'static [Data],
    /// What the model is to say, where it is asked.
    pub script: Option<&'static str>,
    /// How many keys the requests choose from.
    pub keys: u32,
    /// What a right answer contains, whatever else it does.
    pub must_contain: &'static [&'static str],
    /// The texts before what differs from answer to answer: a counter, a sequence number, an iterator.
    pub varying_after: &'static [&'static str],
    /// Whether each request leaves something behind: the clock passes its retention between rounds.
    pub grows: bool,
}

/// What must be there before the load begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Data {
    /// Table `items`: this many items of 1 KB.
    Items(u32),
    /// Table `shelves`: this many partitions of 20 items of 1 KB.
    Shelves(u32),
    /// Stream `records` of one shard: this many records of 1 KB.
    Records(u32),
}

/// The items that a case works on, unless it is about many.
pub const ITEMS: u32 = 1_000;
const SHELVES: u32 = 50;
const BOOKS_A_SHELF: u32 = 20;
const ITEMS_AND_NO_MORE: &[Data] = &[Data::Items(ITEMS)];

/// What the items of 1 KB weigh by DynamoDB's own rules.
pub const ITEM_BYTES: u64 = 1_024;

/// The cases, in the order in which they are reported.
pub fn all() -> Vec<Case> {
    vec![
        get_item(),
        put_item(),
        update_item(),
        query(),
        transact_write_items(),
        stream::put_record(),
        stream::put_records(),
        stream::get_records(),
        model::converse(),
    ]
}

pub fn get_item() -> Case {
    Case {
        name: "GetItem",
        about: "1 KB",
        call: Call::dynamodb("DynamoDB_20120810.GetItem"),
        body: r#"{"TableName":"items","Key":{"pk":{"S":"item-{key}"}}}"#.to_owned(),
        target: 0.60,
        data: ITEMS_AND_NO_MORE,
        script: None,
        keys: ITEMS,
        must_contain: &[r#"{"Item":{"#, r#""pk":{"S":"item-"#, r#""year":{"N":"2026"}"#, "lorem ipsum"],
        varying_after: &[],
        grows: false,
    }
}

pub fn put_item() -> Case {
    Case {
        name: "PutItem",
        about: "1 KB, in place of another",
        call: Call::dynamodb("DynamoDB_20120810.PutItem"),
        body: format!(r#"{{"TableName":"items","Item":{}}}"#, item(r#""pk":{"S":"item-{key}"}"#, 15)),
        target: 0.50,
        data: ITEMS_AND_NO_MORE,
        script: None,
        keys: ITEMS,
        must_contain: &["{}"],
        varying_after: &[],
        grows: false,
    }
}

fn update_item() -> Case {
    let body = r##"{"TableName":"items","Key":{"pk":{"S":"item-{key}"}},"UpdateExpression":"SET #hits = #hits + :one","ExpressionAttributeNames":{"#hits":"hits"},"ExpressionAttributeValues":{":one":{"N":"1"}},"ReturnValues":"UPDATED_NEW"}"##;
    Case {
        name: "UpdateItem",
        about: "a counter in an item of 1 KB",
        call: Call::dynamodb("DynamoDB_20120810.UpdateItem"),
        body: body.to_owned(),
        target: 0.45,
        data: ITEMS_AND_NO_MORE,
        script: None,
        keys: ITEMS,
        must_contain: &[r#"{"Attributes":{"hits":{"N":""#],
        varying_after: &[r#"{"N":""#],
        grows: false,
    }
}

fn query() -> Case {
    let body = r#"{"TableName":"shelves","KeyConditionExpression":"shelf = :shelf","ExpressionAttributeValues":{":shelf":{"S":"shelf-{key}"}}}"#;
    Case {
        name: "Query",
        about: "20 items of 1 KB",
        call: Call::dynamodb("DynamoDB_20120810.Query"),
        body: body.to_owned(),
        target: 0.40,
        data: &[Data::Shelves(SHELVES)],
        script: None,
        keys: SHELVES,
        must_contain: &[r#""Count":20"#, r#""ScannedCount":20"#, r#""book":{"S":"book-019"}"#, "lorem ipsum"],
        varying_after: &[],
        grows: false,
    }
}

fn transact_write_items() -> Case {
    let item = |key| item(&format!(r#""pk":{{"S":"item-{key}"}}"#), 15);
    let put = |key| format!(r#"{{"Put":{{"TableName":"items","Item":{}}}}}"#, item(key));
    Case {
        name: "TransactWriteItems",
        about: "two puts of 1 KB",
        call: Call::dynamodb("DynamoDB_20120810.TransactWriteItems"),
        body: format!(r#"{{"TransactItems":[{},{}]}}"#, put("{key}"), put("{other}")),
        target: 0.40,
        data: ITEMS_AND_NO_MORE,
        script: None,
        keys: ITEMS,
        must_contain: &["{}"],
        varying_after: &[],
        grows: false,
    }
}

/// An item of [`ITEM_BYTES`] as JSON: `key`, which counts `key_bytes`, and attributes of the common types.
fn item(key: &str, key_bytes: usize) -> String {
    let fixed = r#""title":{"S":"a book of no great length"},"author":{"S":"somebody"},"year":{"N":"2026"},"hits":{"N":"0"},"lent":{"BOOL":false}"#;
    // 15 and 25, 6 and 8, 4 and 3, 4 and 1, 4 and 1: the names and values above; then the text's name.
    const FIXED_BYTES: usize = (5 + 25) + (6 + 8) + (4 + 3) + (4 + 1) + (4 + 1) + 4;
    let text_bytes = ITEM_BYTES as usize - FIXED_BYTES - key_bytes;
    let text: String = "lorem ipsum dolor sit amet, ".chars().cycle().take(text_bytes).collect();
    format!(r#"{{{key},{fixed},"text":{{"S":"{text}"}}}}"#)
}

impl Data {
    /// The request that makes the table or stream, by target and body.
    pub fn create(self) -> (Call, String) {
        let (table, keys): (_, &[(&str, &str)]) = match self {
            Self::Items(_) => ("items", &[("pk", "HASH")]),
            Self::Shelves(_) => ("shelves", &[("shelf", "HASH"), ("book", "RANGE")]),
            Self::Records(_) => return stream::create_stream(),
        };
        let definitions: Vec<String> =
            keys.iter().map(|(name, _)| format!(r#"{{"AttributeName":"{name}","AttributeType":"S"}}"#)).collect();
        let schema: Vec<String> =
            keys.iter().map(|(name, kind)| format!(r#"{{"AttributeName":"{name}","KeyType":"{kind}"}}"#)).collect();
        let body = format!(
            r#"{{"TableName":"{table}","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[{}],"KeySchema":[{}]}}"#,
            definitions.join(","),
            schema.join(",")
        );
        (Call::dynamodb("DynamoDB_20120810.CreateTable"), body)
    }

    /// The request that tells whether it is there.
    pub fn describe(self) -> (Call, String) {
        let table = match self {
            Self::Items(_) => "items",
            Self::Shelves(_) => "shelves",
            Self::Records(_) => return stream::describe_stream(),
        };
        (Call::dynamodb("DynamoDB_20120810.DescribeTable"), format!(r#"{{"TableName":"{table}"}}"#))
    }

    /// What that request's answer holds once it can be used.
    pub fn when_active(self) -> &'static str {
        match self {
            Self::Items(_) | Self::Shelves(_) => r#""TableStatus":"ACTIVE""#,
            Self::Records(_) => r#""StreamStatus":"ACTIVE""#,
        }
    }

    /// The puts that fill it: each body is sent once for each of so many keys.
    pub fn puts(self) -> (Call, Vec<String>, u32) {
        let put_item = Call::dynamodb("DynamoDB_20120810.PutItem");
        match self {
            Self::Items(count) => (put_item, vec![self::put_item().body], count),
            Self::Records(count) => {
                let put_records = stream::put_records();
                (put_records.call, vec![put_records.body], count / stream::BATCH)
            }
            Self::Shelves(count) => {
                let book = |number: u32| {
                    let mut key = r#""shelf":{"S":"shelf-{key}"},"#.to_owned();
                    let _ = write!(key, r#""book":{{"S":"book-{number:03}"}}"#);
                    format!(r#"{{"TableName":"shelves","Item":{}}}"#, item(&key, 31))
                };
                (put_item, (0..BOOKS_A_SHELF).map(book).collect(), count)
            }
        }
    }
}
