//! Two gateways on one log.

use commands::clock::Clock;
use serde_json::json;
use tests::neighbours::Neighbourhood;

/// Whatever another gateway did is seen by whoever reads afterwards, however well it is known here.
#[tokio::test]
async fn what_another_gateway_did_is_seen_at_once() {
    let near = Neighbourhood::start().await;
    let (_ending, beside) = near.app.beside(Clock::system()).await;
    let task = near.task(1).await;
    let helper = near.helper.client.at(&beside);
    for (slots, act) in [(1, "claim"), (0, "release"), (1, "claim")] {
        assert_eq!(helper.get(&task).await.done()["free_slots"], slots, "{act}");
        let claim = match act {
            "claim" => json!({}),
            _ => json!({"claim_id": helper.get(&task).await.done()["claims"][0]["claim_id"]}),
        };
        let path = format!("{task}/{act}");
        near.helper.client.post(&path, claim).await.done();
    }
    assert_eq!(helper.get(&task).await.done()["free_slots"], 0);
}
