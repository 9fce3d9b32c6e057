//! Stored checkpoints, as many of them as fit.

use anyhow::Context;
use commands::evidence::ports::{Seals, SignedCheckpoint};

/// How many stored checkpoints are read at once.
const PAGE: usize = 1_000;

/// What `read` makes of the stored checkpoints, from the smallest to the newest. Of more than
/// `most`, every second is left out, as often as it takes; the newest never.
pub(super) async fn stored<T>(
    seals: &dyn Seals,
    most: usize,
    mut read: impl FnMut(SignedCheckpoint) -> Option<T>,
) -> anyhow::Result<Vec<T>> {
    let (mut kept, mut after, mut every, mut number) = (Vec::new(), 0, 1, 0_u64);
    loop {
        let page = seals
            .after(after, PAGE)
            .await
            .context("reading stored checkpoints")?;
        let Some(last) = page.last().map(|last| last.size) else {
            return Ok(kept);
        };
        for one in page {
            number += 1;
            if number % every == 0 || one.size == last {
                kept.extend(read(one));
            }
        }
        after = last;
        while kept.len() > most {
            halve(&mut kept);
            every *= 2;
        }
    }
}

/// Leaves every second out, but not the last.
fn halve<T>(kept: &mut Vec<T>) {
    let mut stays = kept.len().is_multiple_of(2);
    kept.retain(|_| {
        stays = !stays;
        stays
    });
}

#[cfg(test)]
mod tests {
    use super::halve;

    #[test]
    fn the_newest_stays() {
        for (mut kept, half) in [(vec![1, 2, 3, 4], vec![2, 4]), (vec![1, 2, 3], vec![1, 3])] {
            halve(&mut kept);
            assert_eq!(kept, half);
        }
    }
}
