//! Who waits and who is in treatment on the first morning, as queues and courses of this run?

use crate::opening::open_cases;
use crate::project::courses::{Courses, Threefold};
use crate::project::queue::{Ahead, Joining, Queue};
use crate::scenario::Spec;
use crate::timetable::world::ListWorld;
use crate::timetable::{Timetable, World};
use crate::unit::Lanes;
use crate::workforce::People;

/// The assessment queue and the queues of the treatments.
pub fn queues<const L: usize>(world: &World<L>) -> (Queue<L>, Vec<Queue<L>>) {
    let stock = &world.stock;
    let mut assessment = Queue::new(stock.assessment.len().max(world.opt_in_delay));
    for (age, &people) in stock.assessment.iter().enumerate() {
        let joining = Joining {
            people,
            ..Joining::default()
        };
        assessment.join(0, age, &joining, None);
    }
    let treatment = |list: &ListWorld<L>| {
        let mut queue = Queue::new(list.people.len());
        for (age, (people, ahead)) in list.people.iter().zip(&list.ahead).enumerate() {
            let (joining, ahead) = past_first_treatment(world, people, ahead);
            queue.join(0, age, &joining, ahead.as_ref());
        }
        queue
    };
    (assessment, stock.lists.iter().map(treatment).collect())
}

/// People on a treatment list: those whose assessment counted as treatment have been treated.
fn past_first_treatment<const L: usize>(
    world: &World<L>,
    people: &Lanes<L>,
    weeks_ahead: &Lanes<L>,
) -> (Joining<L>, Option<Ahead<L>>) {
    let (six, eighteen) = (&world.stock.within_6_weeks, &world.stock.within_18_weeks);
    let counts = &world.assessment.counts;
    let joining = Joining {
        people: *people,
        six: std::array::from_fn(|l| people[l] * counts[l] * six[l]),
        eighteen: std::array::from_fn(|l| people[l] * counts[l] * eighteen[l]),
        untreated: std::array::from_fn(|l| people[l] * (1.0 - counts[l])),
    };
    let ahead = std::array::from_fn(|weeks| {
        weeks_ahead.map(|ahead| f64::from(u8::from(weeks as f64 >= ahead)))
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
    let (six, eighteen) = (&world.stock.within_6_weeks, &world.stock.within_18_weeks);
    let threefold = |people: Lanes<L>| -> Threefold<L> {
        [
            people,
            std::array::from_fn(|lane| people[lane] * six[lane]),
            std::array::from_fn(|lane| people[lane] * eighteen[lane]),
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
