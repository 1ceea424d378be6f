//! One call, as the one reply sees it that answers.

use super::Defaults;
use super::chance::Chance;
use super::scene::Scene;
use super::text::Captures;
use crate::kernel::Timestamp;

/// What a reply can draw on when it is given.
#[derive(Debug)]
pub struct Moment<'a> {
    pub scene: &'a Scene,
    pub captures: &'a Captures,
    pub defaults: &'a Defaults,
    /// How often the rule has answered in this session, with this time.
    pub count: u32,
    pub now: Timestamp,
    pub chance: Chance<'a>,
}

impl Moment<'_> {
    /// A value of the request by its name in templates; empty if there is none of that name.
    pub fn field(&self, name: &str) -> String {
        let scene = self.scene;
        let last_result = scene.tool_results.last();
        match name {
            "last_user" => scene.last_user.clone(),
            "system" => scene.system.clone(),
            "tool_result" => last_result.map_or_else(String::new, |result| result.text.clone()),
            "tool_use_id" => last_result.map_or_else(String::new, |result| result.tool_use_id.clone()),
            "tools" => scene.tools.join(", "),
            "turn" => scene.turn.to_string(),
            "model" => scene.model.clone(),
            "operation" => scene.operation.name().to_owned(),
            "session" => scene.session.clone(),
            "agent" => scene.agent.clone(),
            "prompt_type" => scene.prompt_type.clone(),
            "knowledge_base" => scene.knowledge_base.clone(),
            "caller" => scene.caller.clone(),
            _ => String::new(),
        }
    }
}
