use super::{create_stream, no_group, no_stream, now, put, with_stream};
use crate::stage::{on_both_stages, refusal};

#[test]
fn a_stream_goes_with_its_events() {
    on_both_stages(async |stage| {
        let logs = with_stream(&stage, "shop", "web").await;
        create_stream(&logs, "shop", "job").await;
        put(&logs, "shop", "web", &[(now(&stage), "hello")]).await;
        put(&logs, "shop", "job", &[(now(&stage), "x")]).await;
        let delete =
            |group: &str, stream: &str| logs.delete_log_stream().log_group_name(group).log_stream_name(stream).send();
        delete("shop", "web").await.unwrap();
        assert_eq!(refusal(delete("shop", "web").await), no_stream());
        assert_eq!(refusal(delete("job", "web").await), no_group());
        let described = logs.describe_log_groups().send().await.unwrap();
        assert_eq!(described.log_groups()[0].stored_bytes(), Some(27));
    });
}
