//! How does Python see a run? Plans, projections, simulations and skill mixes.

use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::binding::error::{OrRaise, interruptible, raise};
use crate::binding::scenario::{Scenario, horizon_of};
use crate::binding::table::Table;
use crate::ensemble::Ensemble;
use crate::error::Problem;
use crate::mix::{self, Hold};
use crate::plan::Plan;
use crate::project::Projection;
use crate::simulate::Simulation;
use crate::targets::TargetPlan;

enum Run {
    Plan(Box<Plan>),
    Projection(Box<Projection>),
    Targets(Box<TargetPlan>),
    Simulation(Box<Simulation>),
    Ensemble(Box<Ensemble>),
}

/// A finished run of a scenario.
#[pyclass(frozen, module = "skillmix._core")]
pub struct Result {
    run: Run,
}

impl Result {
    pub fn of_plan(plan: Plan) -> Self {
        Self {
            run: Run::Plan(Box::new(plan)),
        }
    }

    pub fn of_projection(run: Projection) -> Self {
        Self {
            run: Run::Projection(Box::new(run)),
        }
    }

    pub fn of_targets(plan: TargetPlan) -> Self {
        Self {
            run: Run::Targets(Box::new(plan)),
        }
    }

    pub fn of_simulation(run: Simulation) -> Self {
        Self {
            run: Run::Simulation(Box::new(run)),
        }
    }

    pub fn of_ensemble(run: Ensemble) -> Self {
        Self {
            run: Run::Ensemble(Box::new(run)),
        }
    }

    fn core(&self) -> &crate::scenario::Scenario {
        match &self.run {
            Run::Plan(plan) => plan.scenario(),
            Run::Projection(run) => run.scenario(),
            Run::Targets(plan) => plan.scenario(),
            Run::Simulation(run) => run.scenario(),
            Run::Ensemble(run) => run.scenario(),
        }
    }
}

#[pymethods]
impl Result {
    #[getter]
    const fn kind(&self) -> &'static str {
        match self.run {
            Run::Plan(_) => "plan",
            Run::Projection(_) => "project",
            Run::Targets(_) => "targets",
            Run::Simulation(_) => "simulate",
            Run::Ensemble(_) => "ensemble",
        }
    }

    /// The projection of the scenario with a plan to targets; `None` for other runs.
    #[getter]
    fn run(&self) -> Option<Self> {
        match &self.run {
            Run::Targets(plan) => Some(Self::of_projection(plan.run().clone())),
            _ => None,
        }
    }

    /// The projection of the scenario as it is, beside a plan to targets; `None` for other runs.
    #[getter]
    fn before(&self) -> Option<Self> {
        match &self.run {
            Run::Targets(plan) => Some(Self::of_projection(plan.before().clone())),
            _ => None,
        }
    }

    /// Whether a plan to targets meets them; `None` for other runs.
    #[getter]
    fn met(&self) -> Option<bool> {
        match &self.run {
            Run::Targets(plan) => Some(plan.met()),
            _ => None,
        }
    }

    #[getter]
    fn scenario(&self) -> Scenario {
        Scenario::new(self.core().clone())
    }

    #[getter]
    fn meta<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        let spec = self.core().spec();
        dict.set_item("version", env!("CARGO_PKG_VERSION"))?;
        dict.set_item("run", self.kind())?;
        dict.set_item("scenario", &spec.name)?;
        dict.set_item("hash", self.core().hash())?;
        dict.set_item("pack", &spec.pack)?;
        dict.set_item("vintage", spec.service.as_of.as_deref())?;
        dict.set_item("start", spec.calendar.start.to_string())?;
        if let Run::Projection(run) = &self.run {
            dict.set_item("weeks", run.timetable().weeks())?;
            dict.set_item("weeks_of_scenario", spec.calendar.weeks)?;
            let luck = run.luck();
            dict.set_item("luck", luck.map_or("expected", |_| "chance"))?;
            dict.set_item("draws", run.draws())?;
            if let Some(luck) = luck {
                dict.set_item("replications", luck.replications)?;
            }
            let drawn = run.draws() > 0 || luck.is_some();
            dict.set_item("seed", drawn.then(|| run.seed()))?;
        }
        if let Run::Simulation(run) = &self.run {
            let options = run.options();
            dict.set_item("weeks", run.timetable().weeks())?;
            dict.set_item("weeks_of_scenario", spec.calendar.weeks)?;
            dict.set_item("luck", "chance")?;
            dict.set_item("replications", options.replications)?;
            dict.set_item("seed", options.seed)?;
            dict.set_item("log", options.log)?;
        }
        if let Run::Ensemble(run) = &self.run {
            dict.set_item("weeks", run.timetable().weeks())?;
            dict.set_item("weeks_of_scenario", spec.calendar.weeks)?;
            super::ensemble::note(&dict, run.options())?;
            dict.set_item("quantiles", run.quantiles().name())?;
            dict.set_item("runs", run.runs())?;
        }
        if let Run::Targets(plan) = &self.run {
            dict.set_item("weeks", plan.run().timetable().weeks())?;
            dict.set_item("asked", plan.targets().asked())?;
            dict.set_item("runs", plan.runs())?;
        }
        Ok(dict)
    }

    fn tables(&self) -> Vec<&'static str> {
        match &self.run {
            Run::Plan(plan) => plan.tables(),
            Run::Projection(run) => run.tables(),
            Run::Targets(plan) => plan.tables(),
            Run::Simulation(run) => run.tables(),
            Run::Ensemble(run) => run.tables(),
        }
    }

    fn table(&self, py: Python<'_>, name: &str) -> PyResult<Table> {
        let table = match &self.run {
            Run::Plan(plan) => plan.table(name),
            Run::Projection(run) => run.table(name),
            Run::Targets(plan) => plan.table(name),
            Run::Simulation(run) => run.table(name),
            Run::Ensemble(run) => run.table(name),
        };
        table.map(Table::new).or_raise(py)
    }

    /// Advice of a simulation for a half width; `None` for other runs.
    fn advice(&self, py: Python<'_>, half_width: f64) -> PyResult<Option<Table>> {
        match &self.run {
            Run::Simulation(run) => run
                .advice(half_width)
                .map(Table::new)
                .map(Some)
                .or_raise(py),
            _ => Ok(None),
        }
    }

    fn words(&self) -> Vec<String> {
        match &self.run {
            Run::Plan(plan) => plan.words(),
            Run::Projection(run) => run.words(),
            Run::Targets(plan) => plan.words(),
            Run::Simulation(run) => run.words(),
            Run::Ensemble(run) => run.words(),
        }
    }

    /// Pickled as the recipe: version, scenario and the arguments of the run, which gives the same figures.
    fn __reduce__<'py>(
        &self,
        py: Python<'py>,
    ) -> PyResult<(Bound<'py, PyAny>, (Bound<'py, PyDict>,))> {
        let rebuild = py.import("skillmix.result")?.getattr("_rebuild")?;
        let recipe = PyDict::new(py);
        recipe.set_item("version", env!("CARGO_PKG_VERSION"))?;
        recipe.set_item("kind", self.kind())?;
        recipe.set_item("scenario", self.core().to_json())?;
        match &self.run {
            Run::Plan(_) => {}
            Run::Projection(run) => {
                recipe.set_item("weeks", run.timetable().weeks())?;
                recipe.set_item("draws", run.draws())?;
                recipe.set_item(
                    "replications",
                    run.luck().map_or(0, |luck| luck.replications),
                )?;
                recipe.set_item("seed", run.seed())?;
            }
            Run::Targets(plan) => {
                let asked = serde_json::to_string(plan.targets().stated()).unwrap_or_default();
                recipe.set_item("scenario", plan.before().scenario().to_json())?;
                recipe.set_item("to", asked)?;
            }
            Run::Simulation(run) => {
                let options = run.options();
                recipe.set_item("weeks", run.timetable().weeks())?;
                recipe.set_item("replications", options.replications)?;
                recipe.set_item("seed", options.seed)?;
                recipe.set_item("log", options.log)?;
            }
            Run::Ensemble(run) => {
                recipe.set_item("weeks", run.timetable().weeks())?;
                super::ensemble::note(&recipe, run.options())?;
            }
        }
        Ok((rebuild, (recipe,)))
    }
}

