use aws_sdk_bedrockagentruntime::operation::retrieve::RetrieveOutput;
use aws_sdk_bedrockagentruntime::operation::retrieve::builders::RetrieveFluentBuilder;
use aws_sdk_bedrockagentruntime::types::{
    FilterAttribute, GuardrailConfiguration, ImplicitFilterConfiguration, KnowledgeBaseQuery,
    KnowledgeBaseRetrievalConfiguration, KnowledgeBaseRetrievalResult, KnowledgeBaseVectorSearchConfiguration,
    MetadataAttributeSchema, RetrievalFilter, SearchType, VectorSearchBedrockRerankingConfiguration,
    VectorSearchBedrockRerankingModelConfiguration, VectorSearchRerankingConfiguration,
};
use aws_smithy_types::{Document, Number};

use super::{client, guardrail};
use crate::bedrock_agent::knowledge::{
    Attribute, base, filled_base, ingest, made_base, metadata, source, text_document, told, unchunked,
};
use crate::stage::{Stage, on_both_stages, refusal};

fn retrieve(stage: &Stage, base: &str, text: &str) -> RetrieveFluentBuilder {
    client(stage).retrieve().knowledge_base_id(base).retrieval_query(KnowledgeBaseQuery::builder().text(text).build())
}

pub fn search(search: KnowledgeBaseVectorSearchConfiguration) -> KnowledgeBaseRetrievalConfiguration {
    KnowledgeBaseRetrievalConfiguration::builder().vector_search_configuration(search).build()
}

/// What is found for a text, as many as there may be.
pub async fn found(stage: &Stage, base: &str, text: &str) -> Vec<KnowledgeBaseRetrievalResult> {
    let all = search(KnowledgeBaseVectorSearchConfiguration::builder().number_of_results(100).build());
    let found = retrieve(stage, base, text).retrieval_configuration(all).send().await.expect("it is searched");
    found.retrieval_results
}

pub fn texts(results: &[KnowledgeBaseRetrievalResult]) -> Vec<String> {
    results.iter().map(|result| result.content().expect("a result has content").text().to_owned()).collect()
}

/// The ids of the documents that were found.
fn documents(found: &RetrieveOutput) -> Vec<&str> {
    let locations = found.retrieval_results().iter().filter_map(|result| result.location());
    locations.filter_map(|location| location.custom_document_location()?.id()).collect()
}

// Serialisation.

