//! How hosts, their services and their boards follow from the acts.

use domain::event::{Act, Event};
use domain::network::{Initiative, NetworkEvent};
use domain::organisation::OrganisationEvent;
use domain::place::{Description, PlaceEvent};
use domain::service::offer::Offered;
use domain::service::{Details, Provider, ServiceEvent};
use domain::venue::VenueEvent;
use domain::venue::admit::Admitted;
use domain::venue::list_item::ItemListed;
use domain::voucher::VoucherEvent;

use super::{
    Board, Host, Item, MODEL, Network, Organisation, Place, Service, SlipOf, Vouchers, Waiting,
};
use crate::fold::{Fold, Model, Stop};
use crate::geography::millionths;
use crate::plain::plain;
use crate::rows::Rows;
use crate::table::{Json, Row as _, Table};
use crate::time::micros;
use crate::waiting::{self, Spot, item_key};

/// The fold of this read model.
pub struct VenueAvailability;

impl Fold for VenueAvailability {
    fn model(&self) -> Model {
        MODEL
    }

    fn tables(&self) -> Vec<Table> {
        vec![
            SlipOf::TABLE,
            Waiting::TABLE,
            Board::TABLE,
            Network::TABLE,
            Host::TABLE,
            Place::TABLE,
            Service::TABLE,
            Organisation::TABLE,
            Item::TABLE,
        ]
    }

    fn apply(&self, act: &Act, rows: &mut Rows) -> Result<(), Stop> {
        match &act.event {
            Event::Network(event) => network(act, event, rows),
            Event::Place(event) => place(act, event, rows),
            Event::Organisation(event) => organisation(act, event, rows),
            Event::Venue(event) => venue(act, event, rows),
            Event::Service(event) => service(act, event, rows),
            Event::Voucher(event) => {
                if let VoucherEvent::Redeemed(redeemed) = event {
                    refresh(&redeemed.venue_id.to_string(), act, rows)?;
                }
                waiting::follow::<Vouchers>(act, event, rows)
            }
            Event::Access(_)
            | Event::District(_)
            | Event::Donor(_)
            | Event::Fund(_)
            | Event::HelpRequest(_)
            | Event::Member(_)
            | Event::Subject(_)
            | Event::Task(_) => Ok(()),
        }
    }
}

fn network(act: &Act, event: &NetworkEvent, rows: &mut Rows) -> Result<(), Stop> {
    match event {
        NetworkEvent::Founded(founded) => rows.put(Network {
            key: act.network.clone(),
            initiative: Json(Initiative {
                founded: founded.clone(),
                policies: Vec::new(),
            }),
        }),
        NetworkEvent::PolicySet(set) => {
            rows.change::<Network>(&act.network, |network| {
                network.initiative.0.policies.push(set.clone());
            })?;
        }
    }
    Ok(())
}

fn place(act: &Act, event: &PlaceEvent, rows: &mut Rows) -> Result<(), Stop> {
    let id = act.aggregate_id.to_string();
    match event {
        PlaceEvent::Added(added) => describe(act, &added.description, rows)?,
        PlaceEvent::Changed(changed) => describe(act, &changed.description, rows)?,
        PlaceEvent::Closed(_) => {
            rows.change::<Place>(&id, |place| place.closed = 1)?;
        }
    }
    Ok(())
}

fn describe(act: &Act, what: &Description, rows: &mut Rows) -> Result<(), Stop> {
    let key = act.aggregate_id.to_string();
    rows.change::<Host>(&key, |host| {
        host.name = what.name.to_string();
        host.sort = plain(&host.name);
    })?;
    rows.put(Place {
        key,
        network: act.network.clone(),
        kind: what.kind.to_string(),
        name: what.name.to_string(),
        address: what.address.to_string(),
        search: plain(&format!("{} {}", what.name, what.address)),
        district_code: what.district_code.to_string(),
        latitude: millionths(what.latitude.degrees()),
        longitude: millionths(what.longitude.degrees()),
        wheelchair: what.wheelchair.to_string(),
        closed: 0,
    });
    Ok(())
}

