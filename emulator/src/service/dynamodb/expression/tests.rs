//! Whatever the parser reads is what was written: trees are printed, read, and compared.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use proptest::prelude::*;

use super::tree::{Comparator, Condition, Element, Operand, Path, Source, Update};
use super::{Kind, Symbols, application, condition, evaluation, projection, update};
use crate::service::dynamodb::number::Number;
use crate::service::dynamodb::value::{AttributeValue, Item};

/// Writes trees as text, under a placeholder for every name and value.
#[derive(Default)]
struct Printer {
    names: BTreeMap<String, String>,
    values: BTreeMap<String, AttributeValue>,
}

impl Printer {
    fn path(&mut self, path: &Path) -> String {
        let mut text = String::new();
        for element in &path.0 {
            match element {
                Element::Index(index) => write!(text, "[{index}]").expect("a string takes all text"),
                Element::Field(name) => {
                    let placeholder = format!("#n{}", self.names.len());
                    let dot = if text.is_empty() { "" } else { "." };
                    write!(text, "{dot}{placeholder}").expect("a string takes all text");
                    self.names.insert(placeholder, name.clone());
                }
            }
        }
        text
    }

    fn value(&mut self, value: &AttributeValue) -> String {
        let placeholder = format!(":v{}", self.values.len());
        self.values.insert(placeholder.clone(), value.clone());
        placeholder
    }

    fn operand(&mut self, operand: &Operand) -> String {
        match operand {
            Operand::Path(path) => self.path(path),
            Operand::Value(value) => self.value(value),
            Operand::Size(path) => format!("size({})", self.path(path)),
        }
    }

    /// A part of a larger condition: in parentheses if it is joined itself.
    fn part(&mut self, condition: &Condition) -> String {
        let text = self.condition(condition);
        match condition {
            Condition::And(..) | Condition::Or(..) => format!("({text})"),
            _ => text,
        }
    }

    fn condition(&mut self, condition: &Condition) -> String {
        match condition {
            Condition::And(left, right) => format!("{} AND {}", self.part(left), self.part(right)),
            Condition::Or(left, right) => format!("{} or {}", self.part(left), self.part(right)),
            Condition::Not(inner) => format!("NOT {}", self.part(inner)),
            Condition::Compare(comparator, left, right) => {
                format!("{}{}{}", self.operand(left), comparator.sign(), self.operand(right))
            }
            Condition::Between { value, low, high } => {
                format!("{} between {} AND {}", self.operand(value), self.operand(low), self.operand(high))
            }
            Condition::In(value, list) => {
                let value = self.operand(value);
                let list: Vec<String> = list.iter().map(|one| self.operand(one)).collect();
                format!("{value} IN ({})", list.join(", "))
            }
            Condition::AttributeExists(path) => format!("attribute_exists({})", self.path(path)),
            Condition::AttributeNotExists(path) => format!("attribute_not_exists ({})", self.path(path)),
            Condition::AttributeType(path, name) => {
                let path = self.path(path);
                format!("attribute_type({path}, {})", self.value(&AttributeValue::S(name.clone())))
            }
            Condition::BeginsWith(value, prefix) => {
                format!("begins_with({}, {})", self.operand(value), self.operand(prefix))
            }
            Condition::Contains(whole, part) => format!("contains({}, {})", self.operand(whole), self.operand(part)),
        }
    }

    fn source(&mut self, source: &Source) -> String {
        match source {
            Source::Path(path) => self.path(path),
            Source::Value(value) => self.value(value),
            Source::IfNotExists(path, other) => format!("if_not_exists({}, {})", self.path(path), self.source(other)),
            Source::ListAppend(first, second) => {
                format!("list_append({}, {})", self.source(first), self.source(second))
            }
            Source::Plus(left, right) => format!("({} + {})", self.source(left), self.source(right)),
            Source::Minus(left, right) => format!("({} - {})", self.source(left), self.source(right)),
        }
    }

    fn update(&mut self, update: &Update) -> String {
        let set: Vec<String> =
            update.set.iter().map(|(path, source)| format!("{}={}", self.path(path), self.source(source))).collect();
        let remove: Vec<String> = update.remove.iter().map(|path| self.path(path)).collect();
        let mut changes = |changes: &[(Path, AttributeValue)]| -> Vec<String> {
            changes.iter().map(|(path, value)| format!("{} {}", self.path(path), self.value(value))).collect()
        };
        let (add, delete) = (changes(&update.add), changes(&update.delete));
        let sections = [("DELETE", delete), ("set", set), ("Add", add), ("REMOVE", remove)];
        let sections = sections.into_iter().filter(|(_, actions)| !actions.is_empty());
        sections.map(|(name, actions)| format!("{name} {}", actions.join(" , "))).collect::<Vec<_>>().join(" ")
    }

