use std::sync::Arc;

use commands::vault::{Vault, VaultError};
use infra::vault::keys::KeyTable;

use super::{SUBJECT, contact, vault};

pub async fn a_blocked_key_neither_seals_nor_opens(table: Arc<dyn KeyTable>) {
    let vault = vault(&table).await;
    let sealed = vault
        .seal(SUBJECT, contact(), "text".into())
        .await
        .expect("sealed");
    for _ in 0..2 {
        assert_eq!(vault.block(SUBJECT).await, Ok(()));
        let opened = vault.open(contact(), sealed.clone()).await;
        assert_eq!(opened, Err(VaultError::Erased));
        let again = vault.seal(SUBJECT, contact(), "text".into()).await;
        assert_eq!(again, Err(VaultError::Erased));
    }
    assert_eq!(
        vault.holds(SUBJECT).await,
        Ok(true),
        "the key itself goes later"
    );
}

pub async fn a_destroyed_key_is_gone_for_ever(table: Arc<dyn KeyTable>) {
    let one = vault(&table).await;
    let sealed = one
        .seal(SUBJECT, contact(), "text".into())
        .await
        .expect("sealed");
    for _ in 0..2 {
        assert_eq!(one.destroy(SUBJECT).await, Ok(()));
        assert_eq!(one.holds(SUBJECT).await, Ok(false));
    }
    for vault in [one, vault(&table).await] {
        let opened = vault.open(contact(), sealed.clone()).await;
        assert_eq!(opened, Err(VaultError::Erased));
        let again = vault.seal(SUBJECT, contact(), "text".into()).await;
        assert_eq!(again, Err(VaultError::Erased));
    }
    let row = table.find(SUBJECT).await.expect("a look").expect("a row");
    assert_eq!((row.wrapped, row.blocked), (None, true));
}

pub async fn what_never_had_a_key_never_gets_one(table: Arc<dyn KeyTable>) {
    let vault = vault(&table).await;
    assert_eq!(vault.block(SUBJECT).await, Ok(()));
    let sealed = vault.seal(SUBJECT, contact(), "text".into()).await;
    assert_eq!(sealed, Err(VaultError::Erased));
    assert_eq!(vault.holds(SUBJECT).await, Ok(false));
}
