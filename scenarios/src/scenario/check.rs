//! What is wrong with a scenario though each of its parts can be read.

use std::cell::RefCell;
use std::collections::BTreeSet;

use rehearsal_emulator::kernel::fault::Rule as FaultRule;
use rehearsal_emulator::kernel::glob;
use rehearsal_emulator::service;
use rehearsal_emulator::service::bedrock::script::mistake::{Mistake, did_you_mean};
use rehearsal_emulator::service::bedrock::script::place::{Step as Way, locate};
use rehearsal_emulator::service::bedrock::script::{Problem, Script};
use rehearsal_pipeline::recommendations::Settings;
use serde_json::Value;
use serde_saphyr::{Location, Spanned};

use super::{AwsCall, Scenario, Step};
use crate::runner::{matching, saved};

/// Where, and why.
type Found = (Location, String);

/// The first mistake that the reader of YAML cannot see.
pub fn check(scenario: &Scenario, text: &str) -> Result<(), Mistake> {
    let found = script(scenario, text).and_then(|()| settings(scenario)).and_then(|()| faults(scenario));
    found.and_then(|()| steps(scenario)).map_err(|(place, why)| Mistake::at(place, text, why))
}

fn script(scenario: &Scenario, text: &str) -> Result<(), Found> {
    let rules = scenario.script.iter().map(|rule| rule.value.clone()).collect();
    let Some(Problem { way, why }) = (Script { rules, ..Script::default() }).problem() else { return Ok(()) };
    let rule = way.iter().find_map(|step| if let Way::Index(index) = step { Some(*index) } else { None });
    let way: Vec<Way> = [Way::Key("script")].into_iter().chain(way).collect();
    let place = locate(text, &way).or(scenario.script.get(rule.unwrap_or(0)).map(|rule| rule.referenced));
    Err((place.unwrap_or(Location::UNKNOWN), why))
}

/// A setting that the pipeline does not know would be ignored in silence.
fn settings(scenario: &Scenario) -> Result<(), Found> {
    let Some((_, first)) = scenario.settings.first_key_value() else { return Ok(()) };
    if scenario.pipeline.is_none() {
        return Err((
            first.referenced,
            "settings are a pipeline's: name it with `pipeline: recommendations`".to_owned(),
        ));
    }
    let known = RefCell::new(BTreeSet::new());
    // The defaults can be read; this is only to hear what is asked for.
    let _defaults = Settings::from_variables(|name| {
        known.borrow_mut().insert(name.to_owned());
        None
    });
    let known = known.into_inner();
    for (name, setting) in &scenario.settings {
        if !known.contains(name) {
            let names: Vec<&str> = known.iter().map(String::as_str).collect();
            let meant = did_you_mean(name, &names);
            return Err((setting.referenced, format!("the pipeline has no setting `{name}`{meant}")));
        }
        let read = Settings::from_variables(|asked| (asked == name).then(|| setting.value.clone()));
        read.map_err(|error| (setting.referenced, error.to_string()))?;
    }
    Ok(())
}

fn faults(scenario: &Scenario) -> Result<(), Found> {
    for rule in &scenario.faults {
        fault(&rule.value).map_err(|why| (rule.referenced, why))?;
    }
    Ok(())
}

/// A rule that fits no operation of any service would never act.
fn fault(rule: &FaultRule) -> Result<(), String> {
    let operations = operations();
    let services: Vec<_> = operations.iter().filter(|(service, _)| glob::matches(&rule.service, service)).collect();
    if services.is_empty() {
        let names: Vec<&str> = operations.iter().map(|(service, _)| *service).collect();
        let meant = did_you_mean(&rule.service, &names);
        return Err(format!("there is no service `{}`{meant} There are {}", rule.service, names.join(", ")));
    }
    let names: Vec<&str> = services.iter().flat_map(|(_, names)| names.iter().copied()).collect();
    if names.iter().any(|name| glob::matches(&rule.operation, name)) {
        return Ok(());
    }
    let meant = did_you_mean(&rule.operation, &names);
    Err(format!("`{}` has no operation `{}`{meant}", rule.service, rule.operation))
}

