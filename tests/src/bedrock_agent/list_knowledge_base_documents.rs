use super::client;
use super::knowledge::{base, ingest, source, text_document};
use crate::stage::on_both_stages;

#[test]
fn they_come_in_pages_by_id() {
    on_both_stages(async |stage| {
        let base = base(&stage, "docs").await;
        let source = source(&stage, &base, None).await;
        let documents = ["c", "a", "b"].map(|id| text_document(id, "Plums are blue.").build());
        ingest(&stage, &base, &source, documents.into()).await;
        let list = client(&stage).list_knowledge_base_documents().knowledge_base_id(&base).data_source_id(&source);
        let mut pages = list.max_results(2).into_paginator().items().send();
        let mut ids = Vec::new();
        while let Some(document) = pages.next().await {
            let document = document.unwrap();
            ids.push(document.identifier().unwrap().custom().unwrap().id().to_owned());
        }
        assert_eq!(ids, ["a", "b", "c"]);
    });
}
