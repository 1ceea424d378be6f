use super::{INSTRUCTION, MODEL, NOT_FOUND, agent, client};
use crate::stage::{on_both_stages, refusal};

#[test]
fn an_agent_is_described_or_is_not_found() {
    on_both_stages(async |stage| {
        let id = agent(&stage).await;
        let got = client(&stage).get_agent().agent_id(&id).send().await.expect("it is there");
        let got = got.agent().expect("it is told");
        assert_eq!((got.agent_name(), got.instruction()), ("orders", Some(INSTRUCTION)));
        assert_eq!(got.foundation_model(), Some(MODEL));
        assert!(got.created_at() <= got.updated_at() && got.prepared_at().is_none());
        let refused = refusal(client(&stage).get_agent().agent_id("NOAGENT000").send().await);
        assert_eq!(refused, ("ResourceNotFoundException".to_owned(), NOT_FOUND.to_owned()));
        let (code, message) = refusal(client(&stage).get_agent().agent_id("short").send().await);
        assert_eq!(code, "ValidationException");
        assert!(message.contains("Value 'short' at 'agentId'"), "{message}");
    });
}
