#if defined(__x86_64__)
#include <immintrin.h>
#include <stdint.h>
#include <string.h>
#include "ck_bfloat_avx512.h"
#include "ck_features.h"
#include "ck_kernels.h"
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c,avx512f,avx512bw,avx512vl,avx512dq,avx512vnni"))), \
                             apply_to = function)
#include "../generic/ck_vector.inc"

#define CK_TABLE ck_kernels_avx512
#define CK_TOKENS 4
#define CK_GROUPS 2
#define CK_FLOAT_ROWS 4
#define CK_FLOAT_TOKENS 6
#define CK_S8_OFFSET 128  // vpdpbusd takes unsigned weights

CK_INLINE v16i ck_dot_u7(v16i acc, v16i w, int32_t x) {
    return (v16i)_mm512_dpbusd_epi32((__m512i)acc, (__m512i)w, _mm512_set1_epi32(x));
}
CK_INLINE v16i ck_dot_s8(v16i acc, v16i w, int32_t x) { return ck_dot_u7(acc, w, x); }
CK_INLINE v16i ck_prepare_s8(v16i w) { return w ^ (int32_t)0x80808080; }
CK_INLINE v16i ck_madd16(v16i acc, v16i w, int32_t x) {
    return (v16i)_mm512_dpwssd_epi32((__m512i)acc, (__m512i)w, _mm512_set1_epi32(x));
}
CK_INLINE v16i ck_lookup(const int8_t levels[16], v16i codes) {
    __m512i table = _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)levels));
    return (v16i)_mm512_shuffle_epi8(table, (__m512i)codes);
}
#define CK_SINGLE_TOKEN
#define CK_SINGLE_LOW_BIT
#define CK_SINGLE_Q8_0_OFFSET 7  // vpdpbusd takes signed bytes with 128 added
#include "ck_single_token.inc"
#include "ck_single_token_super_avx512.inc"
#include "ck_single_token_blocks_avx512.inc"
#include "ck_single_token_low_bit_avx512.inc"
#define CK_ARRANGE_K ck_single_arrange_k
#define CK_ARRANGE_NIBBLES ck_single_arrange_nibbles
#define CK_ARRANGE_BYTES ck_single_arrange_bytes
#include "ck_single_products.inc"

/// Some processors have an instruction for bfloat16.
static void ck_multiply_bf16(const ck_float_product *p);
static void ck_round_bfloat(const float *input, int64_t columns, float *output);
static void ck_multiply_bf16_either(const ck_float_product *p) {
    if (ck_cpu_has_avx512_bf16()) {
        ck_multiply_bf16_avx512(p);
    } else {
        ck_multiply_bf16(p);
    }
}
static void ck_round_bfloat_either(const float *input, int64_t columns, float *output) {
    if (ck_cpu_has_avx512_bf16()) {
        ck_round_bfloat_avx512(input, columns, output);
    } else {
        ck_round_bfloat(input, columns, output);
    }
}
#define CK_MULTIPLY_BF16 ck_multiply_bf16_either
#define CK_ROUND_BFLOAT ck_round_bfloat_either
#include "../generic/ck_all.inc"
#pragma clang attribute pop
#endif
