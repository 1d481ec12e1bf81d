package lamella.backend;

import java.util.List;

/// What a backend holds at this moment.
///
/// @param live bytes in use
/// @param pooled bytes kept for reuse, not in use
/// @param peak the highest value that `live` had since the backend was opened
/// @param allocations how often new storage had to be taken from the heap or the device, because
///     the pool had none that fits; constant over the steps of a training once it is warm
/// @param sites where live storage was allocated, the largest first; empty unless
///     [BackendOptions#trackMemory()] is on
public record MemoryUse(long live, long pooled, long peak, long allocations, List<String> sites) {}
