//! Staff as whole people: nobody is split or lost, luck has the spread that it should, and whoever is added
//! elsewhere shifts nobody's luck.

use proptest::prelude::*;
use skillmix::luck::{Chance, Expected, Luck};
use skillmix::scenario::Scenario;
use skillmix::timetable::{Horizon, Timetable, World};
use skillmix::unit::Lanes;
use skillmix::workforce::{Moves, People};
use toml::Value;

use crate::common::{Service, changed, preset, toml};
use crate::services::service;

const LANES: usize = 8;

/// A scenario compiled for its horizon.
struct Compiled {
    timetable: Timetable,
    world: World<LANES>,
}

impl Compiled {
    fn new(scenario: &Scenario) -> Self {
        let weeks = Horizon::Scenario.weeks(scenario).unwrap();
        let timetable = Timetable::new(scenario.spec(), weeks);
        let world = World::new(scenario.spec(), &timetable, &[&[]; LANES]);
        Self { timetable, world }
    }

    /// The workforce alone, week by week; `each` sees who was there before the week, who is there after it and
    /// what happened.
    fn weeks<K: Luck<LANES>>(
        &self,
        luck: &mut K,
        mut each: impl FnMut(usize, &People<LANES>, &People<LANES>, &Moves<LANES>),
    ) {
        let (roles, cohorts) = (&self.world.role_plans, &self.world.cohorts);
        let mut people = People::opening(roles, cohorts, luck);
        let mut moves = Moves::default();
        let mut before = people.clone();
        for week in 0..self.timetable.weeks() {
            before.clone_from(&people);
            people.begin_week(week, roles, cohorts, &mut moves, luck);
            people.convert(week, roles, &self.world.attendances, &mut moves, luck);
            people.end_week(week, roles, cohorts, &mut moves, luck);
            each(week, &before, &people, &moves);
        }
    }

    fn role(&self, name: &str) -> usize {
        self.timetable.role(name).unwrap()
    }
}

fn lanes_from(first: u64) -> [u64; LANES] {
    std::array::from_fn(|lane| first + lane as u64)
}

/// Full-time staff in whole numbers.
fn full_time(service: &Scenario) -> Scenario {
    let staff = &service.spec().staff;
    let number = |value: f64| Value::Float(value);
    let of_role = |(name, role): (&String, &skillmix::scenario::staff::Role)| {
        let in_post = number(role.in_post.mean().floor());
        [
            (format!("staff.{name}.in_post"), in_post),
            (format!("staff.{name}.wte_per_head"), number(1.0)),
        ]
    };
    let changes: Vec<(String, Value)> = staff.iter().flat_map(of_role).collect();
    service.with_all(changes).unwrap()
}

fn whole(value: f64) -> bool {
    (value - value.round()).abs() < 1e-9
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    /// I02 with whole people: full-time staff are counted in integers that add up, role by role and group by
    /// group of trainees; nobody is fewer than none, and the absent are in post.
    #[test]
    fn whole_staff_are_conserved(Service(drawn) in service(), seed in any::<u64>()) {
        let drawn = full_time(&drawn);
        let run = Compiled::new(&drawn);
        let roles = &run.world.role_plans;
        let cohorts = &run.world.cohorts;
        let mut luck = Chance::<LANES>::new(seed, lanes_from(0));
        let mut wrong: Vec<String> = Vec::new();
        run.weeks(&mut luck, |week, before, after, moves| {
            for lane in 0..LANES {
                for (role, plan) in roles.iter().enumerate().filter(|role| role.1.ratio.is_none()) {
                    let of = |list: &Vec<Lanes<LANES>>| list[role][lane];
                    let come = of(&moves.joined) + of(&moves.promoted) + of(&moves.qualified);
                    let gone = of(&moves.left) + of(&moves.moved_to_training)
                        + of(&moves.promoted_away) + of(&moves.not_back) + of(&moves.shorter_hours);
                    let (was, is) = (of(&before.in_post), of(&after.in_post));
                    let absent = of(&after.absent);
                    let all = [is, come, gone, absent];
                    if was + come - gone != is || !all.iter().all(|&n| whole(n) && n >= 0.0) || absent > is {
                        wrong.push(format!(
                            "week {week}, {}: {was} + {come} - {gone} = {is}, {absent} absent ({} who)",
                            run.timetable.roles[role].name, plan.who
                        ));
                    }
                }
                for cohort in 0..cohorts.len() {
                    let of = |list: &Vec<Lanes<LANES>>| list[cohort][lane];
                    let gone = of(&moves.gave_up) + of(&moves.failed) + of(&moves.awarded);
                    let (was, is) = (of(&before.trainees), of(&after.trainees));
                    if was + of(&moves.started) - gone != is || !whole(is) || is < 0.0 || gone < 0.0 {
                        wrong.push(format!("week {week}, cohort {cohort}: {was} - {gone} = {is}"));
                    }
                }
            }
        });
        prop_assert!(wrong.is_empty(), "{}", wrong[..wrong.len().min(5)].join("\n"));
    }
}

