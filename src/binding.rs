//! How does Python see the core? Extract, release the GIL, compute, wrap: no arithmetic here.

mod ensemble;
mod error;
mod mix;
mod queueing;
mod reference;
mod region;
mod run;
mod scenario;
mod sensitivity;
mod table;
mod unsure;
mod value;

/// The compiled core of the package `skillmix`.
#[pyo3::pymodule(name = "_core")]
mod core_module {
    use pyo3::prelude::*;

    #[pymodule_export]
    use super::ensemble::{PairedResult, compare_paired, ensemble};
    #[pymodule_export]
    use super::mix::{MixLeaves, MixSweep, mix_sweep};
    #[pymodule_export]
    use super::queueing::{
        capacity_for_relief, capacity_for_target, erlang_a, erlang_b, erlang_c, list_after,
        list_at_target, list_load, list_pressure, littles_law, one_slot, open_cases, priority,
        priority_at_slots, slots_for, stepped_care, wait_of_share, waits_longer, weekly_clinic,
    };
    #[pymodule_export]
    use super::reference::{
        fields, json_schema, packs, pay_points, pay_table, read_months, working_days,
    };
    #[pymodule_export]
    use super::region::{Region, RegionResult, region_schema};
    #[pymodule_export]
    use super::run::{MixResult, Result, skill_mix};
    #[pymodule_export]
    use super::scenario::Scenario;
    #[pymodule_export]
    use super::sensitivity::{
        at_quantiles, evaluate, evpi, evppi, outcomes, quantiles, tornado, unsure_numbers,
        value_of_information,
    };
    #[pymodule_export]
    use super::table::Table;
    #[pymodule_export]
    use super::unsure::{
        default_spread, spread_numbers, unsure_table, with_default_spread, worlds_table,
    };

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))?;
        super::error::export(module)
    }
}
