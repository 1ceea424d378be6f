//! Requests that name a knowledge base, a data source or what has tags, in the words of AWS's model.

use crate::service::bedrock::shape::{Shape, UNBOUNDED, optional, required};

pub const LIST_TAGS_FOR_RESOURCE: Shape = Shape::Structure(&[required("resourceArn", &TAGGABLE_RESOURCES_ARN)]);

pub const UNTAG_RESOURCE: Shape = Shape::Structure(&[
    required("resourceArn", &TAGGABLE_RESOURCES_ARN),
    required("tagKeys", &Shape::List(&TAG_KEY, 0, 200)),
]);

pub const TAG_RESOURCE: Shape = Shape::Structure(&[
    required("resourceArn", &TAGGABLE_RESOURCES_ARN),
    required("tags", &Shape::Map(&TAG_KEY, &Shape::Matching(r"[a-zA-Z0-9\s._:/=+@-]*", 0, 256))),
]);

const TAG_KEY: Shape = Shape::Matching(r"[a-zA-Z0-9\s._:/=+@-]*", 1, 128);

const TAGGABLE_RESOURCES_ARN: Shape = Shape::Matching(
    r".*(^arn:aws:bedrock:[a-zA-Z0-9-]+:[0-9]{12}:(agent|agent-alias|knowledge-base|flow|prompt)/[A-Z0-9]{10}(?:/[A-Z0-9]{10})?$|^arn:aws:bedrock:[a-zA-Z0-9-]+:[0-9]{12}:flow/([A-Z0-9]{10})/alias/([A-Z0-9]{10})$|^arn:aws:bedrock:[a-zA-Z0-9-]+:[0-9]{12}:prompt/([A-Z0-9]{10})?(?::/d+)?$|^arn:aws(-cn|-us-gov|-eusc|-iso(-[b-f])?)?:bedrock:[a-zA-Z0-9-]+:[0-9]{12}:retrieval-instruction/[a-z0-9]{10}$).*",
    20,
    1011,
);

pub const DELETE_DATA_SOURCE: Shape =
    Shape::Structure(&[required("knowledgeBaseId", &ID), required("dataSourceId", &ID)]);

pub const LIST_DATA_SOURCES: Shape = Shape::Structure(&[
    required("knowledgeBaseId", &ID),
    optional("maxResults", &Shape::Integer(1, 1000)),
    optional("nextToken", &NEXT_TOKEN),
]);

pub const GET_DATA_SOURCE: Shape = Shape::Structure(&[required("knowledgeBaseId", &ID), required("dataSourceId", &ID)]);

pub const DELETE_KNOWLEDGE_BASE: Shape = Shape::Structure(&[required("knowledgeBaseId", &ID)]);

pub const LIST_KNOWLEDGE_BASES: Shape =
    Shape::Structure(&[optional("maxResults", &Shape::Integer(1, 1000)), optional("nextToken", &NEXT_TOKEN)]);

const NEXT_TOKEN: Shape = Shape::Matching(r"\S*", 1, 2048);

pub const GET_KNOWLEDGE_BASE: Shape = Shape::Structure(&[required("knowledgeBaseId", &ID)]);

const ID: Shape = Shape::Matching(r"[0-9a-zA-Z]{10}", 0, UNBOUNDED);
