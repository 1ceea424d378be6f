//! The constraints of AWS's model on a conversation, member by member.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html#API_runtime_Converse_RequestSyntax>
//!
//! Where a member stands is passed on as arguments of a format: it is written down only where something is wrong.

use std::fmt::Arguments;

use super::super::conversation::content::{Document, GuardContent, Media, SearchResult, Source};
use super::super::conversation::{CachePoint, ContentBlock, Conversation, ToolResultContent};
use crate::kernel::Violations;

const ID_PATTERN: &str = "[a-zA-Z0-9_.:-]+";
const NAME_PATTERN: &str = "[a-zA-Z0-9_-]+";
const METADATA_KEY_PATTERN: &str = "[a-zA-Z0-9\\s:_@$#=/+,-.]{1,256}";
const METADATA_VALUE_PATTERN: &str = "[a-zA-Z0-9\\s:_@$#=/+,-.]{0,256}";
const S3_URI_PATTERN: &str = "s3://[a-z0-9][\\.\\-a-z0-9]{1,61}[a-z0-9](/.*)?";
/// AWS's bound on `inferenceConfig.stopSequences`.
const STOP_SEQUENCES_MAX: usize = 2500;
const RESPONSE_PATHS_MAX: usize = 10;
const METADATA_MAX: usize = 16;

const IMAGE_FORMATS: &[&str] = &["png", "jpeg", "gif", "webp"];
const GUARDED_IMAGE_FORMATS: &[&str] = &["png", "jpeg"];
const VIDEO_FORMATS: &[&str] = &["mkv", "mov", "mp4", "webm", "flv", "mpeg", "mpg", "wmv", "three_gp"];
const AUDIO_FORMATS: &[&str] =
    &["mp3", "opus", "wav", "aac", "flac", "mp4", "ogg", "mkv", "mka", "x-aac", "m4a", "mpeg", "mpga", "pcm", "webm"];
const DOCUMENT_FORMATS: &[&str] = &["pdf", "csv", "doc", "docx", "xls", "xlsx", "html", "txt", "md"];

/// Collects what is wrong; `prefix` is what stands before the members' names.
pub fn constrain(conversation: &Conversation, prefix: &str, violations: &mut Violations) {
    let mut constraints = Constraints { violations };
    constraints.inference(conversation);
    constraints.tools(conversation, prefix);
    constraints.system(conversation, prefix);
    constraints.messages(conversation, prefix);
    constraints.settings(conversation);
    if let Some(config) = &conversation.guardrail_config {
        config.check(violations, &format!("{prefix}guardrailConfig."));
    }
}

/// What `serviceTier` may be, wherever it stands.
pub fn one_of_service_tiers(member: &str, tier: &str, violations: &mut Violations) {
    violations.one_of(member, tier, &["priority", "default", "flex", "reserved"]);
}

struct Constraints<'a> {
    violations: &'a mut Violations,
}

