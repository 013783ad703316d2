// The part of libFuzzer that starts it from a main function of one's own.
// Source: FuzzerInterface.h in github.com/llvm/llvm-project, compiler-rt/include/fuzzer.
#pragma once
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerRunDriver(
    int *_Nonnull argc, char *_Nullable *_Nullable *_Nonnull argv,
    int (*_Nonnull test_one_input)(const uint8_t *_Nullable bytes, size_t count));
