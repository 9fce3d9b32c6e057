//! Looks at the voucher of a code without spending it, with the same answer that its use would get.

use std::sync::Arc;

use chrono::NaiveDate;
use domain::Entity;
use domain::ids::{ItemId, RedemptionId, VenueId};
use domain::money::Minor;
use domain::network::{Initiative, Network};
use domain::venue::{House, ItemKind, Venue};
use domain::voucher::code::Code;
use domain::voucher::redeem::{Means, Redeem, RedemptionSource};
use domain::voucher::{Holding, Kind, Voucher, VoucherCommand};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::redeem::Refusal;
use crate::executor::{Desk, Failure};
use crate::lookup::KeyKind;
use crate::principal::Principal;

/// What a code is good for at a venue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = VoucherChecked)]
pub struct Checked {
    /// The kind of item; absent on a credit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item_kind: Option<ItemKind>,
    /// What is promised, as it was called when it was prepaid; absent on a credit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The item of the venue that is handed out for it; absent on a credit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item_id: Option<ItemId>,
    /// What is left, in minor units.
    pub remaining_minor: Minor,
    /// The last day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_on: Option<NaiveDate>,
}

/// Looks at the voucher of a code, as the staff of this venue.
///
/// # Errors
/// `unknown_code` if no voucher has it, otherwise whatever refusal its use would meet now.
pub async fn check(
    desk: &Arc<Desk>,
    who: &Principal,
    venue_id: VenueId,
    code: Code,
) -> Result<Checked, Failure> {
    who.venue(venue_id)?;
    let network = &who.network;
    let venue = desk.read::<Venue>(network, venue_id).await?;
    let venue = venue.ok_or(Failure::NotFound)?;
    let digest = desk.codes().digest(network, code);
    let known = desk.lookup().key(KeyKind::Code, digest).await?;
    let (id, issue_no) = known
        .as_deref()
        .and_then(super::redeem::parse_issue)
        .ok_or(Failure::Refused(Refusal::UnknownCode.into()))?;
    let voucher = desk.read::<Voucher>(network, id).await?;
    let voucher = voucher.ok_or(Failure::Refused(Refusal::UnknownCode.into()))?;
    let holding = voucher.holding().ok_or(Failure::NotFound)?;
    let item = item(holding, venue.house());
    let counter = venue.counter(venue_id, item).ok_or(Failure::NotFound)?;
    let network = initiative(desk, who).await?;
    let now = desk.clock().now();
    let tally = super::of_the_day::look(&**desk.lookup(), &counter, now, &network).await?;
    let attempt = Redeem {
        redemption_id: RedemptionId(Uuid::nil()),
        at: now,
        group_id: None,
        group_size: 1,
        counter,
        amount_minor: Some(holding.remaining_minor),
        means: Means::Code { issue_no },
        source: RedemptionSource::Counter,
        price_rise_borne_by: network.policy(now).price_rise_borne_by,
        tally,
    };
    voucher.decide(&VoucherCommand::Redeem(attempt))?;
    Ok(Checked::of(holding, item))
}

impl Checked {
    fn of(holding: &Holding, item_id: Option<ItemId>) -> Self {
        let (item_kind, name) = match &holding.terms.kind {
            Kind::Item {
                item_kind, name, ..
            } => (Some(*item_kind), Some(name.to_string())),
            Kind::Credit { .. } => (None, None),
        };
        Self {
            item_kind,
            name,
            item_id,
            remaining_minor: holding.remaining_minor,
            expires_on: holding.terms.expires_on,
        }
    }
}

/// The item that the voucher names, or one of the venue that it covers.
fn item(holding: &Holding, house: Option<&House>) -> Option<ItemId> {
    let Kind::Item {
        item_id,
        item_kind,
        price_minor,
        ..
    } = &holding.terms.kind
    else {
        return None;
    };
    let covered = || {
        let mut items = house?.items.values();
        let item = items.find(|item| {
            item.kind == *item_kind && item.price_minor <= *price_minor && !item.delisted
        })?;
        Some(item.item_id)
    };
    item_id.or_else(covered)
}

async fn initiative(desk: &Arc<Desk>, who: &Principal) -> Result<Initiative, Failure> {
    let id = domain::ids::NetworkId::of(&who.network);
    let network = desk.read::<Network>(&who.network, id).await?;
    let initiative = network.as_ref().and_then(|network| network.initiative());
    initiative.cloned().ok_or(Failure::NotFound)
}
