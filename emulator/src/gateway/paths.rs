//! The REST operations by method and path: which one a request means.
//!
//! Made once of the tables of all REST services. The first segment of a path leads to the few operations that may be
//! meant; without that, every request would be held against all of them. Which of several services is meant where their
//! paths are the same is decided here, too.

use std::collections::BTreeMap;

use crate::kernel::operation::ServiceDescription;
use crate::kernel::realm::Found;
use crate::kernel::{AnyService, Binding, Protocol};
use crate::wire::rest_json;

/// The placeholders of a path, percent-decoded.
pub type Labels = Vec<(&'static str, String)>;

/// What a method and a path mean.
pub enum Meaning {
    /// An operation of the service at `index` of the world's list.
    Operation {
        index: usize,
        operation: Found,
        labels: Labels,
    },
    /// An operation that is known, and not implemented.
    NotImplemented(&'static ServiceDescription, &'static str),
    Nothing,
}

/// Of all REST services, in the order of the world's list.
pub struct Paths {
    services: Vec<ServicePaths>,
}

struct ServicePaths {
    index: usize,
    description: &'static ServiceDescription,
    /// By method and first segment. In the order of the service's table, with what is not implemented behind it.
    operations: BTreeMap<(&'static str, &'static str), Vec<Bound>>,
}

#[derive(Clone, Copy)]
struct Bound {
    uri: &'static str,
    name: &'static str,
    /// In the service's table, if it is implemented.
    place: Option<usize>,
}

impl Paths {
    pub fn of<'a>(services: impl Iterator<Item = &'a dyn AnyService>) -> Self {
        let rest = services.enumerate().filter(|(_, service)| service.description().protocol == Protocol::RestJson1);
        Self { services: rest.map(|(index, service)| ServicePaths::of(index, service)).collect() }
    }

    /// First the service that the caller says it is a client of, with either ending of the path; then all services with
    /// the path as it is, and with the other ending.
    pub fn find(&self, method: &str, path: &str, client: Option<&str>) -> Meaning {
        let mut search = Search { method, client, not_implemented: None };
        for service in self.services.iter().filter(|service| service.is_named(client)) {
            if let Some(found) = search.look(service, path) {
                return found;
            }
            if let Some(found) = search.look(service, &with_the_other_ending(path)) {
                return found;
            }
        }
        let found = self.services.iter().find_map(|service| search.look(service, path));
        let found = found.or_else(|| {
            let other = with_the_other_ending(path);
            self.services.iter().find_map(|service| search.look(service, &other))
        });
        found.or(search.not_implemented).unwrap_or(Meaning::Nothing)
    }
}

/// One request's way through the services.
struct Search<'a> {
    method: &'a str,
    client: Option<&'a str>,
    /// What was found first of what is not implemented: another service may implement it.
    not_implemented: Option<Meaning>,
}

impl Search<'_> {
    /// What ends the search: an operation, or that the client's own service does not implement it.
    fn look(&mut self, service: &ServicePaths, path: &str) -> Option<Meaning> {
        match service.find(self.method, path) {
            found @ Some(Meaning::Operation { .. }) => return found,
            found => self.not_implemented = self.not_implemented.take().or(found),
        }
        if service.is_named(self.client) { self.not_implemented.take() } else { None }
    }
}

impl ServicePaths {
    fn of(index: usize, service: &dyn AnyService) -> Self {
        let description = service.description();
        let mut operations: BTreeMap<_, Vec<Bound>> = BTreeMap::new();
        let mut add = |Binding { method, uri }, name, place| {
            let beginning = (method, first_segment(uri));
            operations.entry(beginning).or_default().push(Bound { uri, name, place });
        };
        for (place, (name, binding)) in service.operations().iter().enumerate() {
            add(*binding, name, Some(place));
        }
        for (name, binding) in description.not_implemented_at {
            add(*binding, name, None);
        }
        Self { index, description, operations }
    }