    fn symbols(self) -> Symbols {
        Symbols::new(self.names, self.values)
    }
}

fn number() -> impl Strategy<Value = AttributeValue> {
    (-50i32..50).prop_map(|number| AttributeValue::N(Number::parse(&number.to_string()).expect("it is a number")))
}

fn text() -> impl Strategy<Value = AttributeValue> {
    "[ab.#: é]{0,3}".prop_map(AttributeValue::S)
}

fn set() -> impl Strategy<Value = AttributeValue> {
    prop::collection::btree_set("[abc]", 1..4).prop_map(AttributeValue::Ss)
}

fn list() -> impl Strategy<Value = AttributeValue> {
    prop::collection::vec(number(), 0..3).prop_map(AttributeValue::L)
}

fn any_value() -> impl Strategy<Value = AttributeValue> {
    prop_oneof![
        number(),
        text(),
        set(),
        list(),
        Just(AttributeValue::Null),
        any::<bool>().prop_map(AttributeValue::Bool)
    ]
}

fn path() -> impl Strategy<Value = Path> {
    let field = || prop::sample::select(vec!["a", "b", "name", "a.b", "ü", "x y"]);
    let element = prop_oneof![
        3 => field().prop_map(|name| Element::Field(name.to_owned())),
        1 => (0usize..4).prop_map(Element::Index),
    ];
    (field(), prop::collection::vec(element, 0..3)).prop_map(|(root, rest)| {
        let root = Element::Field(root.to_owned());
        Path(std::iter::once(root).chain(rest).collect())
    })
}

fn operand(value: impl Strategy<Value = AttributeValue> + 'static) -> impl Strategy<Value = Operand> {
    prop_oneof![path().prop_map(Operand::Path), value.prop_map(Operand::Value), path().prop_map(Operand::Size)]
}

fn comparison() -> impl Strategy<Value = Condition> {
    use Comparator::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
    let any_comparator = prop::sample::select(vec![Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual]);
    let equality = prop::sample::select(vec![Equal, NotEqual]);
    let type_name = prop::sample::select(vec!["S", "N", "L", "NULL", "SS"]).prop_map(str::to_owned);
    let bounds = (-50i32..50, 0i32..9).prop_map(|(low, more)| {
        [low, low + more].map(|bound| Number::parse(&bound.to_string()).expect("it is a number"))
    });
    prop_oneof![
        (any_comparator, operand(number()), operand(text())).prop_map(|(c, a, b)| Condition::Compare(c, a, b)),
        (equality, operand(any_value()), operand(any_value())).prop_map(|(c, a, b)| Condition::Compare(c, a, b)),
        (operand(number()), bounds).prop_map(|(value, [low, high])| {
            let bound = |number| Operand::Value(AttributeValue::N(number));
            Condition::Between { value, low: bound(low), high: bound(high) }
        }),
        (operand(number()), prop::collection::vec(operand(any_value()), 1..4)).prop_map(|(a, b)| Condition::In(a, b)),
        path().prop_map(Condition::AttributeExists),
        path().prop_map(Condition::AttributeNotExists),
        (path(), type_name).prop_map(|(path, name)| Condition::AttributeType(path, name)),
        (operand(text()), operand(text())).prop_map(|(a, b)| Condition::BeginsWith(a, b)),
        (operand(any_value()), operand(any_value())).prop_map(|(a, b)| Condition::Contains(a, b)),
    ]
    // AWS refuses to compare a path with itself.
    .prop_filter("operands differ", |condition| match condition {
        Condition::Compare(_, a, b) | Condition::BeginsWith(a, b) | Condition::Contains(a, b) => a != b,
        Condition::In(value, list) => !list.contains(value),
        _ => true,
    })
}

fn any_condition() -> impl Strategy<Value = Condition> {
    comparison().prop_recursive(4, 24, 2, |inner| {
        let two = || (inner.clone().prop_map(Box::new), inner.clone().prop_map(Box::new));
        prop_oneof![
            two().prop_map(|(left, right)| Condition::And(left, right)),
            two().prop_map(|(left, right)| Condition::Or(left, right)),
            inner.clone().prop_map(|inner| Condition::Not(Box::new(inner))),
        ]
    })
}

