//! Somebody pays for vouchers before anybody uses them: 1 to 500 at once, all or none.

use chrono::{Days, Months, NaiveDate};
use domain::donor::Donor;
use domain::fund::Fund;
use domain::ids::{DonorId, FundId, ItemId, NetworkId, PrepaymentId, VenueId, VoucherId};
use domain::money::Minor;
use domain::network::Network;
use domain::organisation::Organisation;
use domain::text::Label;
use domain::time::end_of;
use domain::venue::{Counter, ItemKind, Venue};
use domain::voucher::prepay::{MAX_QUANTITY, Prepaid, Prepay as Decision};
use domain::voucher::{Funding, HeldBy, Kind, OnExpiry, Placed, Source, ValidAt, Voucher};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::donor::register::register;
use crate::executor::{Failure, UseCase};
use crate::principal::{Denied, Principal};
use crate::work::Work;

/// Prepay vouchers.
#[derive(Clone, Debug)]
pub struct Prepay {
    /// How many, 1 to [`MAX_QUANTITY`].
    pub quantity: u32,
    /// For what and where.
    pub what: What,
    /// Where they wait.
    pub placed: Placed,
    /// Who gives them.
    pub giver: Giver,
    /// The fund that carries them; `None` = `common`.
    pub fund_id: Option<FundId>,
    /// Where the money comes from.
    pub source: Source,
    /// In whose till or account it lies.
    pub held_by: HeldBy,
    /// The campaign.
    pub campaign: Option<Label>,
    /// The last day; `None` = as the network's policy says.
    pub expires_on: Option<NaiveDate>,
    /// What becomes of those that nobody used in time.
    pub on_expiry: OnExpiry,
}

/// Who gives vouchers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Giver {
    /// Somebody who wants no link.
    Nobody,
    /// Somebody who has a link.
    Known(DonorId),
    /// Somebody who gets a link now; its token is among the secrets, as `donor_token`.
    New,
}

/// For what and where.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum What {
    /// An item that a venue lists, at its price of the day.
    Item {
        /// The venue.
        venue_id: VenueId,
        /// The item.
        item_id: ItemId,
    },
    /// A kind of item up to a price, at every venue of the network.
    AnyVenue {
        /// The kind.
        item_kind: ItemKind,
        /// What is paid and the highest price, in minor units.
        max_price_minor: Minor,
    },
    /// An amount, at one venue or at several.
    Credit {
        /// The venues, 1 to 50.
        venue_ids: Vec<VenueId>,
        /// The amount of each voucher, in minor units.
        amount_minor: Minor,
    },
}

/// The prepayment and its vouchers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = VouchersPrepaid)]
pub struct Answer {
    /// The prepayment.
    pub prepayment_id: PrepaymentId,
    /// The donor, if there is one.
    pub donor_id: Option<DonorId>,
    /// Its vouchers, in order of their number.
    pub voucher_ids: Vec<VoucherId>,
}

domain::refusals! {
    /// Why nothing is prepaid.
    pub enum Refusal {
        /// 1 to 500 at once.
        #[error("1 to {MAX_QUANTITY} vouchers are prepaid at once")]
        Quantity,
        /// 1 to 50 venues.
        #[error("a credit is valid at 1 to 50 venues")]
        Venues,
        /// The venue does not have the item.
        #[error("the venue does not have this item")]
        UnknownItem,
        /// The fund is closed.
        #[error("the fund carries no new vouchers")]
        FundClosed,
        /// The organisation does not take part.
        #[error("this organisation does not take part")]
        UnknownOrganisation,
        /// Nothing is paid.
        #[error("a voucher is worth at least one minor unit")]
        NoAmount,
    }
}

impl UseCase for Prepay {
    const NAME: &'static str = "voucher.prepay";
    const SECRETS: &'static [&'static str] = &["donor_token"];
    const KEPT_FOR_EVER: bool = true;
    type Answer = Answer;

    /// The venue's staff takes money at its own till only.
    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        match &self.what {
            What::Item { venue_id, .. } if self.is_at_the_till() => who.venue(*venue_id),
            What::Item { .. } | What::AnyVenue { .. } | What::Credit { .. } => who.operator(),
        }
    }

    async fn run(&self, work: &mut Work) -> Result<Answer, Failure> {
        if !(1..=MAX_QUANTITY).contains(&self.quantity) {
            return Err(Failure::Refused(Refusal::Quantity.into()));
        }
        let (kind, valid_at, counters) = self.terms(work).await?;
        if kind.value_minor() == Minor::ZERO {
            return Err(Failure::Refused(Refusal::NoAmount.into()));
        }
        let network = work.get::<Network>(NetworkId::of(work.network())).await?;
        let founded = &network.initiative().ok_or(Failure::NotFound)?.founded;
        let today = work.at().with_timezone(&founded.timezone).date_naive();
        let expires_on = self.expires_on(work, today).await?;
        let fund_id = self.fund(work, today).await?;
        self.check_organisations(work).await?;
        let donor_id = self.donor(work).await?;
        let prepayment_id = PrepaymentId::recorded_at(work.now(), work.new_id());
        let prepaid = |ordinal| Prepaid {
            network: founded.network.clone(),
            at: work.at(),
            prepayment_id,
            ordinal,
            kind: kind.clone(),
            currency: founded.currency,
            valid_at: valid_at.clone(),
            placed: self.placed,
            donor_id,
            fund_id,
            funding: Funding {
                source: self.source,
                held_by: self.held_by,
                donation_id: None,
            },
            campaign: self.campaign.clone(),
            expires_on,
            expires_at: expires_on.map(|day| end_of(day, founded.timezone)),
            on_expiry: self.on_expiry,
            origin_voucher: None,
        };
        let all: Vec<Prepaid> = (1..=self.quantity).map(prepaid).collect();
        let mut voucher_ids = Vec::with_capacity(all.len());
        for prepaid in all {
            let voucher_id = VoucherId::of(prepayment_id, prepaid.ordinal);
            work.draws(voucher_id);
            let command = Decision {
                prepaid,
                counters: counters.clone(),
                // Known once funds and organisations are founded by acts of their own.
                fund_is_open: true,
                organisations_take_part: true,
            };
            work.decide::<Voucher>(voucher_id, command).await?;
            voucher_ids.push(voucher_id);
        }
        Ok(Answer {
            prepayment_id,
            donor_id,
            voucher_ids,
        })
    }
}

