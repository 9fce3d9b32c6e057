//! Venues from a file.

use std::collections::{HashMap, HashSet};

use anyhow::Context;
use commands::log::EventLog;
use commands::place::add::Add;
use commands::venue::admit::Admit;
use commands::venue::set_hours::SetHours;
use domain::Event;
use domain::district::District;
use domain::event::Act;
use domain::geography::{Latitude, Longitude};
use domain::hours::{Hours, NotHours};
use domain::ids::{DistrictId, VenueId};
use domain::place::{Description, Place, PlaceKind, Wheelchair};
use domain::text::{Label, Name, Slug};
use domain::venue::admit::{Admitted, VenueKind};
use domain::venue::{Standing, Venue, VenueEvent};
use indicatif::ProgressBar;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::file::{self, At, Format, Problems};
use super::{Desk, Tally, must_be_right};

/// How many events are in memory at once while the known venues are gathered.
const PAGE: usize = 1_000;

#[derive(Deserialize)]
pub(super) struct Row {
    name: Name,
    kind: VenueKind,
    address: Name,
    district_code: Label,
    latitude: Latitude,
    longitude: Longitude,
    #[serde(default)]
    wheelchair: Option<Wheelchair>,
    #[serde(default)]
    opening_hours: Option<Hours>,
}

impl Row {
    fn key(&self) -> (Name, Name) {
        (self.name.clone(), self.address.clone())
    }
}

/// Admits what is not there yet.
pub(super) async fn import(
    desk: &Desk,
    text: &str,
    format: Format,
    bar: &ProgressBar,
) -> anyhow::Result<Tally> {
    let mut problems = Problems::default();
    let rows = read(text, format, &mut problems)?;
    check(desk, &rows, &mut problems).await?;
    must_be_right(&problems, bar, rows.len())?;
    let known = known(desk).await?;
    let count = rows.len();
    let mut new = 0;
    for (at, row) in rows {
        let done = if let Some(venue_id) = known.get(&row.key()) {
            complete(desk, *venue_id, row).await
        } else {
            new += 1;
            admit(desk, row).await
        };
        done.with_context(|| format!("{at}; import again to go on"))?;
        bar.inc(1);
    }
    Ok(Tally {
        new,
        unchanged: count - new,
    })
}

pub(super) fn read(
    text: &str,
    format: Format,
    problems: &mut Problems,
) -> anyhow::Result<Vec<(At, Row)>> {
    match format {
        Format::Csv => file::csv(text, problems),
        Format::Geojson => file::geojson(text, problems, point),
    }
}

/// The coordinates of a Point, as the columns of a CSV say them.
fn point(
    geometry: &Map<String, Value>,
    properties: &mut Map<String, Value>,
) -> Result<(), &'static str> {
    let is_point = geometry.get("type").is_some_and(|kind| kind == "Point");
    let coordinates = geometry.get("coordinates").and_then(Value::as_array);
    let Some([longitude, latitude, ..]) = coordinates.filter(|_| is_point).map(Vec::as_slice)
    else {
        return Err("its geometry is no Point");
    };
    properties.insert("longitude".to_owned(), longitude.clone());
    properties.insert("latitude".to_owned(), latitude.clone());
    Ok(())
}

async fn check(desk: &Desk, rows: &[(At, Row)], problems: &mut Problems) -> anyhow::Result<()> {
    let (mut drawn, mut keys) = (HashMap::new(), HashSet::new());
    for (at, row) in rows {
        if !keys.insert(row.key()) {
            problems.add(*at, "this name and address are there twice");
        }
        let hours = row.opening_hours.as_ref();
        if hours.is_some_and(|hours| !hours.is_understood()) {
            problems.add(*at, NotHours);
        }
        let code = &row.district_code;
        if !drawn.contains_key(code) {
            let id = DistrictId::of(&desk.network, code.as_str());
            let district = desk.desk.read::<District>(&desk.network, id).await?;
            drawn.insert(code.clone(), district.is_some());
        }
        if drawn.get(code) != Some(&true) {
            problems.add(*at, format!("the network has no district {code}"));
        }
    }
    Ok(())
}

/// Every venue that was ever admitted, however it came in, by name and address.
async fn known(desk: &Desk) -> anyhow::Result<HashMap<(Name, Name), VenueId>> {
    let mut known = HashMap::new();
    for (venue_id, venue) in admitted(desk.desk.log().as_ref(), &desk.network).await? {
        let place = desk.desk.read::<Place>(&desk.network, venue.place_id);
        if let Some(site) = place.await?.as_ref().and_then(|place| place.site()) {
            known.insert((venue.name, site.description.address.clone()), venue_id);
        }
    }
    Ok(known)
}

async fn admitted(log: &dyn EventLog, network: &Slug) -> anyhow::Result<Vec<(VenueId, Admitted)>> {
    let (mut after, mut admitted) = (0, Vec::new());
    loop {
        let page = log.read(after, PAGE).await?;
        let Some(last) = page.last() else {
            return Ok(admitted);
        };
        after = last.position;
        let venues = page.iter().filter(|event| {
            event.record.event_type == "venue.admitted" && event.record.network == network.as_str()
        });
        for event in venues {
            if let Event::Venue(VenueEvent::Admitted(venue)) = Act::read(event)?.event {
                admitted.push((event.record.aggregate_id.into(), venue));
            }
        }
    }
}

/// A place of its own, the venue in it, and its hours.
async fn admit(desk: &Desk, row: Row) -> anyhow::Result<()> {
    let key = format!("{}\n{}", row.name, row.address);
    let description = Description {
        kind: PlaceKind::Venue,
        name: row.name.clone(),
        address: row.address,
        district_code: row.district_code,
        latitude: row.latitude,
        longitude: row.longitude,
        wheelchair: row.wheelchair.unwrap_or(Wheelchair::Unknown),
    };
    let place = desk
        .act(&format!("place\n{key}"), Add { description })
        .await?;
    let admit = Admit {
        name: row.name,
        kind: row.kind,
        place_id: place.answer.place_id,
    };
    let venue_id = desk.act(&format!("venue\n{key}"), admit).await?;
    let venue_id = venue_id.answer.venue_id;
    set_hours(desk, venue_id, row.opening_hours).await
}

/// What an import that was interrupted left out: hours, where nobody has set any.
async fn complete(desk: &Desk, venue_id: VenueId, row: Row) -> anyhow::Result<()> {
    let venue = desk.desk.read::<Venue>(&desk.network, venue_id).await?;
    let house = venue.as_ref().and_then(|venue| venue.house());
    let lacks_hours = house
        .is_some_and(|house| house.opening_hours.is_none() && house.standing == Standing::Open);
    if lacks_hours {
        set_hours(desk, venue_id, row.opening_hours).await?;
    }
    Ok(())
}

async fn set_hours(desk: &Desk, venue_id: VenueId, hours: Option<Hours>) -> anyhow::Result<()> {
    if let Some(opening_hours) = hours {
        let act = SetHours {
            venue_id,
            opening_hours,
        };
        desk.act(&format!("hours\n{venue_id}"), act).await?;
    }
    Ok(())
}
