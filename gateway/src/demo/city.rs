//! The invented part of the demo's city: 17 venues in 7 districts and three organisations.
//!
//! Every name of a venue and an organisation here is made up; only the districts are real.

use domain::organisation::join::OrganisationKind;
use domain::service::ServiceKind;
use domain::venue::ItemKind;
use domain::venue::admit::VenueKind;

/// An invented venue.
pub struct House {
    /// Its name.
    pub name: &'static str,
    /// What it is.
    pub kind: VenueKind,
    /// The official code of its district.
    pub district: &'static str,
    /// Its invented address.
    pub address: &'static str,
    /// Off the district's centroid, in degrees north and east.
    pub offset: (f64, f64),
    /// In the syntax of OpenStreetMap.
    pub hours: &'static str,
    /// What it sells: kind, name, price in haléř.
    pub items: &'static [(ItemKind, &'static str, i64)],
    /// What it gives for free.
    pub services: &'static [ServiceKind],
}

const COFFEE: (ItemKind, &str, i64) = (ItemKind::HotDrink, "Káva", 5500);
const TEA: (ItemKind, &str, i64) = (ItemKind::HotDrink, "Čaj", 4500);
const SOUP: (ItemKind, &str, i64) = (ItemKind::Soup, "Polévka", 6500);
const LUNCH: (ItemKind, &str, i64) = (ItemKind::Meal, "Oběd", 13500);
const BAGUETTE: (ItemKind, &str, i64) = (ItemKind::Baguette, "Bageta", 7500);
const COAT: (ItemKind, &str, i64) = (ItemKind::Clothing, "Zimní bunda", 25000);
const TICKET: (ItemKind, &str, i64) = (ItemKind::Ticket, "Vstupenka", 18000);

const CAFE: &[ServiceKind] = &[
    ServiceKind::Water,
    ServiceKind::Toilet,
    ServiceKind::PhoneCharging,
];
const HALL: &[ServiceKind] = &[
    ServiceKind::Water,
    ServiceKind::Toilet,
    ServiceKind::WarmUp,
    ServiceKind::Chat,
];
const SHOP: &[ServiceKind] = &[ServiceKind::Water, ServiceKind::Chat];

const WEEK: &str = "Mo-Fr 08:00-18:00; Sa 09:00-14:00; PH off";
const LONG: &str = "Mo-Su 09:00-21:00";
const EVENING: &str = "Tu-Su 15:00-22:00";
const NOON: &str = "Mo-Fr 10:30-15:00; PH off";

macro_rules! houses {
    ($($name:literal $kind:ident $district:literal $address:literal ($north:literal, $east:literal)
        $hours:ident [$($item:ident),*] $services:ident;)+) => {
        /// All venues, in the order in which they were admitted.
        pub const HOUSES: &[House] = &[$(House {
            name: $name,
            kind: VenueKind::$kind,
            district: $district,
            address: $address,
            offset: ($north, $east),
            hours: $hours,
            items: &[$($item),*],
            services: $services,
        }),+];
    };
}

houses! {
    "Kavárna Na Rohu" Cafe "500054" "Vymyšlená 1" (0.002, 0.004) WEEK [COFFEE, TEA, SOUP] CAFE;
    "Bistro U Mostu" Bistro "500178" "Vymyšlená 2" (-0.003, 0.012) NOON [SOUP, LUNCH] CAFE;
    "Knihkupectví Záložka" Bookshop "500089" "Vymyšlená 3" (0.001, -0.004) WEEK [TEA] SHOP;
    "Divadlo Na Dvorku" Theatre "500097" "Vymyšlená 4" (0.003, -0.006) EVENING [TICKET, TEA] HALL;
    "Komunitní centrum Klubko" CommunityCentre "500186" "Vymyšlená 5" (-0.002, 0.003) LONG [COFFEE, SOUP] HALL;
    "Kavárna Zelený strom" Cafe "500097" "Vymyšlená 6" (-0.004, 0.002) LONG [COFFEE, BAGUETTE] CAFE;
    "Second hand Kabát" SecondHand "500208" "Vymyšlená 7" (-0.008, 0.006) WEEK [COAT] SHOP;
    "Bistro Polední klid" Bistro "500208" "Vymyšlená 8" (0.004, -0.009) NOON [LUNCH, SOUP] CAFE;
    "Kavárna Druhý šálek" Cafe "500089" "Vymyšlená 9" (-0.003, 0.003) WEEK [COFFEE, TEA] CAFE;
    "Kulturní dům Rozhraní" CulturalCentre "500143" "Vymyšlená 10" (0.006, 0.014) EVENING [TICKET, COFFEE] HALL;
    "Pekárna a kavárna Kůrka" Cafe "500143" "Vymyšlená 11" (-0.002, 0.019) WEEK [COFFEE, BAGUETTE, SOUP] CAFE;
    "Bistro Dvůr" Bistro "500097" "Vymyšlená 12" (0.005, 0.008) NOON [LUNCH] CAFE;
    "Kavárna U Průvozu" Cafe "500186" "Vymyšlená 13" (0.003, -0.005) LONG [COFFEE, TEA, BAGUETTE] CAFE;
    "Jídelna Společný stůl" Bistro "500178" "Vymyšlená 14" (0.004, 0.021) NOON [LUNCH, SOUP] HALL;
    "Antikvariát Hřbet" Bookshop "500054" "Vymyšlená 15" (-0.003, 0.007) WEEK [TEA] SHOP;
    "Second hand Dvojče" SecondHand "500143" "Vymyšlená 16" (0.001, 0.026) WEEK [COAT] SHOP;
    "Kavárna Na Zastávce" Cafe "500208" "Vymyšlená 17" (-0.012, -0.004) LONG [COFFEE, SOUP] CAFE;
}

/// The invented organisations that pass the word and hand vouchers out.
pub const ORGANISATIONS: &[(&str, OrganisationKind)] = &[
    ("Noclehárna Přístav", OrganisationKind::Ngo),
    ("Terénní služba Lampa", OrganisationKind::Ngo),
    ("Sociální odbor (ukázka)", OrganisationKind::PublicBody),
];

/// How many coffees, soups, lunches: the position of an item that many can use.
#[must_use]
pub fn lunch_houses() -> Vec<usize> {
    let sells_lunch = |house: &House| house.items.iter().any(|item| item.0 == ItemKind::Meal);
    (0..HOUSES.len())
        .filter(|index| sells_lunch(&HOUSES[*index]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_17_venues_in_7_districts() {
        let districts: std::collections::BTreeSet<_> =
            HOUSES.iter().map(|house| house.district).collect();
        assert_eq!((HOUSES.len(), districts.len()), (17, 7));
    }
}
