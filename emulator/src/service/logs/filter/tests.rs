use super::*;

#[track_caller]
fn check(pattern: &str, rows: &[(&str, bool)]) {
    let filter = Filter::compile(pattern).unwrap_or_else(|error| panic!("`{pattern}`: {error}"));
    for (message, expected) in rows {
        assert_eq!(filter.matches(message), *expected, "`{pattern}` on `{message}`");
    }
}

/// AWS's examples of messages: <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html>.
const BAD_REQUEST: &str = "[ERROR 400] BAD REQUEST";
const UNAUTHORIZED: &str = "[ERROR 401] UNAUTHORIZED REQUEST";
const MISSING: &str = "[ERROR 419] MISSING ARGUMENTS";
const INTERNAL: &str = "[ERROR 500] INTERNAL SERVER ERROR";
const INFO: &str = "[INFO] REQUEST FAILED";

#[test]
fn terms_are_all_wanted_some_of_them_or_none() {
    for (pattern, expected) in [
        ("", [true, true, true, true, true]),
        ("   ", [true, true, true, true, true]),
        ("\" \"", [true, true, true, true, true]),
        ("ERROR", [true, true, true, true, false]),
        ("error", [false, false, false, false, false]),
        ("ERR", [true, true, true, true, false]),
        ("ERROR ARGUMENTS", [false, false, true, false, false]),
        ("ARGUMENTS   ERROR", [false, false, true, false, false]),
        ("\"INTERNAL SERVER ERROR\"", [false, false, false, true, false]),
        ("\"SERVER INTERNAL\"", [false, false, false, false, false]),
        ("SERVER INTERNAL", [false, false, false, true, false]),
        ("\"[ERROR 400]\"", [true, false, false, false, false]),
        ("ERROR -ARGUMENTS", [true, true, false, true, false]),
        ("ERROR - ARGUMENTS", [true, true, false, true, false]),
        ("-ARGUMENTS", [true, true, false, true, true]),
        ("-\"BAD REQUEST\" -INTERNAL", [false, true, true, false, true]),
        ("?BAD ?ARGUMENTS", [true, false, true, false, false]),
        ("?\"BAD REQUEST\"", [true, false, false, false, false]),
        ("?BAD ?ARGUMENTS REQUEST", [true, true, false, false, true]),
        ("?BAD -REQUEST", [false, false, true, true, false]),
        ("%AUTHORIZED%", [false, true, false, false, false]),
        (" %4[01]{2}% ", [true, true, false, false, false]),
    ] {
        let messages = [BAD_REQUEST, UNAUTHORIZED, MISSING, INTERNAL, INFO];
        check(pattern, &messages.into_iter().zip(expected).collect::<Vec<_>>());
    }
}

