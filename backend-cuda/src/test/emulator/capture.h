/// Stream capture: while it lasts, work put on a stream becomes nodes of a graph.
#pragma once

#include <thread>

#include "streams.h"

namespace emulator {

/// One capture, from cuStreamBeginCapture to cuStreamEndCapture. Streams that wait for its events join it.
struct Capture {
    std::shared_ptr<Graph> graph;
    int mode;
    std::thread::id thread;
    Stream* origin;
    bool valid = true; // false: something was refused; the end of the capture gives no graph
};

/// 0, or the status that refuses "potentially unsafe" calls to this thread now; that also invalidates the capture.
///
/// By the documentation of cuThreadExchangeStreamCaptureMode: unless this thread exchanged its mode, its own capture
/// forbids them if it is not relaxed, and a global capture forbids them to all threads.
int refuse_while_capturing();

/// Likewise for what waits for everything: any capture at all forbids it.
int refuse_while_any_capture();

/// Likewise for a question about a stream that is being captured.
int refuse_if_captured(Stream& stream);

/// Likewise for work on the default stream while a stream that takes part in its order is being captured.
int refuse_default_stream();

/// Adds a node behind the stream's tail.
int capture_node(Stream& stream, const Node& node);

/// Lets the stream take part in the capture, its next node behind these nodes too.
int join_capture(const StreamReference& stream, const std::shared_ptr<Capture>& capture,
                 const std::vector<NodeReference>& tail);

/// A captured stream is destroyed: the capture is invalid.
void leave_capture(Stream& stream);

void forget_captures();
void forget_events();

} // namespace emulator
