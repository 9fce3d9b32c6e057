//! How the facts of a district follow from the acts.

use chrono::TimeDelta;
use domain::event::{Act, Event};
use domain::help_request::HelpRequestEvent;
use domain::network::{Initiative, NetworkEvent};
use domain::organisation::OrganisationEvent;
use domain::place::{Description, PlaceEvent};
use domain::service::{Provider, ServiceEvent};
use domain::venue::VenueEvent;
use domain::venue::announce_closure::ClosureAnnounced;
use domain::venue::turn_away;

use super::{
    Board, District, HelpRequest, MODEL, Network, Organisation, Place, Service, SlipOf, TurnedAway,
    Venue, Vouchers, Waiting,
};
use crate::fold::{Fold, Model, Stop};
use crate::rows::Rows;
use crate::table::{Json, Row as _, Table};
use crate::time::micros;
use crate::waiting;

/// How long closures are kept after their end, for questions about past weeks.
const KEPT: TimeDelta = TimeDelta::days(366);

/// The fold of this read model.
pub struct DistrictCoverage;

impl Fold for DistrictCoverage {
    fn model(&self) -> Model {
        MODEL
    }

    fn tables(&self) -> Vec<Table> {
        vec![
            SlipOf::TABLE,
            Waiting::TABLE,
            Board::TABLE,
            Network::TABLE,
            District::TABLE,
            Place::TABLE,
            Venue::TABLE,
            Service::TABLE,
            Organisation::TABLE,
            TurnedAway::TABLE,
            HelpRequest::TABLE,
        ]
    }

