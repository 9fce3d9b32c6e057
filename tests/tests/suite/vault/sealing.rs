use std::sync::Arc;

use commands::vault::{Vault, VaultError};
use domain::sealed::{MAX_TEXT, SealedField};
use futures::future::join_all;
use infra::vault::SealingVault;
use infra::vault::keys::KeyTable;
use infra::vault::master::{MasterKey, Secret};
use infra::vault::rewrap::rewrap;
use uuid::Uuid;

use super::{LOG, SUBJECT, contact, master, vault};

pub async fn a_text_opens_as_it_was(table: Arc<dyn KeyTable>) {
    let one = vault(&table).await;
    for text in ["", "608 123 456", "Žluťoučký kůň 🍵\n"] {
        let sealed = one.seal(SUBJECT, contact(), text.into()).await;
        let sealed = sealed.expect("sealed");
        assert!(!sealed.text.contains(&hex::encode("608")));
        assert_eq!((sealed.v, sealed.key_id), (1, SUBJECT));
        assert_eq!(
            one.open(contact(), sealed.clone()).await.as_deref(),
            Ok(text)
        );
        let later = vault(&table).await;
        assert_eq!(later.open(contact(), sealed).await.as_deref(), Ok(text));
    }
    let twice = [0, 1].map(|_| one.seal(SUBJECT, contact(), "same".into()));
    let twice = join_all(twice).await;
    assert_ne!(twice[0], twice[1], "every nonce is new");
}

pub async fn the_key_is_there_before_the_text(table: Arc<dyn KeyTable>) {
    let vault = vault(&table).await;
    assert_eq!(vault.holds(SUBJECT).await, Ok(false));
    vault
        .seal(SUBJECT, contact(), "text".into())
        .await
        .expect("sealed");
    assert_eq!(vault.holds(SUBJECT).await, Ok(true));
    assert!(table.find(SUBJECT).await.expect("a look").is_some());
}

pub async fn of_rivals_for_a_new_key_all_use_one(table: Arc<dyn KeyTable>) {
    let vaults = join_all((0..4).map(|_| vault(&table))).await;
    let seals = (0..16).map(|n| vaults[n % 4].seal(SUBJECT, contact(), n.to_string()));
    let sealed = join_all(seals).await;
    let reader = vault(&table).await;
    for (n, sealed) in sealed.into_iter().enumerate() {
        let opened = reader.open(contact(), sealed.expect("sealed")).await;
        assert_eq!(opened, Ok(n.to_string()));
    }
}

pub async fn a_long_text_is_refused(table: Arc<dyn KeyTable>) {
    let vault = vault(&table).await;
    let seal = |bytes| vault.seal(SUBJECT, contact(), "x".repeat(bytes));
    assert_eq!(seal(MAX_TEXT + 1).await, Err(VaultError::TooLong));
    assert!(seal(MAX_TEXT).await.is_ok());
}

pub async fn another_master_key_is_noticed(table: Arc<dyn KeyTable>) {
    let _first = vault(&table).await;
    let other = SealingVault::open(LOG, master(2), table.clone()).await;
    assert!(matches!(other, Err(VaultError::Broken(_))));
}

pub async fn a_text_opens_only_where_it_belongs(table: Arc<dyn KeyTable>) {
    let vault = vault(&table).await;
    let sealed = vault
        .seal(SUBJECT, contact(), "text".into())
        .await
        .expect("sealed");
    let elsewhere = SealedField {
        aggregate_id: Uuid::from_u128(3),
        ..contact()
    };
    let moved = vault.open(elsewhere, sealed.clone()).await;
    assert_eq!(moved, Err(VaultError::Forged));
    let mut unknown = sealed;
    unknown.key_id = Uuid::from_u128(3);
    let without_key = vault.open(contact(), unknown).await;
    assert_eq!(without_key, Err(VaultError::Forged));
}

pub async fn a_changed_master_key_opens_all_that_was_sealed(table: Arc<dyn KeyTable>) {
    let old = vault(&table).await;
    let gone = Uuid::from_u128(3);
    for key_id in [SUBJECT, gone] {
        let sealed = old.seal(key_id, contact(), "777 000 111".into()).await;
        sealed.expect("sealed");
    }
    let sealed = old.seal(SUBJECT, contact(), "777 000 111".into()).await;
    let sealed = sealed.expect("sealed");
    old.destroy(gone).await.expect("destroyed");

    let secret = |byte| Secret::new([byte; 32]);
    let both = MasterKey::changing(secret(2), secret(1));
    let vault = SealingVault::open(LOG, both.clone(), table.clone()).await;
    let vault = vault.expect("either opens it");
    let text = || Ok("777 000 111".to_owned());
    assert_eq!(vault.open(contact(), sealed.clone()).await, text());
    assert_eq!(
        rewrap(&*table, &both).await,
        Ok(2),
        "the person's, and the first"
    );
    assert_eq!(rewrap(&*table, &both).await, Ok(0), "twice is once");

    let new = SealingVault::open(LOG, master(2), table.clone()).await;
    let new = new.expect("the new one alone");
    assert_eq!(new.open(contact(), sealed).await, text());
    assert_eq!(new.holds(gone).await, Ok(false), "what is gone stays gone");
    assert!(SealingVault::open(LOG, master(1), table).await.is_err());
}
