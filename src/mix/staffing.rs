//! How many posts has each family at a share of PWPs?

use super::Hold;
use crate::error::{Error, Problem, Result};
use crate::measures::{largest_remainder, number};
use crate::plan::Plan;
use crate::scenario::staff::StaffFamily;

/// A role of a family.
struct Member {
    name: String,
    /// In post \[WTE\].
    in_post: f64,
    /// Posts that keep the needed staff in post \[WTE\].
    needed: f64,
    /// Full-year pay and on-costs of one WTE \[pounds\].
    pay: f64,
}

/// A family of staff: its roles, lower pay first.
struct Family(Vec<Member>);

impl Family {
    fn of(plan: &Plan, pay: &[f64], family: StaffFamily) -> Self {
        let roles = plan.timetable().roles.iter().zip(&plan.needs().roles);
        let here = roles
            .zip(pay)
            .filter(|((place, _), _)| place.family == family && place.course.is_none());
        let mut members: Vec<Member> = here
            .map(|((place, need), &pay)| Member {
                name: place.name.clone(),
                in_post: place.said.in_post.mean(),
                needed: need.posts,
                pay,
            })
            .collect();
        members.sort_by(|a, b| a.pay.total_cmp(&b.pay));
        Self(members)
    }

    fn in_post(&self) -> f64 {
        self.0.iter().map(|member| member.in_post).sum()
    }

    fn needed(&self) -> f64 {
        self.0.iter().map(|member| member.needed).sum()
    }

    /// Whole posts of each role, in their present proportions; where nobody is in post, of the first.
    fn posts(&self, posts: u32) -> Vec<u32> {
        if self.in_post() > 0.0 {
            let in_post: Vec<f64> = self.0.iter().map(|member| member.in_post).collect();
            return largest_remainder(&in_post, posts);
        }
        let mut all = vec![0; self.0.len()];
        if let Some(first) = all.first_mut() {
            *first = posts;
        }
        all
    }

    fn pay(&self, posts: u32) -> f64 {
        let posts = self.posts(posts).into_iter().zip(&self.0);
        posts
            .map(|(posts, member)| f64::from(posts) * member.pay)
            .sum()
    }
}

/// Both sides of the mix.
pub struct Families {
    low: Family,
    high: Family,
}

impl Families {
    /// The families of a planned service.
    pub fn of(plan: &Plan) -> Result<Self> {
        let families = Self::there_are(plan)?;
        if families.low.0.is_empty() || families.high.0.is_empty() {
            let sentence = "a skill mix needs low-intensity and high-intensity staff in post";
            return Err(Problem::told("staff", "", sentence, "staff of both families").into());
        }
        Ok(families)
    }

    /// The same, where one of the two may have no role.
    pub fn there_are(plan: &Plan) -> Result<Self> {
        let pay = plan.pay_per_wte()?;
        let low = Family::of(plan, &pay, StaffFamily::LowIntensity);
        let high = Family::of(plan, &pay, StaffFamily::HighIntensity);
        if low.in_post() + high.in_post() <= 0.0 {
            let sentence = "a skill mix needs low-intensity and high-intensity staff in post";
            return Err(Problem::told("staff", "", sentence, "staff of both families").into());
        }
        Ok(Self { low, high })
    }

    /// Whole posts of both families at a share, where one of the two may have no role.
    pub fn posts_if_possible(&self, share: f64, hold: Hold) -> Result<[u32; 2]> {
        for (family, part, name, best) in [
            (&self.low, share, "low-intensity", "a PWP share of 0"),
            (
                &self.high,
                1.0 - share,
                "high-intensity",
                "a PWP share of 1",
            ),
        ] {
            if family.0.is_empty() && part > 0.0 {
                return Err(Error::Infeasible {
                    asked: format!("a PWP share of {share}"),
                    best: best.into(),
                    rule: format!("the service has no {name} role"),
                });
            }
        }
        self.posts_at(share, hold)
    }

    /// Posts of each role when the families have so many.
    pub fn posts_by_role(&self, posts: [u32; 2]) -> impl Iterator<Item = (&str, u32)> {
        let families = [&self.low, &self.high].into_iter().zip(posts);
        families.flat_map(|(family, posts)| {
            let names = family.0.iter().map(|member| member.name.as_str());
            names.zip(family.posts(posts))
        })
    }

    /// Full-year pay and on-costs of so many posts of each family \[pounds\].
    pub fn pay(&self, posts: [u32; 2]) -> f64 {
        self.low.pay(posts[0]) + self.high.pay(posts[1])
    }

    /// Whole posts of both families at a share.
    pub fn posts_at(&self, share: f64, hold: Hold) -> Result<[u32; 2]> {
        match hold {
            Hold::Wte => {
                let posts = whole_posts((self.low.in_post() + self.high.in_post()).round());
                Ok(split(share, posts.max(1)))
            }
            Hold::Budget => Ok(self.posts_for_budget(share)),
            Hold::Demand => self.posts_for_demand(share),
        }
    }

    /// The most posts that cost no more than the staff in post.
    fn posts_for_budget(&self, share: f64) -> [u32; 2] {
        let members = || self.low.0.iter().chain(&self.high.0);
        let budget: f64 = members().map(|member| member.in_post * member.pay).sum();
        let dearest = members().map(|member| member.pay).fold(0.0, f64::max);
        let mut posts = whole_posts(budget / dearest);
        while self.pay(split(share, posts + 1)) <= budget * (1.0 + 1e-9) {
            posts += 1;
        }
        split(share, posts)
    }

    /// The fewest posts that hold what each family needs.
    fn posts_for_demand(&self, share: f64) -> Result<[u32; 2]> {
        let needed = [self.low.needed(), self.high.needed()];
        let of_family = [share, 1.0 - share];
        let pairs = || needed.into_iter().zip(of_family);
        let impossible = pairs().any(|(needed, share)| share <= 0.0 && needed > 0.0);
        if impossible || !(needed[0] + needed[1]).is_finite() {
            return Err(Error::Infeasible {
                asked: format!("serving the demand at a PWP share of {share}"),
                best: format!(
                    "{} PWP and {} HIT posts",
                    number(needed[0]),
                    number(needed[1])
                ),
                rule: "each step needs staff of its own".into(),
            });
        }
        let by_family =
            pairs().map(|(needed, share)| if share > 0.0 { needed / share } else { 0.0 });
        // Whole posts of a split stay within one of the exact shares: two fewer are surely too few.
        let mut posts = whole_posts(by_family.fold(0.0, f64::max) - 2.0);
        loop {
            let here = split(share, posts);
            if here
                .iter()
                .zip(needed)
                .all(|(&posts, needed)| f64::from(posts) >= needed - 1e-9)
            {
                return Ok(here);
            }
            posts += 1;
        }
    }
}

fn split(share: f64, posts: u32) -> [u32; 2] {
    let split = largest_remainder(&[share, 1.0 - share], posts);
    [split[0], split[1]]
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a service has less than 2^32 posts
const fn whole_posts(posts: f64) -> u32 {
    posts.max(0.0) as u32
}
