use serde_json::json;
use tests::neighbours::Neighbourhood;

#[tokio::test]
async fn a_member_changes_only_its_own_profile() {
    let near = Neighbourhood::start().await;
    let path = format!("/members/{}/change", near.helper.member_id);
    let profile = json!({"categories": ["company"], "languages": ["cs"]});
    near.helper.client.post(&path, profile.clone()).await.done();
    let other = near.asking.client.post(&path, profile).await;
    other.refused(404, "not_found");
    let mute = json!({"languages": []});
    let mute = near.helper.client.post(&path, mute).await;
    mute.refused(422, "out_of_bounds");
}
