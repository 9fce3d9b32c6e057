//! The counter: what the staff of a venue does, on a shared phone. The venue is the one of the
//! session. Every form carries the session's CSRF token and a key: sent twice, it is done once.

pub mod answer;
pub mod staff;

pub mod check;
pub mod close;
pub mod confirm;
pub mod give;
pub mod home;
pub mod item;
pub mod prepay;
pub mod provide;
pub mod redeem;
pub mod turn_away;
pub mod undo;
pub mod use_code;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use crate::app::App;

/// The pages of the counter.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/counter", get(home::home))
        .route("/counter/items/{item}", get(item::item))
        .route("/counter/redeem", post(redeem::redeem))
        .route("/counter/undo", post(undo::undo))
        .route("/counter/turn-away", post(turn_away::turn_away))
        .route("/counter/give", post(give::give))
        .route("/counter/check", post(check::check))
        .route("/counter/use", post(use_code::use_code))
        .route("/counter/prepay", post(prepay::prepay))
        .route("/counter/provide", post(provide::provide))
        .route("/counter/close", post(close::close))
        .route("/counter/confirm", post(confirm::confirm))
}
