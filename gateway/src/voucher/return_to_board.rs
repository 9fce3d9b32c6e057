//! A voucher that nobody handed out returns to the board.

use commands::voucher::return_to_board::ReturnToBoard;
use domain::ids::VoucherId;
use domain::voucher::return_to_board::Refusal;

use crate::act::{At, Call, Done, Nothing, Refuses, Reply};

/// Return a voucher to the board.
#[utoipa::path(post, path = "/vouchers/{voucher_id}/return-to-board", tag = "voucher", request_body = Nothing,
    responses(Done<ReturnToBoard>, Refuses<Refusal>))]
pub(crate) async fn return_to_board(
    At(voucher_id): At<VoucherId>,
    call: Call<Nothing>,
) -> Reply<Done<ReturnToBoard>> {
    call.act(|Nothing {}| ReturnToBoard { voucher_id }).await
}
