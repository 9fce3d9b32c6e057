//! The page that checks a receipt in the browser: one file with all that it needs, in every
//! language, so that it can be saved and opened from a disk. It asks nobody for anything, and its
//! own policy forbids it.

use std::sync::LazyLock;

use askama::Template;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY};
use axum::response::{Html, IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::language::{self, Lang};
use super::texts;
use crate::problem::Problem;

/// What the page is made of, in the order in which it runs.
const SCRIPT: &str = concat!(
    include_str!("../../assets/verify/tweetnacl-1.0.3.min.js"),
    "\n",
    include_str!("../../assets/verify/hash.js"),
    include_str!("../../assets/verify/receipt.js"),
    include_str!("../../assets/verify/page.js"),
);
const STYLE: &str = include_str!("../../assets/verify/style.css");

/// The beginning of the keys of its own texts.
const OWN: &str = "verify-";
const TEXTS: [&str; 30] = [
    "verify-title",
    "verify-intro",
    "verify-file",
    "verify-paste",
    "verify-key",
    "verify-key-hint",
    "verify-witnesses",
    "verify-holds",
    "verify-fails",
    "verify-proven",
    "verify-committed",
    "verify-counted-proven",
    "verify-counted-committed",
    "verify-log",
    "verify-size",
    "verify-voucher",
    "verify-cosigned",
    "verify-position",
    "verify-event",
    "verify-fault-not-a-receipt",
    "verify-fault-bad-key",
    "verify-fault-bad-checkpoint",
    "verify-fault-not-signed",
    "verify-fault-wrong-signature",
    "verify-fault-other-log",
    "verify-fault-not-cosigned",
    "verify-fault-no-beginning",
    "verify-fault-not-in-log",
    "verify-fault-other-entry",
    "verify-fault-other-payload",
];

/// Acts and the texts that name them.
const ACTS: [(&str, &str); 12] = [
    ("voucher.prepaid", "life-prepaid"),
    ("voucher.code_issued", "life-code-issued"),
    ("voucher.code_revoked", "life-code-revoked"),
    ("voucher.handed_over", "life-handed-over"),
    ("voucher.allocated", "life-allocated"),
    ("voucher.returned_to_board", "life-returned"),
    ("voucher.redeemed", "life-used"),
    ("voucher.redemption_reversed", "life-taken-back"),
    ("voucher.rehomed", "life-rehomed"),
    ("voucher.expired", "verify-act-expired"),
    ("voucher.refunded", "verify-act-refunded"),
    ("voucher.voided", "life-voided"),
];

#[derive(Template)]
#[template(path = "verify.html")]
struct Verify {
    policy: String,
    title: String,
    languages: String,
    without_script: [String; 3],
    style: &'static str,
    texts: String,
    script: &'static str,
}

/// The page. It is the same for everybody.
pub async fn verify() -> Response {
    static PAGE: LazyLock<Result<String, String>> = LazyLock::new(|| {
        let page = Verify {
            policy: policy(),
            title: texts::text(Lang::En, "verify-title"),
            languages: language::ALL.map(Lang::own_name).join(" · "),
            without_script: language::ALL.map(|lang| texts::text(lang, "verify-no-script")),
            style: STYLE,
            texts: in_every_language().to_string().replace('<', "\\u003c"),
            script: SCRIPT,
        };
        page.render().map_err(|error| error.to_string())
    });
    match &*PAGE {
        Ok(html) => {
            let policy = policy() + "; frame-ancestors 'none'";
            let headers = [
                (CONTENT_SECURITY_POLICY, policy.as_str()),
                (CACHE_CONTROL, "no-cache"),
            ];
            (headers, Html(html.as_str())).into_response()
        }
        Err(error) => Problem::broken(error).into_response(),
    }
}

/// Nothing but this very script and style, and no request to anywhere.
fn policy() -> String {
    let hash = |text: &str| STANDARD.encode(Sha256::digest(text));
    format!(
        "default-src 'none'; script-src 'sha256-{}'; style-src 'sha256-{}'; img-src data:; \
         base-uri 'none'; form-action 'none'",
        hash(SCRIPT),
        hash(STYLE)
    )
}

fn in_every_language() -> Value {
    let all = language::ALL.map(|lang| (lang.code().to_owned(), in_language(lang)));
    Value::Object(Map::from_iter(all))
}

fn in_language(lang: Lang) -> Value {
    let own = TEXTS.map(|key| {
        let name = key.strip_prefix(OWN).unwrap_or(key);
        (name.to_owned(), json!(texts::text(lang, key)))
    });
    let acts = ACTS.map(|(act, key)| (act.to_owned(), json!(texts::text(lang, key))));
    let mut all = Map::from_iter(own);
    all.insert("name".to_owned(), json!(lang.own_name()));
    all.insert("acts".to_owned(), Value::Object(Map::from_iter(acts)));
    Value::Object(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_is_light_and_whole() {
        assert!(SCRIPT.len() < 40_000);
        assert!(!SCRIPT.contains("</script"));
        for beyond in ["fetch(", "XMLHttpRequest", "import(", "WebSocket"] {
            assert!(!SCRIPT.contains(beyond), "{beyond}");
        }
        let texts = in_every_language().to_string();
        assert!(!texts.contains(texts::MISSING), "{texts}");
    }
}
