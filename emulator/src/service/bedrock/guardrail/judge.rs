//! A guardrail at work: found by its identifier and version, and asked about a content.

use std::sync::Arc;

use super::assessment::{self, Content, Measure, Outcome};
use super::policy::sides::{Action, Source};
use super::version::{self, Rules};
use super::{Guardrails, refusal};
use crate::kernel::{ApiError, Call, Caller};
use crate::service::bedrock::Attempt;
use crate::service::bedrock::actor::Actor;
use crate::service::bedrock::asking;
use crate::service::bedrock::ledger::Asked;
use crate::service::bedrock::script::{Act, ModelOperation, Said, Scene};
use serde_json::{Value, json};

/// One version of a guardrail, in use.
#[derive(Clone, Debug)]
pub struct Judge {
    pub id: String,
    number: u32,
    rules: Arc<Rules>,
    /// Whether also what was not found is told.
    pub full: bool,
}

impl Judge {
    /// The guardrail that a call names. One whose deletion is under way is there no more.
    pub fn find(
        guardrails: &Guardrails,
        identifier: &str,
        version: &str,
        call: &Call<'_>,
        unknown: fn() -> ApiError,
    ) -> Result<Self, ApiError> {
        let (id, found) = guardrails.find(identifier, call.scope).map_err(|_| unknown())?;
        let number = version::number(version);
        let version = found.version(number).ok_or_else(refusal::no_such_in_use)?;
        Ok(Self { id: id.to_owned(), number, rules: Arc::clone(&version.rules), full: false })
    }

    /// Judges a content, after asking the script what only a model would find.
    pub fn judge(
        &self,
        source: Source,
        content: &Content,
        actor: &Actor,
        attempt: Attempt,
        call: &Call<'_>,
    ) -> Result<Outcome, ApiError> {
        let script = self.ask(source, content, actor, attempt, call)?;
        Ok(self.measure(source, content, script.as_ref(), call))
    }

    /// The same where the script has spoken already.
    pub fn measure(&self, source: Source, content: &Content, script: Option<&Value>, call: &Call<'_>) -> Outcome {
        let Rules { definition, screen } = &*self.rules;
        let measure = Measure { definition, screen, source, full: self.full };
        let mut outcome = assessment::assess(measure, content, script);
        let applied = json!({
            "guardrailId": self.id,
            "guardrailVersion": version::written(self.number),
            "guardrailArn": version::arn(&self.id, call.scope),
            "guardrailOrigin": ["REQUEST"],
            "guardrailOwnership": "SELF",
        });
        outcome.assessment.insert("appliedGuardrailDetails".to_owned(), applied);
        self.note(source, &outcome, call);
        outcome
    }

    /// Whether it measures answers by a source.
    pub fn measures_grounding(&self) -> bool {
        self.rules.definition.policies.contextual_grounding_policy.is_some()
    }

    /// What is said in place of what was blocked.
    pub fn blocked_message(&self, source: Source) -> String {
        let definition = &self.rules.definition;
        let message = match source {
            Source::Input => &definition.blocked_input_messaging,
            Source::Output => &definition.blocked_outputs_messaging,
        };
        message.clone().unwrap_or_default()
    }

    /// What a rule of the script says that is found, if one for guardrails fits.
    fn ask(
        &self,
        source: Source,
        content: &Content,
        actor: &Actor,
        attempt: Attempt,
        call: &Call<'_>,
    ) -> Result<Option<Value>, ApiError> {
        let Caller { app, access_key_id } = call.caller;
        let text = content.guarded_text();
        let (role, side) = match source {
            Source::Input => ("user", "INPUT"),
            Source::Output => ("assistant", "OUTPUT"),
        };
        let scene = Scene {
            operation: ModelOperation::ApplyGuardrail,
            last_user: text.clone(),
            messages: vec![Said { role: role.to_owned(), text }],
            prompt_type: side.to_owned(),
            caller: if app.is_empty() { access_key_id } else { app }.to_string(),
            ..Scene::default()
        };
        let asked = Asked { event: call.event, at: call.now, account: call.scope.account.to_string(), attempt };
        let Some(cue) = actor.ask_if_scripted(scene, asked, call.ids()) else { return Ok(None) };
        match cue.act.map_err(ApiError::validation)? {
            Act::Speak(performance) => Ok(performance.guardrail),
            Act::Refuse(fault) => Err(asking::refusal(fault)),
            _ => Err(ApiError::not_implemented("silence as a guardrail's answer")),
        }
    }

    /// An intervention is told on the call's event.
    fn note(&self, source: Source, outcome: &Outcome, call: &Call<'_>) {
        let side = if source == Source::Input { "input" } else { "output" };
        let what = match outcome.action {
            Action::None => return,
            Action::Anonymize => "masked",
            Action::Block => "blocked",
        };
        call.note(format!("guardrail {}: {side} {what}", self.rules.definition.name()));
    }
}
