//! A network in which things can be done through the command path, on either engine.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use commands::access::grant::Grant;
use commands::clock::Clock;
use commands::executor::{Desk, Failure, Request, UseCase};
use commands::network::found::Found;
use commands::place::add::Add;
use commands::principal::{May, Principal};
use commands::venue::admit::Admit;
use commands::venue::list_item::ListItem;
use commands::voucher::{prepay, redeem};
use domain::access::Scope;
use domain::envelope::Channel;
use domain::ids::{ItemId, VenueId};
use domain::network::found::Founded;
use domain::place::{Description, PlaceKind, Wheelchair};
use domain::text::Slug;
use domain::venue::ItemKind;
use domain::venue::admit::VenueKind;
use domain::voucher::redeem::RedemptionSource;
use domain::voucher::{HeldBy, OnExpiry, Placed, Source};
use gateway::settings::{Secrets, Settings};
use gateway::wiring::{self, Engines};
use tempfile::TempDir;
use tests::acts::minor;
use tests::servers::{Database, postgres};

/// What a coffee costs.
pub const PRICE: i64 = 6500;
/// Clients spread over so many venues, as they would in a town.
const VENUES: usize = 32;

/// Where the log lies.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Postgres,
    Sqlite,
}

impl Engine {
    pub const ALL: [Self; 2] = [Self::Postgres, Self::Sqlite];
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Postgres => "PostgreSQL",
            Self::Sqlite => "SQLite",
        })
    }
}

/// What an installation stands on: a data directory with secrets, and a database on PostgreSQL.
pub async fn ground(engine: Engine) -> (TempDir, Option<Database>, Settings) {
    let folder = tempfile::Builder::new().prefix("sospeso-bench-").tempdir();
    let folder = folder.expect("a temporary folder");
    let database = match engine {
        Engine::Postgres => Some(postgres().database().await),
        Engine::Sqlite => None,
    };
    let settings = Settings {
        database_url: database.as_ref().map(|it| it.owner_url().to_owned()),
        ..Settings::default()
    };
    Secrets::make(folder.path()).expect("new secrets");
    (folder, database, settings)
}

/// A network with venues that sell coffee. Its database or folder goes with it.
pub struct Town {
    pub desk: Arc<Desk>,
    pub venues: Vec<(VenueId, ItemId)>,
    pub database: Option<Database>,
    pub network: Slug,
    next_key: AtomicU64,
    engines: Option<Engines>,
    _folder: Option<TempDir>,
}

impl Town {
    /// A new network on an empty log.
    pub async fn on(engine: Engine) -> Self {
        Self::over(engine, |desk| desk).await
    }

    /// The same, at another desk over the same engines.
    pub async fn over(engine: Engine, at: impl FnOnce(Arc<Desk>) -> Arc<Desk>) -> Self {
        let (folder, database, settings) = ground(engine).await;
        let secrets = Secrets::load(folder.path()).expect("the secrets");
        let engines = wiring::engines(folder.path(), &settings, &secrets, Clock::system()).await;
        let engines = engines.expect("the engines");
        let desk = at(Arc::clone(&engines.desk));
        let mut town = Self::new(engines, desk, "praha", database, Some(folder));
        town.found().await;
        town
    }

    /// A network with this name in a log that is there.
    pub async fn beside(engines: Engines, network: &str) -> Self {
        let desk = Arc::clone(&engines.desk);
        let mut town = Self::new(engines, desk, network, None, None);
        town.found().await;
        town
    }

    fn new(
        engines: Engines,
        desk: Arc<Desk>,
        network: &str,
        database: Option<Database>,
        folder: Option<TempDir>,
    ) -> Self {
        Self {
            desk,
            venues: Vec::new(),
            database,
            network: network.parse().expect("a slug"),
            next_key: AtomicU64::new(1),
            engines: Some(engines),
            _folder: folder,
        }
    }

    /// What the town stands on, once, e.g. to start its jobs.
    pub fn take_engines(&mut self) -> Engines {
        self.engines.take().expect("engines that nobody took")
    }

    /// The same, to look at.
    pub fn engines(&self) -> &Engines {
        self.engines.as_ref().expect("engines that nobody took")
    }

    /// A token for the staff of each venue.
    pub async fn tokens(&self) -> Vec<String> {
        let mut tokens = Vec::with_capacity(self.venues.len());
        for (venue_id, _) in &self.venues {
            let scope = Scope::Venue {
                venue_id: *venue_id,
            };
            let request = self.request(May::System, Grant::NAME);
            let granted = self
                .desk
                .execute(request, Grant { scope, until: None })
                .await;
            let secrets = granted.expect("a grant").secrets;
            let token = secrets.and_then(|mut secrets| secrets.remove("token"));
            tokens.push(token.expect("a token that is shown once"));
        }
        tokens
    }

