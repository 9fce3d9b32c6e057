//! The files that pages are drawn with. Their address changes with their content.

use std::sync::LazyLock;

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::IntoResponse;
use sha2::{Digest, Sha256};

const STYLE: &str = include_str!("../../assets/style.css");
const ICON: &str = include_str!("../../assets/icon.svg");
const SCRIPT: &str = include_str!("../../assets/use.js");
const COUNTER: &str = include_str!("../../assets/counter.js");
const FOR_A_YEAR: &str = "public, max-age=31536000, immutable";

/// The sheet of styles.
pub async fn style() -> impl IntoResponse {
    let headers = [
        (CONTENT_TYPE, "text/css; charset=utf-8"),
        (CACHE_CONTROL, FOR_A_YEAR),
    ];
    (headers, STYLE)
}

/// Shows the code of a scanned address on that page, and carries it to the counter's form.
pub async fn script() -> impl IntoResponse {
    let headers = [
        (CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (CACHE_CONTROL, FOR_A_YEAR),
    ];
    (headers, SCRIPT)
}

/// Keeps a form of the counter until it is recorded, when the connection is lost.
pub async fn counter() -> impl IntoResponse {
    let headers = [
        (CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (CACHE_CONTROL, FOR_A_YEAR),
    ];
    (headers, COUNTER)
}

/// The small picture of the tab.
pub async fn icon() -> impl IntoResponse {
    let headers = [(CONTENT_TYPE, "image/svg+xml"), (CACHE_CONTROL, FOR_A_YEAR)];
    (headers, ICON)
}

/// What tells one content of the files from another.
pub fn version() -> &'static str {
    static VERSION: LazyLock<String> = LazyLock::new(|| {
        let digest = Sha256::new()
            .chain_update(STYLE)
            .chain_update(ICON)
            .chain_update(SCRIPT)
            .chain_update(COUNTER)
            .finalize();
        hex::encode(digest.get(..6).unwrap_or_default())
    });
    &VERSION
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_sheet_is_light_and_asks_nobody_else() {
        assert!(super::STYLE.len() < 15_000);
        assert!(!super::STYLE.contains("url("));
        assert!(!super::STYLE.contains("@import"));
    }
}
