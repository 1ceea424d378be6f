use std::time::Duration;

use aws_sdk_scheduler::types::DeadLetterConfig;
use rehearsal_emulator::between;

use super::{client, create, hops, stream};
use crate::stage::in_virtual_time;

#[test]
fn what_is_given_up_goes_to_the_queue() {
    in_virtual_time(async |stage| {
        let letters = DeadLetterConfig::builder().arn("arn:aws:sqs:us-east-1:000000000000:dead").build();
        let target = stream().input("go").dead_letter_config(letters).build().unwrap();
        create(&client(&stage), "nightly", "rate(1 day)").target(target).send().await.unwrap();
        let _refusal = stage.emulator.bus_fault(between("*schedule/*", "*stream/*").fail(403, "AccessDenied", "no"));
        stage.advance(Duration::from_secs(1)).await;
        let hops = hops(&stage);
        assert_eq!((&*hops[1].action, &*hops[1].detail), ("give up", "no retry would help"));
        assert!(hops[2].resource.ends_with("schedule/default/nightly -> arn:aws:sqs:us-east-1:000000000000:dead"));
    });
}
