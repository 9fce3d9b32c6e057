//! Backups of keys bring back what was lost, and nothing that was erased.

use std::io::Cursor;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use commands::clock::Clock;
use commands::codes::CodeKeys;
use commands::executor::{Desk, Request, UseCase};
use commands::network::found::Found;
use commands::principal::Principal;
use commands::subject::erase::Erase;
use commands::subject::introduce::Introduce;
use commands::subject::set_contact::SetContact;
use commands::vault::{Vault, VaultError};
use domain::envelope::Channel;
use domain::ids::SubjectId;
use domain::sealed::{Sealed, SealedField};
use domain::subject::Subject;
use domain::subject::erase::ErasureReason;
use domain::subject::introduce::{Basis, SubjectKind};
use infra::sqlite::SqliteLog;
use infra::vault::backup::{self, BackupError, Restore, Restored};
use infra::vault::keys::KeyTable;
use infra::vault::{SealingVault, SqliteKeys};
use tests::app::{NETWORK, founded};

use super::master;

/// Any instant.
pub fn now() -> DateTime<Utc> {
    "2026-11-20T09:00:00Z".parse().expect("an instant")
}

/// A log of people with contacts, whose keys lie in some table.
pub struct Town {
    pub log: Arc<SqliteLog>,
    pub table: Arc<dyn KeyTable>,
    desk: Arc<Desk>,
    next_key: std::sync::atomic::AtomicU64,
}

impl Town {
    pub async fn over(table: Arc<dyn KeyTable>) -> Town {
        let log = Arc::new(SqliteLog::memory().await.expect("a log"));
        let vault = vault(&log, &table).await;
        let codes = CodeKeys::new([1; 32], [2; 32]);
        let clock = Clock::standing_at(now());
        let desk = Desk::new(log.clone(), log.clone(), Arc::new(vault), codes, clock);
        let next_key = 0.into();
        let town = Town {
            log,
            table,
            desk,
            next_key,
        };
        let founded = founded(NETWORK);
        town.done(Found { founded }).await;
        town
    }

    async fn done<U: UseCase>(&self, act: U) -> U::Answer {
        let who = Principal::system("set-up", "praha".parse().expect("a slug"));
        let key = self
            .next_key
            .fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let request = Request::new(who, key.to_string(), String::new(), Channel::Cli);
        self.desk.execute(request, act).await.expect("done").answer
    }

    /// Somebody with a contact.
    pub async fn person(&self) -> SubjectId {
        let introduce = Introduce {
            kind: SubjectKind::Requester,
            basis: Basis::Consent,
            notice_version: "2026-01".parse().expect("a label"),
            retain_until: None,
        };
        let subject_id = self.done(introduce).await.subject_id;
        let contact = "777 000 111".to_owned().try_into().expect("a text");
        let set = SetContact {
            subject_id,
            contact,
        };
        self.done(set).await;
        subject_id
    }

    pub async fn erase(&self, subject_id: SubjectId) {
        let reason = ErasureReason::Asked;
        self.done(Erase { subject_id, reason }).await;
    }

    /// The backup of a moment, kept for 35 days.
    pub async fn backup(&self) -> Vec<u8> {
        let mut file = Vec::new();
        let written = backup::write(&*self.table, &*self.log, now(), 35, &mut file).await;
        written.expect("a backup");
        file
    }

    pub async fn restore(
        &self,
        file: &[u8],
        into: &Arc<dyn KeyTable>,
    ) -> Result<Restored, BackupError> {
        let restore = Restore {
            table: &**into,
            log: &*self.log,
            master: &master(1),
            now: now(),
            accept_older_log: false,
        };
        restore.run(|| Ok(Cursor::new(file))).await
    }

    async fn contact(&self, person: SubjectId) -> (SealedField, Sealed) {
        let network = "praha".parse().expect("a slug");
        let subject = self.desk.read::<Subject>(&network, person).await;
        let subject = subject.expect("a look").expect("a subject");
        let field = SealedField {
            network,
            aggregate_type: "subject",
            aggregate_id: person.0,
            field: "contact",
        };
        let known = subject.person().expect("not erased");
        (field, known.contact.clone().expect("a contact"))
    }
}

async fn vault(log: &Arc<SqliteLog>, table: &Arc<dyn KeyTable>) -> SealingVault {
    use commands::log::EventLog as _;
    let opened = SealingVault::open(log.log_id(), master(1), table.clone()).await;
    opened.expect("a vault")
}

pub async fn in_memory() -> Arc<dyn KeyTable> {
    Arc::new(SqliteKeys::memory().await.expect("a table"))
}

pub async fn a_backup_puts_back_what_is_missing_and_nothing_erased(table: Arc<dyn KeyTable>) {
    let town = Town::over(in_memory().await).await;
    let (stays, goes) = (town.person().await, town.person().await);
    let (kept, gone) = (town.contact(stays).await, town.contact(goes).await);
    let file = town.backup().await;
    let text = String::from_utf8(file.clone()).expect("text");
    assert!(text.contains("\"retention_days\":35"), "{text}");
    town.erase(goes).await;
    let late = town.person().await;
    let expected = Restored {
        put_back: 2,
        stay_destroyed: 1,
        missing: vec![late.0],
    };
    let restored = town.restore(&file, &table).await.expect("restored");
    assert_eq!(
        restored, expected,
        "one person's key and the one that tells the master"
    );
    let again = town.restore(&file, &table).await.expect("restored");
    assert_eq!(again.put_back, 0, "a second time changes nothing");
    let vault = vault(&town.log, &table).await;
    assert_eq!(
        vault.open(kept.0, kept.1).await.as_deref(),
        Ok("777 000 111")
    );
    assert_eq!(vault.holds(goes.0).await, Ok(false));
    assert_eq!(vault.open(gone.0, gone.1).await, Err(VaultError::Erased));
}

