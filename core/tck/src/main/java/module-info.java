/// Lamella's conformance kit: what a backend or a layer must pass, and the reference backend
/// against which it is measured. Test code, shipped as a module so that plugins can use it.
module lamella.core.tck {
    requires transitive lamella.core;
    requires transitive org.junit.jupiter.api;

    exports lamella.tck;

    opens lamella.tck;
}
