//! Supervision worked out by hand: who owes what to whom, who can give it, and how many may start.

use skillmix::error::Error;
use skillmix::largest_intake;
use skillmix::scenario::Scenario;
use skillmix::timetable::ledger::{Ledger, SupervisionCounts};

use crate::common::{changed, figures, routes, run, scenario, toml, treatment};

/// Seniors, PWPs, HITs and leads of a service in which nobody comes or goes; `given` is the line of seniors.
fn service(heads: [f64; 4], given: f64, norms: &str) -> String {
    let role = |name: &str, family: &str, in_post: f64, given: f64| {
        format!(
            "[staff.{name}]\ntitle = {name:?}\nfamily = {family:?}\nband = \"6\"\npay_point = \"middle\"\n\
             in_post = {in_post:?}\nwte_per_head = 1.0\navailability = 1.0\nleavers_per_year = 0.0\n\
             job_plan = {{ patients = 20, supervision_received = 2, supervision_given = {given:?}, cpd = 0, \
             meetings = 0, other = {:?}, teaching = 0 }}\nextra_supervision_hours = 0\n\
             recruitment = {{ policy = \"frozen\", lead_weeks = 0, fill_share = 0.0 }}\n",
            15.5 - given
        )
    };
    format!(
        "calendar = {{ kind = \"england\", start = 2026-04-06, weeks = 30 }}\n\
         demand.rate = {{ referrals = 0, per = \"year\" }}\npathway.assessment.slots_per_week = 100\n\
         supervision.most_hours_per_wte = 7.5\n{}{}{}{}{}{}{}\
         [training.courses.pwp]\ntitle = \"PWP training\"\ntrainee_role = \"trainee\"\nbecomes = \"pwp\"\n\
         months = 12\nramp = [{{ from_month = 1, share = 0.0 }}]\nteaching_days_per_week = 1\n\
         leavers_per_year = 0.0\nfee = 0\nsalary_support = 0.0\nmonths_qualified_before = 0\n{norms}",
        routes("guided = 1.0", "", 0.0),
        treatment(2, "guided", "pwp", 6.0, 15.0),
        role("senior", "low_intensity", heads[0], given),
        role("pwp", "low_intensity", heads[1], 0.0),
        role("hit", "high_intensity", heads[2], 0.0),
        role("lead", "high_intensity", heads[3], 0.0),
        role("trainee", "low_intensity", 0.0, 0.0),
    )
}

/// One kind of supervision.
fn norm(name: &str, to: &str, hours: f64, group: f64, by: &str, more: &str) -> String {
    format!(
        "[supervision.norms.{name}]\ntitle = {name:?}\nsupervisees = {to}\nhours_per_week = {hours:?}\n\
         group_size = {group:?}\nsupervisors = {by}\n{more}\n"
    )
}

fn of(heads: [f64; 4], given: f64, norms: &[String]) -> Scenario {
    scenario("blank", &service(heads, given, &norms.concat()))
}

/// Four trainees who started long ago.
fn with_trainees(scenario: &Scenario, trainees: f64) -> Scenario {
    let intake = format!("[{{ course = \"pwp\", start = 2026-01-05, trainees = {trainees:?} }}]");
    changed(scenario, &[("training.intakes", toml(&intake))])
}

/// The ledger of the first week.
fn ledger(scenario: &Scenario) -> Ledger<1> {
    run(scenario).record().supervision[0].clone()
}

/// A kind by its place among the names.
fn kind(ledger: &Ledger<1>, place: usize) -> &SupervisionCounts<1> {
    &ledger.kinds[place]
}

