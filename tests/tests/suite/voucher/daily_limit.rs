//! An item of which a venue hands out so many a day, from the board and by code.

use futures::future::join_all;
use serde_json::{Value, json};
use tests::app::TestApp;

/// A venue with a soup of which so many are handed out a day, two unless said, prepaid for its board.
struct Kitchen {
    app: TestApp,
    item_id: String,
    voucher_ids: Value,
}

impl Kitchen {
    async fn over(app: TestApp, prepaid: u32) -> Kitchen {
        Self::of(app, 2, prepaid).await
    }

    async fn of(app: TestApp, daily_limit: u32, prepaid: u32) -> Kitchen {
        let soup = json!({"kind": "soup", "name": "Polévka", "price_minor": 4500,
            "daily_limit": daily_limit});
        let path = format!("/venues/{}/list-item", app.id("venue_id"));
        let listed = app.operator().post(&path, soup).await.done();
        let item_id = listed["item_id"].as_str().expect("an id").to_owned();
        let mut prepayment = app.coffees(prepaid);
        prepayment["what"]["item_id"] = json!(item_id);
        let prepaid = app.operator().post("/prepayments", prepayment).await.done();
        Kitchen {
            voucher_ids: prepaid["voucher_ids"].clone(),
            app,
            item_id,
        }
    }

    fn path(&self) -> String {
        format!("/venues/{}/redeem", self.app.id("venue_id"))
    }

    fn soups(&self, count: u32) -> Value {
        json!({"by": {"type": "board", "item_id": self.item_id, "count": count}})
    }

    async fn take_back(&self, redemption: &Value) {
        let voucher = redemption["voucher_id"].as_str().expect("an id");
        let back = json!({"redemption_id": redemption["redemption_id"], "reason": "mistake"});
        let reverse = format!("/vouchers/{voucher}/reverse-redemption");
        self.app.staff().post(&reverse, back).await.done();
    }

    async fn code_of(&self, place: usize) -> String {
        let which = json!({"type": "these", "voucher_ids": [self.voucher_ids[place]]});
        let issue = json!({"vouchers": which, "to": {"type": "donor"}});
        let operator = self.app.operator();
        let issued = operator.post("/vouchers/issue-code", issue).await.done();
        issued["codes"][0].as_str().expect("a code").to_owned()
    }
}

#[tokio::test]
async fn a_day_ends_and_what_is_taken_back_makes_room() {
    let kitchen = Kitchen::over(TestApp::start().await, 6).await;
    let (staff, path) = (kitchen.app.staff(), kitchen.path());
    let refused = staff.post(&path, kitchen.soups(3)).await;
    assert_eq!(refused.refused(409, "sold_out")["left"], 2);
    let used = staff.post(&path, kitchen.soups(2)).await.done();
    let refused = staff.post(&path, kitchen.soups(1)).await;
    assert_eq!(refused.refused(409, "sold_out")["left"], 0);
    kitchen.take_back(&used["redemptions"][0]).await;
    staff.post(&path, kitchen.soups(1)).await.done();
    let refused = staff.post(&path, kitchen.soups(1)).await;
    assert_eq!(refused.refused(409, "sold_out")["left"], 0);
}

#[tokio::test]
async fn a_code_meets_the_same_limit_and_says_so_before_it_is_spent() {
    let kitchen = Kitchen::over(TestApp::start().await, 4).await;
    let (staff, path) = (kitchen.app.staff(), kitchen.path());
    let by_code = |code: &str| json!({"by": {"type": "code", "code": code}});
    let (first, second) = (kitchen.code_of(0).await, kitchen.code_of(1).await);
    staff.post(&path, by_code(&first)).await.done();
    staff.post(&path, kitchen.soups(1)).await.done();
    let check = json!({"venue_id": kitchen.app.id("venue_id"), "code": second});
    let checked = staff.post("/vouchers/check", check).await;
    checked.refused(409, "sold_out");
    let refused = staff.post(&path, by_code(&second)).await;
    refused.refused(409, "sold_out");
    // The venue gives one of its own, and that is its own affair.
    let give = format!("/venues/{}/give-item", kitchen.app.id("venue_id"));
    let own = json!({"item_id": kitchen.item_id, "reason": "own_gift"});
    staff.post(&give, own).await.done();
}

#[tokio::test]
async fn what_was_handed_out_already_is_counted_and_never_refused() {
    let kitchen = Kitchen::over(TestApp::start().await, 5).await;
    let (operator, path) = (kitchen.app.operator(), kitchen.path());
    kitchen
        .app
        .staff()
        .post(&path, kitchen.soups(2))
        .await
        .done();
    let mut offline = kitchen.soups(1);
    offline["source"] = json!("offline_till");
    operator.post(&path, offline).await.done();
    let refused = operator.post(&path, kitchen.soups(1)).await;
    refused.refused(409, "sold_out");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_forty_at_once_exactly_the_limit_gets_one() {
    race(TestApp::start().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_forty_at_once_exactly_the_limit_gets_one_on_postgresql() {
    race(TestApp::on_postgres().await).await;
}

async fn race(app: TestApp) {
    let kitchen = Kitchen::over(app, 40).await;
    let (staff, path) = (kitchen.app.staff(), kitchen.path());
    let clients = (0..40).map(|_| staff.post(&path, kitchen.soups(1)));
    let answers = join_all(clients).await;
    let (used, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|it| it.status == 200);
    assert_eq!(used.len(), 2);
    for answer in refused {
        assert_eq!(answer.refused(409, "sold_out")["left"], 0);
    }
}

/// However many: the last of the day is found by a few looks.
#[tokio::test]
async fn all_of_a_day_are_handed_out_one_by_one() {
    let kitchen = Kitchen::of(TestApp::start().await, 11, 12).await;
    let (staff, path) = (kitchen.app.staff(), kitchen.path());
    for left in (0..11).rev() {
        let too_many = staff.post(&path, kitchen.soups(left + 2)).await;
        assert_eq!(too_many.refused(409, "sold_out")["left"], left + 1);
        staff.post(&path, kitchen.soups(1)).await.done();
    }
    let none = staff.post(&path, kitchen.soups(1)).await;
    assert_eq!(none.refused(409, "sold_out")["left"], 0);
}

#[tokio::test]
async fn all_that_is_taken_back_makes_room() {
    let kitchen = Kitchen::over(TestApp::start().await, 6).await;
    let (staff, path) = (kitchen.app.staff(), kitchen.path());
    for _ in 0..3 {
        let used = staff.post(&path, kitchen.soups(2)).await.done();
        for redemption in used["redemptions"].as_array().expect("a list") {
            kitchen.take_back(redemption).await;
        }
    }
    staff.post(&path, kitchen.soups(2)).await.done();
    let refused = staff.post(&path, kitchen.soups(1)).await;
    assert_eq!(refused.refused(409, "sold_out")["left"], 0);
}
