//! Figures of several rounds: medians, spread, ratios, as a table for people or one JSON line.

use serde_json::{Value, json};

/// One line of the table.
pub struct Line {
    /// The bench, e.g. `append`.
    pub bench: &'static str,
    /// What was done, where, by how many.
    pub what: String,
    /// What the figures are, e.g. `commands/s`.
    pub unit: &'static str,
    /// Ours, one figure per round.
    pub ours: Vec<f64>,
    /// The others, each measured in the same rounds.
    pub against: Vec<Peer>,
    /// What it should be; `None` where it is only told.
    pub aim: Option<Aim>,
    /// Further figures, e.g. latencies.
    pub notes: String,
}

/// What ours is compared with.
pub struct Peer {
    /// Its name.
    pub name: &'static str,
    /// One figure per round.
    pub figures: Vec<f64>,
    /// The least ratio of ours to it that the aim asks for.
    pub at_least: Option<f64>,
}

/// What a figure of ours should be.
#[derive(Clone, Copy)]
pub enum Aim {
    /// No more than this.
    AtMost(f64),
    /// No less than this.
    AtLeast(f64),
}

impl Peer {
    /// A peer without an aim.
    pub fn new(name: &'static str, figures: Vec<f64>) -> Self {
        Self {
            name,
            figures,
            at_least: None,
        }
    }

    /// With the ratio that ours should reach.
    pub fn at_least(mut self, ratio: f64) -> Self {
        self.at_least = Some(ratio);
        self
    }

    /// Ours to this, round by round, because what disturbs a round disturbs both.
    fn ratio(&self, ours: &[f64]) -> f64 {
        let ratios = ours.iter().zip(&self.figures);
        median(&ratios.map(|(ours, other)| ours / other).collect::<Vec<_>>())
    }
}

impl Line {
    /// Whether every aim is met; `None` if there is none.
    pub fn met(&self) -> Option<bool> {
        let ratios = self.against.iter().filter_map(|peer| {
            let least = peer.at_least?;
            Some(peer.ratio(&self.ours) >= least)
        });
        let own = self.aim.map(|aim| match aim {
            Aim::AtMost(most) => median(&self.ours) <= most,
            Aim::AtLeast(least) => median(&self.ours) >= least,
        });
        ratios.chain(own).reduce(|all, one| all && one)
    }

    /// As an object.
    pub fn json(&self) -> Value {
        let against = self.against.iter().map(|peer| {
            json!({
                "name": peer.name,
                "median": median(&peer.figures),
                "figures": peer.figures,
                "ratio": peer.ratio(&self.ours),
                "at_least": peer.at_least,
            })
        });
        json!({
            "bench": self.bench,
            "what": self.what,
            "unit": self.unit,
            "median": median(&self.ours),
            "figures": self.ours,
            "against": against.collect::<Vec<_>>(),
            "met": self.met(),
            "notes": self.notes,
        })
    }

    /// As a row of the table.
    pub fn row(&self) -> String {
        let others = self.against.iter().map(|peer| {
            let aim = peer
                .at_least
                .map_or_else(String::new, |least| format!(" (aim {least:.2})"));
            format!(
                "{:.2} × {}: {}{aim}",
                peer.ratio(&self.ours),
                peer.name,
                told(&peer.figures)
            )
        });
        let aim = self.aim.map(|aim| match aim {
            Aim::AtMost(most) => format!("aim ≤ {most}"),
            Aim::AtLeast(least) => format!("aim ≥ {least}"),
        });
        let against: Vec<_> = others.into_iter().chain(aim).collect();
        let met = match self.met() {
            None => "",
            Some(true) => "met",
            Some(false) => "missed",
        };
        format!(
            "| {} | {} | {} {} | {} | {met} | {} |",
            self.bench,
            self.what,
            told(&self.ours),
            self.unit,
            against.join("<br>"),
            self.notes
        )
    }
}

/// The whole table, in Markdown.
pub fn markdown(lines: &[Line]) -> String {
    let mut table = String::from(
        "| bench | what | ours: median (least–most) | ratio to, or aim | aim | also |\n\
         |---|---|---|---|---|---|\n",
    );
    for line in lines {
        table.push_str(&line.row());
        table.push('\n');
    }
    table
}

/// The middle one, or the mean of the two in the middle. 0 of none.
pub fn median(figures: &[f64]) -> f64 {
    let mut sorted = figures.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => 0.0,
        odd if odd % 2 == 1 => sorted[middle],
        _ => f64::midpoint(sorted[middle - 1], sorted[middle]),
    }
}

/// The figure below which this share of them lies, `share` from 0 to 1. 0 of none.
pub fn percentile(figures: &[f64], share: f64) -> f64 {
    let mut sorted = figures.to_vec();
    sorted.sort_by(f64::total_cmp);
    let count = u32::try_from(sorted.len()).unwrap_or(u32::MAX);
    let place = (f64::from(count) * share).ceil();
    // Rounded, never negative, and at most the number of figures.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "see above"
    )]
    let place = (place as usize).clamp(1, sorted.len().max(1)) - 1;
    sorted.get(place).copied().unwrap_or(0.0)
}

fn told(figures: &[f64]) -> String {
    let all = || figures.iter().copied();
    let (least, most) = (
        all().fold(f64::INFINITY, f64::min),
        all().fold(0.0, f64::max),
    );
    if figures.len() < 2 {
        return number(median(figures));
    }
    format!(
        "{} ({}–{})",
        number(median(figures)),
        number(least),
        number(most)
    )
}

/// Three digits that mean something, thousands apart.
pub fn number(figure: f64) -> String {
    if figure < 100.0 {
        return format!("{figure:.2}");
    }
    let digits = format!("{figure:.0}");
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}
