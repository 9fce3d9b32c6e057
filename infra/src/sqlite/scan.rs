//! The log as it is stored, for whoever checks it: the file is opened to be read, and no other way.

use std::path::Path;

use commands::evidence::scan::{Chunk, Head, Scan};
use commands::log::LogError;
use futures::future::BoxFuture;
use futures::{FutureExt as _, StreamExt as _};
use sqlx::Row as _;
use sqlx::sqlite::SqlitePool;
use tokio::sync::mpsc;

use super::connection::{broken, look};
use super::pages::{PAGES, Pages, ROWS};
use super::rows::uuid;

/// The most events in a chunk, and the most bytes of them.
const CHUNK: (usize, usize) = (512, 512 * 1024);

/// A log that is only read.
pub struct SqliteScan(SqlitePool);

impl SqliteScan {
    /// The log in this file, which must be there; nothing is migrated.
    ///
    /// # Errors
    /// If it cannot be opened.
    pub async fn open(path: &Path) -> Result<Self, LogError> {
        look(path).await.map(Self)
    }

    async fn stream(
        &self,
        after: i64,
        last: i64,
        out: mpsc::Sender<Box<dyn Chunk>>,
    ) -> Result<(), LogError> {
        let pages = sqlx::query(PAGES)
            .bind(after)
            .bind(last)
            .bind(ROWS)
            .bind(-1);
        let mut pages = pages.fetch(&self.0);
        let mut chunk = Pages::default();
        while let Some(page) = pages.next().await {
            let page = page.map_err(broken)?;
            let (after, bytes) = (page.try_get(0), page.try_get(1));
            chunk.push(after.map_err(broken)?, bytes.map_err(broken)?)?;
            if chunk.len() >= CHUNK.0 || chunk.bytes() > CHUNK.1 {
                let full = std::mem::take(&mut chunk);
                if out.send(Box::new(full)).await.is_err() {
                    return Ok(());
                }
            }
        }
        // Whoever takes them may have had enough.
        let _ = out.send(Box::new(chunk)).await;
        Ok(())
    }
}

impl Scan for SqliteScan {
    fn head(&self) -> BoxFuture<'_, Result<Head, LogError>> {
        async {
            let row = sqlx::query("SELECT log_id, position, leaf_hash FROM log_head")
                .fetch_one(&self.0)
                .await
                .map_err(broken)?;
            let head = || -> sqlx::Result<Head> {
                Ok(Head {
                    log_id: uuid(&row, 0)?,
                    position: row.try_get(1)?,
                    leaf_hash: row.try_get(2)?,
                })
            };
            head().map_err(broken)
        }
        .boxed()
    }

    fn events(
        &self,
        after: i64,
        last: i64,
        out: mpsc::Sender<Box<dyn Chunk>>,
    ) -> BoxFuture<'_, Result<(), LogError>> {
        self.stream(after, last, out).boxed()
    }
}
