/// Benchmarks of two kinds.
///
/// JMH benchmarks, one class for each kernel family, one for whole training steps: each checks its
/// result once in its set-up, by sampling it against plain double arithmetic. And workloads from end
/// to end, by a protocol that other frameworks can follow: `Workloads` runs them, `Stopwatch` has the
/// protocol, `run.sh` and `compare.sh` start them.
package lamella.app.bench;