impl Constraints<'_> {
    fn messages(&mut self, conversation: &Conversation, prefix: &str) {
        for (index, message) in conversation.messages().iter().enumerate() {
            let member = format_args!("{prefix}messages.{}.member", index + 1);
            self.enumeration(format_args!("{member}.role"), message.role.as_deref(), &["user", "assistant", "system"]);
            self.violations.required(format_args!("{member}.content"), &message.content);
            for (place, block) in message.blocks().iter().enumerate() {
                self.block(format_args!("{member}.content.{}.member", place + 1), block);
            }
        }
    }

    fn system(&mut self, conversation: &Conversation, prefix: &str) {
        for (index, block) in conversation.system().iter().enumerate() {
            let member = format_args!("{prefix}system.{}.member", index + 1);
            self.not_empty(format_args!("{member}.text"), block.text.as_deref());
            self.guarded(member, block.guard_content.as_deref());
            self.cache_point(member, block.cache_point.as_ref());
        }
    }

    fn tools(&mut self, conversation: &Conversation, prefix: &str) {
        let Some(config) = &conversation.tool_config else { return };
        let member = format_args!("{prefix}toolConfig.tools");
        self.violations.required(member, &config.tools);
        if config.tools.as_ref().is_some_and(Vec::is_empty) {
            self.violations.add("[]", member, "have length greater than or equal to 1");
        }
        for (index, tool) in config.tools.iter().flatten().enumerate() {
            let member = format_args!("{member}.{}.member", index + 1);
            if let Some(spec) = &tool.tool_spec {
                let member = format_args!("{member}.toolSpec");
                self.name(format_args!("{member}.name"), spec.name.as_ref());
                self.violations.required(format_args!("{member}.inputSchema"), &spec.input_schema);
                self.not_empty(format_args!("{member}.description"), spec.description.as_deref());
            }
            if let Some(system) = &tool.system_tool {
                self.name(format_args!("{member}.systemTool.name"), system.name.as_ref());
            }
            self.cache_point(member, tool.cache_point.as_ref());
        }
        if let Some(tool) = config.tool_choice.as_ref().and_then(|choice| choice.tool.as_ref()) {
            self.name(format_args!("{prefix}toolConfig.toolChoice.tool.name"), tool.name.as_ref());
        }
    }

    fn inference(&mut self, conversation: &Conversation) {
        let Some(config) = &conversation.inference_config else { return };
        if let Some(max_tokens) = config.max_tokens {
            self.violations.range("inferenceConfig.maxTokens", max_tokens, 1, i64::from(i32::MAX));
        }
        let fractions = [("temperature", config.temperature), ("topP", config.top_p)];
        for (name, value) in fractions.into_iter().filter_map(|(name, value)| Some((name, value?))) {
            let member = format_args!("inferenceConfig.{name}");
            if value < 0.0 {
                self.violations.add(value, member, "have value greater than or equal to 0");
            }
            if value > 1.0 {
                self.violations.add(value, member, "have value less than or equal to 1");
            }
        }
        let sequences = config.stop_sequences.as_deref().unwrap_or_default();
        self.at_most(format_args!("inferenceConfig.stopSequences"), sequences, STOP_SEQUENCES_MAX);
        for (index, sequence) in sequences.iter().enumerate() {
            self.not_empty(format_args!("inferenceConfig.stopSequences.{}.member", index + 1), Some(sequence));
        }
    }

    fn settings(&mut self, conversation: &Conversation) {
        let paths = conversation.additional_model_response_field_paths.as_deref().unwrap_or_default();
        self.at_most(format_args!("additionalModelResponseFieldPaths"), paths, RESPONSE_PATHS_MAX);
        for (index, path) in paths.iter().enumerate() {
            let member = format_args!("additionalModelResponseFieldPaths.{}.member", index + 1);
            self.violations.length(member, path, 1, 256);
        }
        self.metadata(conversation);
        if let Some(latency) = conversation.performance_config.as_ref().and_then(|config| config.latency.as_deref()) {
            self.violations.one_of("performanceConfig.latency", latency, &["standard", "optimized"]);
        }
        if let Some(tier) = &conversation.service_tier {
            match &tier.kind {
                Some(kind) => one_of_service_tiers("serviceTier.type", kind, self.violations),
                None => self.violations.missing("serviceTier.type"),
            }
        }
        if let Some(format) = conversation.output_config.as_ref().and_then(|config| config.text_format.as_ref()) {
            self.enumeration(format_args!("outputConfig.textFormat.type"), format.kind.as_deref(), &["json_schema"]);
            self.violations.required("outputConfig.textFormat.structure", &format.structure);
            if let Some(json) = format.structure.as_ref().and_then(|structure| structure.json_schema.as_ref()) {
                self.violations.required("outputConfig.textFormat.structure.jsonSchema.schema", &json.schema);
            }
        }
    }

    fn metadata(&mut self, conversation: &Conversation) {
        let Some(metadata) = &conversation.request_metadata else { return };
        let listed = || {
            let pairs: Vec<String> = metadata.iter().map(|(key, value)| format!("{key}={value}")).collect();
            format!("{{{}}}", pairs.join(", "))
        };
        if metadata.is_empty() {
            self.violations.add("{}", "requestMetadata", "have length greater than or equal to 1");
        }
        if metadata.len() > METADATA_MAX {
            let constraint = format!("have length less than or equal to {METADATA_MAX}");
            self.violations.add(listed(), "requestMetadata", constraint);
        }
        // The pattern's `,-.` is a range, of these three letters.
        let allowed =
            |letter: char| letter.is_ascii_alphanumeric() || letter.is_whitespace() || ":_@$#=/+,-.".contains(letter);
        for (key, value) in metadata {
            self.violations.length("requestMetadata.key", key, 1, 256);
            self.violations.pattern("requestMetadata.key", key, METADATA_KEY_PATTERN, allowed);
            let member = format_args!("requestMetadata.{key}.member");
            self.violations.length(member, value, 0, 256);
            self.violations.pattern(member, value, METADATA_VALUE_PATTERN, allowed);
        }
    }

    fn block(&mut self, member: Arguments<'_>, block: &ContentBlock) {
        self.media(format_args!("{member}.image"), block.image.as_deref(), IMAGE_FORMATS);
        self.media(format_args!("{member}.video"), block.video.as_deref(), VIDEO_FORMATS);
        self.media(format_args!("{member}.audio"), block.audio.as_deref(), AUDIO_FORMATS);
        self.document(format_args!("{member}.document"), block.document.as_deref());
        self.guarded(member, block.guard_content.as_deref());
        self.cache_point(member, block.cache_point.as_ref());
        self.search_result(format_args!("{member}.searchResult"), block.search_result.as_deref());
        for (name, change) in [("toolAddition", &block.tool_addition), ("toolRemoval", &block.tool_removal)] {
            if let Some(change) = change {
                self.violations.required(format_args!("{member}.{name}.tool"), &change.tool);
            }
        }
        if let Some(reasoning) = block.reasoning_content.as_ref().and_then(|content| content.reasoning_text.as_ref()) {
            self.violations.required(format_args!("{member}.reasoningContent.reasoningText.text"), &reasoning.text);
        }
        if let Some(tool) = &block.tool_use {
            self.id(format_args!("{member}.toolUse.toolUseId"), tool.tool_use_id.as_ref());
            self.name(format_args!("{member}.toolUse.name"), tool.name.as_ref());
            self.violations.required(format_args!("{member}.toolUse.input"), &tool.input);
            if let Some(kind) = &tool.kind {
                self.violations.one_of(format_args!("{member}.toolUse.type"), kind, &["server_tool_use"]);
            }
        }
        let Some(result) = &block.tool_result else { return };
        self.id(format_args!("{member}.toolResult.toolUseId"), result.tool_use_id.as_ref());
        self.violations.required(format_args!("{member}.toolResult.content"), &result.content);
        if let Some(status) = &result.status {
            self.violations.one_of(format_args!("{member}.toolResult.status"), status, &["success", "error"]);
        }
        for (place, part) in result.parts().iter().enumerate() {
            self.tool_result_part(format_args!("{member}.toolResult.content.{}.member", place + 1), part);
        }
    }

    fn tool_result_part(&mut self, member: Arguments<'_>, part: &ToolResultContent) {
        self.media(format_args!("{member}.image"), part.image.as_deref(), IMAGE_FORMATS);
        self.media(format_args!("{member}.video"), part.video.as_deref(), VIDEO_FORMATS);
        self.document(format_args!("{member}.document"), part.document.as_deref());
        self.search_result(format_args!("{member}.searchResult"), part.search_result.as_deref());
    }

    fn media(&mut self, member: Arguments<'_>, media: Option<&Media>, formats: &[&str]) {
        let Some(media) = media else { return };
        self.enumeration(format_args!("{member}.format"), media.format.as_deref(), formats);
        self.source(format_args!("{member}.source"), media.source.as_ref());
    }

    fn document(&mut self, member: Arguments<'_>, document: Option<&Document>) {
        let Some(document) = document else { return };
        if let Some(format) = &document.format {
            self.violations.one_of(format_args!("{member}.format"), format, DOCUMENT_FORMATS);
        }
        match &document.name {
            Some(name) => self.violations.length(format_args!("{member}.name"), name, 1, 200),
            None => self.violations.missing(format_args!("{member}.name")),
        }
        self.source(format_args!("{member}.source"), document.source.as_ref());
        if let Some(citations) = &document.citations {
            self.violations.required(format_args!("{member}.citations.enabled"), &citations.enabled);
        }
    }

    fn source(&mut self, member: Arguments<'_>, source: Option<&Source>) {
        let Some(source) = source else { return self.violations.missing(member) };
        if source.bytes.as_ref().is_some_and(|bytes| bytes.0.is_empty()) {
            let member = format_args!("{member}.bytes");
            self.violations.add_unprinted(member, "have length greater than or equal to 1");
        }
        let Some(location) = &source.s3_location else { return };
        let member = format_args!("{member}.s3Location");
        match &location.uri {
            Some(uri) => {
                self.violations.length(format_args!("{member}.uri"), uri, 1, 1024);
                if !is_s3_uri(uri) {
                    let constraint = format!("satisfy regular expression pattern: {S3_URI_PATTERN}");
                    self.violations.add(uri, format_args!("{member}.uri"), constraint);
                }
            }
            None => self.violations.missing(format_args!("{member}.uri")),
        }
        if let Some(owner) = &location.bucket_owner
            && (owner.len() != 12 || !owner.bytes().all(|byte| byte.is_ascii_digit()))
        {
            let constraint = "satisfy regular expression pattern: [0-9]{12}";
            self.violations.add(owner, format_args!("{member}.bucketOwner"), constraint);
        }
    }

    fn guarded(&mut self, member: Arguments<'_>, guarded: Option<&GuardContent>) {
        let Some(guarded) = guarded else { return };
        let member = format_args!("{member}.guardContent");
        if let Some(text) = &guarded.text {
            self.violations.required(format_args!("{member}.text.text"), &text.text);
            for (place, qualifier) in text.qualifiers.iter().flatten().enumerate() {
                let member = format_args!("{member}.text.qualifiers.{}.member", place + 1);
                self.violations.one_of(member, qualifier, &["grounding_source", "query", "guard_content"]);
            }
        }
        self.media(format_args!("{member}.image"), guarded.image.as_ref(), GUARDED_IMAGE_FORMATS);
    }

    fn cache_point(&mut self, member: Arguments<'_>, cache: Option<&CachePoint>) {
        let Some(cache) = cache else { return };
        self.enumeration(format_args!("{member}.cachePoint.type"), cache.kind.as_deref(), &["default"]);
        if let Some(ttl) = &cache.ttl {
            self.violations.one_of(format_args!("{member}.cachePoint.ttl"), ttl, &["5m", "1h"]);
        }
    }

    fn search_result(&mut self, member: Arguments<'_>, result: Option<&SearchResult>) {
        let Some(result) = result else { return };
        self.violations.required(format_args!("{member}.source"), &result.source);
        self.violations.required(format_args!("{member}.title"), &result.title);
        self.violations.required(format_args!("{member}.content"), &result.content);
        for (place, block) in result.content.iter().flatten().enumerate() {
            self.violations.required(format_args!("{member}.content.{}.member.text", place + 1), &block.text);
        }
        if let Some(citations) = &result.citations {
            self.violations.required(format_args!("{member}.citations.enabled"), &citations.enabled);
        }
    }

    fn enumeration(&mut self, member: Arguments<'_>, value: Option<&str>, values: &[&str]) {
        match value {
            Some(value) => self.violations.one_of(member, value, values),
            None => self.violations.missing(member),
        }
    }

    fn not_empty(&mut self, member: Arguments<'_>, text: Option<&str>) {
        if let Some(text) = text {
            self.violations.length(member, text, 1, usize::MAX);
        }
    }

    fn at_most(&mut self, member: Arguments<'_>, list: &[String], max: usize) {
        if list.len() > max {
            let constraint = format!("have length less than or equal to {max}");
            self.violations.add(format!("[{}]", list.join(", ")), member, constraint);
        }
    }

    fn id(&mut self, member: Arguments<'_>, id: Option<&String>) {
        let Some(id) = id else { return self.violations.missing(member) };
        let allowed = |letter: char| letter.is_ascii_alphanumeric() || "_.:-".contains(letter);
        self.violations.length(member, id, 1, 64);
        self.violations.pattern(member, id, ID_PATTERN, allowed);
    }

    fn name(&mut self, member: Arguments<'_>, name: Option<&String>) {
        let Some(name) = name else { return self.violations.missing(member) };
        let allowed = |letter: char| letter.is_ascii_alphanumeric() || "_-".contains(letter);
        self.violations.length(member, name, 1, 64);
        self.violations.pattern(member, name, NAME_PATTERN, allowed);
    }
}

/// A bucket of 3 to 63 letters, and perhaps a key.
pub fn is_s3_uri(uri: &str) -> bool {
    let Some(path) = uri.strip_prefix("s3://") else { return false };
    let bucket = path.split('/').next().unwrap_or_default();
    let is_edge = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = bucket.as_bytes();
    let edges = bytes.first().is_some_and(is_edge) && bytes.last().is_some_and(is_edge);
    edges && (3..=63).contains(&bytes.len()) && bytes.iter().all(|byte| is_edge(byte) || b".-".contains(byte))
}
