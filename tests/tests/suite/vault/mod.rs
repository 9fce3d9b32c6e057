//! The vault on each table of keys.

mod backing_up;
mod erasing;
mod postgres;
mod sealing;
mod sqlite;

use std::sync::Arc;

use domain::sealed::SealedField;
use infra::vault::SealingVault;
use infra::vault::keys::KeyTable;
use infra::vault::master::{MasterKey, Secret};
use uuid::Uuid;

const LOG: Uuid = Uuid::from_u128(1);
const SUBJECT: Uuid = Uuid::from_u128(2);

fn master(byte: u8) -> MasterKey {
    MasterKey::new(Secret::new([byte; 32]))
}

fn contact() -> SealedField {
    SealedField {
        network: "praha".parse().expect("a slug"),
        aggregate_type: "subject",
        aggregate_id: SUBJECT,
        field: "contact",
    }
}

async fn vault(table: &Arc<dyn KeyTable>) -> SealingVault {
    let opened = SealingVault::open(LOG, master(1), table.clone()).await;
    opened.expect("a vault")
}

/// Every case, as a test of the table that `fresh` makes; the first answer keeps it alive.
macro_rules! vault_cases {
    ($fresh:path: $($subject:ident::$case:ident)*) => {$(
        #[tokio::test]
        async fn $case() {
            let (_alive, table) = $fresh().await;
            super::$subject::$case(table).await;
        }
    )*};
}

macro_rules! vault_suite {
    ($fresh:path) => {
        vault_cases! { $fresh:
            sealing::a_text_opens_as_it_was
            sealing::the_key_is_there_before_the_text
            sealing::of_rivals_for_a_new_key_all_use_one
            sealing::a_long_text_is_refused
            sealing::another_master_key_is_noticed
            sealing::a_changed_master_key_opens_all_that_was_sealed
            sealing::a_text_opens_only_where_it_belongs
            erasing::a_blocked_key_neither_seals_nor_opens
            erasing::a_destroyed_key_is_gone_for_ever
            erasing::what_never_had_a_key_never_gets_one
            backing_up::a_backup_puts_back_what_is_missing_and_nothing_erased
            backing_up::the_keys_of_a_table_go_into_a_backup
            backing_up::a_scrubbed_table_is_the_same
        }
    };
}

use {vault_cases, vault_suite};
