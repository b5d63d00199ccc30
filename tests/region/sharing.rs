//! Who gets which places? Hand sums of largest remainders and of needs.

use proptest::prelude::*;
use skillmix::region::{Region, share_places};
use skillmix::scenario::Scenario;

use crate::common::{assert_close, role, routes, scenario, treatment};

/// 1,040 hours a year of one WTE on the plain calendar: 20 hours in each of 52 weeks. Everybody is assessed
/// outside anybody's hours, and has one session of an hour with a PWP: `referrals` / 1,040 WTE are needed.
/// A quarter of the staff leave in a year.
pub fn service(name: &str, referrals: u32, in_post: f64, intakes: &str) -> Scenario {
    let mut text = format!(
        "name = {name:?}\ncalendar.start = 2025-10-01\ncalendar.weeks = 104\n\
         demand.rate = {{ referrals = {referrals}, per = \"year\" }}\n\
         pathway.assessment.slots_per_week = 1000\n"
    );
    text += &role("pwp", "low_intensity", in_post, 20.0)
        .replace("leavers_per_year = 0.0", "leavers_per_year = 0.25");
    text += &role("pwp_trainee", "low_intensity", 0.0, 20.0).replace(
        "[staff.pwp_trainee]",
        "[staff.pwp_trainee]\ndelivers_as = \"pwp\"",
    );
    text += &treatment(2, "help", "pwp", 1.0, 60.0);
    text += &routes("help = 1.0", "", 0.0);
    text += "
[training.courses.pwp]
title = \"PWP training\"
trainee_role = \"pwp_trainee\"
becomes = \"pwp\"
months = 12
ramp = [{ from_month = 1, share = 0.5 }]
teaching_days_per_week = 1
leavers_per_year = 0.0
fee = 5000
salary_support = 1.0
months_qualified_before = 0
";
    scenario("blank", &(text + intakes))
}

/// A region of services with places and whatever else is said.
pub fn region(services: Vec<(&str, Scenario)>, said: &str) -> Region {
    let tree: toml::Table =
        toml::from_str(&format!("schema = 1\nname = \"Region\"\n{said}")).unwrap();
    let services = services
        .into_iter()
        .map(|(name, scenario)| (name.to_string(), scenario))
        .collect();
    Region::of(services, tree).unwrap_or_else(|error| panic!("{error}"))
}

fn allocated(region: &Region) -> Vec<f64> {
    let allotted = region.allot().unwrap();
    allotted.iter().map(|one| one.allocated).collect()
}

/// 10 x 3.2 / 6.3 = 5.079, 10 x 1.1 / 6.3 = 1.746, 10 x 2.0 / 6.3 = 3.175: 5, 1 and 3 are sure, and the
/// tenth goes to the remainder of .746.
#[test]
fn the_largest_remainder_gets_the_last_place() {
    assert_eq!(share_places(&[3.2, 1.1, 2.0], 10), [5, 2, 3]);
}

/// Two places for weights 1, 3 and 3: 0.286, 0.857, 0.857. For 1, 1 and 2: exactly 0.5, 0.5 and 1, where the
/// tie goes to the first. For 1 and 3 of 2 places, 0.5 and 1.5: the tie goes to the larger.
#[test]
fn ties_go_to_the_larger_then_to_the_first() {
    assert_eq!(share_places(&[1.0, 3.0, 3.0], 2), [0, 1, 1]);
    assert_eq!(share_places(&[1.0, 1.0, 2.0], 2), [1, 0, 1]);
    assert_eq!(share_places(&[1.0, 3.0], 2), [0, 2]);
}

#[test]
fn nobody_who_needs_nothing_is_given_a_place() {
    assert_eq!(share_places(&[0.0, 2.0, f64::NAN], 7), [0, 7, 0]);
    assert_eq!(share_places(&[0.0, 0.0], 7), [0, 0]);
    assert_eq!(share_places(&[], 7), [0; 0]);
}

proptest! {
    #[test]
    fn the_places_are_given_exactly_and_within_one_of_their_share(
        weights in proptest::collection::vec(0.0..50.0_f64, 1..60),
        places in 0..3000_u32,
    ) {
        let sum: f64 = weights.iter().sum();
        prop_assume!(sum > 0.0);
        let given = share_places(&weights, places);
        prop_assert_eq!(given.iter().sum::<u32>(), places);
        for (&given, weight) in given.iter().zip(&weights) {
            let exact = weight / sum * f64::from(places);
            prop_assert!((f64::from(given) - exact).abs() < 1.0 + 1e-6);
        }
    }
}