pub async fn the_keys_of_a_table_go_into_a_backup(table: Arc<dyn KeyTable>) {
    let town = Town::over(table).await;
    let mut people = Vec::new();
    for _ in 0..3 {
        people.push(town.person().await);
    }
    let erased = people.pop().expect("three");
    town.erase(erased).await;
    town.table.destroy(erased.0).await.expect("destroyed");
    let file = town.backup().await;
    let other = in_memory().await;
    let restored = town.restore(&file, &other).await.expect("restored");
    assert_eq!((restored.put_back, restored.missing), (3, vec![]));
    for person in people {
        let kept = |row: Option<infra::vault::keys::Kept>| row.expect("a row").wrapped;
        let was = town.table.find(person.0).await.expect("a look");
        let is = other.find(person.0).await.expect("a look");
        assert_eq!(kept(is), kept(was));
    }
}

pub async fn a_scrubbed_table_is_the_same(table: Arc<dyn KeyTable>) {
    let town = Town::over(table).await;
    let (stays, goes) = (town.person().await, town.person().await);
    town.table.destroy(goes.0).await.expect("destroyed");
    // Only a superuser writes PostgreSQL's own files; the rows are the same either way.
    let _ = town.table.scrub().await;
    let rows = town.table.page(None, 10).await.expect("the rows");
    let held = rows.iter().filter(|(_, kept)| kept.wrapped.is_some());
    assert_eq!((rows.len(), held.count()), (3, 2));
    let row = town.table.find(stays.0).await.expect("a look");
    assert!(row.expect("a row").wrapped.is_some());
}

#[tokio::test]
async fn a_backup_is_refused_when_its_time_is_over_or_it_is_not_ours() {
    let town = Town::over(in_memory().await).await;
    town.person().await;
    let (file, into) = (town.backup().await, in_memory().await);
    let restore = |master, now| {
        let (log, into, file) = (town.log.clone(), into.clone(), file.clone());
        async move {
            let restore = Restore {
                table: &*into,
                log: &*log,
                master: &master,
                now,
                accept_older_log: false,
            };
            restore.run(|| Ok(Cursor::new(file.clone()))).await
        }
    };
    let day = |days| now() + TimeDelta::days(days);
    let over = restore(master(1), day(35)).await;
    assert!(
        matches!(over, Err(BackupError::Expired(at)) if at == day(35)),
        "{over:?}"
    );
    let foreign = restore(master(2), now()).await;
    assert!(
        matches!(foreign, Err(BackupError::OtherMaster)),
        "{foreign:?}"
    );
    let rows = into.page(None, 10).await.expect("the rows");
    assert_eq!(rows, vec![], "nothing was changed");
    assert!(restore(master(1), day(34)).await.is_ok());

    let other = Town::over(in_memory().await).await;
    let refused = other.restore(&file, &into).await;
    assert!(
        matches!(refused, Err(BackupError::OtherLog(_))),
        "{refused:?}"
    );
}

#[tokio::test]
async fn half_a_backup_is_none() {
    let town = Town::over(in_memory().await).await;
    town.person().await;
    let (file, into) = (town.backup().await, in_memory().await);
    let text = String::from_utf8(file).expect("text");
    let lines: Vec<&str> = text.lines().collect();
    let cut = lines[..lines.len() - 1].join("\n");
    let changed = text.replace("\"blocked\":false", "\"blocked\":true ");
    for broken in [cut, changed, "{}\n".to_owned(), String::new()] {
        let refused = town.restore(broken.as_bytes(), &into).await;
        assert!(
            matches!(refused, Err(BackupError::Malformed(_))),
            "{refused:?}"
        );
    }
    assert_eq!(into.page(None, 10).await.expect("the rows"), vec![]);
}

#[tokio::test]
async fn a_log_from_before_the_backup_is_noticed() {
    let town = Town::over(in_memory().await).await;
    let person = town.person().await;
    town.erase(person).await;
    town.table.destroy(person.0).await.expect("destroyed");
    let file = town.backup().await;
    // The same log as it was some acts before: the header says where the backup stood.
    let text = String::from_utf8(file).expect("text");
    let (header, rest) = text.split_once('\n').expect("lines");
    let mut header: serde_json::Value = serde_json::from_str(header).expect("JSON");
    header["log_position"] = 99.into();
    let header =
        serde_json::to_string(&serde_json::from_value::<backup::Header>(header).expect("a header"))
            .expect("JSON");
    let later = resigned(&format!("{header}\n{rest}"));
    let into = in_memory().await;
    let refused = town.restore(later.as_bytes(), &into).await;
    assert!(
        matches!(refused, Err(BackupError::OlderLog { position: 99, .. })),
        "{refused:?}"
    );
    let restore = Restore {
        table: &*into,
        log: &*town.log,
        master: &master(1),
        now: now(),
        accept_older_log: true,
    };
    let restored = restore.run(|| Ok(Cursor::new(later.as_bytes()))).await;
    assert!(restored.is_ok(), "{restored:?}");
    let row = into.find(person.0).await.expect("a look").expect("a row");
    assert_eq!(row.wrapped, None, "an erasure that was done stays done");
}

/// The same lines with an end that fits them.
fn resigned(text: &str) -> String {
    use sha2::Digest as _;
    let (lines, _) = text.trim_end().rsplit_once('\n').expect("lines");
    let lines = format!("{lines}\n");
    let sha256 = hex::encode(sha2::Sha256::digest(&lines));
    let keys = lines.lines().count() - 1;
    format!("{lines}{{\"keys\":{keys},\"sha256\":\"{sha256}\"}}\n")
}
