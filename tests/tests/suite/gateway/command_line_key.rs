//! The log's key and the master key are changed on an installation: begun, used, finished.

use serde_json::{Value, json};
use tests::installation::Installation;

/// Runs a verb to its end: whether it succeeded, and the first line that it printed.
fn run(town: &Installation, arguments: &str) -> (bool, Value) {
    let arguments: Vec<&str> = arguments.split_whitespace().collect();
    let (success, lines) = town.verb(&arguments);
    (success, lines.first().cloned().unwrap_or_default())
}

fn done(town: &Installation, arguments: &str) -> Value {
    let (success, answer) = run(town, arguments);
    assert!(success, "{arguments}: {answer}");
    answer
}

fn refused(town: &Installation, arguments: &str, why: &str) {
    let (success, answer) = run(town, arguments);
    let error = answer["error"].as_str().unwrap_or_default();
    assert!(!success && error.contains(why), "{arguments}: {answer}");
}

/// Records something, and lets a gateway seal it until it is asked to end.
fn served(town: &Installation) {
    done(town, "token issue --network praha --role analyst");
    assert!(town.serve().end(), "it ends in order");
}

#[test]
fn the_old_key_signs_until_everybody_has_the_new_one() {
    let town = &Installation::found(None, None);
    served(town);
    refused(town, "keys change-log-key --finish", "not being changed");
    let begun = done(town, "keys change-log-key");
    let key = |name: &str| begun[name].as_str().expect("a key").to_owned();
    let (new, old) = (key("key"), key("before"));
    assert_ne!(new, old);
    refused(town, "keys change-log-key", "is being changed");
    refused(
        town,
        "keys change-log-key --finish",
        "not signed with the new key yet",
    );

    served(town);
    for one in [&new, &old] {
        let both = format!(
            "audit verify --key {one} --key {}",
            if one == &new { &old } else { &new }
        );
        done(town, &both);
    }
    done(town, &format!("audit verify --key {old}"));
    let finished = done(town, "keys change-log-key --finish");
    assert_eq!(
        (&finished["key"], &finished["former"]),
        (&json!(new), &json!(old))
    );

    served(town);
    let report = done(town, "audit verify");
    assert_eq!(report["vouched"], true, "it knows the old key: {report}");
    done(town, "audit export --out bundle");
    let checked = done(town, "audit check bundle");
    assert_eq!(checked["keys"], json!([new, old]));
    let by_new = done(town, &format!("audit check bundle --key {new}"));
    assert_eq!(by_new["signed"], checked["signed"]);
    let by_old = done(town, &format!("audit check bundle --key {old}"));
    assert!(
        by_old["signed"].as_i64() < checked["signed"].as_i64(),
        "{by_old}"
    );
}

#[test]
fn the_keys_of_people_are_wrapped_with_another_master_key() {
    let town = &Installation::found(None, None);
    refused(town, "keys change-master-key --finish", "not being changed");
    done(town, "keys change-master-key");
    refused(town, "keys change-master-key", "is being changed");
    done(town, "token issue --network praha --role analyst");
    let finished = done(town, "keys change-master-key --finish");
    assert_eq!(
        finished["rewrapped"], 1,
        "the one that tells master keys apart"
    );
    done(town, "token issue --network praha --role analyst");
}
