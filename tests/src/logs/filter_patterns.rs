//! The three kinds of patterns by FilterLogEvents. The language has its tests beside the code.

use super::{found, now, put, with_stream};
use crate::stage::on_both_stages;

#[test]
fn patterns_find_texts_json_and_fields() {
    on_both_stages(async |stage| {
        let logs = with_stream(&stage, "shop", "web").await;
        let time = now(&stage);
        let messages = [
            "[ERROR 400] BAD REQUEST",
            "[INFO] REQUEST FAILED",
            r#"{"level":"error","ms":1200,"user":{"id":7},"tags":["a","b"]}"#,
            r#"{"level":"info","ms":20,"user":null}"#,
            r#"127.0.0.1 - frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534"#,
        ];
        put(&logs, "shop", "web", &messages.map(|message| (time, message))).await;
        for (pattern, expected) in [
            ("", vec![0, 1, 2, 3, 4]),
            ("REQUEST", vec![0, 1]),
            ("REQUEST -ERROR", vec![1]),
            ("?BAD ?frank", vec![0, 4]),
            ("\"BAD REQUEST\"", vec![0]),
            ("%[45]0[04]%", vec![0, 4]),
            ("{ $.level = error && $.ms > 1000 }", vec![2]),
            ("{ $.user IS NULL || $.user.id = 7 }", vec![2, 3]),
            ("{ $.tags[*] = \"b\" }", vec![2]),
            ("{ $.tags NOT EXISTS }", vec![3]),
            ("[ip, ..., request = *index*, status = 4*, size > 1000]", vec![4]),
            ("[ip, ..., status = 5*, size]", vec![]),
        ] {
            let page = logs.filter_log_events().log_group_name("shop").filter_pattern(pattern).send().await.unwrap();
            let expected: Vec<_> = expected.into_iter().map(|at: usize| messages[at]).collect();
            assert_eq!(found(&page), expected, "{pattern}");
        }
    });
}
