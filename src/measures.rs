//! What is counted, by which denominator, and how is a standard judged?
//!
//! `share within 6 weeks = finishers first treated within 6 weeks / finishers of the period`, and so on:
//! each share names what it is a share of. Nothing over nothing is nothing (not a number in a table).

/// A part over a whole; not a number where the whole is 0.
#[must_use]
pub fn share(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { f64::NAN }
}

/// Mean weeks waited of those taken on; infinite where people wait and nobody is taken on, 0 where nobody
/// waits.
#[must_use]
pub fn mean_wait(weeks_waited: f64, taken_on: f64, waiting: f64) -> f64 {
    match (taken_on > 0.0, waiting > 0.0) {
        (true, _) => weeks_waited / taken_on,
        (false, true) => f64::INFINITY,
        (false, false) => 0.0,
    }
}

/// Splits whole posts by shares: the largest remainders round up, ties to the first.
#[must_use]
pub fn largest_remainder(shares: &[f64], posts: u32) -> Vec<u32> {
    let sum: f64 = shares.iter().sum();
    let quotas: Vec<f64> = shares
        .iter()
        .map(|share| share / sum * f64::from(posts))
        .collect();
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // 0 to posts
    let mut whole: Vec<u32> = quotas
        .iter()
        .map(|quota| (quota + 1e-9).floor() as u32)
        .collect();
    let mut order: Vec<usize> = (0..quotas.len()).collect();
    let rest = |index: usize| quotas[index] - f64::from(whole[index]);
    let remainders: Vec<f64> = order.iter().map(|&index| rest(index)).collect();
    order.sort_by(|&a, &b| {
        let larger = remainders[b].total_cmp(&remainders[a]);
        if (remainders[a] - remainders[b]).abs() < 1e-9 {
            a.cmp(&b)
        } else {
            larger
        }
    });
    let missing = posts.saturating_sub(whole.iter().sum());
    for &index in order.iter().cycle().take(missing as usize) {
        whole[index] += 1;
    }
    whole
}

/// A number with as many decimals as a reader needs.
#[must_use]
pub fn number(value: f64) -> String {
    if value.abs() >= 100.0 {
        whole(value)
    } else {
        format!("{value:.1}")
    }
}

/// A whole number with commas.
#[must_use]
pub fn whole(value: f64) -> String {
    let digits = format!("{:.0}", value.abs().round());
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if value.round() < 0.0 {
        format!("-{grouped}")
    } else {
        grouped
    }
}

/// A month as a reader says it: `2025-04` is April 2025; other labels stay as they are.
#[must_use]
pub fn month_in_words(label: &str) -> String {
    const NAMES: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let name = label.split_once('-').and_then(|(year, month)| {
        let place = month.parse::<usize>().ok()?.checked_sub(1)?;
        Some(format!("{} {year}", NAMES.get(place)?))
    });
    name.unwrap_or_else(|| label.into())
}
