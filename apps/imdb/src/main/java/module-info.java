/// The program that learns to tell good reviews of films from bad ones.
module lamella.app.imdb {
    requires lamella.app.common;
    requires lamella.core;
    requires lamella.layers.rnn;
}
