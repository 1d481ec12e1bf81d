/// Streams and their queues.
#include "streams.h"

#include "capture.h"
#include "context.h"

#include <cstdlib>

namespace emulator {

namespace {

constexpr size_t LONGEST_QUEUE = 4096;

Handles<Stream>& streams() {
    static auto& table = *new Handles<Stream>(0x22);
    return table;
}

/// With EMULATOR_IDLE in the environment no work runs: to time what issuing it costs the host.
bool idle() {
    static const bool wanted = std::getenv("EMULATOR_IDLE") != nullptr;
    return wanted;
}

const StreamReference& default_stream() {
    static auto& stream = *new StreamReference(std::make_shared<Stream>(true));
    return stream;
}

/// What must run before new work of a stream because of the default stream's order: positions in other streams.
std::vector<std::pair<StreamReference, uint64_t>> predecessors(const StreamReference& stream) {
    std::vector<std::pair<StreamReference, uint64_t>> found;
    auto add = [&](const StreamReference& other) {
        if (!other->queue.empty()) found.emplace_back(other, other->enqueued);
    };
    if (stream == default_stream()) {
        for (auto& [handle, other] : streams().all()) {
            if (other->blocking) add(other);
        }
    } else if (stream->blocking) {
        add(default_stream());
    }
    return found;
}

} // namespace

StreamReference stream_of(void* handle) {
    constexpr uintptr_t LEGACY = 1; // CU_STREAM_LEGACY
    bool is_default = handle == nullptr || reinterpret_cast<uintptr_t>(handle) == LEGACY;
    return is_default ? default_stream() : streams().find(handle);
}

const std::map<uintptr_t, StreamReference>& all_streams() { return streams().all(); }

bool is_stream(void* handle) { return stream_of(handle) != nullptr; }

void put(const StreamReference& stream, Work work) {
    auto first = predecessors(stream);
    if (!first.empty()) {
        work = [first, work] {
            for (auto& [other, position] : first) run_until(*other, position);
            work();
        };
    }
    stream->queue.push_back(std::move(work));
    stream->enqueued++;
    if (stream->queue.size() > LONGEST_QUEUE) drain(*stream);
}

void run_until(Stream& stream, uint64_t position) {
    while (stream.executed < position && !stream.queue.empty()) {
        Work work = std::move(stream.queue.front());
        stream.queue.pop_front();
        if (device_error() == SUCCESS && !idle()) work();
        stream.executed++;
    }
}

void drain(Stream& stream) { run_until(stream, stream.enqueued); }

/// The newest stream first: what lacks an event between two streams mostly runs in the wrong order.
void drain_all() {
    auto& all = streams().all();
    for (auto stream = all.rbegin(); stream != all.rend(); ++stream) drain(*stream->second);
    drain(*default_stream());
}

int submit(void* handle, Kind kind, Work work) {
    Node node;
    node.kind = kind;
    node.action = std::make_shared<const Action>(Action{{}, std::move(work)});
    return submit(handle, node);
}

int submit(void* handle, const Node& node) {
    StreamReference stream = stream_of(handle);
    if (stream == nullptr) return INVALID_HANDLE;
    if (stream->capture != nullptr) return capture_node(*stream, node);
    if (stream == default_stream()) {
        if (int status = refuse_default_stream()) return status;
    }
    for (auto& name : node.action->kernels) trace(name);
    put(stream, node.action->run);
    return SUCCESS;
}

void enqueue(void* handle, std::function<void()> work) {
    if (int status = submit(handle, Kind::KERNEL, std::move(work))) {
        if (status < STREAM_CAPTURE_UNSUPPORTED) fail_device(status, "enqueue", "no such stream");
    }
}

void forget_streams() {
    forget_events();
    for (auto& [handle, stream] : streams().all()) stream->capture = nullptr;
    streams().clear();
}

} // namespace emulator

using namespace emulator;

extern "C" {

EMULATOR_EXPORT int cuStreamCreate(void** handle, unsigned flags) {
    return driver_call(__func__, CONTEXT, [&] {
        constexpr unsigned NON_BLOCKING = 1;
        if (handle == nullptr || flags > NON_BLOCKING) return INVALID_VALUE;
        *handle = streams().add(std::make_shared<Stream>(flags != NON_BLOCKING));
        return SUCCESS;
    });
}

EMULATOR_EXPORT int cuStreamCreateWithPriority(void** handle, unsigned flags, int) {
    return cuStreamCreate(handle, flags);
}

EMULATOR_EXPORT int cuStreamDestroy_v2(void* handle) {
    return driver_call(__func__, CONTEXT, [&] {
        StreamReference stream = streams().find(handle);
        if (stream == nullptr) return INVALID_HANDLE;
        if (stream->capture != nullptr) leave_capture(*stream);
        drain(*stream);
        streams().remove(handle);
        return device_error();
    });
}

EMULATOR_EXPORT int cuStreamSynchronize(void* handle) {
    return driver_call(__func__, CONTEXT, [&] {
        StreamReference stream = stream_of(handle);
        if (stream == nullptr) return INVALID_HANDLE;
        if (int status = refuse_if_captured(*stream)) return status;
        if (int status = refuse_while_capturing()) return status;
        drain(*stream);
        return device_error();
    });
}

/// Runs one piece of work at a call, so that who asks again and again sees the stream end at last.
EMULATOR_EXPORT int cuStreamQuery(void* handle) {
    return driver_call(__func__, CONTEXT, [&] {
        StreamReference stream = stream_of(handle);
        if (stream == nullptr) return INVALID_HANDLE;
        if (int status = refuse_if_captured(*stream)) return status;
        if (int status = refuse_while_capturing()) return status;
        if (stream->queue.empty()) return SUCCESS;
        run_until(*stream, stream->executed + 1);
        return device_error() == SUCCESS ? NOT_READY : device_error();
    });
}

} // extern "C"
