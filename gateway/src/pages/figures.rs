//! Money, days and times as people of each language write them.

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use domain::money::CurrencyCode;

use super::language::Lang;
use super::layout::Page;

/// An amount with its currency. A whole number has no decimals.
#[must_use]
pub fn money(lang: Lang, minor: i64, currency: &str) -> String {
    let known: Option<CurrencyCode> = currency.parse().ok();
    let digits = known.and_then(|it| it.0.exponent()).unwrap_or(2);
    let unit = 10_i64.pow(u32::from(digits.min(4)));
    let (whole, rest) = (grouped(minor / unit), (minor % unit).abs());
    let sign = if minor < 0 && minor / unit == 0 {
        "-"
    } else {
        ""
    };
    let amount = if rest == 0 {
        format!("{sign}{whole}")
    } else {
        let point = if lang == Lang::En { '.' } else { ',' };
        let width = usize::from(digits);
        format!("{sign}{whole}{point}{rest:0width$}")
    };
    let symbol = match currency {
        "CZK" => "Kč",
        "PLN" => "zł",
        "EUR" => "€",
        other => other,
    };
    format!("{amount}\u{a0}{symbol}")
}

/// A number with thin gaps between thousands.
#[must_use]
pub fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() + 4);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push('\u{a0}');
        }
        text.push(digit);
    }
    if number < 0 { format!("-{text}") } else { text }
}

/// A day.
#[must_use]
pub fn day(lang: Lang, day: NaiveDate) -> String {
    match lang {
        Lang::Cs => day.format("%-d.\u{a0}%-m.\u{a0}%Y").to_string(),
        Lang::Pl => day.format("%-d.%m.%Y").to_string(),
        Lang::En => day.format("%-d\u{a0}%b\u{a0}%Y").to_string(),
    }
}

/// A month that is written `2026-11` in answers.
#[must_use]
pub fn month(lang: Lang, month: &str) -> String {
    let first = format!("{month}-01").parse::<NaiveDate>();
    let Ok(first) = first else {
        return month.to_owned();
    };
    match lang {
        Lang::Cs => first.format("%-m.\u{a0}%Y").to_string(),
        Lang::Pl => first.format("%m.%Y").to_string(),
        Lang::En => first.format("%B\u{a0}%Y").to_string(),
    }
}

/// The day of an instant where the network is.
#[must_use]
pub fn day_of(lang: Lang, at: DateTime<Utc>, zone: Tz) -> String {
    day(lang, at.with_timezone(&zone).date_naive())
}

impl Page {
    /// An instant seen from now: the hour today, "tomorrow" with the hour, else the day and hour.
    #[must_use]
    pub fn moment(&self, at: DateTime<Utc>, now: DateTime<Utc>, zone: Tz) -> String {
        let (at, now) = (at.with_timezone(&zone), now.with_timezone(&zone));
        let hour = at.format("%-H:%M").to_string();
        let tomorrow = now.date_naive() + TimeDelta::days(1);
        if at.date_naive() == now.date_naive() {
            hour
        } else if at.date_naive() == tomorrow {
            self.s("tomorrow-at", hour)
        } else {
            let year = at.year() != now.year();
            let date = day(self.lang, at.date_naive());
            let date = if year { date } else { without_year(&date) };
            format!("{date}, {hour}")
        }
    }
}

fn without_year(date: &str) -> String {
    let cut = date.trim_end_matches(|c: char| c.is_ascii_digit());
    cut.trim_end_matches('\u{a0}').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_reads_as_it_is_written_there() {
        assert_eq!(money(Lang::Cs, 6_500, "CZK"), "65\u{a0}Kč");
        assert_eq!(
            money(Lang::Cs, 123_456_750, "CZK"),
            "1\u{a0}234\u{a0}567,50\u{a0}Kč"
        );
        assert_eq!(money(Lang::En, -1_205, "PLN"), "-12.05\u{a0}zł");
        assert_eq!(money(Lang::Pl, -5, "EUR"), "-0,05\u{a0}€");
    }

    #[test]
    fn days_too() {
        let eve: NaiveDate = "2026-12-24".parse().expect("a day");
        assert_eq!(day(Lang::Cs, eve), "24.\u{a0}12.\u{a0}2026");
        assert_eq!(without_year(&day(Lang::Cs, eve)), "24.\u{a0}12.");
        assert_eq!(without_year(&day(Lang::En, eve)), "24\u{a0}Dec");
        assert_eq!(without_year(&day(Lang::Pl, eve)), "24.12.");
        assert_eq!(month(Lang::En, "2026-11"), "November\u{a0}2026");
    }
}
