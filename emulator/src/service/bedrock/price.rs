//! What tokens cost.
//!
//! The built-in table has AWS's published on-demand prices of common models, as
//! known when it was written (`assumed`: prices change, and differ by region).
//! A script's `price` comes before it.
//!
//! <https://aws.amazon.com/bedrock/pricing/>

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::script::Usage;
use crate::kernel::glob;

/// USD for a million tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Price {
    #[serde(rename = "in")]
    pub input: f64,
    #[serde(default, rename = "out")]
    pub output: f64,
    /// Otherwise a tenth of `in`.
    #[serde(default)]
    pub cache_read: Option<f64>,
    /// Otherwise a quarter more than `in`.
    #[serde(default)]
    pub cache_write: Option<f64>,
}

/// Prices by a glob on the model's id. The longest that fits says most about a model, and decides.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Prices(pub BTreeMap<String, Price>);

const MILLION: f64 = 1_000_000.0;

impl Price {
    pub const fn new(input: f64, output: f64) -> Self {
        Self { input, output, cache_read: None, cache_write: None }
    }

    /// In USD.
    pub fn of(&self, usage: Usage) -> f64 {
        let read = f64::from(usage.cache_read_input_tokens.unwrap_or(0));
        let written = f64::from(usage.cache_write_input_tokens.unwrap_or(0));
        let cost = f64::from(usage.input_tokens) * self.input
            + f64::from(usage.output_tokens) * self.output
            + read * self.cache_read.unwrap_or(self.input * 0.1)
            + written * self.cache_write.unwrap_or(self.input * 1.25);
        cost / MILLION
    }
}

impl Prices {
    /// What a model costs, if it is known.
    pub fn of(&self, model: &str) -> Option<Price> {
        let own = self.0.iter().map(|(pattern, price)| (pattern.as_str(), *price));
        longest(own, model).or_else(|| longest(PUBLISHED.iter().copied(), model))
    }

    /// The first mistake in it.
    pub fn problem(&self) -> Option<String> {
        let bad = |price: &Price| {
            let parts = [Some(price.input), Some(price.output), price.cache_read, price.cache_write];
            parts.into_iter().flatten().any(|usd| !usd.is_finite() || usd < 0.0)
        };
        let (pattern, _) = self.0.iter().find(|(_, price)| bad(price))?;
        Some(format!("the price of `{pattern}` is no amount of USD"))
    }
}

/// Prices, with what the models cost that were asked for before: to look through all patterns costs a call more than
/// all else that a script does.
#[derive(Clone, Debug, Default)]
pub struct PriceList {
    prices: Prices,
    found: BTreeMap<String, Option<Price>>,
}

/// Models whose prices are remembered: more than a program calls, and no more than callers may make up.
const MODELS_REMEMBERED: usize = 64;

impl PriceList {
    pub fn new(prices: Prices) -> Self {
        Self { prices, found: BTreeMap::new() }
    }

    /// What a model costs, if it is known.
    pub fn of(&mut self, model: &str) -> Option<Price> {
        if let Some(found) = self.found.get(model) {
            return *found;
        }
        if self.found.len() == MODELS_REMEMBERED {
            self.found.clear();
        }
        let price = self.prices.of(model);
        self.found.insert(model.to_owned(), price);
        price
    }
}

fn longest<'a>(prices: impl Iterator<Item = (&'a str, Price)>, model: &str) -> Option<Price> {
    let fitting = prices.filter(|(pattern, _)| glob::matches(pattern, model));
    fitting.max_by_key(|(pattern, _)| pattern.len()).map(|(_, price)| price)
}

const PUBLISHED: &[(&str, Price)] = &[
    ("*anthropic.claude-opus-4-*", Price::new(5.0, 25.0)),
    ("*anthropic.claude-opus-4-20250514*", Price::new(15.0, 75.0)),
    ("*anthropic.claude-opus-4-1-*", Price::new(15.0, 75.0)),
    ("*anthropic.claude-sonnet-4*", Price::new(3.0, 15.0)),
    ("*anthropic.claude-3-7-sonnet*", Price::new(3.0, 15.0)),
    ("*anthropic.claude-3-5-sonnet*", Price::new(3.0, 15.0)),
    ("*anthropic.claude-haiku-4-5*", Price::new(1.0, 5.0)),
    ("*anthropic.claude-3-5-haiku*", Price::new(0.8, 4.0)),
    ("*anthropic.claude-3-haiku*", Price::new(0.25, 1.25)),
    ("*amazon.nova-micro*", Price::new(0.035, 0.14)),
    ("*amazon.nova-lite*", Price::new(0.06, 0.24)),
    ("*amazon.nova-pro*", Price::new(0.8, 3.2)),
    ("*amazon.nova-premier*", Price::new(2.5, 12.5)),
    ("*amazon.titan-text-lite*", Price::new(0.15, 0.2)),
    ("*amazon.titan-text-express*", Price::new(0.2, 0.6)),
    ("*amazon.titan-embed-text-v1*", Price::new(0.1, 0.0)),
    ("*amazon.titan-embed-text-v2*", Price::new(0.02, 0.0)),
    ("*meta.llama3-1-8b*", Price::new(0.22, 0.22)),
    ("*meta.llama3-1-70b*", Price::new(0.72, 0.72)),
    ("*meta.llama3-3-70b*", Price::new(0.72, 0.72)),
    ("*mistral.mistral-7b*", Price::new(0.15, 0.2)),
    ("*mistral.mistral-large*", Price::new(2.0, 6.0)),
    ("*cohere.embed*", Price::new(0.1, 0.0)),
    ("*cohere.command-r-v*", Price::new(0.5, 1.5)),
    ("*cohere.command-r-plus*", Price::new(3.0, 15.0)),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_specific_price_decides_and_a_script_s_comes_first() {
        let own = Prices(BTreeMap::from([
            ("*sonnet*".to_owned(), Price::new(1.0, 2.0)),
            ("us.*sonnet-4-5*".to_owned(), Price::new(7.0, 8.0)),
        ]));
        for (model, input) in [
            ("us.anthropic.claude-sonnet-4-5-20250929-v1:0", Some(7.0)),
            ("eu.anthropic.claude-sonnet-4-5-20250929-v1:0", Some(1.0)),
            ("anthropic.claude-opus-4-1-20250805-v1:0", Some(15.0)),
            ("anthropic.claude-opus-4-6-v1:0", Some(5.0)),
            ("acme.model", None),
        ] {
            assert_eq!(own.of(model).map(|price| price.input), input, "{model}");
            let mut list = PriceList::new(own.clone());
            assert_eq!([list.of(model), list.of(model)], [own.of(model); 2], "{model}");
        }
    }

    #[test]
    fn cached_tokens_have_their_own_price() {
        let price = Price { input: 3.0, output: 15.0, cache_read: Some(0.3), cache_write: None };
        let usage = Usage {
            input_tokens: 1_000_000,
            output_tokens: 100_000,
            cache_read_input_tokens: Some(1_000_000),
            cache_write_input_tokens: Some(1_000_000),
        };
        assert!((price.of(usage) - (3.0 + 1.5 + 0.3 + 3.75)).abs() < 1e-9);
    }
}
