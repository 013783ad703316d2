// The definition of every kernel, for any CPU: no instruction set beyond the compiler's baseline.
#include "ck_vector.inc"

#define CK_TABLE ck_kernels_scalar
#define CK_TOKENS 4
#define CK_GROUPS 1
#define CK_FLOAT_ROWS 2
#define CK_FLOAT_TOKENS 3
#define CK_S8_OFFSET 0

CK_INLINE v16i ck_dot_s8(v16i acc, v16i w, int32_t x) {
    for (int byte = 0; byte < 4; byte++) {
        acc += ((w << (24 - 8 * byte)) >> 24) * (int32_t)(int8_t)((uint32_t)x >> (8 * byte));
    }
    return acc;
}
CK_INLINE v16i ck_dot_u7(v16i acc, v16i w, int32_t x) { return ck_dot_s8(acc, w, x); }
CK_INLINE v16i ck_prepare_s8(v16i w) { return w; }
CK_INLINE v16i ck_madd16(v16i acc, v16i w, int32_t x) {
    return acc + ((w << 16) >> 16) * (int32_t)(int16_t)x + (w >> 16) * (x >> 16);
}
CK_INLINE v16i ck_lookup(const int8_t levels[16], v16i codes) {
    v64b c = (v64b)codes;
    for (int i = 0; i < 64; i++) c[i] = levels[c[i] & 15];
    return (v16i)c;
}
#include "ck_all.inc"
