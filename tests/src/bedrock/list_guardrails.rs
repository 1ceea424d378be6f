use std::time::Duration;

use super::{control, guardrail_against, violation};
use crate::stage::{on_both_stages, refusal};

#[test]
fn drafts_are_listed_and_the_versions_of_one() {
    on_both_stages(async |stage| {
        let shop = guardrail_against(&stage, "shop", &["no"]).await;
        guardrail_against(&stage, "bank", &["no"]).await;
        let control = control(&stage);
        let all = control.list_guardrails().send().await.unwrap();
        let mut names: Vec<&str> = all.guardrails().iter().map(|guardrail| guardrail.name()).collect();
        names.sort_unstable();
        assert_eq!(names, ["bank", "shop"]);
        for _ in 0..2 {
            control.create_guardrail_version().guardrail_identifier(&shop).send().await.unwrap();
            stage.advance(Duration::from_secs(3)).await;
        }
        let (mut versions, mut token) = (Vec::new(), None);
        loop {
            let page = control.list_guardrails().guardrail_identifier(&shop).max_results(2).set_next_token(token);
            let page = page.send().await.unwrap();
            versions.extend(page.guardrails().iter().map(|guardrail| guardrail.version().to_owned()));
            token = page.next_token().map(str::to_owned);
            if token.is_none() {
                break;
            }
        }
        assert_eq!(versions, ["DRAFT", "1", "2"]);
    });
}

#[test]
fn a_list_of_nothing_and_bad_pages_are_refused() {
    on_both_stages(async |stage| {
        let control = control(&stage);
        let refused = control.list_guardrails().guardrail_identifier("none").send().await;
        assert_eq!(refusal(refused).0, "ResourceNotFoundException");
        let refused = control.list_guardrails().max_results(0).send().await;
        assert_eq!(refusal(refused), violation("0", "maxResults", "have value greater than or equal to 1"));
        let refused = control.list_guardrails().next_token("made-up").send().await;
        assert_eq!(refusal(refused).0, "ValidationException");
    });
}