fn source() -> impl Strategy<Value = Source> {
    let list_like = prop_oneof![list().prop_map(Source::Value), path().prop_map(Source::Path)];
    let number_like = prop_oneof![number().prop_map(Source::Value), path().prop_map(Source::Path)];
    let number_like = (number_like.clone(), prop::option::of(path()))
        .prop_map(|(source, path)| match path {
            Some(path) => Source::IfNotExists(path, Box::new(source)),
            None => source,
        })
        .boxed();
    let appended = (list_like.clone(), list_like).prop_map(|(a, b)| Source::ListAppend(Box::new(a), Box::new(b)));
    let numbers = || (number_like.clone().prop_map(Box::new), number_like.clone().prop_map(Box::new));
    prop_oneof![
        any_value().prop_map(Source::Value),
        path().prop_map(Source::Path),
        appended,
        numbers().prop_map(|(a, b)| Source::Plus(a, b)),
        numbers().prop_map(|(a, b)| Source::Minus(a, b)),
    ]
}

/// An update whose targets are all different attributes, so that none overlap.
fn any_update() -> impl Strategy<Value = Update> {
    let tail = || path().prop_map(|path| path.0);
    let change = prop_oneof![
        (tail(), source()).prop_map(|(tail, source)| (tail, 0, Some(source), None)),
        tail().prop_map(|tail| (tail, 1, None, None)),
        (tail(), prop_oneof![number(), set()]).prop_map(|(tail, value)| (tail, 2, None, Some(value))),
        (tail(), set()).prop_map(|(tail, value)| (tail, 3, None, Some(value))),
    ];
    prop::collection::vec(change, 1..6).prop_map(|changes| {
        let mut update = Update::default();
        for (index, (tail, section, source, value)) in changes.into_iter().enumerate() {
            let root = Element::Field(format!("target{index}"));
            let path = Path(std::iter::once(root).chain(tail).collect());
            match (section, source, value) {
                (0, Some(source), _) => update.set.push((path, source)),
                (2, _, Some(value)) => update.add.push((path, value)),
                (3, _, Some(value)) => update.delete.push((path, value)),
                _ => update.remove.push(path),
            }
        }
        update
    })
}

fn any_item() -> impl Strategy<Value = Item> {
    let name = prop::sample::select(vec!["a", "b", "name", "target0", "target1"]).prop_map(str::to_owned);
    let leaf = any_value();
    let value = leaf.prop_recursive(3, 12, 3, |inner| {
        let name = prop::sample::select(vec!["a", "b", "name"]).prop_map(str::to_owned);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(AttributeValue::L),
            prop::collection::btree_map(name, inner, 0..3).prop_map(AttributeValue::M),
        ]
    });
    prop::collection::btree_map(name, value, 0..5)
}

proptest! {
    #![proptest_config(ProptestConfig { rng_seed: proptest::test_runner::RngSeed::Fixed(7), ..ProptestConfig::default() })]

    #[test]
    fn a_printed_condition_is_read_as_it_was(tree in any_condition(), item in any_item()) {
        let mut printer = Printer::default();
        let text = printer.condition(&tree);
        let mut symbols = printer.symbols();
        prop_assert_eq!(condition::parse(Kind::Condition, &text, &mut symbols), Ok(tree.clone()), "{}", text);
        prop_assert_eq!(symbols.check_all_used(), Ok(()));
        let negated = Condition::Not(Box::new(tree.clone()));
        prop_assert_ne!(evaluation::holds(&tree, &item), evaluation::holds(&negated, &item));
    }

    #[test]
    fn a_printed_update_is_read_as_it_was(tree in any_update(), item in any_item()) {
        let mut printer = Printer::default();
        let text = printer.update(&tree);
        let mut symbols = printer.symbols();
        prop_assert_eq!(update::parse(&text, &mut symbols), Ok(tree.clone()), "{}", text);
        prop_assert_eq!(symbols.check_all_used(), Ok(()));
        if let Ok(after) = application::apply(&tree, item.clone()) {
            // Who is not a target stays.
            for name in ["a", "b", "name"] {
                prop_assert_eq!(after.get(name), item.get(name));
            }
            for (path, source) in &tree.set {
                if let (Source::Value(value), false) = (source, path.0.iter().any(|e| matches!(e, Element::Index(_)))) {
                    prop_assert_eq!(evaluation::lookup(&after, path), Some(value), "{}", text);
                }
            }
        }
    }

    #[test]
    fn a_printed_projection_takes_no_more_than_there_is(paths in prop::collection::vec(path(), 1..4), item in any_item()) {
        let mut printer = Printer::default();
        let text = paths.iter().map(|path| printer.path(path)).collect::<Vec<_>>().join(",");
        if let Ok(projection) = projection::parse(&text, &mut printer.symbols()) {
            let part = projection.of_item(&item);
            for path in &paths {
                let found = evaluation::lookup(&item, path).is_some();
                prop_assert!(!found || part.contains_key(path.root()), "{}", text);
            }
            prop_assert!(part.keys().all(|name| item.contains_key(name)));
        }
    }
}
