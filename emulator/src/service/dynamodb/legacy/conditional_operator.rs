//! `ConditionalOperator`: how the conditions of Expected, QueryFilter or ScanFilter are joined.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LegacyConditionalParameters.ConditionalOperator.html>

use crate::kernel::{ApiError, Violations};
use crate::service::dynamodb::expression::tree::Condition;

pub fn check(violations: &mut Violations, given: &Option<String>) {
    if let Some(given) = given {
        violations.one_of("conditionalOperator", given, &["OR", "AND"]);
    }
}

/// Whether it may be there, with so many conditions.
pub fn check_use(given: Option<&str>, conditions: usize) -> Result<(), ApiError> {
    match (given, conditions) {
        (Some(_), 0) => Err(ApiError::validation("ConditionalOperator cannot be used without Filter or Expected")),
        (Some(_), 1) => Err(ApiError::validation(
            "ConditionalOperator can only be used when Filter or Expected has two or more elements",
        )),
        _ => Ok(()),
    }
}

/// All of the conditions, or with `OR` any of them; `None` where there are none.
///
/// Joined in halves: a request may hold thousands, and a tree that leans to one
/// side would be as deep as they are many.
pub fn join(mut conditions: Vec<Condition>, given: Option<&str>) -> Option<Condition> {
    if conditions.len() <= 1 {
        return conditions.pop();
    }
    let second = conditions.split_off(conditions.len() / 2);
    let (first, second) = (Box::new(join(conditions, given)?), Box::new(join(second, given)?));
    Some(if given == Some("OR") { Condition::Or(first, second) } else { Condition::And(first, second) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::dynamodb::expression::evaluation;
    use crate::service::dynamodb::expression::tree::Path;
    use crate::service::dynamodb::value::{AttributeValue, Item};

    #[test]
    fn all_must_hold_or_with_or_any() {
        let item =
            |names: &[&str]| -> Item { names.iter().map(|name| ((*name).to_owned(), AttributeValue::Null)).collect() };
        let exist = || ["a", "b", "c"].map(|name| Condition::AttributeExists(Path::attribute(name))).to_vec();
        for (operator, names, expected) in [
            (None, &["a", "b", "c"][..], true),
            (None, &["a", "c"], false),
            (Some("AND"), &["a", "b", "c"], true),
            (Some("AND"), &["b", "c"], false),
            (Some("OR"), &["c"], true),
            (Some("OR"), &[], false),
        ] {
            let joined = join(exist(), operator).unwrap();
            assert_eq!(evaluation::holds(&joined, &item(names)), expected, "{operator:?} {names:?}");
        }
        assert_eq!(join(Vec::new(), None), None);
    }

    #[test]
    fn very_many_make_no_deep_tree() {
        let many = vec![Condition::AttributeNotExists(Path::attribute("a")); 50_000];
        assert!(evaluation::holds(&join(many, None).unwrap(), &Item::new()));
    }
}