impl Prepay {
    fn is_at_the_till(&self) -> bool {
        let till = matches!(
            self.source,
            Source::TillCash | Source::TillCard | Source::VenueGift
        );
        till && self.held_by == HeldBy::Venue && self.fund_id.is_none()
    }

    async fn fund(&self, work: &mut Work, today: NaiveDate) -> Result<FundId, Failure> {
        let fund_id = self
            .fund_id
            .unwrap_or_else(|| FundId::common(work.network()));
        if work.get::<Fund>(fund_id).await?.carries_on(today) {
            Ok(fund_id)
        } else {
            Err(Failure::Refused(Refusal::FundClosed.into()))
        }
    }

    /// Organisations that hold the vouchers now or get their value later must take part.
    async fn check_organisations(&self, work: &mut Work) -> Result<(), Failure> {
        let holder = match self.placed {
            Placed::Organisation { organisation_id } => Some(organisation_id),
            Placed::Board | Placed::Donor => None,
        };
        let heir = match self.on_expiry {
            OnExpiry::Organisation { organisation_id } => Some(organisation_id),
            OnExpiry::CommonFund | OnExpiry::Refund => None,
        };
        for organisation_id in holder.into_iter().chain(heir) {
            if !work
                .get::<Organisation>(organisation_id)
                .await?
                .takes_part()
            {
                return Err(Failure::Refused(Refusal::UnknownOrganisation.into()));
            }
        }
        Ok(())
    }

    async fn donor(&self, work: &mut Work) -> Result<Option<DonorId>, Failure> {
        match self.giver {
            Giver::Nobody => Ok(None),
            Giver::Known(donor_id) => {
                work.get::<Donor>(donor_id).await?;
                Ok(Some(donor_id))
            }
            Giver::New => register(work, None).await.map(Some),
        }
    }

    async fn terms(&self, work: &mut Work) -> Result<(Kind, ValidAt, Vec<Counter>), Failure> {
        match &self.what {
            What::Item { venue_id, item_id } => {
                let counter = counter(work, *venue_id, Some(*item_id)).await?;
                let item = counter.item.clone();
                let item = item.ok_or(Failure::Refused(Refusal::UnknownItem.into()))?;
                let kind = Kind::Item {
                    item_id: Some(*item_id),
                    item_kind: item.kind,
                    name: item.name,
                    price_minor: item.price_minor,
                };
                Ok((
                    kind,
                    ValidAt::Venue {
                        venue_id: *venue_id,
                    },
                    vec![counter],
                ))
            }
            What::AnyVenue {
                item_kind,
                max_price_minor,
            } => {
                let name = item_kind.to_string().parse();
                let kind = Kind::Item {
                    item_id: None,
                    item_kind: *item_kind,
                    name: name.map_err(|_| Failure::NotFound)?,
                    price_minor: *max_price_minor,
                };
                let (item_kind, max_price_minor) = (*item_kind, *max_price_minor);
                Ok((
                    kind,
                    ValidAt::Network {
                        item_kind,
                        max_price_minor,
                    },
                    Vec::new(),
                ))
            }
            What::Credit {
                venue_ids,
                amount_minor,
            } => {
                let counters = counters(work, venue_ids).await?;
                let valid_at = match venue_ids.as_slice() {
                    [venue_id] => ValidAt::Venue {
                        venue_id: *venue_id,
                    },
                    _ => ValidAt::Venues {
                        venue_ids: venue_ids.clone(),
                    },
                };
                Ok((
                    Kind::Credit {
                        amount_minor: *amount_minor,
                    },
                    valid_at,
                    counters,
                ))
            }
        }
    }

    /// The last day: as asked, or as many months on as the policy says.
    async fn expires_on(
        &self,
        work: &mut Work,
        today: NaiveDate,
    ) -> Result<Option<NaiveDate>, Failure> {
        if self.expires_on.is_some() {
            return Ok(self.expires_on);
        }
        let months = work.policy().await?.default_expiry_months;
        let last = today
            .checked_add_months(Months::new(months))
            .and_then(|day| day.checked_sub_days(Days::new(1)));
        Ok(last.filter(|_| months > 0))
    }
}

async fn counters(work: &mut Work, venue_ids: &[VenueId]) -> Result<Vec<Counter>, Failure> {
    if !(1..=50).contains(&venue_ids.len()) {
        return Err(Failure::Refused(Refusal::Venues.into()));
    }
    let mut counters = Vec::with_capacity(venue_ids.len());
    for venue_id in venue_ids {
        counters.push(counter(work, *venue_id, None).await?);
    }
    Ok(counters)
}

/// The venue as another act sees it.
pub(super) async fn counter(
    work: &mut Work,
    venue_id: VenueId,
    item: Option<ItemId>,
) -> Result<Counter, Failure> {
    let venue = work.get::<Venue>(venue_id).await?;
    venue.counter(venue_id, item).ok_or(Failure::NotFound)
}
