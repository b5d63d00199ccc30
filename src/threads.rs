//! Who computes? A pool of threads of our own, built anew in a process that was forked: the threads of its
//! parent do not exist there.

use std::sync::{Mutex, PoisonError};

use rayon::{ThreadPool, ThreadPoolBuilder};

static POOL: Mutex<Option<(u32, &'static ThreadPool)>> = Mutex::new(None);

/// Runs `work` in the pool; in the pool of the caller if there is one, and alone if none can be built.
pub fn install<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    if rayon::current_thread_index().is_some() {
        return work();
    }
    match pool() {
        Some(pool) => pool.install(work),
        None => work(),
    }
}

/// Runs `work` in so many threads of its own; in those there are if no others can be had.
pub fn install_in<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    match ThreadPoolBuilder::new().num_threads(threads).build() {
        Ok(pool) => pool.install(work),
        Err(_) => install(work),
    }
}

fn pool() -> Option<&'static ThreadPool> {
    let mut kept = POOL.lock().unwrap_or_else(PoisonError::into_inner);
    let process = std::process::id();
    if let Some((of, pool)) = *kept
        && of == process
    {
        return Some(pool);
    }
    // Never dropped: the pool of a parent has no threads here that could be waited for.
    let pool: &'static ThreadPool = Box::leak(Box::new(ThreadPoolBuilder::new().build().ok()?));
    *kept = Some((process, pool));
    Some(pool)
}
