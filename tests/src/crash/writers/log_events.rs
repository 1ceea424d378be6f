//! Lines of a log: there, in order.

use std::sync::Mutex;
use std::time::{SystemTime, UNIX_EPOCH};

use aws_sdk_cloudwatchlogs::Client;
use aws_sdk_cloudwatchlogs::types::InputLogEvent;
use aws_types::SdkConfig;

use crate::crash::Death;

#[derive(Default)]
pub struct Answered(Mutex<Vec<String>>);

pub async fn prepare(config: &SdkConfig) {
    let client = Client::new(config);
    client.create_log_group().log_group_name("crash").send().await.unwrap();
    client.create_log_stream().log_group_name("crash").log_stream_name("lines").send().await.unwrap();
}

impl Answered {
    pub async fn write(&self, config: &SdkConfig, round: u64, death: &Death) {
        let client = Client::new(config);
        for count in 0.. {
            let line = format!("{round:06}-{count:06}");
            let event = InputLogEvent::builder().timestamp(machine_time()).message(&line).build().unwrap();
            let put = client.put_log_events().log_group_name("crash").log_stream_name("lines").log_events(event);
            if put.send().await.is_err() {
                return;
            }
            self.0.lock().unwrap().push(line);
            death.answered();
        }
    }

    pub async fn check(&self, config: &SdkConfig) {
        let client = Client::new(config);
        let mut found = Vec::new();
        let mut next: Option<String> = None;
        loop {
            let read = client.get_log_events().log_group_name("crash").log_stream_name("lines").start_from_head(true);
            let answer = read.set_next_token(next.clone()).send().await.unwrap();
            found.extend(answer.events().iter().map(|event| event.message().unwrap().to_owned()));
            let token = answer.next_forward_token().map(str::to_owned);
            if token == next {
                break;
            }
            next = token;
        }
        let answered = self.0.lock().unwrap();
        let known: Vec<&String> = found.iter().filter(|line| answered.binary_search(line).is_ok()).collect();
        assert_eq!(known, answered.iter().collect::<Vec<&String>>());
    }
}

#[allow(clippy::disallowed_methods, reason = "the process that is killed lives in the machine's time")]
fn machine_time() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("it is after 1970");
    i64::try_from(since.as_millis()).expect("it is before the year 292278994")
}
