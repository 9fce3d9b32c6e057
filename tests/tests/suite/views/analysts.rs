//! What analysts see is documented to the last column, and is all that they see.

use std::sync::Arc;

use infra::postgres::PgLog;
use infra::views::postgres::PgViews;
use projections::progress::Progress;
use projections::projector::Projector;
use sqlx::{Connection as _, Executor as _, PgConnection, Row as _};
use tests::lives::{Lives, donor};
use tests::servers::{Database, postgres};
use tests::views::rebuilt;

const DICTIONARY: &str = include_str!("../../../../infra/analysts.md");

/// A database with every read model of a short story, and an analyst's login.
async fn folded() -> (Database, PgConnection) {
    let mut lives = Lives::new();
    let voucher = lives.prepay(0, |paid| paid.by(donor(0)).until("2099-12-31"));
    let redeem = lives.redeem(voucher, 0, 6500);
    assert!(lives.ask(voucher, redeem));
    lives.prepay(0, |paid| paid.by(donor(0)).until("2099-12-31"));
    let database = postgres().database().await;
    let log = PgLog::connect(database.owner_url()).await.expect("a log");
    let views = PgViews::prepare(log.pool(2, PgViews::SESSION))
        .await
        .expect("a store");
    let mut projector = Projector::start(
        Arc::new(lives.story.log()),
        Arc::new(views),
        projections::folds(),
        Progress::default(),
    )
    .await
    .expect("a store");
    projector.catch_up().await.expect("folded");
    let login = format!("{}_login", database.name());
    let mut superuser = PgConnection::connect(database.superuser_url())
        .await
        .expect("a connection");
    let analyst = &log.roles().analyst;
    let make = format!("CREATE ROLE {login} LOGIN PASSWORD '{login}' IN ROLE {analyst}");
    superuser.execute(make.as_str()).await.expect("a login");
    let analyst = PgConnection::connect(&database.url_as(&login)).await;
    (database, analyst.expect("a connection"))
}

/// View, column and type of every line of the dictionary.
fn documented() -> Vec<(String, String, String)> {
    let mut view = "";
    let mut columns = Vec::new();
    for line in DICTIONARY.lines() {
        if let Some(title) = line.strip_prefix("## ") {
            view = title.split(':').next().expect("a name");
        }
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        if cells.len() == 7 && !["column", "---"].contains(&cells[1]) {
            assert!(cells[1..6].iter().all(|cell| !cell.is_empty()), "{line}");
            let from = ["counted", "told", "computed"].contains(&cells[5]);
            assert!(from, "{line}: counted, told or computed?");
            columns.push((view.to_owned(), cells[1].to_owned(), cells[2].to_owned()));
        }
    }
    columns
}

#[tokio::test]
async fn every_column_stands_in_the_dictionary() {
    let (_database, mut analyst) = folded().await;
    let columns: Vec<(String, String, String)> = sqlx::query_as(
        "SELECT table_name::text, column_name::text, data_type::text
         FROM information_schema.columns
         WHERE table_schema = 'views' AND table_name LIKE 'analyst\\_%'
         ORDER BY table_name, ordinal_position",
    )
    .fetch_all(&mut analyst)
    .await
    .expect("columns");
    let mut documented = documented();
    // In order of the views' names; the columns as they stand.
    documented.sort_by(|one, other| one.0.cmp(&other.0));
    assert_eq!(
        columns, documented,
        "infra/analysts.md must say what the views have"
    );
}

#[tokio::test]
async fn analysts_read_the_documented_views_and_nothing_else() {
    let (_database, mut analyst) = folded().await;
    for sql in [
        "SELECT * FROM log.events",
        "SELECT * FROM views.donor_impact_voucher",
        "SELECT * FROM views.read_model",
        "DELETE FROM views.analyst_donor_impact",
        "CREATE TABLE views.x ()",
    ] {
        let refused = analyst.execute(sql).await.expect_err(sql).to_string();
        assert!(refused.contains("permission denied"), "{sql}: {refused}");
    }
    let sums = sqlx::query(
        "SELECT COUNT(*), SUM(paid)::text, SUM(used)::text, MIN(prepaid_at)::text
         FROM views.analyst_donor_impact",
    );
    let sums = sums.fetch_one(&mut analyst).await.expect("sums");
    assert_eq!(sums.get::<i64, _>(0), 2);
    assert_eq!(sums.get::<String, _>(1), "130.00");
    assert_eq!(sums.get::<String, _>(2), "65.00");
    assert!(sums.get::<String, _>(3).starts_with("2026-11-02 09:00:00"));
    let hosts = sqlx::query(
        "SELECT currency, on_board, on_board_value::text, redeemed
         FROM views.analyst_venue_availability WHERE name = 'Na Rohu'",
    );
    let host = hosts.fetch_one(&mut analyst).await.expect("a host");
    assert_eq!(host.get::<String, _>(0), "CZK");
    assert_eq!((host.get::<i64, _>(1), host.get::<i64, _>(3)), (1, 1));
    assert_eq!(host.get::<String, _>(2), "65.00");
    let districts = analyst.fetch_all("SELECT * FROM views.analyst_district_coverage");
    assert!(districts.await.expect("no district is drawn").is_empty());
}

/// A switch makes the analysts' views anew.
#[tokio::test]
async fn a_rebuilt_read_model_is_seen_by_analysts() {
    let (database, mut analyst) = folded().await;
    let log = PgLog::connect(database.owner_url()).await.expect("a log");
    let views = PgViews::prepare(log.pool(2, PgViews::SESSION))
        .await
        .expect("a store");
    let views: Arc<dyn projections::store::ReadStore> = Arc::new(views);
    let fold: Arc<dyn projections::fold::Fold> = Arc::new(projections::donor_impact::DonorImpact);
    let acts: Arc<dyn projections::log::Log> = Arc::new(Lives::new().story.log());
    rebuilt(&[fold], &acts, &views).await;
    let rows = analyst.fetch_all("SELECT * FROM views.analyst_donor_impact");
    assert!(rows.await.expect("readable").is_empty());
}
