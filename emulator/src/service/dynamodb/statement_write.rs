//! INSERT, UPDATE and DELETE, as writes of one item.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.statements.html>

use super::expression::projection::Projection;
use super::expression::tree::{Condition, Path};
use super::key::KeySchema;
use super::partiql::access::full_key;
use super::partiql::binding::{Read, Request};
use super::partiql::tree::Returning;
use super::statement_read::key_names;
use super::stored_item::{Image, StoredItem};
use super::table::Written;
use super::transaction::Intent;
use super::value::{Item, check_nesting};
use super::write::check_size;
use crate::kernel::ApiError;

/// A write that a statement asks for, before it is looked at in its table.
pub struct Wanted {
    pub intent: Intent,
    pub condition: Option<Condition>,
    /// The key in few words, for the timeline.
    pub shown: String,
    pub returned: Returned,
}

/// What RETURNING asks for, if anything, and the paths that an update changes.
pub struct Returned(Option<(Returning, Projection)>);

impl Returned {
    /// The row that is answered, where there is anything of it.
    pub fn image(&self, written: &Written) -> Option<Image> {
        let (returning, touched) = self.0.as_ref()?;
        let part = |stored: &StoredItem| {
            Some(stored.projected(touched)).filter(|item: &Item| !item.is_empty()).map(Image::Part)
        };
        match returning {
            Returning::AllOld => written.before.clone().map(Image::Whole),
            Returning::AllNew => written.after.clone().map(Image::Whole),
            Returning::ModifiedOld => part(written.before.as_ref()?),
            Returning::ModifiedNew => part(written.after.as_ref()?),
        }
    }
}

/// The refusal of a write as its statement words it: an INSERT puts no item in place of another.
pub fn refusal(inserts: bool, refusal: ApiError) -> ApiError {
    if inserts && refusal.code == "ConditionalCheckFailedException" {
        return ApiError::new("DuplicateItemException", "Duplicate primary key exists in table");
    }
    refusal
}

/// The write that a statement asks for. What only reads is no write.
pub fn wanted(request: Request, schema: &KeySchema) -> Result<Wanted, ApiError> {
    let partition = Path::attribute(schema.partition.name.clone());
    match request {
        Request::Insert { item, .. } => {
            check_size(&item)?;
            check_nesting(&item).map_err(ApiError::validation)?;
            let shown = schema.shown(&item);
            Ok(Wanted { intent: Intent::Insert(item), condition: None, shown, returned: Returned(None) })
        }
        Request::Update { update, condition, returning, .. } => {
            let (key, rest) = mandatory_key(condition, schema)?;
            let shown = schema.shown(&key);
            let touched = Projection::of(update.targets());
            let exists = Condition::AttributeExists(partition);
            let condition = match rest {
                Some(rest) => Condition::And(Box::new(exists), Box::new(rest)),
                None => exists,
            };
            let returned = Returned(returning.map(|returning| (returning, touched)));
            Ok(Wanted { intent: Intent::Update(key, update), condition: Some(condition), shown, returned })
        }
        Request::Delete { condition, returning, .. } => {
            let (key, rest) = mandatory_key(condition, schema)?;
            let shown = schema.shown(&key);
            // Where there is no item, nothing is checked: that statement succeeds.
            let gone = Condition::AttributeNotExists(partition);
            let condition = rest.map(|rest| Condition::Or(Box::new(gone), Box::new(rest)));
            let returned = Returned(returning.map(|returning| (returning, Projection::default())));
            Ok(Wanted { intent: Intent::Delete(key), condition, shown, returned })
        }
        Request::Check(read) => {
            let (key, condition) = check_of(read, schema)?;
            let shown = schema.shown(&key);
            Ok(Wanted { intent: Intent::Check(key, condition), condition: None, shown, returned: Returned(None) })
        }
        Request::Read(_) => unreachable!("reads are told apart before"),
    }
}

fn mandatory_key(condition: Option<Condition>, schema: &KeySchema) -> Result<(Item, Option<Condition>), ApiError> {
    full_key(condition, key_names(schema))
        .ok_or_else(|| ApiError::validation("Where clause does not contain a mandatory equality on all key attributes"))
}

/// The key of what EXISTS looks at, and what must hold for it.
fn check_of(read: Read, schema: &KeySchema) -> Result<(Item, Condition), ApiError> {
    match full_key(read.condition, key_names(schema)) {
        Some((key, Some(condition))) if read.source.index.is_none() => Ok((key, condition)),
        _ => Err(ApiError::validation("EXISTS() must contain a single item read with additional condition")),
    }
}
