use aws_sdk_bedrockagent::operation::create_agent_action_group::builders::CreateAgentActionGroupFluentBuilder;
use aws_sdk_bedrockagent::types::{
    ActionGroupExecutor, ActionGroupSignature, ActionGroupState, ApiSchema, S3Identifier,
};

use super::{NOT_FOUND, action_group, agent, client, functions, return_control};
use crate::stage::{Stage, in_virtual_time, on_both_stages, refusal};

fn create(stage: &Stage, agent: &str) -> CreateAgentActionGroupFluentBuilder {
    client(stage).create_agent_action_group().agent_id(agent).agent_version("DRAFT").action_group_name("orders")
}

const YAML: &str = "
openapi: 3.0.0
info: {title: orders, version: 1.0.0}
paths:
  /orders/{id}:
    get:
      operationId: getOrder
      description: Finds an order
      parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
      responses: {'200': {description: The order}}
";

#[test]
fn a_group_has_functions_or_an_api() {
    on_both_stages(async |stage| {
        let id = agent(&stage).await;
        let made =
            create(&stage, &id).action_group_executor(return_control()).function_schema(functions(&["get_order"]));
        let made = made.send().await.expect("it is made");
        let made = made.agent_action_group().expect("it is told");
        assert_eq!(made.action_group_state(), &ActionGroupState::Enabled);
        assert_eq!((made.agent_id(), made.agent_version(), made.action_group_id().len()), (id.as_str(), "DRAFT", 10));
        let functions = made.function_schema().and_then(|schema| schema.as_functions().ok()).expect("it has some");
        assert_eq!(functions[0].parameters().expect("it has some")["id"].r#type().as_str(), "integer");
        let lambda = "arn:aws:lambda:us-east-1:000000000000:function:orders".to_owned();
        let api =
            create(&stage, &id).action_group_name("api").action_group_executor(ActionGroupExecutor::Lambda(lambda));
        let api = api.api_schema(ApiSchema::Payload(YAML.to_owned())).send().await.expect("it is made");
        let schema = api.agent_action_group().and_then(|group| group.api_schema()).expect("it has one");
        assert_eq!(schema.as_payload().map(String::as_str), Ok(YAML));
    });
}

#[test]
fn an_agent_may_ask_the_user_by_a_group_that_has_nothing_else() {
    in_virtual_time(async |stage| {
        let id = agent(&stage).await;
        let ask = || create(&stage, &id).parent_action_group_signature(ActionGroupSignature::AmazonUserinput);
        let made = ask().send().await.expect("it is made");
        let signature = made.agent_action_group().and_then(|group| group.parent_action_signature());
        assert_eq!(signature, Some(&ActionGroupSignature::AmazonUserinput));
        let refused = refusal(ask().action_group_name("more").description("more").send().await);
        assert_eq!(refused.0, "ValidationException");
    });
}

#[test]
fn what_cannot_be_a_group_is_refused() {
    on_both_stages(async |stage| {
        let id = agent(&stage).await;
        action_group(&stage, &id).await;
        let executed = |name: &str| create(&stage, &id).action_group_name(name).action_group_executor(return_control());
        let s3 = S3Identifier::builder().s3_bucket_name("schemas").s3_object_key("orders.yaml").build();
        let cases = [
            (
                executed("orders").function_schema(functions(&["a"])),
                "ConflictException",
                "Action group with name orders already exists",
            ),
            (executed("none"), "ValidationException", "Provide an apiSchema or a functionSchema"),
            (executed("twice").function_schema(functions(&["a", "a"])), "ValidationException", "more than once"),
            (
                executed("both").function_schema(functions(&["a"])).api_schema(ApiSchema::Payload(YAML.to_owned())),
                "ValidationException",
                "not both",
            ),
            (
                executed("bad").api_schema(ApiSchema::Payload("openapi: 2".to_owned())),
                "ValidationException",
                "Failed to create OpenAPI 3 model from the JSON/YAML object that you provided.",
            ),
            (executed("s3").api_schema(ApiSchema::S3(s3)), "NotImplemented", "apiSchema in S3"),
            (
                executed("a b").function_schema(functions(&["a"])),
                "ValidationException",
                "Value 'a b' at 'actionGroupName'",
            ),
            (
                executed("late").agent_version("1").function_schema(functions(&["a"])),
                "ValidationException",
                "'agentVersion'",
            ),
            (
                executed("lost").agent_id("NOAGENT000").function_schema(functions(&["a"])),
                "ResourceNotFoundException",
                NOT_FOUND,
            ),
        ];
        for (request, code, part) in cases {
            let refused = refusal(request.send().await);
            assert_eq!(refused.0, code, "{}", refused.1);
            assert!(refused.1.contains(part), "{}\nlacks {part}", refused.1);
        }
    });
}
