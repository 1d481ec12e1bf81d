/// The driver's types and status codes, as far as the emulated device knows them, and tables of handles.
#pragma once

#include <cstdint>
#include <cstdio>
#include <map>
#include <memory>

#include "device.h"

using CUdeviceptr = unsigned long long;

/// Parameters of a kernel node: CUDA_KERNEL_NODE_PARAMS_v2 (`kernel` and `context` are not used here).
struct KernelNodeParameters {
    void* function;
    unsigned grid_x, grid_y, grid_z, block_x, block_y, block_z, shared_bytes;
    void** parameters;
    void** extra;
    void* kernel;
    void* context;
};

namespace emulator {

constexpr int SUCCESS = 0;
constexpr int INVALID_VALUE = 1;
constexpr int OUT_OF_MEMORY = 2;
constexpr int NOT_INITIALIZED = 3;
constexpr int NO_DEVICE = 100;
constexpr int INVALID_DEVICE = 101;
constexpr int INVALID_IMAGE = 200;
constexpr int INVALID_CONTEXT = 201;
constexpr int NO_BINARY_FOR_GPU = 209;
constexpr int INVALID_PTX = 218;
constexpr int UNSUPPORTED_PTX_VERSION = 222;
constexpr int INVALID_HANDLE = 400;
constexpr int ILLEGAL_STATE = 401;
constexpr int NOT_FOUND = 500;
constexpr int NOT_READY = 600;
constexpr int ILLEGAL_ADDRESS = 700;
constexpr int LAUNCH_OUT_OF_RESOURCES = 701;
constexpr int CONTEXT_IS_DESTROYED = 709;
constexpr int HOST_MEMORY_ALREADY_REGISTERED = 712;
constexpr int HOST_MEMORY_NOT_REGISTERED = 713;
constexpr int LAUNCH_FAILED = 719;
constexpr int NOT_SUPPORTED = 801;
constexpr int STREAM_CAPTURE_UNSUPPORTED = 900;
constexpr int STREAM_CAPTURE_INVALIDATED = 901;
constexpr int STREAM_CAPTURE_MERGE = 902;
constexpr int STREAM_CAPTURE_UNMATCHED = 903;
constexpr int STREAM_CAPTURE_UNJOINED = 904;
constexpr int STREAM_CAPTURE_ISOLATION = 905;
constexpr int STREAM_CAPTURE_IMPLICIT = 906;
constexpr int CAPTURED_EVENT = 907;
constexpr int STREAM_CAPTURE_WRONG_THREAD = 908;

/// Live objects by handle. A handle is a number that is never used again, so that one destroyed too early is found out.
/// Each kind begins elsewhere, so that a handle of another kind is found out too. Tables like these are never
/// destroyed: when the process ends, threads may still call.
template <class T>
class Handles {
public:
    explicit Handles(uintptr_t kind) : next(kind << 40) {}

    void* add(std::shared_ptr<T> object) {
        next += 16;
        live.emplace(next, std::move(object));
        return reinterpret_cast<void*>(next);
    }

    std::shared_ptr<T> find(void* handle) const {
        auto found = live.find(reinterpret_cast<uintptr_t>(handle));
        return found == live.end() ? nullptr : found->second;
    }

    bool remove(void* handle) { return live.erase(reinterpret_cast<uintptr_t>(handle)) == 1; }

    const std::map<uintptr_t, std::shared_ptr<T>>& all() const { return live; }

    void clear() { live.clear(); }

private:
    uintptr_t next;
    std::map<uintptr_t, std::shared_ptr<T>> live;
};

/// Prints the one line by which the emulator explains a refusal.
inline void explain(const char* function, const char* message) {
    std::fprintf(stderr, "emulator: %s: %s\n", function, message);
}

} // namespace emulator
