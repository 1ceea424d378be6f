use super::{client, named_agent};
use crate::stage::{on_both_stages, refusal};

#[test]
fn agents_are_listed_in_pages_as_they_were_made() {
    on_both_stages(async |stage| {
        for name in ["orders", "returns", "billing"] {
            named_agent(&stage, name).await;
        }
        let (mut names, mut token) = (Vec::new(), None);
        loop {
            let page = client(&stage).list_agents().max_results(2).set_next_token(token).send().await.expect("a page");
            names.extend(page.agent_summaries().iter().map(|agent| agent.agent_name().to_owned()));
            token = page.next_token().map(str::to_owned);
            if token.is_none() {
                break;
            }
            assert_eq!(names.len(), 2);
        }
        assert_eq!(names, ["orders", "returns", "billing"]);
        let refused = refusal(client(&stage).list_agents().next_token("mine").send().await);
        assert_eq!(refused.0, "ValidationException", "{}", refused.1);
    });
}
