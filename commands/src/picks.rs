//! Picking vouchers from a board that many want at once.
//!
//! In one process each voucher is picked by one command at a time. Between processes the expected
//! version decides; a command that loses takes the next voucher.

use std::collections::{HashSet, VecDeque};
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::ids::VoucherId;
use lru::LruCache;
use tokio::sync::Notify;

use crate::log::LogError;
use crate::lookup::{BoardKey, Lookup};

/// The most boards whose next vouchers are remembered.
const BOARDS: NonZeroUsize = NonZeroUsize::new(4096).expect("not zero");
/// How many vouchers one look at the board brings.
const LOOK: usize = 512;
/// How long a command waits for another's picks to be settled before it looks again.
const SETTLE: Duration = Duration::from_millis(50);

type Queue = Arc<tokio::sync::Mutex<VecDeque<VoucherId>>>;

/// All picks of this process that are not settled.
pub(crate) struct Picks {
    boards: Mutex<LruCache<BoardKey, Queue>>,
    taken: Mutex<HashSet<VoucherId>>,
    settled: Notify,
}

/// Vouchers that nobody else in this process decides on. Dropping it settles them: they were used,
/// or they are there again.
pub(crate) struct Picked {
    pub vouchers: Vec<VoucherId>,
    picks: Arc<Picks>,
}

impl Default for Picks {
    fn default() -> Self {
        Self {
            boards: Mutex::new(LruCache::new(BOARDS)),
            taken: Mutex::default(),
            settled: Notify::new(),
        }
    }
}

impl Drop for Picked {
    fn drop(&mut self) {
        let mut taken = self
            .picks
            .taken
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        for voucher in &self.vouchers {
            taken.remove(voucher);
        }
        drop(taken);
        self.picks.settled.notify_waiters();
    }
}

impl Picks {
    /// Picks `count` vouchers, or says how many there are if they are fewer. "Fewer" is answered
    /// only from a look at the board itself, never from what is remembered.
    pub async fn pick(
        self: &Arc<Self>,
        lookup: &dyn Lookup,
        key: &BoardKey,
        at: DateTime<Utc>,
        count: usize,
    ) -> Result<Result<Picked, usize>, LogError> {
        let queue = self.queue(key);
        loop {
            let settled = self.settled.notified();
            {
                let mut queue = queue.lock().await;
                if let Some(picked) = self.take(&mut queue, count) {
                    return Ok(Ok(picked));
                }
                let on_board = lookup.board(key.clone(), at, LOOK).await?;
                if on_board.len() < count {
                    return Ok(Err(on_board.len()));
                }
                *queue = on_board.into();
                if let Some(picked) = self.take(&mut queue, count) {
                    return Ok(Ok(picked));
                }
            }
            // All that is on the board is being decided on: whether it is used is known soon.
            let _ = tokio::time::timeout(SETTLE, settled).await;
        }
    }

    fn queue(&self, key: &BoardKey) -> Queue {
        let mut boards = self.boards.lock().unwrap_or_else(PoisonError::into_inner);
        boards.get_or_insert(key.clone(), Queue::default).clone()
    }

    fn take(self: &Arc<Self>, queue: &mut VecDeque<VoucherId>, count: usize) -> Option<Picked> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let mut vouchers = Vec::with_capacity(count);
        while vouchers.len() < count {
            let Some(next) = queue.pop_front() else { break };
            if !taken.contains(&next) {
                vouchers.push(next);
            }
        }
        if vouchers.len() < count {
            return None;
        }
        taken.extend(&vouchers);
        drop(taken);
        Some(Picked {
            vouchers,
            picks: Arc::clone(self),
        })
    }
}
