//! A guardrail around a turn: it judges what the user says before the model is asked, and what the agent answers.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/userguide/agents-guardrail.html>
//!
//! What tools are asked and bring back is not judged, nor what the caller brings back in a continuation (assumed). What
//! a guardrail blocks of the user's is not remembered by the session (assumed). A streamed answer is judged in intervals
//! of so many characters, each by itself: what is blocked ends the answer.

use serde_json::{Map, Value};

use super::{Turn, first_stage};
use crate::kernel::{ApiError, Call, Timestamp};
use crate::service::bedrock::agent_runtime::failure::Exception;
use crate::service::bedrock::agent_runtime::retrieval::answer::Answer;
use crate::service::bedrock::guardrail::assessment::{Content, Outcome};
use crate::service::bedrock::guardrail::judge::Judge;
use crate::service::bedrock::guardrail::policy::sides::{Action, Source};

/// "By default, the guardrail interval is set to 50 characters."
const INTERVAL: usize = 50;

/// The policies that traces of agents tell of.
const POLICIES: [&str; 4] = ["contentPolicy", "sensitiveInformationPolicy", "topicPolicy", "wordPolicy"];

/// What a guardrail makes of an answer.
#[derive(Default)]
pub struct Judged {
    /// What the user hears.
    text: String,
    /// In the shape of the trace: one for each part that was judged.
    assessments: Vec<Value>,
    intervened: bool,
    /// Nothing is said after it.
    is_blocked: bool,
}

/// Pieces of an answer, each at its time.
pub type Pieces = Vec<(Timestamp, String)>;

impl Turn {
    /// The guardrail hears what the user says. What it blocks, the model never hears.
    pub fn hear_user(&mut self, call: &mut Call<'_>) {
        self.stage = first_stage(&self.cast);
        let Some(judge) = self.options.judge.clone() else { return };
        let outcome = match self.judge_text(&judge, Source::Input, &self.work.input.clone(), call) {
            Ok(outcome) => outcome,
            Err(error) => return self.fail_over_guardrail(&error, call),
        };
        self.trace_guardrail(Source::Input, vec![shown(&outcome.assessment)], outcome.intervened(), call.now);
        match outcome.action {
            Action::None => {}
            Action::Anonymize => self.work.rephrase_input(outcome.texts.concat()),
            Action::Block => self.turn_away(&judge.blocked_message(Source::Input), call),
        }
    }

    /// The agent answers, as far as its guardrail lets it.
    pub fn deliver(&mut self, text: String, call: &mut Call<'_>) {
        let judged = match (self.judged.take(), self.options.judge.clone()) {
            (Some(judged), _) => judged,
            (None, Some(judge)) => match self.judge_answer(&judge, text.clone(), call) {
                Ok(judged) => judged,
                Err(error) => return self.fail_over_guardrail(&error, call),
            },
            (None, None) => return self.answer(text, call),
        };
        self.trace_guardrail(Source::Output, judged.assessments, judged.intervened, call.now);
        if judged.text != text && !self.citations.is_empty() {
            self.citations = Answer::citing(&judged.text, &self.work.found, true).citations(&self.work.found);
        }
        self.answer(judged.text, call);
    }

    /// Judges an answer that the caller hears as the model speaks, and puts it in the intervals in which it is judged.
    pub fn judge_pieces(&mut self, pieces: Pieces, call: &mut Call<'_>) -> Result<Pieces, ApiError> {
        let Some(judge) = self.options.judge.clone() else { return Ok(pieces) };
        let length = self.options.streaming.apply_guardrail_interval.unwrap_or(INTERVAL);
        let (mut judged, mut heard) = (Judged::default(), Pieces::new());
        for (at, text) in intervals(pieces, length) {
            let part = self.judge_answer(&judge, text, call)?;
            judged.text.push_str(&part.text);
            judged.assessments.extend(part.assessments);
            judged.intervened |= part.intervened;
            heard.push((at, part.text));
            if part.is_blocked {
                judged.is_blocked = true;
                break;
            }
        }
        self.judged = Some(judged);
        Ok(heard)
    }

