//! The ledger's postings, as JSON and as a table for spreadsheets.

use projections::ledger::query::{self, PostingLine, PostingsAnswer};

use super::{Params, part};
use crate::act::Reply;
use crate::auth::Caller;
use crate::problem::Problem;
use crate::read::{Asked, Viewed, Waiting};

/// Every booking from one account to another, in order of position.
#[utoipa::path(get, path = "/ledger/postings", tag = "read", params(Params, Waiting),
    responses((status = 200, description = "A page of postings.", body = PostingsAnswer),
        (status = 304, description = "It is as it was.")))]
pub(crate) async fn postings(caller: Caller, asked: Asked<Params>) -> Reply<Viewed> {
    let answer = asked_for(&caller, &asked).await?;
    let now = caller.app.desk.clock().now();
    Viewed::private(&asked, &answer, &answer.view, now)
}

/// The same page as CSV (RFC 4180). Amounts are minor units; an empty field is "none".
///
/// The header `Link` with `rel="next"` leads to the page after it.
#[utoipa::path(get, path = "/ledger/postings.csv", tag = "read", params(Params, Waiting),
    responses((status = 200, description = "A page of postings.", body = String,
            content_type = "text/csv", headers(("Link" = String, description = "The next page."))),
        (status = 304, description = "It is as it was.")))]
pub(crate) async fn postings_csv(caller: Caller, asked: Asked<Params>) -> Reply<Viewed> {
    let answer = asked_for(&caller, &asked).await?;
    let table = table(&answer.postings).map_err(|error| Problem::broken(&error.to_string()))?;
    let now = caller.app.desk.clock().now();
    let viewed = Viewed::text(&asked, table, "text/csv; charset=utf-8", &answer.view, now);
    let next = answer.next_cursor.map(|cursor| {
        let network = &caller.principal.network;
        let limit = asked.params.limit.map(|limit| format!("&limit={limit}"));
        let limit = limit.unwrap_or_default();
        format!("/api/v1/networks/{network}/ledger/postings.csv?cursor={cursor}{limit}")
    });
    Ok(viewed.with_next(next))
}

async fn asked_for(caller: &Caller, asked: &Asked<Params>) -> Reply<PostingsAnswer> {
    let part = part(caller, asked.params.limit, asked.params.cursor.clone())?;
    let answer = query::postings(&*caller.app.views, &part, asked.seen).await?;
    Ok(answer)
}

fn table(postings: &[PostingLine]) -> Result<Vec<u8>, csv::Error> {
    let mut table = csv::Writer::from_writer(Vec::new());
    if postings.is_empty() {
        return Ok(Vec::new());
    }
    for line in postings {
        table.serialize(line)?;
    }
    table
        .into_inner()
        .map_err(|error| error.into_error().into())
}
