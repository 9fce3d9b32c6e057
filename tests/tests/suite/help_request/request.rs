use serde_json::json;
use tests::neighbours::{DISTRICT, Neighbourhood, path, shopping};

#[tokio::test]
async fn help_is_asked_for_by_a_member_or_by_somebody_who_telephones() {
    let near = Neighbourhood::start().await;
    let request = near.request().await;
    let shown = near.asking.client.get(&request).await.done();
    assert_eq!(
        (&shown["status"], &shown["note"]["state"]),
        (&json!("open"), &json!("open"))
    );

    let subject = json!({"kind": "requester", "basis": "consent", "notice_version": "2026-01"});
    let subject = near.coordinator().post("/subjects", subject).await.done();
    let mut asked = shopping();
    asked["subject_id"] = subject["subject_id"].clone();
    let someone = near
        .asking
        .client
        .post("/help-requests", asked.clone())
        .await;
    someone.refused(404, "not_found");
    near.coordinator()
        .post("/help-requests", asked.clone())
        .await
        .done();
    asked["language"] = json!(null);
    let silent = near.coordinator().post("/help-requests", asked).await;
    silent.refused(422, "terms");
}

#[tokio::test]
async fn an_organisation_looks_after_what_it_entered_and_nothing_else() {
    let near = Neighbourhood::start().await;
    let organisation = near.app.role("organisation");
    let entered = organisation.post("/help-requests", shopping()).await;
    let entered = path("/help-requests", &entered.done(), "help_request_id");
    let shown = organisation.get(&entered).await.done();
    assert_eq!(shown["status"], "open");
    // Where somebody lives is read by whoever comes; the organisation may say it anew.
    assert_eq!(shown["note"]["state"], "withheld");
    let edit = json!({"category": "company", "district_code": DISTRICT, "language": "cs",
        "note": {"type": "set", "text": "Druhé patro"}});
    let edited = format!("{entered}/edit");
    organisation.post(&edited, edit.clone()).await.done();
    let seen = near.coordinator().get(&entered).await.done();
    assert_eq!(seen["note"]["text"], "Druhé patro");
    let withdraw = format!("{entered}/withdraw");
    organisation.post(&withdraw, json!({})).await.done();

    let foreign = near.request().await;
    organisation.get(&foreign).await.refused(404, "not_found");
    for (act, body) in [("edit", edit), ("withdraw", json!({}))] {
        let path = format!("{foreign}/{act}");
        organisation
            .post(&path, body)
            .await
            .refused(404, "not_found");
    }
}

#[tokio::test]
async fn a_member_asks_for_nobody_else() {
    let near = Neighbourhood::start().await;
    let of = |subject_id: &str| {
        let mut request = shopping();
        request["subject_id"] = json!(subject_id);
        request
    };
    let asking = &near.asking;
    let other = of(&near.helper.subject_id);
    let other = asking.client.post("/help-requests", other).await;
    other.refused(404, "not_found");
    let own = of(&asking.subject_id);
    asking.client.post("/help-requests", own).await.done();
}
