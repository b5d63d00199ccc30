//! Which bands are there, and which one did a misspelt name mean?
//!
//! Names are those of the pay tables, exactly. The guess takes a leading number to the nearest
//! band, a word to its number, and anything else to the likeliest spelling.

use std::fmt;
use std::str::FromStr;

use super::PayError;
use crate::error::{nearest, shorten};

/// Names of the bands, as messages list them.
pub(super) const KNOWN_BANDS: &str = "4, 5, 6, 7, 8a, 8b, 8c, 8d, 9";

/// An Agenda for Change band that a therapy service employs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Band {
    /// Band 4: trainee PWP.
    B4,
    /// Band 5: PWP.
    B5,
    /// Band 6: senior PWP, trainee HIT.
    B6,
    /// Band 7: HIT, lead PWP.
    B7,
    /// Band 8a.
    B8a,
    /// Band 8b.
    B8b,
    /// Band 8c.
    B8c,
    /// Band 8d.
    B8d,
    /// Band 9.
    B9,
}

impl Band {
    /// Every band, lowest first.
    pub const ALL: [Self; 9] = [
        Self::B4,
        Self::B5,
        Self::B6,
        Self::B7,
        Self::B8a,
        Self::B8b,
        Self::B8c,
        Self::B8d,
        Self::B9,
    ];

    /// The band as pay tables write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::B4 => "4",
            Self::B5 => "5",
            Self::B6 => "6",
            Self::B7 => "7",
            Self::B8a => "8a",
            Self::B8b => "8b",
            Self::B8c => "8c",
            Self::B8d => "8d",
            Self::B9 => "9",
        }
    }
}

impl fmt::Display for Band {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Band {
    type Err = PayError;

    fn from_str(text: &str) -> Result<Self, PayError> {
        Self::ALL
            .into_iter()
            .find(|band| band.name() == text)
            .ok_or_else(|| PayError::UnknownBand {
                value: shorten(text),
                hint: band_hint(text),
            })
    }
}

/// Point of a band.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PayPoint {
    /// The first point.
    Entry,
    /// The middle point, or the mean of entry and top where the table has none.
    Middle,
    /// The last point.
    Top,
}

impl fmt::Display for PayPoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Entry => "entry",
            Self::Middle => "middle",
            Self::Top => "top",
        })
    }
}

/// The nearest band to a text that names none, by number if it is one, else by spelling.
fn band_hint(text: &str) -> String {
    const BY_NUMBER: [(f64, Band); 6] = [
        (4.0, Band::B4),
        (5.0, Band::B5),
        (6.0, Band::B6),
        (7.0, Band::B7),
        (8.0, Band::B8a),
        (9.0, Band::B9),
    ];
    const WORDS: [(&str, &str); 6] = [
        ("four", "4"),
        ("five", "5"),
        ("six", "6"),
        ("seven", "7"),
        ("eight", "8a"),
        ("nine", "9"),
    ];
    let text = text.trim().to_lowercase();
    let text = text.strip_prefix("band").unwrap_or(&text).trim();
    let digits = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(text.len());
    let number = text[..digits].parse::<f64>().ok();
    let by_number = number.and_then(|number| {
        let distance = |(known, _): &&(f64, Band)| (known - number).abs();
        BY_NUMBER
            .iter()
            .min_by(|a, b| distance(a).total_cmp(&distance(b)))
            .map(|(_, band)| band.name())
    });
    let by_name = Band::ALL
        .map(Band::name)
        .into_iter()
        .find(|name| *name == text);
    let by_word = || {
        WORDS
            .iter()
            .find(|(word, _)| *word == text)
            .map(|(_, name)| *name)
    };
    by_name
        .or(by_number)
        .or_else(by_word)
        .or_else(|| nearest(text, Band::ALL.map(Band::name)))
        .map_or_else(String::new, |name| format!("; did you mean {name}?"))
}
