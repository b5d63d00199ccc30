//! What may a region file say, and what is said of a mistake?

use std::path::PathBuf;

use skillmix::error::{Error, Problem};
use skillmix::region::Region;

use crate::sharing::{region, service};

fn problems(read: Result<Region, Error>) -> Vec<Problem> {
    match read {
        Err(Error::Scenario(problems)) => problems,
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("no problem was found"),
    }
}

fn said(text: &str) -> Vec<Problem> {
    let services = ["north", "south"].map(|name| {
        let referrals = if name == "north" { 4160 } else { 6240 };
        (name.to_string(), service(name, referrals, 2.0, ""))
    });
    let tree = toml::from_str(&format!("schema = 1\nname = \"Region\"\n{text}")).unwrap();
    problems(Region::of(services.to_vec(), tree))
}

#[track_caller]
fn has(problems: &[Problem], path: &str, part: &str) {
    assert!(
        problems
            .iter()
            .any(|one| one.path == path && one.message.contains(part)),
        "nothing of {path} with {part:?} in {problems:#?}"
    );
}

const PLACES: &str = "[[places]]\ncourse = \"pwp\"\nstart = 2025-10-01\nplaces = 3\n";

#[test]
fn unknown_names_are_told_with_the_nearest() {
    let found =
        said("budgets = []\n[[places]]\ncourse = \"pwp\"\nstrat = 2025-10-01\nplaces = -1\n");
    has(&found, "budgets", "did you mean budget?");
    has(&found, "places[0].strat", "did you mean start?");
    has(&found, "places[0].start", "missing");
    has(&found, "places[0].places", "got -1, allowed: 0 to 100000");
    assert_eq!(found.len(), 4);
}

#[test]
fn courses_and_services_must_be_there() {
    let found = said(&format!(
        "[groups]\nfar = [\"nroth\"]\nnear = [\"south\"]\nboth = [\"south\"]\n{PLACES}\
         services = [\"north\", \"north\", \"soth\"]\n\
         [[places]]\ncourse = \"pwpp\"\nstart = 2024-10-01\nplaces = 3\n"
    ));
    has(
        &found,
        "groups.far[0]",
        "no service \"nroth\"; did you mean north?",
    );
    has(
        &found,
        "groups.near[0]",
        "\"south\" is in the group \"both\" already",
    );
    has(&found, "places[0].services[1]", "stands here already");
    has(&found, "places[0].services[2]", "did you mean south?");
    has(
        &found,
        "places[1].course",
        "no service has a course \"pwpp\"; did you mean pwp?",
    );
    has(&found, "places[1].start", "2025-10-01 to 2027-09-28");
    assert_eq!(found.len(), 6);
}

#[test]
fn more_trainees_than_places_are_refused() {
    let intake = |trainees: u8, at: &str| {
        format!(
            "[[training.intakes]]\ncourse = \"pwp\"\nstart = 2025-10-01\ntrainees = {trainees}\nat = {at:?}\n"
        )
    };
    let services = vec![
        (
            "north".to_string(),
            service("north", 4160, 2.0, &intake(8, "A")),
        ),
        (
            "south".to_string(),
            service("south", 6240, 2.0, &intake(6, "A")),
        ),
    ];
    let text = format!(
        "schema = 1\nname = \"Region\"\n[allocation]\nrule = \"stated\"\n{PLACES}at = \"A\"\n"
    );
    let found = problems(Region::of(services.clone(), toml::from_str(&text).unwrap()));
    has(
        &found,
        "places[0].places",
        "14.0 trainees are stated (north 8.0, south 6.0), there are 3 places",
    );
    let text = text.replace("at = \"A\"", "at = \"B\"");
    let found = problems(Region::of(services, toml::from_str(&text).unwrap()));
    has(
        &found,
        "services.south.training.intakes[0]",
        "no places of the region for pwp from 2025-10-01 at A",
    );
}

#[test]
fn weights_belong_to_their_rule_and_add_up() {
    let found = said("[allocation]\nweights = { north = 1 }\n");
    has(&found, "allocation.weights", "not used by the rule by_need");
    let found = said("[allocation]\nrule = \"by_population\"\nweights = { north = 1 }\n");
    has(&found, "allocation.weights", "nothing is said of south");
    let found = said("[allocation]\nrule = \"by_share\"\nweights = { north = 0.6, south = 0.6 }\n");
    has(&found, "allocation.weights", "shares that sum to 1");
    let found =
        said("[allocation]\nrule = \"by_population\"\nweights = { north = 0, south = 0 }\n");
    has(&found, "allocation.weights", "people in some service");
    let found = said("[allocation]\nrule = \"by_needs\"\n");
    has(&found, "allocation.rule", "did you mean by_need?");
    let found =
        said("[allocation]\nrule = \"by_population\"\nweights = { north = -2, south = 3 }\n");
    has(&found, "allocation.weights.north", "got -2");
}

