//! Every page of a network full of data, in every language and at two sizes.

use serde_json::json;
use tests::browser;
use tests::demo::Demo;

/// As many as the walk visits.
const PAGES: usize = 16;
const LANGUAGES: usize = 3;
const SIZES: usize = 2;

#[test]
fn every_page_fits_its_window_and_keeps_nobody_out() {
    let demo = Demo::start();
    let facts = json!({
        "tokens": demo.ready.tokens,
        "donor_link": demo.ready.donor_link,
    });
    let found = browser::walk("gallery", &demo.ready.url, &facts);
    assert_eq!(found["pages"], PAGES * LANGUAGES * SIZES, "{found}");
}
