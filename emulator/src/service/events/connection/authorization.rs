//! Whether a connection is authorized, and with which token: what calls outside find out while nobody holds the
//! service's state, and what the state then knows.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use serde::{Deserialize, Serialize};

use super::oauth::Token;
use super::{AuthorizationType, State};
use crate::kernel::store::{Book, Single};
use crate::kernel::{Call, Kernel, Scope, Timestamp};
use crate::service::events::DESCRIPTION;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Authorization {
    pub state: State,
    pub reason: Option<String>,
    pub last_authorized: Option<Timestamp>,
    /// When what is under way is done.
    until: Option<Timestamp>,
    pub token: Option<Token>,
}

/// Held by a connection and by nobody else for longer than a look: with the connection, it is gone.
#[derive(Clone, Debug)]
pub struct SharedAuthorization(Arc<Mutex<Single<Authorization>>>);

impl SharedAuthorization {
    /// A connection with all its secrets: it is authorized, unless somebody has to be asked for a token.
    pub fn new(authorization_type: AuthorizationType, now: Timestamp) -> Self {
        let asks = authorization_type == AuthorizationType::OAuth;
        let (state, last_authorized) = if asks { (State::Authorizing, None) } else { (State::Authorized, Some(now)) };
        Self::of(Authorization { state, reason: None, last_authorized, until: None, token: None })
    }

    fn of(authorization: Authorization) -> Self {
        Self(Arc::new(Mutex::new(Single::from(authorization))))
    }

    /// As [`Self::new`], for a connection that has been authorized before.
    pub fn anew(&self, authorization_type: AuthorizationType, now: Timestamp) -> Self {
        let anew = Self::new(authorization_type, now);
        if authorization_type == AuthorizationType::OAuth {
            let before = lock(&self.0).last_authorized;
            lock(&anew.0).last_authorized = before;
        }
        anew
    }

    pub fn keep(&self, book: &mut Book<'_>) {
        book.value("authorization", &mut *lock(&self.0));
    }

    /// The same for another world, where other calls find out other things.
    pub fn apart(&self) -> Self {
        Self::of((**lock(&self.0)).clone())
    }

    pub fn at(&self, now: Timestamp) -> Authorization {
        let authorization = (**lock(&self.0)).clone();
        if authorization.until.is_some_and(|until| until <= now) {
            return Authorization { until: None, state: State::Deauthorized, ..authorization };
        }
        authorization
    }

    /// Takes the authorization away, which is done at `until`.
    pub fn withdraw(&self, until: Timestamp) {
        let mut authorization = lock(&self.0);
        authorization.state = State::Deauthorizing;
        authorization.until = Some(until);
        authorization.token = None;
    }

    pub fn abroad(&self, connection: &str, call: &Call<'_>) -> Abroad {
        Abroad {
            authorization: Arc::downgrade(&self.0),
            connection: connection.to_owned(),
            scope: call.scope.clone(),
            kernel: call.kernel.clone(),
        }
    }
}

/// Nobody has authorized it.
impl Default for Authorization {
    fn default() -> Self {
        Self { state: State::Deauthorized, reason: None, last_authorized: None, until: None, token: None }
    }
}

/// For what is read, until its record is.
impl Default for SharedAuthorization {
    fn default() -> Self {
        Self::of(Authorization::default())
    }
}

fn lock(authorization: &Mutex<Single<Authorization>>) -> MutexGuard<'_, Single<Authorization>> {
    authorization.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The authorization in the hands of a call outside. Whoever authorizes or deletes the connection meanwhile has the
/// last word: what is found out for what was before is told to nobody.
pub struct Abroad {
    authorization: Weak<Mutex<Single<Authorization>>>,
    connection: String,
    scope: Scope,
    kernel: Kernel,
}

impl Abroad {
    /// The token that is known.
    pub fn token(&self) -> Option<Token> {
        let _call = self.kernel.call();
        let authorization = self.authorization.upgrade()?;
        lock(&authorization).token.clone()
    }

    /// Tells what was found out, and keeps it. Between calls, so that none deletes the connection before it is noted.
    pub fn tell(&self, tell: impl FnOnce(&mut Authorization)) {
        let _alone = self.kernel.between_calls();
        let Some(authorization) = self.authorization.upgrade() else { return };
        let mut authorization = lock(&authorization);
        tell(&mut authorization);
        self.kernel.note(DESCRIPTION.name, &self.scope, |book| {
            book.within("connection", &self.connection, |book| book.value("authorization", &mut *authorization));
        });
    }
}
