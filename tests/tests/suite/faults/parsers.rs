//! Every parser of what comes from outside, with texts that are nearly right: none panics, and what
//! is read and written again is read the same.

use domain::evidence::add_checkpoint::AddCheckpoint;
use domain::evidence::checkpoint::Checkpoint;
use domain::evidence::note::{Note, Purpose, Signer, VerifierKey};
use domain::evidence::tile::{BundleId, TileId};
use domain::evidence::tlog_proof::TlogProof;
use domain::hours::Hours;
use domain::money::{CurrencyCode, Minor};
use domain::text::{Label, Language, Name, Slug};
use domain::voucher::code::Code;
use projections::replay::AsOf;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use tests::installation::Installation;

use super::dice::Dice;
use super::extent::{tell, times};

/// Reads a text and writes what was read.
type Again = fn(&str) -> Option<String>;

/// One change of a text at some place.
#[derive(Clone, Debug)]
enum Edit {
    Insert(char),
    Delete,
    Replace(char),
    /// The character many times.
    Repeat(usize),
    /// The rest once more.
    Double,
}

fn edit() -> impl Strategy<Value = Edit> {
    let strange = select(vec![
        '\0',
        '\n',
        '\r',
        '\t',
        ' ',
        '-',
        '+',
        '/',
        '=',
        ',',
        ';',
        ':',
        '"',
        '\'',
        '[',
        '{',
        '0',
        '9',
        'e',
        '\u{2014}',
        '\u{202e}',
        '\u{1f9e9}',
        '\u{fffd}',
    ]);
    prop_oneof![
        prop_oneof![any::<char>(), strange.clone()].prop_map(Edit::Insert),
        Just(Edit::Delete),
        strange.prop_map(Edit::Replace),
        (1..2_000_usize).prop_map(Edit::Repeat),
        Just(Edit::Double),
    ]
}

fn nearly(samples: Vec<String>) -> impl Strategy<Value = String> {
    let edits = vec((any::<Index>(), edit()), 0..6);
    (select(samples), edits).prop_map(|(text, edits)| {
        let mut text: Vec<char> = text.chars().collect();
        for (place, edit) in edits {
            let at = place.index(text.len() + 1);
            let there = text.get(at).copied();
            match (edit, there) {
                (Edit::Insert(new), _) => text.insert(at, new),
                (Edit::Delete, Some(_)) => drop(text.remove(at)),
                (Edit::Replace(new), Some(_)) => text[at] = new,
                (Edit::Repeat(many), Some(there)) => {
                    drop(text.splice(at..at, std::iter::repeat_n(there, many)));
                }
                (Edit::Double, Some(_)) => text.extend_from_within(at..),
                (_, None) => {}
            }
        }
        text.into_iter().collect()
    })
}

fn runner(cases: usize) -> TestRunner {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&Dice::seed().to_le_bytes());
    let config = Config {
        cases: u32::try_from(cases).expect("few"),
        failure_persistence: None,
        ..Config::default()
    };
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes))
}

