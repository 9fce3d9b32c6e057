//! The network is founded, its districts are drawn, and organisations and venues join one by one.

use anyhow::Context;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use commands::district::draw::Draw;
use commands::network::found::Found;
use commands::network::set_policy::SetPolicy;
use commands::organisation::join::Join;
use commands::place::add::Add;
use commands::service::offer::Offer;
use commands::venue::admit::Admit;
use commands::venue::list_item::ListItem;
use commands::venue::set_hours::SetHours;
use domain::geography::{Boundary, Latitude, Longitude};
use domain::ids::{ItemId, OrganisationId, PlaceId, ServiceId, VenueId};
use domain::money::Minor;
use domain::network::found::Founded;
use domain::network::set_policy::Policy;
use domain::place::{Description, PlaceKind, Wheelchair};
use domain::service::{Details, Provider, ServiceKind};

use super::city::{HOUSES, House, ORGANISATIONS};
use super::districts::{self, District};
use super::importer::MayImport;
use super::teller::{Teller, minute};

/// What the story goes on with.
pub struct Town {
    /// In order of [`HOUSES`].
    pub venues: Vec<Admitted>,
    /// In order of [`ORGANISATIONS`].
    pub organisations: Vec<OrganisationId>,
}

/// A venue with its items and services.
pub struct Admitted {
    /// The venue.
    pub venue_id: VenueId,
    /// In order of the house's items.
    pub items: Vec<ItemId>,
    /// In order of the house's services.
    pub services: Vec<ServiceId>,
}

/// Tells how it began.
///
/// # Errors
/// If an act is refused.
pub async fn tell(teller: &Teller) -> anyhow::Result<Town> {
    let begin = minute(
        NaiveDate::from_ymd_opt(2019, 8, 1).unwrap_or_default(),
        9 * 60,
    );
    found(teller, begin).await?;
    let all = districts::all()?;
    for district in &all {
        teller
            .tell(
                format!("district/{}", district.code),
                begin,
                draw(district, &all)?,
            )
            .await?;
    }
    let mut organisations = Vec::new();
    for (index, (name, kind)) in ORGANISATIONS.iter().enumerate() {
        let join = Join {
            name: name.parse()?,
            kind: *kind,
            agreement: None,
        };
        let joined = teller
            .tell(format!("organisation/{index}"), begin, join)
            .await?;
        organisations.push(joined.answer.organisation_id);
    }
    let mut venues = Vec::new();
    for (index, house) in HOUSES.iter().enumerate() {
        let at = begin + TimeDelta::days(i64::try_from(index)?);
        venues.push(admit(teller, index, house, &all, at).await?);
    }
    shelter(teller, begin, &all, organisations[0]).await?;
    Ok(Town {
        venues,
        organisations,
    })
}

async fn found(teller: &Teller, at: DateTime<Utc>) -> anyhow::Result<()> {
    let founded = Founded {
        network: teller.network.clone(),
        name: "Místní místním (ukázka)".parse()?,
        currency: "CZK".parse()?,
        timezone: chrono_tz::Europe::Prague,
        country: "CZ".parse()?,
        languages: vec!["cs".parse()?, "en".parse()?],
    };
    teller.follow("found", at, Found { founded }).await?;
    let access_id = teller.importer;
    let granted = teller.follow("importer", at, MayImport { access_id });
    granted.await?;
    let policy = Policy::default();
    teller
        .tell("policy", at, SetPolicy { from: None, policy })
        .await?;
    Ok(())
}

fn draw(district: &District, all: &[District]) -> anyhow::Result<Draw> {
    let points = districts::shape(district, all).into_iter();
    let ring =
        points.map(|(east, north)| Ok((Longitude::try_from(east)?, Latitude::try_from(north)?)));
    let ring = ring.collect::<anyhow::Result<Vec<_>>>()?;
    Ok(Draw {
        code: district.code.parse()?,
        name: district.name.parse()?,
        population: district.population,
        boundary: Boundary::Polygon {
            coordinates: vec![ring],
        },
    })
}

async fn admit(
    teller: &Teller,
    index: usize,
    house: &House,
    all: &[District],
    at: DateTime<Utc>,
) -> anyhow::Result<Admitted> {
    let place = place(
        house.name,
        PlaceKind::Venue,
        house.address,
        house.district,
        house.offset,
        all,
    )?;
    let place_id = teller
        .tell(format!("place/{index}"), at, place)
        .await?
        .answer
        .place_id;
    let act = Admit {
        name: house.name.parse()?,
        kind: house.kind,
        place_id,
    };
    let venue_id = teller
        .tell(format!("venue/{index}"), at, act)
        .await?
        .answer
        .venue_id;
    let hours = SetHours {
        venue_id,
        opening_hours: house.hours.parse()?,
    };
    teller.tell(format!("hours/{index}"), at, hours).await?;
    let mut items = Vec::new();
    for (number, (kind, name, price)) in house.items.iter().enumerate() {
        let act = ListItem {
            venue_id,
            kind: *kind,
            name: name.parse()?,
            price_minor: Minor::try_from(*price)?,
            daily_limit: None,
        };
        let listed = teller
            .tell(format!("item/{index}/{number}"), at, act)
            .await?;
        items.push(listed.answer.item_id);
    }
    let mut services = Vec::new();
    for (number, kind) in house.services.iter().enumerate() {
        let act = offer(Provider::Venue { venue_id }, place_id, *kind, None)?;
        let offered = teller
            .tell(format!("service/{index}/{number}"), at, act)
            .await?;
        services.push(offered.answer.service_id);
    }
    Ok(Admitted {
        venue_id,
        items,
        services,
    })
}

/// A place of an organisation, with services of its own.
async fn shelter(
    teller: &Teller,
    at: DateTime<Utc>,
    all: &[District],
    organisation_id: OrganisationId,
) -> anyhow::Result<()> {
    let name = ORGANISATIONS[0].0;
    let place = place(
        name,
        PlaceKind::Shelter,
        "Vymyšlená 18",
        "500186",
        (0.006, 0.012),
        all,
    )?;
    let place_id = teller
        .tell("place/shelter", at, place)
        .await?
        .answer
        .place_id;
    let provider = Provider::Organisation { organisation_id };
    for kind in [
        ServiceKind::Shower,
        ServiceKind::WarmUp,
        ServiceKind::Laundry,
    ] {
        let act = offer(provider, place_id, kind, Some("Mo-Su 18:00-08:00"))?;
        teller
            .tell(format!("service/shelter/{kind}"), at, act)
            .await?;
    }
    Ok(())
}

fn place(
    name: &str,
    kind: PlaceKind,
    address: &str,
    district_code: &str,
    offset: (f64, f64),
    all: &[District],
) -> anyhow::Result<Add> {
    let district = all.iter().find(|district| district.code == district_code);
    let district = district.context("a district of the list")?;
    Ok(Add {
        description: Description {
            kind,
            name: name.parse()?,
            address: address.parse()?,
            district_code: district_code.parse()?,
            latitude: Latitude::try_from(district.latitude + offset.0)?,
            longitude: Longitude::try_from(district.longitude + offset.1)?,
            wheelchair: if offset.0 > 0.0 {
                Wheelchair::Yes
            } else {
                Wheelchair::Unknown
            },
        },
    })
}

fn offer(
    provider: Provider,
    place_id: PlaceId,
    kind: ServiceKind,
    hours: Option<&str>,
) -> anyhow::Result<Offer> {
    let hours = hours.map(str::parse).transpose()?;
    Ok(Offer {
        provider,
        place_id,
        kind,
        details: Details {
            name: None,
            hours,
            capacity: None,
        },
    })
}
