//! Which published facts does skillmix stand on? Pay, on-costs, discounting and reference packs, each row
//! with its source and status.

pub mod finance;
pub mod norms;
pub mod on_costs;
pub mod packs;
pub mod pay;
