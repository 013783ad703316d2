// The products of bfloat16 for processors that have an instruction for them.
#if defined(__x86_64__)
#include <immintrin.h>
#include <stdint.h>
#include <string.h>
#include "ck_bfloat_avx512.h"
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c,avx512f,avx512bw,avx512vl,avx512dq,avx512bf16"))), \
                             apply_to = function)
#include "../generic/ck_vector.inc"

#define CK_FLOAT_ROWS 4
#define CK_FLOAT_TOKENS 6
#define CK_NATIVE_BFLOAT
#include "../generic/ck_float_tiles.inc"
#include "../generic/ck_bfloat_products.inc"

void ck_multiply_bf16_avx512(const ck_float_product *p) { ck_multiply_bf16(p); }
void ck_round_bfloat_avx512(const float *input, int64_t columns, float *output) {
    ck_round_bfloat(input, columns, output);
}
#pragma clang attribute pop
#endif
