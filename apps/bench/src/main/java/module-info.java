/// Benchmarks of kernels and training steps. Open, for JMH calls them by reflection.
open module lamella.app.bench {
    requires jmh.core;
    requires jdk.unsupported;
    requires jdk.incubator.vector;
    requires lamella.core;
    requires lamella.layers.cnn;
    requires lamella.layers.rnn;
}
