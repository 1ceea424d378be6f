use super::{client, create_group, no_group, violation, with_stream};
use crate::stage::{on_both_stages, refusal};

#[test]
fn names_are_checked() {
    on_both_stages(async |stage| {
        let logs = client(&stage);
        create_group(&logs, "shop").await;
        let create = |name: &str| logs.create_log_stream().log_group_name("shop").log_stream_name(name).send();
        let pattern = "satisfy regular expression pattern: [^:*]*";
        for (name, constraint) in [("", "have length greater than or equal to 1"), ("a:b", pattern), ("a*", pattern)] {
            assert_eq!(refusal(create(name).await), violation("logStreamName", name, constraint));
        }
        for name in ["2026/01/01/[$LATEST]0a", "a b", "größe"] {
            create(name).await.unwrap();
        }
    });
}

#[test]
fn a_stream_is_made_once_in_a_group_that_is_there() {
    on_both_stages(async |stage| {
        let logs = with_stream(&stage, "shop", "web").await;
        let again = logs.create_log_stream().log_group_name("shop").log_stream_name("web").send().await;
        let expected = ("ResourceAlreadyExistsException", "The specified log stream already exists");
        assert_eq!(refusal(again), (expected.0.to_owned(), expected.1.to_owned()));
        let lost = logs.create_log_stream().log_group_name("job").log_stream_name("web").send().await;
        assert_eq!(refusal(lost), no_group());
        let line = stage.emulator.timeline().to_string();
        assert!(line.contains("CreateLogStream    shop:web"), "{line}");
    });
}
