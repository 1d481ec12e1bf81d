/// Streams: queues of work that runs only when something waits for it.
#pragma once

#include <deque>
#include <vector>

#include "graph.h"

namespace emulator {

struct Capture;

/// A queue. Work is numbered from 1 in the order in which it was put here.
struct Stream {
    explicit Stream(bool blocking) : blocking(blocking) {}

    const bool blocking; // takes part in the order of the default stream
    uint64_t enqueued = 0;
    uint64_t executed = 0;
    std::deque<Work> queue;
    std::shared_ptr<Capture> capture; // what it is captured into, or null
    std::vector<NodeReference> tail;  // the nodes on which the next captured one depends
};

using StreamReference = std::shared_ptr<Stream>;

/// The stream of a handle (nullptr: the default stream), or null if there is none.
StreamReference stream_of(void* handle);

/// All live streams but the default one.
const std::map<uintptr_t, StreamReference>& all_streams();

/// Puts work on a stream or, while that is captured, into its graph. Returns 0 or the status that refuses it.
int submit(void* stream, Kind kind, Work work);
int submit(void* stream, const Node& node);

/// Puts work on a stream that is not captured, in order with the default stream if both take part in that.
void put(const StreamReference& stream, Work work);

/// Runs the first `position` pieces of work of a stream, as far as they have not run.
void run_until(Stream& stream, uint64_t position);
void drain(Stream& stream);
void drain_all();

/// Forgets all streams and events.
void forget_streams();

} // namespace emulator
