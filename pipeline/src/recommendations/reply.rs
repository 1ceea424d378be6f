//! What the model replied, checked before anyone relies on it.
//!
//! Tolerant about what surrounds the answer, strict about the answer. Models wrap JSON in prose and code fences however
//! firmly they are told not to, so the one top-level array of objects is looked for with a real JSON parser (a search
//! for brackets breaks on brackets in prose). That array must then be right in every part, or none of it is used.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Deserializer, Number, Value};

/// How many items a reply has.
pub const RECOMMENDATIONS: usize = 5;

/// One recommended item: of the same shape in the model's reply, in the cache and in what readers get.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recommendation {
    pub item_id: String,
    pub category: String,
    pub reasoning: String,
    /// From 0 to 1, with the digits that the model gave.
    pub confidence_score: Number,
}

/// Reads exactly five recommendations.
pub fn parse(text: &str) -> Result<Vec<Recommendation>, ReplyError> {
    let items = the_list(text)?;
    if items.len() != RECOMMENDATIONS {
        return Err(ReplyError::Count(items.len()));
    }
    let recommendations: Vec<Recommendation> =
        items.iter().enumerate().map(|(index, item)| recommendation(index, item)).collect::<Result<_, _>>()?;
    let mut seen = BTreeSet::new();
    for recommendation in &recommendations {
        if !seen.insert(&recommendation.item_id) {
            return Err(ReplyError::Repeated(recommendation.item_id.clone()));
        }
    }
    Ok(recommendations)
}

fn recommendation(index: usize, item: &Value) -> Result<Recommendation, ReplyError> {
    let wrong = |key: &'static str, problem: &'static str| ReplyError::Item { number: index + 1, key, problem };
    let text = |key: &'static str| match item.get(key) {
        None => Err(wrong(key, "is missing")),
        Some(Value::String(text)) if text.trim().is_empty() => Err(wrong(key, "is empty")),
        Some(Value::String(text)) => Ok(text.clone()),
        Some(_) => Err(wrong(key, "is not a string")),
    };
    let confidence_score = match item.get("confidence_score") {
        None => Err(wrong("confidence_score", "is missing")),
        Some(Value::Number(score)) if score.as_f64().is_some_and(|score| (0.0..=1.0).contains(&score)) => {
            Ok(score.clone())
        }
        Some(Value::Number(_)) => Err(wrong("confidence_score", "is not from 0 to 1")),
        Some(_) => Err(wrong("confidence_score", "is not a number")),
    };
    Ok(Recommendation {
        item_id: text("item_id")?,
        category: text("category")?,
        reasoning: text("reasoning")?,
        confidence_score: confidence_score?,
    })
}

/// The one array of objects. Arrays without any object are prose: `here are [5] items`.
fn the_list(text: &str) -> Result<Vec<Value>, ReplyError> {
    if text.trim().is_empty() {
        return Err(ReplyError::Empty);
    }
    let mut lists = top_level_arrays(text).into_iter().filter(|array| array.iter().any(Value::is_object));
    let list = lists.next().ok_or(ReplyError::NoList)?;
    if lists.next().is_some() {
        return Err(ReplyError::SeveralLists);
    }
    Ok(list)
}

/// Every array that parses and lies in no other JSON value. A bracket that begins no JSON value is prose.
fn top_level_arrays(text: &str) -> Vec<Vec<Value>> {
    let mut arrays = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find(['[', '{']) {
        rest = &rest[start..];
        let mut values = Deserializer::from_str(rest).into_iter::<Value>();
        let Some(Ok(value)) = values.next() else {
            rest = &rest[1..];
            continue;
        };
        rest = &rest[values.byte_offset()..];
        if let Value::Array(array) = value {
            arrays.push(array);
        }
    }
    arrays
}

/// Why a reply cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReplyError {
    Empty,
    /// The model did not come to its end; the stop reason says why.
    Stopped(String),
    NoList,
    SeveralLists,
    Count(usize),
    Item {
        /// Counted from 1.
        number: usize,
        key: &'static str,
        problem: &'static str,
    },
    Repeated(String),
}

