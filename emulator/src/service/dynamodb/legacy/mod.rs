//! The parameters of requests that came before expressions, read into the trees of expressions.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LegacyConditionalParameters.html>
//!
//! One file a parameter: [`expected`], [`attribute_updates`], [`key_conditions`],
//! [`filter`] (QueryFilter and ScanFilter) and [`attributes_to_get`]. What the
//! comparing ones share is in [`comparison`], and how several conditions are
//! joined in [`conditional_operator`].
//!
//! # Differences
//!
//! - A missing attribute is NE to every value and NOT_CONTAINS every value, as
//!   `<>` and `NOT contains` have it. AWS's own translation of these parameters
//!   (in its clients of DynamoDB Accelerator) says the same.

pub mod attribute_updates;
pub mod attributes_to_get;
pub mod comparison;
pub mod conditional_operator;
pub mod expected;
pub mod filter;
pub mod key_conditions;

use super::attribute_json::Given;
use super::expression_attributes::Member;
use super::value::AttributeValue;
use crate::kernel::ApiError;

fn invalid(complaint: impl std::fmt::Display) -> ApiError {
    ApiError::validation(format!("One or more parameter values were invalid: {complaint}"))
}

/// Refuses a request that uses parameters of both worlds, in AWS's order of them.
pub fn check_mixing(legacy: &[Member], expressions: &[Member]) -> Result<(), ApiError> {
    let present = |members: &[Member]| -> Vec<&str> {
        members.iter().filter(|(_, present)| *present).map(|(name, _)| *name).collect()
    };
    let (legacy, expressions) = (present(legacy), present(expressions));
    if legacy.is_empty() || expressions.is_empty() {
        return Ok(());
    }
    Err(ApiError::validation(format!(
        "Can not use both expression and non-expression parameters in the same request: Non-expression parameters: \
         {{{}}} Expression parameters: {{{}}}",
        legacy.join(", "),
        expressions.join(", ")
    )))
}

/// The values of an `AttributeValueList`, or AWS's complaint about the first that breaks a rule.
fn values(given: Vec<Given>) -> Result<Vec<AttributeValue>, ApiError> {
    given.into_iter().map(Given::checked).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_worlds_do_not_mix() {
        let expressions = [("UpdateExpression", true), ("ConditionExpression", true)];
        for legacy in
            [[("AttributeUpdates", false), ("Expected", false)], [("AttributeUpdates", true), ("Expected", true)]]
        {
            assert_eq!(check_mixing(&legacy, &[("UpdateExpression", false)]), Ok(()));
        }
        assert_eq!(check_mixing(&[("Expected", false)], &expressions), Ok(()));
        let refused = check_mixing(&[("AttributeUpdates", true), ("Expected", true)], &expressions).unwrap_err();
        assert_eq!(
            refused.message,
            "Can not use both expression and non-expression parameters in the same request: Non-expression parameters: \
             {AttributeUpdates, Expected} Expression parameters: {UpdateExpression, ConditionExpression}"
        );
    }
}
