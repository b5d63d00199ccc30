//! When do people of a role leave, stay away and come, in `L` worlds?

use crate::calendar::CalendarKind;
use crate::luck::name_key;
use crate::scenario::Spec;
use crate::scenario::staff::{Absence, LeaversCount, Role};
use crate::scenario::training::Intake;
use crate::timetable::{RolePlace, Timetable};
use crate::unit::{Draw, Fixed, Index, lanes};
use crate::workforce::absence::{AbsencePlan, ExtraPlan};
use crate::workforce::{LeavingPlan, RatioPlan, weekly_hazard};

/// Whole weeks of so many months.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // at most 600 months
fn weeks(months: f64) -> usize {
    (months * 365.25 / 12.0 / 7.0).round() as usize
}

/// Weeks that people must have been in their role before they may start the course of an intake.
pub fn qualified_weeks(spec: &Spec, intake: &Intake) -> usize {
    let course = spec.training.courses.get(&intake.course);
    course.map_or(0, |course| weeks(f64::from(course.months_qualified_before)))
}

/// What is known of a role beyond one rate; none if that is all.
pub fn leaving_plan<const L: usize>(
    spec: &Spec,
    timetable: &Timetable,
    place: &RolePlace,
    draws: &[Draw; L],
) -> Option<Box<LeavingPlan<L>>> {
    let said = &place.said;
    let moving = spec.training.intakes.iter().filter(|intake| {
        let from = intake.internal_from.as_deref().unwrap_or("pwp");
        from == place.name && intake.internal.is_some()
    });
    let to_courses = moving.map(|intake| qualified_weeks(spec, intake)).max();
    let of_course = to_courses.unwrap_or(0);
    if said.leaving.is_none() && said.absences.is_empty() && of_course == 0 {
        return None;
    }
    let leaving = said.leaving.clone().unwrap_or_default();
    let steps = leaving.by_tenure.iter();
    let bands: Vec<(usize, f64)> = steps
        .map(|step| (weeks(step.from_months.value()), step.times.value()))
        .collect();
    let last_band = bands.last().map_or(0, |band| band.0);
    let opening = leaving.opening_tenure.iter();
    let seniors = leaving.senior_posts.as_ref().and_then(|senior| {
        let role = timetable.role(&senior.role)?;
        Some((role, senior.share.value(), senior.times.value()))
    });
    Some(Box::new(LeavingPlan {
        hazard: lanes(&said.leavers_per_year, draws).map(weekly_hazard),
        season: leaving
            .season
            .map_or_else(Vec::new, |season| by_week(timetable, &season)),
        seniors,
        gross: leaving.counts == LeaversCount::Gross,
        opening: opening
            .map(|part| (weeks(part.months.value()), part.share.value()))
            .collect(),
        tenure_weeks: last_band.max(of_course),
        bands,
        absences: said
            .absences
            .iter()
            .map(|(name, absence)| absence_plan(name, absence, draws))
            .collect(),
    }))
}

fn absence_plan<const L: usize>(name: &str, said: &Absence, draws: &[Draw; L]) -> AbsencePlan<L> {
    AbsencePlan {
        who: name_key(name),
        begins: lanes(&said.starts_per_year, draws)
            .map(|a_year| 1.0 - (-weekly_hazard(a_year)).exp()),
        weeks: said.weeks as usize,
        paid: lanes(&said.paid_share, draws),
        covered: lanes(&said.cover_share, draws),
        premium: said.cover_premium.value(),
        not_back: lanes(&said.not_returning, draws),
        hours_back: lanes(&said.returns_at, draws),
    }
}

