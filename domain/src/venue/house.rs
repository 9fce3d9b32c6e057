//! How a venue changes by what happens to it. Nothing here refuses: an event is a fact.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::admit::Admitted;
use super::announce_closure::ClosureAnnounced;
use super::confirm::Confirmed;
use super::disposal::Disposed;
use super::dispose_vouchers::VouchersDisposed;
use super::leave::Left;
use super::list_item::ItemListed;
use super::reprice_item::ItemRepriced;
use super::suspend::Suspended;
use super::{Closure, House, ListedItem, Standing};
use crate::ids::{ClosureId, ItemId};

impl House {
    pub(super) fn new(admitted: Admitted) -> Self {
        Self {
            admitted,
            standing: Standing::Open,
            disposal: Disposed::NotAsked,
            opening_hours: None,
            closures: BTreeMap::new(),
            confirmed: BTreeMap::new(),
            items: BTreeMap::new(),
        }
    }

    pub(super) fn announce(&mut self, announced: ClosureAnnounced) {
        let now = announced.at;
        self.closures.retain(|_, closure| closure.matters_at(now));
        let closure = Closure {
            announced,
            cancelled: false,
        };
        self.closures.insert(closure.announced.closure_id, closure);
    }

    pub(super) fn cancel(&mut self, closure_id: ClosureId) {
        if let Some(closure) = self.closures.get_mut(&closure_id) {
            closure.cancelled = true;
        }
    }

    pub(super) fn confirm(&mut self, confirmed: Confirmed) {
        let latest = self.confirmed.entry(confirmed.what).or_insert(confirmed.at);
        *latest = confirmed.at.max(*latest);
    }

    pub(super) fn list(&mut self, listed: ItemListed) {
        let ItemListed {
            item_id,
            kind,
            name,
            price_minor,
            daily_limit,
        } = listed;
        let item = ListedItem {
            item_id,
            kind,
            name,
            price_minor,
            daily_limit,
            delisted: false,
        };
        self.items.insert(item_id, item);
    }

    pub(super) fn reprice(&mut self, repriced: ItemRepriced) {
        if let Some(item) = self.items.get_mut(&repriced.item_id) {
            item.price_minor = repriced.price_minor;
        }
    }

    pub(super) fn delist(&mut self, item_id: ItemId) {
        if let Some(item) = self.items.get_mut(&item_id) {
            item.delisted = true;
        }
    }

    pub(super) fn suspend(&mut self, suspended: Suspended) {
        let Suspended {
            effective_at,
            vouchers,
        } = suspended;
        self.standing = Standing::Suspended { effective_at };
        self.disposal = Disposed::Pending { vouchers, count: 0 };
    }

    pub(super) fn resume(&mut self) {
        self.standing = Standing::Open;
        self.disposal = Disposed::NotAsked;
    }

    pub(super) fn leave(&mut self, left: Left) {
        let Left {
            effective_at,
            vouchers,
        } = left;
        self.standing = Standing::Left { effective_at };
        self.disposal = Disposed::Pending { vouchers, count: 0 };
    }

    pub(super) fn vouchers_disposed(&mut self, disposed: VouchersDisposed) {
        let VouchersDisposed { count, all, .. } = disposed;
        self.disposal = std::mem::take(&mut self.disposal).went(count, all);
    }
}

impl Closure {
    /// Whether it is neither cancelled nor over at that time.
    #[must_use]
    pub fn matters_at(&self, at: DateTime<Utc>) -> bool {
        !self.cancelled && self.announced.to.is_none_or(|to| to > at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::venue::examples;

    #[test]
    fn a_closure_matters_until_it_is_over() {
        let announced = examples::announce_closure().announced;
        let to = announced.to.expect("an end");
        let closure = Closure {
            announced,
            cancelled: false,
        };
        assert!(closure.matters_at(to - chrono::TimeDelta::microseconds(1)));
        assert!(!closure.matters_at(to));
    }
}
