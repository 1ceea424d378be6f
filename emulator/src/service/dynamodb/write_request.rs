//! What PutItem, UpdateItem and DeleteItem have in common: members, their checks, and the answer.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::attribute_json::GivenItem;
use super::capacity::{self, ConsumedCapacity};
use super::conflict;
use super::expression::tree::{Condition, Update};
use super::expression::{Kind, condition, update};
use super::expression_attributes::symbols;
use super::held::Held;
use super::item_collection::{self, ItemCollectionMetrics};
use super::legacy::attribute_updates::{self, AttributeUpdates};
use super::legacy::expected::{self, Expected};
use super::legacy::{self, conditional_operator};
use super::members::{
    check_consumed_capacity, check_item_collection_metrics, check_return_on_failure, check_return_values,
};
use super::stored_item::Image;
use super::table::{Table, Written};
use super::table_name;
use super::write::{Planned, Write};
use crate::kernel::{ApiError, Call, Violations};

/// The members of the three operations; each has those that AWS gives it and ignores the others.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    pub table_name: Option<String>,
    pub item: Option<GivenItem>,
    pub key: Option<GivenItem>,
    pub update_expression: Option<String>,
    pub condition_expression: Option<String>,
    pub expression_attribute_names: Option<BTreeMap<String, String>>,
    pub expression_attribute_values: Option<GivenItem>,
    pub return_values: Option<String>,
    pub return_consumed_capacity: Option<String>,
    pub return_item_collection_metrics: Option<String>,
    pub return_values_on_condition_check_failure: Option<String>,
    pub attribute_updates: Option<AttributeUpdates>,
    pub expected: Option<Expected>,
    pub conditional_operator: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attributes: Option<Image>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consumed_capacity: Option<ConsumedCapacity>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item_collection_metrics: Option<ItemCollectionMetrics>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writing {
    Put,
    Update,
    Delete,
}

impl Input {
    /// What AWS's model says of the members.
    pub fn check(&self, writing: Writing) -> Result<(), ApiError> {
        let mut violations = Violations::new();
        table_name::check(&mut violations, &self.table_name);
        match writing {
            Writing::Put => violations.required("item", &self.item),
            Writing::Update | Writing::Delete => violations.required("key", &self.key),
        }
        check_return_values(&mut violations, &self.return_values);
        check_consumed_capacity(&mut violations, &self.return_consumed_capacity);
        check_item_collection_metrics(&mut violations, &self.return_item_collection_metrics);
        check_return_on_failure(&mut violations, &self.return_values_on_condition_check_failure);
        conditional_operator::check(&mut violations, &self.conditional_operator);
        expected::check(&mut violations, &self.expected);
        if writing == Writing::Update {
            attribute_updates::check(&mut violations, &self.attribute_updates);
        }
        violations.finish()?;
        if writing != Writing::Update && !matches!(self.return_values.as_deref(), None | Some("NONE" | "ALL_OLD")) {
            return Err(ApiError::validation("ReturnValues can only be ALL_OLD or NONE"));
        }
        Ok(())
    }

    /// Reads the expressions, or the parameters that came before them.
    pub fn expressions(&mut self, writing: Writing) -> Result<(Update, Option<Condition>), ApiError> {
        let (on_update, on_condition) = (self.update_expression.take(), self.condition_expression.take());
        let on_update = on_update.filter(|_| writing == Writing::Update);
        let updates = self.attribute_updates.take().filter(|_| writing == Writing::Update);
        let (of_update, of_condition) =
            (("UpdateExpression", on_update.is_some()), ("ConditionExpression", on_condition.is_some()));
        let earlier = [
            ("AttributeUpdates", updates.is_some()),
            ("Expected", self.expected.is_some()),
            ("ConditionalOperator", self.conditional_operator.is_some()),
        ];
        legacy::check_mixing(&earlier, &[of_update, of_condition])?;
        let with_values = if writing == Writing::Update { &[of_update, of_condition][..] } else { &[of_condition] };
        let (names, values) = (self.expression_attribute_names.take(), self.expression_attribute_values.take());
        let mut symbols = symbols(names, values, with_values, &[])?;
        let update = on_update.map(|text| update::parse(&text, &mut symbols)).transpose()?;
        let condition = on_condition.map(|text| condition::parse(Kind::Condition, &text, &mut symbols)).transpose()?;
        symbols.check_all_used()?;
        let condition = match expected::read(self.expected.take(), self.conditional_operator.as_deref())? {
            Some(expected) => Some(expected),
            None => condition,
        };
        let update = match updates {
            Some(updates) => attribute_updates::read(updates)?,
            None => update.unwrap_or_default(),
        };
        Ok((update, condition))
    }

    /// Does the write.
    pub fn run(&self, write: Write, table: &mut Held<'_>, call: &mut Call<'_>) -> Result<Written, ApiError> {
        Ok(self.examine(write, table, call)?.apply(table, call))
    }

    /// Looks at the write without doing it.
    pub fn examine(&self, write: Write, table: &Table, call: &Call<'_>) -> Result<Planned, ApiError> {
        conflict::check(call)?;
        write.examine(table, self.return_values_on_condition_check_failure.as_deref())
    }

    /// The answer, but for the attributes of an update.
    pub fn output(&self, written: &Written, table: &Table) -> Output {
        let old = written.before.clone().filter(|_| self.return_values.as_deref() == Some("ALL_OLD"));
        let asked = self.return_consumed_capacity.as_deref();
        let given = self.table_name.as_deref().unwrap_or_default();
        Output {
            attributes: old.map(Image::Whole),
            consumed_capacity: capacity::consumed(asked, given, capacity::of_write(written)),
            item_collection_metrics: item_collection::metrics(
                self.return_item_collection_metrics.as_deref(),
                table,
                written,
            ),
        }
    }
}
