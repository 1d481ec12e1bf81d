package lamella.layers.rnn;

import lamella.tensor.Tensor;

/// What queries found: the values of the keys, mixed by how well each key answers the query.
///
/// @param output the weighted values, `[N, Tq, features]`, or `[N, features]` of one query each
/// @param weights the weight of each key, which sum to 1 for a query that has a key: `[N, Tq, Tk]`,
///     or `[N, Tk]` of one query each, or `[N, heads, Tq, Tk]`; exactly 0 where a query must not look
public record Attended(Tensor output, Tensor weights) {}
