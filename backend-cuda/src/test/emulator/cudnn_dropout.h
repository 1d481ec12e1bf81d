/// Dropout descriptors, which an RNN descriptor needs too.
#pragma once

#include "cudnn_common.h"

namespace emulator::cudnn {

struct Dropout : Object {
    bool set = false;
    float rate = 0;
    void* states = nullptr;  // device memory: two 64-bit numbers, the seed and a counter of calls
};

}  // namespace emulator::cudnn
