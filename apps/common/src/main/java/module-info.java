/// What the programs share: command line, plugins, progress, pictures.
module lamella.app.common {
    requires transitive lamella.core;
    requires info.picocli;
    requires java.desktop;

    exports lamella.app.common;
}
