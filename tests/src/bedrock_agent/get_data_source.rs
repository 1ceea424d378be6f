use super::client;
use super::knowledge::{base, source};
use crate::stage::{on_both_stages, refusal};

#[test]
fn base_and_source_must_be_there() {
    on_both_stages(async |stage| {
        let base = base(&stage, "docs").await;
        let source = source(&stage, &base, None).await;
        for (base, source) in [(&*base, "ABCDEFGHIJ"), ("ABCDEFGHIJ", &*source)] {
            let got = client(&stage).get_data_source().knowledge_base_id(base).data_source_id(source).send().await;
            let (code, message) = refusal(got);
            assert_eq!(code, "ResourceNotFoundException");
            assert!(message.contains("ABCDEFGHIJ"), "{message}");
        }
    });
}