    /// Whether the guardrail ends the answer before the model does.
    pub fn is_cut_short(&self) -> bool {
        self.judged.as_ref().is_some_and(|judged| judged.is_blocked)
    }

    fn judge_answer(&self, judge: &Judge, text: String, call: &mut Call<'_>) -> Result<Judged, ApiError> {
        let outcome = self.judge_text(judge, Source::Output, &text, call)?;
        let assessments = vec![shown(&outcome.assessment)];
        let intervened = outcome.intervened();
        let is_blocked = outcome.action == Action::Block;
        let text = match outcome.action {
            Action::None => text,
            Action::Anonymize => outcome.texts.concat(),
            Action::Block => judge.blocked_message(Source::Output),
        };
        Ok(Judged { text, assessments, intervened, is_blocked })
    }

    fn judge_text(&self, judge: &Judge, source: Source, text: &str, call: &mut Call<'_>) -> Result<Outcome, ApiError> {
        let actor = self.cell.shared(call).actor.clone();
        judge.judge(source, &Content::of([text.to_owned()]), &actor, self.attempt(), call)
    }

    /// The script has the guardrail fail.
    pub fn fail_over_guardrail(&mut self, error: &ApiError, call: &mut Call<'_>) {
        let operation = self.cast.operation;
        self.fail(&Exception::of(&error.code, error.status, &error.message, operation), call);
    }
}

/// Joins pieces to intervals of at least so many characters. Each is there when the last of it is.
fn intervals(pieces: Pieces, length: usize) -> Pieces {
    let (mut intervals, mut held) = (Pieces::new(), String::new());
    let last = pieces.len().saturating_sub(1);
    for (place, (at, piece)) in pieces.into_iter().enumerate() {
        held.push_str(&piece);
        if place == last || held.chars().count() >= length {
            intervals.push((at, std::mem::take(&mut held)));
        }
    }
    intervals
}

/// An assessment as traces of agents show it: only those policies in which something was found, and of each finding
/// what it is and what was done about it.
pub fn shown(assessment: &Map<String, Value>) -> Value {
    let mut shown = Map::new();
    for policy in POLICIES {
        let Some(lists) = assessment.get(policy).and_then(Value::as_object) else { continue };
        let mut lists = lists.clone();
        for found in lists.values_mut().filter_map(Value::as_array_mut).flatten().filter_map(Value::as_object_mut) {
            found.remove("detected");
            found.remove("filterStrength");
        }
        shown.insert(policy.to_owned(), Value::Object(lists));
    }
    Value::Object(shown)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn pieces_are_joined_until_they_are_long_enough() {
        for (pieces, length, expected) in [
            (&["Hel", "lo, ", "I ", "am"][..], 3, "0:Hel 1:lo,  3:I am"),
            (&["Hello"], 50, "0:Hello"),
            (&["a", "b", "c"], 50, "2:abc"),
            (&["a", "b", "c"], 1, "0:a 1:b 2:c"),
            (&[], 3, ""),
        ] {
            let pieces = pieces.iter().enumerate();
            let pieces = pieces.map(|(at, text)| (Timestamp::from_secs(at as i64), (*text).to_owned())).collect();
            let told: Vec<String> = intervals(pieces, length)
                .iter()
                .map(|(at, text)| format!("{}:{text}", at.since(Timestamp::from_secs(0)).as_secs()))
                .collect();
            assert_eq!(told.join(" "), expected);
        }
    }

    #[test]
    fn an_assessment_shows_what_agents_tell_of_it() {
        let assessment = json!({
            "wordPolicy": {"customWords": [{"match": "x", "action": "BLOCKED", "detected": true}], "managedWordLists": []},
            "contextualGroundingPolicy": {"filters": []},
            "invocationMetrics": {},
        });
        let Value::Object(assessment) = assessment else { panic!("it is an object") };
        let expected =
            json!({"wordPolicy": {"customWords": [{"match": "x", "action": "BLOCKED"}], "managedWordLists": []}});
        assert_eq!(shown(&assessment), expected);
    }
}