/// Every service with every operation of AWS's, ours or not.
fn operations() -> Vec<(&'static str, Vec<&'static str>)> {
    let (services, _) = service::all(service::Settings::default());
    let with_operations = services.iter().map(|service| {
        let ours = service.operations().iter().map(|(name, _)| *name);
        let description = service.description();
        (description.name, ours.chain(description.not_implemented.iter().copied()).collect())
    });
    with_operations.collect()
}

fn steps(scenario: &Scenario) -> Result<(), Found> {
    let mut known = BTreeSet::from(["account".to_owned(), "region".to_owned()]);
    for step in &scenario.given {
        if matches!(step.value, Step::Get { .. }) {
            let why = "the pipeline starts after `given`: move `http.GET` to `steps`";
            return Err((step.referenced, why.to_owned()));
        }
        self::step(step, scenario, &mut known)?;
    }
    for step in scenario.steps.iter().chain(&scenario.expect) {
        self::step(step, scenario, &mut known)?;
    }
    Ok(())
}

fn step(step: &Spanned<Step>, scenario: &Scenario, known: &mut BTreeSet<String>) -> Result<(), Found> {
    let checked = match &step.value {
        Step::Call(call) => self::call(call, known),
        Step::Fault(rule) => fault(rule),
        Step::Get { .. } if scenario.pipeline.is_none() => {
            Err("`http.GET` asks the pipeline: name it with `pipeline: recommendations`".to_owned())
        }
        Step::Get { path, matches } => {
            let expected = matches.as_ref().unwrap_or(&Value::Null);
            text(path, known).and_then(|()| value(expected, known)).and_then(|()| matching::check(expected))
        }
        Step::Advance(_) | Step::BusFault(_) | Step::Model(_) | Step::TimelineContains(_) => Ok(()),
    };
    checked.map_err(|why| (step.referenced, why))
}

fn call(call: &AwsCall, known: &mut BTreeSet<String>) -> Result<(), String> {
    let AwsCall { service, operation, input, matches, fails, save } = call;
    let operations = operations();
    let names = operations.iter().find(|(name, _)| name == service).map_or(&[][..], |(_, names)| names);
    if !names.contains(&operation.as_str()) {
        return Err(format!("{service} has no operation `{operation}`{}", did_you_mean(operation, names)));
    }
    if fails.is_some() && (matches.is_some() || !save.is_empty()) {
        return Err("a call that `fails` has no answer to match or to save from".to_owned());
    }
    value(input, known)?;
    for (name, pointer) in save {
        if !saved::is_name(name) {
            return Err(format!("`{name}` is no name to save under: use letters, digits and `_`"));
        }
        if !pointer.is_empty() && !pointer.starts_with('/') {
            let meant = pointer.replace('.', "/");
            return Err(format!("`{pointer}` is no JSON pointer: write for example `/{meant}`"));
        }
        known.insert(name.clone());
    }
    let expected = matches.as_ref().unwrap_or(&Value::Null);
    value(expected, known)?;
    matching::check(expected)
}

/// Every `${name}` must have been saved before.
fn value(value: &Value, known: &BTreeSet<String>) -> Result<(), String> {
    match value {
        Value::String(text) => self::text(text, known),
        Value::Array(items) => items.iter().try_for_each(|item| self::value(item, known)),
        Value::Object(members) => members.values().try_for_each(|member| self::value(member, known)),
        _ => Ok(()),
    }
}

fn text(text: &str, known: &BTreeSet<String>) -> Result<(), String> {
    let Some(name) = saved::names(text).into_iter().find(|name| !known.contains(*name)) else { return Ok(()) };
    let names: Vec<&str> = known.iter().map(String::as_str).collect();
    Err(format!("nothing is saved as `{name}` before this step{}", did_you_mean(name, &names)))
}
