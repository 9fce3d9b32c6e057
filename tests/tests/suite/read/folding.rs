//! A read model as it stood takes a while to be folded: who asks is told to come again, and those
//! who ask for too many at once are told so.

use std::sync::Arc;
use std::time::Duration;

use commands::clock::Clock;
use gateway::app::App;
use gateway::auth::session::SessionKey;
use gateway::read::past::Past;
use gateway::settings::{Secrets, Settings};
use gateway::wiring;
use tests::acts::HeldLog;
use tests::app::{NETWORK, TestApp, serve_on_loopback};
use tests::client::Client;
use tests::wait;
use tokio::sync::watch;

#[tokio::test]
async fn who_asks_too_soon_or_for_too_many_states_comes_again() {
    let app = TestApp::start().await;
    let (let_go, open) = watch::channel(false);
    let secrets = Secrets::load(app.folder()).expect("the secrets");
    let settings = Settings::default();
    let engines = wiring::engines(app.folder(), &settings, &secrets, Clock::system()).await;
    let engines = engines.expect("the same files");
    let log = wiring::reader(engines.desk.log());
    let past = Past::new(Arc::new(HeldLog { log, open })).waiting(Duration::ZERO);
    let sessions = SessionKey::new(secrets.session);
    let second = App::new(engines.desk, engines.views, engines.evidence, sessions);
    let (_ending, root) = serve_on_loopback(App { past, ..second }).await;
    let operator = Client::new(&root, NETWORK).with_token(app.token("operator"));
    let path = |position: u32| format!("/venue-availability?as_of={position}");

    for position in [3, 3, 4, 5, 6, 3] {
        let answer = operator.get(&path(position)).await;
        assert_eq!(answer.header("retry-after"), "5");
        answer.refused(503, "still_folding");
    }
    let fifth = operator.get(&path(7)).await;
    assert_eq!(fifth.header("retry-after"), "5");
    fifth.refused(503, "busy");

    let_go.send(true).expect("somebody waits");
    for position in [3, 4, 5, 6, 7] {
        wait::until("the state to be folded", async || {
            let answer = operator.get(&path(position)).await;
            (answer.status == 200).then(|| answer.done())
        })
        .await;
    }
}
