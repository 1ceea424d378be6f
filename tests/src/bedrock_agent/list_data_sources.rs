use super::client;
use super::knowledge::{base, custom};
use crate::stage::{on_both_stages, refusal};

#[test]
fn they_come_in_pages() {
    on_both_stages(async |stage| {
        let client = client(&stage);
        let base = base(&stage, "docs").await;
        for name in ["a", "b", "c"] {
            let make = client.create_data_source().knowledge_base_id(&base).name(name).description("it");
            make.data_source_configuration(custom()).send().await.unwrap();
            stage.advance(std::time::Duration::from_millis(1)).await;
        }
        let mut pages = client.list_data_sources().knowledge_base_id(&base).max_results(2).into_paginator().send();
        let mut names = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.unwrap();
            let sources = page.data_source_summaries().iter();
            names.push(sources.map(|it| format!("{} {}", it.name(), it.status())).collect::<Vec<_>>());
        }
        assert_eq!(names, [vec!["a AVAILABLE", "b AVAILABLE"], vec!["c AVAILABLE"]]);
        let missing = client.list_data_sources().knowledge_base_id("ABCDEFGHIJ").send().await;
        assert_eq!(refusal(missing).0, "ResourceNotFoundException");
    });
}