    /// The venue and the coffee of a client.
    pub fn counter(&self, client: usize) -> (VenueId, ItemId) {
        self.venues[client % self.venues.len()]
    }

    /// Coffees for the board of a client's venue; answers with the position.
    pub async fn prepay(&self, client: usize, quantity: u32) -> i64 {
        let (venue_id, item_id) = self.counter(client);
        let prepay = prepay::Prepay {
            quantity,
            what: prepay::What::Item { venue_id, item_id },
            placed: Placed::Board,
            giver: prepay::Giver::Nobody,
            fund_id: None,
            source: Source::BankTransfer,
            held_by: HeldBy::Network,
            campaign: None,
            expires_on: None,
            on_expiry: OnExpiry::CommonFund,
        };
        self.done(Scope::Operator { import: false }, prepay).await.0
    }

    /// The oldest coffee of the board of a client's venue.
    pub async fn redeem(&self, client: usize) -> Result<i64, Failure> {
        let (venue_id, item_id) = self.counter(client);
        let redeem = redeem::Redeem {
            venue_id,
            by: redeem::By::Board { item_id, count: 1 },
            source: RedemptionSource::Counter,
        };
        let request = self.request(May::Scope(Scope::Venue { venue_id }), "voucher.redeem");
        let done = self.desk.execute(request, redeem).await?;
        Ok(done.position)
    }

    /// The act whose turn it is: one more coffee on the board, or one less; answers with the position.
    pub async fn act(&self, client: usize, acted: usize) -> i64 {
        if acted.is_multiple_of(2) {
            self.prepay(client, 1).await
        } else {
            self.redeem(client).await.expect("a coffee on the board")
        }
    }

    async fn found(&mut self) {
        let founded = Founded {
            network: self.network.clone(),
            name: "Místní místním".parse().expect("a name"),
            currency: "CZK".parse().expect("a currency"),
            timezone: chrono_tz::Europe::Prague,
            country: "CZ".parse().expect("a country"),
            languages: vec!["cs".parse().expect("a language")],
        };
        self.system(Found { founded }).await;
        self.draw().await;
        for number in 0..VENUES {
            let venue = self.admit(number).await;
            self.venues.push(venue);
        }
    }

    async fn draw(&self) {
        let boundary = serde_json::json!({"type": "Polygon", "coordinates":
            [[[14.40, 50.08], [14.44, 50.08], [14.44, 50.10], [14.40, 50.08]]]});
        self.system(commands::district::draw::Draw {
            code: "500054".parse().expect("a code"),
            name: "Praha 1".parse().expect("a name"),
            population: 29_000,
            boundary: serde_json::from_value(boundary).expect("a boundary"),
        })
        .await;
    }

    async fn admit(&self, number: usize) -> (VenueId, ItemId) {
        let description = Description {
            kind: PlaceKind::Venue,
            name: format!("U Lva {number}").parse().expect("a name"),
            address: format!("Celetná {number}").parse().expect("an address"),
            district_code: "500054".parse().expect("a code"),
            latitude: 50.087.try_into().expect("a latitude"),
            longitude: 14.424.try_into().expect("a longitude"),
            wheelchair: Wheelchair::Limited,
        };
        let place_id = self.system(Add { description }).await.place_id;
        let admit = Admit {
            name: format!("Kavárna U Lva {number}").parse().expect("a name"),
            kind: VenueKind::Cafe,
            place_id,
        };
        let venue_id = self.system(admit).await.venue_id;
        let list = ListItem {
            venue_id,
            kind: ItemKind::HotDrink,
            name: "Káva".parse().expect("a name"),
            price_minor: minor(PRICE),
            daily_limit: None,
        };
        (venue_id, self.system(list).await.item_id)
    }

    async fn system<U: UseCase>(&self, act: U) -> U::Answer {
        let request = self.request(May::System, U::NAME);
        let done = self.desk.execute(request, act).await;
        done.expect("an act that is done").answer
    }

    async fn done<U: UseCase>(&self, scope: Scope, act: U) -> (i64, U::Answer) {
        let request = self.request(May::Scope(scope), U::NAME);
        let done = self.desk.execute(request, act).await;
        let done = done.expect("an act that is done");
        (done.position, done.answer)
    }

    /// As the gateway makes one of what came in.
    fn request(&self, may: May, act: &str) -> Request {
        let key = self.next_key.fetch_add(1, Ordering::Relaxed);
        let key = format!("5105e9b0-0000-4000-8000-{key:012x}");
        let hash = self.desk.codes().request_hash(act, key.as_bytes());
        let principal = Principal {
            actor: "00000000-0000-4000-8000-000000000001".to_owned(),
            network: self.network.clone(),
            may,
        };
        Request::new(principal, key, hash, Channel::Counter)
    }
}
