//! Do the fields of a scenario fit each other? One small check a question; all problems are reported.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, date};

use crate::calendar::add_months;
use crate::error::{Problem, ProblemKind, nearest};
use crate::scenario::Spec;
use crate::scenario::demand::CalendarChoice;
use crate::scenario::pathway::{Modality, Routes};
use crate::scenario::stock::List;
use crate::unit::{Fixed, Quantity};

/// Contract hours of a full-time week.
pub const CONTRACT_HOURS: f64 = 37.5;

/// All problems between the fields.
#[must_use]
pub fn problems(spec: &Spec) -> Vec<Problem> {
    let mut found = Vec::new();
    for check in [
        calendar_is_known,
        indices_have_mean_one,
        one_kind_of_demand,
        months_follow_each_other,
        one_kind_of_assessment_capacity,
        booking_shares_fit,
        routes_add_up,
        steps_lead_somewhere,
        pathway_has_a_way_out,
        roles_are_known,
        job_plans_add_up,
        availability_is_said_once,
        recruitment_can_fill,
        ramps_rise,
        intakes_fit,
        norms_name_roles,
        awards_name_years,
        lists_fit,
        open_courses_fit,
    ] {
        check(spec, &mut found);
    }
    found
}

fn calendar_is_known(spec: &Spec, found: &mut Vec<Problem>) {
    let calendar = &spec.calendar;
    if calendar.kind == CalendarChoice::Plain {
        return;
    }
    let (first, last) = (date(2008, 4, 1), date(2035, 12, 31));
    if calendar.start < first || calendar.start > last {
        found.push(Problem::new(
            "calendar.start",
            calendar.start,
            format!("{first} to {last}"),
        ));
    } else if end(spec) > last {
        let most = (last - calendar.start).get_days() / 7;
        let expected = format!("1 to {most}, since bank holidays are known to {last}");
        found.push(
            Problem::new("calendar.weeks", calendar.weeks, expected).of_kind(ProblemKind::Limit),
        );
    }
}

/// Last day of the horizon.
fn end(spec: &Spec) -> Date {
    let days = i64::from(spec.calendar.weeks) * 7 - 1;
    spec.calendar
        .start
        .saturating_add(jiff::Span::new().days(days))
}

