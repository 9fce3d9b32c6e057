//! The binary `sospeso`.

use std::process::ExitCode;

/// Acts and rows are made of many small texts: with the C library's allocator, a fifth of the time went
/// into making and forgetting them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    gateway::cli::main().await
}
