//! Policy documents in the form in which AWS keeps them. Nothing is decided by a policy here.
//!
//! AWS answers not with the text that was put but with one form of it: no
//! spaces, members in a fixed order, a list of one as its element, an account
//! as its root. Two texts with the same form are the same policy.

use serde_json::{Map, Value};

/// "The maximum size supported for a resource-based policy document is 20 KB", as sent.
pub const DOCUMENT_BYTES_MAX: usize = 20 * 1024;
const VERSION_DEFAULT: &str = "2008-10-17";

/// Why a text is no policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Complaint {
    /// What follows "Invalid policy document: ".
    Document(String),
    Principal,
    /// Everybody is allowed, under no condition.
    Unbounded,
}

fn document(text: &str) -> Complaint {
    Complaint::Document(text.to_owned())
}

/// The text in AWS's form.
pub fn canonical(text: &str) -> Result<String, Complaint> {
    let mut policy = match serde_json::from_str(text) {
        Ok(Value::Object(policy)) => policy,
        Ok(Value::Null) => return Err(document("This text appears not to be a policy")),
        _ => return Err(document("This policy contains invalid Json")),
    };
    // Where exactly AWS sees the mistake is recorded for `{}` only.
    let syntax_error = || document(&format!("Syntax error at position (1,{})", text.chars().count() + 1));
    let statements = match policy.remove("Statement") {
        Some(Value::Array(statements)) => statements,
        Some(statement @ Value::Object(_)) => vec![statement],
        _ => return Err(syntax_error()),
    };
    if statements.is_empty() {
        return Err(document("Could not parse the policy: Statement is empty!"));
    }
    let mut form = Map::new();
    let version = policy.remove("Version").unwrap_or_else(|| VERSION_DEFAULT.into());
    form.insert("Version".to_owned(), version);
    if let Some(id) = policy.remove("Id") {
        form.insert("Id".to_owned(), id);
    }
    if !policy.is_empty() {
        return Err(syntax_error());
    }
    let mut ids = Vec::new();
    let mut formed = Vec::new();
    for statement in statements {
        let Value::Object(statement) = statement else { return Err(syntax_error()) };
        if let Some(id) = statement.get("Sid") {
            if ids.contains(id) {
                return Err(document("The Statement Ids in the policy are not unique"));
            }
            ids.push(id.clone());
        }
        formed.push(Value::Object(canonical_statement(statement, &syntax_error)?));
    }
    form.insert("Statement".to_owned(), Value::Array(formed));
    Ok(Value::Object(form).to_string())
}

fn canonical_statement(
    mut given: Map<String, Value>,
    syntax_error: &impl Fn() -> Complaint,
) -> Result<Map<String, Value>, Complaint> {
    for (field, opposite) in [
        ("Effect", None),
        ("Principal", Some("NotPrincipal")),
        ("Action", Some("NotAction")),
        ("Resource", Some("NotResource")),
    ] {
        if !given.contains_key(field) && !opposite.is_some_and(|name| given.contains_key(name)) {
            return Err(document(&format!("Missing required field {field}")));
        }
    }
    let mut form = Map::new();
    for field in
        ["Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"]
    {
        let Some(value) = given.remove(field) else { continue };
        let value = match field {
            "Effect" => effect(&value).ok_or_else(syntax_error)?,
            "Principal" | "NotPrincipal" => principal(value)?,
            "Sid" | "Condition" => value,
            _ => one_or_many(value).ok_or_else(syntax_error)?,
        };
        form.insert(field.to_owned(), value);
    }
    if !given.is_empty() {
        return Err(syntax_error());
    }
    let everybody = form.get("Principal").is_some_and(|principal| *principal == "*" || principal["AWS"] == "*");
    if everybody && form["Effect"] == "Allow" && !form.contains_key("Condition") {
        return Err(Complaint::Unbounded);
    }
    Ok(form)
}

fn effect(given: &Value) -> Option<Value> {
    let given = given.as_str()?;
    ["Allow", "Deny"].into_iter().find(|effect| effect.eq_ignore_ascii_case(given)).map(Value::from)
}

/// Texts: one as itself, several as they are.
fn one_or_many(given: Value) -> Option<Value> {
    match given {
        Value::String(_) => Some(given),
        Value::Array(mut texts) if !texts.is_empty() && texts.iter().all(Value::is_string) => {
            Some(if texts.len() == 1 { texts.remove(0) } else { Value::Array(texts) })
        }
        _ => None,
    }
}

