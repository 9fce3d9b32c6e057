//! A browser's session: a signed cookie that names the access and when it ends. Nothing is stored,
//! so any gateway with the same key knows it, and it ends with the access that it names.

use std::sync::Arc;

use axum::http::{HeaderMap, StatusCode, header};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::AccessId;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use uuid::Uuid;

use crate::app::App;
use crate::problem::Problem;

/// How long a session lasts.
pub const LASTS: TimeDelta = TimeDelta::hours(12);
const COOKIE: &str = "sospeso_session";

/// Signs sessions.
#[derive(Clone)]
pub struct SessionKey([u8; 32]);

/// A session that this gateway, or another with the same key, opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Session {
    /// The access whose token was exchanged.
    pub access_id: AccessId,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
}

impl SessionKey {
    /// The key of this installation.
    #[must_use]
    pub fn new(key: [u8; 32]) -> Self {
        Self(key)
    }

    fn sign(&self, purpose: &str, session: &Session) -> [u8; 32] {
        let mut block = [0; 64];
        block[..32].copy_from_slice(&self.0);
        let mut mac = Hmac::<Sha256>::new(&block.into());
        mac.update(purpose.as_bytes());
        mac.update(b"\n");
        mac.update(&session.bytes());
        mac.finalize().into_bytes().into()
    }
}

impl Session {
    /// A session of this access that begins now.
    #[must_use]
    pub fn begin(access_id: AccessId, now: DateTime<Utc>) -> Self {
        Self {
            access_id,
            expires_at: now + LASTS,
        }
    }

    /// The session of this request, if it carries one that was not forged and is not over.
    #[must_use]
    pub fn of(headers: &HeaderMap, app: &Arc<App>) -> Option<Self> {
        let jar = CookieJar::from_headers(headers);
        let session = Self::read(jar.get(COOKIE)?.value(), &app.sessions)?;
        (app.desk.clock().now() < session.expires_at).then_some(session)
    }

    /// The cookie that carries it.
    #[must_use]
    pub fn cookie(&self, key: &SessionKey, headers: &HeaderMap) -> Cookie<'static> {
        let mut bytes = self.bytes().to_vec();
        bytes.extend(key.sign("session", self));
        base(BASE64_URL_SAFE_NO_PAD.encode(bytes), headers)
    }

    /// The cookie that ends every session of this browser.
    #[must_use]
    pub fn end(headers: &HeaderMap) -> Cookie<'static> {
        let mut cookie = base(String::new(), headers);
        cookie.make_removal();
        cookie
    }

    /// What a form of this session carries, so that no other site can send it.
    #[must_use]
    pub fn csrf(&self, key: &SessionKey) -> String {
        hex::encode(key.sign("csrf", self))
    }

    /// Whether a form or script has this session's CSRF token.
    ///
    /// # Errors
    /// `bad_csrf_token`.
    pub fn check(&self, key: &SessionKey, sent: &str) -> Result<(), Problem> {
        let expected = self.csrf(key);
        if bool::from(expected.as_bytes().ct_eq(sent.as_bytes())) {
            Ok(())
        } else {
            let detail = "this form belongs to another session: load the page again";
            Err(Problem::new(
                StatusCode::FORBIDDEN,
                "bad_csrf_token",
                detail,
            ))
        }
    }

    fn read(cookie: &str, key: &SessionKey) -> Option<Self> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(cookie).ok()?;
        let (content, signature) = bytes.split_at_checked(24)?;
        let (id, expires) = content.split_at_checked(16)?;
        let expires = i64::from_be_bytes(expires.try_into().ok()?);
        let session = Self {
            access_id: AccessId(Uuid::from_slice(id).ok()?),
            expires_at: DateTime::from_timestamp(expires, 0)?,
        };
        let genuine = key.sign("session", &session).ct_eq(signature);
        bool::from(genuine).then_some(session)
    }

    fn bytes(&self) -> [u8; 24] {
        let mut bytes = [0; 24];
        bytes[..16].copy_from_slice(self.access_id.0.as_bytes());
        bytes[16..].copy_from_slice(&self.expires_at.timestamp().to_be_bytes());
        bytes
    }
}

fn base(value: String, headers: &HeaderMap) -> Cookie<'static> {
    Cookie::build((COOKIE, value))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(!is_loopback(headers))
        .max_age(time::Duration::hours(LASTS.num_hours()))
        .build()
}

/// Browsers take a `Secure` cookie over plain HTTP from nobody, so a trial on one's own machine
/// goes without. What stands in `Host` comes from the browser itself.
fn is_loopback(headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST);
    let host = host.and_then(|host| host.to_str().ok()).unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, port)| {
        let is_port = port.bytes().all(|byte| byte.is_ascii_digit());
        if is_port { name } else { host }
    });
    matches!(name, "localhost" | "127.0.0.1" | "[::1]")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session() -> Session {
        let now = DateTime::from_timestamp(1_700_000_000, 0).expect("an instant");
        Session::begin(AccessId(Uuid::from_u128(7)), now)
    }

    #[test]
    fn a_cookie_comes_back_and_a_forged_one_does_not() {
        let (key, other) = (SessionKey::new([1; 32]), SessionKey::new([2; 32]));
        let cookie = session().cookie(&key, &HeaderMap::new());
        assert_eq!(Session::read(cookie.value(), &key), Some(session()));
        assert_eq!(Session::read(cookie.value(), &other), None);
        for wrong in ["", "AAAA", &cookie.value()[1..]] {
            assert_eq!(Session::read(wrong, &key), None, "{wrong}");
        }
    }

    #[test]
    fn a_csrf_token_is_not_the_cookie() {
        let key = SessionKey::new([1; 32]);
        assert!(session().check(&key, &session().csrf(&key)).is_ok());
        let cookie = session().cookie(&key, &HeaderMap::new());
        assert!(session().check(&key, cookie.value()).is_err());
        assert!(session().check(&key, "").is_err());
    }

    #[test]
    fn only_loopback_goes_without_secure() {
        let secure = |host: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, host.parse().expect("a host"));
            session()
                .cookie(&SessionKey::new([1; 32]), &headers)
                .secure()
                == Some(true)
        };
        assert!(secure("sospeso.example"));
        assert!(secure("localhost.example:80"));
        assert!(!secure("127.0.0.1:8080"));
        assert!(!secure("[::1]:8080"));
        assert!(!secure("localhost"));
    }
}
