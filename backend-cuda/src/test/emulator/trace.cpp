/// The global lock, counts and log of the calls, failures on demand; and the functions by which tests reach them.
#include "trace.h"

#include <algorithm>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "context.h"
#include "memory.h"

namespace emulator {

namespace {

constexpr size_t LONGEST_LOG = 1'000'000;

struct Name {
    const std::string* text;
    long count = 0;
    int wanted = 0; // the status that the next call returns
};

std::recursive_mutex& global_lock() {
    static auto& lock = *new std::recursive_mutex();
    return lock;
}

std::unordered_map<std::string, Name>& names() {
    static auto& table = *new std::unordered_map<std::string, Name>();
    return table;
}

std::vector<const std::string*>& order() {
    static auto& log = *new std::vector<const std::string*>();
    return log;
}

Name& entry(const std::string& text) {
    auto [position, fresh] = names().try_emplace(text);
    if (fresh) position->second.text = &position->first;
    return position->second;
}

Name& note(const std::string& text) {
    Name& name = entry(text);
    name.count++;
    if (order().size() < LONGEST_LOG) order().push_back(name.text);
    return name;
}

} // namespace

Call::Call(const char* function) {
    global_lock().lock();
    Name& name = note(function);
    wanted = name.wanted;
    name.wanted = 0;
}

Call::~Call() { global_lock().unlock(); }

void trace(const std::string& name) { note(name); }

} // namespace emulator

using namespace emulator;

extern "C" {

/// Forgets counts, log, demanded failures, and a device error.
EMULATOR_EXPORT void emulator_reset(void) {
    std::lock_guard<std::recursive_mutex> hold(global_lock());
    order().clear();
    for (auto& [text, name] : names()) name.count = name.wanted = 0;
    clear_device_error();
}

/// Calls of a function since the last reset, e.g. "cuMemAlloc_v2", or launches of an own kernel: "kernel NAME".
EMULATOR_EXPORT long emulator_count(const char* function) {
    std::lock_guard<std::recursive_mutex> hold(global_lock());
    auto found = names().find(function);
    return found == names().end() ? 0 : found->second.count;
}

/// Writes the names of the calls since the last reset in order, a newline after each, and a final 0, as far as `size`
/// bytes hold them; returns the bytes that all of it needs.
EMULATOR_EXPORT long emulator_log(char* buffer, long size) {
    std::lock_guard<std::recursive_mutex> hold(global_lock());
    std::string text;
    for (const std::string* name : order()) text.append(*name).append(1, '\n');
    if (buffer != nullptr && size > 0) {
        size_t bytes = std::min(text.size(), static_cast<size_t>(size - 1));
        std::memcpy(buffer, text.data(), bytes);
        buffer[bytes] = 0;
    }
    return static_cast<long>(text.size() + 1);
}

/// Sets the bytes of device memory there are (at first 1 GiB).
EMULATOR_EXPORT void emulator_set_memory(size_t bytes) {
    std::lock_guard<std::recursive_mutex> hold(global_lock());
    set_device_memory(bytes);
}

/// Sets the compute capability, e.g. 80 for 8.0 (at first 7.5).
EMULATOR_EXPORT void emulator_set_capability(int capability) {
    std::lock_guard<std::recursive_mutex> hold(global_lock());
    set_capability(capability);
}

/// Bytes of device memory that are allocated now.
EMULATOR_EXPORT long emulator_live_bytes(void) {
    std::lock_guard<std::recursive_mutex> hold(global_lock());
    return static_cast<long>(device_memory_in_use());
}

/// Lets the next call of a function return this status and do nothing.
EMULATOR_EXPORT void emulator_fail_next(const char* function, int status) {
    std::lock_guard<std::recursive_mutex> hold(global_lock());
    entry(function).wanted = status;
}

} // extern "C"
