use std::time::Duration;

use super::client;
use super::knowledge::{base, identifier, ingest, source, text_document};
use crate::bedrock_agent_runtime::retrieve::{found, texts};
use crate::stage::on_both_stages;

#[test]
fn what_is_deleted_is_not_found_any_more() {
    on_both_stages(async |stage| {
        let client = client(&stage);
        let base = base(&stage, "docs").await;
        let source = source(&stage, &base, None).await;
        let documents = [("a", "Plums are blue."), ("b", "Limes are sour.")];
        let documents = documents.map(|(id, text)| text_document(id, text).build());
        ingest(&stage, &base, &source, documents.into()).await;
        let delete = client.delete_knowledge_base_documents().knowledge_base_id(&base).data_source_id(&source);
        let delete = delete.document_identifiers(identifier("a")).document_identifiers(identifier("x"));
        let deleted = delete.send().await.unwrap();
        let statuses: Vec<&str> = deleted.document_details().iter().map(|it| it.status().as_str()).collect();
        assert_eq!(statuses, ["DELETING", "NOT_FOUND"]);
        stage.advance(Duration::from_millis(500)).await;
        assert_eq!(texts(&found(&stage, &base, "plums").await), ["Limes are sour."]);
    });
}

#[test]
fn one_that_is_handed_in_again_meanwhile_stays() {
    on_both_stages(async |stage| {
        let client = client(&stage);
        let base = base(&stage, "docs").await;
        let source = source(&stage, &base, None).await;
        let plums = || text_document("a", "Plums are blue.").build();
        ingest(&stage, &base, &source, vec![plums()]).await;
        let delete = client.delete_knowledge_base_documents().knowledge_base_id(&base).data_source_id(&source);
        delete.document_identifiers(identifier("a")).send().await.unwrap();
        ingest(&stage, &base, &source, vec![plums()]).await;
        assert_eq!(texts(&found(&stage, &base, "plums").await), ["Plums are blue."]);
    });
}