/// Forty PWPs whom nobody replaces, so that the leavers of 52 weeks are Binomial(40, 0.15): a = -ln(0.85) x
/// 365.25 / 364.
fn forty() -> Scenario {
    let a_year = -(0.85_f64.ln()) * 365.25 / 364.0;
    preset(
        "talking-therapies-2025",
        &[
            ("calendar.kind", toml("\"plain\"")),
            ("calendar.weeks", toml("52")),
            ("staff.pwp.in_post", toml("40.0")),
            ("staff.pwp.posts", toml("40.0")),
            ("staff.pwp.wte_per_head", toml("1.0")),
            ("staff.pwp.leavers_per_year", Value::Float(a_year)),
            ("staff.pwp.recruitment.policy", toml("\"frozen\"")),
            ("training.intakes", toml("[]")),
        ],
    )
}

/// D01 as a scenario: mean 6, variance 5.1 and P(X >= 8) = 0.244 of Binomial(40, 0.15). With n = 40,000
/// years of luck the standard errors are 2.258 / 200, about 5.1 x sqrt(2.03 / n) (the excess kurtosis is 0.03)
/// and sqrt(0.244 x 0.756 / n), each below 1 % of its value.
#[test]
fn leavers_of_a_year_are_binomial() {
    let run = Compiled::new(&forty());
    let (role, n) = (run.role("pwp"), 40_000_u64);
    let (mut sum, mut squares, mut many) = (0.0, 0.0, 0.0);
    let mut luck = Chance::<LANES>::new(11, lanes_from(0));
    for first in (0..n).step_by(LANES) {
        luck.restart(11, lanes_from(first));
        let mut left = [0.0; LANES];
        run.weeks(&mut luck, |_, _, _, moves| {
            for (sum, week) in left.iter_mut().zip(moves.left[role]) {
                *sum += week;
            }
        });
        for left in left {
            sum += left;
            squares += left * left;
            many += f64::from(u8::from(left >= 8.0));
        }
    }
    let n = n as f64;
    let mean = sum / n;
    let variance = squares / n - mean * mean;
    let within = |ours: f64, theirs: f64, se: f64| {
        assert!(
            se < 0.01 * theirs && (ours - theirs).abs() < 4.0 * se,
            "{ours}, {theirs}, se {se}"
        );
    };
    within(mean, 6.0, 2.258 / n.sqrt());
    within(variance, 5.1, 5.1 * (2.03 / n).sqrt());
    // 1 - sum over k < 8 of C(40, k) 0.15^k 0.85^(40 - k)
    let tail = binomial_tail(40, 0.15, 8);
    within(many / n, tail, (tail * (1.0 - tail) / n).sqrt());
}

fn binomial_tail(n: i32, p: f64, from: i32) -> f64 {
    let mut term = (1.0 - p).powi(n);
    let mut below = 0.0;
    for k in 0..from {
        below += term;
        term *= f64::from(n - k) / f64::from(k + 1) * p / (1.0 - p);
    }
    1.0 - below
}

