//! Names of things as parts of a record's path.

use crate::kernel::{Scope, Timestamp};

/// What a thing is called among its like, as text and back.
pub trait Name: Ord + Clone {
    fn to_text(&self) -> String;
    fn of_text(text: &str) -> Option<Self>;
}

impl Name for String {
    fn to_text(&self) -> String {
        self.clone()
    }

    fn of_text(text: &str) -> Option<Self> {
        Some(text.to_owned())
    }
}

impl Name for u64 {
    fn to_text(&self) -> String {
        self.to_string()
    }

    fn of_text(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

impl Name for Timestamp {
    fn to_text(&self) -> String {
        self.as_millis().to_string()
    }

    fn of_text(text: &str) -> Option<Self> {
        text.parse().ok().map(Timestamp::from_millis)
    }
}

/// Two names in one, each escaped, with a separator that no escaped name has.
impl<A: Name, B: Name> Name for (A, B) {
    fn to_text(&self) -> String {
        format!("{},{}", escaped(&self.0.to_text()), escaped(&self.1.to_text()))
    }

    fn of_text(text: &str) -> Option<Self> {
        let (first, second) = text.split_once(',')?;
        Some((A::of_text(&plain(first)?)?, B::of_text(&plain(second)?)?))
    }
}

/// `000000000000:us-east-1`
impl Name for Scope {
    fn to_text(&self) -> String {
        format!("{}:{}", self.account, self.region)
    }

    fn of_text(text: &str) -> Option<Self> {
        text.split_once(':').map(|(account, region)| Scope::new(account, region))
    }
}

impl<A: Name> Name for Option<A> {
    fn to_text(&self) -> String {
        self.as_ref().map_or_else(String::new, |name| format!("={}", name.to_text()))
    }

    fn of_text(text: &str) -> Option<Self> {
        match text.strip_prefix('=') {
            Some(name) => A::of_text(name).map(Some),
            None => text.is_empty().then_some(None),
        }
    }
}

/// A name as it stands in a path.
pub fn escaped(name: &str) -> String {
    let mut escaped = String::with_capacity(name.len());
    push_escaped(&mut escaped, name);
    escaped
}

pub fn push_escaped(path: &mut String, name: &str) {
    for letter in name.chars() {
        match letter {
            '%' | '/' | ',' | '\0'..='\x1f' => {
                path.push('%');
                path.push_str(&hex::encode_upper([letter as u8]));
            }
            letter => path.push(letter),
        }
    }
}

/// The name that stands in a path.
pub fn plain(escaped: &str) -> Option<String> {
    percent_encoding::percent_decode_str(escaped).decode_utf8().ok().map(|name| name.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn there_and_back<N: Name + std::fmt::Debug>(name: N) {
        let path = escaped(&name.to_text());
        assert!(!path.contains('/'), "{path}");
        assert_eq!(N::of_text(&plain(&path).unwrap()), Some(name));
    }

    #[test]
    fn every_name_comes_back_from_a_path() {
        for text in ["", "orders", "a/b", "50%2F", "ä ö", "a,b", "line\nbreak"] {
            there_and_back(text.to_owned());
            there_and_back((text.to_owned(), 7));
            there_and_back((text.to_owned(), (text.to_owned(), Some(text.to_owned()))));
            there_and_back(Some(text.to_owned()));
        }
        there_and_back(None::<String>);
        there_and_back(Timestamp::FIRST);
    }
}
