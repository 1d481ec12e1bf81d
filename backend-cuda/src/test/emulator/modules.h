/// Modules of PTX and the launching of their kernels.
#pragma once

#include "graph.h"

namespace emulator {

/// Reads a launch: checks it and copies its parameters. Returns 0 and the action, or the status that refuses it.
int kernel_action(const char* function, const KernelNodeParameters* launch, std::shared_ptr<const Action>& action);

void forget_modules();

} // namespace emulator