/// Two hundred PWPs with tenure, absences, moves to training, a resit and nobody recruited: every step is linear
/// in people, so that means of whole people are the expectations.
fn linear() -> Scenario {
    preset(
        "talking-therapies-2025",
        &[
            ("calendar.start", toml("2025-04-01")),
            ("calendar.weeks", toml("120")),
            ("staff.pwp.in_post", toml("200.0")),
            ("staff.pwp.posts", toml("200.0")),
            ("staff.pwp.leavers_per_year", toml("0.25")),
            ("staff.pwp.recruitment.policy", toml("\"frozen\"")),
            (
                "staff.pwp.leaving.by_tenure",
                toml("[{ from_months = 0, times = 0.5 }, { from_months = 12, times = 1.2 }]"),
            ),
            ("staff.pwp.absences.maternity", toml("{}")),
            ("staff.pwp.absences.long_sickness", toml("{}")),
            ("staff.pwp_senior.in_post", toml("0.0")),
            ("staff.pwp_senior.recruitment.policy", toml("\"frozen\"")),
            ("staff.hit.recruitment.policy", toml("\"frozen\"")),
            ("staff.hit_lead.recruitment.policy", toml("\"frozen\"")),
            (
                "training.intakes",
                toml(
                    "[{ course = \"pwp\", start = 2025-05-12, trainees = 15.5, route = \"graduate\" }, \
                     { course = \"hit\", start = 2025-10-06, trainees = 6, internal = 3.5 }]",
                ),
            ),
            (
                "training.courses.pwp.routes.graduate.pass_first",
                toml("0.8"),
            ),
            (
                "training.courses.pwp.routes.graduate.resit_pass",
                toml("0.5"),
            ),
        ],
    )
}

/// Means over 1,600 worlds of whole people are the expectations, within 4 standard errors.
#[test]
fn means_of_whole_people_are_the_expectations() {
    let run = Compiled::new(&linear());
    let (pwp, hit) = (run.role("pwp"), run.role("hit"));
    let cohorts = run.world.cohorts.len();
    let look = |week: usize| week % 13 == 12;
    let values = |people: &People<LANES>, lane: usize| -> Vec<f64> {
        let roles = [people.in_post[pwp], people.in_post[hit], people.absent[pwp]];
        let training = people.trainees.iter().copied();
        roles
            .into_iter()
            .chain(training)
            .map(|lanes| lanes[lane])
            .collect()
    };
    let mut expected = Vec::new();
    run.weeks(&mut Expected, |week, _, people, _| {
        if look(week) {
            expected.extend(values(people, 0));
        }
    });
    let (mut sum, mut squares) = (vec![0.0; expected.len()], vec![0.0; expected.len()]);
    let n = 1_600_u64;
    let mut luck = Chance::<LANES>::new(5, lanes_from(0));
    for first in (0..n).step_by(LANES) {
        luck.restart(5, lanes_from(first));
        let mut place = 0;
        run.weeks(&mut luck, |week, _, people, _| {
            if look(week) {
                for lane in 0..LANES {
                    for (cell, value) in values(people, lane).into_iter().enumerate() {
                        sum[place + cell] += value;
                        squares[place + cell] += value * value;
                    }
                }
                place += 3 + cohorts;
            }
        });
    }
    let n = n as f64;
    assert!(expected.len() >= 9 * 6);
    for (cell, ((sum, squares), expected)) in sum.into_iter().zip(squares).zip(expected).enumerate()
    {
        let mean = sum / n;
        let se = ((squares / n - mean * mean).max(0.0) / n).sqrt();
        assert!(
            (mean - expected).abs() < 4.0 * se + 1e-9,
            "cell {cell}: {mean}, expected {expected}, se {se}"
        );
    }
}

