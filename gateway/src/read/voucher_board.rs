//! What waits on the boards.

use domain::ids::VenueId;
use domain::venue::ItemKind;
use projections::voucher_board::query::{self, Filter, MAX_BOARDS, VoucherBoardAnswer};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{Asked, InNetwork, Viewed, Waiting};
use crate::act::Reply;

/// Which boards.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// One venue.
    #[param(value_type = Option<uuid::Uuid>)]
    venue_id: Option<VenueId>,
    /// One kind of item.
    #[param(inline)]
    item_kind: Option<ItemKind>,
    /// How many boards at most, 1 to 200.
    limit: Option<u32>,
    /// `next_cursor` of the answer before.
    cursor: Option<String>,
}

/// How many vouchers wait for each item of each venue, and for everybody anywhere. Public.
#[utoipa::path(get, path = "/voucher-board", tag = "read", params(Params, Waiting),
    security(()),
    responses((status = 200, description = "The boards.", body = VoucherBoardAnswer),
        (status = 304, description = "It is as it was.")))]
pub(crate) async fn voucher_board(network: InNetwork, asked: Asked<Params>) -> Reply<Viewed> {
    let params = &asked.params;
    let filter = Filter {
        network: network.network,
        venue_id: params.venue_id,
        item_kind: params.item_kind,
        limit: params.limit.unwrap_or(MAX_BOARDS),
        cursor: params.cursor.clone(),
    };
    let app = network.app;
    let now = app.desk.clock().now();
    let answer = query::voucher_board(&*app.views, &filter, asked.seen, now).await?;
    Viewed::public(&asked, &answer, &answer.view, now)
}
