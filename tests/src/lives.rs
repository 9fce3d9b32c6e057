//! Lives of vouchers that are decided, not told: what the domain allows, happens.

use chrono::TimeDelta;
use cqrs_es::Aggregate as _;
use domain::Entity as _;
use domain::event::{Act, Event};
use domain::ids::{DonorId, FundId, OrganisationId, RedemptionId, SheetId, VenueId, VoucherId};
use domain::network::set_policy::PriceRiseBorneBy;
use domain::venue::{Counter, ItemKind, ListedItem, Standing};
use domain::voucher::allocate::{Allocate, Allocated};
use domain::voucher::expire::Expire;
use domain::voucher::hand_over::{HandOver, HandedOver};
use domain::voucher::issue_code::IssueCode;
use domain::voucher::redeem::{Means, Redeem, RedemptionSource};
use domain::voucher::refund::{Refund, RefundReason};
use domain::voucher::rehome::Rehome;
use domain::voucher::return_to_board::ReturnToBoard;
use domain::voucher::reverse_redemption::{ReversalReason, ReverseRedemption};
use domain::voucher::revoke_code::{CodeRevoked, RevokeCode, RevokeReason};
use domain::voucher::void::{Void, VoidReason};
use domain::voucher::{Holder, Voucher, VoucherCommand};
use proptest::prelude::*;
use uuid::Uuid;

use crate::acts::{Paid, Story, minor};

/// A network with three cafés, and vouchers whose whole life follows the rules.
pub struct Lives {
    /// What happened.
    pub story: Story,
    /// The cafés with their coffee, at 65.00, 60.00 and 70.00.
    pub counters: Vec<Counter>,
    vouchers: Vec<(VoucherId, Voucher)>,
}

impl Lives {
    /// A network in which nothing was prepaid yet.
    #[must_use]
    pub fn new() -> Self {
        let mut story = Story::new("praha");
        story.at("2026-11-02T09:00:00Z");
        let counters = [("Na Rohu", 6500), ("U Lva", 6000), ("Za Vodou", 7000)];
        let counters = counters.map(|(name, price)| {
            let venue_id = story.venue(name);
            let item_id = story.item(venue_id, "Coffee", ItemKind::HotDrink, price);
            let item = ListedItem {
                item_id,
                kind: ItemKind::HotDrink,
                name: "Coffee".parse().expect("a name"),
                price_minor: minor(price),
                daily_limit: None,
                delisted: false,
            };
            Counter {
                venue_id,
                standing: Standing::Open,
                item: Some(item),
            }
        });
        Self {
            story,
            counters: counters.into(),
            vouchers: Vec::new(),
        }
    }

    /// A voucher for a coffee at a café, unless it says else; answers with its number.
    pub fn prepay(&mut self, cafe: usize, say: impl FnOnce(Paid) -> Paid) -> usize {
        let (venue, item) = (self.venue(cafe), self.item(cafe));
        let ids = self.story.prepay(1, |paid| say(paid.for_item(venue, item)));
        let mut voucher = Voucher::default();
        let last = self.story.recorded().last().expect("a prepayment");
        if let Event::Voucher(event) = Act::read(last).expect("readable").event {
            voucher.apply(event);
        }
        self.vouchers.push((ids[0], voucher));
        self.vouchers.len() - 1
    }

    /// Asks for an act at the time of the story; says whether it was allowed.
    pub fn ask(&mut self, voucher: usize, command: impl Into<VoucherCommand>) -> bool {
        let (id, state) = &mut self.vouchers[voucher];
        let Ok(events) = state.decide(&command.into()) else {
            return false;
        };
        for event in events {
            self.story.act::<Voucher>(*id, event.clone());
            state.apply(event);
        }
        true
    }

    /// A voucher's id.
    #[must_use]
    pub fn id(&self, voucher: usize) -> VoucherId {
        self.vouchers[voucher].0
    }

    /// A voucher as it stands.
    #[must_use]
    pub fn voucher(&self, voucher: usize) -> &Voucher {
        &self.vouchers[voucher].1
    }

    /// A café's id.
    #[must_use]
    pub fn venue(&self, cafe: usize) -> VenueId {
        self.counters[cafe].venue_id
    }

    fn item(&self, cafe: usize) -> domain::ids::ItemId {
        self.counters[cafe].item.as_ref().expect("a coffee").item_id
    }

    /// A use at a café now, at its price of the day; of a credit, of this amount.
    #[must_use]
    pub fn redeem(&mut self, voucher: usize, cafe: usize, price: i64) -> Redeem {
        let mut counter = self.counters[cafe].clone();
        counter.item.as_mut().expect("a coffee").price_minor = minor(price);
        let holding = self.vouchers[voucher].1.holding();
        let issue_no = holding.and_then(|holding| holding.issue_no);
        Redeem {
            redemption_id: self.story.id(),
            at: self.story.now(),
            group_id: None,
            group_size: 1,
            counter,
            amount_minor: Some(minor(price)),
            means: issue_no.map_or(Means::Board, |issue_no| Means::Code { issue_no }),
            source: RedemptionSource::Counter,
            price_rise_borne_by: PriceRiseBorneBy::Venue,
            tally: None,
        }
    }

    /// The taking back of a voucher's first use that stands, by an operator.
    #[must_use]
    pub fn reverse(&self, voucher: usize) -> ReverseRedemption {
        let holding = self.vouchers[voucher].1.holding().expect("prepaid");
        let standing = holding.redemptions.iter().find(|known| !known.reversed);
        ReverseRedemption {
            redemption_id: standing.map_or(RedemptionId(Uuid::nil()), |use_| use_.redemption_id),
            at: self.story.now(),
            by_operator: true,
            settled: false,
            taken_back_before: 0,
            reason: ReversalReason::Mistake,
        }
    }