/// Those who pass, resit and fail add up to the intake, and a share of 0.8 of 15.5 passes on average: the mean of
/// a binomial of a whole number next to 15.5, with a standard error of about 1.65 / sqrt(1,600).
#[test]
fn an_intake_is_whole_and_its_groups_add_up() {
    let run = Compiled::new(&linear());
    let groups: Vec<usize> = (0..run.world.cohorts.len())
        .filter(|&cohort| {
            run.timetable.cohorts[cohort]
                .starts
                .is_some_and(|week| week < 10)
        })
        .collect();
    assert_eq!(groups.len(), 3);
    let (mut passed, mut all) = (0.0, [0.0; 2]);
    let n = 1_600_u64;
    let mut luck = Chance::<LANES>::new(3, lanes_from(0));
    for first in (0..n).step_by(LANES) {
        luck.restart(3, lanes_from(first));
        run.weeks(&mut luck, |_, _, _, moves| {
            for lane in 0..LANES {
                let started: Vec<f64> = groups
                    .iter()
                    .map(|&group| moves.started[group][lane])
                    .collect();
                let sum: f64 = started.iter().sum();
                if sum > 0.0 {
                    assert!(sum == 15.0 || sum == 16.0, "{started:?}");
                    all[usize::from(sum == 16.0)] += 1.0;
                    passed += started[0];
                }
            }
        });
    }
    let n = n as f64;
    assert_eq!(all[0] + all[1], n);
    assert!((all[1] / n - 0.5).abs() < 4.0 * 0.5 / n.sqrt(), "{all:?}");
    assert!(
        (passed / n - 0.8 * 15.5).abs() < 4.0 * 1.65 / n.sqrt(),
        "{}",
        passed / n
    );
}

/// The in-post of every role in every week, and the trainees of each group by its name.
fn luck_of_everybody(scenario: &Scenario) -> Vec<(String, usize, [u64; LANES])> {
    let run = Compiled::new(scenario);
    let mut luck = Chance::<LANES>::new(9, lanes_from(100));
    let mut seen = Vec::new();
    let bits = |lanes: &Lanes<LANES>| lanes.map(f64::to_bits);
    run.weeks(&mut luck, |week, _, people, _| {
        for (role, lanes) in run.timetable.roles.iter().zip(&people.in_post) {
            seen.push((role.name.clone(), week, bits(lanes)));
        }
        for (plan, lanes) in run.world.cohorts.iter().zip(&people.trainees) {
            seen.push((
                format!("{} {:?}", plan.who, plan.outcome),
                week,
                bits(lanes),
            ));
        }
    });
    seen
}

/// Common random numbers: an intake to HI training, a role that stands first in the list and a larger intake
/// leave everybody else's luck as it is, to the bit.
#[test]
fn luck_goes_by_what_a_thing_is() {
    let base = linear();
    let before = luck_of_everybody(&base);
    let intakes = |more: &str| {
        toml(&format!(
            "[{more}{{ course = \"pwp\", start = 2025-05-12, trainees = 15.5, route = \"graduate\" }}, \
             {{ course = \"hit\", start = 2025-10-06, trainees = 6, internal = 3.5 }}]"
        ))
    };
    let earlier = "{ course = \"hit\", start = 2025-04-28, trainees = 4 }, ";
    let after = luck_of_everybody(&changed(&base, &[("training.intakes", intakes(earlier))]));
    // The new trainees qualify as HITs; roles that follow others by a ratio follow them too.
    let follows = |name: &str| {
        let role = base.spec().staff.get(name);
        name == "hit" || role.is_some_and(|role| role.ratio.is_some())
    };
    let mut compared = 0;
    for (name, week, lanes) in before.iter().filter(|row| !follows(&row.0)) {
        let same = after
            .iter()
            .find(|row| row.0 == *name && row.1 == *week)
            .unwrap();
        assert_eq!(&same.2, lanes, "{name} in week {week}");
        compared += 1;
    }
    assert!(compared > 120 * 6, "{compared}");
}

/// The luck of a replicate is the same in whatever lane it is.
#[test]
fn lanes_do_not_know_each_other() {
    let run = Compiled::new(&linear());
    let of = |replicates: [u64; LANES]| {
        let mut seen = Vec::new();
        run.weeks(
            &mut Chance::<LANES>::new(1, replicates),
            |_, _, people, _| {
                seen.push(people.in_post.clone());
            },
        );
        seen
    };
    let (up, down) = (
        of(lanes_from(0)),
        of(std::array::from_fn(|lane| 7 - lane as u64)),
    );
    for (up, down) in up.iter().flatten().zip(down.iter().flatten()) {
        for lane in 0..LANES {
            assert_eq!(up[lane].to_bits(), down[7 - lane].to_bits());
        }
    }
}
