/// Device memory. It is host memory full of NaN (0xFF), so that what was never written is noticed in every result; it
/// is filled again when it is freed; and bytes before and behind it, checked then, tell of writes past either end.
#include "memory.h"

#include <algorithm>
#include <cstdlib>

#include "context.h"
#include "host_memory.h"
#include "streams.h"

namespace emulator {

namespace {

constexpr size_t GUARD = 256; // bytes; also the alignment of device memory
constexpr unsigned char GUARD_BYTE = 0xA5;
constexpr unsigned char UNWRITTEN = 0xFF;

size_t memory = size_t(1) << 30;
size_t in_use = 0;

/// Sizes in bytes, by address.
std::map<uintptr_t, size_t>& allocations() {
    static auto& table = *new std::map<uintptr_t, size_t>();
    return table;
}

size_t rounded(size_t bytes) { return (bytes + GUARD - 1) / GUARD * GUARD; }

/// Allocated are a guard, the bytes, and all that is left up to the end of a second guard.
size_t bytes_behind(size_t bytes) { return rounded(bytes) - bytes + GUARD; }

bool intact(const unsigned char* guard, size_t bytes) {
    return std::all_of(guard, guard + bytes, [](unsigned char byte) { return byte == GUARD_BYTE; });
}

uintptr_t allocate(size_t bytes) {
    auto* start = static_cast<unsigned char*>(std::aligned_alloc(GUARD, GUARD + rounded(bytes) + GUARD));
    if (start == nullptr) return 0;
    std::memset(start, GUARD_BYTE, GUARD);
    std::memset(start + GUARD, UNWRITTEN, bytes);
    std::memset(start + GUARD + bytes, GUARD_BYTE, bytes_behind(bytes));
    auto address = reinterpret_cast<uintptr_t>(start + GUARD);
    allocations().emplace(address, bytes);
    in_use += rounded(bytes);
    return address;
}

/// Frees one allocation and returns the next; a broken guard fails the device.
std::map<uintptr_t, size_t>::iterator release(std::map<uintptr_t, size_t>::iterator allocation) {
    auto [address, bytes] = *allocation;
    auto* data = reinterpret_cast<unsigned char*>(address);
    if (!intact(data - GUARD, GUARD)) {
        fail_device(ILLEGAL_ADDRESS, "cuMemFree_v2", "something was written before the start of this memory");
    }
    if (!intact(data + bytes, bytes_behind(bytes))) {
        fail_device(ILLEGAL_ADDRESS, "cuMemFree_v2", "something was written behind the end of this memory");
    }
    std::memset(data, UNWRITTEN, bytes);
    std::free(data - GUARD);
    in_use -= rounded(bytes);
    return allocations().erase(allocation);
}

/// The allocation that begins at or before an address, or end().
std::map<uintptr_t, size_t>::iterator before(uintptr_t address) {
    auto next = allocations().upper_bound(address);
    return next == allocations().begin() ? allocations().end() : std::prev(next);
}

} // namespace

size_t device_memory() { return memory; }

size_t device_memory_in_use() { return in_use; }

void set_device_memory(size_t bytes) { memory = bytes; }

void free_all_memory() {
    for (auto each = allocations().begin(); each != allocations().end();) each = release(each);
    forget_host_memory();
}

bool is_device(const void* pointer, size_t bytes) {
    auto address = reinterpret_cast<uintptr_t>(pointer);
    auto allocation = before(address);
    if (allocation != allocations().end()) {
        size_t offset = address - allocation->first, size = allocation->second;
        if (offset < size && bytes <= size - offset) return true;
    }
    return is_mapped(pointer, bytes);
}

bool is_device_or_end(const void* pointer) {
    auto address = reinterpret_cast<uintptr_t>(pointer);
    auto allocation = before(address);
    bool inside = allocation != allocations().end() && address - allocation->first <= allocation->second;
    return inside || is_mapped(pointer, 1);
}

int require_device(const char* function, const char* argument, const void* address, size_t bytes) {
    if (bytes == 0 || is_device(address, bytes)) return SUCCESS;
    std::fprintf(stderr, "emulator: %s: %s: the %zu bytes at %p are not device memory\n", function, argument, bytes,
                 address);
    return ILLEGAL_ADDRESS;
}

} // namespace emulator

using namespace emulator;

extern "C" {

EMULATOR_EXPORT int cuMemGetInfo_v2(size_t* free, size_t* total) {
    return driver_call(__func__, CONTEXT, [&] {
        if (free == nullptr || total == nullptr) return INVALID_VALUE;
        *free = memory > in_use ? memory - in_use : 0;
        *total = memory;
        return SUCCESS;
    });
}

EMULATOR_EXPORT int cuMemAlloc_v2(CUdeviceptr* address, size_t bytes) {
    return driver_call(__func__, NO_CAPTURE, [&] {
        if (address == nullptr || bytes == 0) return INVALID_VALUE;
        if (bytes > memory || rounded(bytes) > memory - std::min(memory, in_use)) return OUT_OF_MEMORY;
        *address = allocate(bytes);
        return *address == 0 ? OUT_OF_MEMORY : SUCCESS;
    });
}

EMULATOR_EXPORT int cuMemFree_v2(CUdeviceptr address) {
    return driver_call(__func__, NO_CAPTURE, [&] {
        drain_all();
        auto allocation = allocations().find(address);
        if (allocation == allocations().end()) {
            explain("cuMemFree_v2", "this is not the start of live memory");
            return INVALID_VALUE;
        }
        release(allocation);
        return device_error();
    });
}

EMULATOR_EXPORT int cuMemGetAddressRange_v2(CUdeviceptr* base, size_t* bytes, CUdeviceptr address) {
    return driver_call(__func__, CONTEXT, [&] {
        auto allocation = before(address);
        if (allocation == allocations().end() || address - allocation->first >= allocation->second) return NOT_FOUND;
        if (base != nullptr) *base = allocation->first;
        if (bytes != nullptr) *bytes = allocation->second;
        return SUCCESS;
    });
}

} // extern "C"