#[test]
fn money_is_of_a_year_and_a_payer_once_and_not_negative() {
    let row = |year: &str, pounds: &str| {
        format!("[[budget]]\nyear = {year:?}\npayer = \"regional\"\npounds = {pounds}\n")
    };
    has(&said(&row("2025/26", "-5")), "budget[0].pounds", "got -5");
    has(
        &said(&row("2025/26", "nan")),
        "budget[0].pounds",
        "not a finite number",
    );
    let found = said(
        &[
            row("2025/27", "5"),
            row("2025/26", "5"),
            row("2025/26", "6"),
        ]
        .concat(),
    );
    has(&found, "budget[0].year", "a financial year, as 2025/26");
    has(
        &found,
        "budget[2].year",
        "the money of regional in 2025/26 stands here already",
    );
    let found = said(&format!(
        "{}roles = [\"pwp\", \"pwp_train\"]\n",
        row("2025/26", "5")
    ));
    has(&found, "budget[0].roles[1]", "did you mean pwp_trainee?");
    let found = said("[[budget]]\nyear = \"2025/26\"\npayer = \"nation\"\npounds = 5\n");
    has(&found, "budget[0].payer", "did you mean national?");
}

#[test]
fn a_region_has_services_of_one_calendar() {
    let found = problems(Region::from_toml(
        "schema = 1\nname = \"Region\"\n[services]\n",
    ));
    has(&found, "services", "a region without services");
    let found = problems(Region::from_toml("schema = 1\nname = \"Region\"\n"));
    has(&found, "services", "a region without services");
    let later = crate::common::changed(
        &service("b", 100, 1.0, ""),
        &[("calendar.start", toml::Value::String("2025-11-01".into()))],
    );
    let services = vec![
        ("a".to_string(), service("a", 100, 1.0, "")),
        ("b".to_string(), later),
    ];
    let tree = toml::from_str("schema = 1\nname = \"Region\"").unwrap();
    let found = problems(Region::of(services, tree));
    has(
        &found,
        "services.b.calendar.start",
        "got 2025-11-01, allowed: 2025-10-01, as in a",
    );
}

#[test]
fn names_differ_by_more_than_case() {
    let services = ["North", "north"].map(|name| (name.to_string(), service(name, 100, 1.0, "")));
    let tree = toml::from_str("schema = 1\nname = \"Region\"").unwrap();
    let found = problems(Region::of(services.to_vec(), tree));
    has(&found, "services.north", "the same name as \"North\"");
    let twice = "schema = 1\nname = \"R\"\n[services]\na = \"a.toml\"\na = \"b.toml\"\n";
    has(
        &problems(Region::from_toml(twice)),
        "",
        "not TOML: duplicate key",
    );
}

#[test]
fn another_version_is_refused_first() {
    let found = problems(Region::from_toml("schema = 2\nnme = \"Region\"\n"));
    has(
        &found,
        "schema",
        "version 2 cannot be read; write schema = 1",
    );
}

fn folder() -> PathBuf {
    let folder = std::env::temp_dir().join(format!("skillmix-region-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// Files are read beside the region; what is wrong in them is told with their service.
#[test]
fn services_are_files_beside_the_region() {
    let folder = folder();
    let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).unwrap();
    write("north.toml", &service("north", 4160, 2.0, "").to_toml());
    write(
        "south.toml",
        "schema = 1\npack = \"talking-therapies-2025\"\nstaff.pwp.postss = 3\n",
    );
    let head = "schema = 1\nname = \"Region\"\n[services]\nnorth = \"north.toml\"\n";
    write("good.toml", head);
    write(
        "bad.toml",
        &format!("{head}south = \"south.toml\"\nwest = \"west.toml\"\neast = 3\n"),
    );
    let read = Region::load(&folder.join("good.toml")).unwrap();
    assert_eq!(
        read,
        region(vec![("north", service("north", 4160, 2.0, ""))], "")
    );
    let found = problems(Region::load(&folder.join("bad.toml")));
    has(
        &found,
        "services.south.staff.pwp.postss",
        "did you mean posts?",
    );
    has(&found, "services.west", "No such file");
    has(&found, "services.east", "got 3");
    assert_eq!(found.len(), 3);
    assert!(matches!(
        Region::load(&folder.join("none.toml")),
        Err(Error::File { .. })
    ));
    let found = problems(Region::from_toml(head));
    has(
        &found,
        "services.north",
        "a file can only be named in a file",
    );
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn what_is_saved_is_what_is_read() {
    let ours = region(
        vec![("north", service("north", 4160, 2.0, ""))],
        &format!("{PLACES}[[budget]]\nyear = \"2025/26\"\npayer = \"all\"\npounds = 5.5\n"),
    );
    assert_eq!(Region::from_toml(&ours.to_toml()).unwrap(), ours);
    assert_eq!(Region::from_json(&ours.to_json()).unwrap(), ours);
}
