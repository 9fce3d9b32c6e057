//! The binary `sospeso`.

use std::process::ExitCode;

/// Acts and rows are made of many small texts, and batches of large ones: with the C library's allocator
/// up to a quarter of the time goes into making and forgetting them
/// (`infra/decisions/0016-memory-that-is-bounded.md`).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    gateway::cli::main().await
}
