//! Whether what a write leaves in an item can be the key of an index, and AWS's words if it cannot.
//!
//! An item may lack an index's key: it is not in the index then. But it may not
//! have it with another type, empty, or too long. AWS words the refusal of an
//! item that is put otherwise than that of an update, and of an update whose
//! expression holds the value otherwise than of one that computes it.
//!
//! Of several indexes the first by name is told, as callers report.

use super::expression::tree::{Element, Path, Source, Update};
use super::index::Index;
use super::key::{KeyAttribute, PARTITION_KEY_BYTES_MAX, SORT_KEY_BYTES_MAX, partition_too_long, sort_too_long};
use super::value::{AttributeValue, Item};
use crate::kernel::ApiError;

/// What keeps a value from being the key of an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Misfit {
    /// It is of this type and should be of another.
    Type(&'static str),
    /// An empty `string` or `binary`.
    Empty(&'static str),
}

/// A key of an index as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Excess {
    Partition,
    Sort,
}

/// Checks an item that is to be put.
pub fn check_item<'i>(indexes: impl Iterator<Item = &'i Index>, item: &Item) -> Result<(), ApiError> {
    for index in indexes {
        for attribute in index.schema.attributes() {
            match item.get(&attribute.name).and_then(|value| misfit(attribute, value)) {
                None => {}
                Some(Misfit::Type(actual)) => return Err(type_mismatch(index, attribute, actual)),
                Some(Misfit::Empty(kind)) => {
                    return Err(ApiError::validation(format!(
                        "One or more parameter values are not valid. A value specified for a secondary index key is \
                         not supported. The AttributeValue for a key attribute cannot contain an empty {kind} value. \
                         IndexName: {}, IndexKey: {}",
                        index.name, attribute.name
                    )));
                }
            }
        }
        // AWS's words for an index are assumed to be those for a table.
        match excess(index, item) {
            None => {}
            Some(Excess::Partition) => return Err(partition_too_long()),
            Some(Excess::Sort) => return Err(sort_too_long()),
        }
    }
    Ok(())
}

/// Checks the values that an update expression holds, before anything is read.
pub fn check_update<'i>(indexes: impl Iterator<Item = &'i Index>, update: &Update) -> Result<(), ApiError> {
    let set = update.set.iter().filter_map(|(path, source)| match source {
        Source::Value(value) => Some((path, value)),
        _ => None,
    });
    let added = update.add.iter().map(|(path, value)| (path, value));
    let literal: Vec<(&Path, &AttributeValue)> = set.chain(added).collect();
    for index in indexes {
        for attribute in index.schema.attributes() {
            let assigned = literal.iter().find(|(path, _)| is_attribute(path, &attribute.name));
            match assigned.and_then(|(_, value)| misfit(attribute, value)) {
                None => {}
                Some(Misfit::Type(actual)) => return Err(type_mismatch(index, attribute, actual)),
                Some(Misfit::Empty(kind)) => return Err(updated_to_empty(kind)),
            }
        }
    }
    Ok(())
}

/// Checks what an update made of an item: of what it computed, and of what already stood there.
pub fn check_updated<'i>(indexes: impl Iterator<Item = &'i Index>, item: &Item) -> Result<(), ApiError> {
    for index in indexes {
        for attribute in index.schema.attributes() {
            match item.get(&attribute.name).and_then(|value| misfit(attribute, value)) {
                None => {}
                Some(Misfit::Type(_)) => {
                    return Err(ApiError::validation(
                        "The update expression attempted to update the secondary index key to unsupported type",
                    ));
                }
                Some(Misfit::Empty(kind)) => return Err(updated_to_empty(kind)),
            }
        }
        if excess(index, item).is_some() {
            return Err(ApiError::validation(
                "The update expression attempted to update the secondary index key beyond allowed size limits",
            ));
        }
    }
    Ok(())
}

fn is_attribute(path: &Path, name: &str) -> bool {
    matches!(path.0.as_slice(), [Element::Field(field)] if field == name)
}

fn misfit(attribute: &KeyAttribute, value: &AttributeValue) -> Option<Misfit> {
    if value.type_name() != attribute.kind.name() {
        return Some(Misfit::Type(value.type_name()));
    }
    match value {
        AttributeValue::S(text) if text.is_empty() => Some(Misfit::Empty("string")),
        AttributeValue::B(bytes) if bytes.is_empty() => Some(Misfit::Empty("binary")),
        _ => None,
    }
}

fn excess(index: &Index, item: &Item) -> Option<Excess> {
    let bytes = |attribute: &KeyAttribute| match item.get(&attribute.name) {
        Some(AttributeValue::S(text)) => text.len(),
        Some(AttributeValue::B(bytes)) => bytes.len(),
        _ => 0,
    };
    if bytes(&index.schema.partition) > PARTITION_KEY_BYTES_MAX {
        return Some(Excess::Partition);
    }
    (index.schema.sort.iter().map(bytes).sum::<usize>() > SORT_KEY_BYTES_MAX).then_some(Excess::Sort)
}

fn type_mismatch(index: &Index, attribute: &KeyAttribute, actual: &str) -> ApiError {
    ApiError::validation(format!(
        "One or more parameter values were invalid: Type mismatch for Index Key {} Expected: {} Actual: {actual} \
         IndexName: {}",
        attribute.name,
        attribute.kind.name(),
        index.name
    ))
}

fn updated_to_empty(kind: &str) -> ApiError {
    ApiError::validation(format!(
        "One or more parameter values are not valid. The update expression attempted to update a secondary index key \
         to a value that is not supported. The AttributeValue for a key attribute cannot contain an empty {kind} value."
    ))
}
