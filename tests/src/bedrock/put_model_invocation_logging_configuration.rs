use aws_sdk_bedrock::types::{CloudWatchConfig, LoggingConfig};

use super::control;
use crate::stage::{on_both_stages, refusal};

fn config(role: &str) -> LoggingConfig {
    let logs = CloudWatchConfig::builder().log_group_name("model-calls").role_arn(role).build().unwrap();
    LoggingConfig::builder().cloud_watch_config(logs).text_data_delivery_enabled(true).build()
}

#[test]
fn the_configuration_is_kept_given_back_and_forgotten() {
    on_both_stages(async |stage| {
        let control = control(&stage);
        let get = || control.get_model_invocation_logging_configuration().send();
        assert_eq!(get().await.unwrap().logging_config(), None);
        let config = config("arn:aws:iam::000000000000:role/logger");
        control.put_model_invocation_logging_configuration().logging_config(config.clone()).send().await.unwrap();
        assert_eq!(get().await.unwrap().logging_config(), Some(&config));
        control.delete_model_invocation_logging_configuration().send().await.unwrap();
        assert_eq!(get().await.unwrap().logging_config(), None);
    });
}

#[test]
fn its_members_are_checked() {
    on_both_stages(async |stage| {
        let put = control(&stage).put_model_invocation_logging_configuration().logging_config(config("nobody"));
        let (code, message) = refusal(put.send().await);
        assert_eq!(code, "ValidationException");
        assert!(message.contains("Value 'nobody' at 'loggingConfig.cloudWatchConfig.roleArn'"), "{message}");
    });
}
