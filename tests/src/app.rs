//! A gateway in this process, over a log of its own, with a network in which things can be done.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use commands::access::grant::Grant;
use commands::clock::Clock;
use commands::executor::{Desk, Request, UseCase};
use commands::network::found::Found;
use commands::principal::Principal;
use cqrs_es::persist::SerializedEvent;
use domain::Entity;
use domain::access::Scope;
use domain::envelope::Channel;
use domain::network::found::Founded;
use gateway::app::App;
use gateway::auth::session::SessionKey;
use gateway::jobs::{Jobs, Which};
use gateway::settings::{Secrets, Settings};
use gateway::{serve, wiring};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::client::Client;
use crate::servers::{Database, postgres};

/// The network of the tests, and another one that must stay foreign to it.
pub const NETWORK: &str = "praha";
pub const FOREIGN: &str = "brno";

/// Acts of the set-up have keys of their own.
static NEXT_KEY: AtomicU64 = AtomicU64::new(1);

/// Everybody who can hold a token, by the name of the role.
pub const ROLES: [&str; 9] = [
    "operator",
    "coordinator",
    "venue",
    "organisation",
    "member",
    "donor",
    "subject",
    "auditor",
    "analyst",
];

/// A running gateway. Its server and its folder end with it.
pub struct TestApp {
    pub root: String,
    pub desk: Arc<Desk>,
    /// Ids by name: `venue_id`, `item_id` (a coffee for 65.00), and of the scopes of the roles.
    pub ids: BTreeMap<&'static str, String>,
    tokens: BTreeMap<&'static str, String>,
    foreign_operator: String,
    folder: TempDir,
    database: Option<Database>,
    _ending: watch::Sender<bool>,
    _jobs: Jobs,
}

impl TestApp {
    /// Over SQLite in a folder of its own.
    pub async fn start() -> TestApp {
        Self::over(None, Clock::system()).await
    }

    /// Over SQLite, with a clock of the test's choice.
    pub async fn at(clock: Clock) -> TestApp {
        Self::over(None, clock).await
    }

    /// Over an empty PostgreSQL database.
    pub async fn on_postgres() -> TestApp {
        let database = postgres().database().await;
        Self::over(Some(database), Clock::system()).await
    }

    /// With settings and secrets of the test's choice, over SQLite or this database.
    pub async fn configured(
        database: Option<Database>,
        settings: Settings,
        secrets: Secrets,
    ) -> TestApp {
        Self::set_up(database, settings, Some(secrets), Clock::system()).await
    }

    /// Somebody without a token.
    pub fn public(&self) -> Client {
        Client::new(&self.root, NETWORK)
    }

    /// Whoever runs the network.
    pub fn operator(&self) -> Client {
        self.role("operator")
    }

    /// The staff of the venue `venue_id`.
    pub fn staff(&self) -> Client {
        self.role("venue")
    }

    /// Whoever has this role.
    pub fn role(&self, role: &str) -> Client {
        self.public().with_token(self.token(role))
    }

    /// The token of this role.
    pub fn token(&self, role: &str) -> &str {
        self.tokens.get(role).expect("a role of ROLES")
    }

    /// The operator of the other network, who speaks with that one.
    pub fn foreign_operator(&self) -> Client {
        Client::new(&self.root, FOREIGN).with_token(&self.foreign_operator)
    }

    /// An id by its name.
    pub fn id(&self, name: &str) -> &str {
        self.ids.get(name).expect("an id of the fixtures")
    }

    /// A prepayment of coffees for the board of the venue, as it is sent.
    pub fn coffees(&self, quantity: u32) -> Value {
        json!({
            "quantity": quantity,
            "what": {"type": "item", "venue_id": self.id("venue_id"), "item_id": self.id("item_id")},
            "placed": {"type": "board"},
            "source": "bank_transfer",
            "held_by": "network",
            "on_expiry": {"type": "common_fund"},
        })
    }

    /// Prepays coffees for the board of the venue and answers with the prepayment.
    pub async fn coffees_on_board(&self, quantity: u32) -> Value {
        let prepayment = self.coffees(quantity);
        self.operator()
            .post("/prepayments", prepayment)
            .await
            .done()
    }

    /// A coffee whose code is with its donor: the voucher's id and the code.
    pub async fn a_code(&self) -> (String, String) {
        let prepaid = self.coffees_on_board(1).await;
        let which = json!({"type": "these", "voucher_ids": prepaid["voucher_ids"]});
        let issue = json!({"vouchers": which, "to": {"type": "donor"}});
        let issued = self
            .operator()
            .post("/vouchers/issue-code", issue)
            .await
            .done();
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        (text(&prepaid["voucher_ids"][0]), text(&issued["codes"][0]))
    }