    fn apply(&self, act: &Act, rows: &mut Rows) -> Result<(), Stop> {
        match &act.event {
            Event::Network(event) => network(act, event, rows),
            Event::District(domain::district::DistrictEvent::Drawn(drawn)) => {
                rows.put(District {
                    key: act.aggregate_id.to_string(),
                    network: act.network.clone(),
                    code: drawn.code.to_string(),
                    name: drawn.name.to_string(),
                    population: i64::from(drawn.population),
                    boundary: Json(drawn.boundary.clone()),
                });
                Ok(())
            }
            Event::Place(event) => place(act, event, rows),
            Event::Organisation(event) => organisation(act, event, rows),
            Event::Venue(event) => venue(act, event, rows),
            Event::Service(event) => service(act, event, rows),
            Event::Voucher(event) => waiting::follow::<Vouchers>(act, event, rows),
            Event::HelpRequest(event) => help_request(act, event, rows),
            Event::Access(_)
            | Event::Donor(_)
            | Event::Fund(_)
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
    let key = act.aggregate_id.to_string();
    let open = |what: &Description| Place {
        key: key.clone(),
        network: act.network.clone(),
        district_code: what.district_code.to_string(),
        closed: 0,
    };
    match event {
        PlaceEvent::Added(added) => rows.put(open(&added.description)),
        PlaceEvent::Changed(changed) => rows.put(open(&changed.description)),
        PlaceEvent::Closed(_) => {
            rows.change::<Place>(&key, |place| place.closed = 1)?;
        }
    }
    Ok(())
}

fn organisation(act: &Act, event: &OrganisationEvent, rows: &mut Rows) -> Result<(), Stop> {
    let key = act.aggregate_id.to_string();
    match event {
        OrganisationEvent::Joined(_) => rows.put(Organisation { key, gone: 0 }),
        OrganisationEvent::Left(_) => {
            rows.change::<Organisation>(&key, |organisation| organisation.gone = 1)?;
        }
    }
    Ok(())
}

fn venue(act: &Act, event: &VenueEvent, rows: &mut Rows) -> Result<(), Stop> {
    let id = act.aggregate_id.to_string();
    match event {
        VenueEvent::Admitted(admitted) => rows.put(Venue {
            key: id,
            place_id: admitted.place_id.to_string(),
            hours: None,
            closures: Json(Vec::new()),
            suspended_from: None,
            left_from: None,
        }),
        VenueEvent::HoursSet(set) => {
            let hours = Some(set.opening_hours.as_str().to_owned());
            rows.change::<Venue>(&id, |venue| venue.hours = hours)?;
        }
        VenueEvent::ClosureAnnounced(announced) => {
            rows.change::<Venue>(&id, |venue| venue.announce(announced.clone()))?;
        }
        VenueEvent::ClosureCancelled(cancelled) => {
            let other = |known: &ClosureAnnounced| known.closure_id != cancelled.closure_id;
            rows.change::<Venue>(&id, |venue| venue.closures.0.retain(other))?;
        }
        VenueEvent::Suspended(suspended) => {
            let from = Some(micros(suspended.effective_at));
            rows.change::<Venue>(&id, |venue| venue.suspended_from = from)?;
        }
        VenueEvent::Resumed(_) => {
            rows.change::<Venue>(&id, |venue| venue.suspended_from = None)?;
        }
        VenueEvent::Left(left) => {
            let from = Some(micros(left.effective_at));
            rows.change::<Venue>(&id, |venue| venue.left_from = from)?;
        }
        VenueEvent::TurnedAway(turned_away) => count_turned_away(id, turned_away, rows)?,
        VenueEvent::Confirmed(_)
        | VenueEvent::ItemListed(_)
        | VenueEvent::ItemRepriced(_)
        | VenueEvent::ItemDelisted(_)
        | VenueEvent::ItemGiven(_)
        | VenueEvent::VouchersDisposed(_) => {}
    }
    Ok(())
}

impl Venue {
    /// Closures that are over for more than a year interest no week that anybody asks for.
    fn announce(&mut self, announced: ClosureAnnounced) {
        let old = announced.at - KEPT;
        let matters = |known: &ClosureAnnounced| known.to.is_none_or(|to| to > old);
        self.closures.0.retain(matters);
        self.closures.0.push(announced);
    }
}

fn count_turned_away(
    venue_id: String,
    event: &turn_away::TurnedAway,
    rows: &mut Rows,
) -> Result<(), Stop> {
    let key = format!("{venue_id}|{}", event.reason);
    let new = || TurnedAway {
        key: key.clone(),
        venue_id,
        reason: event.reason.to_string(),
        count: 0,
    };
    rows.upsert::<TurnedAway>(&key, new, |row| row.count += i64::from(event.count))
}

fn service(act: &Act, event: &ServiceEvent, rows: &mut Rows) -> Result<(), Stop> {
    let key = act.aggregate_id.to_string();
    match event {
        ServiceEvent::Offered(offered) => {
            let (venue_id, organisation_id) = match offered.provider {
                Provider::Venue { venue_id } => (Some(venue_id.to_string()), None),
                Provider::Organisation { organisation_id } => {
                    (None, Some(organisation_id.to_string()))
                }
            };
            let hours = offered.details.hours.as_ref();
            rows.put(Service {
                key,
                place_id: offered.place_id.to_string(),
                venue_id,
                organisation_id,
                kind: offered.kind.to_string(),
                hours: hours.map(|hours| hours.as_str().to_owned()),
                paused: 0,
                paused_until: None,
            });
        }
        ServiceEvent::Changed(changed) => {
            let hours = changed.details.hours.as_ref();
            let hours = hours.map(|hours| hours.as_str().to_owned());
            rows.change::<Service>(&key, |service| service.hours = hours)?;
        }
        ServiceEvent::Paused(paused) => {
            rows.change::<Service>(&key, |service| {
                service.paused = 1;
                service.paused_until = paused.until.map(micros);
            })?;
        }
        ServiceEvent::Resumed(_) => {
            rows.change::<Service>(&key, |service| {
                service.paused = 0;
                service.paused_until = None;
            })?;
        }
        ServiceEvent::Withdrawn(_) => rows.delete::<Service>(&key),
        ServiceEvent::Provided(_) => {}
    }
    Ok(())
}

fn help_request(act: &Act, event: &HelpRequestEvent, rows: &mut Rows) -> Result<(), Stop> {
    let key = act.aggregate_id.to_string();
    if let HelpRequestEvent::Requested(requested) = event {
        rows.put(HelpRequest {
            key,
            network: act.network.clone(),
            district_code: requested.terms.district_code.to_string(),
            wanted: 1,
            unmet: 0,
            until: micros(requested.terms.expires_at),
            requested_at: micros(act.occurred_at),
            fulfilled_at: None,
            known_from: micros(act.recorded_at),
            known_until: None,
        });
        return Ok(());
    }
    let (at, known_at) = (micros(act.occurred_at), micros(act.recorded_at));
    let known = rows.change::<HelpRequest>(&key, |request| {
        request.evolve(event, at);
        request.known_until = match (request.wanted, request.known_until) {
            (1, _) => None,
            (_, known) => known.or(Some(known_at)),
        };
    })?;
    if known {
        Ok(())
    } else {
        Err(Stop::Broken(format!("help request {key} was never made")))
    }
}

impl HelpRequest {
    fn evolve(&mut self, event: &HelpRequestEvent, at: i64) {
        match event {
            HelpRequestEvent::Requested(_)
            | HelpRequestEvent::Claimed(_)
            | HelpRequestEvent::Released(_)
            | HelpRequestEvent::PartlyFulfilled(_)
            | HelpRequestEvent::TextsErased(_) => {}
            HelpRequestEvent::Edited(edited) => {
                self.district_code = edited.terms.district_code.to_string();
                self.until = micros(edited.terms.expires_at);
            }
            HelpRequestEvent::Fulfilled(_) => {
                (self.wanted, self.unmet, self.fulfilled_at) = (0, 0, Some(at));
            }
            HelpRequestEvent::Reopened(reopened) => {
                (self.wanted, self.unmet, self.fulfilled_at) = (1, 0, None);
                self.until = micros(reopened.expires_at);
            }
            HelpRequestEvent::ClosedUnmet(_) => (self.wanted, self.unmet) = (0, 1),
            HelpRequestEvent::Withdrawn(_) | HelpRequestEvent::Expired(_) => self.wanted = 0,
        }
    }
}
