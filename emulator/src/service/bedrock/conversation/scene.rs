//! A conversation as a script sees it.

use super::super::estimate::Estimate;
use super::super::script::{ModelOperation, Said, Scene, ToolResult};
use super::content::{Document, SearchResult, Source};
use super::{ContentBlock, Conversation, Message, Tool, ToolResultBlock, ToolResultContent};

/// Metadata of a request that names the session a rule may ask for.
const SESSION: &[&str] = &["session", "sessionId"];

impl Conversation {
    pub fn scene(&self, operation: ModelOperation) -> Scene {
        let messages = self.messages();
        let own = self.system().iter().filter_map(|block| block.said().map(str::to_owned));
        let later = messages.iter().filter(|message| message.is_of("system")).map(Message::text);
        let system: Vec<String> = own.chain(later).filter(|text| !text.is_empty()).collect();
        let users = messages.iter().rev().filter(|message| message.is_of("user"));
        let last_user = users.map(Message::text).find(|text| !text.is_empty()).unwrap_or_default();
        let turn = messages.iter().filter(|message| message.is_of("assistant")).count();
        let metadata = |name: &&str| self.request_metadata.as_ref()?.get(*name);
        Scene {
            operation,
            model: self.model_id.clone(),
            system: system.join("\n"),
            last_user,
            messages: messages.iter().map(said).collect(),
            tool_results: self.tool_results(),
            tools: self.tools_on_offer(),
            turn: u32::try_from(turn).unwrap_or(u32::MAX),
            session: SESSION.iter().find_map(metadata).cloned().unwrap_or_default(),
            max_tokens: self.inference_config.as_ref().and_then(|config| u32::try_from(config.max_tokens?).ok()),
            input_tokens: self.estimate().tokens(),
            ..Scene::default()
        }
    }

    /// The tools of the configuration, but for those that were taken away since.
    fn tools_on_offer(&self) -> Vec<String> {
        let mut tools: Vec<String> = self.tools().filter_map(|tool| tool.name().map(str::to_owned)).collect();
        for block in self.messages().iter().flat_map(Message::blocks) {
            let name = |change: &super::content::ToolChange| change.tool.as_ref()?.name.clone();
            if let Some(gone) = block.tool_removal.as_ref().and_then(name) {
                tools.retain(|tool| *tool != gone);
            }
            if let Some(come) = block.tool_addition.as_ref().and_then(name)
                && !tools.contains(&come)
            {
                tools.push(come);
            }
        }
        tools
    }

    /// What the last message brings back, each with the name under which it was asked for.
    fn tool_results(&self) -> Vec<ToolResult> {
        let name_of = |id: &str| {
            let blocks = self.messages().iter().rev().flat_map(Message::blocks);
            let mut uses = blocks.filter_map(|block| block.tool_use.as_ref());
            uses.find(|tool| tool.tool_use_id.as_deref() == Some(id)).and_then(|tool| tool.name.clone())
        };
        let last = self.messages().last().map(Message::blocks).unwrap_or_default();
        let results = last.iter().filter_map(|block| block.tool_result.as_ref());
        let result = |result: &ToolResultBlock| {
            let tool_use_id = result.tool_use_id.clone().unwrap_or_default();
            let texts: Vec<String> = result.parts().iter().filter_map(ToolResultContent::said).collect();
            ToolResult {
                name: name_of(&tool_use_id).unwrap_or_default(),
                text: texts.join("\n"),
                is_error: result.status.as_deref() == Some("error"),
                tool_use_id,
            }
        };
        results.map(result).collect()
    }

    /// What all of it costs.
    pub fn estimate(&self) -> Estimate {
        let mut estimate = Estimate::default();
        for block in self.system() {
            estimate.text(block.said());
        }
        for block in self.messages().iter().flat_map(Message::blocks) {
            block.estimate(&mut estimate);
        }
        for tool in self.tools() {
            tool.estimate(&mut estimate);
        }
        estimate
    }
}

fn said(message: &Message) -> Said {
    Said { role: message.role.clone().unwrap_or_default(), text: message.text() }
}

impl ContentBlock {
    fn estimate(&self, estimate: &mut Estimate) {
        estimate.text(self.said().as_deref());
        for media in [&self.image, &self.video, &self.audio].into_iter().flatten() {
            estimate.media(media.source.is_some());
        }
        if let Some(document) = &self.document {
            document.estimate(estimate);
        }
        if let Some(result) = &self.search_result {
            result.estimate(estimate);
        }
        if let Some(reasoning) = self.reasoning_content.as_ref().and_then(|content| content.reasoning_text.as_ref()) {
            estimate.text(reasoning.text.as_deref());
        }
        if let Some(tool) = &self.tool_use {
            estimate.text(tool.name.as_deref());
            estimate.json(tool.input.as_ref());
        }
        for part in self.tool_result.iter().flat_map(ToolResultBlock::parts) {
            part.estimate(estimate);
        }
    }
}