/// Index of leaving by week: of the month in which a week ends, over its mean in whole years of days, so that
/// the total of a year stays.
fn by_week(timetable: &Timetable, season: &[Fixed<Index>; 12]) -> Vec<f64> {
    const DAYS: [f64; 12] = [
        31.0, 28.25, 31.0, 30.0, 31.0, 30.0, 31.0, 31.0, 30.0, 31.0, 30.0, 31.0,
    ];
    let calendar = &timetable.calendar;
    let first = usize::try_from(calendar.start.month() - 1).unwrap_or(0);
    let plain = calendar.kind == CalendarKind::Plain;
    let days = |month: usize| {
        if plain {
            [4.0, 4.0, 5.0][(month + 12 - first) % 3]
        } else {
            DAYS[month]
        }
    };
    let weighted = (0..12).map(|month| season[month].value() * days(month));
    let mean = weighted.sum::<f64>() / (0..12).map(days).sum::<f64>();
    let of_segments = |week: usize| {
        let segments = &calendar.segments[timetable.segments_of_week[week].clone()];
        let index = |segment: &crate::calendar::Segment| {
            let month = if plain {
                (first + segment.month) % 12
            } else {
                usize::try_from(calendar.months[segment.month].first.month() - 1).unwrap_or(0)
            };
            season[month].value() * f64::from(segment.days)
        };
        let all: f64 = segments.iter().map(|segment| f64::from(segment.days)).sum();
        segments.iter().map(index).sum::<f64>() / all / mean
    };
    (0..timetable.weeks()).map(of_segments).collect()
}

/// Agency staff and overtime; none if there is neither.
pub fn extra_plan<const L: usize>(
    timetable: &Timetable,
    said: &Role,
    draws: &[Draw; L],
) -> Option<Box<ExtraPlan<L>>> {
    let (agency, overtime) = (&said.recruitment.agency, &said.recruitment.overtime);
    if agency.is_none() && overtime.is_none() {
        return None;
    }
    let contract = crate::scenario::staff::CONTRACT_HOURS;
    let calendar = &timetable.calendar;
    let patients = lanes(&said.job_plan.patients, draws);
    let from = overtime.and_then(|said| said.from).map_or(0, |day| {
        if day <= calendar.start {
            0
        } else {
            calendar.week_of(day).unwrap_or(timetable.weeks())
        }
    });
    let to = overtime.and_then(|said| said.to);
    let to = to
        .and_then(|day| calendar.week_of(day))
        .map_or(timetable.weeks(), |week| week + 1);
    Some(Box::new(ExtraPlan {
        agency: agency.map_or([0.0; L], |said| lanes(&said.share_of_vacancies, draws)),
        agency_premium: agency.map_or(0.0, |said| said.premium.value()),
        overtime: overtime.map_or([0.0; L], |said| {
            lanes(&said.hours_per_wte, draws).map(|hours| hours / contract)
        }),
        overtime_bookable: overtime.map_or([0.0; L], |said| {
            patients.map(|patients| {
                if patients > 0.0 {
                    said.bookable_share.value() * contract / patients
                } else {
                    0.0
                }
            })
        }),
        overtime_premium: overtime.map_or(0.0, |said| said.premium.value()),
        overtime_weeks: from..to,
    }))
}

/// Weeks in which vacancies are advertised; empty if in all.
pub fn adverts(timetable: &Timetable, said: &Role) -> Vec<bool> {
    let recruitment = &said.recruitment;
    let months = &recruitment.advert_months;
    if recruitment.advert_every_weeks.is_none()
        && months.is_empty()
        && recruitment.freezes.is_empty()
    {
        return Vec::new();
    }
    let calendar = &timetable.calendar;
    let month_of = |week: usize| u32::try_from(calendar.weeks[week].start.month()).unwrap_or(0);
    let advertised = |week: usize| {
        let start = calendar.weeks[week].start;
        let frozen =
            |freeze: &crate::scenario::staff::Freeze| freeze.from <= start && start <= freeze.to;
        let every = recruitment.advert_every_weeks.unwrap_or(1).max(1) as usize;
        let first_of_month = week == 0 || month_of(week - 1) != month_of(week);
        let in_month = months.is_empty() || (first_of_month && months.contains(&month_of(week)));
        week.is_multiple_of(every) && in_month && !recruitment.freezes.iter().any(frozen)
    };
    (0..timetable.weeks()).map(advertised).collect()
}

/// Other roles that the number of a role follows.
pub fn ratio_plan(timetable: &Timetable, said: &Role) -> Option<RatioPlan> {
    let ratio = said.ratio.as_ref()?;
    Some(RatioPlan {
        per: ratio.per.value(),
        of: ratio
            .of
            .iter()
            .filter_map(|name| timetable.role(name))
            .collect(),
    })
}