    /// Water at the place of the fixtures, by this provider, as it is sent.
    pub fn a_service(&self, provider: &Value) -> Value {
        json!({"provider": provider, "place_id": self.id("place_id"), "kind": "water"})
    }

    /// Water that the venue offers: its path.
    pub async fn service_of_the_venue(&self) -> String {
        let provider = json!({"type": "venue", "venue_id": self.id("venue_id")});
        let water = self.a_service(&provider);
        let service = self.staff().post("/services", water).await.done();
        format!(
            "/services/{}",
            service["service_id"].as_str().expect("an id")
        )
    }

    /// A second venue at the same place, with a coffee for `price_minor`: its id and the coffee's.
    pub async fn another_cafe(&self, price_minor: u32) -> (String, String) {
        let venue =
            json!({"name": "Kavárna U Medvídka", "kind": "cafe", "place_id": self.id("place_id")});
        let venue = self.operator().post("/venues", venue).await.done();
        let venue = venue["venue_id"].as_str().expect("an id").to_owned();
        let item = json!({"kind": "hot_drink", "name": "Espreso", "price_minor": price_minor});
        let path = format!("/venues/{venue}/list-item");
        let item = self.operator().post(&path, item).await.done();
        (venue, item["item_id"].as_str().expect("an id").to_owned())
    }

    /// Another gateway over the same log, as `sospeso serve --answer-only` is: its address, until the sender is
    /// dropped.
    pub async fn beside(&self, clock: Clock) -> (watch::Sender<bool>, String) {
        let settings = Settings {
            database_url: self.database().map(|it| it.owner_url().to_owned()),
            ..Settings::default()
        };
        let secrets = Secrets::load(self.folder()).expect("the secrets");
        let engines = wiring::engines(self.folder(), &settings, &secrets, clock).await;
        let engines = engines.expect("the engines");
        let (desk, views) = (Arc::clone(&engines.desk), Arc::clone(&engines.views));
        let sessions = SessionKey::new(secrets.session);
        serve_on_loopback(App::new(desk, views, engines.evidence, sessions)).await
    }

    /// Where it keeps its files.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Its database, if it is not over SQLite.
    pub fn database(&self) -> Option<&Database> {
        self.database.as_ref()
    }

    /// The last event of what has this id.
    pub async fn last_of<A: Entity>(&self, id: &str) -> SerializedEvent {
        let id: uuid::Uuid = id.parse().expect("an id");
        let events = self.desk.log().load(A::stream(id), 0).await;
        events.expect("the log").pop().expect("an event")
    }

    /// Does any use case as the software itself, for what has no route.
    pub async fn system<U: UseCase>(&self, act: U) -> U::Answer {
        done(&self.desk, NETWORK, act).await.0
    }

    async fn over(database: Option<Database>, clock: Clock) -> TestApp {
        Self::set_up(database, Settings::default(), None, clock).await
    }

    async fn set_up(
        database: Option<Database>,
        settings: Settings,
        secrets: Option<Secrets>,
        clock: Clock,
    ) -> TestApp {
        let folder = tempfile::Builder::new().prefix("sospeso-app-").tempdir();
        let folder = folder.expect("a temporary folder");
        let settings = Settings {
            database_url: database.as_ref().map(|it| it.owner_url().to_owned()),
            ..settings
        };
        let secrets = secrets.unwrap_or_else(|| {
            Secrets::make(folder.path()).expect("new secrets");
            Secrets::load(folder.path()).expect("the secrets")
        });
        let engines = wiring::engines(folder.path(), &settings, &secrets, clock).await;
        let engines = engines.expect("the engines");
        let desk = Arc::clone(&engines.desk);
        let sessions = SessionKey::new(secrets.session);
        let (views, evidence) = (Arc::clone(&engines.views), engines.evidence.clone());
        let app = App::new(Arc::clone(&desk), views, evidence, sessions);
        let jobs = Jobs::start(engines, &app.progress, Which::ALL).await;
        let jobs = jobs.expect("the jobs");
        let (ending, root) = serve_on_loopback(app).await;
        for network in [NETWORK, FOREIGN] {
            found(&desk, network).await;
        }
        let operator = Scope::Operator { import: false };
        let mut app = TestApp {
            root,
            ids: BTreeMap::new(),
            tokens: BTreeMap::from([("operator", grant(&desk, NETWORK, operator.clone()).await)]),
            foreign_operator: grant(&desk, FOREIGN, operator).await,
            desk,
            folder,
            database,
            _ending: ending,
            _jobs: jobs,
        };
        app.add_fixtures().await;
        app
    }

