//! Is the calendar known, and is demand said once and without gaps?

use jiff::civil::Date;

use super::one_of;
use crate::calendar::add_months;
use crate::error::{Problem, ProblemKind};
use crate::scenario::Spec;
use crate::scenario::demand::{CalendarChoice, KNOWN_DAYS};
use crate::unit::Fixed;

pub fn calendar_is_known(spec: &Spec, found: &mut Vec<Problem>) {
    let calendar = &spec.calendar;
    if calendar.kind == CalendarChoice::Plain {
        return;
    }
    let [first, last] = KNOWN_DAYS;
    if calendar.start < first || calendar.start > last {
        found.push(Problem::new(
            "calendar.start",
            calendar.start,
            format!("{first} to {last}"),
        ));
    } else if end(spec) > last {
        let most = calendar.most_weeks();
        let expected = format!("1 to {most}, since bank holidays are known to {last}");
        found.push(
            Problem::new("calendar.weeks", calendar.weeks, expected).of_kind(ProblemKind::Limit),
        );
    }
}

/// Last day of the horizon.
pub fn end(spec: &Spec) -> Date {
    let days = i64::from(spec.calendar.weeks) * 7 - 1;
    spec.calendar
        .start
        .saturating_add(jiff::Span::new().days(days))
}

pub fn indices_have_mean_one(spec: &Spec, found: &mut Vec<Problem>) {
    let lists = [
        ("demand.season", &spec.demand.season),
        ("calendar.leave_profile", &spec.calendar.leave_profile),
    ];
    for (path, list) in lists {
        let mean = list.iter().map(Fixed::value).sum::<f64>() / 12.0;
        if (mean - 1.0).abs() > 0.01 {
            found.push(Problem::new(
                path,
                format!("a mean of {mean:.3}"),
                "twelve numbers with mean 1",
            ));
        }
    }
}

/// A month cannot lose more days to leave than it has: the profile would not keep the year's total.
pub fn leave_leaves_time(spec: &Spec, found: &mut Vec<Problem>) {
    let profile = &spec.calendar.leave_profile;
    let most = profile.iter().map(Fixed::value).fold(0.0, f64::max);
    // The mean is taken over working days, which differ by a few per cent between months.
    let steepest = 1.05 * most;
    for (name, role) in &spec.staff {
        let lost = match (&role.availability, &role.weeks_available) {
            (Some(share), _) => 1.0 - share.mean(),
            (_, Some(weeks)) => 1.0 - weeks.mean() * 5.0 / 252.0,
            _ => continue,
        };
        if most > 1.0 && lost * steepest > 1.0 {
            let value = format!("an index of {most}");
            let expected = format!(
                "at most {:.1}, since staff.{name} loses {:.0} % of its days",
                1.0 / lost / 1.05,
                lost * 100.0
            );
            found.push(Problem::new("calendar.leave_profile", value, expected));
            return;
        }
    }
}

pub fn one_kind_of_demand(spec: &Spec, found: &mut Vec<Problem>) {
    let demand = &spec.demand;
    let said = [
        demand.rate.is_some(),
        demand.series.is_some(),
        demand.need.is_some(),
    ];
    one_of("demand", &["rate", "series", "need"], &said, found);
    let pathway = &spec.pathway;
    let to_courses: f64 = pathway.routes.to_treatments(&[]).iter().sum();
    let accepted = (1.0 - pathway.screening.rejected.mean()) * pathway.opt_in.share.mean();
    let treated = accepted
        * pathway
            .assessment
            .counts_as_treatment
            .mean()
            .max(to_courses);
    if demand.need.is_some() && treated <= 0.0 {
        let sentence = "nobody is treated on this pathway, so need cannot be turned into referrals";
        found.push(Problem::told(
            "demand.need",
            "",
            sentence,
            "a pathway with first treatments",
        ));
    }
}

pub fn months_follow_each_other(spec: &Spec, found: &mut Vec<Problem>) {
    let Some(series) = &spec.demand.series else {
        return;
    };
    if series.months.is_empty() {
        found.push(Problem::new(
            "demand.series.months",
            "no month",
            "at least one month, as \"2025-04\" = 812",
        ));
    }
    let mut before: Option<Date> = None;
    for name in series.months.keys() {
        let path = format!("demand.series.months.{name}");
        let day = (name.len() == 7)
            .then(|| format!("{name}-01").parse::<Date>().ok())
            .flatten();
        let Some(day) = day else {
            found.push(Problem::new(
                &path,
                format!("{name:?}"),
                "a month, as 2025-04",
            ));
            continue;
        };
        let next = before.map(|month| add_months(month, 1));
        if let Some(next) = next.filter(|&next| next != day) {
            let gap = format!("{:04}-{:02}", next.year(), next.month());
            found.push(Problem::told(
                &path,
                name,
                &format!("the month {gap} before it is missing"),
                "months without gaps",
            ));
        }
        before = Some(day);
    }
}