impl fmt::Display for ReplyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the reply is empty"),
            Self::Stopped(reason) => write!(f, "the reply stopped with `{reason}`"),
            Self::NoList => f.write_str("the reply has no complete JSON array of items"),
            Self::SeveralLists => f.write_str("the reply has more than one JSON array of items"),
            Self::Count(count) => write!(f, "the reply has {count} items, not {RECOMMENDATIONS}"),
            Self::Item { number, key, problem } => write!(f, "item {number} of the reply: {key} {problem}"),
            Self::Repeated(item_id) => write!(f, "the reply has the item `{item_id}` more than once"),
        }
    }
}

impl std::error::Error for ReplyError {}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn five() -> Value {
        let item = |number: i32| {
            json!({
                "item_id": format!("prod_{number}"), "category": "thriller",
                "reasoning": "Because of [three] thrillers {in a row}.", "confidence_score": 0.93,
            })
        };
        Value::Array((1..=5).map(item).collect())
    }

    fn check(text: &str, expected: Result<usize, &str>) {
        let read = parse(text).map(|items| items.len()).map_err(|error| error.to_string());
        assert_eq!(read, expected.map_err(str::to_owned), "{text}");
    }

    fn check_changed(change: impl Fn(&mut Value), expected: Result<usize, &str>) {
        let mut reply = five();
        change(&mut reply);
        check(&reply.to_string(), expected);
    }

    #[test]
    fn what_surrounds_the_array_does_not_matter() {
        let reply = five().to_string();
        check(&reply, Ok(5));
        check(&format!("Here are [5] items {{as asked}} :\n```json\n{reply}\n```\nEnjoy [all] of them!"), Ok(5));
        check(&format!("{{\"note\": [1]}} {reply} []"), Ok(5));
    }

    #[test]
    fn a_reply_without_exactly_one_list_is_refused() {
        let reply = five().to_string();
        check("", Err("the reply is empty"));
        check(" \n", Err("the reply is empty"));
        check("I cannot do that.", Err("the reply has no complete JSON array of items"));
        check("[]", Err("the reply has no complete JSON array of items"));
        check(&reply[..reply.len() - 1], Err("the reply has no complete JSON array of items"));
        check(&reply[..reply.len() / 2], Err("the reply has no complete JSON array of items"));
        check(&format!("{reply}{reply}"), Err("the reply has more than one JSON array of items"));
        check(&json!({"recommendations": five()}).to_string(), Err("the reply has no complete JSON array of items"));
    }

    #[test]
    fn an_item_that_is_not_right_spoils_the_reply() {
        check_changed(|reply| drop(reply.as_array_mut().expect("an array").pop()), Err("the reply has 4 items, not 5"));
        check_changed(
            |reply| reply[4]["item_id"] = json!("prod_1"),
            Err("the reply has the item `prod_1` more than once"),
        );
        check_changed(|reply| reply[1]["item_id"] = json!(" "), Err("item 2 of the reply: item_id is empty"));
        check_changed(|reply| reply[2] = json!("prod_3"), Err("item 3 of the reply: item_id is missing"));
        check_changed(|reply| reply[0]["category"] = json!(7), Err("item 1 of the reply: category is not a string"));
        check_changed(
            |reply| drop(reply[0].as_object_mut().expect("an object").remove("reasoning")),
            Err("item 1 of the reply: reasoning is missing"),
        );
        check_changed(
            |reply| reply[0]["confidence_score"] = json!("0.9"),
            Err("item 1 of the reply: confidence_score is not a number"),
        );
        check_changed(
            |reply| reply[0]["confidence_score"] = json!(1.01),
            Err("item 1 of the reply: confidence_score is not from 0 to 1"),
        );
    }

    #[test]
    fn the_ends_of_the_scale_and_further_keys_are_fine() {
        check_changed(|reply| reply[0]["confidence_score"] = json!(0), Ok(5));
        check_changed(|reply| reply[0]["confidence_score"] = json!(1.0), Ok(5));
        check_changed(|reply| reply[0]["price"] = json!(14.99), Ok(5));
    }
}
