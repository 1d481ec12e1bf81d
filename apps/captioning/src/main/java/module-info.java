/// The program that learns to say in words what is in a picture.
module lamella.app.captioning {
    requires java.desktop;
    requires lamella.app.common;
    requires lamella.core;
    requires lamella.layers.cnn;
    requires lamella.layers.rnn;
}
