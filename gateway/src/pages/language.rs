//! In which language a page speaks: as asked in the address, as chosen before, as the browser says.

use axum::http::{HeaderMap, header};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};

/// The cookie that remembers a choice.
const COOKIE: &str = "sospeso_lang";

/// A language of the pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lang {
    /// Czech.
    Cs,
    /// Polish.
    Pl,
    /// English.
    En,
}

/// All of them, in the order of the switch.
pub const ALL: [Lang; 3] = [Lang::Cs, Lang::Pl, Lang::En];

impl Lang {
    /// The code of the language, as in `lang="cs"`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Cs => "cs",
            Self::Pl => "pl",
            Self::En => "en",
        }
    }

    /// What its speakers call it.
    #[must_use]
    pub fn own_name(self) -> &'static str {
        match self {
            Self::Cs => "Čeština",
            Self::Pl => "Polski",
            Self::En => "English",
        }
    }

    /// The language that the address asks for.
    #[must_use]
    pub fn asked(query: Option<&str>) -> Option<Self> {
        let pairs = query?.split('&').filter_map(|pair| pair.split_once('='));
        pairs
            .filter(|(name, _)| *name == "lang")
            .find_map(|(_, code)| Self::of_code(code))
    }

    /// The language chosen before, or the one that the browser likes best, or English.
    #[must_use]
    pub fn preferred(headers: &HeaderMap) -> Self {
        let jar = CookieJar::from_headers(headers);
        let chosen = jar.get(COOKIE).and_then(|it| Self::of_code(it.value()));
        let accepted = headers.get(header::ACCEPT_LANGUAGE);
        let accepted = accepted.and_then(|value| value.to_str().ok());
        chosen.or_else(|| best(accepted?)).unwrap_or(Self::En)
    }

    /// Remembers the choice for a year.
    #[must_use]
    pub fn cookie(self) -> Cookie<'static> {
        Cookie::build((COOKIE, self.code()))
            .path("/")
            .http_only(true)
            .same_site(SameSite::Lax)
            .max_age(time::Duration::days(365))
            .build()
    }

    fn of_code(code: &str) -> Option<Self> {
        ALL.into_iter().find(|lang| lang.code() == code)
    }
}

/// The known language with the highest quality; of equals the first.
fn best(accepted: &str) -> Option<Lang> {
    let mut best: Option<(Lang, f32)> = None;
    for range in accepted.split(',').take(20) {
        let mut parts = range.split(';');
        let tag = parts.next().unwrap_or_default().trim();
        let primary = tag.split('-').next().unwrap_or_default().to_lowercase();
        // Slovak readers are served better by Czech than by English.
        let primary = if primary == "sk" { "cs" } else { &primary };
        let quality = parts.find_map(|part| part.trim().strip_prefix("q=")?.parse().ok());
        let quality: f32 = quality.unwrap_or(1.0);
        if let Some(lang) = Lang::of_code(primary)
            && quality > best.map_or(0.0, |(_, quality)| quality)
        {
            best = Some((lang, quality));
        }
    }
    best.map(|(lang, _)| lang)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_browser_is_understood() {
        let table = [
            ("pl-PL,pl;q=0.9,en;q=0.8", Some(Lang::Pl)),
            ("de, en;q=0.5, cs;q=0.7", Some(Lang::Cs)),
            ("sk", Some(Lang::Cs)),
            ("fr, de", None),
            ("cs;q=0", None),
            ("", None),
        ];
        for (accepted, expected) in table {
            assert_eq!(best(accepted), expected, "{accepted}");
        }
    }

    #[test]
    fn the_address_comes_first_and_nonsense_is_ignored() {
        assert_eq!(Lang::asked(Some("a=b&lang=pl")), Some(Lang::Pl));
        assert_eq!(Lang::asked(Some("lang=xx")), None);
        assert_eq!(Lang::asked(None), None);
    }
}
