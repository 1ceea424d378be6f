//! What a scenario asks about the use of the model.

use std::fmt;

use rehearsal_emulator::service::bedrock::script::TextCondition;
use serde::Deserialize;
use serde::de::{Deserializer, Error};

/// One question, by its key: `model.calls: 2`.
#[derive(Clone, Debug)]
pub enum ModelQuestion {
    /// A number of the account's spending, by its name there.
    Spent(&'static str, Amount),
    /// How many attempts said this.
    Prompts(Prompts),
}

/// What attempts must say, and how many must.
#[derive(Clone, Debug, Deserialize)]
pub struct Prompts {
    #[serde(flatten)]
    pub text: TextCondition,
    #[serde(default = "some")]
    pub times: Amount,
}

/// The keys that ask for a number, and the number's name.
pub const SPENT: &[(&str, &str)] = &[
    ("model.calls", "calls"),
    ("model.attempts", "attempts"),
    ("model.input_tokens", "input_tokens"),
    ("model.output_tokens", "output_tokens"),
    ("model.cost", "cost"),
];

/// `2`, or `{at_least: 1, at_most: 3}`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Amount {
    least: Option<f64>,
    most: Option<f64>,
}

fn some() -> Amount {
    Amount { least: Some(1.0), most: None }
}

impl Amount {
    pub fn holds(&self, amount: f64) -> bool {
        self.least.is_none_or(|least| amount >= least) && self.most.is_none_or(|most| amount <= most)
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.least, self.most) {
            (Some(least), Some(most)) if least == most => write!(f, "{least}"),
            (Some(least), Some(most)) => write!(f, "{least} to {most}"),
            (Some(least), None) => write!(f, "at least {least}"),
            (None, Some(most)) => write!(f, "at most {most}"),
            (None, None) => f.write_str("any"),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Bounds {
    at_least: Option<f64>,
    at_most: Option<f64>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Form {
    Exactly(f64),
    Between(Bounds),
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let expected = |_| D::Error::custom("expected a number, or `{at_least: 1, at_most: 3}` with one or both");
        match Form::deserialize(deserializer).map_err(expected)? {
            Form::Exactly(amount) => Ok(Self { least: Some(amount), most: Some(amount) }),
            Form::Between(Bounds { at_least: None, at_most: None }) => {
                Err(D::Error::custom("give `at_least`, `at_most`, or both"))
            }
            Form::Between(Bounds { at_least, at_most }) => Ok(Self { least: at_least, most: at_most }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_a_number_or_has_bounds() {
        for (yaml, shown, fitting, other) in [
            ("2", "2", 2.0, 3.0),
            ("0.01", "0.01", 0.01, 0.02),
            ("{at_most: 3}", "at most 3", 0.0, 4.0),
            ("{at_least: 1, at_most: 3}", "1 to 3", 1.0, 0.0),
        ] {
            let amount: Amount = serde_saphyr::from_str(yaml).expect(yaml);
            assert_eq!(amount.to_string(), shown);
            assert!(amount.holds(fitting) && !amount.holds(other), "{yaml}");
        }
        for yaml in ["{}", "two", "{most: 3}"] {
            assert!(serde_saphyr::from_str::<Amount>(yaml).is_err(), "{yaml}");
        }
    }
}
