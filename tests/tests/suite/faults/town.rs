//! A small network of the real binary in which clients can do things.

use serde_json::{Value, json};
use tests::app::a_place;
use tests::client::Client;

/// What acts are done with.
#[derive(Clone, Debug)]
pub struct Town {
    pub venue_id: String,
    pub item_id: String,
}

impl Town {
    /// A café with a coffee for 65.00.
    pub async fn built(operator: &Client) -> Self {
        let district = json!({
            "code": "500054", "name": "Praha 1", "population": 29_000,
            "boundary": {"type": "Polygon", "coordinates":
                [[[14.40, 50.08], [14.44, 50.08], [14.44, 50.10], [14.40, 50.08]]]},
        });
        operator.post("/districts", district).await.done();
        let place = operator.post("/places", a_place()).await.done();
        let venue = json!({"name": "Kavárna U Lva", "kind": "cafe", "place_id": place["place_id"]});
        let venue_id = id(&operator.post("/venues", venue).await.done(), "venue_id");
        let item = json!({"kind": "hot_drink", "name": "Káva", "price_minor": 6500});
        let path = format!("/venues/{venue_id}/list-item");
        let item_id = id(&operator.post(&path, item).await.done(), "item_id");
        Self { venue_id, item_id }
    }

    /// Coffees for the board, as they are sent.
    pub fn coffees(&self, quantity: usize) -> Value {
        json!({
            "quantity": quantity,
            "what": {"type": "item", "venue_id": self.venue_id, "item_id": self.item_id},
            "placed": {"type": "board"},
            "source": "bank_transfer",
            "held_by": "network",
            "on_expiry": {"type": "common_fund"},
        })
    }
}

fn id(answer: &Value, name: &str) -> String {
    answer[name].as_str().expect("an id").to_owned()
}
