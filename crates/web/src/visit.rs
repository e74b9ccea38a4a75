//! Who is there: the client's address, the browser's token and the session behind it.
//!
//! Every browser has a random token in its cookie before anything is known of it, so that a form on any
//! page can carry a value only that browser was given. A session stands behind the token once there is
//! something to remember; signing in opens a new session under a new token.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use habeas_core::id::{RequestId, Token, UserId};
use habeas_store::Tx;
use habeas_store::sessions::{Audience, NewSession, Session};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::{Error, Result};
use crate::{App, cookie, hosts, net};

/// A session ends after so long without a call.
const IDLE: SignedDuration = SignedDuration::from_mins(30);
/// A session ends after so long in any case.
const LONGEST: SignedDuration = SignedDuration::from_hours(12);
/// Calls within so long of one another count as one for the idle time, to spare the database.
const TOUCH: SignedDuration = SignedDuration::from_mins(1);

/// One call of a browser.
#[derive(Debug, Clone)]
pub(crate) struct Visit {
    /// Portal or console.
    pub(crate) side: Audience,
    /// The client's address.
    pub(crate) address: IpAddr,
    /// The session behind the browser's token.
    pub(crate) session: Option<Session>,
    /// The token by which staff's browser is known again.
    pub(crate) device: Option<Arc<Token>>,
    token: Arc<Token>,
}

/// What a session keeps: what the pages of its side put there, and when it was last used.
#[derive(Serialize, Deserialize)]
struct Kept {
    seen_at: Timestamp,
    data: Value,
}

/// Reads who is there, and gives a browser without a token one.
pub(crate) async fn attach(State(app): State<App>, mut request: Request, next: Next) -> Result<Response> {
    let side = hosts::side(request.uri().path());
    let address = address(&app, &request);
    let known = cookie::read(request.headers(), side, &app.options);
    let is_new = known.is_none();
    let token = known.unwrap_or_else(|| Token::new(&*app.chance));
    let session = if is_new { None } else { app.store.read().await?.lookup_session(&token, side).await? };
    let device = match side {
        Audience::Console => cookie::read_device(request.headers(), &app.options).map(Arc::new),
        Audience::Portal => None,
    };
    let visit = Visit { side, address, session, device, token: Arc::new(token) };
    // A page that renews itself is nobody being there.
    if !request.headers().contains_key("x-habeas-refresh") {
        visit.touch(&app).await?;
    }
    request.extensions_mut().insert(visit.clone());
    let mut response = next.run(request).await;
    if is_new && !response.headers().contains_key(header::SET_COOKIE) {
        let cookie = cookie::set(&visit.token, side, &app.options);
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

fn address(app: &App, request: &Request) -> IpAddr {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(peer)| peer.ip());
    let forwarded = request.headers().get_all("x-forwarded-for").iter().next_back();
    let forwarded = forwarded.and_then(|value| value.to_str().ok());
    net::client(peer, forwarded, &app.options.trusted_proxy)
}

impl Visit {
    /// Returns the value that forms of this browser carry.
    pub(crate) fn csrf(&self, app: &App) -> String {
        let purpose = match self.side {
            Audience::Portal => "csrf portal",
            Audience::Console => "csrf console",
        };
        hex::encode(app.store.fingerprint(purpose, self.token.hash().as_bytes()))
    }

    /// Returns what the pages of this side keep in the session; the default where there is none.
    pub(crate) fn data<T: for<'de> Deserialize<'de> + Default>(&self) -> T {
        let kept = self.session.as_ref().map(|session| Kept::deserialize(&session.data));
        kept.and_then(std::result::Result::ok)
            .and_then(|kept| serde_json::from_value(kept.data).ok())
            .unwrap_or_default()
    }

    /// Keeps data in the session, opening one that nobody is signed in to where there is none.
    pub(crate) async fn keep(&self, tx: &mut Tx, app: &App, data: &impl Serialize) -> Result<()> {
        let kept = kept(app, data)?;
        if self.session.is_some() {
            tx.save_session(&self.token, self.side, &kept, IDLE).await?;
            return Ok(());
        }
        let session = NewSession {
            audience: self.side,
            user_id: None,
            request_id: None,
            data: &kept,
            idle: IDLE,
            expires_at: latest(app),
        };
        // One that ended may still stand there under the same token.
        tx.end_session(&self.token).await?;
        tx.open_session(&self.token, &session).await?;
        Ok(())
    }

    /// Signs somebody in: a new session under a new token, the old one is worth nothing afterwards.
    /// The cookie returned belongs on the answer.
    pub(crate) async fn sign_in(
        &self,
        tx: &mut Tx,
        app: &App,
        who: Who,
        data: &impl Serialize,
    ) -> Result<HeaderValue> {
        let token = Token::new(&*app.chance);
        let (user_id, request_id) = match who {
            Who::Staff(user) => (Some(user), None),
            Who::Subject(request) => (None, Some(request)),
        };
        let session = NewSession {
            audience: self.side,
            user_id,
            request_id,
            data: &kept(app, data)?,
            idle: IDLE,
            expires_at: latest(app),
        };
        tx.end_session(&self.token).await?;
        tx.open_session(&token, &session).await?;
        Ok(cookie::set(&token, self.side, &app.options))
    }

    /// Ends the session; the cookie returned belongs on the answer.
    pub(crate) async fn sign_out(&self, tx: &mut Tx, app: &App) -> Result<HeaderValue> {
        tx.end_session(&self.token).await?;
        Ok(cookie::set(&Token::new(&*app.chance), self.side, &app.options))
    }

    /// Starts the idle time again where the last start is a while ago.
    async fn touch(&self, app: &App) -> Result<()> {
        let Some(session) = &self.session else { return Ok(()) };
        let Ok(before) = Kept::deserialize(&session.data) else { return Ok(()) };
        if app.now().duration_since(before.seen_at) < TOUCH {
            return Ok(());
        }
        let mut tx = app.store.begin().await?;
        match tx.save_session(&self.token, self.side, &kept(app, &before.data)?, IDLE).await {
            // It was ended meanwhile by another call of the same browser.
            Ok(()) | Err(habeas_store::Error::Conflict) => {}
            Err(error) => return Err(error.into()),
        }
        Ok(tx.commit().await?)
    }
}

/// Who signs in.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Who {
    /// A member of staff.
    Staff(UserId),
    /// Whoever proved to have made a request.
    Subject(RequestId),
}

fn kept(app: &App, data: &impl Serialize) -> Result<Value> {
    let data = serde_json::to_value(data).map_err(|_| Error::Broken("session data"))?;
    serde_json::to_value(Kept { seen_at: app.now(), data }).map_err(|_| Error::Broken("session data"))
}

fn latest(app: &App) -> Timestamp {
    app.now().saturating_add(LONGEST).unwrap_or(Timestamp::MAX)
}

impl<S: Sync> FromRequestParts<S> for Visit {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        parts.extensions.get::<Self>().cloned().ok_or(Error::Broken("no visit"))
    }
}