/// `*`, or principals by their kind; an account by its id or by its root is the same.
fn principal(given: Value) -> Result<Value, Complaint> {
    if given == "*" {
        return Ok(given);
    }
    let Value::Object(kinds) = given else { return Err(Complaint::Principal) };
    let mut form = Map::new();
    for (kind, names) in kinds {
        let names = match names {
            Value::Array(names) => names,
            name => vec![name],
        };
        let mut formed = Vec::new();
        for name in names {
            let Value::String(name) = name else { return Err(Complaint::Principal) };
            let account = name.len() == 12 && name.bytes().all(|byte| byte.is_ascii_digit());
            let name = Value::String(if account { format!("arn:aws:iam::{name}:root") } else { name });
            if !formed.contains(&name) {
                formed.push(name);
            }
        }
        form.insert(kind, one_or_many(Value::Array(formed)).ok_or(Complaint::Principal)?);
    }
    Ok(Value::Object(form))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORM: &str = r#"{"Version":"2012-10-17","Statement":[{"Sid":"read","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::000000000000:root"},"Action":"dynamodb:GetItem","Resource":"arn:aws:dynamodb:us-east-1:000000000000:table/t"}]}"#;

    #[test]
    fn texts_of_the_same_policy_have_one_form() {
        for text in [
            FORM,
            r#" {"Version": "2012-10-17", "Statement": [ {"Sid": "read", "Effect": "Allow", "Principal": {"AWS": "000000000000"}, "Action": ["dynamodb:GetItem"], "Resource": ["arn:aws:dynamodb:us-east-1:000000000000:table/t"]}]}"#,
            r#"{"Statement":{"Resource":"arn:aws:dynamodb:us-east-1:000000000000:table/t","Action":"dynamodb:GetItem","Principal":{"AWS":["000000000000","arn:aws:iam::000000000000:root"]},"Effect":"allow","Sid":"read"},"Version":"2012-10-17"}"#,
        ] {
            assert_eq!(canonical(text).as_deref(), Ok(FORM), "{text}");
        }
        let several = r#"{"Statement":[{"Effect":"Deny","Principal":"*","Action":["b","a"],"Resource":"*","Condition":{"Bool":{"x":"true"}}}]}"#;
        let form = several.replacen('{', r#"{"Version":"2008-10-17","#, 1);
        assert_eq!(canonical(several), Ok(form));
    }

    #[test]
    fn what_is_no_policy_is_told_in_awss_words() {
        let statement = |members: &str| format!(r#"{{"Statement":[{{{members}}}]}}"#);
        let whole = r#""Effect":"Allow","Principal":{"AWS":"000000000000"},"Action":"a","Resource":"*""#;
        for (text, complaint) in [
            (String::new(), document("This policy contains invalid Json")),
            ("[]".to_owned(), document("This policy contains invalid Json")),
            (r#"{"Statement":"#.to_owned(), document("This policy contains invalid Json")),
            ("null".to_owned(), document("This text appears not to be a policy")),
            ("{}".to_owned(), document("Syntax error at position (1,3)")),
            (r#"{"Statement":[]}"#.to_owned(), document("Could not parse the policy: Statement is empty!")),
            (statement(""), document("Missing required field Effect")),
            (
                statement(r#""Effect":"Allow","Principal":"*","Action":"a""#),
                document("Missing required field Resource"),
            ),
            (
                format!(r#"{{"Statement":[{{"Sid":"a",{whole}}},{{"Sid":"a",{whole}}}]}}"#),
                document("The Statement Ids in the policy are not unique"),
            ),
            (
                statement(r#""Effect":"Allow","Principal":"000000000000","Action":"a","Resource":"*""#),
                Complaint::Principal,
            ),
            (statement(r#""Effect":"Allow","Principal":"*","Action":"a","Resource":"*""#), Complaint::Unbounded),
            (
                statement(r#""Effect":"Allow","Principal":{"AWS":["*"]},"Action":"a","Resource":"*""#),
                Complaint::Unbounded,
            ),
        ] {
            assert_eq!(canonical(&text), Err(complaint), "{text}");
        }
        for strange in [r#""Effect":1,"#, r#""Extra":1,"Effect":"Deny","#, r#""Condition":1,"Effect":"Perhaps","#] {
            let rest = r#""Principal":"*","Action":"a","Resource":"*""#;
            let found = canonical(&statement(&format!("{strange}{rest}")));
            assert!(matches!(found, Err(Complaint::Document(text)) if text.starts_with("Syntax error")), "{strange}");
        }
    }
}
