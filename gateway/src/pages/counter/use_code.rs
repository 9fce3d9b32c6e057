//! The voucher of a code is used.

use axum::response::Response;
use commands::voucher::redeem::{By, Redeem};
use domain::ids::ItemId;
use domain::money::Minor;
use domain::voucher::redeem::RedemptionSource;
use serde::Deserialize;

use super::check::{not_a_code, refused};
use super::redeem::handed_out;
use super::staff::Posted;
use crate::pages::trouble::Trouble;
use crate::problem::Problem;

/// The code, and what is handed out.
#[derive(Deserialize)]
pub struct Asked {
    code: String,
    item_id: Option<ItemId>,
    /// What was said of it when it was looked at.
    #[serde(default)]
    what: String,
    /// From a credit: the amount, as it was typed.
    #[serde(default)]
    amount: String,
}

/// Uses it. A wrong code costs some of the budget of guesses.
pub async fn use_code(posted: Posted<Asked>) -> Result<Response, Trouble> {
    let (staff, asked) = (&posted.staff, &posted.form);
    let Ok(code) = asked.code.parse() else {
        return Ok(refused(staff, not_a_code()).await?.show(staff));
    };
    let digits = staff.network.founded.currency.0.exponent().unwrap_or(2);
    let act = Redeem {
        venue_id: staff.venue_id,
        by: By::Code {
            code,
            item_id: asked.item_id,
            amount_minor: amount(&asked.amount, u32::from(digits)),
        },
        source: RedemptionSource::Counter,
    };
    let used = async { posted.act(act).await.map_err(Problem::from) };
    let answer = match staff.app.guesses.spend(&staff.who, used).await {
        Ok(used) => handed_out(staff, &asked.what, &used.answer),
        Err(problem) => refused(staff, problem).await?,
    };
    Ok(answer.show(staff))
}

/// An amount as people type it, in minor units.
fn amount(typed: &str, digits: u32) -> Option<Minor> {
    let typed = typed.trim().replace(',', ".");
    let (whole, rest) = typed.split_once('.').unwrap_or((&typed, ""));
    let width = usize::try_from(digits).ok()?;
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !all_digits(whole) || !all_digits(rest) || rest.len() > width {
        return None;
    }
    let minor: i64 = format!("{whole}{rest:0<width$}").parse().ok()?;
    serde_json::from_value(minor.into()).ok()
}

#[cfg(test)]
mod tests {
    use super::{Minor, amount};

    #[test]
    fn amounts_are_read_as_people_write_them() {
        let table = [
            ("65", Some(6_500)),
            (" 65,5 ", Some(6_550)),
            ("65.05", Some(6_505)),
            ("65.055", None),
            ("", None),
            ("-3", None),
        ];
        for (typed, expected) in table {
            let read = amount(typed, 2).map(Minor::get);
            assert_eq!(read, expected, "{typed}");
        }
    }
}
