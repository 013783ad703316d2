#if defined(__x86_64__)
#include <immintrin.h>
#include <stdint.h>
#include <string.h>
#include "ck_kernels.h"
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)
#include "../generic/ck_vector.inc"

#define CK_TABLE ck_kernels_avx2
#define CK_TOKENS 4
#define CK_GROUPS 1
#define CK_FLOAT_ROWS 2
#define CK_FLOAT_TOKENS 3
#define CK_S8_OFFSET 0

typedef struct ck_halves {
    __m256i low, high;
} ck_halves;
CK_INLINE ck_halves ck_split(v16i v) {
    ck_halves h;
    memcpy(&h, &v, sizeof h);
    return h;
}
CK_INLINE v16i ck_join(__m256i low, __m256i high) {
    ck_halves h = {low, high};
    v16i v;
    memcpy(&v, &h, sizeof v);
    return v;
}
/// 127 · 127 · 2 fits int16, so the saturating addition of vpmaddubsw never saturates.
CK_INLINE __m256i ck_dot_half(__m256i acc, __m256i w, __m256i x) {
    return _mm256_add_epi32(acc, _mm256_madd_epi16(_mm256_maddubs_epi16(w, x), _mm256_set1_epi16(1)));
}
CK_INLINE v16i ck_dot_u7(v16i acc, v16i w, int32_t x) {
    ck_halves a = ck_split(acc), b = ck_split(w);
    __m256i four = _mm256_set1_epi32(x);
    return ck_join(ck_dot_half(a.low, b.low, four), ck_dot_half(a.high, b.high, four));
}
/// The weight's sign moves to the activation; |−128| · 127 · 2 = 32512 still fits int16.
CK_INLINE __m256i ck_dot_signed_half(__m256i acc, __m256i w, __m256i x) {
    return ck_dot_half(acc, _mm256_abs_epi8(w), _mm256_sign_epi8(x, w));
}
CK_INLINE v16i ck_dot_s8(v16i acc, v16i w, int32_t x) {
    ck_halves a = ck_split(acc), b = ck_split(w);
    __m256i four = _mm256_set1_epi32(x);
    return ck_join(ck_dot_signed_half(a.low, b.low, four), ck_dot_signed_half(a.high, b.high, four));
}
CK_INLINE v16i ck_prepare_s8(v16i w) { return w; }
CK_INLINE v16i ck_madd16(v16i acc, v16i w, int32_t x) {
    ck_halves a = ck_split(acc), b = ck_split(w);
    __m256i two = _mm256_set1_epi32(x);
    return ck_join(_mm256_add_epi32(a.low, _mm256_madd_epi16(b.low, two)),
                   _mm256_add_epi32(a.high, _mm256_madd_epi16(b.high, two)));
}
CK_INLINE v16i ck_lookup(const int8_t levels[16], v16i codes) {
    ck_halves c = ck_split(codes);
    __m256i table = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)levels));
    return ck_join(_mm256_shuffle_epi8(table, c.low), _mm256_shuffle_epi8(table, c.high));
}
#define CK_SINGLE_TOKEN
#define CK_SINGLE_Q8_0_OFFSET 0
#include "ck_single_token.inc"
#include "ck_single_token_super_avx2.inc"
#include "ck_single_token_blocks_avx2.inc"
#define CK_ARRANGE_K ck_single_arrange_none
#define CK_ARRANGE_NIBBLES ck_single_arrange_none
#define CK_ARRANGE_BYTES ck_single_arrange_none
#include "ck_single_products.inc"
#include "../generic/ck_all.inc"
#pragma clang attribute pop
#endif