    fn find(&self, method: &str, path: &str) -> Option<Meaning> {
        let bound = self.operations.get(&(method, first_segment(path)))?;
        let (found, labels) = bound.iter().find_map(|bound| Some((bound, rest_json::labels(bound.uri, path)?)))?;
        let Bound { name, place, .. } = *found;
        Some(match place {
            Some(place) => Meaning::Operation { index: self.index, operation: Found { place, name }, labels },
            None => Meaning::NotImplemented(self.description, name),
        })
    }

    /// Whether a client of that name is a client of this service: by letters and digits only.
    fn is_named(&self, client: Option<&str>) -> bool {
        client.is_some_and(|client| letters(self.description.name).eq(letters(client)))
    }
}

/// `model` of `/model/{modelId}/converse`. No operation has a placeholder there.
fn first_segment(path: &str) -> &str {
    path.split('/').nth(1).unwrap_or_default()
}

/// Some SDKs leave out the slash at a path's end that AWS's models have, and so call `PrepareAgent` and
/// `InvokeInlineAgent` by the same path: on AWS their hosts differ.
fn with_the_other_ending(path: &str) -> String {
    path.strip_suffix('/').map_or_else(|| format!("{path}/"), str::to_owned)
}

fn letters(name: &str) -> impl Iterator<Item = char> {
    name.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service;

    /// The same, by holding the request against every operation there is.
    fn find_naively(services: &[Box<dyn AnyService>], method: &str, path: &str, client: Option<&str>) -> String {
        let rest = || services.iter().filter(|service| service.description().protocol == Protocol::RestJson1);
        let is_named = |name: &str| client.is_some_and(|client| letters(name).eq(letters(client)));
        let other = with_the_other_ending(path);
        let of_client = rest().filter(|service| is_named(service.description().name));
        let tries = of_client.flat_map(|service| [(service, path), (service, other.as_str())]);
        let tries = tries.chain(rest().map(|service| (service, path)));
        let tries = tries.chain(rest().map(|service| (service, other.as_str())));
        let mut not_implemented = None;
        for (service, path) in tries {
            let description = service.description();
            let fits = |binding: &Binding| binding.method == method && rest_json::labels(binding.uri, path).is_some();
            if let Some((name, _)) = service.operations().iter().find(|(_, binding)| fits(binding)) {
                return format!("{} {name}", description.name);
            }
            let missing = description.not_implemented_at.iter().find(|(_, binding)| fits(binding));
            not_implemented = not_implemented.or(missing.map(|(name, _)| format!("no {} {name}", description.name)));
            if not_implemented.is_some() && is_named(description.name) {
                break;
            }
        }
        not_implemented.unwrap_or_default()
    }

    #[test]
    fn a_request_means_what_looking_through_all_tables_finds() {
        let (services, _handles) = service::all(service::Settings::default());
        let paths = Paths::of(services.iter().map(|service| &**service));
        let names: Vec<&str> = services.iter().map(|service| service.description().name).collect();
        let bindings = services.iter().flat_map(|service| {
            let implemented = service.operations().iter().map(|(_, binding)| *binding);
            implemented.chain(service.description().not_implemented_at.iter().map(|(_, binding)| *binding))
        });
        let mut asked: Vec<(&str, String)> = Vec::new();
        for Binding { method, uri } in bindings {
            let path = uri.replace(['{', '}'], "");
            asked.extend([
                (method, with_the_other_ending(&path)),
                (method, format!("{path}/more")),
                ("HEAD", path.clone()),
            ]);
            asked.push((method, path));
        }
        asked.extend([("GET", "*".to_owned()), ("GET", String::new()), ("POST", "//".to_owned())]);
        for (method, path) in asked {
            for client in names.iter().map(|name| Some(*name)).chain([None, Some("nobody")]) {
                let found = match paths.find(method, &path, client) {
                    Meaning::Operation { index, operation, .. } => format!("{} {}", names[index], operation.name),
                    Meaning::NotImplemented(description, name) => format!("no {} {name}", description.name),
                    Meaning::Nothing => String::new(),
                };
                let naively = find_naively(&services, method, &path, client);
                assert_eq!(found, naively, "{method} {path} by {client:?}");
            }
        }
    }
}
