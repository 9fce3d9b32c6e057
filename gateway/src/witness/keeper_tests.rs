//! The witness: what it keeps, and that no two of its cosignatures contradict each other.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;

use domain::entry::leaf_hash;
use domain::evidence::proof::consistency_proof;
use domain::evidence::tree::{Edge, Hash, Node};

use super::*;

pub const ORIGIN: &str = "ledger.example/log";
const NAME: &str = "witness.example";

/// A log that somebody keeps, with a key.
pub struct Log {
    edge: Edge,
    nodes: BTreeMap<Node, Hash>,
    signer: Signer,
}

impl Log {
    /// The first `size` events of a history; histories differ from their event `fork` on.
    pub fn of(size: u64, history: u8, fork: u64) -> Self {
        let (mut edge, mut nodes) = (Edge::default(), BTreeMap::new());
        for index in 0..size {
            let history = if index < fork { 0 } else { history };
            let leaf = leaf_hash(&[&index.to_be_bytes()[..], &[history]].concat());
            edge.push(leaf, |node, hash| {
                nodes.insert(node, hash);
            });
        }
        let signer = Signer::new(ORIGIN, Purpose::Note, &[1; 32]).expect("a name");
        Self {
            edge,
            nodes,
            signer,
        }
    }

    pub fn request(&self, old: u64) -> AddCheckpoint {
        let checkpoint = Checkpoint {
            origin: ORIGIN.to_owned(),
            size: self.edge.size(),
            root: self.edge.root(),
        };
        let read = |node| Ok::<_, Infallible>(self.nodes[&node]);
        let Ok(proof) = consistency_proof(old, self.edge.size(), read);
        AddCheckpoint {
            old,
            proof,
            checkpoint: checkpoint.sign(&self.signer),
        }
    }

    pub fn key(&self) -> VerifierKey {
        self.signer.verifier()
    }
}

pub fn open(data: &Path) -> anyhow::Result<Keeper> {
    let key = Log::of(0, 0, 0).key();
    Keeper::open(data, NAME, ORIGIN, key, Clock::system())
}

fn size(note: &Note) -> u64 {
    Checkpoint::parse(&note.text).expect("a checkpoint").size
}

#[test]
fn it_goes_on_where_it_was_with_the_same_key() {
    let folder = tempfile::tempdir().expect("a folder");
    let keeper = open(folder.path()).expect("opened");
    assert!(keeper.held().is_none());
    let key = keeper.key();
    keeper.add(&Log::of(5, 0, 0).request(0)).expect("cosigned");
    drop(keeper);

    let keeper = open(folder.path()).expect("opened again");
    assert_eq!(keeper.key(), key);
    let held = keeper.held().expect("kept");
    assert_eq!(size(&held), 5);
    assert!(cosigned_at(&held, &key).is_ok());
    assert_eq!(held.verify(&Log::of(0, 0, 0).key()), Ok(()));
    for file in ["witness.key", "checkpoint"] {
        let mode = std::fs::metadata(folder.path().join(file)).expect("there");
        assert_eq!(mode.permissions().mode() & 0o777, 0o600, "{file}");
    }
}

/// The log changes its key: while both sign, the witness is started with the new one.
#[test]
fn it_goes_on_with_the_new_key_of_a_log() {
    let folder = tempfile::tempdir().expect("a folder");
    let keeper = open(folder.path()).expect("opened");
    let new = Signer::new(ORIGIN, Purpose::Note, &[2; 32]).expect("a name");
    let mut both = Log::of(5, 0, 0).request(0);
    let by_new = Note::sign(both.checkpoint.text.clone(), &new);
    both.checkpoint.signatures.splice(..0, by_new.signatures);
    keeper.add(&both).expect("cosigned");
    drop(keeper);

    let with = |key| Keeper::open(folder.path(), NAME, ORIGIN, key, Clock::system());
    let keeper = with(new.verifier()).expect("opened with the new key");
    let mut next = Log::of(6, 0, 0).request(5);
    next.checkpoint = Note::sign(next.checkpoint.text.clone(), &new);
    keeper.add(&next).expect("cosigned");
    drop(keeper);
    let by_old = with(Log::of(0, 0, 0).key());
    assert!(by_old.is_err(), "the old key did not sign the last one");
}

