//! Whoever has the database and the log's key can sign any history; the witness does not forget.

use std::collections::BTreeMap;
use std::convert::Infallible;

use commands::evidence::key::LogKey;
use domain::evidence::add_checkpoint::AddCheckpoint;
use domain::evidence::checkpoint::Checkpoint;
use domain::evidence::note::Note;
use domain::evidence::proof::consistency_proof;
use domain::evidence::tree::{Edge, Hash, Node};

use super::{cosigned, witnessed};

/// The history as somebody wants it: the real leaf hashes, with one of another event.
struct Rewritten {
    edge: Edge,
    nodes: BTreeMap<Node, Hash>,
}

impl Rewritten {
    fn of(leaves: &[Hash]) -> Self {
        let (mut edge, mut nodes) = (Edge::default(), BTreeMap::new());
        for leaf in leaves {
            edge.push(*leaf, |node, hash| {
                nodes.insert(node, hash);
            });
        }
        Self { edge, nodes }
    }

    /// Signed with the stolen key, and with the proof from the size that the witness knows.
    fn request(&self, log: &LogKey, old: u64) -> AddCheckpoint {
        let signed = log.sign(self.edge.size(), self.edge.root());
        let read = |node| Ok::<_, Infallible>(self.nodes[&node]);
        let Ok(proof) = consistency_proof(old, self.edge.size(), read);
        AddCheckpoint {
            old,
            proof,
            checkpoint: Note::parse(&signed.note).expect("a note"),
        }
    }
}

#[tokio::test]
async fn a_rewritten_history_gets_no_cosignature() {
    let folder = tempfile::tempdir().expect("a folder");
    let it = witnessed(folder.path(), None).await;
    let known = cosigned(&it.app, &it.keeper.key()).await;
    let known = Checkpoint::parse(&known.text).expect("a checkpoint");
    let events = it.app.desk.log().read(0, 10_000).await.expect("the log");
    let covered = events
        .iter()
        .filter(|event| event.position.unsigned_abs() <= known.size);
    let leaves: Vec<Hash> = covered.map(|event| event.leaf_hash).collect();
    assert_eq!(Rewritten::of(&leaves).edge.root(), known.root);

    let mut edited = leaves.clone();
    edited[3] = [7; 32];
    let mut longer = edited.clone();
    longer.push([8; 32]);
    let shorter = &leaves[..leaves.len() - 1];
    let size = known.size;
    for (leaves, old, expected) in [
        (&edited[..], size, 409),
        (&longer[..], size, 422),
        (shorter, size - 1, 409),
        (&edited[..], 0, 409),
    ] {
        let request = Rewritten::of(leaves).request(&it.log, old).to_string();
        let url = format!("{}/add-checkpoint", it.url);
        let asked = reqwest::Client::new().post(&url).body(request).send().await;
        let answer = asked.expect("an answer");
        assert_eq!(answer.status().as_u16(), expected);
        let conflict = answer.headers().get("content-type").expect("a type") == "text/x.tlog.size";
        assert_eq!(conflict, expected == 409);
    }
    let held = it.keeper.held().expect("held");
    assert!(Checkpoint::parse(&held.text).expect("a checkpoint").size >= size);
    let disputed = std::fs::read_to_string(folder.path().join("disputed"));
    let disputed = Note::parse(&disputed.expect("kept as a proof")).expect("a note");
    let disputed = Checkpoint::open(&disputed, super::ORIGIN, it.log.verifier());
    assert_ne!(
        disputed.expect("signed with the stolen key").root,
        known.root
    );
}
