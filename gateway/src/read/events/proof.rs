//! The proof that one event stands in the sealed history.

use axum::http::{HeaderMap, header};
use commands::evidence::receipts::Receipts;
use domain::evidence::event_proof::EventProof;
use projections::event_index::query;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::may_read;
use crate::act::{At, Reply};
use crate::auth::Caller;
use crate::problem::Problem;
use crate::read::{Asked, Viewed, WAIT, Waiting};

/// In which form.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// `text` = the `tlog-proof` alone, as with the header `Accept: text/plain`.
    #[param(inline)]
    form: Option<Form>,
}

/// A form of a proof.
#[derive(Clone, Copy, Deserialize, PartialEq, Eq, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ProofForm)]
pub enum Form {
    /// With the event's exact texts, in JSON.
    Json,
    /// The `tlog-proof` alone.
    Text,
}

/// The proof that an event stands in the sealed history (`sospeso-proof/1`), with its exact texts,
/// or the `tlog-proof` alone; for the operator and for auditors. `sospeso verify proof FILE --key
/// VKEY` checks it without asking anybody.
#[utoipa::path(get, path = "/events/{event_id}/proof", tag = "evidence", params(Params, Waiting),
    responses((status = 200, description = "The proof. Keep it: it holds for ever.",
            content((EventProof = "application/json"), (String = "text/plain"))),
        (status = 304, description = "It is as it was.")))]
pub(crate) async fn proof(
    caller: Caller,
    At(event_id): At<Uuid>,
    headers: HeaderMap,
    asked: Asked<Params>,
) -> Reply<Viewed> {
    may_read(&caller.principal)?;
    let (app, who) = (&*caller.app, &caller.principal);
    let (network, fund) = (&who.network, who.fund_id());
    let related = query::event(&*app.views, network, fund, event_id, asked.seen).await?;
    let related = related.ok_or_else(Problem::not_found)?;
    let last = app.evidence.cosigned(WAIT).await?;
    let (log, seals) = (&**app.desk.log(), &*app.evidence.seals);
    let receipts = Receipts::at(log, seals, app.desk.codes(), &last)?;
    let proof = receipts.proof(related.event.position).await?;
    let now = app.desk.clock().now();
    if asked.params.wants_text(&headers) {
        let body = proof.proof.into_bytes();
        let media_type = "text/plain; charset=utf-8";
        return Ok(Viewed::text(&asked, body, media_type, &related.view, now));
    }
    Viewed::private(&asked, &proof, &related.view, now)
}

impl Params {
    fn wants_text(&self, headers: &HeaderMap) -> bool {
        let accepted = headers.get(header::ACCEPT).and_then(|it| it.to_str().ok());
        let text = || accepted.is_some_and(|it| it.trim_start().starts_with("text/plain"));
        self.form.map_or_else(text, |form| form == Form::Text)
    }
}
