use super::client;
use super::knowledge::{base, identifier, ingest, source, text_document};
use crate::stage::{on_both_stages, refusal};

#[test]
fn documents_are_told_in_the_order_asked() {
    on_both_stages(async |stage| {
        let base = base(&stage, "docs").await;
        let source = source(&stage, &base, None).await;
        let documents = ["a", "b"].map(|id| text_document(id, "Plums are blue.").build());
        ingest(&stage, &base, &source, documents.into()).await;
        let get = || client(&stage).get_knowledge_base_documents().knowledge_base_id(&base).data_source_id(&source);
        let asked = ["b", "x", "a"].map(identifier);
        let got = get().set_document_identifiers(Some(asked.to_vec())).send().await.unwrap();
        let got: Vec<_> =
            got.document_details().iter().map(|it| (it.identifier().unwrap(), it.status().as_str())).collect();
        assert_eq!(got, [(&asked[0], "INDEXED"), (&asked[1], "NOT_FOUND"), (&asked[2], "INDEXED")]);
        let (code, message) = refusal(get().set_document_identifiers(Some(Vec::new())).send().await);
        assert_eq!(code, "ValidationException");
        assert!(message.contains("documentIdentifiers"), "{message}");
    });
}