#[test]
fn a_result_says_what_it_is_and_where_it_comes_from() {
    on_both_stages(async |stage| {
        let base = base(&stage, "docs").await;
        let source = source(&stage, &base, Some(unchunked())).await;
        let metadata = metadata(vec![
            ("animal", Attribute::Text("cat")),
            ("year", Attribute::Number(1989.0)),
            ("tame", Attribute::Boolean(true)),
            ("tags", Attribute::Texts(vec!["soft"])),
        ]);
        let document = text_document("cats", "A cat has four legs.").metadata(metadata).build();
        ingest(&stage, &base, &source, vec![document]).await;
        let [result] = &found(&stage, &base, "How many legs has a cat?").await[..] else { panic!("one result") };
        let content = result.content().unwrap();
        assert_eq!((content.r#type().map(|it| it.as_str()), content.text()), (Some("TEXT"), "A cat has four legs."));
        let location = result.location().unwrap();
        assert_eq!(location.r#type().as_str(), "CUSTOM");
        assert_eq!(location.custom_document_location().unwrap().id(), Some("cats"));
        let score = result.score().unwrap();
        assert!(score > 0.5 && score < 1.0, "{score}");
        let metadata = result.metadata().unwrap();
        let text = |text: &str| Document::String(text.to_owned());
        for (key, expected) in [
            ("animal", text("cat")),
            ("year", Document::Number(Number::Float(1989.0))),
            ("tame", Document::Bool(true)),
            ("tags", Document::Array(vec![text("soft")])),
            ("x-amz-bedrock-kb-source-uri", text("cats")),
            ("x-amz-bedrock-kb-data-source-id", text(&source)),
        ] {
            let as_number = |value: &Document| match value {
                Document::Number(number) => Some(number.to_f64_lossy()),
                _ => None,
            };
            let same = metadata[key] == expected
                || as_number(&metadata[key]).is_some_and(|it| Some(it) == as_number(&expected));
            assert!(same, "{key}: {:?}", metadata[key]);
        }
        let Document::String(chunk) = &metadata["x-amz-bedrock-kb-chunk-id"] else { panic!("{metadata:?}") };
        assert!(chunk.starts_with("1%3A0%3A"), "{chunk}");
    });
}

// Validation.

#[test]
fn what_the_model_does_not_allow_is_refused() {
    on_both_stages(async |stage| {
        let base = filled_base(&stage).await;
        let of =
            |count: i32| search(KnowledgeBaseVectorSearchConfiguration::builder().number_of_results(count).build());
        for (call, code, expected) in [
            (retrieve(&stage, "ABCDEFGHIJ", "a"), "ResourceNotFoundException", "ABCDEFGHIJ"),
            (retrieve(&stage, "no!", "a"), "ValidationException", "Value 'no!' at 'knowledgeBaseId'"),
            (retrieve(&stage, &base, " "), "ValidationException", "The text of the retrieval query is empty."),
            (retrieve(&stage, &base, &"x".repeat(20_001)), "ValidationException", "less than or equal to 20000"),
            (retrieve(&stage, &base, "a").retrieval_configuration(of(0)), "ValidationException", "numberOfResults"),
            (retrieve(&stage, &base, "a").retrieval_configuration(of(101)), "ValidationException", "equal to 100"),
            (retrieve(&stage, &base, "a").next_token("mine"), "ValidationException", "Invalid nextToken."),
        ] {
            let refused = refusal(call.send().await);
            assert_eq!(refused.0, code, "{}", refused.1);
            assert!(refused.1.contains(expected), "{expected}: {}", refused.1);
        }
        let making = made_base(&stage, "making").await;
        assert_eq!(refusal(retrieve(&stage, &making, "a").send().await).0, "ConflictException");
    });
}

#[test]
fn what_is_not_here_says_so() {
    on_both_stages(async |stage| {
        let base = filled_base(&stage).await;
        let attribute = MetadataAttributeSchema::builder().key("year").r#type("NUMBER".into()).description("When");
        let implicit = ImplicitFilterConfiguration::builder()
            .model_arn("anthropic.claude-3-5-sonnet-20240620-v1:0")
            .metadata_attributes(attribute.build().unwrap())
            .build()
            .unwrap();
        let implicit =
            KnowledgeBaseVectorSearchConfiguration::builder().implicit_filter_configuration(implicit).build();
        let refused = retrieve(&stage, &base, "a").retrieval_configuration(search(implicit)).send().await;
        assert_eq!(refusal(refused).0, "NotImplemented");
    });
}

// Behaviour.

#[test]
fn a_guardrail_judges_the_query() {
    on_both_stages(async |stage| {
        let base = filled_base(&stage).await;
        let guardrail = guardrail(&stage).await;
        for (query, action, expected) in [
            ("Can I return an order?", "NONE", Some("returns")),
            ("Can I return the order ord_77?", "INTERVENED", Some("returns")),
            ("Do you have stock tips?", "INTERVENED", None),
        ] {
            let guarded = GuardrailConfiguration::builder().guardrail_id(&guardrail).guardrail_version("DRAFT");
            let found = retrieve(&stage, &base, query).guardrail_configuration(guarded.build().unwrap()).send().await;
            let found = found.unwrap();
            assert_eq!(found.guardrail_action().unwrap().as_str(), action, "{query}");
            assert_eq!(documents(&found).first().copied(), expected, "{query}");
        }
        let unknown = GuardrailConfiguration::builder().guardrail_id("abc").guardrail_version("1").build().unwrap();
        let refused = retrieve(&stage, &base, "a").guardrail_configuration(unknown).send().await;
        assert_eq!(refusal(refused).0, "ResourceNotFoundException");
    });
}

#[test]
fn the_chunk_that_answers_comes_first_and_five_come_at_most() {
    on_both_stages(async |stage| {
        let base = filled_base(&stage).await;
        for (question, expected) in
            [("Can I return an order?", "returns"), ("When is the Berlin office open?", "office")]
        {
            let found = retrieve(&stage, &base, question).send().await.unwrap();
            assert_eq!(documents(&found)[0], expected, "{question}");
            let scores: Vec<f64> = found.retrieval_results().iter().filter_map(|result| result.score()).collect();
            assert!(scores.is_sorted_by(|one, other| one >= other), "{scores:?}");
        }
        let sources = crate::bedrock_agent::client(&stage).list_data_sources().knowledge_base_id(&base).send().await;
        let source = sources.unwrap().data_source_summaries()[0].data_source_id().to_owned();
        let more = (0..4).map(|n| text_document(&n.to_string(), "The office has a door.").build());
        ingest(&stage, &base, &source, more.collect()).await;
        let found = retrieve(&stage, &base, "office").send().await.unwrap();
        assert_eq!(found.retrieval_results().len(), 5);
        assert_eq!(told(&stage, "5 of 8 chunks"), 1);
    });
}

#[test]
fn only_a_hybrid_search_finds_an_exact_code_first() {
    on_both_stages(async |stage| {
        let base = filled_base(&stage).await;
        for (kind, expected) in
            [(None, "errors"), (Some(SearchType::Semantic), "errors"), (Some(SearchType::Hybrid), "codes")]
        {
            let kind = KnowledgeBaseVectorSearchConfiguration::builder().set_override_search_type(kind).build();
            let found = retrieve(&stage, &base, "What does ERR-4711 mean?").retrieval_configuration(search(kind));
            assert_eq!(documents(&found.send().await.unwrap())[0], expected);
        }
    });
}

#[test]
fn pages_go_on_until_there_are_no_more_chunks() {
    on_both_stages(async |stage| {
        let base = filled_base(&stage).await;
        let three = search(KnowledgeBaseVectorSearchConfiguration::builder().number_of_results(3).build());
        let mut pages = retrieve(&stage, &base, "error").retrieval_configuration(three).into_paginator().send();
        let (mut sizes, mut all) = (Vec::new(), Vec::new());
        while let Some(page) = pages.next().await {
            let page = page.unwrap();
            sizes.push(page.retrieval_results().len());
            all.extend(documents(&page).into_iter().map(str::to_owned));
        }
        assert_eq!(sizes, [3, 1]);
        all.sort();
        assert_eq!(all, ["codes", "errors", "office", "returns"]);
    });
}

#[test]
fn a_knowledge_base_may_be_named_by_its_arn() {
    on_both_stages(async |stage| {
        let base = filled_base(&stage).await;
        let arn = |region: &str| format!("arn:aws:bedrock:{region}:000000000000:knowledge-base/{base}");
        let found = retrieve(&stage, &arn("us-east-1"), "order").send().await.unwrap();
        assert_eq!(documents(&found)[0], "returns");
        let elsewhere = retrieve(&stage, &arn("eu-west-1"), "order").send().await;
        assert_eq!(refusal(elsewhere).0, "ResourceNotFoundException");
    });
}

#[test]
fn reranking_orders_by_words_too_and_leaves_fewer() {
    on_both_stages(async |stage| {
        let base = filled_base(&stage).await;
        let model = VectorSearchBedrockRerankingModelConfiguration::builder()
            .model_arn("arn:aws:bedrock:us-east-1::foundation-model/amazon.rerank-v1:0")
            .build()
            .unwrap();
        let bedrock = VectorSearchBedrockRerankingConfiguration::builder()
            .model_configuration(model)
            .number_of_reranked_results(1)
            .build();
        let reranking = VectorSearchRerankingConfiguration::builder()
            .r#type("BEDROCK_RERANKING_MODEL".into())
            .bedrock_reranking_configuration(bedrock)
            .build()
            .unwrap();
        let reranked = KnowledgeBaseVectorSearchConfiguration::builder().reranking_configuration(reranking).build();
        let found = retrieve(&stage, &base, "What does ERR-4711 mean?").retrieval_configuration(search(reranked));
        assert_eq!(documents(&found.send().await.unwrap()), ["codes"]);
    });
}

fn attribute(key: &str, value: impl Into<Document>) -> FilterAttribute {
    FilterAttribute::builder().key(key).value(value.into()).build().unwrap()
}

fn list(texts: &[&str]) -> Document {
    Document::Array(texts.iter().map(|text| Document::String((*text).to_owned())).collect())
}

#[test]
fn filters_choose_by_metadata() {
    on_both_stages(async |stage| {
        let base = base(&stage, "docs").await;
        let source = source(&stage, &base, Some(unchunked())).await;
        let document = |id: &str, attributes| {
            let document = text_document(id, "An animal lives here.");
            if let Some(attributes) = attributes { document.metadata(metadata(attributes)) } else { document }
        };
        let cat = vec![
            ("animal", Attribute::Text("cat")),
            ("year", Attribute::Number(1989.0)),
            ("tags", Attribute::Texts(vec!["soft", "small"])),
        ];
        let camel = vec![("animal", Attribute::Text("camel")), ("year", Attribute::Number(2001.0))];
        let all = [document("cat", Some(cat)), document("camel", Some(camel)), document("none", None)];
        ingest(&stage, &base, &source, all.into_iter().map(|it| it.build()).collect()).await;
        use RetrievalFilter as Filter;
        let cats = || Filter::Equals(attribute("animal", "cat"));
        let old = || Filter::LessThan(attribute("year", 2000));
        for (filter, expected) in [
            (cats(), vec!["cat"]),
            (Filter::NotEquals(attribute("animal", "cat")), vec!["camel", "none"]),
            (Filter::GreaterThan(attribute("year", 1989)), vec!["camel"]),
            (Filter::GreaterThanOrEquals(attribute("year", 1989)), vec!["camel", "cat"]),
            (old(), vec!["cat"]),
            (Filter::LessThanOrEquals(attribute("year", 2001)), vec!["camel", "cat"]),
            (Filter::In(attribute("animal", list(&["cat", "dog"]))), vec!["cat"]),
            (Filter::NotIn(attribute("animal", list(&["cat", "dog"]))), vec!["camel"]),
            (Filter::StartsWith(attribute("animal", "ca")), vec!["camel", "cat"]),
            (Filter::StringContains(attribute("animal", "me")), vec!["camel"]),
            (Filter::ListContains(attribute("tags", "soft")), vec!["cat"]),
            (
                Filter::Equals(attribute("x-amz-bedrock-kb-data-source-id", source.as_str())),
                vec!["camel", "cat", "none"],
            ),
            (Filter::AndAll(vec![cats(), old()]), vec!["cat"]),
            (Filter::AndAll(vec![cats(), Filter::GreaterThan(attribute("year", 2000))]), vec![]),
            (
                Filter::OrAll(vec![Filter::AndAll(vec![cats(), old()]), Filter::Equals(attribute("animal", "camel"))]),
                vec!["camel", "cat"],
            ),
        ] {
            let shown = format!("{filter:?}");
            let filter = search(KnowledgeBaseVectorSearchConfiguration::builder().filter(filter).build());
            let found = retrieve(&stage, &base, "animal").retrieval_configuration(filter).send().await.unwrap();
            let mut found = documents(&found);
            found.sort_unstable();
            assert_eq!(found, expected, "{shown}");
        }
        for (filter, expected) in [
            (Filter::GreaterThan(attribute("year", "1989")), "must be a number"),
            (Filter::In(attribute("animal", "cat")), "must be a list"),
            (Filter::AndAll(vec![cats()]), "Member must have length greater than or equal to 2"),
            (Filter::Equals(attribute("", "cat")), "Member must have length greater than or equal to 1"),
        ] {
            let filter = search(KnowledgeBaseVectorSearchConfiguration::builder().filter(filter).build());
            let (code, message) =
                refusal(retrieve(&stage, &base, "animal").retrieval_configuration(filter).send().await);
            assert_eq!(code, "ValidationException", "{message}");
            assert!(message.contains(expected), "{expected}: {message}");
        }
    });
}