impl ToolResultContent {
    fn said(&self) -> Option<String> {
        self.text.clone().or_else(|| self.json.as_ref().map(ToString::to_string))
    }

    fn estimate(&self, estimate: &mut Estimate) {
        estimate.text(self.text.as_deref());
        estimate.json(self.json.as_ref());
        for media in [&self.image, &self.video].into_iter().flatten() {
            estimate.media(media.source.is_some());
        }
        if let Some(document) = &self.document {
            document.estimate(estimate);
        }
        if let Some(result) = &self.search_result {
            result.estimate(estimate);
        }
    }
}

impl Document {
    /// A document that is text counts as its text.
    fn estimate(&self, estimate: &mut Estimate) {
        estimate.text(self.context.as_deref());
        let Some(Source { bytes, s3_location, text, content }) = &self.source else { return };
        estimate.text(text.as_deref());
        for block in content.iter().flatten() {
            estimate.text(block.text.as_deref());
        }
        match (bytes, self.format.as_deref()) {
            (Some(bytes), Some("txt" | "md" | "csv" | "html")) => {
                estimate.text(Some(&String::from_utf8_lossy(&bytes.0)));
            }
            (bytes, _) => estimate.media(bytes.is_some() || s3_location.is_some()),
        }
    }
}

impl SearchResult {
    fn estimate(&self, estimate: &mut Estimate) {
        estimate.text(self.title.as_deref());
        for block in self.content.iter().flatten() {
            estimate.text(block.text.as_deref());
        }
    }
}

impl Tool {
    fn estimate(&self, estimate: &mut Estimate) {
        estimate.text(self.name());
        let Some(spec) = &self.tool_spec else { return };
        estimate.text(spec.description.as_deref());
        estimate.json(spec.input_schema.as_ref().and_then(|schema| schema.json.as_ref()));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_script_sees_every_message_tool_and_result() {
        let request = json!({
            "modelId": "m.m",
            "system": [{"text": "an agent"}, {"cachePoint": {"type": "default"}}, {"guardContent": {"text": {"text": "guarded"}}}],
            "requestMetadata": {"sessionId": "s-1"},
            "toolConfig": {"tools": [
                {"toolSpec": {"name": "get", "inputSchema": {"json": {}}}}, {"toolSpec": {"name": "put", "inputSchema": {"json": {}}}},
                {"systemTool": {"name": "browser"}}, {"cachePoint": {"type": "default"}},
            ]},
            "messages": [
                {"role": "user", "content": [{"text": "find"}, {"guardContent": {"text": {"text": "it"}}}, {"image": {"format": "png", "source": {"bytes": "AA=="}}}]},
                {"role": "assistant", "content": [{"reasoningContent": {"reasoningText": {"text": "hm"}}}, {"toolUse": {"toolUseId": "t", "name": "get", "input": {}}}]},
                {"role": "system", "content": [{"toolRemoval": {"tool": {"name": "put"}}}, {"text": "be quick"}]},
                {"role": "user", "content": [{"toolResult": {"toolUseId": "t", "status": "error", "content": [{"text": "no"}, {"json": {"a": 1}}]}}]},
            ],
        });
        let conversation: Conversation = serde_json::from_value(request).unwrap();
        let scene = conversation.scene(ModelOperation::Converse);
        assert_eq!(scene.system, "an agent\nguarded\nbe quick");
        assert_eq!((&*scene.last_user, scene.turn, &*scene.session), ("find\nit", 1, "s-1"));
        assert_eq!(scene.tools, ["get", "browser"]);
        let said: Vec<(&str, &str)> = scene.messages.iter().map(|said| (&*said.role, &*said.text)).collect();
        assert_eq!(said, [("user", "find\nit"), ("assistant", ""), ("system", "be quick"), ("user", "")]);
        let [result] = &scene.tool_results[..] else { panic!("{:?}", scene.tool_results) };
        assert_eq!((&*result.tool_use_id, &*result.name, &*result.text), ("t", "get", "no\n{\"a\":1}"));
        assert!(result.is_error);
        assert!(scene.input_tokens > 1600, "an image has its price: {}", scene.input_tokens);
    }
}