#[test]
fn a_second_witness_in_the_same_directory_is_kept_out() {
    let folder = tempfile::tempdir().expect("a folder");
    let _first = open(folder.path()).expect("opened");
    assert!(open(folder.path()).is_err());
}

/// Whoever has the log's key can sign anything, but not make a witness forget.
#[test]
fn a_rewritten_history_is_refused_and_kept_as_proof() {
    let folder = tempfile::tempdir().expect("a folder");
    let keeper = open(folder.path()).expect("opened");
    keeper.add(&Log::of(8, 0, 0).request(0)).expect("cosigned");

    let refused = |log: &Log, old| match keeper.add(&log.request(old)) {
        Err(NotAdded::Refused(refused)) => refused,
        other => panic!("{other:?}"),
    };
    assert_eq!(
        refused(&Log::of(8, 1, 3), 8),
        Refused::OtherRoot { size: 8 }
    );
    assert_eq!(refused(&Log::of(9, 1, 3), 8), Refused::Inconsistent);
    assert_eq!(
        refused(&Log::of(6, 0, 0), 6),
        Refused::OtherSize { size: 8 }
    );
    assert_eq!(
        refused(&Log::of(9, 1, 3), 0),
        Refused::OtherSize { size: 8 }
    );
    assert_eq!(size(&keeper.held().expect("kept")), 8);
    let disputed = std::fs::read_to_string(folder.path().join("disputed")).expect("kept");
    assert_eq!(disputed, Log::of(8, 1, 3).request(8).checkpoint.to_string());
}

#[test]
fn a_record_that_is_not_its_own_is_not_used() {
    let folder = tempfile::tempdir().expect("a folder");
    let keeper = open(folder.path()).expect("opened");
    keeper.add(&Log::of(8, 0, 0).request(0)).expect("cosigned");
    drop(keeper);
    let older = Log::of(5, 0, 0).request(0).checkpoint;
    settings::write_private(&folder.path().join("checkpoint"), &older.to_string()).expect("put");
    assert!(open(folder.path()).is_err());
}

#[test]
fn nothing_is_given_away_that_could_not_be_written_down() {
    let folder = tempfile::tempdir().expect("a folder");
    let keeper = open(folder.path()).expect("opened");
    std::fs::create_dir(folder.path().join("checkpoint")).expect("in the way");
    let added = keeper.add(&Log::of(8, 0, 0).request(0));
    assert!(matches!(added, Err(NotAdded::NotKept(_))), "{added:?}");
    assert!(keeper.held().is_none());
}

/// Many at once, of two histories that part at event 3: all that is cosigned is one history.
#[test]
fn requests_at_once_never_get_two_histories_cosigned() {
    for _round in 0..20 {
        let folder = tempfile::tempdir().expect("a folder");
        let keeper = Arc::new(open(folder.path()).expect("opened"));
        let start = Arc::new(std::sync::Barrier::new(8));
        let asking = (0..8_u8).map(|asker| {
            let (keeper, start) = (Arc::clone(&keeper), Arc::clone(&start));
            std::thread::spawn(move || {
                start.wait();
                let mut cosigned = Vec::new();
                for size in 4..10 {
                    let log = Log::of(size, asker % 2, 3);
                    let old = keeper.held().map_or(0, |note| self::size(&note));
                    if old <= size && keeper.add(&log.request(old)).is_ok() {
                        cosigned.push((size, asker % 2));
                    }
                }
                cosigned
            })
        });
        let asking: Vec<_> = asking.collect();
        let cosigned = asking
            .into_iter()
            .flat_map(|it| it.join().expect("no panic"));
        let histories: std::collections::BTreeSet<u8> = cosigned.map(|it| it.1).collect();
        assert_eq!(histories.len(), 1, "one history, and not none");
    }
}