fn organisation(act: &Act, event: &OrganisationEvent, rows: &mut Rows) -> Result<(), Stop> {
    let key = act.aggregate_id.to_string();
    match event {
        OrganisationEvent::Joined(joined) => rows.put(Organisation {
            key,
            name: joined.name.to_string(),
            gone: 0,
        }),
        OrganisationEvent::Left(_) => {
            rows.change::<Organisation>(&key, |organisation| organisation.gone = 1)?;
        }
    }
    Ok(())
}

fn venue(act: &Act, event: &VenueEvent, rows: &mut Rows) -> Result<(), Stop> {
    let id = act.aggregate_id.to_string();
    match event {
        VenueEvent::Admitted(admitted) => rows.put(host_of_venue(act, admitted)),
        VenueEvent::Suspended(suspended) => {
            let from = Some(micros(suspended.effective_at));
            rows.change::<Host>(&id, |host| host.suspended_from = from)?;
        }
        VenueEvent::Resumed(_) => {
            rows.change::<Host>(&id, |host| host.suspended_from = None)?;
        }
        VenueEvent::Left(left) => {
            let from = Some(micros(left.effective_at));
            rows.change::<Host>(&id, |host| host.left_from = from)?;
        }
        VenueEvent::HoursSet(_)
        | VenueEvent::ClosureAnnounced(_)
        | VenueEvent::ClosureCancelled(_)
        | VenueEvent::Confirmed(_)
        | VenueEvent::ItemListed(_)
        | VenueEvent::ItemRepriced(_)
        | VenueEvent::ItemDelisted(_)
        | VenueEvent::ItemGiven(_) => {
            refresh(&id, act, rows)?;
            amend(act, &id, event, rows)?;
        }
        VenueEvent::TurnedAway(_) | VenueEvent::VouchersDisposed(_) => {}
    }
    Ok(())
}

/// What renews the freshness of a venue, and what else it changes.
fn amend(act: &Act, id: &str, event: &VenueEvent, rows: &mut Rows) -> Result<(), Stop> {
    match event {
        VenueEvent::HoursSet(set) => {
            let hours = Some(set.opening_hours.as_str().to_owned());
            rows.change::<Host>(id, |host| host.opening_hours = hours)?;
        }
        VenueEvent::ClosureAnnounced(announced) => {
            rows.change::<Host>(id, |host| {
                let closures = &mut host.closures.0;
                closures.retain(|known| known.to.is_none_or(|to| to > announced.at));
                closures.push(announced.clone());
            })?;
        }
        VenueEvent::ClosureCancelled(cancelled) => {
            rows.change::<Host>(id, |host| {
                let closures = &mut host.closures.0;
                closures.retain(|known| known.closure_id != cancelled.closure_id);
            })?;
        }
        VenueEvent::ItemListed(listed) => list(act, id, listed, rows)?,
        VenueEvent::ItemRepriced(repriced) => {
            let key = item_key(&act.network, id, &repriced.item_id.to_string());
            rows.change::<Item>(&key, |item| item.price_minor = repriced.price_minor.get())?;
        }
        VenueEvent::ItemDelisted(delisted) => {
            let key = item_key(&act.network, id, &delisted.item_id.to_string());
            rows.change::<Item>(&key, |item| item.delisted = 1)?;
        }
        VenueEvent::Admitted(_)
        | VenueEvent::Confirmed(_)
        | VenueEvent::TurnedAway(_)
        | VenueEvent::ItemGiven(_)
        | VenueEvent::Suspended(_)
        | VenueEvent::Resumed(_)
        | VenueEvent::Left(_)
        | VenueEvent::VouchersDisposed(_) => {}
    }
    Ok(())
}

fn host_of_venue(act: &Act, admitted: &Admitted) -> Host {
    let id = act.aggregate_id.to_string();
    Host {
        key: id.clone(),
        network: act.network.clone(),
        venue_id: Some(id),
        place_id: admitted.place_id.to_string(),
        name: admitted.name.to_string(),
        sort: plain(admitted.name.as_str()),
        kind: Some(admitted.kind.to_string()),
        opening_hours: None,
        closures: Json(Vec::new()),
        suspended_from: None,
        left_from: None,
        fresh_at: micros(act.occurred_at),
    }
}

