//! PartiQL as DynamoDB reads it: one statement of text, with parameters, to the trees of the expression language.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.html>
//!
//! A pure language: it knows std, the attribute values and the trees of [`super::expression`], no request and no table.
//!
//! The path of a statement: [`lexer`] > [`parser`] with [`term`] and [`statement`] > [`tree`] > [`binding`] with
//! [`condition`], [`update`] and [`value`] > [`binding::Request`] > [`access`], once a table's key is known.
//!
//! Mistakes of syntax are told first, then those of meaning, both before any table is looked up, as on AWS.
//!
//! # Differences
//!
//! - The texts of mistakes are those that callers report from AWS. Assumed: those about LIMIT and other clauses, about
//!   operators that DynamoDB lacks, about conditions that are none, about sets of mixed types, about nesting, about
//!   more values of IN than are allowed, and about ORDER BY on what is no key.
//! - A column that is an element of a list is answered under its position, `_1` (assumed).

pub mod access;
pub mod binding;
pub mod condition;
pub mod keywords;
pub mod lexer;
pub mod parser;
pub mod statement;
pub mod term;
pub mod tree;
pub mod update;
pub mod value;

use super::expression::ExpressionError;
use super::value::AttributeValue;
use binding::Request;

/// Reads a statement and binds its parameters.
pub fn read(text: &str, parameters: &[AttributeValue]) -> Result<Request, ExpressionError> {
    let parsed = statement::parse(text)?;
    binding::bind(parsed, parameters)
}

#[cfg(test)]
mod tests {
    use super::access::{Access, KeyNames, access, full_key, ordered};
    use super::binding::Request;
    use super::{ExpressionError, read};
    use crate::service::dynamodb::attribute_json::{self, GivenItem};
    use crate::service::dynamodb::expression::{application, evaluation};
    use crate::service::dynamodb::value::{AttributeValue, Item};

    fn item(json: &str) -> Item {
        attribute_json::item(serde_json::from_str::<GivenItem>(json).unwrap()).unwrap()
    }

    fn s(text: &str) -> AttributeValue {
        AttributeValue::S(text.to_owned())
    }

    fn accepted(text: &str) -> Request {
        read(text, &[]).unwrap_or_else(|ExpressionError(message)| panic!("{text}: {message}"))
    }

    fn refused(text: &str) -> String {
        match read(text, &[]) {
            Ok(request) => panic!("{text}: {request:?}"),
            Err(ExpressionError(message)) => message,
        }
    }

    fn malformed(detail: &str) -> String {
        format!("Statement wasn't well formed, can't be processed: {detail}")
    }

