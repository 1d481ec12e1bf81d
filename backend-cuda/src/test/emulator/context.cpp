/// Driver, devices and contexts.
#include "context.h"

#include <cstdlib>
#include <string>
#include <vector>

#include "capture.h"
#include "memory.h"
#include "modules.h"
#include "streams.h"

namespace emulator {

namespace {

struct Context {
    int device;
    int retained = 0; // of a primary context
};

int from_environment(const char* name, int otherwise) {
    const char* text = std::getenv(name);
    return text == nullptr ? otherwise : std::atoi(text);
}

bool initialized = false;
int capability = from_environment("EMULATOR_CAPABILITY", 75);
int failure = SUCCESS;

Handles<Context>& contexts() {
    static auto& table = *new Handles<Context>(0x11);
    return table;
}

std::map<int, void*>& primary_contexts() {
    static auto& handles = *new std::map<int, void*>();
    return handles;
}

/// The context stack of the calling thread; its last element is current.
std::vector<void*>& current() {
    thread_local std::vector<void*> stack;
    return stack;
}

int device_count() { return from_environment("EMULATOR_DEVICES", 1); }

bool is_ordinal(int device) { return device >= 0 && device < device_count(); }

/// Ends a context: all work is done. What contexts own goes with the last of them.
void end_context(void* handle) {
    drain_all();
    contexts().remove(handle);
    if (!contexts().all().empty()) return;
    forget_modules();
    forget_captures();
    forget_streams();
    free_all_memory();
}

int attribute(int number) {
    switch (number) {
        case 1: return 1024; // threads a block
        case 2: return 1024; // extents of a block
        case 3: return 1024;
        case 4: return 64;
        case 5: return 2147483647; // extents of a grid
        case 6: return 65535;
        case 7: return 65535;
        case 8: return 48 * 1024; // shared memory a block
        case 9: return 64 * 1024; // constant memory
        case 10: return 32;       // warp
        case 12: return 65536;    // registers a block
        case 13: return 1000000;  // clock, kHz
        case 14: return 256;      // alignment of textures
        case 16: return 4;        // multiprocessors
        case 19: return 1;        // can map host memory
        case 36: return 1000000;  // memory clock, kHz
        case 37: return 64;       // bus width
        case 38: return 1 << 20;  // second-level cache
        case 39: return 1024;     // threads a multiprocessor
        case 41: return 1;        // unified addressing
        case 75: return capability / 10;
        case 76: return capability % 10;
        default: return 0;
    }
}

} // namespace

void set_capability(int value) { capability = value; }

int refusal(unsigned needs) {
    if ((needs & DRIVER) == DRIVER && !initialized) return NOT_INITIALIZED;
    if ((needs & CONTEXT) == CONTEXT) {
        if (current().empty()) return INVALID_CONTEXT;
        if (contexts().find(current().back()) == nullptr) return CONTEXT_IS_DESTROYED;
        if (failure != SUCCESS) return failure;
    }
    return (needs & NO_CAPTURE) == NO_CAPTURE ? refuse_while_capturing() : SUCCESS;
}

int device_error() { return failure; }

void clear_device_error() { failure = SUCCESS; }

void fail_device(int status, const char* function, const char* message) {
    explain(function, message);
    if (failure == SUCCESS) failure = status;
}

} // namespace emulator

using namespace emulator;

