// What only C can say: SIMD intrinsics, CPU feature bits, and the system calls behind a worker pool.
#pragma once
#include "ck_features.h"
#include "ck_kernels.h"
#include "ck_threads.h"
