/// JMH benchmarks: one class for each kernel family, one for whole training steps. Each checks its
/// result once in its set-up, by sampling it against plain double arithmetic.
package lamella.app.bench;
