//! Runs jobs: collect, package, deliver, mail, timers.
