/// A layer as a third party would add it: the module exports nothing, the service makes it known.
module lamella.plugin.example {
    requires lamella.core;

    provides lamella.nn.LayerProvider with
            lamella.plugin.example.SwishProvider;
}
