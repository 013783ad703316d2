#if defined(__aarch64__)
#include <arm_neon.h>
#include <stdint.h>
#include <string.h>
#include "ck_kernels.h"
#pragma clang attribute push(__attribute__((target("dotprod"))), apply_to = function)
#include "../generic/ck_vector.inc"

#define CK_TABLE ck_kernels_neon
#define CK_TOKENS 4
#define CK_S8_OFFSET 0

typedef struct ck_quarters {
    int32x4_t part[4];
} ck_quarters;

CK_INLINE v16i ck_dot_s8(v16i acc, v16i w, int32_t x) {
    ck_quarters a, b;
    memcpy(&a, &acc, sizeof a);
    memcpy(&b, &w, sizeof b);
    int8x16_t four = vreinterpretq_s8_s32(vdupq_n_s32(x));
    for (int i = 0; i < 4; i++) a.part[i] = vdotq_s32(a.part[i], vreinterpretq_s8_s32(b.part[i]), four);
    memcpy(&acc, &a, sizeof acc);
    return acc;
}
CK_INLINE v16i ck_dot_u7(v16i acc, v16i w, int32_t x) { return ck_dot_s8(acc, w, x); }
CK_INLINE v16i ck_prepare_s8(v16i w) { return w; }
CK_INLINE v16i ck_madd16(v16i acc, v16i w, int32_t x) {
    return acc + ((w << 16) >> 16) * (int32_t)(int16_t)x + (w >> 16) * (x >> 16);
}
#include "../generic/ck_all.inc"
#pragma clang attribute pop
#endif