    async fn add_fixtures(&mut self) {
        let district = json!({
            "code": "500054", "name": "Praha 1", "population": 29_000,
            "boundary": {"type": "Polygon", "coordinates":
                [[[14.40, 50.08], [14.44, 50.08], [14.44, 50.10], [14.40, 50.08]]]},
        });
        self.make("/districts", district, "district_id").await;
        self.make("/places", a_place(), "place_id").await;
        let venue =
            json!({"name": "Kavárna U Lva", "kind": "cafe", "place_id": self.id("place_id")});
        self.make("/venues", venue, "venue_id").await;
        let item = json!({"kind": "hot_drink", "name": "Káva", "price_minor": 6500});
        let path = format!("/venues/{}/list-item", self.id("venue_id"));
        self.make(&path, item, "item_id").await;
        let organisation = json!({"name": "Naděje", "kind": "ngo"});
        self.make("/organisations", organisation, "organisation_id")
            .await;
        self.make("/donors", json!({}), "donor_id").await;
        let fund = json!({"kind": "grant", "name": "Zima"});
        self.make("/funds", fund, "fund_id").await;
        self.ids.insert("member_id", uuid(2));
        let subject = json!({"kind": "requester", "basis": "consent", "notice_version": "2026-01"});
        let subject = self.operator().post("/subjects", subject).await.done();
        let subject = subject["subject_id"].as_str().expect("an id").to_owned();
        self.ids.insert("known_subject_id", subject);
        for role in ROLES {
            if !self.tokens.contains_key(role) {
                let token = grant(&self.desk, NETWORK, self.scope(role)).await;
                self.tokens.insert(role, token);
            }
        }
    }

    /// Lets the operator make something, and knows its id from then on.
    async fn make(&mut self, path: &str, body: Value, name: &'static str) {
        let answer = self.operator().post(path, body).await.done();
        let id = answer[name].as_str().expect("an id in the answer");
        self.ids.insert(name, id.to_owned());
    }

    fn scope(&self, role: &str) -> Scope {
        let id = |name: &str| -> uuid::Uuid { self.id(name).parse().expect("an id") };
        match role {
            "operator" => Scope::Operator { import: false },
            "coordinator" => Scope::Coordinator {
                district_ids: Vec::new(),
            },
            "venue" => Scope::Venue {
                venue_id: id("venue_id").into(),
            },
            "organisation" => Scope::Organisation {
                organisation_id: id("organisation_id").into(),
            },
            "member" => Scope::Member {
                member_id: id("member_id").into(),
            },
            "donor" => Scope::Donor {
                donor_id: id("donor_id").into(),
            },
            "subject" => Scope::Subject {
                subject_id: id("known_subject_id").into(),
            },
            "auditor" => Scope::Auditor { fund_id: None },
            _ => Scope::Analyst {},
        }
    }
}

/// A place in the district of the fixtures.
pub fn a_place() -> Value {
    json!({
        "kind": "venue", "name": "U Lva", "address": "Celetná 1", "district_code": "500054",
        "latitude": 50.087, "longitude": 14.424, "wheelchair": "limited",
    })
}

/// An id that is easy to recognise.
pub fn uuid(number: u128) -> String {
    uuid::Uuid::from_u128(number).to_string()
}

/// Serves a gateway on a free port until the sender is dropped: its address.
pub async fn serve_on_loopback(app: App) -> (watch::Sender<bool>, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let root = format!("http://{}", listener.local_addr().expect("an address"));
    let (ending, ended) = watch::channel(false);
    tokio::spawn(serve::gateway(listener, Arc::new(app), ended));
    (ending, root)
}

/// A network in Prague, as it is founded.
pub fn founded(network: &str) -> Founded {
    Founded {
        network: network.parse().expect("a slug"),
        name: "Místní místním".parse().expect("a name"),
        currency: "CZK".parse().expect("a currency"),
        timezone: chrono_tz::Europe::Prague,
        country: "CZ".parse().expect("a country"),
        languages: vec!["cs".parse().expect("a language")],
    }
}

async fn found(desk: &Arc<Desk>, network: &str) {
    let founded = founded(network);
    done(desk, network, Found { founded }).await;
}

async fn grant(desk: &Arc<Desk>, network: &str, scope: Scope) -> String {
    let (_, mut secrets) = done(desk, network, Grant { scope, until: None }).await;
    secrets.remove("token").expect("a token that is shown once")
}

/// Does an act as whoever set the installation up.
async fn done<U: UseCase>(
    desk: &Arc<Desk>,
    network: &str,
    act: U,
) -> (U::Answer, BTreeMap<String, String>) {
    let network = network.parse().expect("a slug");
    let key = NEXT_KEY.fetch_add(1, Ordering::Relaxed).to_string();
    let request = Request::new(
        Principal::system("set-up", network),
        key,
        String::new(),
        Channel::Cli,
    );
    let done = desk
        .execute(request, act)
        .await
        .expect("an act that is done");
    (done.answer, done.secrets.unwrap_or_default())
}
