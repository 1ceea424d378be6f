//! Templated targets: those that an ARN alone says what to do with.
//!
//! <https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-templated.html>

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::kernel::Arn;

/// One service's.
#[derive(Debug)]
pub struct Template {
    /// In the target's ARN.
    service: &'static str,
    /// What the resource in the ARN begins with.
    resource: &'static str,
    /// The operation, as a universal target names it.
    pub operation: &'static str,
    /// The parameters that go with it, and whether they must.
    pub parameters: Option<(&'static str, bool)>,
    /// "If you are configuring a templated Lambda, AWS Step Functions, or Amazon EventBridge target, the input must be
    /// a well-formed JSON."
    pub takes_json: bool,
}

impl Template {
    const fn new(service: &'static str, resource: &'static str, operation: &'static str) -> Self {
        Self { service, resource, operation, parameters: None, takes_json: false }
    }

    const fn with(self, parameters: &'static str, must: bool) -> Self {
        Self { parameters: Some((parameters, must)), ..self }
    }

    const fn taking_json(self) -> Self {
        Self { takes_json: true, ..self }
    }
}

pub static EVENTS: Template =
    Template::new("events", "event-bus/", "eventbridge:putEvents").with("EventBridgeParameters", true).taking_json();

static TEMPLATES: [Template; 11] = [
    Template::new("sqs", "", "sqs:sendMessage").with("SqsParameters", false),
    Template::new("kinesis", "stream/", "kinesis:putRecord").with("KinesisParameters", true),
    Template::new("lambda", "function:", "lambda:invoke").taking_json(),
    Template::new("states", "stateMachine:", "sfn:startExecution").taking_json(),
    Template::new("sns", "", "sns:publish"),
    Template::new("firehose", "deliverystream/", "firehose:putRecord"),
    Template::new("ecs", "cluster/", "ecs:runTask").with("EcsParameters", true),
    Template::new("codebuild", "project/", "codebuild:startBuild"),
    Template::new("codepipeline", "", "codepipeline:startPipelineExecution"),
    Template::new("inspector", "target/", "inspector:startAssessmentRun"),
    Template::new("sagemaker", "pipeline/", "sagemaker:startPipelineExecution")
        .with("SageMakerPipelineParameters", false),
];

/// The template of a service, by its name in ARNs.
pub fn of(service: &str) -> Option<&'static Template> {
    if service == EVENTS.service {
        return Some(&EVENTS);
    }
    TEMPLATES.iter().find(|template| template.service == service)
}

impl Template {
    /// Whether an ARN of the service is one of what the template is for.
    pub fn fits(&self, arn: &Arn) -> bool {
        let name = arn.resource.strip_prefix(self.resource).unwrap_or_default();
        let is_plain = !self.resource.is_empty() || !name.contains(['/', ':']);
        !name.is_empty() && is_plain && !arn.scope.region.is_empty() && !arn.scope.account.is_empty()
    }

    /// The request that an invocation comes down to, as its dead letter shows it.
    pub fn request(&self, arn: &Arn, key: Option<&str>, input: &str) -> String {
        let data = || STANDARD.encode(input);
        let mut request = match self.service {
            "sqs" => json!({"MessageBody": input, "QueueUrl": queue_url(arn)}),
            "kinesis" => json!({"Data": data(), "StreamARN": arn, "PartitionKey": key}),
            "lambda" => json!({"FunctionName": arn, "InvocationType": "Event", "Payload": input}),
            "states" => json!({"StateMachineArn": arn, "Input": input}),
            "sns" => json!({"TopicArn": arn, "Message": input}),
            "firehose" => {
                let name = arn.resource_after("deliverystream").unwrap_or_default();
                json!({"DeliveryStreamName": name, "Record": {"Data": data()}})
            }
            _ => return input.to_owned(),
        };
        if let ("sqs", Some(group)) = (self.service, key) {
            request["MessageGroupId"] = Value::from(group);
        }
        request.to_string()
    }
}

fn queue_url(arn: &Arn) -> String {
    format!("https://sqs.{}.amazonaws.com/{}/{}", arn.scope.region, arn.scope.account, arn.resource)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_fits_its_template() {
        for (arn, expected) in [
            ("arn:aws:sqs:us-east-1:000000000000:orders", Some(true)),
            ("arn:aws:sqs:us-east-1:000000000000:orders.fifo", Some(true)),
            ("arn:aws:sqs:us-east-1:000000000000:a/b", Some(false)),
            ("arn:aws:sqs:::orders", Some(false)),
            ("arn:aws:kinesis:us-east-1:000000000000:stream/orders", Some(true)),
            ("arn:aws:kinesis:us-east-1:000000000000:stream/", Some(false)),
            ("arn:aws:kinesis:us-east-1:000000000000:orders", Some(false)),
            ("arn:aws:events:us-east-1:000000000000:event-bus/default", Some(true)),
            ("arn:aws:events:us-east-1:000000000000:api-destination/a/b", Some(false)),
            ("arn:aws:lambda:us-east-1:000000000000:function:f:1", Some(true)),
            ("arn:aws:rds:us-east-1:000000000000:db:d", None),
        ] {
            let parsed = Arn::parse(arn).unwrap();
            assert_eq!(of(&parsed.service).map(|template| template.fits(&parsed)), expected, "{arn}");
        }
    }

    #[test]
    fn a_dead_letter_shows_the_request() {
        for (arn, key, expected) in [
            (
                "arn:aws:sqs:us-east-1:000000000000:orders",
                None,
                r#"{"MessageBody":"hi","QueueUrl":"https://sqs.us-east-1.amazonaws.com/000000000000/orders"}"#,
            ),
            (
                "arn:aws:sqs:eu-west-1:000000000000:o.fifo",
                Some("g"),
                r#"{"MessageBody":"hi","QueueUrl":"https://sqs.eu-west-1.amazonaws.com/000000000000/o.fifo","MessageGroupId":"g"}"#,
            ),
            (
                "arn:aws:kinesis:us-east-1:000000000000:stream/s",
                Some("k"),
                r#"{"Data":"aGk=","StreamARN":"arn:aws:kinesis:us-east-1:000000000000:stream/s","PartitionKey":"k"}"#,
            ),
            (
                "arn:aws:sns:us-east-1:000000000000:t",
                None,
                r#"{"TopicArn":"arn:aws:sns:us-east-1:000000000000:t","Message":"hi"}"#,
            ),
            ("arn:aws:ecs:us-east-1:000000000000:cluster/c", None, "hi"),
        ] {
            let arn = Arn::parse(arn).unwrap();
            assert_eq!(of(&arn.service).unwrap().request(&arn, key, "hi"), expected);
        }
    }
}