fn samples(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// A signed checkpoint and the key that signed it.
fn signed() -> (Checkpoint, String, String) {
    let signer = Signer::new("ledger.example/log", Purpose::Note, &[1; 32]).expect("a name");
    let checkpoint = Checkpoint {
        origin: "ledger.example/log".to_owned(),
        size: 1_234,
        root: [7; 32],
    };
    let note = checkpoint.sign(&signer).to_string();
    (checkpoint, note, signer.verifier().to_string())
}

type Parser = (&'static str, Vec<String>, Again);

/// What witnesses, auditors and other ledgers send.
fn of_evidence() -> Vec<Parser> {
    let (checkpoint, note, key) = signed();
    let hash = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=";
    let asked = format!("old 7\n{hash}\n\n{note}");
    let proof = format!("c2sp.org/tlog-proof@v1\nextra AAAA\nindex 3\n{hash}\n\n{note}");
    let tiles = samples(&["0/x001/234", "1/067", "0/000.p/17", "entries/x001/000"]);
    let bundles = samples(&["x001/234", "067", "000.p/17"]);
    vec![
        ("note", vec![note], |text| {
            Note::parse(text).ok().map(|it| it.to_string())
        }),
        ("checkpoint", vec![checkpoint.text()], |text| {
            Checkpoint::parse(text).ok().map(|it| it.text())
        }),
        ("add-checkpoint", vec![asked], |text| {
            text.parse::<AddCheckpoint>().ok().map(|it| it.to_string())
        }),
        ("tlog-proof", vec![proof], |text| {
            text.parse::<TlogProof>().ok().map(|it| it.to_string())
        }),
        ("verifier key", vec![key], |text| {
            text.parse::<VerifierKey>().ok().map(|it| it.to_string())
        }),
        ("tile", tiles, |text| {
            text.parse::<TileId>().ok().map(|it| it.to_string())
        }),
        ("bundle", bundles, |text| {
            text.parse::<BundleId>().ok().map(|it| it.to_string())
        }),
    ]
}

/// What people and their programs send.
fn of_acts() -> Vec<Parser> {
    let hours = samples(&[
        "Mo-Fr 07:00-18:00; Sa 07:00-15:00; PH off",
        "24/7",
        "Dec-Mar 22:00-03:00",
        "week 1-53/2 Mo 10:00-12:00",
        "Mo[1],Tu[-1] sunrise-sunset; easter -2 days off",
        "2026 Nov 20-2027 Feb 28 Mo-Su,PH 00:00-24:00 \"telefon\"",
    ]);
    let codes = samples(&["0000-0000-0000-0", "7ZZZ-zzzz-oOiI-1"]);
    let money = samples(&["6500", "0", "9007199254740991", "1e3", "-1", "1.0"]);
    let moments = samples(&["17", "2026-11-20T08:15:00Z", "+262142-12-31T23:59:59Z"]);
    vec![
        ("opening hours", hours, |text| {
            Some(text.parse::<Hours>().ok()?.as_str().to_owned())
        }),
        ("voucher code", codes, |text| {
            text.parse::<Code>().ok().map(|it| it.to_string())
        }),
        ("money", money, |text| {
            let amount: Minor = serde_json::from_str(text).ok()?;
            serde_json::to_string(&amount).ok()
        }),
        ("currency", samples(&["CZK", "EUR"]), |text| {
            Some(String::from(text.parse::<CurrencyCode>().ok()?))
        }),
        ("as_of", moments, |text| {
            Some(match text.parse::<AsOf>().ok()? {
                AsOf::Position(position) => position.to_string(),
                AsOf::Time(time) => format!("{time:?}"),
            })
        }),
        ("slug", samples(&["praha"]), |text| {
            text.parse::<Slug>().ok().map(|it| it.to_string())
        }),
        ("name", samples(&["Kavárna U Lva"]), |text| {
            text.parse::<Name>().ok().map(|it| it.to_string())
        }),
        ("label", samples(&["winter-2026"]), |text| {
            text.parse::<Label>().ok().map(|it| it.to_string())
        }),
        ("language", samples(&["cs"]), |text| {
            text.parse::<Language>().ok().map(|it| it.to_string())
        }),
    ]
}

#[test]
fn what_is_read_and_written_again_is_read_the_same() {
    let cases = times(500, 20_000, 200_000);
    let parsers = [of_evidence(), of_acts()].concat();
    let count = parsers.len();
    for (what, samples, again) in parsers {
        let told = runner(cases).run(&nearly(samples), |text| {
            if let Some(once) = again(&text) {
                let twice = again(&once);
                prop_assert_eq!(twice.as_ref(), Some(&once), "{}", what);
            }
            Ok(())
        });
        told.unwrap_or_else(|differs| panic!("{what}: {differs}"));
    }
    let how_often = format!("{count} parsers, {cases} texts each");
    let result = "no panic; read, written and read again is the same";
    tell(
        "parsers of foreign input",
        "-",
        &how_often,
        result,
        Dice::seed(),
    );
}

const VENUES: &str = "name,kind,address,district_code,latitude,longitude,opening_hours
Lev,cafe,\"Dlouhá 1, Praha\",500054,50.09,14.42,Mo-Fr 08:00-18:00
Sova,bookshop,\"Krátká 2, Praha\",500054,50.091,14.43,
";
const DISTRICTS: &str = r#"{"type":"FeatureCollection","features":[{"type":"Feature",
"properties":{"code":"500054","name":"Praha 1","population":29000},"geometry":{"type":"Polygon",
"coordinates":[[[14.4,50.08],[14.45,50.08],[14.45,50.06],[14.4,50.08]]]}}]}"#;

/// All or nothing, and a sentence about it: by the real binary.
#[test]
fn files_that_are_nearly_right_are_imported_or_refused() {
    let cases = times(3, 60, 600);
    let town = Installation::found(None, None);
    for (what, format, sample) in [
        ("districts", "geojson", DISTRICTS),
        ("venues", "csv", VENUES),
    ] {
        let file = town.folder().join(what);
        let told = runner(cases).run(&nearly(samples(&[sample])), |text| {
            std::fs::write(&file, text).expect("written");
            let path = file.to_str().expect("UTF-8");
            let arguments = [
                "import",
                what,
                path,
                "--network",
                "praha",
                "--format",
                format,
            ];
            let (done, lines) = town.verb(&arguments);
            let last = lines.last().cloned().unwrap_or_default();
            prop_assert!(done || last["error"].is_string(), "{:?}", lines);
            Ok(())
        });
        told.unwrap_or_else(|differs| panic!("{what}: {differs}"));
    }
    let how_often = format!("{cases} files each of CSV and GeoJSON");
    let result = "imported or refused with a sentence";
    tell(
        "imports that are nearly right",
        "SQLite",
        &how_often,
        result,
        Dice::seed(),
    );
}