    #[test]
    fn conditions_hold_or_do_not() {
        let subject = item(
            r#"{"pk":{"S":"a"},"n":{"N":"7310000"},"s":{"S":"str"},"nul":{"NULL":true},"flag":{"BOOL":true},
                "ss":{"SS":["a","b","c"]},"m":{"M":{"sub":{"S":"x"}}},"l":{"L":[{"N":"1"},{"N":"2"}]},"minus":{"N":"-7.3"}}"#,
        );
        for (text, expected) in [
            ("n = 7.31e6 AND n = 7.31E+6 AND n = 73100000e-1", true),
            ("minus = -.73e1", true),
            ("n != 5", true),
            ("n <> 7310000", false),
            ("s = 'str' -- a note", true),
            ("s /* between */ = 'str'", true),
            ("s = 'other' OR n > 5 AND flag = true", true),
            ("(s = 'other' OR n > 5) AND flag = false", false),
            ("NOT s = 'other' AND n > 5", true),
            ("NOT (s = 'str')", false),
            ("s IN ['a', 'str']", true),
            ("s IN ('a', 'str')", true),
            ("s IN ('str')", true),
            ("s NOT IN ['a', 'str']", false),
            ("NOT s IN ['a']", true),
            ("n BETWEEN 5 AND 7310000 AND s = 'str'", true),
            ("n NOT BETWEEN 5 AND 6", true),
            ("attribute_exists(ss)", true),
            ("ATTRIBUTE_EXISTS(\"ss\")", true),
            ("NOT attribute_exists(nope)", true),
            ("attribute_exists(ss) = true", true),
            ("attribute_exists(nope) = false", true),
            ("attribute_exists(ss) <> true", false),
            ("attribute_not_exists(m.nope)", true),
            ("attribute_exists(m.sub) AND attribute_exists(m['sub'])", true),
            ("(attribute_exists(nope) OR attribute_exists(ss))", true),
            ("size(s) = 3", true),
            ("size(ss) > 3", false),
            ("attribute_type(ss, 'SS')", true),
            ("begins_with(s, 'st')", true),
            ("contains(ss, 'b')", true),
            ("contains(s, 'x')", false),
            ("nul IS NULL", true),
            ("s IS NOT NULL", true),
            ("nope IS MISSING", true),
            ("s IS NOT MISSING", true),
            ("flag IS BOOL AND s IS STRING AND ss IS BAG AND l IS LIST AND m IS TUPLE", true),
            ("n IS DOUBLE PRECISION", true),
            ("s IS BOOL", false),
            ("l[1] = 2", true),
            ("ss = <<'c', 'b', 'a'>>", true),
            ("l = [1, 2]", true),
            ("m = {'sub': 'x'}", true),
            ("nul = NULL", true),
        ] {
            let statement = format!("SELECT * FROM \"T\" WHERE {text}");
            let Request::Read(request) = accepted(&statement) else { panic!("{statement}") };
            let condition = request.condition.expect("there is a WHERE");
            assert_eq!(evaluation::holds(&condition, &subject), expected, "{text}");
        }
    }

    #[test]
    fn updates_change_what_they_name() {
        let before =
            r#"{"n":{"N":"5"},"l":{"L":[{"N":"1"},{"N":"2"}]},"ss":{"SS":["a","b"]},"m":{"M":{"x":{"N":"1"}}}}"#;
        for (text, after) in [
            ("SET n = n + 1 REMOVE l REMOVE ss REMOVE m", r#"{"n":{"N":"6"}}"#),
            ("SET n = 10 - n REMOVE l REMOVE ss REMOVE m.x", r#"{"n":{"N":"5"},"m":{"M":{}}}"#),
            (
                "SET l = list_append(l, [3]) REMOVE n REMOVE ss REMOVE m",
                r#"{"l":{"L":[{"N":"1"},{"N":"2"},{"N":"3"}]}}"#,
            ),
            ("REMOVE l[0] REMOVE n REMOVE ss REMOVE m", r#"{"l":{"L":[{"N":"2"}]}}"#),
            ("SET ss = SET_ADD(ss, <<'c'>>) REMOVE n REMOVE l REMOVE m", r#"{"ss":{"SS":["a","b","c"]}}"#),
            ("SET ss = set_delete(ss, <<'a'>>) REMOVE n REMOVE l REMOVE m", r#"{"ss":{"SS":["b"]}}"#),
            (
                "SET m.y = [2020, 'x'], n = l[1] REMOVE l REMOVE ss",
                r#"{"n":{"N":"2"},"m":{"M":{"x":{"N":"1"},"y":{"L":[{"N":"2020"},{"S":"x"}]}}}}"#,
            ),
        ] {
            for statement in [
                format!("UPDATE T {text} WHERE pk = 'a' RETURNING ALL NEW *"),
                format!("from \"T\" where pk = 'a' {text} returning all new *;"),
            ] {
                let Request::Update { table, update, returning, .. } = accepted(&statement) else {
                    panic!("{statement}")
                };
                assert_eq!((table.as_str(), returning.unwrap().to_string().as_str()), ("T", "RETURNING ALL NEW *"));
                assert_eq!(application::apply(&update, item(before)).unwrap(), item(after), "{text}");
            }
        }
    }

    #[test]
    fn items_are_inserted_as_they_are_written() {
        let statement = "INSERT INTO TypesTable value {'primarykey':'1', 'it''s': -1.50, 'm': {'a': 'value', 'b': 4}, \
                         'l': [1,'s', null, TRUE], 'ns': <<1,34,4.5>>, 'ss': <<'a','b'>>, 'empty': '', 'none': []}";
        let Request::Insert { table, item: inserted } = accepted(statement) else { panic!() };
        assert_eq!(table, "TypesTable");
        let expected = r#"{"primarykey":{"S":"1"},"it's":{"N":"-1.5"},"m":{"M":{"a":{"S":"value"},"b":{"N":"4"}}},
            "l":{"L":[{"N":"1"},{"S":"s"},{"NULL":true},{"BOOL":true}]},"ns":{"NS":["1","4.5","34"]},
            "ss":{"SS":["a","b"]},"empty":{"S":""},"none":{"L":[]}}"#;
        assert_eq!(inserted, item(expected));
        let parameters = [s("x"), AttributeValue::Null];
        let Ok(Request::Insert { item: inserted, .. }) = read("INSERT INTO T VALUE {'pk': ?, 'l': [?]}", &parameters)
        else {
            panic!()
        };
        assert_eq!(inserted, item(r#"{"pk":{"S":"x"},"l":{"L":[{"NULL":true}]}}"#));
    }

    #[test]
    fn columns_are_answered_by_their_last_name() {
        let Request::Read(request) = accepted("SELECT a, m.\"x y\", l[0], m['z'] FROM \"T\".\"I\"") else { panic!() };
        assert_eq!((request.source.table.as_str(), request.source.index.as_deref()), ("T", Some("I")));
        let columns = request.columns.unwrap();
        let shown: Vec<String> = columns.iter().map(|(name, path)| format!("{name}={path}")).collect();
        assert_eq!(shown, ["a=[a]", "x y=[m, x y]", "_3=[l, [0]]", "z=[m, z]"]);
    }

    #[test]
    fn statements_that_cannot_be_read_are_not_well_formed() {
        for (text, detail) in [
            ("SLECT * FROM T WHERE pk = 'x'", "Expected data manipulation"),
            ("UPDATE Payment-abc SET active=true WHERE id='x'", "Expected data manipulation"),
            ("UPDATE T WHERE pk = 1", "Expected data manipulation"),
            ("INSERT INTO urls (key, secret) VALUES (1, 2)", "Unexpected keyword"),
            ("SELECT * FROM T WHERE pk = 1 foo", "Unexpected token after expression"),
            ("SELECT * FROM T WHERE pk = 1 e5", "Unexpected token after expression"),
            ("SELECT * FROM T WHERE pk = 1)", "Unexpected token after expression"),
            ("INSERT INTO T VALUE {'pk': 970001} foo", "Unexpected token after expression"),
            ("INSERT INTO T t VALUE {'pk': 'x'}", "Unexpected token after expression"),
            ("UPDATE T SET a = 9 WHERE pk = 970002 foo", "Unexpected token after expression"),
            ("DELETE FROM T WHERE pk = 970004 ORDER BY pk", "Unexpected token after expression"),
            ("SELECT * FROM T ORDER BY pk WHERE pk = 1", "Unexpected token after expression"),
            ("FROM T SET c = 1 WHERE pk = 'x'", "Unexpected token after expression"),
            ("SELECT * FROM T WHERE pk = 1e99999999999", ""),
            ("SELECT * FROM T WHERE pk = 1 # note", ""),
            ("SELECT * FROM T WHERE pk = 1 /* note", ""),
            ("SELECT * FROM \"T", ""),
            ("SELECT * FROM T WHERE", "Unexpected term"),
            ("SELECT * FROM T WHERE;", "Unexpected term"),
            ("SELECT pk FROM T WHERE NOT", "Unexpected term"),
            ("SELECT pk FROM T WHERE (", "Unexpected term"),
            ("UPDATE T SET a = 1 WHERE", "Unexpected term"),
            ("DELETE FROM T WHERE  ", "Unexpected term"),
            ("SELECT * FROM", "Unexpected term"),
            ("", "Unexpected term"),
            ("SELECT * FROM T WHERE pk = 'p1' AND", "Missing right-hand side expression of infix operator"),
            ("SELECT * FROM T WHERE pk = 'p1' OR", "Missing right-hand side expression of infix operator"),
            ("SELECT * FROM T WHERE ORDER BY pk", "Unexpected keyword"),
            ("SELECT * FROM T WHERE user = 'a'", "Unexpected keyword"),
            ("SELECT * FROM T WHERE pk = 'a' AND x IS FOO", "Expected type name"),
            ("SELECT * FROM T WHERE IS NULL", "Unexpected operator"),
            ("SELECT * FROM T WHERE pk = LIKE", "Unexpected operator"),
            ("SELECT * FROM T WHERE attribute_exists(m.inner)", "Invalid path dot component"),
            ("UPDATE T SET m.inner = 1 WHERE pk = 'a'", "Invalid path dot component"),
            ("DELETE FROM", "Expected identifier for simple path"),
            ("DELETE FROM;", "Expected identifier for simple path"),
            ("DELETE FROM WHERE pk = 'a'", "Expected identifier for simple path"),
        ] {
            assert_eq!(refused(text), malformed(detail), "{text}");
        }
        let deep = |open: &str, close: &str, times: usize| {
            format!("SELECT * FROM T WHERE {}a = 1{}", open.repeat(times), close.repeat(times))
        };
        assert_eq!(refused(&deep("(", ")", 2000)), malformed("Expression nests too deep"));
        assert_eq!(refused(&deep("NOT ", "", 2000)), malformed("Expression nests too deep"));
        assert_eq!(refused(&deep("- ", "", 4000)), malformed("Expression nests too deep"));
        accepted(&deep("(", ")", 40));
        let long = format!("SELECT * FROM T WHERE a = 1{}", " AND a = 1".repeat(200));
        assert!(refused(&long).starts_with("The expression contains too many operators"), "{long}");
    }

    #[test]
    fn what_a_statement_may_not_say_is_told_in_awss_words() {
        for (text, message) in [
            ("SELECT * FROM T t WHERE pk = 'x'", "Aliasing is not supported"),
            ("SELECT * FROM T AS t WHERE pk = 'x'", "Aliasing is not supported"),
            ("UPDATE T t SET a = 3 WHERE pk = 'x'", "Aliasing is not supported"),
            ("DELETE FROM T t WHERE pk = 'x'", "Aliasing is not supported"),
            ("SELECT a FROM my-items", "Unexpected from source"),
            ("SELECT * FROM T.I.x", "A path may contain at most 2 components in the FROM clause"),
            ("SELECT * FROM T.\"\"", "Path component cannot be an empty string"),
            ("SELECT * FROM \"\" WHERE pk = 'p'", "Path component cannot be an empty string"),
            ("SELECT * FROM T LIMIT 5", "Unsupported clause: LIMIT at 1:23:1"),
            ("x IS INT4", "Unsupported operation: IsType"),
            ("x IS CHARACTER VARYING", "Unsupported operation: IsType"),
            (
                "DELETE FROM T WHERE pk = 'x' RETURNING MODIFIED OLD *",
                "Invalid returning clause: RETURNING MODIFIED OLD *. Only RETURNING ALL OLD * is allowed in DELETE \
                 statements.",
            ),
            ("SELECT * FROM T WHERE pk = ?", "Number of parameters in request and statement don't match."),
            (
                "SELECT * FROM T WHERE a < true",
                "Incorrect operand type for operator or function; operator or function: <, operand type: BOOL",
            ),
            (
                "SELECT * FROM T WHERE a BETWEEN true AND false",
                "Incorrect operand type for operator or function; operator or function: BETWEEN, operand type: BOOL",
            ),
            (
                "SELECT * FROM T WHERE attribute_exists('ss')",
                "Operator or function requires a document path; operator or function: attribute_exists",
            ),
            (
                "SELECT * FROM T WHERE attribute_exists(ss, ns)",
                "Incorrect number of operands for operator or function; operator or function: attribute_exists, number \
                 of operands: 2",
            ),
            ("SELECT attribute_exists(ss) FROM T", "Unexpected path component at 1:8:16"),
            ("SELECT * FROM T WHERE EXISTS(ss)", "Unrecognized function: exists at 1:23:6"),
            ("SELECT * FROM T WHERE set_add(ss, <<'x'>>) = ss", "Unrecognized function: set_add at 1:23:7"),
            (
                "UPDATE T SET t = set_add(ss, <<'x'>>)",
                "The first argument to SET_ADD must equal the assignment value at 1:18:7",
            ),
            (
                "UPDATE T SET ss = set_add(<<'a'>>, <<'b'>>)",
                "The first argument to SET_ADD must equal the assignment value at 1:19:7",
            ),
            (
                "UPDATE T SET ss = set_delete(ss, 'x')",
                "The second argument to SET_DELETE must be a value with type SET at 1:30:2",
            ),
            ("UPDATE T SET ss = set_add(ss)", "SET_ADD must have exactly two arguments at 1:19:7"),
            (
                "UPDATE T SET ss = set_add(ss, <<'x', 'x'>>)",
                "One or more parameter values were invalid: Input collection [x, x] contains duplicates.",
            ),
            ("UPDATE T SET ss = set_add(ss, <<>>)", "Empty bags are not supported"),
            (
                "INSERT INTO T VALUE {'ss': set_add(<<'a'>>, <<'b'>>)}",
                "Unsupported data type: set_add under key root at 1:28:7",
            ),
            (
                "UPDATE T SET a = 1, a.b = 2",
                "Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a], \
                 path two: [a, b]",
            ),
            (
                "SELECT * FROM T WHERE pk = 1e126",
                "Number overflow. Attempting to store a number with magnitude larger than supported range under root",
            ),
            (
                "INSERT INTO T VALUE {'pk': 1, 'm': {'x': 1e-131}}",
                "Number underflow. Attempting to store a number with magnitude smaller than supported range under root.x",
            ),
            (
                "INSERT INTO T VALUE {'pk': 1, 'l': [1, 123456789012345678901234567890123456789]}",
                "Attempting to store more than 38 significant digits in a Number under root[1]",
            ),
        ] {
            assert_eq!(refused(text), message, "{text}");
        }
    }

    const NAMES: KeyNames<'_> = KeyNames { partition: "pk", sort: Some("sk") };

    fn condition(text: &str) -> Option<crate::service::dynamodb::expression::tree::Condition> {
        match accepted(&format!("SELECT * FROM T {text}")) {
            Request::Read(request) => request.condition,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_write_names_its_whole_key() {
        for (text, found, has_rest) in [
            ("WHERE pk = 'a' AND sk = 1", true, false),
            ("WHERE sk = 1 AND x = 2 AND 'a' = pk", true, true),
            ("WHERE (pk = 'a' AND x = 2) AND sk = 1", true, true),
            ("WHERE pk = 'a'", false, false),
            ("WHERE pk = 'a' AND sk > 1", false, false),
            ("WHERE pk = 'a' OR sk = 1", false, false),
            ("WHERE NOT pk = 'a' AND sk = 1", false, false),
            ("", false, false),
        ] {
            let key = full_key(condition(text), NAMES);
            assert_eq!(key.is_some(), found, "{text}");
            if let Some((key, rest)) = key {
                assert_eq!(key, item(r#"{"pk":{"S":"a"},"sk":{"N":"1"}}"#), "{text}");
                assert_eq!(rest.is_some(), has_rest, "{text}");
            }
        }
    }

    #[test]
    fn a_read_finds_its_partitions() {
        for (text, expected, on_sort, has_filter) in [
            ("WHERE pk = 'a'", Some(vec!["a"]), false, false),
            ("WHERE pk = 'a' AND sk BETWEEN 1 AND 2", Some(vec!["a"]), true, false),
            ("WHERE begins_with(sk, 'x') AND pk = 'a' AND x = 1", Some(vec!["a"]), true, true),
            ("WHERE pk IN ['b', 'a'] AND sk > 1 AND sk < 3", Some(vec!["b", "a"]), true, true),
            ("WHERE pk = 'a' AND NOT sk = 1", Some(vec!["a"]), false, true),
            ("WHERE pk > 'a'", None, false, true),
            ("WHERE pk = 'a' OR pk = 'b'", None, false, true),
            ("", None, false, false),
        ] {
            let (found, filter) = access(condition(text), NAMES).unwrap();
            let (partitions, sort) = match found {
                Access::Query { partitions, sort, .. } => (Some(partitions), sort),
                Access::Scan => (None, None),
            };
            assert_eq!(partitions, expected.map(|names| names.into_iter().map(s).collect()), "{text}");
            assert_eq!((sort.is_some(), filter.is_some()), (on_sort, has_filter), "{text}");
        }
        let twice = access(condition("WHERE pk IN ['a', 'a']"), NAMES).unwrap_err();
        assert_eq!(twice.0, "Overlapping conditions with range keys are not supported in where clause");
    }

    #[test]
    fn order_is_by_the_key() {
        let check = |text: &str| {
            let Request::Read(request) = accepted(&format!("SELECT * FROM T {text}")) else { panic!("{text}") };
            let has_condition = request.condition.is_some();
            let (mut found, _) = access(request.condition, NAMES).unwrap();
            ordered(&mut found, &request.order, NAMES, has_condition).map(|forward| (found, forward))
        };
        assert!(check("WHERE pk = 'a' ORDER BY sk").unwrap().1);
        assert!(!check("WHERE pk = 'a' ORDER BY sk DESC").unwrap().1);
        let (found, forward) = check("WHERE pk IN ['a', 'c', 'b'] ORDER BY pk DESC, sk ASC").unwrap();
        let Access::Query { partitions, .. } = found else { panic!() };
        assert_eq!((partitions, forward), (vec![s("c"), s("b"), s("a")], true));
        for (text, message) in [
            ("ORDER BY sk", "Must have WHERE clause in the statement when using ORDER BY clause."),
            (
                "WHERE x = 1 ORDER BY sk",
                "Must have at least one non-optional hash key condition in WHERE clause when using ORDER BY clause.",
            ),
            ("WHERE pk = 'a' ORDER BY x", "Variable reference x in ORDER BY clause must be part of the primary key"),
        ] {
            assert_eq!(check(text).unwrap_err().0, message, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "(SELECT|INSERT INTO|UPDATE|DELETE FROM|FROM)?[ a-z0-9'\"?*(){}<>\\[\\],.:=+-]{0,60}") {
            _ = read(&text, &[]);
        }

        #[test]
        fn any_words_are_read_or_refused(words in proptest::collection::vec("SELECT|FROM|WHERE|SET|REMOVE|UPDATE|INSERT|INTO|VALUE|DELETE|AND|OR|NOT|IN|IS|BETWEEN|NULL|MISSING|ORDER|BY|RETURNING|ALL|OLD|\\*|=|<|,|\\(|\\)|\\[|\\]|\\{|\\}|:|'t'|\"q\"|a|b|1|-|\\?|size|exists", 0..20)) {
            _ = read(&words.join(" "), &[]);
            _ = read(&words.join(" "), &[AttributeValue::Null]);
        }
    }
}
