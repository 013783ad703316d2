#if defined(__aarch64__)
#include <arm_neon.h>
#include <stdint.h>
#include <string.h>
#include "ck_kernels.h"
#pragma clang attribute push(__attribute__((target("dotprod"))), apply_to = function)
#include "../generic/ck_vector.inc"

#define CK_TABLE ck_kernels_neon
#define CK_TOKENS 4
#define CK_GROUPS 1
#define CK_FLOAT_ROWS 2
#define CK_FLOAT_TOKENS 3
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
/// Low and high int16 of the lanes apart, so that each half multiplies one lane of the pair.
CK_INLINE v16i ck_madd16(v16i acc, v16i w, int32_t x) {
    ck_quarters a, b;
    memcpy(&a, &acc, sizeof a);
    memcpy(&b, &w, sizeof b);
    int16x4_t two = vreinterpret_s16_s32(vdup_n_s32(x));
    for (int i = 0; i < 4; i += 2) {
        int16x8_t p = vreinterpretq_s16_s32(b.part[i]), q = vreinterpretq_s16_s32(b.part[i + 1]);
        int16x8_t low = vuzp1q_s16(p, q), high = vuzp2q_s16(p, q);
        a.part[i] = vmlal_lane_s16(vmlal_lane_s16(a.part[i], vget_low_s16(low), two, 0), vget_low_s16(high), two, 1);
        a.part[i + 1] = vmlal_high_lane_s16(vmlal_high_lane_s16(a.part[i + 1], low, two, 0), high, two, 1);
    }
    memcpy(&acc, &a, sizeof acc);
    return acc;
}
CK_INLINE v16i ck_lookup(const int8_t levels[16], v16i codes) {
    ck_quarters c;
    memcpy(&c, &codes, sizeof c);
    int8x16_t table = vld1q_s8(levels);
    for (int i = 0; i < 4; i++) {
        c.part[i] = vreinterpretq_s32_s8(vqtbl1q_s8(table, vreinterpretq_u8_s32(c.part[i])));
    }
    memcpy(&codes, &c, sizeof codes);
    return codes;
}
#include "../generic/ck_all.inc"
#pragma clang attribute pop
#endif