#[test]
fn phrases_hold_what_words_cannot() {
    check(r#""a.b:c""#, &[("x a.b:c y", true), ("a b c", false)]);
    check(r#""say \"hi\"""#, &[(r#"I say "hi"!"#, true), ("I say hi", false)]);
    check(r#""a\\b""#, &[(r"a\b", true), ("ab", false)]);
    check("größe _1", &[("die größe_1", true), ("die größe", false)]);
    check("\"{ x\"", &[("{ x", true), ("x", false)]);
}

#[test]
fn regular_expressions_are_those_of_the_guide() {
    for (pattern, rows) in [
        ("%^[hc]at%", &[("hat", true), ("cat", true), ("a hat", false), ("bat", false)][..]),
        ("%[hc]at$%", &[("a hat", true), ("hats", false), ("hat\n", true)]),
        ("%colou?r%", &[("color", true), ("colour", true), ("colouur", false)]),
        ("%[abcx-z]%", &[("a", true), ("y", true), ("d", false)]),
        ("%[^a-z]%", &[("abc", false), ("abC", true), ("ab1", true)]),
        ("%^a{3,5}$%", &[("aa", false), ("aaa", true), ("aaaaa", true), ("aaaaaa", false)]),
        ("%^a{2}$%", &[("a", false), ("aa", true), ("aaa", false)]),
        ("%^a{2, }$%", &[("a", false), ("aa", true), ("aaaa", true)]),
        ("%^a{,2}$%", &[("", true), ("aa", true), ("aaa", false)]),
        ("%gra|ey%", &[("gray", true), ("grey", true), ("griy", false)]),
        (
            "%^starting|^initializing|^shutting down%",
            &[("starting up", true), ("shutting down now", true), ("skipping initializing", false)],
        ),
        ("%abcc|ab[^c]$%", &[("abcc ...", true), ("xaba", true), ("aac", false), ("abc", false)]),
        (r"%\[.\]%", &[("[a]", true), ("[]]", true), ("[ ]", true), ("[ab]", false)]),
        (r"%10\.10\.0\.1%", &[("10.10.0.1", true), ("10010,051", false)]),
        ("%10.10.0.1%", &[("10010,051", true)]),
        ("%ab*c%", &[("ac", true), ("abbbc", true), ("ab", false)]),
        ("%ab+c%", &[("ac", false), ("abc", true), ("abbbc", true)]),
        ("%^ab[0-9]*$%", &[("ab", true), ("ab129", true), ("ab1x", false)]),
        ("%.at%", &[("at", false), ("#at", true), (" at", true), ("\nat", false)]),
        (r"%^\d\D\s\S\w\W$%", &[("1x\ty_-", true), ("1x\tyxx", false)]),
        (r"%[\D]%", &[("123", false), ("12a", true)]),
        (r"%[\s\d]%", &[("a", false), ("a b", true), ("a1", true)]),
        (r"%\x3A\x28%", &[("a:(b", true), ("a:b", false)]),
        (
            r"%Task timed out after|^REPORT\s.+\sStatus: timeout%",
            &[("REPORT x Status: timeout", true), ("REPORT Status", false)],
        ),
        ("%a+?b%", &[("aab", true)]),
        ("%x*%", &[("", true), ("y", true)]),
        ("%ü%", &[]),
    ] {
        match Filter::compile(pattern) {
            Ok(_) => check(pattern, rows),
            Err(error) => {
                assert_eq!((pattern, error.to_string().as_str()), ("%ü%", "Invalid character(s) in term 'ü'"))
            }
        }
    }
}

#[test]
fn no_expression_makes_a_text_slow() {
    let text = "a".repeat(20_000);
    check("%a*a*a*a*a*a*a*a*a*a*b%", &[(&text, false)]);
}

/// The example of the guide, and what else there may be in one.
const TRAIL: &str = r#"{
    "eventType": "UpdateTrail", "sourceIPAddress": "111.111.111.111", "arrayKey": ["value", "another value"],
    "objectList": [{"name": "a", "id": 1}, {"name": "b", "id": 2}], "SomeObject": null, "cluster.name": "c",
    "ThisFlag": true, "Off": false, "latency": 404.5, "errorCode": 400, "text": "400", "user-id_1": "u", "big": 9007199254740993,
    "user": {"id": 1, "email": "John.Stiles@example.com"}, "users": [{"id": 2, "email": "John.Doe@example.com"}],
    "actions": ["GET", "PUT", "DELETE"], "coordinates": [[0, 1, 2], [4, 5, 6]], "literal": "Ev*ent", "negative": -5
}"#;

#[test]
fn properties_of_json_are_asked_as_in_the_guide() {
    for (pattern, expected) in [
        (r#"{ $.eventType = "UpdateTrail" }"#, true),
        (r#"{$.eventType="UpdateTrail"}"#, true),
        ("{ $.eventType = UpdateTrail }", true),
        ("{ $.eventType = updateTrail }", false),
        ("{ $.eventType != UpdateTrail }", false),
        ("{ $.eventType = Update* }", true),
        ("{ $.eventType = *Trail }", true),
        (r#"{ $.eventType = "*dateT*" }"#, true),
        ("{ $.eventType = Up*ail }", false),
        ("{ $.literal = Ev*ent }", true),
        ("{ $.eventType = * }", true),
        ("{ $.nothing = * }", false),
        ("{ $.sourceIPAddress != 123.123.* }", true),
        ("{ $.sourceIPAddress = 111.111.* }", true),
        ("{ $.sourceIPAddress != 111.111.* }", false),
        (r#"{ $.arrayKey[0] = "value" }"#, true),
        (r#"{ $.arrayKey[1] = "value" }"#, false),
        (r#"{ $.arrayKey[2] != "value" }"#, false),
        ("{ $.objectList[1].id = 2 }", true),
        ("{ $.objectList[0].id = 2 }", false),
        ("{ $.eventType = %Trail% }", true),
        ("{ $.eventType = %^Trail% }", false),
        ("{ $.eventType != %^Trail% }", true),
        ("{ $.arrayKey[*] = %val.{2}% }", true),
        ("{ $.arrayKey[*] = %valx% }", false),
        (r"{ $.* = %111\.111\.111\.1[0-9]{1,2}% }", true),
        ("{ $.objectList[*].id = 2 }", true),
        ("{ $.objectList[*].id = 3 }", false),
        ("{ $.user.* = 1 }", true),
        ("{ $.['cluster.name'] = \"c\" }", true),
        (r#"{ $["cluster.name"] = "c" }"#, true),
        ("{ $.cluster.name = \"c\" }", false),
        ("{ $.SomeObject IS NULL }", true),
        ("{ $.eventType IS NULL }", false),
        ("{ $.nothing IS NULL }", false),
        ("{ $.ThisFlag IS TRUE }", true),
        ("{ $.ThisFlag IS FALSE }", false),
        ("{ $.Off IS FALSE }", true),
        ("{ $.text IS TRUE }", false),
        ("{ $.nothing NOT EXISTS }", true),
        ("{ $.SomeObject NOT EXISTS }", false),
        ("{ $.user.name NOT EXISTS }", true),
        ("{ $.latency > 404 }", true),
        ("{ $.latency >= 404.5 }", true),
        ("{ $.latency > 404.5 }", false),
        ("{ $.latency < 4.1e2 }", true),
        ("{ $.latency <= 4045e-1 }", true),
        ("{ $.latency = 4* }", true),
        ("{ $.latency = 5* }", false),
        ("{ $.errorCode = 400 }", true),
        ("{ $.errorCode = 400.0 }", true),
        ("{ $.errorCode = +400 }", true),
        ("{ $.errorCode = 4e2 }", true),
        ("{ $.errorCode != 500 }", true),
        ("{ $.errorCode = \"400\" }", true),
        ("{ $.text = 400 }", true),
        ("{ $.text > 399 }", true),
        ("{ $.eventType > 1 }", false),
        ("{ $.negative < -4 }", true),
        ("{ $.negative = -5 }", true),
        ("{ $.big = 9007199254740993 }", true),
        ("{ $.big = 9007199254740992 }", false),
        ("{ $.nothing != 1 }", false),
        ("{ $.user-id_1 = u }", true),
    ] {
        check(pattern, &[(TRAIL, expected)]);
    }
}

#[test]
fn what_points_to_no_value_compares_with_nothing() {
    for operator in ["=", "!="] {
        for selector in ["$.users", "$.user", "$.SomeObject", "$.ThisFlag", "$.nothing", "$.eventType.x", "$.user[0]"] {
            check(&format!("{{ {selector} {operator} 1 }}"), &[(TRAIL, false)]);
        }
    }
}

#[test]
fn conditions_are_joined_by_parentheses_then_and_then_or() {
    for (pattern, expected) in [
        (r#"{ ($.user.id = 1) && ($.users[0].email = "John.Doe@example.com") }"#, true),
        (
            r#"{ $.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = nonmatch && $.actions[2] = nomatch }"#,
            true,
        ),
        (
            r#"{ ($.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = nonmatch) && $.actions[2] = nomatch }"#,
            false,
        ),
        (r#"{ ($.user.id = 2 && $.users[0].email = "nonmatch") || $.actions[2] = "GET" }"#, false),
        ("{ $.coordinates[1][2] = 6 && $.actions[2] = DELETE }", true),
        ("{$.user.id=1&&$.errorCode=400||$.errorCode=1}", true),
        ("{ ((($.user.id = 2))) || ($.errorCode > 1 && ($.errorCode < 401)) }", true),
        (
            r#"{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent" }"#,
            false,
        ),
    ] {
        check(pattern, &[(TRAIL, expected)]);
    }
}

#[test]
fn only_json_has_properties() {
    check(
        "{ $.a NOT EXISTS }",
        &[("{}", true), ("no json", false), ("{", false), ("", false), ("1", true), ("{} x", false)],
    );
    check("{ $[0].a = 1 }", &[(r#"[{"a": 1}]"#, true), (r#"{"a": 1}"#, false)]);
}

const ACCESS: &str = r#"127.0.0.1 Prod frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534"#;

#[test]
fn fields_are_asked_by_their_place() {
    for (pattern, expected) in [
        ("[ip, user, username, timestamp, request, status_code, bytes]", true),
        (r"[ip=%127\.0\.0\.[1-9]%, user, username, timestamp, request =*.html*, status_code = 4*, bytes]", true),
        ("[ip, user, username, timestamp, request, status_code, bytes > 1000]", true),
        ("[ip, user, username, timestamp, request, status_code, bytes > 1534]", false),
        ("[ip, user, username, timestamp, request, status_code = 404 || status_code = 410, bytes]", true),
        ("[ip, user, username, timestamp, request, status_code = 403 || status_code = 410, bytes]", false),
        ("[ip, user, username, timestamp, request, (status_code = 4* && status_code != 403), bytes]", true),
        ("[ip, user, username, timestamp, request, status_code = 4* && status_code != 404, bytes]", false),
        ("[..., request =*.html*, status_code = 4*, bytes]", true),
        ("[..., status_code = 4*,]", true),
        ("[..., status_code = 4*]", false),
        ("[ip, user = Prod, ...]", true),
        ("[ip, user = Test, ...]", false),
        ("[ip, ..., bytes = 1534]", true),
        ("[ip, user, username, timestamp, request, status_code, bytes, ...]", true),
        ("[...]", true),
        ("[a, b, c, d, e, f, g, h]", false),
        ("[a, b, c, d, ..., e, f, g, h]", false),
        ("[,,,,,,]", true),
        (r#"[a, b, c, d = "10/Oct/2000:13:25:15 -0700", ...]"#, true),
        ("[a != 127.*, ...]", false),
        ("[first = 127.0.0.1, rest]", true),
        ("[first, rest = *1534]", true),
    ] {
        check(pattern, &[(ACCESS, expected)]);
    }
    let orders = [
        ("INFO 09/25/2014 12:00:00 GET /service/resource/67 1200", [false, false, true, true, false]),
        ("INFO 09/25/2014 12:00:01 POST /service/resource/67/part/111 1310", [false, false, true, false, true]),
        ("WARNING 09/25/2014 12:00:02 Invalid user request", [false, true, false, false, false]),
        ("ERROR 09/25/2014 12:00:02 Failed to process request", [true, true, false, false, false]),
    ];
    let patterns = [
        "[w1=ERROR, w2]",
        "[w1=ERROR || w1=WARNING, w2]",
        "[w1!=ERROR && w1!=WARNING, w2]",
        "[logLevel, date, time, method, url=%/service/resource/[0-9]+$%, response_time]",
        "[logLevel, date, time, method, url=%/service/resource/[0-9]+/part/[0-9]+$%, response_time]",
    ];
    for (at, pattern) in patterns.into_iter().enumerate() {
        check(pattern, &orders.map(|(message, expected)| (message, expected[at])));
    }
}

#[test]
fn fields_are_extracted_by_name_or_number() {
    let filter = Filter::compile("[..., request=*.html*, status_code=4*,]").unwrap();
    let expected = [
        ("$1", "127.0.0.1"),
        ("$2", "Prod"),
        ("$3", "frank"),
        ("$4", "10/Oct/2000:13:25:15 -0700"),
        ("$request", "GET /index.html HTTP/1.0"),
        ("$status_code", "404"),
        ("$7", "1534"),
    ];
    let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(filter.extract(ACCESS).as_deref(), Some(&expected[..]));
    assert_eq!(filter.extract("a b"), None);
    assert_eq!(Filter::compile("frank").unwrap().extract(ACCESS), Some(Vec::new()));
    assert_eq!(
        Filter::compile("[a, b]").unwrap().extract("[x y \"z"),
        Some(vec![("$a".to_owned(), "[x".to_owned()), ("$b".to_owned(), "y \"z".to_owned()),])
    );
}

const INVALID: &str = "Invalid filter pattern";

fn characters(these: &str) -> String {
    format!("Invalid character(s) in term '{these}'")
}

#[track_caller]
fn refused(rows: &[(&str, String)]) {
    for (pattern, expected) in rows {
        let error = Filter::compile(pattern).err().map(|error| error.to_string());
        assert_eq!(error.as_ref(), Some(expected), "`{pattern}`");
    }
}

#[test]
fn terms_that_are_none_are_refused_in_aws_words() {
    refused(&[
        ("Status: timeout", characters(":")),
        ("?Status: timeout", characters(":")),
        ("a,b", characters(",")),
        ("a-b", characters("-")),
        ("email@domain.com", characters("@")),
        ("foo (bar)", characters("(")),
        ("'ERROR'", characters("'")),
        ("`", characters("`")),
        ("ERROR*", characters("*")),
        ("a \\ b", characters("\\")),
        ("\"\"", characters("\"\"")),
        ("\"open", characters("\"")),
        ("\"a\"b", INVALID.to_owned()),
        ("?", INVALID.to_owned()),
        ("-", INVALID.to_owned()),
        ("--a", characters("-")),
        ("ERROR }", characters("}")),
        ("%%", characters("%%")),
        ("%a", characters("%")),
        ("%a% b", characters("%")),
        ("%a(b)%", characters("(")),
        ("%something!%", characters("!")),
        ("%[a%", INVALID.to_owned()),
        ("%a]%", INVALID.to_owned()),
        ("%*a%", INVALID.to_owned()),
        ("%a**%", INVALID.to_owned()),
        ("%a{%", INVALID.to_owned()),
        ("%a{2,1}%", INVALID.to_owned()),
        ("%a{x}%", INVALID.to_owned()),
        ("%a{,}%", INVALID.to_owned()),
        ("%a{99999999999}%", INVALID.to_owned()),
        (r"%\xZZ%", INVALID.to_owned()),
        (r"%\q%", INVALID.to_owned()),
        (r"%a\%", INVALID.to_owned()),
        ("%[z-a]%", INVALID.to_owned()),
    ]);
}

#[test]
fn conditions_that_are_none_are_refused_in_aws_words() {
    refused(&[
        ("{ $.a = 1", "If a filter pattern starts with '{' it must end with '}'".to_owned()),
        ("{", "If a filter pattern starts with '{' it must end with '}'".to_owned()),
        ("[a, b", "If a filter pattern starts with '[' it must end with ']'".to_owned()),
        ("{}", INVALID.to_owned()),
        ("{ }", INVALID.to_owned()),
        ("{ $.a }", INVALID.to_owned()),
        ("{ a = 1 }", INVALID.to_owned()),
        ("{ $ = 1 }", INVALID.to_owned()),
        ("{ $.a = }", INVALID.to_owned()),
        ("{ $.a == 1 }", characters("=")),
        ("{ $.a = 1 && }", INVALID.to_owned()),
        ("{ $.a = 1 $.b = 2 }", characters("$.")),
        ("{ $.a = 1, $.b = 2 }", characters(",")),
        ("{ ($.a = 1 }", INVALID.to_owned()),
        ("{ $.a = 1) }", characters(")")),
        ("{ $.a = 'x' }", characters("'")),
        ("{ $.a = \"x }", characters("\"")),
        ("{ $.a = %x }", characters("%")),
        ("{ $.a > x }", INVALID.to_owned()),
        ("{ $.a > \"1\" }", INVALID.to_owned()),
        ("{ $.a < 1* }", INVALID.to_owned()),
        ("{ $.a IS 1 }", INVALID.to_owned()),
        ("{ $.a IS NOT NULL }", INVALID.to_owned()),
        ("{ $.a EXISTS }", INVALID.to_owned()),
        ("{ $.a NOT NULL }", INVALID.to_owned()),
        ("{ $.\"sc-status\" = 5* }", characters("$.\"")),
        ("{ $.a[x] = 1 }", INVALID.to_owned()),
        ("{ $.a[1 = 1 }", INVALID.to_owned()),
        ("{ $.a[-1] = 1 }", characters("-")),
        ("{ $.a[*].b[*] = 1 }", INVALID.to_owned()),
        ("{ $.a[*] = 1 && $.b[*] = 1 && $.c[*] = 1 && $.d[*] = 1 }", INVALID.to_owned()),
        ("{ $.a = %a% && $.b = %b% && $.c = %c% }", INVALID.to_owned()),
    ]);
}

#[test]
fn fields_that_are_none_are_refused_in_aws_words() {
    refused(&[
        ("[]", INVALID.to_owned()),
        ("[..., a, ...]", INVALID.to_owned()),
        ("[a b]", INVALID.to_owned()),
        ("[a = 1 && b = 2]", INVALID.to_owned()),
        ("[ip, user, username, timestamp, request, status_code = 4* && bytes > 1000]", INVALID.to_owned()),
        ("[= 1]", characters("=")),
        ("[a =]", INVALID.to_owned()),
        ("[a = 1 b]", INVALID.to_owned()),
        ("[(a = 1]", INVALID.to_owned()),
        ("[a = %a%, b = %b%, c = %c%]", INVALID.to_owned()),
        ("[a = !b]", characters("!")),
        ("[a.b = 1]", characters(".")),
    ]);
}

#[test]
fn nesting_has_an_end() {
    let nested = |depth: usize, inside: &str| format!("{}{inside}{}", "(".repeat(depth), ")".repeat(depth));
    assert!(Filter::compile(&format!("{{{}}}", nested(50, "$.a = 1"))).is_ok());
    assert!(Filter::compile(&format!("{{{}}}", nested(500, "$.a = 1"))).is_err());
    assert!(Filter::compile(&format!("[{}]", nested(50, "a = 1"))).is_ok());
    assert!(Filter::compile(&format!("[{}]", nested(500, "a = 1"))).is_err());
}