#[test]
fn trainees_and_qualified_staff_alone_and_in_groups() {
    let to = r#"["pwp", "trainee"]"#;
    let norms = [
        norm("case", to, 1.0, 1.0, r#"["senior"]"#, ""),
        norm("skills", to, 0.5, 4.0, r#"["senior"]"#, ""),
    ];
    let service = with_trainees(&of([2.0, 6.0, 0.0, 0.0], 4.0, &norms), 4.0);
    let ledger = ledger(&service);
    let (case, skills) = (kind(&ledger, 0), kind(&ledger, 1));
    // 6 PWPs and 4 trainees: 10 x 1 h alone; 10 x 0.5 h received, in groups of four 5 / 4 = 1.25 h given.
    assert_eq!(
        (case.supervisees[0], case.received[0], case.owed[0]),
        (10.0, 10.0, 10.0)
    );
    assert_eq!((skills.received[0], skills.owed[0]), (5.0, 1.25));
    // Two seniors: 2 x 4 h of job plans, up to 2 x 7.5 h in all.
    assert_eq!((case.offered[0], case.supervisors[0]), (15.0, 2.0));
    assert_eq!((case.given.planned[0], case.given.beyond[0]), (8.0, 2.0));
    assert_eq!(
        (skills.given.planned[0], skills.given.beyond[0]),
        (0.0, 1.25)
    );
    // 3.25 h come out of the hours for patients: 195 minutes of the seniors in a full week.
    let run = run(&service);
    let senior = run.timetable().role("senior").unwrap();
    let weeks = &run.record().pools[senior];
    assert_eq!(
        (weeks[2].supervision[0], weeks[2].bookable[0]),
        (195.0, 2.0 * 20.0 * 60.0)
    );
}

#[test]
fn those_trained_for_the_rare_kind_are_among_those_trained_for_the_common_one() {
    let norms = [
        norm(
            "high",
            r#"["hit"]"#,
            3.0,
            1.0,
            r#"["hit"]"#,
            "trained = { hit = 0.5 }\npriority = 1",
        ),
        norm(
            "low",
            r#"["pwp"]"#,
            1.0,
            1.0,
            r#"["hit"]"#,
            "trained = { hit = 0.2 }\npriority = 2",
        ),
    ];
    let ledger = ledger(&of([0.0, 20.0, 10.0, 0.0], 0.0, &norms));
    let (high, low) = (kind(&ledger, 0), kind(&ledger, 1));
    // Of ten HITs five are trained for the one kind, two of these for the other: 37.5 h and 15 h.
    assert_eq!((high.supervisors[0], low.supervisors[0]), (5.0, 2.0));
    assert_eq!((high.offered[0], low.offered[0]), (37.5, 15.0));
    // The first takes 30 h: 22.5 h from three HITs, 7.5 h from the two, who have 7.5 h left of 20 h owed.
    assert_eq!((high.given.beyond[0], low.given.beyond[0]), (30.0, 7.5));
    assert_eq!(low.given.unmet[0], 12.5);
}

#[test]
fn the_turn_decides_who_goes_short_and_a_name_does_not() {
    let norms = |first: &str, second: &str, turns: [&str; 2]| {
        [
            norm(first, r#"["pwp"]"#, 1.0, 1.0, r#"["senior"]"#, turns[0]),
            norm(second, r#"["hit"]"#, 1.0, 1.0, r#"["senior"]"#, turns[1]),
        ]
    };
    let unmet = |norms: &[String]| -> Vec<f64> {
        let ledger = ledger(&of([1.0, 5.0, 4.0, 0.0], 0.0, norms));
        ledger
            .kinds
            .iter()
            .map(|kind| kind.given.unmet[0])
            .collect()
    };
    // 7.5 h for 5 h and 4 h: 1.5 h are missing from whoever comes second.
    assert_eq!(
        unmet(&norms("a", "b", ["priority = 1", "priority = 2"])),
        [0.0, 1.5]
    );
    assert_eq!(
        unmet(&norms("a", "b", ["priority = 2", "priority = 1"])),
        [1.5, 0.0]
    );
    assert_eq!(unmet(&norms("a", "b", ["priority = 3", ""])), [0.0, 1.5]);
    // Without a turn, trainees come first, whatever the name.
    let trainees = |a: &str, b: &str| {
        let norms = [
            norm(a, r#"["trainee"]"#, 1.0, 1.0, r#"["senior"]"#, ""),
            norm(b, r#"["pwp"]"#, 1.0, 1.0, r#"["senior"]"#, ""),
        ];
        let ledger = ledger(&with_trainees(&of([1.0, 5.0, 0.0, 0.0], 0.0, &norms), 4.0));
        ledger
            .kinds
            .iter()
            .map(|kind| kind.given.unmet[0])
            .collect::<Vec<_>>()
    };
    assert_eq!(trainees("a", "b"), [0.0, 1.5]);
    assert_eq!(trainees("z", "b"), [1.5, 0.0]);
}

#[test]
fn supervisors_are_supervised_by_their_leads() {
    let upwards = "supervises_supervisors = true\ncounts_for_ratio = false\npriority = 1";
    let norms = [
        norm("case", r#"["pwp"]"#, 1.0, 1.0, r#"["senior", "lead"]"#, ""),
        norm(
            "of_supervision",
            r#"["senior"]"#,
            0.5,
            1.0,
            r#"["lead"]"#,
            upwards,
        ),
    ];
    let ledger = ledger(&of([4.0, 15.0, 0.0, 1.0], 7.5, &norms));
    // 15 h owed are the work of 15 / 7.5 = 2 supervisors, of four seniors: 2 x 0.5 h by the lead.
    let above = kind(&ledger, 1);
    assert_eq!(
        (above.supervisees[0], above.owed[0], above.given.beyond[0]),
        (2.0, 1.0, 1.0)
    );
    assert_eq!(kind(&ledger, 0).given.planned[0], 15.0);
    assert_eq!(
        ledger.planned.iter().map(|hours| hours[0]).sum::<f64>(),
        15.0
    );
}

#[test]
fn the_university_costs_the_service_nothing() {
    let by = "given_by = \"university\"";
    let norms = [norm("university", r#"["trainee"]"#, 1.5, 2.5, "[]", by)];
    let service = with_trainees(&of([0.0, 1.0, 0.0, 0.0], 0.0, &norms), 5.0);
    let ledger = ledger(&service);
    let kind = kind(&ledger, 0);
    // Five trainees receive 5 x 1.5 = 7.5 h in groups of 2.5: 3 h of the university.
    assert_eq!(
        (kind.received[0], kind.university[0], kind.owed[0]),
        (7.5, 3.0, 0.0)
    );
    let rules = run(&service).table("rules").unwrap();
    assert!(
        rules
            .texts("rule")
            .iter()
            .all(|rule| !rule.contains("university"))
    );
}

#[test]
fn hours_are_owed_to_heads_or_pro_rata() {
    let norms = [norm("case", r#"["pwp"]"#, 1.0, 1.0, r#"["senior"]"#, "")];
    let halves = changed(
        &of([2.0, 5.0, 0.0, 0.0], 7.5, &norms),
        &[("staff.pwp.wte_per_head", toml("0.5"))],
    );
    // 5 WTE are ten people at half time: 10 h, or 5 h pro rata.
    assert_eq!(kind(&ledger(&halves), 0).owed[0], 10.0);
    let pro_rata = changed(&halves, &[("supervision.pro_rata", toml("true"))]);
    assert_eq!(kind(&ledger(&pro_rata), 0).owed[0], 5.0);
}

#[test]
fn review_of_every_case_caps_those_that_are_open() {
    // 1 h a week x 4 weeks / 6 minutes a case = 40 open cases.
    let review = "case_review = { every_weeks = 4, minutes_per_case = 6 }";
    let norms = [norm(
        "case",
        r#"["pwp"]"#,
        1.0,
        1.0,
        r#"["senior"]"#,
        review,
    )];
    let mut service = changed(
        &of([1.0, 1.0, 0.0, 0.0], 7.5, &norms),
        &[
            (
                "waiting.step2.guided",
                toml("{ people = 900, longest_weeks = 3 }"),
            ),
            ("open_courses.otherwise", toml("\"empty\"")),
        ],
    );
    let open = |service: &Scenario| {
        let weeks = figures(&run(service), "weekly", "open_step2");
        weeks[..20].iter().copied().fold(0.0, f64::max)
    };
    // 20 h a week hold 80 sessions of 15 minutes, so only the review is short: at most 40 are open.
    assert!((open(&service) - 40.0).abs() < 1e-9, "{}", open(&service));
    let rules = run(&service).table("rules").unwrap();
    assert!(
        rules
            .texts("rule")
            .contains(&"case_review.case".to_string())
    );
    // The smaller of both caps holds.
    for (caseload, most) in [(30.0, 30.0), (50.0, 40.0)] {
        service = changed(
            &service,
            &[("staff.pwp.caseload_max", toml(&format!("{caseload:?}")))],
        );
        assert!((open(&service) - most).abs() < 1e-9, "{}", open(&service));
    }
}

/// Two seniors with 7.5 h each, nine PWPs: 9 of 15 h are owed already.
fn two_seniors() -> Scenario {
    let to = r#"["pwp", "trainee"]"#;
    of(
        [2.0, 9.0, 0.0, 0.0],
        7.5,
        &[norm("case", to, 1.0, 1.0, r#"["senior"]"#, "")],
    )
}

#[test]
fn the_largest_intake_by_hand() {
    let day = "2026-10-05".parse().unwrap();
    let rule = |service: &Scenario| {
        let largest = largest_intake(service, "pwp", day).unwrap();
        let rules: Vec<_> = largest
            .limits
            .iter()
            .map(|l| (l.rule.clone(), l.trainees))
            .collect();
        (largest.trainees, rules)
    };
    let hours = ("supervision_hours.case".to_string(), 6);
    assert_eq!(rule(&two_seniors()), (6, vec![hours.clone()]));
    // At most five people each: 10 for two seniors, nine of them are PWPs; the eleventh needs a third.
    let five = changed(
        &two_seniors(),
        &[(
            "supervision.supervisees_per_supervisor.severity",
            toml("\"warning\""),
        )],
    );
    let of_five = ("supervisees_per_supervisor.case".to_string(), 1);
    assert_eq!(rule(&five), (1, vec![of_five.clone(), hours.clone()]));
    let largest = largest_intake(&five, "pwp", day).unwrap();
    assert_eq!(largest.trainees_by_conditions, 6);
    // Two qualified for each trainee: eleven for five, twelve for the sixth.
    let qualified = changed(
        &five,
        &[(
            "supervision.qualified_per_trainee",
            toml("{ ratio = 2, severity = \"condition\" }"),
        )],
    );
    let of_qualified = ("qualified_per_trainee.low_intensity".to_string(), 5);
    assert_eq!(
        rule(&qualified),
        (
            1,
            vec![of_five.clone(), of_qualified.clone(), hours.clone()]
        )
    );
    // The university has four places, one of them taken.
    let places = changed(
        &qualified,
        &[
            (
                "training.places",
                toml(r#"[{ at = "A", course = "pwp", start = "2026-10", places = 4 }]"#),
            ),
            (
                "training.intakes",
                toml("[{ course = \"pwp\", start = 2026-10-12, trainees = 1 }]"),
            ),
        ],
    );
    let less_one = |(name, most): (String, u32)| (name, most - 1);
    assert_eq!(
        rule(&places),
        (
            0,
            vec![
                less_one(of_five),
                ("places.pwp".to_string(), 3),
                less_one(of_qualified),
                less_one(hours)
            ]
        )
    );
}

#[test]
fn the_largest_intake_breaks_no_rule_and_one_more_does() {
    let day = "2026-10-05";
    let largest = largest_intake(&two_seniors(), "pwp", day.parse().unwrap()).unwrap();
    let broken = |trainees: u32| {
        let intake = format!("[{{ course = \"pwp\", start = {day}, trainees = {trainees} }}]");
        let changes = [
            ("training.intakes", toml(&intake)),
            ("calendar.weeks", toml("80")),
        ];
        let rules = run(&changed(&two_seniors(), &changes))
            .table("rules")
            .unwrap();
        let names = rules.texts("rule").iter().zip(rules.texts("message"));
        let found = names.filter(|(rule, _)| rule.starts_with("supervision"));
        found
            .map(|(_, message)| message.clone())
            .collect::<Vec<_>>()
    };
    assert!(broken(largest.trainees).is_empty());
    // Supervision is still owed when they have qualified, to the end of the plan.
    assert_eq!(
        broken(largest.trainees + 1),
        [
            "supervision: 16 supervisees are owed 16.0 h a week of case, 15.0 h can be given, from 2026-10 to 2027-10"
        ]
    );
    let binding = largest.binding().unwrap();
    assert_eq!(
        (binding.month.as_str(), binding.worst, binding.limit),
        ("2026-10", 16.0, 15.0)
    );
    assert_eq!(
        largest.sentence,
        "PWP training from 5 October 2026: 6 trainees can start; with one more, in October 2026, supervision: \
         16 supervisees are owed 16.0 h a week of case, 15.0 h can be given."
    );
}

#[test]
fn a_rule_that_is_broken_already_lets_nobody_in() {
    // Twenty PWPs are owed 20 h, 15 h can be given.
    let short = changed(&two_seniors(), &[("staff.pwp.in_post", toml("20.0"))]);
    let largest = largest_intake(&short, "pwp", "2026-10-05".parse().unwrap()).unwrap();
    assert_eq!(largest.trainees, 0);
    assert!(largest.limits[0].broken_without);
    // A rule that the intake does not touch does not stand in its way.
    let to = r#"["pwp", "trainee"]"#;
    let norms = [
        norm("case", to, 1.0, 1.0, r#"["senior"]"#, ""),
        norm("high", r#"["hit"]"#, 1.0, 1.0, r#"["lead"]"#, ""),
    ];
    let other = of([2.0, 9.0, 5.0, 0.0], 7.5, &norms);
    let largest = largest_intake(&other, "pwp", "2026-10-05".parse().unwrap()).unwrap();
    assert_eq!(largest.trainees, 6);
}

#[test]
fn a_course_or_a_day_that_is_not_there_is_refused() {
    let path = |course: &str, day: &str| match largest_intake(
        &two_seniors(),
        course,
        day.parse().unwrap(),
    ) {
        Err(Error::Scenario(problems)) => {
            (problems[0].path.clone(), problems[0].suggestion.clone())
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(
        path("pwpp", "2026-10-05"),
        ("course".into(), Some("pwp".into()))
    );
    assert_eq!(path("pwp", "2026-04-05"), ("start".into(), None));
    assert_eq!(path("pwp", "2035-06-01"), ("start".into(), None));
}

/// The worked example of docs/supervision.md: 20 PWPs and 2 seniors, 20 HITs and 2 leads, 6 PWP trainees.
#[test]
fn the_worked_example_of_the_page() {
    let low = r#"["pwp", "senior", "trainee"]"#;
    let by = r#"["senior", "lead", "hit"]"#;
    let upwards = "supervises_supervisors = true\ncounts_for_ratio = false\npriority = 1";
    let norms = [
        norm(
            "case",
            low,
            1.0,
            1.0,
            by,
            "trained = { hit = 0.25 }\npriority = 3",
        ),
        norm(
            "skills",
            low,
            0.5,
            4.0,
            by,
            "trained = { hit = 0.25 }\ncounts_for_ratio = false\npriority = 4",
        ),
        norm(
            "high",
            r#"["hit", "lead"]"#,
            1.0,
            1.0,
            r#"["lead", "hit"]"#,
            "trained = { hit = 0.61 }\npriority = 2",
        ),
        norm(
            "upwards",
            r#"["hit", "senior"]"#,
            0.25,
            4.0,
            r#"["lead"]"#,
            upwards,
        ),
    ];
    let empty = changed(
        &of([2.0, 20.0, 20.0, 2.0], 7.5, &norms),
        &[
            ("staff.hit.job_plan.supervision_given", toml("0.5")),
            ("staff.hit.job_plan.other", toml("15.0")),
            ("staff.lead.job_plan.supervision_given", toml("7.5")),
            ("staff.lead.job_plan.other", toml("8.0")),
            (
                "supervision.supervisees_per_supervisor.severity",
                toml("\"warning\""),
            ),
            (
                "supervision.qualified_per_trainee.severity",
                toml("\"warning\""),
            ),
        ],
    );
    let ledger = ledger(&with_trainees(&empty, 6.0));
    let kinds = ["case", "high", "skills", "upwards"];
    let hours = |name: &str| {
        let kind = kind(
            &ledger,
            kinds.iter().position(|kind| *kind == name).unwrap(),
        );
        [
            kind.received[0],
            kind.owed[0],
            kind.given.planned[0],
            kind.given.beyond[0],
        ]
    };
    // Received and owed: 28 people; 28 x 0.5 / 4; 22 people; (28 + 3.5 + 22) / 7.5 = 7.1333 supervisors.
    // Leads give 0.4458 of their 15 h upwards, so 14.5542 to HITs; HITs give 7.4458 of the 10 h in their
    // plans to each other and 2.5542 to PWPs; seniors give their 15 h, HITs the other 10.4458 and 3.5.
    for (name, expected) in [
        ("upwards", [1.7833, 0.4458, 0.4458, 0.0]),
        ("high", [22.0, 22.0, 22.0, 0.0]),
        ("case", [28.0, 28.0, 17.5542, 10.4458]),
        ("skills", [14.0, 3.5, 0.0, 3.5]),
    ] {
        for (ours, theirs) in hours(name).into_iter().zip(expected) {
            assert!((ours - theirs).abs() < 5e-5, "{name}: {ours} for {theirs}");
        }
    }
    let beyond: f64 = ledger.beyond.iter().map(|hours| hours[0]).sum();
    assert!((beyond - 13.9458).abs() < 5e-5);
    // Supervisors left for case management: 2 seniors, no lead, 5 of 20 HITs trained for it.
    assert_eq!(kind(&ledger, 0).free[0], 7.0);
    // Largest intakes: 7 x 5 = 35 people less 22; 52.5 h / 1.125 h = 46.7 people less 22; 22 / 0.5 = 44.
    let largest = largest_intake(&empty, "pwp", "2026-10-05".parse().unwrap()).unwrap();
    let limits: Vec<_> = largest
        .limits
        .iter()
        .map(|l| (l.rule.as_str(), l.trainees))
        .collect();
    assert_eq!(
        limits[..3],
        [
            ("supervisees_per_supervisor.case", 13),
            ("supervision_hours.skills", 24),
            ("supervision_hours.case", 30)
        ]
    );
    assert!(limits.contains(&("qualified_per_trainee.low_intensity", 44)));
}
