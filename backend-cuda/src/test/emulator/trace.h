/// Counts and log of the calls, which tests read through the exported functions of trace.cpp.
#pragma once

#include <string>

namespace emulator {

/// Counts and logs a name that is no function call: "kernel NAME".
void trace(const std::string& name);

} // namespace emulator
