//! What the rules of a bus cost: an event held against the patterns of a thousand of them, and of one.
//!
//! In process, by the index that a bus has: over HTTP, the request would hide what the rules cost, and a bus has no
//! more than 300 of them.

use rehearsal_emulator::service::events::pattern::{Index, Pattern};
use serde_json::{Value, json};

use super::measure::{median, now};
use super::report::Figure;

const RULES: usize = 1_000;
const ROUNDS: usize = 15;
const EVENTS_A_ROUND: usize = 20_000;

/// How much longer a bus of many rules takes for an event than a bus of one. One rule matches on either.
pub fn figure() -> Result<Figure, String> {
    let event = event();
    let (one, many) = (index(1)?, index(RULES)?);
    for index in [&one, &many] {
        if index.matching(&event).len() != 1 {
            return Err("one rule of the bus was to match".to_owned());
        }
    }
    let (mut ratios, mut of_one, mut of_many) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let (fast, slow) = (nanoseconds(&one, &event), nanoseconds(&many, &event));
        ratios.push(slow / fast);
        of_one.push(fast);
        of_many.push(slow);
    }
    let (of_one, of_many) = (median(&of_one), median(&of_many));
    Ok(Figure {
        name: "rules",
        about: format!(
            "matching an event of 1 KB on a bus of {RULES} rules ({of_many:.0} ns) over a bus of one ({of_one:.0} ns)"
        ),
        value: median(&ratios),
        unit: "times",
        target: 3.0,
    })
}

fn nanoseconds(index: &Index<usize>, event: &Value) -> f64 {
    let started = now();
    let mut matched = 0;
    for _ in 0..EVENTS_A_ROUND {
        matched += std::hint::black_box(index).matching(std::hint::black_box(event)).len();
    }
    assert_eq!(matched, EVENTS_A_ROUND, "every event matches one rule");
    started.elapsed().as_nanos() as f64 / EVENTS_A_ROUND as f64
}

/// Rules as teams have them, all for one source and each for its own customer, product or path. The first one matches.
fn index(rules: usize) -> Result<Index<usize>, String> {
    let mut index = Index::default();
    for rule in 0..rules {
        let detail = match rule % 5 {
            0 => json!({"customer": {"id": [format!("customer-{rule}")]}}),
            1 => json!({"path": [{"prefix": format!("/orders/{rule}/")}]}),
            2 => json!({"file": [{"suffix": format!("-{rule}.png")}], "total": [{"numeric": [">", 10]}]}),
            3 => json!({"items": {"sku": [{"equals-ignore-case": format!("SKU-{rule}")}]}}),
            _ => json!({"state": [{"anything-but": ["paid"]}], "customer": {"level": [format!("level-{rule}")]}}),
        };
        let pattern = json!({"source": ["shop"], "detail-type": ["Order Placed"], "detail": detail}).to_string();
        let pattern = Pattern::compile(&pattern).map_err(|error| format!("{pattern}: {error}"))?;
        index.insert(rule, &pattern);
    }
    Ok(index)
}

fn event() -> Value {
    json!({
        "version": "0",
        "id": "7bf73129-1428-4cd3-a780-95db273d1602",
        "detail-type": "Order Placed",
        "source": "shop",
        "account": "123456789012",
        "time": "2026-01-01T00:00:00Z",
        "region": "us-east-1",
        "resources": ["arn:aws:s3:::orders"],
        "detail": {
            "customer": {"id": "customer-0", "level": "gold", "country": "NZ"},
            "path": "/orders/0/invoice",
            "file": "invoice-0.pdf",
            "total": 129.5,
            "state": "paid",
            "items": [{"sku": "book-1", "count": 1}, {"sku": "book-2", "count": 3}],
            "note": "lorem ipsum ".repeat(40),
        },
    })
}
