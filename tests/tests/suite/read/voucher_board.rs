use tests::app::TestApp;

use super::three_coffees_and_one_used;

#[tokio::test]
async fn anybody_reads_what_waits_on_a_board() {
    let app = TestApp::start().await;
    let seen = three_coffees_and_one_used(&app).await;
    let venue = app.id("venue_id");
    let path = format!("/voucher-board?min_position={seen}&venue_id={venue}&item_kind=hot_drink");
    let answer = app.public().get(&path).await.done();
    let board = &answer["boards"][0];
    assert_eq!(
        (&board["on_board"], &board["redeemed"]),
        (&2.into(), &1.into())
    );
    assert_eq!(board["item_id"], app.id("item_id"));
}
