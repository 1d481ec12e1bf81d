/// The field guide's examples of recurrent nets: a language of five words ([FiveWords]), the vanishing gradient
/// ([VanishingGradient]) and tomorrow's weather ([Weather]). [Tour] runs them; [Reader] is the net that reads on where it
/// stopped.
package lamella.app.imdb.tour;
