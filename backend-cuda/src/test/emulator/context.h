/// What every driver function checks before it does anything: driver, context, device error, captures.
#pragma once

#include "driver_types.h"

namespace emulator {

/// What a function needs before it may run.
enum Need : unsigned {
    NOTHING = 0,
    DRIVER = 1,            // cuInit was called
    CONTEXT = 2 | DRIVER,  // the thread has a current context, and the device has not failed
    NO_CAPTURE = 4 | CONTEXT, // "potentially unsafe": refused while a capture forbids such calls to this thread
};

/// The status that refuses a function with these needs, or 0.
int refusal(unsigned needs);

/// Sets the compute capability, e.g. 75 for 7.5.
void set_capability(int value);

void clear_device_error();
int device_error();

/// Runs the body of an exported function between the checks that all have in common.
template <class Body>
int driver_call(const char* function, unsigned needs, Body body) {
    Call call(function);
    if (call.status() != SUCCESS) return call.status();
    if (int status = refusal(needs)) return status;
    return body();
}

} // namespace emulator