fn indices_have_mean_one(spec: &Spec, found: &mut Vec<Problem>) {
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

fn one_of(path: &str, names: &[&str], said: &[bool], found: &mut Vec<Problem>) {
    let said: Vec<_> = names
        .iter()
        .zip(said)
        .filter(|pair| *pair.1)
        .map(|pair| *pair.0)
        .collect();
    if said.len() != 1 {
        let got = if said.is_empty() {
            "none".into()
        } else {
            said.join(" and ")
        };
        found.push(Problem::new(
            path,
            got,
            format!("exactly one of {}", names.join(", ")),
        ));
    }
}

fn one_kind_of_demand(spec: &Spec, found: &mut Vec<Problem>) {
    let demand = &spec.demand;
    let said = [
        demand.rate.is_some(),
        demand.series.is_some(),
        demand.need.is_some(),
    ];
    one_of("demand", &["rate", "series", "need"], &said, found);
    let pathway = &spec.pathway;
    let to_courses: f64 = route_shares(&pathway.routes)
        .iter()
        .filter(|route| route.0.contains('.'))
        .map(|route| route.1)
        .sum();
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

fn months_follow_each_other(spec: &Spec, found: &mut Vec<Problem>) {
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

fn one_kind_of_assessment_capacity(spec: &Spec, found: &mut Vec<Problem>) {
    let assessment = &spec.pathway.assessment;
    let said = [
        assessment.ring_fence.is_some(),
        assessment.slots_per_wte.is_some(),
        assessment.slots_per_week.is_some(),
    ];
    one_of(
        "pathway.assessment",
        &["ring_fence", "slots_per_wte", "slots_per_week"],
        &said,
        found,
    );
}

/// Treatments with their paths, as `pathway.step3.cbt`.
pub fn modalities(spec: &Spec) -> impl Iterator<Item = (String, &Modality)> {
    let step2 = spec
        .pathway
        .step2
        .iter()
        .map(|(name, modality)| (format!("step2.{name}"), modality));
    let step3 = spec
        .pathway
        .step3
        .iter()
        .map(|(name, modality)| (format!("step3.{name}"), modality));
    step2.chain(step3)
}

fn booking_shares_fit(spec: &Spec, found: &mut Vec<Problem>) {
    let assessment = &spec.pathway.assessment;
    let first = (
        "assessment".to_string(),
        [
            assessment.dna,
            assessment.patient_cancel,
            assessment.provider_cancel,
        ],
    );
    let rest =
        modalities(spec).map(|(name, m)| (name, [m.dna, m.patient_cancel, m.provider_cancel]));
    for (name, shares) in std::iter::once(first).chain(rest) {
        let missed: f64 = shares.iter().map(Quantity::mean).sum();
        if missed > 0.95 {
            let value = format!("dna + patient_cancel + provider_cancel = {missed}");
            found.push(Problem::new(
                &format!("pathway.{name}"),
                value,
                "a sum of at most 0.95, so that somebody comes",
            ));
        }
    }
    for (name, modality) in modalities(spec) {
        let steps = modality.step_up.mean() + modality.step_down.mean();
        if steps > 1.0 + 1e-9 {
            let value = format!("step_up + step_down = {steps}");
            found.push(Problem::new(
                &format!("pathway.{name}"),
                value,
                "a sum of at most 1",
            ));
        }
    }
}

/// Every share of the routes with its path below `pathway.routes`.
#[must_use]
pub fn route_shares(routes: &Routes) -> Vec<(String, f64)> {
    let step2 = routes
        .step2
        .iter()
        .map(|(name, share)| (format!("step2.{name}"), share.value()));
    let step3 = routes
        .step3
        .iter()
        .map(|(name, share)| (format!("step3.{name}"), share.value()));
    let exits = [
        ("signposted", routes.signposted),
        ("declined", routes.declined),
        ("not_suitable", routes.not_suitable),
        ("referred_on", routes.referred_on),
    ];
    step2
        .chain(step3)
        .chain(exits.map(|(name, share)| (name.to_string(), share.value())))
        .collect()
}

fn routes_add_up(spec: &Spec, found: &mut Vec<Problem>) {
    let routes = &spec.pathway.routes;
    let sum: f64 = route_shares(routes).iter().map(|route| route.1).sum();
    if (sum - 1.0).abs() > 1e-9 {
        let sentence = format!("shares sum to {sum:.6}, must be 1");
        found.push(Problem::told(
            "pathway.routes",
            sum,
            &sentence,
            "shares that sum to 1",
        ));
    }
    let known = [
        (&routes.step2, &spec.pathway.step2, "step2"),
        (&routes.step3, &spec.pathway.step3, "step3"),
    ];
    for (shares, treatments, step) in known {
        for name in shares.keys().filter(|&name| !treatments.contains_key(name)) {
            known_name(
                &format!("pathway.routes.{step}.{name}"),
                name,
                treatments.keys(),
                "treatment",
                found,
            );
        }
    }
}

fn known_name<'a>(
    path: &str,
    name: &str,
    known: impl Iterator<Item = &'a String> + Clone,
    what: &str,
    found: &mut Vec<Problem>,
) {
    let names: Vec<&str> = known.map(String::as_str).collect();
    if !names.contains(&name) {
        let problem = Problem::told(path, name, &format!("no {what} {name:?}"), names.join(", "));
        found.push(problem.suggest(nearest(name, names)));
    }
}

fn steps_lead_somewhere(spec: &Spec, found: &mut Vec<Problem>) {
    let known: Vec<String> = modalities(spec).map(|(name, _)| name).collect();
    for (name, modality) in modalities(spec) {
        for (share, to, field) in [
            (modality.step_up, &modality.step_up_to, "step_up_to"),
            (modality.step_down, &modality.step_down_to, "step_down_to"),
        ] {
            let path = format!("pathway.{name}.{field}");
            match to {
                Some(to) => known_name(&path, to, known.iter(), "treatment", found),
                None if share.mean() > 0.0 => {
                    found.push(Problem::told(
                        &path,
                        "",
                        "missing: people are stepped, but to where?",
                        known.join(", "),
                    ));
                }
                None => {}
            }
        }
    }
}

/// Squares the matrix of moves between treatments again and again: what does not vanish never leaves.
fn pathway_has_a_way_out(spec: &Spec, found: &mut Vec<Problem>) {
    let list: Vec<_> = modalities(spec).collect();
    let place: BTreeMap<&str, usize> = list
        .iter()
        .enumerate()
        .map(|(i, (name, _))| (name.as_str(), i))
        .collect();
    let mut moves = vec![vec![0.0; list.len()]; list.len()];
    for (from, (_, modality)) in list.iter().enumerate() {
        let stay = 1.0 - modality.drop_out.mean();
        let shares = modality.sessions.shares(&[]);
        let complete: f64 = shares.iter().scale_powers(stay).sum();
        for (share, to) in [
            (modality.step_up, &modality.step_up_to),
            (modality.step_down, &modality.step_down_to),
        ] {
            if let Some(&to) = to.as_deref().and_then(|name| place.get(name)) {
                moves[from][to] += share.mean() * complete;
            }
        }
    }
    for _ in 0..40 {
        moves = squared(&moves);
    }
    let closed: Vec<_> = list
        .iter()
        .zip(&moves)
        .filter(|(_, row)| row.iter().any(|&x| x > 0.5))
        .map(|(item, _)| item.0.as_str())
        .collect();
    if !closed.is_empty() {
        let sentence = format!("there is no way out of {{{}}}", closed.join(", "));
        found.push(Problem::told(
            "pathway",
            "",
            &sentence,
            "step_up and step_down that let somebody leave",
        ));
    }
}

trait ScalePowers<'a>: Iterator<Item = &'a f64> + Sized {
    /// Each share times `base` to the power of its place: 0, 1, 2, ...
    fn scale_powers(self, base: f64) -> impl Iterator<Item = f64> {
        let mut power = 1.0;
        self.map(move |share| {
            let scaled = share * power;
            power *= base;
            scaled
        })
    }
}

impl<'a, I: Iterator<Item = &'a f64>> ScalePowers<'a> for I {}

fn squared(matrix: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let size = matrix.len();
    let cell =
        |row: usize, column: usize| (0..size).map(|k| matrix[row][k] * matrix[k][column]).sum();
    (0..size)
        .map(|row| (0..size).map(|column| cell(row, column)).collect())
        .collect()
}

fn roles_are_known(spec: &Spec, found: &mut Vec<Problem>) {
    let roles = spec.staff.keys();
    let mut named: Vec<(String, &str)> = Vec::new();
    let pathway = &spec.pathway;
    if pathway.screening.minutes.mean() > 0.0 {
        named.push(("pathway.screening.role".into(), &pathway.screening.role));
    }
    if pathway.assessment.slots_per_week.is_none() {
        named.push(("pathway.assessment.role".into(), &pathway.assessment.role));
    }
    for (name, modality) in modalities(spec) {
        for (index, role) in modality.roles.iter().enumerate() {
            named.push((format!("pathway.{name}.roles[{index}]"), role));
        }
    }
    let deliver = named.len();
    for (name, role) in &spec.staff {
        if let Some(other) = &role.delivers_as {
            named.push((format!("staff.{name}.delivers_as"), other));
        }
        if let Some(other) = &role.recruitment.from {
            named.push((format!("staff.{name}.recruitment.from"), other));
        }
    }
    for (name, course) in &spec.training.courses {
        named.push((
            format!("training.courses.{name}.trainee_role"),
            &course.trainee_role,
        ));
        named.push((format!("training.courses.{name}.becomes"), &course.becomes));
    }
    for (index, (path, role)) in named.iter().enumerate() {
        known_name(path, role, roles.clone(), "role", found);
        let other = spec
            .staff
            .get(*role)
            .and_then(|role| role.delivers_as.as_deref());
        if let Some(other) = other.filter(|&other| index < deliver && other != *role) {
            let sentence = format!("the hours of {role:?} are in the pool of {other:?}; name that");
            found.push(Problem::told(path, role, &sentence, other));
        }
    }
}

fn job_plans_add_up(spec: &Spec, found: &mut Vec<Problem>) {
    for (name, role) in &spec.staff {
        let sum = role.job_plan.total();
        if (sum - CONTRACT_HOURS).abs() > 1e-6 {
            let sentence = format!("the lines sum to {sum} hours, must be {CONTRACT_HOURS}");
            found.push(Problem::told(
                &format!("staff.{name}.job_plan"),
                sum,
                &sentence,
                "lines that sum to 37.5",
            ));
        }
    }
}

fn availability_is_said_once(spec: &Spec, found: &mut Vec<Problem>) {
    for (name, role) in &spec.staff {
        let said = [role.weeks_available.is_some(), role.availability.is_some()];
        one_of(
            &format!("staff.{name}"),
            &["weeks_available", "availability"],
            &said,
            found,
        );
        if role.slots.is_some() && role.slots_per_wte.is_some() {
            found.push(Problem::new(
                &format!("staff.{name}"),
                "slots and slots_per_wte",
                "at most one of them",
            ));
        }
    }
}

fn recruitment_can_fill(spec: &Spec, found: &mut Vec<Problem>) {
    for (name, role) in &spec.staff {
        if role.recruitment.from.as_ref() == Some(name) {
            let path = format!("staff.{name}.recruitment.from");
            found.push(Problem::new(&path, name, "another role"));
        }
    }
}

fn ramps_rise(spec: &Spec, found: &mut Vec<Problem>) {
    for (name, course) in &spec.training.courses {
        let months: Vec<_> = course.ramp.iter().map(|step| step.from_month).collect();
        if months.first() != Some(&1) || months.windows(2).any(|pair| pair[0] >= pair[1]) {
            let path = format!("training.courses.{name}.ramp");
            let value = format!("from_month = {months:?}");
            found.push(Problem::new(
                &path,
                value,
                "from_month 1 first, then rising",
            ));
        }
    }
    let trainees: BTreeSet<_> = spec
        .training
        .courses
        .values()
        .map(|course| &course.trainee_role)
        .collect();
    for (name, role) in spec
        .staff
        .iter()
        .filter(|(name, _)| trainees.contains(name))
    {
        if role.in_post.mean() > 0.0 || role.posts.is_some_and(|posts| posts.mean() > 0.0) {
            let sentence =
                "trainees are stated as training.intakes, with the day on which they started";
            found.push(Problem::told(
                &format!("staff.{name}.in_post"),
                role.in_post.mean(),
                sentence,
                "0",
            ));
        }
    }
}

fn intakes_fit(spec: &Spec, found: &mut Vec<Problem>) {
    let mut ids: BTreeMap<&str, usize> = BTreeMap::new();
    for (index, intake) in spec.training.intakes.iter().enumerate() {
        let path = format!("training.intakes[{index}]");
        if let Some(id) = &intake.id
            && let Some(before) = ids.insert(id, index)
        {
            let sentence = format!("{id:?} already used by training.intakes[{before}]");
            found.push(Problem::told(
                &format!("{path}.id"),
                id,
                &sentence,
                "a name of its own",
            ));
        }
        known_name(
            &format!("{path}.course"),
            &intake.course,
            spec.training.courses.keys(),
            "course",
            found,
        );
        let Some(course) = spec.training.courses.get(&intake.course) else {
            continue;
        };
        let earliest = add_months(
            spec.calendar.start,
            -i32::try_from(course.months).unwrap_or(i32::MAX),
        );
        let last = end(spec);
        if intake.start <= earliest || intake.start > last {
            let expected = format!(
                "after {earliest}, or they have qualified before the plan starts, and to {last}"
            );
            found.push(Problem::new(
                &format!("{path}.start"),
                intake.start,
                expected,
            ));
        }
        let internal = intake.internal.map_or(0.0, |heads| heads.mean());
        if internal > intake.trainees.mean() {
            let expected = format!("0 to {}, the number of trainees", intake.trainees.mean());
            found.push(Problem::new(
                &format!("{path}.internal"),
                internal,
                expected,
            ));
        }
        if let Some(role) = &intake.internal_from {
            known_name(
                &format!("{path}.internal_from"),
                role,
                spec.staff.keys(),
                "role",
                found,
            );
        } else if internal > 0.0 && !spec.staff.contains_key("pwp") {
            found.push(Problem::told(
                &format!("{path}.internal_from"),
                "",
                "missing",
                "a role of this service",
            ));
        }
    }
}

fn norms_name_roles(spec: &Spec, found: &mut Vec<Problem>) {
    for (name, norm) in &spec.supervision.norms {
        for (field, list) in [
            ("supervisees", &norm.supervisees),
            ("supervisors", &norm.supervisors),
        ] {
            for (index, role) in list.iter().enumerate() {
                let path = format!("supervision.norms.{name}.{field}[{index}]");
                known_name(&path, role, spec.staff.keys(), "role", found);
            }
        }
    }
}

fn awards_name_years(spec: &Spec, found: &mut Vec<Problem>) {
    for year in spec.money.awards.keys() {
        let ok = year.split_once('/').and_then(|(first, second)| {
            let (first, second) = (first.parse::<i32>().ok()?, second.parse::<i32>().ok()?);
            Some(year.len() == 7 && (first + 1) % 100 == second)
        });
        if ok != Some(true) {
            let path = format!("money.awards.{year}");
            found.push(Problem::new(
                &path,
                format!("{year:?}"),
                "a financial year, as 2027/28",
            ));
        }
    }
}

fn lists_fit(spec: &Spec, found: &mut Vec<Problem>) {
    let waiting = &spec.waiting;
    let mut lists: Vec<(String, &List)> = waiting
        .assessment
        .iter()
        .map(|list| ("assessment".into(), list))
        .collect();
    for (step, here, known) in [
        ("step2", &waiting.step2, &spec.pathway.step2),
        ("step3", &waiting.step3, &spec.pathway.step3),
    ] {
        for (name, list) in here {
            let path = format!("{step}.{name}");
            known_name(
                &format!("waiting.{path}"),
                name,
                known.keys(),
                "treatment",
                found,
            );
            lists.push((path, list));
        }
    }
    for (name, list) in lists {
        let path = format!("waiting.{name}");
        one_of(
            &path,
            &["weeks", "people"],
            &[list.weeks.is_some(), list.people.is_some()],
            found,
        );
        if list.people.is_some() && list.longest_weeks.is_none() {
            found.push(Problem::told(
                &format!("{path}.longest_weeks"),
                "",
                "missing: how long have they waited?",
                "weeks",
            ));
        }
    }
}

fn open_courses_fit(spec: &Spec, found: &mut Vec<Problem>) {
    for (step, here, known) in [
        ("step2", &spec.open_courses.step2, &spec.pathway.step2),
        ("step3", &spec.open_courses.step3, &spec.pathway.step3),
    ] {
        for (name, people) in here {
            let path = format!("open_courses.{step}.{name}");
            known_name(&path, name, known.keys(), "treatment", found);
            let Some(modality) = known.get(name) else {
                continue;
            };
            let longest = modality.sessions.shares(&[]).len();
            if people.len() > longest {
                let expected = format!("at most {longest}, since a course has no more sessions");
                found.push(Problem::new(
                    &path,
                    format!("{} numbers", people.len()),
                    expected,
                ));
            }
        }
    }
}
