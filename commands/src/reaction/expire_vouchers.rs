//! Vouchers that nobody used in time go where their donors had said, after the window in which a
//! use from an offline till may still come in.

use std::sync::Arc;

use domain::ids::{NetworkId, VoucherId};
use domain::network::Network;
use domain::text::Slug;
use domain::voucher::{Voucher, VoucherEvent};
use futures::future::BoxFuture;

use super::cause::Cause;
use super::{Reaction, each_due, issue};
use crate::executor::{Desk, Failure};
use crate::lookup::{Due, DueKind};
use crate::voucher::expire::Expire;

const NAME: &str = "expire_vouchers";

/// See the module.
pub struct ExpireVouchers;

impl Reaction for ExpireVouchers {
    fn name(&self) -> &'static str {
        NAME
    }

    fn step<'a>(&'a self, desk: &'a Arc<Desk>) -> BoxFuture<'a, Result<bool, Failure>> {
        Box::pin(each_due(desk, DueKind::VoucherExpiry, NAME, move |due| {
            expire(desk, due)
        }))
    }
}

async fn expire(desk: &Arc<Desk>, due: Due) -> Result<(), Failure> {
    let network: Slug = due.network.parse().map_err(|_| Failure::NotFound)?;
    let known = desk
        .read::<Network>(&network, NetworkId::of(&network))
        .await?;
    let known = known.ok_or(Failure::NotFound)?;
    let now = desk.clock().now();
    let policy = known.initiative().ok_or(Failure::NotFound)?.policy(now);
    // Asking too early would be refused, and the refusal kept under the key: so do not ask.
    if now < due.at + policy.late_record_window() {
        return Ok(());
    }
    let key = format!(
        "{}/{}/{}",
        due.id,
        due.at.timestamp(),
        policy.late_record_window_h
    );
    let act = Expire {
        voucher_id: VoucherId(due.id),
    };
    let prepaid = |event: &VoucherEvent| matches!(event, VoucherEvent::Prepaid(_));
    let cause = Cause::last::<Voucher>(desk, due.id, prepaid).await?;
    let expired = issue(desk, NAME, &due.network, cause, key, act).await;
    expired.map(|_| ())
}
