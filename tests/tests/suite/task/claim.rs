use futures::future::join_all;
use serde_json::json;
use tests::neighbours::Neighbourhood;

#[tokio::test]
async fn the_note_opens_for_who_comes() {
    let near = Neighbourhood::start().await;
    let task = near.task(1).await;
    near.claim(&task).await;
    let shown = near.helper.client.get(&task).await.done();
    assert_eq!(shown["note"]["state"], "open");
    let again = format!("{task}/claim");
    near.helper
        .client
        .post(&again, json!({}))
        .await
        .refused(409, "already_claimed");
}

#[tokio::test]
async fn twenty_members_race_for_five_slots_and_five_come() {
    let near = Neighbourhood::start().await;
    let task = near.task(5).await;
    let path = format!("{task}/claim");
    let members = join_all((0..20).map(|_| near.neighbour())).await;
    let race = members
        .iter()
        .map(|member| member.client.post(&path, json!({})));
    let answers = join_all(race).await;
    let came = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(came, 5);
    for answer in answers.into_iter().filter(|answer| answer.status != 201) {
        answer.refused(409, "no_slot_left");
    }
    let shown = near.coordinator().get(&task).await.done();
    assert_eq!(shown["free_slots"], 0);
    assert_eq!(shown["claims"].as_array().map(Vec::len), Some(5));
}

#[tokio::test]
async fn a_member_takes_on_work_for_nobody_else() {
    let near = Neighbourhood::start().await;
    let (task, helper) = (near.task(2).await, &near.helper.client);
    let claim = format!("{task}/claim");
    let of = |member_id: &str| json!({"member_id": member_id});
    let other = helper.post(&claim, of(&near.asking.member_id)).await;
    other.refused(404, "not_found");
    helper.post(&claim, of(&near.helper.member_id)).await.done();
    let coordinator = near.coordinator();
    let named = coordinator.post(&claim, of(&near.asking.member_id)).await;
    named.done();
}