/// North: 4,160 referrals need 4 WTE, 2 are in post, and of 4 people a quarter leave in the 365 days to
/// qualifying: 4 - 2 + 1 x 365 / 365.25 = 2.999. South: 6,240 need 6, 5.5 are in post:
/// 6 - 5.5 + 1.5 x 365 / 365.25 = 1.999. Of 3 places 1.800 and 1.200: one each, the third to North.
/// A year later another year's leavers are gone and the first places filled: North 2 + 730 / 365.25 - 2 =
/// 1.999, South 0.5 + 1.5 x 730 / 365.25 - 1 = 2.498. Of 3 places 1.334 and 1.666: 1 and 2.
#[test]
fn need_is_the_gap_and_the_leavers_less_who_trains_already() {
    let region = region(
        vec![
            ("south", service("south", 6240, 5.5, "")),
            ("north", service("north", 4160, 2.0, "")),
        ],
        "[[places]]\ncourse = \"pwp\"\nstart = 2026-10-01\nplaces = 3\n\
         [[places]]\ncourse = \"pwp\"\nstart = 2025-10-01\nplaces = 3\n",
    );
    let allotted = region.allot().unwrap();
    let asked: Vec<f64> = allotted.iter().map(|one| one.asked).collect();
    let year = 365.0 / 365.25;
    let expected = [
        2.0 + year,
        0.5 + 1.5 * year,
        2.0 + 2.0 * year - 2.0,
        0.5 + 3.0 * year - 1.0,
    ];
    for (asked, expected) in asked.into_iter().zip(expected) {
        assert_close(asked, expected, 1e-9);
    }
    assert_eq!(allocated(&region), [2.0, 1.0, 1.0, 2.0]);
    let places: Vec<usize> = allotted.iter().map(|one| one.places).collect();
    assert_eq!(places, [1, 1, 0, 0], "the earlier start first");
}

/// Who is in training already is asked for no more: 2.999 less 2 trainees.
#[test]
fn trainees_of_the_service_are_counted() {
    let own = "[[training.intakes]]\ncourse = \"pwp\"\nstart = 2025-09-01\ntrainees = 2\n";
    let region = region(
        vec![("north", service("north", 4160, 2.0, own))],
        "[[places]]\ncourse = \"pwp\"\nstart = 2025-10-01\nplaces = 1\n",
    );
    let allotted = region.allot().unwrap();
    assert_close(allotted[0].asked, 365.0 / 365.25, 1e-9);
}

/// 7 places for 250,000 and 100,000 people: 5 and 2.
#[test]
fn people_and_shares_count_as_stated() {
    let services = || {
        vec![
            ("north", service("north", 4160, 2.0, "")),
            ("south", service("south", 6240, 5.5, "")),
        ]
    };
    let places = "[[places]]\ncourse = \"pwp\"\nstart = 2025-10-01\nplaces = 7\n";
    let by_people = "[allocation]\nrule = \"by_population\"\n\
                     weights = { north = 250000, south = 100000 }\n";
    assert_eq!(
        allocated(&region(services(), &format!("{by_people}{places}"))),
        [5.0, 2.0]
    );
    let by_share = "[allocation]\nrule = \"by_share\"\nweights = { north = 0.2, south = 0.8 }\n";
    assert_eq!(
        allocated(&region(services(), &format!("{by_share}{places}"))),
        [1.0, 6.0]
    );
    // Only South may send: North gets none of them, whatever it weighs.
    let only = format!("{by_share}{places}services = [\"south\"]\n");
    let region = region(services(), &only);
    assert_eq!(allocated(&region), [0.0, 7.0]);
    assert_eq!(
        region
            .project(skillmix::Horizon::Scenario)
            .unwrap()
            .table("allocation")
            .unwrap()
            .len(),
        1
    );
}

/// Five services with one share each, and five universities with 12 places: 2.4 of each, but 12 of all. What
/// rounding takes at one university it gives back at the next, so that each has 12.
#[test]
fn what_rounding_takes_the_next_places_give_back() {
    let names = ["a", "b", "c", "d", "e"];
    let services = names.map(|name| (name, service(name, 4160, 2.0, "")));
    let mut said = "[allocation]\nrule = \"by_share\"\n[allocation.weights]\n".to_string();
    said.extend(names.map(|name| format!("{name} = 0.2\n")));
    said.extend(names.map(|name| {
        format!("[[places]]\ncourse = \"pwp\"\nstart = 2025-10-01\nplaces = 12\nat = {name:?}\n")
    }));
    let region = region(services.to_vec(), &said);
    let given = allocated(&region);
    for service in 0..5 {
        let all: f64 = (0..5).map(|row| given[5 * row + service]).sum();
        assert_eq!(all, 12.0, "service {service}");
    }
    // The first university: 2 each are sure, the other two places go to the first of equals.
    assert_eq!(given[..5], [3.0, 3.0, 2.0, 2.0, 2.0]);
}

/// Stated intakes take places, and leave over what they do not take.
#[test]
fn stated_intakes_take_places() {
    let own =
        "[[training.intakes]]\ncourse = \"pwp\"\nstart = 2025-10-01\ntrainees = 2\nat = \"B\"\n";
    let region = region(
        vec![
            ("north", service("north", 4160, 2.0, own)),
            ("south", service("south", 6240, 5.5, "")),
        ],
        "[allocation]\nrule = \"stated\"\n\
         [[places]]\ncourse = \"pwp\"\nstart = 2025-10-01\nplaces = 3\nat = \"A\"\n\
         [[places]]\ncourse = \"pwp\"\nstart = 2025-10-01\nplaces = 5\nat = \"B\"\n",
    );
    assert_eq!(allocated(&region), [0.0, 0.0, 2.0, 0.0]);
    let run = region.project(skillmix::Horizon::Scenario).unwrap();
    let places = run.table("places").unwrap();
    assert_eq!(places.numbers("left_over"), [3.0, 3.0]);
    // Nobody trains twice: the intake that is stated is the one that runs.
    let (_, north) = run.runs().next().unwrap();
    assert_eq!(north.scenario().spec().training.intakes.len(), 1);
}
