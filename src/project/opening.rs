//! Who waits and who is in treatment on the first morning, as queues and courses of this run?

use crate::opening::{by_age, list_of, longest, open_cases, treated_within, weeks_ahead};
use crate::project::courses::{Courses, Threefold};
use crate::project::queue::{Ahead, Joining, Queue};
use crate::scenario::Spec;
use crate::scenario::stock::List;
use crate::timetable::{Timetable, World};
use crate::unit::Lanes;
use crate::workforce::People;

/// The assessment queue and the queues of the treatments.
pub fn queues<const L: usize>(
    spec: &Spec,
    timetable: &Timetable,
    world: &World<L>,
) -> (Queue<L>, Vec<Queue<L>>) {
    let waited = longest(spec.waiting.assessment.as_ref()).max(world.opt_in_delay);
    let mut assessment = Queue::new(waited);
    if let Some(list) = &spec.waiting.assessment {
        for (age, people) in by_age(list).into_iter().enumerate() {
            assessment.join(
                0,
                age,
                &Joining {
                    people: [people; L],
                    ..Joining::default()
                },
                None,
            );
        }
    }
    let treatment = |place: &crate::timetable::Treatment| {
        let list = list_of(spec, place);
        let mut queue = Queue::new(longest(list));
        for (age, people) in list.map(by_age).unwrap_or_default().into_iter().enumerate() {
            let (joining, ahead) = past_first_treatment(spec, world, list, age, people);
            queue.join(0, age, &joining, ahead.as_ref());
        }
        queue
    };
    (
        assessment,
        timetable.treatments.iter().map(treatment).collect(),
    )
}

/// People on a treatment list: those whose assessment counted as treatment have been treated.
fn past_first_treatment<const L: usize>(
    spec: &Spec,
    world: &World<L>,
    list: Option<&List>,
    age: usize,
    people: f64,
) -> (Joining<L>, Option<Ahead<L>>) {
    let (six, eighteen) = treated_within(spec);
    let counts = &world.assessment.counts;
    let joining = Joining {
        people: [people; L],
        six: counts.map(|share| people * share * six),
        eighteen: counts.map(|share| people * share * eighteen),
        untreated: counts.map(|share| people * (1.0 - share)),
    };
    let weeks_ahead = weeks_ahead(list, age);
    let ahead = std::array::from_fn(|weeks| {
        if weeks as f64 >= weeks_ahead {
            [1.0; L]
        } else {
            [0.0; L]
        }
    });
    (
        joining,
        counts.iter().any(|&share| share < 1.0).then_some(ahead),
    )
}

/// Open courses.
pub fn courses<const L: usize>(
    spec: &Spec,
    timetable: &Timetable,
    world: &World<L>,
    people: &People<L>,
) -> Vec<Courses<L>> {
    let (six, eighteen) = treated_within(spec);
    let threefold = |people: Lanes<L>| -> Threefold<L> {
        [
            people,
            people.map(|people| people * six),
            people.map(|people| people * eighteen),
        ]
    };
    let cases = open_cases(spec, timetable, world, people);
    let open = |(treatment, cases): (_, &Vec<Lanes<L>>)| {
        let mut courses = Courses::new(treatment);
        for (had, &people) in cases.iter().enumerate() {
            courses.open(had, &threefold(people));
        }
        courses
    };
    world.treatments.iter().zip(&cases).map(open).collect()
}