/// A service at several skill mixes.
#[pyclass(frozen, module = "skillmix._core")]
pub struct MixResult {
    inner: mix::SkillMix,
}

#[pymethods]
impl MixResult {
    fn table(&self, py: Python<'_>, name: &str) -> PyResult<Table> {
        crate::table::known_name(name, &["summary"]).or_raise(py)?;
        self.inner.summary().map(Table::new).or_raise(py)
    }

    fn scenarios(&self) -> Vec<(String, Scenario)> {
        self.inner
            .mixes
            .iter()
            .map(|mix| (mix.label.clone(), Scenario::new(mix.scenario.clone())))
            .collect()
    }

    fn runs(&self) -> Vec<(String, Result)> {
        self.inner
            .mixes
            .iter()
            .map(|mix| (mix.label.clone(), Result::of_projection(mix.run.clone())))
            .collect()
    }

    fn words(&self, py: Python<'_>) -> PyResult<Vec<String>> {
        self.inner.words().or_raise(py)
    }
}

/// The same service at several PWP shares.
#[pyfunction]
#[pyo3(signature = (scenario, shares, hold, years))]
#[allow(clippy::needless_pass_by_value)] // a list of Python can only be had as a new one
pub fn skill_mix(
    py: Python<'_>,
    scenario: &Scenario,
    shares: Vec<f64>,
    hold: &str,
    years: Option<&Bound<'_, PyAny>>,
) -> PyResult<MixResult> {
    let hold = Hold::parse(hold).or_raise(py)?;
    let horizon = horizon_of(years)?;
    if shares.iter().any(|share| share.is_nan()) {
        let problem = Problem::told("pwp_share", "nan", "not a finite number", "0 to 1");
        return Err(raise(py, &problem.into()));
    }
    let core = scenario.inner();
    interruptible(py, |stop| {
        mix::skill_mix_until(core, &shares, hold, horizon, stop)
    })?
    .map(|inner| MixResult { inner })
    .or_raise(py)
}
