/// Events: marks in a stream that other streams and the host can wait for.
#include <chrono>

#include "capture.h"
#include "context.h"
#include "streams.h"

namespace emulator {

namespace {

constexpr unsigned DISABLE_TIMING = 2;

/// A place in a stream, and the milliseconds when it was reached.
struct Mark {
    StreamReference stream;
    uint64_t position = 0;
    double time = 0;

    bool reached() const { return stream->executed >= position; }
};

struct Event {
    unsigned flags;
    std::shared_ptr<Mark> mark; // null: never recorded
    std::shared_ptr<Capture> capture; // not null: recorded last while this was captured, behind these nodes
    std::vector<NodeReference> tail;
};

Handles<Event>& events() {
    static auto& table = *new Handles<Event>(0x33);
    return table;
}

double now() {
    auto time = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration<double, std::milli>(time).count();
}

/// The host's questions about an event; none may be asked of one that was recorded in a capture.
int refuse_question(const std::shared_ptr<Event>& event) {
    if (event == nullptr) return INVALID_HANDLE;
    if (event->capture != nullptr) {
        event->capture->valid = false;
        return CAPTURED_EVENT;
    }
    return refuse_while_capturing();
}

} // namespace

void forget_events() { events().clear(); }

} // namespace emulator

using namespace emulator;

extern "C" {

EMULATOR_EXPORT int cuEventCreate(void** handle, unsigned flags) {
    return driver_call(__func__, CONTEXT, [&] {
        if (handle == nullptr || flags > 3) return INVALID_VALUE;
        *handle = events().add(std::make_shared<Event>(Event{flags, nullptr, nullptr, {}}));
        return SUCCESS;
    });
}

EMULATOR_EXPORT int cuEventDestroy_v2(void* handle) {
    return driver_call(__func__, CONTEXT, [&] {
        auto event = events().find(handle);
        if (event == nullptr) return INVALID_HANDLE;
        if (event->mark != nullptr) run_until(*event->mark->stream, event->mark->position);
        events().remove(handle);
        return device_error();
    });
}

EMULATOR_EXPORT int cuEventRecord(void* handle, void* stream_handle) {
    return driver_call(__func__, CONTEXT, [&] {
        auto event = events().find(handle);
        StreamReference stream = stream_of(stream_handle);
        if (event == nullptr || stream == nullptr) return INVALID_HANDLE;
        if (stream->capture != nullptr) {
            if (!stream->capture->valid) return STREAM_CAPTURE_INVALIDATED;
            event->capture = stream->capture;
            event->tail = stream->tail;
            return SUCCESS;
        }
        event->capture = nullptr;
        event->mark = std::make_shared<Mark>();
        int status = submit(stream_handle, Kind::EMPTY, [mark = event->mark] { mark->time = now(); });
        event->mark->stream = stream;
        event->mark->position = stream->enqueued;
        return status;
    });
}

EMULATOR_EXPORT int cuStreamWaitEvent(void* stream_handle, void* handle, unsigned) {
    return driver_call(__func__, CONTEXT, [&] {
        auto event = events().find(handle);
        StreamReference stream = stream_of(stream_handle);
        if (event == nullptr || stream == nullptr) return INVALID_HANDLE;
        if (event->capture != nullptr) return join_capture(stream, event->capture, event->tail);
        if (stream->capture != nullptr) {
            stream->capture->valid = false; // waits for work outside of the graph
            return STREAM_CAPTURE_ISOLATION;
        }
        if (event->mark == nullptr) return SUCCESS;
        return submit(stream_handle, Kind::EMPTY, [mark = event->mark] { run_until(*mark->stream, mark->position); });
    });
}

EMULATOR_EXPORT int cuEventSynchronize(void* handle) {
    return driver_call(__func__, CONTEXT, [&] {
        auto event = events().find(handle);
        if (int status = refuse_question(event)) return status;
        if (event->mark != nullptr) run_until(*event->mark->stream, event->mark->position);
        return device_error();
    });
}

/// Runs one piece of work at a call, like cuStreamQuery.
EMULATOR_EXPORT int cuEventQuery(void* handle) {
    return driver_call(__func__, CONTEXT, [&] {
        auto event = events().find(handle);
        if (int status = refuse_question(event)) return status;
        if (event->mark == nullptr || event->mark->reached()) return SUCCESS;
        run_until(*event->mark->stream, event->mark->stream->executed + 1);
        return device_error() == SUCCESS ? NOT_READY : device_error();
    });
}

EMULATOR_EXPORT int cuEventElapsedTime(float* milliseconds, void* start_handle, void* end_handle) {
    return driver_call(__func__, CONTEXT, [&] {
        auto start = events().find(start_handle);
        auto end = events().find(end_handle);
        if (milliseconds == nullptr) return INVALID_VALUE;
        if (int status = refuse_question(start)) return status;
        if (int status = refuse_question(end)) return status;
        if (start->mark == nullptr || end->mark == nullptr) return INVALID_HANDLE;
        if (((start->flags | end->flags) & DISABLE_TIMING) != 0) return INVALID_HANDLE;
        if (!start->mark->reached() || !end->mark->reached()) return NOT_READY;
        *milliseconds = static_cast<float>(end->mark->time - start->mark->time);
        return SUCCESS;
    });
}

} // extern "C"
