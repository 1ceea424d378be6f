//! An answer that the caller hears while the model speaks: `streamFinalResponse`.

use std::collections::VecDeque;

use super::guarding::Pieces;
use super::model::Speaking;
use super::{Stage, Step, Turn};
use crate::kernel::{Call, Timestamp};
use crate::service::bedrock::script::Block;

/// The pieces of an answer, each at its time.
pub struct Saying {
    pieces: VecDeque<(Timestamp, String)>,
    speaking: Speaking,
}

impl Turn {
    /// Begins to say what the model says. Its citations come with the last piece.
    pub fn say(&mut self, mut speaking: Speaking, call: &mut Call<'_>) {
        let pieces = pieces(&speaking);
        let pieces =
            if speaking.performance.guardrail.is_some() { Ok(pieces) } else { self.judge_pieces(pieces, call) };
        let pieces = match pieces {
            Ok(pieces) => pieces,
            Err(error) => return self.fail_over_guardrail(&error, call),
        };
        if let (true, Some((at, _))) = (self.is_cut_short(), pieces.last()) {
            speaking.until = *at;
        }
        self.stage = Stage::Saying(Box::new(Saying { pieces: pieces.into(), speaking }));
    }

    pub(super) fn say_on(&mut self, mut saying: Box<Saying>, call: &mut Call<'_>) -> Step {
        // The last piece is said with what the answer ends with.
        if saying.pieces.len() > 1
            && let Some((at, piece)) = saying.pieces.pop_front()
        {
            if at > call.now {
                saying.pieces.push_front((at, piece));
                self.stage = Stage::Saying(saying);
                return Step::Wait(at);
            }
            self.chunk(&piece, None);
            self.said += piece.len();
            self.stage = Stage::Saying(saying);
            return Step::Again;
        }
        self.stage = Stage::Speaking(Box::new(saying.speaking));
        Step::Again
    }
}

/// What is said in text, piece by piece.
fn pieces(speaking: &Speaking) -> Pieces {
    let mut at = speaking.asked + speaking.performance.first_token_after;
    let mut pieces = Pieces::new();
    for block in &speaking.performance.blocks {
        let is_text = matches!(block, Block::Text { .. });
        for piece in block.pieces() {
            at = at + piece.after;
            if is_text {
                pieces.push((at, piece.text.clone()));
            }
        }
    }
    pieces
}