extern "C" {

EMULATOR_EXPORT int cuInit(unsigned flags) {
    return driver_call(__func__, NOTHING, [&] {
        if (flags != 0) return INVALID_VALUE;
        if (device_count() < 1) return NO_DEVICE;
        initialized = true;
        return SUCCESS;
    });
}

EMULATOR_EXPORT int cuDriverGetVersion(int* version) {
    return driver_call(__func__, NOTHING, [&] {
        if (version == nullptr) return INVALID_VALUE;
        *version = from_environment("EMULATOR_DRIVER", 12060);
        return SUCCESS;
    });
}

EMULATOR_EXPORT int cuDeviceGetCount(int* count) {
    return driver_call(__func__, DRIVER, [&] {
        if (count == nullptr) return INVALID_VALUE;
        *count = device_count();
        return SUCCESS;
    });
}

EMULATOR_EXPORT int cuDeviceGet(int* device, int ordinal) {
    return driver_call(__func__, DRIVER, [&] {
        if (device == nullptr) return INVALID_VALUE;
        if (!is_ordinal(ordinal)) return INVALID_DEVICE;
        *device = ordinal;
        return SUCCESS;
    });
}

EMULATOR_EXPORT int cuDeviceGetName(char* name, int length, int device) {
    return driver_call(__func__, DRIVER, [&] {
        if (name == nullptr || length < 1) return INVALID_VALUE;
        if (!is_ordinal(device)) return INVALID_DEVICE;
        std::snprintf(name, static_cast<size_t>(length), "Emulated GPU");
        return SUCCESS;
    });
}

EMULATOR_EXPORT int cuDeviceGetAttribute(int* value, int number, int device) {
    return driver_call(__func__, DRIVER, [&] {
        if (value == nullptr || number < 1) return INVALID_VALUE;
        if (!is_ordinal(device)) return INVALID_DEVICE;
        *value = attribute(number);
        return SUCCESS;
    });
}

EMULATOR_EXPORT int cuDeviceComputeCapability(int* major, int* minor, int device) {
    return driver_call(__func__, DRIVER, [&] {
        if (major == nullptr || minor == nullptr) return INVALID_VALUE;
        if (!is_ordinal(device)) return INVALID_DEVICE;
        *major = attribute(75);
        *minor = attribute(76);
        return SUCCESS;
    });
}

EMULATOR_EXPORT int cuDeviceTotalMem_v2(size_t* bytes, int device) {
    return driver_call(__func__, DRIVER, [&] {
        if (bytes == nullptr) return INVALID_VALUE;
        if (!is_ordinal(device)) return INVALID_DEVICE;
        *bytes = device_memory();
        return SUCCESS;
    });
}

EMULATOR_EXPORT int cuDevicePrimaryCtxRetain(void** context, int device) {
    return driver_call(__func__, DRIVER, [&] {
        if (context == nullptr) return INVALID_VALUE;
        if (!is_ordinal(device)) return INVALID_DEVICE;
        void*& handle = primary_contexts()[device];
        if (contexts().find(handle) == nullptr) handle = contexts().add(std::make_shared<Context>(Context{device}));
        contexts().find(handle)->retained++;
        *context = handle;
        return SUCCESS;
    });
}

EMULATOR_EXPORT int cuDevicePrimaryCtxRelease_v2(int device) {
    return driver_call(__func__, DRIVER, [&] {
        if (!is_ordinal(device)) return INVALID_DEVICE;
        void* handle = primary_contexts()[device];
        auto context = contexts().find(handle);
        if (context == nullptr) return INVALID_CONTEXT;
        if (--context->retained == 0) end_context(handle);
        return SUCCESS;
    });
}

EMULATOR_EXPORT int cuCtxCreate_v2(void** context, unsigned, int device) {
    return driver_call(__func__, DRIVER, [&] {
        if (context == nullptr) return INVALID_VALUE;
        if (!is_ordinal(device)) return INVALID_DEVICE;
        *context = contexts().add(std::make_shared<Context>(Context{device}));
        current().push_back(*context);
        return SUCCESS;
    });
}

EMULATOR_EXPORT int cuCtxDestroy_v2(void* handle) {
    return driver_call(__func__, DRIVER, [&] {
        auto context = contexts().find(handle);
        if (context == nullptr || context->retained > 0) return INVALID_CONTEXT;
        if (!current().empty() && current().back() == handle) current().pop_back();
        end_context(handle);
        return SUCCESS;
    });
}

EMULATOR_EXPORT int cuCtxSetCurrent(void* context) {
    return driver_call(__func__, DRIVER, [&] {
        if (context != nullptr && contexts().find(context) == nullptr) return INVALID_CONTEXT;
        if (!current().empty()) current().pop_back();
        if (context != nullptr) current().push_back(context);
        return SUCCESS;
    });
}

EMULATOR_EXPORT int cuCtxGetCurrent(void** context) {
    return driver_call(__func__, DRIVER, [&] {
        if (context == nullptr) return INVALID_VALUE;
        *context = current().empty() ? nullptr : current().back();
        return SUCCESS;
    });
}

EMULATOR_EXPORT int cuCtxPushCurrent_v2(void* context) {
    return driver_call(__func__, DRIVER, [&] {
        if (contexts().find(context) == nullptr) return INVALID_CONTEXT;
        current().push_back(context);
        return SUCCESS;
    });
}

EMULATOR_EXPORT int cuCtxPopCurrent_v2(void** context) {
    return driver_call(__func__, DRIVER, [&] {
        if (current().empty()) return INVALID_CONTEXT;
        if (context != nullptr) *context = current().back();
        current().pop_back();
        return SUCCESS;
    });
}

EMULATOR_EXPORT int cuCtxGetDevice(int* device) {
    return driver_call(__func__, CONTEXT, [&] {
        if (device == nullptr) return INVALID_VALUE;
        *device = contexts().find(current().back())->device;
        return SUCCESS;
    });
}

EMULATOR_EXPORT int cuCtxSynchronize(void) {
    return driver_call(__func__, NO_CAPTURE, [&] {
        if (int status = refuse_while_any_capture()) return status;
        drain_all();
        return device_error();
    });
}

} // extern "C"
