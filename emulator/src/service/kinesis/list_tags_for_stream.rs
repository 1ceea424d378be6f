//! Lists the tags of a stream by key, page by page.
//!
//! <https://docs.aws.amazon.com/kinesis/latest/APIReference/API_ListTagsForStream.html>

use std::ops::Bound;

use serde::{Deserialize, Serialize};

use super::Kinesis;
use super::stream_reference::StreamReference;
use super::tags::{self, Tag};
use super::unsupported::{Unsupported, refuse};
use crate::kernel::{ApiError, Call, Operation};

pub struct ListTagsForStream;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    stream_name: Option<String>,
    #[serde(rename = "StreamARN")]
    stream_arn: Option<String>,
    stream_id: Unsupported,
    exclusive_start_tag_key: Option<String>,
    limit: Option<i32>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    tags: Vec<Tag>,
    has_more_tags: bool,
}

impl Operation for ListTagsForStream {
    type Service = Kinesis;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "ListTagsForStream";

    fn resource(input: &Input) -> String {
        StreamReference::new(&input.stream_name, &input.stream_arn).display()
    }

    fn run(input: Input, state: &mut Kinesis, call: &mut Call<'_>) -> Result<Output, ApiError> {
        refuse(Self::NAME, &[("StreamId", input.stream_id.is_some())])?;
        let reference = StreamReference::new(&input.stream_name, &input.stream_arn);
        let mut violations = reference.violations();
        if let Some(key) = &input.exclusive_start_tag_key {
            violations.length("exclusiveStartTagKey", key, 1, tags::KEY_CHARACTERS_MAX);
        }
        if let Some(limit) = input.limit {
            violations.range("limit", limit.into(), 1, tags::TAGS_MAX as i64);
        }
        let name = reference.name(violations, call.scope)?;
        let after = input.exclusive_start_tag_key.as_deref().map_or(Bound::Unbounded, Bound::Excluded);
        let limit = input.limit.map_or(tags::TAGS_MAX, |limit| limit.unsigned_abs() as usize);
        let stream = state.stream(&name, call.scope)?;
        let mut following = stream.control.attached.tags.range::<str, _>((after, Bound::Unbounded));
        let tags = following.by_ref().take(limit).map(Tag::of).collect();
        Ok(Output { tags, has_more_tags: following.next().is_some() })
    }
}
