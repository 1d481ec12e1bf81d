/// Registered host memory: asynchronous copies read and write it when they run, all other host memory when they are
/// called.
#include "host_memory.h"

#include <cstdlib>

#include "context.h"
#include "streams.h"

namespace emulator {

namespace {

struct Range {
    size_t bytes;
    bool owned;  // allocated here
    bool mapped; // its device address was asked for
};

std::map<uintptr_t, Range>& ranges() {
    static auto& table = *new std::map<uintptr_t, Range>();
    return table;
}

uintptr_t number(const void* address) { return reinterpret_cast<uintptr_t>(address); }

/// The range that holds the first of these bytes, or end().
std::map<uintptr_t, Range>::iterator holding(uintptr_t address) {
    auto next = ranges().upper_bound(address);
    if (next == ranges().begin()) return ranges().end();
    auto range = std::prev(next);
    return address - range->first < range->second.bytes ? range : ranges().end();
}

bool overlaps(uintptr_t address, size_t bytes) {
    auto next = ranges().lower_bound(address);
    return holding(address) != ranges().end() || (next != ranges().end() && next->first - address < bytes);
}

int allocate_host(void** address, size_t bytes, bool mapped) {
    if (address == nullptr || bytes == 0) return INVALID_VALUE;
    *address = std::aligned_alloc(4096, (bytes + 4095) / 4096 * 4096);
    if (*address == nullptr) return OUT_OF_MEMORY;
    ranges()[number(*address)] = {bytes, true, mapped};
    return SUCCESS;
}

} // namespace

bool is_registered(const void* address, size_t bytes) {
    auto range = holding(number(address));
    return range != ranges().end() && bytes <= range->second.bytes - (number(address) - range->first);
}

bool is_mapped(const void* address, size_t bytes) {
    return is_registered(address, bytes) && holding(number(address))->second.mapped;
}

int require_host(const char* function, const void* address, size_t bytes) {
    if (address == nullptr) return INVALID_VALUE;
    if (is_registered(address, bytes) || !overlaps(number(address), bytes)) return SUCCESS;
    explain(function, "only a part of the host memory is registered");
    return INVALID_VALUE;
}

void forget_host_memory() {
    for (auto& [address, range] : ranges()) {
        if (range.owned) std::free(reinterpret_cast<void*>(address));
    }
    ranges().clear();
}

} // namespace emulator

using namespace emulator;

extern "C" {

EMULATOR_EXPORT int cuMemHostRegister_v2(void* address, size_t bytes, unsigned) {
    return driver_call(__func__, NO_CAPTURE, [&] {
        if (address == nullptr || bytes == 0) return INVALID_VALUE;
        if (overlaps(number(address), bytes)) return HOST_MEMORY_ALREADY_REGISTERED;
        ranges()[number(address)] = {bytes, false, false};
        return SUCCESS;
    });
}

/// Does not wait for copies that still use the memory: those fail the device when they run.
EMULATOR_EXPORT int cuMemHostUnregister(void* address) {
    return driver_call(__func__, NO_CAPTURE, [&] {
        auto range = ranges().find(number(address));
        if (range == ranges().end() || range->second.owned) return HOST_MEMORY_NOT_REGISTERED;
        ranges().erase(range);
        return SUCCESS;
    });
}

EMULATOR_EXPORT int cuMemHostAlloc(void** address, size_t bytes, unsigned flags) {
    return driver_call(__func__, NO_CAPTURE, [&] { return allocate_host(address, bytes, (flags & 2) != 0); });
}

EMULATOR_EXPORT int cuMemAllocHost_v2(void** address, size_t bytes) {
    return driver_call(__func__, NO_CAPTURE, [&] { return allocate_host(address, bytes, false); });
}

EMULATOR_EXPORT int cuMemFreeHost(void* address) {
    return driver_call(__func__, NO_CAPTURE, [&] {
        drain_all();
        auto range = ranges().find(number(address));
        if (range == ranges().end() || !range->second.owned) return INVALID_VALUE;
        std::free(address);
        ranges().erase(range);
        return device_error();
    });
}

/// The device address of registered memory is its own; from now on kernels may use it.
EMULATOR_EXPORT int cuMemHostGetDevicePointer_v2(CUdeviceptr* device, void* address, unsigned flags) {
    return driver_call(__func__, CONTEXT, [&] {
        if (device == nullptr || flags != 0) return INVALID_VALUE;
        auto range = holding(number(address));
        if (range == ranges().end()) return INVALID_VALUE;
        range->second.mapped = true;
        *device = number(address);
        return SUCCESS;
    });
}

} // extern "C"
