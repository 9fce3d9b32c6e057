//! `GET …/evidence/entries/{index}`.

use axum::Json;
use commands::executor::Failure;
use domain::entry;
use domain::envelope::{Recorded, Role};
use domain::evidence::line;
use domain::evidence::tile::{BundleId, WIDTH};
use serde::Serialize;
use utoipa::ToSchema;

use crate::act::Reply;
use crate::act::path::At;
use crate::auth::Caller;
use crate::problem::Problem;

/// Entries that lie side by side in the tree. A bundle of tlog-tiles would hold every entry; one
/// log serves several networks, and who audits one sees of the others that something stands there.
#[derive(Serialize, ToSchema)]
#[schema(as = EntryBundle)]
pub struct Bundle {
    /// Which bundle: its first entry has the position `256 * index + 1`.
    index: u64,
    /// 1 to 256 entries, as many as the last checkpoint covers.
    entries: Vec<BundledEntry>,
}

/// An entry, or its hash.
#[derive(Serialize, ToSchema)]
struct BundledEntry {
    /// Its position in the log; its index in the tree is one less.
    position: i64,
    /// `SHA-256(0x00 || entry)`, base64.
    leaf_hash: String,
    /// The exact bytes of the entry, base64; absent where it belongs to another network, or the
    /// caller audits one fund.
    #[serde(skip_serializing_if = "Option::is_none")]
    entry: Option<String>,
}

/// A bundle of up to 256 sealed entries: those of this network with their exact bytes, those of
/// others as their hashes. For the operator and auditors.
#[utoipa::path(get, path = "/evidence/entries/{index}", tag = "evidence",
    params(("index" = String, Path, description = "Which bundle, from 0.")),
    responses((status = 200, description = "The entries.", body = Bundle)))]
pub(crate) async fn entries(caller: Caller, At(index): At<String>) -> Reply<Json<Bundle>> {
    let who = &caller.principal;
    who.any_of(&[Role::Auditor]).map_err(Failure::Denied)?;
    let index: u64 = index.parse().map_err(|_| Problem::not_found())?;
    let last = caller.app.evidence.seals.last().await;
    let size = last.map_err(Failure::Log)?.map_or(0, |last| last.size);
    let bundle = BundleId::in_tree(index, size).ok_or_else(Problem::not_found)?;
    let after = i64::try_from(index * u64::from(WIDTH)).map_err(|_| Problem::not_found())?;
    let log = caller.app.desk.log();
    let page = log.read(after, usize::from(bundle.width)).await;
    let page = page.map_err(Failure::Log)?;
    if page.len() < usize::from(bundle.width) {
        return Err(Problem::broken("the log lacks events that were sealed"));
    }
    let whole = who.fund_id().is_none();
    let shown = |event: &Recorded| BundledEntry {
        position: event.position,
        leaf_hash: line::of_hash(&event.leaf_hash),
        entry: (whole && event.record.network == who.network.as_str())
            .then(|| line::encoded(&entry::bytes(log.log_id(), &event.record))),
    };
    Ok(Json(Bundle {
        index,
        entries: page.iter().map(shown).collect(),
    }))
}
