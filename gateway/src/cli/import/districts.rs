//! Districts from a file.

use std::collections::HashSet;

use anyhow::Context;
use commands::district::draw::Draw;
use domain::district::District;
use domain::district::draw::{self as drawing, Drawn};
use domain::geography::Boundary;
use domain::ids::DistrictId;
use domain::text::{Label, Name};
use indicatif::ProgressBar;
use serde::Deserialize;

use super::file::{self, At, Format, Problems};
use super::{Desk, Tally, must_be_right, set_up};

#[derive(Deserialize)]
pub(super) struct Row<B> {
    code: Label,
    name: Name,
    population: u32,
    boundary: B,
}

/// Draws what is new or differs.
pub(super) async fn import(
    desk: &Desk,
    text: &str,
    format: Format,
    bar: &ProgressBar,
) -> anyhow::Result<Tally> {
    let mut problems = Problems::default();
    let rows = read(text, format, &mut problems)?;
    let count = rows.len();
    let mut to_draw = Vec::with_capacity(count);
    let mut codes = HashSet::new();
    for (at, row) in rows {
        if !codes.insert(row.code.clone()) {
            problems.add(at, format!("the code {} is there twice", row.code));
            continue;
        }
        match is_new(desk, &row).await? {
            Ok(true) => to_draw.push((at, row)),
            Ok(false) => {}
            Err(why) => problems.add(at, why),
        }
    }
    must_be_right(&problems, bar, to_draw.len())?;
    let new = to_draw.len();
    for (at, row) in to_draw {
        let draw = Draw {
            code: row.code,
            name: row.name,
            population: row.population,
            boundary: row.boundary,
        };
        // The id follows from the code, so the act itself can be repeated; one key for all
        // drawings of a district would hold the first for ever.
        let drawn = desk.act(&set_up::new_key(), draw).await;
        drawn.with_context(|| format!("{at}; import again to go on"))?;
        bar.inc(1);
    }
    Ok(Tally {
        new,
        unchanged: count - new,
    })
}

pub(super) fn read(
    text: &str,
    format: Format,
    problems: &mut Problems,
) -> anyhow::Result<Vec<(At, Row<Boundary>)>> {
    if format == Format::Geojson {
        return file::geojson(text, problems, |geometry, properties| {
            properties.insert("boundary".to_owned(), geometry.clone().into());
            Ok(())
        });
    }
    let mut rows = Vec::new();
    for (at, row) in file::csv::<Row<String>>(text, problems)? {
        match serde_json::from_str(&row.boundary) {
            Ok(boundary) => rows.push((
                at,
                Row {
                    code: row.code,
                    name: row.name,
                    population: row.population,
                    boundary,
                },
            )),
            Err(error) => problems.add(at, format!("boundary: {error}")),
        }
    }
    Ok(rows)
}

/// Whether drawing it would change anything, or why it would be refused.
async fn is_new(
    desk: &Desk,
    row: &Row<Boundary>,
) -> anyhow::Result<Result<bool, drawing::Refusal>> {
    let id = DistrictId::of(&desk.network, row.code.as_str());
    let known = desk.desk.read::<District>(&desk.network, id).await?;
    let command = drawing::Draw {
        drawn: Drawn {
            network: desk.network.clone(),
            code: row.code.clone(),
            name: row.name.clone(),
            population: row.population,
            boundary: row.boundary.clone(),
        },
    };
    let known = known.as_deref().unwrap_or(&District::Unknown);
    Ok(drawing::decide(known, &command).map(|events| !events.is_empty()))
}
