use super::{client, invalid, violation};
use crate::stage::{on_both_stages, refusal};

#[test]
fn matches_are_numbered_from_one_and_fields_extracted() {
    on_both_stages(async |stage| {
        let logs = client(&stage);
        let test = logs.test_metric_filter().filter_pattern("[ip, ..., status = 4*, size]");
        let test =
            test.log_event_messages("127.0.0.1 - frank 200 12").log_event_messages("127.0.0.1 - \"GET /\" 404 13");
        let tested = test.send().await.unwrap();
        let [only] = tested.matches() else { panic!("{tested:?}") };
        assert_eq!((only.event_number(), only.event_message()), (2, Some("127.0.0.1 - \"GET /\" 404 13")));
        let mut values: Vec<_> = only.extracted_values().expect("it has fields").iter().collect();
        values.sort();
        let value = |name: &str| values.iter().find(|(key, _)| *key == name).map(|(_, value)| value.as_str());
        assert_eq!(values.len(), 5);
        assert_eq!((value("$ip"), value("$3"), value("$status")), (Some("127.0.0.1"), Some("GET /"), Some("404")));
    });
}

#[test]
fn patterns_and_messages_are_checked() {
    on_both_stages(async |stage| {
        let logs = client(&stage);
        let test = |pattern: &str| logs.test_metric_filter().filter_pattern(pattern);
        let none = refusal(test("a").set_log_event_messages(Some(vec![])).send().await);
        assert_eq!(none, violation("logEventMessages", "[]", "have length greater than or equal to 1"));
        let wrong = refusal(test("{").log_event_messages("x").send().await);
        assert_eq!(wrong, invalid("If a filter pattern starts with '{' it must end with '}'"));
        let all = test("").log_event_messages("x").send().await.unwrap();
        assert_eq!(all.matches().len(), 1);
    });
}
