//! Which activity does the money go into?
//!
//! ```text
//! activity of a pool = pounds of the roles of the pool x hours used by the activity / hours of the pool
//! spread             = pounds of nobody's hours x pounds allocated to the activity / pounds allocated
//! ```
//!
//! Hours of supervision are carried by those with patients; hours that nobody used are an activity of
//! their own, and so are training and bought treatment. All activities together are the whole cost.

/// Pounds by activity; the same shape holds weights.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Activities {
    /// Assessments, screening included.
    pub assessment: f64,
    /// Courses, by treatment.
    pub treatments: Vec<f64>,
    /// Hours that nobody used.
    pub idle: f64,
    /// Trainees: pay, fees.
    pub training: f64,
    /// Treatment by somebody else.
    pub bought: f64,
}

impl Activities {
    /// Nothing, with so many treatments.
    #[must_use]
    pub fn none(treatments: usize) -> Self {
        Self {
            treatments: vec![0.0; treatments],
            ..Self::default()
        }
    }

    /// All activities together.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.hours() + self.training + self.bought
    }

    /// Those that hours go into: all but training and bought treatment.
    fn hours(&self) -> f64 {
        self.assessment + self.treatments.iter().sum::<f64>() + self.idle
    }

    /// Adds `pounds` to the activities that hours go into, in proportion to `weights`; false if they
    /// weigh nothing.
    pub fn share_out(&mut self, pounds: f64, weights: &Self) -> bool {
        let all = weights.hours();
        if all <= 0.0 {
            return false;
        }
        self.assessment += pounds * weights.assessment / all;
        self.idle += pounds * weights.idle / all;
        for (own, weight) in self.treatments.iter_mut().zip(&weights.treatments) {
            *own += pounds * weight / all;
        }
        true
    }

    /// Adds what no hours and no count belong to in proportion to what is there; to idle hours if there
    /// is nothing.
    pub fn spread(&mut self, pounds: f64) {
        let weights = self.clone();
        if !self.share_out(pounds, &weights) {
            self.idle += pounds;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 900 pounds over 10 h of assessments, 15 h and 0 h of courses and 5 idle hours are 300, 450, 0 and
    /// 150; 90 more, of nobody's hours, are 30, 45 and 15.
    #[test]
    fn pounds_follow_hours() {
        let hours = Activities {
            assessment: 10.0,
            treatments: vec![15.0, 0.0],
            idle: 5.0,
            ..Activities::default()
        };
        let mut pounds = Activities::none(2);
        assert!(pounds.share_out(900.0, &hours));
        assert_eq!(pounds.assessment, 300.0);
        pounds.spread(90.0);
        pounds.training += 10.0;
        assert_eq!(pounds.treatments, [495.0, 0.0]);
        assert_eq!((pounds.assessment, pounds.idle), (330.0, 165.0));
        assert_eq!(pounds.total(), 1000.0);
    }

    #[test]
    fn without_hours_all_is_idle() {
        let mut pounds = Activities::none(1);
        assert!(!pounds.share_out(50.0, &Activities::none(1)));
        pounds.spread(50.0);
        assert_eq!(pounds.idle, 50.0);
    }
}
