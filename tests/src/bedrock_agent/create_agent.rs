use std::time::Duration;

use aws_sdk_bedrockagent::types::{
    AgentCollaboration, AgentStatus, CreationMode, OrchestrationType, PromptConfiguration, PromptOverrideConfiguration,
    PromptState, PromptType,
};

use super::{INSTRUCTION, MODEL, ROLE, agent, client, status};
use crate::stage::{in_virtual_time, on_both_stages, refusal};

#[test]
fn an_agent_is_made_and_not_prepared() {
    on_both_stages(async |stage| {
        let request = client(&stage).create_agent().agent_name("orders").instruction(INSTRUCTION);
        let request = request.foundation_model(MODEL).agent_resource_role_arn(ROLE).tags("team", "shop");
        let made = request.send().await.expect("it is made");
        let made = made.agent().expect("it is told");
        assert_eq!(made.agent_status(), &AgentStatus::Creating);
        assert_eq!((made.agent_version(), made.idle_session_ttl_in_seconds()), ("DRAFT", 600));
        let id = made.agent_id();
        assert!(id.len() == 10 && id.chars().all(|it| it.is_ascii_uppercase() || it.is_ascii_digit()), "{id}");
        assert!(made.agent_arn().ends_with(&format!(":agent/{id}")), "{}", made.agent_arn());
        stage.advance(Duration::from_secs(3)).await;
        assert_eq!(status(&stage, id).await, AgentStatus::NotPrepared);
        let tags = client(&stage).list_tags_for_resource().resource_arn(made.agent_arn()).send().await;
        assert_eq!(tags.expect("it has tags").tags().expect("some")["team"], "shop");
    });
}

#[test]
fn it_has_the_steps_of_aws_unless_its_maker_says_otherwise() {
    in_virtual_time(async |stage| {
        let prompt = PromptConfiguration::builder().prompt_type(PromptType::PreProcessing);
        let prompt = prompt.prompt_state(PromptState::Enabled).build();
        let prompts =
            PromptOverrideConfiguration::builder().prompt_configurations(prompt).build().expect("it is whole");
        let request = client(&stage).create_agent().agent_name("orders").prompt_override_configuration(prompts);
        let made = request.send().await.expect("it is made");
        let prompts = made.agent().and_then(|agent| agent.prompt_override_configuration()).expect("it has some");
        let states: Vec<(&str, &str)> = prompts
            .prompt_configurations()
            .iter()
            .map(|prompt| {
                (prompt.prompt_type().expect("it is said").as_str(), prompt.prompt_state().expect("so").as_str())
            })
            .collect();
        let expected = [
            ("PRE_PROCESSING", "ENABLED"),
            ("ORCHESTRATION", "ENABLED"),
            ("KNOWLEDGE_BASE_RESPONSE_GENERATION", "ENABLED"),
            ("POST_PROCESSING", "DISABLED"),
            ("MEMORY_SUMMARIZATION", "ENABLED"),
        ];
        assert_eq!(states, expected);
    });
}

#[test]
fn a_request_that_breaks_the_model_is_told_all_that_is_wrong() {
    on_both_stages(async |stage| {
        let request = client(&stage).create_agent().agent_name("orders!").instruction("too short");
        let request = request.idle_session_ttl_in_seconds(59).client_token("short");
        let (code, message) = refusal(request.send().await);
        assert_eq!(code, "ValidationException");
        for part in [
            "4 validation errors detected: ",
            r"Value 'orders!' at 'agentName' failed to satisfy constraint: Member must satisfy regular expression pattern: ([0-9a-zA-Z][_-]?){1,100}",
            "Value 'short' at 'clientToken' failed to satisfy constraint: Member must have length greater than or equal to 33",
            "Value 'too short' at 'instruction' failed to satisfy constraint: Member must have length greater than or equal to 40",
            "Value '59' at 'idleSessionTTLInSeconds' failed to satisfy constraint: Member must have value greater than or equal to 60",
        ] {
            assert!(message.contains(part), "{message}\nlacks {part}");
        }
        let missing = refusal(client(&stage).create_agent().send().await);
        assert!(missing.1.contains("Value null at 'agentName'"), "{}", missing.1);
    });
}

#[test]
fn the_same_token_makes_no_second_agent() {
    in_virtual_time(async |stage| {
        let token = "0123456789abcdef0123456789abcdef0";
        let mut ids = Vec::new();
        for _ in 0..2 {
            let made = client(&stage).create_agent().agent_name("orders").client_token(token).send().await;
            ids.push(made.expect("it is made").agent().expect("it is told").agent_id().to_owned());
        }
        assert_eq!(ids[0], ids[1]);
    });
}

#[test]
fn an_agent_with_a_name_that_is_taken_fails_on_the_way() {
    on_both_stages(async |stage| {
        agent(&stage).await;
        let second = client(&stage).create_agent().agent_name("orders").send().await.expect("it seems to be made");
        let id = second.agent().expect("it is told").agent_id().to_owned();
        stage.advance(Duration::from_secs(3)).await;
        let got = client(&stage).get_agent().agent_id(&id).send().await.expect("it is there");
        let got = got.agent().expect("it is told");
        assert_eq!(got.agent_status(), &AgentStatus::Failed);
        let reason = "Cannot create a new agent as an agent with the same name already exists.";
        assert_eq!(got.failure_reasons(), [reason]);
    });
}

#[test]
fn what_an_agent_cannot_do_here_says_so() {
    in_virtual_time(async |stage| {
        let create = || client(&stage).create_agent().agent_name("orders");
        let supervisor = create().agent_collaboration(AgentCollaboration::Supervisor).send().await;
        let custom = create().orchestration_type(OrchestrationType::CustomOrchestration).send().await;
        for (refused, what) in [(supervisor, "agentCollaboration"), (custom, "customOrchestration")] {
            let (code, message) = refusal(refused);
            assert_eq!(code, "NotImplemented");
            assert!(message.contains(what), "{message}");
        }
    });
}

#[test]
fn a_prompt_that_is_not_overridden_has_no_template_of_its_own() {
    in_virtual_time(async |stage| {
        let prompt = PromptConfiguration::builder().prompt_type(PromptType::Orchestration);
        let prompt = prompt.prompt_creation_mode(CreationMode::Default).base_prompt_template("mine").build();
        let prompts =
            PromptOverrideConfiguration::builder().prompt_configurations(prompt).build().expect("it is whole");
        let request = client(&stage).create_agent().agent_name("orders").prompt_override_configuration(prompts);
        assert_eq!(refusal(request.send().await).0, "ValidationException");
    });
}
