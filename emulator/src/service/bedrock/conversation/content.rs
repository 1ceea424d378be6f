//! What messages are made of: text, media, tools and what comes back from them.
//!
//! Unions are structures of which one member is set; the validation sees to it.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::Value;

use crate::wire::Blob;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Message {
    pub role: Option<String>,
    pub content: Option<Vec<ContentBlock>>,
}

/// A union. What is large is boxed: most blocks are texts, and each is moved several times.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ContentBlock {
    pub text: Option<String>,
    pub image: Option<Box<Media>>,
    pub document: Option<Box<Document>>,
    pub video: Option<Box<Media>>,
    pub audio: Option<Box<Media>>,
    pub tool_use: Option<ToolUseBlock>,
    pub tool_result: Option<ToolResultBlock>,
    pub guard_content: Option<Box<GuardContent>>,
    pub cache_point: Option<CachePoint>,
    pub reasoning_content: Option<ReasoningContent>,
    pub citations_content: Option<CitationsContent>,
    pub search_result: Option<Box<SearchResult>>,
    pub tool_addition: Option<ToolChange>,
    pub tool_removal: Option<ToolChange>,
}

/// A union.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SystemBlock {
    pub text: Option<String>,
    pub guard_content: Option<Box<GuardContent>>,
    pub cache_point: Option<CachePoint>,
}

/// An image, a video or a sound.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Media {
    pub format: Option<String>,
    pub source: Option<Source>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Document {
    pub format: Option<String>,
    pub name: Option<String>,
    pub source: Option<Source>,
    pub context: Option<String>,
    pub citations: Option<CitationsConfig>,
}

/// A union. Documents have all four, other media the first two.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Source {
    pub bytes: Option<Blob>,
    pub s3_location: Option<S3Location>,
    pub text: Option<String>,
    pub content: Option<Vec<TextBlock>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct S3Location {
    pub uri: Option<String>,
    pub bucket_owner: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct TextBlock {
    pub text: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct CitationsConfig {
    pub enabled: Option<bool>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ToolUseBlock {
    pub tool_use_id: Option<String>,
    pub name: Option<String>,
    pub input: Option<Value>,
    #[serde(rename = "type")]
    pub kind: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ToolResultBlock {
    pub tool_use_id: Option<String>,
    pub content: Option<Vec<ToolResultContent>>,
    pub status: Option<String>,
}

/// A union.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ToolResultContent {
    pub text: Option<String>,
    pub json: Option<Value>,
    pub image: Option<Box<Media>>,
    pub document: Option<Box<Document>>,
    pub video: Option<Box<Media>>,
    pub search_result: Option<Box<SearchResult>>,
}

/// What a guardrail looks at, and nothing else. A union.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct GuardContent {
    pub text: Option<GuardText>,
    pub image: Option<Media>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct GuardText {
    pub text: Option<String>,
    pub qualifiers: Option<Vec<String>>,
}

/// Says what a prompt cache keeps. Nothing is cached here.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct CachePoint {
    #[serde(rename = "type")]
    pub kind: Option<String>,
    pub ttl: Option<String>,
}

/// A union.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ReasoningContent {
    pub reasoning_text: Option<ReasoningText>,
    pub redacted_content: Option<Blob>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ReasoningText {
    pub text: Option<String>,
    pub signature: Option<String>,
}

/// Text of an answer before, with what it was taken from.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct CitationsContent {
    pub content: Option<Vec<TextBlock>>,
    pub citations: Option<Vec<Value>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct SearchResult {
    pub source: Option<String>,
    pub title: Option<String>,
    pub content: Option<Vec<TextBlock>>,
    pub citations: Option<CitationsConfig>,
}

/// A tool that comes or goes in the middle of a conversation.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ToolChange {
    pub tool: Option<ToolReference>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ToolReference {
    pub name: Option<String>,
}

impl Message {
    pub fn blocks(&self) -> &[ContentBlock] {
        self.content.as_deref().unwrap_or_default()
    }

    pub fn is_of(&self, role: &str) -> bool {
        self.role.as_deref() == Some(role)
    }

    /// What is said in it, without what tools say.
    pub fn text(&self) -> String {
        let texts: Vec<Cow<'_, str>> = self.blocks().iter().filter_map(ContentBlock::said).collect();
        texts.join("\n")
    }
}

impl ContentBlock {
    /// The block's words, if it is one that has any.
    pub fn said(&self) -> Option<Cow<'_, str>> {
        if let Some(text) = &self.text {
            return Some(text.into());
        }
        if let Some(guarded) = &self.guard_content {
            return guarded.said().map(Cow::Borrowed);
        }
        let cited = self.citations_content.as_ref()?;
        let texts: Vec<&str> = cited.content.iter().flatten().filter_map(|block| block.text.as_deref()).collect();
        Some(texts.concat().into())
    }
}

impl SystemBlock {
    pub fn said(&self) -> Option<&str> {
        self.text.as_deref().or_else(|| self.guard_content.as_ref()?.said())
    }
}

impl GuardContent {
    pub fn said(&self) -> Option<&str> {
        self.text.as_ref()?.text.as_deref()
    }
}

impl ToolResultBlock {
    pub fn parts(&self) -> &[ToolResultContent] {
        self.content.as_deref().unwrap_or_default()
    }
}
