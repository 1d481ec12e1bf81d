/// Copies and fills of device memory.
///
/// The synchronous forms belong to the default stream: they wait for it and for the streams that take part in its
/// order, but not for streams made with CU_STREAM_NON_BLOCKING, as on a device.
#include <vector>

#include "context.h"
#include "host_memory.h"
#include "streams.h"

namespace emulator {

namespace {

void* pointer(CUdeviceptr address) { return reinterpret_cast<void*>(address); }

int require(const char* function, CUdeviceptr address, size_t bytes) {
    return require_device(function, "address", pointer(address), bytes);
}

/// A copy that looks again at its memory when it runs: it may have been freed or unregistered meanwhile. `host` is the
/// one of both that is host memory, or null.
Work later(const char* function, void* target, const void* source, size_t bytes, const void* host) {
    return [=] {
        auto usable = [=](const void* address) {
            return address == host ? is_registered(address, bytes) : is_device(address, bytes);
        };
        if (usable(target) && usable(source)) {
            std::memcpy(target, source, bytes);
        } else {
            fail_device(ILLEGAL_ADDRESS, function, "runs after its memory was freed or unregistered");
        }
    };
}

int to_device(const char* function, CUdeviceptr target, const void* source, size_t bytes, void* stream) {
    if (bytes == 0) return SUCCESS;
    if (int status = require_host(function, source, bytes)) return status;
    if (int status = require(function, target, bytes)) return status;
    if (is_registered(source, bytes)) {
        return submit(stream, Kind::COPY, later(function, pointer(target), source, bytes, source));
    }
    if (capturing(stream)) {
        return submit(stream, Kind::COPY, [=] { std::memcpy(pointer(target), source, bytes); });
    }
    auto* bytes_now = static_cast<const unsigned char*>(source);
    auto staged = std::make_shared<std::vector<unsigned char>>(bytes_now, bytes_now + bytes);
    return submit(stream, Kind::COPY, [=] { std::memcpy(pointer(target), staged->data(), bytes); });
}

int to_host(const char* function, void* target, CUdeviceptr source, size_t bytes, void* stream) {
    if (bytes == 0) return SUCCESS;
    if (int status = require_host(function, target, bytes)) return status;
    if (int status = require(function, source, bytes)) return status;
    bool registered = is_registered(target, bytes);
    int status = submit(stream, Kind::COPY, registered ? later(function, target, pointer(source), bytes, target)
                                                       : Work([=] { std::memcpy(target, pointer(source), bytes); }));
    if (status != SUCCESS || registered || capturing(stream)) return status;
    drain(*stream_of(stream)); // ordinary host memory: the copy is over when the call returns
    return device_error();
}

int on_device(const char* function, CUdeviceptr target, CUdeviceptr source, size_t bytes, void* stream) {
    if (bytes == 0) return SUCCESS;
    if (int status = require(function, target, bytes)) return status;
    if (int status = require(function, source, bytes)) return status;
    if (target < source + bytes && source < target + bytes) {
        explain(function, "source and target overlap");
        return INVALID_VALUE;
    }
    return submit(stream, Kind::COPY, later(function, pointer(target), pointer(source), bytes, nullptr));
}

template <class Element>
int fill(const char* function, CUdeviceptr target, Element value, size_t count, void* stream) {
    size_t bytes = count * sizeof(Element);
    if (target % sizeof(Element) != 0) return INVALID_VALUE;
    if (int status = require(function, target, bytes)) return status;
    if (count == 0) return SUCCESS;
    return submit(stream, Kind::FILL, [=] {
        if (!is_device(pointer(target), bytes)) {
            fail_device(ILLEGAL_ADDRESS, function, "runs after its memory was freed");
            return;
        }
        auto* elements = static_cast<Element*>(pointer(target));
        for (size_t i = 0; i < count; i++) elements[i] = value;
    });
}

/// Runs a copy on the default stream and waits for it.
template <class Copy>
int synchronously(Copy copy) {
    if (int status = copy()) return status;
    drain(*stream_of(nullptr));
    return device_error();
}

} // namespace

} // namespace emulator

using namespace emulator;

extern "C" {

EMULATOR_EXPORT int cuMemcpyHtoD_v2(CUdeviceptr target, const void* source, size_t bytes) {
    return driver_call(__func__, NO_CAPTURE, [&] {
        return synchronously([&] { return to_device("cuMemcpyHtoD_v2", target, source, bytes, nullptr); });
    });
}

EMULATOR_EXPORT int cuMemcpyDtoH_v2(void* target, CUdeviceptr source, size_t bytes) {
    return driver_call(__func__, NO_CAPTURE, [&] {
        return synchronously([&] { return to_host("cuMemcpyDtoH_v2", target, source, bytes, nullptr); });
    });
}

/// Like a device, does not wait: it is only in order on the default stream.
EMULATOR_EXPORT int cuMemcpyDtoD_v2(CUdeviceptr target, CUdeviceptr source, size_t bytes) {
    return driver_call(__func__, NO_CAPTURE,
                       [&] { return on_device("cuMemcpyDtoD_v2", target, source, bytes, nullptr); });
}

EMULATOR_EXPORT int cuMemcpyHtoDAsync_v2(CUdeviceptr target, const void* source, size_t bytes, void* stream) {
    return driver_call(__func__, CONTEXT,
                       [&] { return to_device("cuMemcpyHtoDAsync_v2", target, source, bytes, stream); });
}

EMULATOR_EXPORT int cuMemcpyDtoHAsync_v2(void* target, CUdeviceptr source, size_t bytes, void* stream) {
    return driver_call(__func__, CONTEXT,
                       [&] { return to_host("cuMemcpyDtoHAsync_v2", target, source, bytes, stream); });
}

EMULATOR_EXPORT int cuMemcpyDtoDAsync_v2(CUdeviceptr target, CUdeviceptr source, size_t bytes, void* stream) {
    return driver_call(__func__, CONTEXT,
                       [&] { return on_device("cuMemcpyDtoDAsync_v2", target, source, bytes, stream); });
}

EMULATOR_EXPORT int cuMemsetD8_v2(CUdeviceptr target, uint8_t value, size_t count) {
    return driver_call(__func__, NO_CAPTURE, [&] { return fill("cuMemsetD8_v2", target, value, count, nullptr); });
}

EMULATOR_EXPORT int cuMemsetD16_v2(CUdeviceptr target, uint16_t value, size_t count) {
    return driver_call(__func__, NO_CAPTURE, [&] { return fill("cuMemsetD16_v2", target, value, count, nullptr); });
}

EMULATOR_EXPORT int cuMemsetD32_v2(CUdeviceptr target, uint32_t value, size_t count) {
    return driver_call(__func__, NO_CAPTURE, [&] { return fill("cuMemsetD32_v2", target, value, count, nullptr); });
}

EMULATOR_EXPORT int cuMemsetD8Async(CUdeviceptr target, uint8_t value, size_t count, void* stream) {
    return driver_call(__func__, CONTEXT, [&] { return fill("cuMemsetD8Async", target, value, count, stream); });
}

EMULATOR_EXPORT int cuMemsetD16Async(CUdeviceptr target, uint16_t value, size_t count, void* stream) {
    return driver_call(__func__, CONTEXT, [&] { return fill("cuMemsetD16Async", target, value, count, stream); });
}

EMULATOR_EXPORT int cuMemsetD32Async(CUdeviceptr target, uint32_t value, size_t count, void* stream) {
    return driver_call(__func__, CONTEXT, [&] { return fill("cuMemsetD32Async", target, value, count, stream); });
}

} // extern "C"
