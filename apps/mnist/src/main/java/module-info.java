/// The program that learns to read handwritten digits.
module lamella.app.mnist {
    requires lamella.app.common;
    requires lamella.core;
    requires lamella.layers.cnn;
}
