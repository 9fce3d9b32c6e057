//! The witness over HTTP: `POST /add-checkpoint` as C2SP's tlog-witness has it, `GET /checkpoint`
//! for what it cosigned last, `GET /key` for its verifier key.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::error_handling::HandleErrorLayer;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use domain::evidence::add_checkpoint::{AddCheckpoint, MAX_REQUEST, Refused};
use tower::ServiceBuilder;
use tower::limit::ConcurrencyLimitLayer;
use tower::timeout::TimeoutLayer;

use super::keeper::{Keeper, NotAdded};

/// The most requests that are worked on at once.
const AT_ONCE: usize = 64;
/// The longest that one may take, the waiting included.
const LONGEST: Duration = Duration::from_secs(10);

/// The routes of a witness.
pub fn router(keeper: Arc<Keeper>) -> Router {
    let bounds = ServiceBuilder::new()
        .layer(HandleErrorLayer::new(|_| async {
            (StatusCode::SERVICE_UNAVAILABLE, "come again later\n")
        }))
        .layer(TimeoutLayer::new(LONGEST))
        .layer(ConcurrencyLimitLayer::new(AT_ONCE));
    Router::new()
        .route("/add-checkpoint", post(add))
        .route("/checkpoint", get(held))
        .route("/key", get(key))
        .layer(DefaultBodyLimit::max(MAX_REQUEST))
        .layer(bounds)
        .with_state(keeper)
}

async fn add(State(keeper): State<Arc<Keeper>>, body: String) -> Response {
    let added = tokio::task::spawn_blocking(move || {
        let request: AddCheckpoint = body.parse()?;
        keeper.add(&request)
    });
    match added.await {
        Ok(Ok(cosignature)) => text(StatusCode::OK, format!("{cosignature}\n")),
        Ok(Err(NotAdded::Refused(refused))) => no(refused),
        Ok(Err(error)) => {
            tracing::error!("{error}");
            text(StatusCode::INTERNAL_SERVER_ERROR, "not kept\n".to_owned())
        }
        Err(error) => {
            tracing::error!("adding a checkpoint ended badly: {error}");
            text(StatusCode::INTERNAL_SERVER_ERROR, "not kept\n".to_owned())
        }
    }
}

/// Each refusal has the status that the specification gives it.
fn no(refused: Refused) -> Response {
    tracing::warn!("refused a checkpoint: {refused}");
    let status = match refused {
        Refused::Malformed => StatusCode::BAD_REQUEST,
        Refused::UnknownLog => StatusCode::NOT_FOUND,
        Refused::NotSigned => StatusCode::FORBIDDEN,
        Refused::Inconsistent => StatusCode::UNPROCESSABLE_ENTITY,
        Refused::OtherSize { size } | Refused::OtherRoot { size } => {
            let size = (StatusCode::CONFLICT, format!("{size}\n"));
            return ([(CONTENT_TYPE, "text/x.tlog.size")], size).into_response();
        }
    };
    text(status, format!("{refused}\n"))
}

async fn held(State(keeper): State<Arc<Keeper>>) -> Response {
    match keeper.held() {
        Some(note) => text(StatusCode::OK, note.to_string()),
        None => text(StatusCode::NOT_FOUND, "nothing cosigned yet\n".to_owned()),
    }
}

async fn key(State(keeper): State<Arc<Keeper>>) -> Response {
    text(StatusCode::OK, format!("{}\n", keeper.key()))
}

fn text(status: StatusCode, body: String) -> Response {
    let headers = [
        (CONTENT_TYPE, "text/plain; charset=utf-8"),
        (CACHE_CONTROL, "no-store"),
    ];
    (status, headers, body).into_response()
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};
    use axum::http::Request;
    use domain::evidence::add_checkpoint::AddCheckpoint;
    use domain::evidence::cosignature::cosigned_at;
    use domain::evidence::note::{Note, Purpose, Signature, Signer};
    use tower::ServiceExt as _;

    use super::super::keeper::tests::{Log, ORIGIN, open};
    use super::*;

    async fn answered(router: &Router, method: &str, path: &str, body: String) -> (u16, String) {
        let request = Request::builder().method(method).uri(path);
        let request = request.body(Body::from(body)).expect("a request");
        let response = router.clone().oneshot(request).await.expect("an answer");
        let status = response.status().as_u16();
        let conflict = response.headers().get(CONTENT_TYPE).cloned();
        let body = to_bytes(response.into_body(), 1 << 16)
            .await
            .expect("a body");
        if status == 409 {
            assert_eq!(conflict.expect("a type"), "text/x.tlog.size");
        }
        (status, String::from_utf8(body.to_vec()).expect("text"))
    }

    /// The statuses that the specification gives, in its order.
    #[tokio::test]
    async fn every_answer_has_the_status_of_the_specification() {
        let folder = tempfile::tempdir().expect("a folder");
        let keeper = Arc::new(open(folder.path()).expect("opened"));
        let router = router(Arc::clone(&keeper));
        let post = |request: AddCheckpoint| {
            answered(&router, "POST", "/add-checkpoint", request.to_string())
        };
        assert_eq!(
            answered(&router, "GET", "/checkpoint", String::new())
                .await
                .0,
            404
        );

        let request = Log::of(8, 0, 0).request(0);
        let (status, lines) = post(request.clone()).await;
        assert_eq!(status, 200);
        let signature = Signature::parse(lines.trim_end()).expect("one line");
        let cosigned = Note {
            signatures: vec![signature],
            ..request.checkpoint.clone()
        };
        assert!(cosigned_at(&cosigned, &keeper.key()).is_ok());
        let held = answered(&router, "GET", "/checkpoint", String::new()).await;
        assert_eq!(held, (200, keeper.held().expect("held").to_string()));
        let key = answered(&router, "GET", "/key", String::new()).await;
        assert_eq!(key, (200, format!("{}\n", keeper.key())));

        let stranger = Signer::new(ORIGIN, Purpose::Note, &[9; 32]).expect("a name");
        let forged = Note::sign(request.checkpoint.text.clone(), &stranger);
        let forged = AddCheckpoint {
            checkpoint: forged,
            ..request.clone()
        };
        assert_eq!(post(forged).await.0, 403);
        let mut elsewhere = request.clone();
        elsewhere.checkpoint.text = elsewhere.checkpoint.text.replace(ORIGIN, "other.example");
        assert_eq!(post(elsewhere).await.0, 404);
        let larger = AddCheckpoint {
            old: 9,
            ..request.clone()
        };
        assert_eq!(post(larger).await.0, 400);
        assert_eq!(post(request).await, (409, "8\n".to_owned()));
        assert_eq!(
            post(Log::of(8, 1, 3).request(8)).await,
            (409, "8\n".to_owned())
        );
        assert_eq!(post(Log::of(9, 1, 3).request(8)).await.0, 422);
        assert_eq!(post(Log::of(9, 0, 0).request(8)).await.0, 200);

        let nothing = answered(&router, "POST", "/add-checkpoint", "old 0\n".to_owned());
        assert_eq!(nothing.await.0, 400);
        let long = "x".repeat(MAX_REQUEST + 1);
        assert_eq!(
            answered(&router, "POST", "/add-checkpoint", long).await.0,
            413
        );
    }
}