    /// A move from one café to another, where a coffee has this price.
    #[must_use]
    pub fn rehome(&self, from: usize, to: usize, price: i64, rise: PriceRiseBorneBy) -> Rehome {
        let mut counter = self.counters[to].clone();
        counter.item.as_mut().expect("a coffee").price_minor = minor(price);
        Rehome {
            from_venue: self.venue(from),
            to: Some(counter),
            price_rise_borne_by: rise,
            difference_to: FundId::common(&self.story.network()),
        }
    }

    /// A code on a sheet, or without one.
    #[must_use]
    pub fn issue(&self, to: Holder, sheet: Option<(SheetId, u32)>) -> IssueCode {
        IssueCode {
            at: self.story.now(),
            sheet,
            to,
            organisation_takes_part: true,
            pass_over: 0,
        }
    }

    /// Its expiry now.
    #[must_use]
    pub fn expire(&self) -> Expire {
        Expire {
            now: self.story.now(),
            late_record_window: TimeDelta::hours(72),
        }
    }

    /// Its refund now, by the donor's wish.
    #[must_use]
    pub fn refund(&self, to_donor: bool) -> Refund {
        Refund {
            at: self.story.now(),
            to_donor,
            reason: RefundReason::DonorsWish,
        }
    }
}

impl Default for Lives {
    fn default() -> Self {
        Self::new()
    }
}

/// The organisation of random lives.
#[must_use]
pub fn organisation() -> OrganisationId {
    OrganisationId(Uuid::from_u128(0x0a))
}

/// One of three donors of random lives.
#[must_use]
pub fn donor(number: u8) -> DonorId {
    DonorId(Uuid::from_u128(0xd0 + u128::from(number % 3)))
}

/// What may be asked next, allowed or not.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    kind: u8,
    voucher: usize,
    cafe: usize,
    other: usize,
    price: i64,
    yes: bool,
}

/// Any step.
pub fn step() -> impl Strategy<Value = Step> {
    let places = (0..100usize, 0..3usize, 0..3usize);
    (0..20u8, places, 5000..8000i64, any::<bool>()).prop_map(
        |(kind, (voucher, cafe, other), price, yes)| Step {
            kind,
            voucher,
            cafe,
            other,
            price,
            yes,
        },
    )
}

/// A network in which these steps were asked for, one an hour.
#[must_use]
pub fn lived(steps: &[Step]) -> Lives {
    let mut lives = Lives::new();
    lives.prepay(0, |paid| paid.in_cash().by(donor(0)));
    for step in steps {
        lives.story.after(TimeDelta::hours(1));
        if step.kind < 4 {
            lives.prepay_any(*step);
        } else {
            lives.ask_any(*step);
        }
    }
    lives
}

impl Lives {
    fn prepay_any(&mut self, step: Step) {
        // Soon enough that some expire while the story goes on.
        let last = (self.story.now() + TimeDelta::days(2))
            .date_naive()
            .to_string();
        let venues = [self.venue(step.cafe), self.venue((step.cafe + 1) % 3)];
        self.prepay(step.cafe, |paid| {
            let paid = match step.kind {
                0 => paid.credit(venues[0], step.price),
                1 => paid.at_any_of(&venues, ItemKind::HotDrink, step.price),
                2 => paid.anywhere(ItemKind::HotDrink, step.price),
                _ => paid,
            };
            let paid = if step.yes { paid.in_cash() } else { paid };
            let paid = if step.other == 0 {
                paid
            } else {
                paid.by(donor(step.kind))
            };
            paid.until(&last).but(|prepaid| {
                if step.price % 3 == 0 {
                    prepaid.fund_id = FundId(Uuid::from_u128(0xf0));
                }
            })
        });
    }

    fn ask_any(&mut self, step: Step) {
        // Mostly the latest: of the others nearly all have ended.
        let among = if step.kind < 19 { 6 } else { 24 };
        let last = self.vouchers.len() - 1;
        let voucher = last - step.voucher % among.min(last + 1);
        let rise = if step.yes {
            PriceRiseBorneBy::Fund
        } else {
            PriceRiseBorneBy::Venue
        };
        let organisation_id = organisation();
        let holder = if step.yes {
            Holder::Donor
        } else {
            Holder::Organisation { organisation_id }
        };
        let command: VoucherCommand = match step.kind {
            4..=8 => {
                let redeem = self.redeem(voucher, step.cafe, step.price);
                Redeem {
                    price_rise_borne_by: rise,
                    ..redeem
                }
                .into()
            }
            9..=10 => self.reverse(voucher).into(),
            11..=12 => self.rehome(step.cafe, step.other, step.price, rise).into(),
            13 => Rehome {
                to: None,
                ..self.rehome(step.cafe, step.other, step.price, rise)
            }
            .into(),
            14 => self.issue(holder, None).into(),
            15 => RevokeCode {
                revoked: CodeRevoked {
                    issue_no: 1,
                    reason: RevokeReason::Returned,
                },
            }
            .into(),
            16 => Allocate {
                at: self.story.now(),
                allocated: Allocated {
                    organisation_id,
                    return_by: None,
                },
                organisation_takes_part: true,
            }
            .into(),
            17 if step.yes => ReturnToBoard {}.into(),
            17 => HandOver {
                handed_over: HandedOver {
                    by: holder,
                    district: None,
                },
            }
            .into(),
            18 if step.yes => self.refund(step.cafe == 0).into(),
            18 => Void {
                reason: VoidReason::EntryError,
            }
            .into(),
            _ => {
                // What was prepaid on the first days may be over by then.
                self.story.after(TimeDelta::hours(i64::from(step.yes) * 60));
                self.expire().into()
            }
        };
        self.ask(voucher, command);
    }
}
