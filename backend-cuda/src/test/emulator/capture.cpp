/// Stream capture.
#include "capture.h"

#include <algorithm>
#include <set>

#include "context.h"

namespace emulator {

namespace {

constexpr int GLOBAL = 0;
constexpr int RELAXED = 2;

thread_local int thread_mode = GLOBAL;

std::vector<std::shared_ptr<Capture>>& captures() {
    static auto& active = *new std::vector<std::shared_ptr<Capture>>();
    return active;
}

bool forbids(const Capture& capture) {
    if (thread_mode == RELAXED) return false;
    if (capture.thread == std::this_thread::get_id() && capture.mode != RELAXED) return true;
    return thread_mode == GLOBAL && capture.mode == GLOBAL;
}

void collect_ancestors(const NodeReference& node, std::set<const Node*>& found) {
    if (!found.insert(node.get()).second) return;
    for (auto& dependency : node->dependencies) collect_ancestors(dependency, found);
}

/// Whether all that other streams captured lies before the tail of the stream that began.
bool joined(const Capture& capture) {
    std::set<const Node*> before;
    for (auto& node : capture.origin->tail) collect_ancestors(node, before);
    for (auto& [handle, stream] : all_streams()) {
        if (stream->capture.get() != &capture) continue;
        for (auto& node : stream->tail) {
            if (before.count(node.get()) == 0) return false;
        }
    }
    return true;
}

void release_streams(const Capture& capture) {
    for (auto& [handle, stream] : all_streams()) {
        if (stream->capture.get() != &capture) continue;
        stream->capture = nullptr;
        stream->tail.clear();
    }
}

} // namespace

int refuse_while_capturing() {
    int status = SUCCESS;
    for (auto& capture : captures()) {
        if (!forbids(*capture)) continue;
        capture->valid = false;
        status = STREAM_CAPTURE_UNSUPPORTED;
    }
    return status;
}

int refuse_while_any_capture() {
    for (auto& capture : captures()) capture->valid = false;
    return captures().empty() ? SUCCESS : STREAM_CAPTURE_UNSUPPORTED;
}

int refuse_if_captured(Stream& stream) {
    if (stream.capture == nullptr) return SUCCESS;
    if (!stream.capture->valid) return STREAM_CAPTURE_INVALIDATED;
    stream.capture->valid = false;
    return STREAM_CAPTURE_UNSUPPORTED;
}

int refuse_default_stream() {
    for (auto& [handle, stream] : all_streams()) {
        if (!stream->blocking || stream->capture == nullptr) continue;
        stream->capture->valid = false;
        return STREAM_CAPTURE_IMPLICIT;
    }
    return SUCCESS;
}

int capture_node(Stream& stream, const Node& pattern) {
    if (!stream.capture->valid) return STREAM_CAPTURE_INVALIDATED;
    stream.tail = {stream.capture->graph->add(pattern, stream.tail)};
    return SUCCESS;
}

int join_capture(const StreamReference& stream, const std::shared_ptr<Capture>& capture,
                 const std::vector<NodeReference>& tail) {
    bool active = std::find(captures().begin(), captures().end(), capture) != captures().end();
    if (!active) return CAPTURED_EVENT; // its capture is over
    if (stream->capture != nullptr && stream->capture != capture) {
        stream->capture->valid = capture->valid = false;
        return STREAM_CAPTURE_MERGE;
    }
    if (!capture->valid) return STREAM_CAPTURE_INVALIDATED;
    if (stream == stream_of(nullptr)) {
        capture->valid = false;
        return STREAM_CAPTURE_IMPLICIT;
    }
    stream->capture = capture;
    for (auto& node : tail) {
        bool known = std::find(stream->tail.begin(), stream->tail.end(), node) != stream->tail.end();
        if (!known) stream->tail.push_back(node);
    }
    return SUCCESS;
}

void leave_capture(Stream& stream) {
    auto capture = stream.capture;
    capture->valid = false;
    stream.capture = nullptr;
    stream.tail.clear();
    if (capture->origin != &stream) return;
    release_streams(*capture);
    captures().erase(std::find(captures().begin(), captures().end(), capture));
}

void forget_captures() {
    for (auto& capture : captures()) release_streams(*capture);
    captures().clear();
}

bool capturing(void* handle) {
    StreamReference stream = stream_of(handle);
    return stream != nullptr && stream->capture != nullptr;
}

} // namespace emulator

using namespace emulator;

extern "C" {

EMULATOR_EXPORT int cuThreadExchangeStreamCaptureMode(int* mode) {
    return driver_call(__func__, DRIVER, [&] {
        if (mode == nullptr || *mode < GLOBAL || *mode > RELAXED) return INVALID_VALUE;
        std::swap(*mode, thread_mode);
        return SUCCESS;
    });
}

EMULATOR_EXPORT int cuStreamBeginCapture_v2(void* handle, int mode) {
    return driver_call(__func__, CONTEXT, [&] {
        StreamReference stream = stream_of(handle);
        if (stream == nullptr) return INVALID_HANDLE;
        if (mode < GLOBAL || mode > RELAXED) return INVALID_VALUE;
        if (stream == stream_of(nullptr)) return STREAM_CAPTURE_UNSUPPORTED;
        if (stream->capture != nullptr) return ILLEGAL_STATE;
        auto capture = std::make_shared<Capture>();
        capture->graph = std::make_shared<Graph>();
        capture->mode = mode;
        capture->thread = std::this_thread::get_id();
        capture->origin = stream.get();
        captures().push_back(capture);
        stream->capture = capture;
        return SUCCESS;
    });
}

EMULATOR_EXPORT int cuStreamEndCapture(void* handle, void** graph) {
    return driver_call(__func__, CONTEXT, [&] {
        StreamReference stream = stream_of(handle);
        if (stream == nullptr) return INVALID_HANDLE;
        if (graph == nullptr) return INVALID_VALUE;
        *graph = nullptr;
        auto capture = stream->capture;
        if (capture == nullptr) return ILLEGAL_STATE;
        if (capture->origin != stream.get()) return STREAM_CAPTURE_UNMATCHED;
        if (capture->mode != RELAXED && capture->thread != std::this_thread::get_id()) {
            return STREAM_CAPTURE_WRONG_THREAD;
        }
        int status = joined(*capture) ? SUCCESS : STREAM_CAPTURE_UNJOINED;
        if (!capture->valid) status = STREAM_CAPTURE_INVALIDATED;
        release_streams(*capture);
        captures().erase(std::find(captures().begin(), captures().end(), capture));
        if (status == SUCCESS) *graph = graphs().add(capture->graph);
        return status;
    });
}

/// Writes 0 (no), 1 (yes), or 2 (yes, but it was invalidated).
EMULATOR_EXPORT int cuStreamIsCapturing(void* handle, int* status) {
    return driver_call(__func__, CONTEXT, [&] {
        StreamReference stream = stream_of(handle);
        if (stream == nullptr) return INVALID_HANDLE;
        if (status == nullptr) return INVALID_VALUE;
        *status = stream->capture == nullptr ? 0 : stream->capture->valid ? 1 : 2;
        return SUCCESS;
    });
}

} // extern "C"
