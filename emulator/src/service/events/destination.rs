//! What a target's ARN may point at.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-targets.html>

use crate::kernel::Arn;

/// The services that AWS delivers to, each with the start of its resources. Those that are not here answer at PutTargets
/// as on AWS, and deliveries to them fail on the timeline.
const DESTINATIONS: &[(&str, &[&str])] = &[
    ("appsync", &[]),
    ("batch", &["job-queue/"]),
    ("codebuild", &["project/"]),
    ("codepipeline", &[]),
    ("ecs", &["cluster/"]),
    ("events", &["event-bus/", "api-destination/", "target/"]),
    ("execute-api", &[]),
    ("firehose", &["deliverystream/"]),
    ("glue", &["workflow/"]),
    ("inspector", &["target/"]),
    ("kinesis", &["stream/"]),
    ("lambda", &["function:"]),
    ("logs", &["log-group:"]),
    ("redshift", &["cluster:"]),
    ("redshift-serverless", &["workgroup/"]),
    ("sagemaker", &["pipeline/"]),
    ("sns", &[]),
    ("sqs", &[]),
    ("ssm", &["document/", "automation-definition/"]),
    ("ssm-incidents", &["response-plan/"]),
    ("states", &["stateMachine:"]),
];

/// Whether AWS takes this ARN as a target.
pub fn is_known(arn: &Arn) -> bool {
    let known = DESTINATIONS.iter().find(|(service, _)| *service == arn.service);
    known.is_some_and(|(_, starts)| {
        let rest = |start: &&str| arn.resource.strip_prefix(start).is_some_and(|rest| !rest.is_empty());
        starts.is_empty() || starts.iter().any(rest)
    })
}

/// Whether AWS goes to this target in a role, and not by the target's own policy.
pub fn needs_role(arn: &Arn) -> bool {
    match arn.service.as_str() {
        "batch"
        | "codebuild"
        | "codepipeline"
        | "ecs"
        | "firehose"
        | "kinesis"
        | "redshift"
        | "redshift-serverless"
        | "sagemaker"
        | "ssm"
        | "states" => true,
        "events" => arn.resource.starts_with("api-destination/"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_of_services_that_aws_delivers_to() {
        for (arn, known) in [
            ("arn:aws:kinesis:r:0:stream/s", true),
            ("arn:aws:kinesis:r:0:stream/", false),
            ("arn:aws:kinesis:r:0:s", false),
            ("arn:aws:sqs:r:0:queue", true),
            ("arn:aws:logs:r:0:log-group:/aws/events/all:*", true),
            ("arn:aws:events:r:0:event-bus/other", true),
            ("arn:aws:events:r:0:rule/other", false),
            ("arn:aws:dynamodb:r:0:table/t", false),
            ("arn:aws:s3:::bucket", false),
        ] {
            assert_eq!(is_known(&Arn::parse(arn).unwrap()), known, "{arn}");
        }
    }
}
