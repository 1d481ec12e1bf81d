package lamella.app.captioning;

import java.util.List;

/// A caption that a net made.
///
/// @param ids the words, without the mark of the end
/// @param score the logarithm of its probability, divided by a power of its length where the search does that
/// @param weights how much it looked at each region before each word; empty where it was not asked for, or does not
///   look
record Said(int[] ids, double score, List<float[]> weights) {}
