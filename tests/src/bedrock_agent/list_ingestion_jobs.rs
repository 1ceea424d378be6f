use std::time::Duration;

use aws_sdk_bedrockagent::types::{
    IngestionJobFilter, IngestionJobFilterAttribute, IngestionJobFilterOperator, IngestionJobSortBy,
    IngestionJobSortByAttribute, SortOrder,
};

use super::client;
use super::knowledge::{base, source};
use crate::stage::{on_both_stages, refusal};

#[test]
fn jobs_are_filtered_sorted_and_paged() {
    on_both_stages(async |stage| {
        let client = client(&stage);
        let base = base(&stage, "docs").await;
        let source = source(&stage, &base, None).await;
        for description in ["first", "second", "third"] {
            let start = client.start_ingestion_job().knowledge_base_id(&base).data_source_id(&source);
            let job = start.description(description).send().await.unwrap().ingestion_job.unwrap();
            if description == "second" {
                let stop = client.stop_ingestion_job().knowledge_base_id(&base).data_source_id(&source);
                stop.ingestion_job_id(job.ingestion_job_id()).send().await.unwrap();
            }
            stage.advance(Duration::from_secs(if description == "third" { 1 } else { 2 })).await;
        }
        let list = || client.list_ingestion_jobs().knowledge_base_id(&base).data_source_id(&source);
        let by = |attribute, order| IngestionJobSortBy::builder().attribute(attribute).order(order).build().unwrap();
        let filter = |status: &str| {
            let filter = IngestionJobFilter::builder().attribute(IngestionJobFilterAttribute::Status);
            filter.operator(IngestionJobFilterOperator::Eq).values(status).build().unwrap()
        };
        let (started, status) = (IngestionJobSortByAttribute::StartedAt, IngestionJobSortByAttribute::Status);
        for (list, expected) in [
            (list(), vec!["first COMPLETE", "second STOPPED", "third IN_PROGRESS"]),
            (
                list().sort_by(by(started, SortOrder::Descending)),
                vec!["third IN_PROGRESS", "second STOPPED", "first COMPLETE"],
            ),
            (
                list().sort_by(by(status.clone(), SortOrder::Ascending)),
                vec!["first COMPLETE", "third IN_PROGRESS", "second STOPPED"],
            ),
            (list().filters(filter("STOPPED")), vec!["second STOPPED"]),
            (list().filters(filter("FAILED")), vec![]),
        ] {
            let mut pages = list.max_results(1).into_paginator().items().send();
            let mut jobs = Vec::new();
            while let Some(job) = pages.next().await {
                let job = job.unwrap();
                jobs.push(format!("{} {}", job.description().unwrap(), job.status()));
            }
            assert_eq!(jobs, expected);
        }
        let twice = list().filters(filter("FAILED")).filters(filter("STOPPED")).send().await;
        let (code, message) = refusal(twice);
        assert_eq!(code, "ValidationException");
        assert!(message.contains("Value at 'filters'"), "{message}");
    });
}
