/// The emulated cuDNN's handle, versions, error texts, and the checks that all its functions share.

#include "cudnn_common.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace emulator::cudnn {

namespace {

const char* current_function = "";
std::string last_error;

void remember(const std::string& text) {
    last_error = std::string(current_function) + ": " + text;
    static const bool explain = std::getenv("EMULATOR_EXPLAIN") != nullptr;
    if (explain) std::fprintf(stderr, "emulator: %s\n", last_error.c_str());
}

}  // namespace

std::map<const void*, std::unique_ptr<Object>>& live_objects() {
    // Never destroyed: a Java cleaner may call in while the process ends.
    static auto* objects = new std::map<const void*, std::unique_ptr<Object>>();
    return *objects;
}

int entry(const char* function, const std::function<void()>& body) {
    Call call(function);
    current_function = function;
    if (call.status() != 0) {
        remember("failure asked for by a test");
        return call.status();
    }
    try {
        body();
        return success;
    } catch (const Failure& failure) {
        remember(failure.text);
        return failure.status;
    }
}

void require_memory(const char* argument, const void* address, size_t bytes, size_t alignment) {
    if (address == nullptr) throw Failure{bad_parameter, std::string(argument) + " is null"};
    if (bytes == 0) return;
    if (reinterpret_cast<uintptr_t>(address) % alignment != 0) {
        std::fprintf(stderr, "emulator: %s: %s is not aligned to %zu bytes\n", current_function, argument, alignment);
        throw Failure{execution_failed, std::string(argument) + " is misaligned"};
    }
    if (require_device(current_function, argument, address, bytes) != 0) {
        throw Failure{execution_failed, std::string(argument) + " is not device memory of the size needed"};
    }
}

void require_apart(const char* text, const void* a, size_t a_bytes, const void* b, size_t b_bytes) {
    if (a == nullptr || b == nullptr) return;
    auto first = static_cast<const char*>(a);
    auto second = static_cast<const char*>(b);
    if (first + a_bytes <= second || second + b_bytes <= first) return;
    std::fprintf(stderr, "emulator: %s: %s\n", current_function, text);
    throw Failure{execution_failed, text};
}

Blend read_blend(const void* alpha, const void* beta) {
    require_parameter(alpha != nullptr && beta != nullptr, "alpha or beta is null");
    require_parameter(!is_device(alpha, 1) && !is_device(beta, 1), "alpha and beta must be host memory");
    return {*static_cast<const float*>(alpha), *static_cast<const float*>(beta)};
}

void require_workspace(const void* address, size_t given, size_t needed) {
    require_parameter(given >= needed, "the workspace is too small");
    if (needed == 0) return;
    require_parameter(address != nullptr, "the workspace is null");
    require_memory("workspace", address, given);
}

void spoil(void* address, size_t bytes) {
    if (address != nullptr && bytes > 0) std::memset(address, 0xFF, bytes);
}

}  // namespace emulator::cudnn

using namespace emulator::cudnn;

CUDNN_FUNCTION cudnnCreate(void** handle) { return create<Handle>("cudnnCreate", handle); }

CUDNN_FUNCTION cudnnDestroy(void* handle) { return destroy<Handle>("cudnnDestroy", handle); }

CUDNN_FUNCTION cudnnSetStream(void* handle, void* stream) {
    return entry("cudnnSetStream", [&] {
        Handle& context = object<Handle>(handle, "handle");
        require_parameter(emulator::is_stream(stream), "no such stream");
        context.stream = stream;
    });
}

CUDNN_FUNCTION cudnnGetStream(void* handle, void** stream) {
    return entry("cudnnGetStream", [&] {
        require_parameter(stream != nullptr, "stream is null");
        *stream = object<Handle>(handle, "handle").stream;
    });
}

extern "C" __attribute__((visibility("default"))) size_t cudnnGetVersion() {
    emulator::Call call("cudnnGetVersion");
    return 90501;
}

extern "C" __attribute__((visibility("default"))) size_t cudnnGetCudartVersion() {
    emulator::Call call("cudnnGetCudartVersion");
    return 12060;
}

extern "C" __attribute__((visibility("default"))) const char* cudnnGetErrorString(int status) {
    emulator::Call call("cudnnGetErrorString");
    switch (status) {
        case success: return "CUDNN_STATUS_SUCCESS";
        case 1001: return "CUDNN_STATUS_NOT_INITIALIZED";
        case bad_parameter: return "CUDNN_STATUS_BAD_PARAM";
        case not_supported: return "CUDNN_STATUS_NOT_SUPPORTED";
        case internal_error: return "CUDNN_STATUS_INTERNAL_ERROR";
        case 4003: return "CUDNN_STATUS_INTERNAL_ERROR_HOST_ALLOCATION_FAILED";
        case 4004: return "CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED";
        case execution_failed: return "CUDNN_STATUS_EXECUTION_FAILED";
        default: return "CUDNN_UNKNOWN_STATUS";
    }
}

extern "C" __attribute__((visibility("default"))) void cudnnGetLastErrorString(char* message, size_t size) {
    emulator::Call call("cudnnGetLastErrorString");
    if (message == nullptr || size == 0) return;
    std::snprintf(message, size, "%s", last_error.c_str());
    last_error.clear();
}