fn list(act: &Act, venue_id: &str, listed: &ItemListed, rows: &mut Rows) -> Result<(), Stop> {
    let item_id = listed.item_id.to_string();
    rows.put(Item {
        key: item_key(&act.network, venue_id, &item_id),
        venue_id: venue_id.to_owned(),
        item_id: item_id.clone(),
        kind: listed.kind.to_string(),
        name: listed.name.to_string(),
        price_minor: listed.price_minor.get(),
        daily_limit: listed.daily_limit.map(i64::from),
        delisted: 0,
    });
    let spot = Spot::of_item(venue_id.to_owned(), item_id, listed.kind);
    waiting::open::<Vouchers>(spot, act, rows)
}

/// An act that shows that what is said of a host is true at its time.
fn refresh(host: &str, act: &Act, rows: &mut Rows) -> Result<(), Stop> {
    let at = micros(act.occurred_at);
    rows.change::<Host>(host, |host| host.fresh_at = host.fresh_at.max(at))?;
    Ok(())
}

fn service(act: &Act, event: &ServiceEvent, rows: &mut Rows) -> Result<(), Stop> {
    let id = act.aggregate_id.to_string();
    if let ServiceEvent::Offered(offered) = event {
        return offer(act, offered, rows);
    }
    let Some(host) = rows.get::<Service>(&id)?.map(Service::host) else {
        // It was withdrawn; who was provided for before may still be counted.
        return Ok(());
    };
    match event {
        ServiceEvent::Changed(changed) => {
            rows.change::<Service>(&id, |service| service.detail(&changed.details))?;
        }
        ServiceEvent::Paused(paused) => {
            rows.change::<Service>(&id, |service| {
                service.paused = 1;
                service.paused_until = paused.until.map(micros);
            })?;
        }
        ServiceEvent::Resumed(_) => {
            rows.change::<Service>(&id, |service| {
                service.paused = 0;
                service.paused_until = None;
            })?;
        }
        ServiceEvent::Offered(_) | ServiceEvent::Provided(_) => {}
        ServiceEvent::Withdrawn(_) => rows.delete::<Service>(&id),
    }
    refresh(&host, act, rows)
}

fn offer(act: &Act, offered: &Offered, rows: &mut Rows) -> Result<(), Stop> {
    let (venue_id, organisation_id) = match offered.provider {
        Provider::Venue { venue_id } => (Some(venue_id.to_string()), None),
        Provider::Organisation { organisation_id } => (None, Some(organisation_id.to_string())),
    };
    let place_id = offered.place_id.to_string();
    if venue_id.is_none() {
        let name = rows
            .get::<Place>(&place_id)?
            .map(|place| place.name.clone());
        let new = || host_of_place(act, &place_id, name.unwrap_or_default());
        rows.upsert::<Host>(&place_id, new, |_| ())?;
    }
    let mut service = Service {
        key: act.aggregate_id.to_string(),
        place_id,
        venue_id,
        organisation_id,
        kind: offered.kind.to_string(),
        name: None,
        hours: None,
        capacity: None,
        paused: 0,
        paused_until: None,
    };
    service.detail(&offered.details);
    let host = service.host();
    rows.put(service);
    refresh(&host, act, rows)
}

fn host_of_place(act: &Act, place_id: &str, name: String) -> Host {
    Host {
        key: place_id.to_owned(),
        network: act.network.clone(),
        venue_id: None,
        place_id: place_id.to_owned(),
        sort: plain(&name),
        name,
        kind: None,
        opening_hours: None,
        closures: Json(Vec::new()),
        suspended_from: None,
        left_from: None,
        fresh_at: micros(act.occurred_at),
    }
}

impl Service {
    fn host(&self) -> String {
        self.venue_id
            .clone()
            .unwrap_or_else(|| self.place_id.clone())
    }

    fn detail(&mut self, details: &Details) {
        self.name = details.name.as_ref().map(ToString::to_string);
        self.hours = details
            .hours
            .as_ref()
            .map(|hours| hours.as_str().to_owned());
        self.capacity = details.capacity.map(i64::from);
    }
}
