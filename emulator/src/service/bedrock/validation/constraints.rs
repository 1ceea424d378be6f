//! The constraints of AWS's model on a conversation, member by member.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html#API_runtime_Converse_RequestSyntax>

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
            let member = format!("{prefix}messages.{}.member", index + 1);
            self.enumeration(&format!("{member}.role"), message.role.as_deref(), &["user", "assistant", "system"]);
            self.violations.required(&format!("{member}.content"), &message.content);
            for (place, block) in message.blocks().iter().enumerate() {
                self.block(&format!("{member}.content.{}.member", place + 1), block);
            }
        }
    }

    fn system(&mut self, conversation: &Conversation, prefix: &str) {
        for (index, block) in conversation.system().iter().enumerate() {
            let member = format!("{prefix}system.{}.member", index + 1);
            self.not_empty(&format!("{member}.text"), block.text.as_deref());
            self.guarded(&member, block.guard_content.as_ref());
            self.cache_point(&member, block.cache_point.as_ref());
        }
    }

    fn tools(&mut self, conversation: &Conversation, prefix: &str) {
        let Some(config) = &conversation.tool_config else { return };
        let member = format!("{prefix}toolConfig.tools");
        self.violations.required(&member, &config.tools);
        if config.tools.as_ref().is_some_and(Vec::is_empty) {
            self.violations.add("[]", &member, "have length greater than or equal to 1");
        }
        for (index, tool) in config.tools.iter().flatten().enumerate() {
            let member = format!("{member}.{}.member", index + 1);
            if let Some(spec) = &tool.tool_spec {
                let member = format!("{member}.toolSpec");
                self.name(&format!("{member}.name"), spec.name.as_ref());
                self.violations.required(&format!("{member}.inputSchema"), &spec.input_schema);
                self.not_empty(&format!("{member}.description"), spec.description.as_deref());
            }
            if let Some(system) = &tool.system_tool {
                self.name(&format!("{member}.systemTool.name"), system.name.as_ref());
            }
            self.cache_point(&member, tool.cache_point.as_ref());
        }
        if let Some(tool) = config.tool_choice.as_ref().and_then(|choice| choice.tool.as_ref()) {
            self.name(&format!("{prefix}toolConfig.toolChoice.tool.name"), tool.name.as_ref());
        }
    }

    fn inference(&mut self, conversation: &Conversation) {
        let Some(config) = &conversation.inference_config else { return };
        if let Some(max_tokens) = config.max_tokens {
            self.violations.range("inferenceConfig.maxTokens", max_tokens, 1, i64::from(i32::MAX));
        }
        let fractions = [("temperature", config.temperature), ("topP", config.top_p)];
        for (name, value) in fractions.into_iter().filter_map(|(name, value)| Some((name, value?))) {
            let member = format!("inferenceConfig.{name}");
            if value < 0.0 {
                self.violations.add(value, &member, "have value greater than or equal to 0");
            }
            if value > 1.0 {
                self.violations.add(value, &member, "have value less than or equal to 1");
            }
        }
        let sequences = config.stop_sequences.as_deref().unwrap_or_default();
        self.at_most("inferenceConfig.stopSequences", sequences, STOP_SEQUENCES_MAX);
        for (index, sequence) in sequences.iter().enumerate() {
            self.not_empty(&format!("inferenceConfig.stopSequences.{}.member", index + 1), Some(sequence));
        }
    }

    fn settings(&mut self, conversation: &Conversation) {
        let paths = conversation.additional_model_response_field_paths.as_deref().unwrap_or_default();
        self.at_most("additionalModelResponseFieldPaths", paths, RESPONSE_PATHS_MAX);
        for (index, path) in paths.iter().enumerate() {
            let member = format!("additionalModelResponseFieldPaths.{}.member", index + 1);
            self.violations.length(&member, path, 1, 256);
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
            self.enumeration("outputConfig.textFormat.type", format.kind.as_deref(), &["json_schema"]);
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
            let member = format!("requestMetadata.{key}.member");
            self.violations.length(&member, value, 0, 256);
            self.violations.pattern(&member, value, METADATA_VALUE_PATTERN, allowed);
        }
    }

    fn block(&mut self, member: &str, block: &ContentBlock) {
        self.media(&format!("{member}.image"), block.image.as_ref(), IMAGE_FORMATS);
        self.media(&format!("{member}.video"), block.video.as_ref(), VIDEO_FORMATS);
        self.media(&format!("{member}.audio"), block.audio.as_ref(), AUDIO_FORMATS);
        self.document(&format!("{member}.document"), block.document.as_ref());
        self.guarded(member, block.guard_content.as_ref());
        self.cache_point(member, block.cache_point.as_ref());
        self.search_result(&format!("{member}.searchResult"), block.search_result.as_ref());
        for (name, change) in [("toolAddition", &block.tool_addition), ("toolRemoval", &block.tool_removal)] {
            if let Some(change) = change {
                self.violations.required(&format!("{member}.{name}.tool"), &change.tool);
            }
        }
        if let Some(reasoning) = block.reasoning_content.as_ref().and_then(|content| content.reasoning_text.as_ref()) {
            self.violations.required(&format!("{member}.reasoningContent.reasoningText.text"), &reasoning.text);
        }
        if let Some(tool) = &block.tool_use {
            self.id(&format!("{member}.toolUse.toolUseId"), tool.tool_use_id.as_ref());
            self.name(&format!("{member}.toolUse.name"), tool.name.as_ref());
            self.violations.required(&format!("{member}.toolUse.input"), &tool.input);
            if let Some(kind) = &tool.kind {
                self.violations.one_of(&format!("{member}.toolUse.type"), kind, &["server_tool_use"]);
            }
        }
        let Some(result) = &block.tool_result else { return };
        self.id(&format!("{member}.toolResult.toolUseId"), result.tool_use_id.as_ref());
        self.violations.required(&format!("{member}.toolResult.content"), &result.content);
        if let Some(status) = &result.status {
            self.violations.one_of(&format!("{member}.toolResult.status"), status, &["success", "error"]);
        }
        for (place, part) in result.parts().iter().enumerate() {
            self.tool_result_part(&format!("{member}.toolResult.content.{}.member", place + 1), part);
        }
    }

    fn tool_result_part(&mut self, member: &str, part: &ToolResultContent) {
        self.media(&format!("{member}.image"), part.image.as_ref(), IMAGE_FORMATS);
        self.media(&format!("{member}.video"), part.video.as_ref(), VIDEO_FORMATS);
        self.document(&format!("{member}.document"), part.document.as_ref());
        self.search_result(&format!("{member}.searchResult"), part.search_result.as_ref());
    }

    fn media(&mut self, member: &str, media: Option<&Media>, formats: &[&str]) {
        let Some(media) = media else { return };
        self.enumeration(&format!("{member}.format"), media.format.as_deref(), formats);
        self.source(&format!("{member}.source"), media.source.as_ref());
    }

    fn document(&mut self, member: &str, document: Option<&Document>) {
        let Some(document) = document else { return };
        if let Some(format) = &document.format {
            self.violations.one_of(&format!("{member}.format"), format, DOCUMENT_FORMATS);
        }
        match &document.name {
            Some(name) => self.violations.length(&format!("{member}.name"), name, 1, 200),
            None => self.violations.missing(&format!("{member}.name")),
        }
        self.source(&format!("{member}.source"), document.source.as_ref());
        if let Some(citations) = &document.citations {
            self.violations.required(&format!("{member}.citations.enabled"), &citations.enabled);
        }
    }

    fn source(&mut self, member: &str, source: Option<&Source>) {
        let Some(source) = source else { return self.violations.missing(member) };
        if source.bytes.as_ref().is_some_and(|bytes| bytes.0.is_empty()) {
            let member = format!("{member}.bytes");
            self.violations.add_unprinted(&member, "have length greater than or equal to 1");
        }
        let Some(location) = &source.s3_location else { return };
        let member = format!("{member}.s3Location");
        match &location.uri {
            Some(uri) => {
                self.violations.length(&format!("{member}.uri"), uri, 1, 1024);
                if !is_s3_uri(uri) {
                    let constraint = format!("satisfy regular expression pattern: {S3_URI_PATTERN}");
                    self.violations.add(uri, &format!("{member}.uri"), constraint);
                }
            }
            None => self.violations.missing(&format!("{member}.uri")),
        }
        if let Some(owner) = &location.bucket_owner
            && (owner.len() != 12 || !owner.bytes().all(|byte| byte.is_ascii_digit()))
        {
            let constraint = "satisfy regular expression pattern: [0-9]{12}";
            self.violations.add(owner, &format!("{member}.bucketOwner"), constraint);
        }
    }

    fn guarded(&mut self, member: &str, guarded: Option<&GuardContent>) {
        let Some(guarded) = guarded else { return };
        let member = format!("{member}.guardContent");
        if let Some(text) = &guarded.text {
            self.violations.required(&format!("{member}.text.text"), &text.text);
            for (place, qualifier) in text.qualifiers.iter().flatten().enumerate() {
                let member = format!("{member}.text.qualifiers.{}.member", place + 1);
                self.violations.one_of(&member, qualifier, &["grounding_source", "query", "guard_content"]);
            }
        }
        self.media(&format!("{member}.image"), guarded.image.as_ref(), GUARDED_IMAGE_FORMATS);
    }

    fn cache_point(&mut self, member: &str, cache: Option<&CachePoint>) {
        let Some(cache) = cache else { return };
        self.enumeration(&format!("{member}.cachePoint.type"), cache.kind.as_deref(), &["default"]);
        if let Some(ttl) = &cache.ttl {
            self.violations.one_of(&format!("{member}.cachePoint.ttl"), ttl, &["5m", "1h"]);
        }
    }

    fn search_result(&mut self, member: &str, result: Option<&SearchResult>) {
        let Some(result) = result else { return };
        self.violations.required(&format!("{member}.source"), &result.source);
        self.violations.required(&format!("{member}.title"), &result.title);
        self.violations.required(&format!("{member}.content"), &result.content);
        for (place, block) in result.content.iter().flatten().enumerate() {
            self.violations.required(&format!("{member}.content.{}.member.text", place + 1), &block.text);
        }
        if let Some(citations) = &result.citations {
            self.violations.required(&format!("{member}.citations.enabled"), &citations.enabled);
        }
    }

    fn enumeration(&mut self, member: &str, value: Option<&str>, values: &[&str]) {
        match value {
            Some(value) => self.violations.one_of(member, value, values),
            None => self.violations.missing(member),
        }
    }

    fn not_empty(&mut self, member: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.violations.length(member, text, 1, usize::MAX);
        }
    }

    fn at_most(&mut self, member: &str, list: &[String], max: usize) {
        if list.len() > max {
            let constraint = format!("have length less than or equal to {max}");
            self.violations.add(format!("[{}]", list.join(", ")), member, constraint);
        }
    }

    fn id(&mut self, member: &str, id: Option<&String>) {
        let Some(id) = id else { return self.violations.missing(member) };
        let allowed = |letter: char| letter.is_ascii_alphanumeric() || "_.:-".contains(letter);
        self.violations.length(member, id, 1, 64);
        self.violations.pattern(member, id, ID_PATTERN, allowed);
    }

    fn name(&mut self, member: &str, name: Option<&String>) {
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
