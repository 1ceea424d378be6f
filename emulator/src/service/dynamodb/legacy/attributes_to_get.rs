//! `AttributesToGet`: which attributes of an item are answered.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LegacyConditionalParameters.AttributesToGet.html>

use std::collections::BTreeSet;

use super::invalid;
use crate::kernel::{ApiError, Violations};
use crate::service::dynamodb::expression::projection::Projection;
use crate::service::dynamodb::expression::tree::Path;

/// Checks it by AWS's model, where `member` is what it is called: `attributesToGet`.
pub fn check(violations: &mut Violations, member: &str, names: &Option<Vec<String>>) {
    if names.as_ref().is_some_and(Vec::is_empty) {
        violations.add("[]", member, "have length greater than or equal to 1");
    }
}

/// The member that asks for a projection, if one does.
pub fn projected_by(names: bool, expression: bool) -> Option<&'static str> {
    match (names, expression) {
        (true, _) => Some("AttributesToGet"),
        (false, true) => Some("ProjectionExpression"),
        (false, false) => None,
    }
}

/// The projection that it is. Names are taken as they are: a dot leads nowhere deeper.
pub fn read(names: Option<&[String]>) -> Result<Option<Projection>, ApiError> {
    let Some(names) = names else { return Ok(None) };
    let mut seen = BTreeSet::new();
    if let Some(twice) = names.iter().find(|name| !seen.insert(name.as_str())) {
        return Err(invalid(format_args!("Duplicate value in attribute name: {twice}")));
    }
    let paths: Vec<Path> = names.iter().map(Path::attribute).collect();
    Ok(Some(Projection::of(&paths)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::dynamodb::value::{AttributeValue, Item};

    #[test]
    fn names_are_taken_as_they_are() {
        let names = ["a.b", "gone"].map(str::to_owned);
        let item: Item = ["a", "a.b", "c"].map(|name| (name.to_owned(), AttributeValue::Null)).into();
        let projection = read(Some(&names)).unwrap().unwrap();
        assert_eq!(projection.of_item(&item), Item::from([("a.b".to_owned(), AttributeValue::Null)]));
        assert_eq!(read(None), Ok(None));
    }

    #[test]
    fn a_name_stands_once() {
        let names = ["a", "b", "a"].map(str::to_owned);
        assert_eq!(
            read(Some(&names)).unwrap_err().message,
            "One or more parameter values were invalid: Duplicate value in attribute name: a"
        );
    }
}
