// The contracts of the compute kernels. Each instruction set exports one table with the same functions; the scalar table is
// the definition, and every other one gives the same bits for the same input (fused multiply-adds and a fixed order of
// summation everywhere; integer sums are exact).
//
// Shapes: T tokens, K columns of a weight matrix (the length of a dot product), D head dimension.
#pragma once
#include <stdint.h>

/// Token activations quantized to int8 for the block formats.
/// A group of `group` consecutive values (32 or 256) shares one scale: value = scale · quant, scale = max|x| / 127.
typedef struct ck_activations {
    const int8_t *_Nonnull quants;   // [T, K]
    const float *_Nonnull scales;    // [T, K / group]
    const int16_t *_Nonnull sums_16;  // [T, K / 16]: sums of 16 consecutive quants
    const int16_t *_Nonnull sums_32;  // [T, K / 32]: sums of 32 consecutive quants
    int64_t columns;                 // K
    int64_t tokens;                  // T
} ck_activations;

/// One range of rows of a product `output[t, row] = Σ_k input[t, k] · weights[row, k]` over quantized weights.
typedef struct ck_block_product {
    const uint8_t *_Nonnull weights;  // row 0 of the matrix, in its block format; no alignment asked
    int64_t row_bytes;                // bytes from one row to the next
    int64_t row_begin, row_end;       // rows to compute; row_begin is a multiple of 16
    ck_activations input;
    float *_Nonnull output;           // [T, output_stride]; element [t, row] is written for rows of the range
    int64_t output_stride;
    float *_Nonnull scratch;          // T · 32 floats, 64-byte aligned, private to the caller
    const int8_t *_Nullable levels;   // what codes stand for, where the format has a table; see ck_kernels
} ck_block_product;

/// The same over plain numbers: weights of 8, 16, 32 or 64 bits, which become float32, and float32 activations; or weights
/// bfloat16 and activations as `round_bfloat` of the same table leaves them.
/// Summation: 16 running sums by fused multiply-add, over k mod 16 or, with bfloat16, over (k / 2) mod 16, where the second
/// column of a pair comes first; then halves added (8, 4, 2, 1).
typedef struct ck_float_product {
    const void *_Nonnull weights;
    int64_t row_bytes;
    int64_t row_begin, row_end;
    const float *_Nonnull input;     // [T, input_stride]
    int64_t input_stride;            // at least `columns` rounded up to 16 (bfloat16: 32); what lies past `columns` is zero
    int64_t columns, tokens;
    float *_Nonnull output;          // [T, output_stride]
    int64_t output_stride;
} ck_float_product;

/// Tokens per block of the key/value cache.
#define CK_CACHE_BLOCK 32

/// Attention of up to CK_ATTENTION_QUERIES queries over one key/value head of one sequence.
/// A cache block holds a head's keys and then its values. In float32, float16 and bfloat16 keys are [D, 32] and values [32, D];
/// how int8 lies is drawn in ck_attention_q8_0.inc.
/// One pass with running maximum, block by block from position 0: the bits do not depend on the company of a query.
/// Keys and values behind a query's key_counts do not reach its output, be they infinite or NaN.
typedef struct ck_attention {
    const float *_Nonnull const *_Nonnull queries;  // [query_count] → [D], already scaled by 1/√D
    float *_Nonnull const *_Nonnull outputs;        // [query_count] → [D]
    const int32_t *_Nonnull key_counts;             // [query_count]: keys that a query sees, at least 1
    int64_t query_count;
    const uint8_t *_Nonnull const *_Nonnull blocks; // block table: base address of each cache block
    int64_t head_offset;                            // bytes from a block's base to this layer's and head's keys
    int64_t head_dimension;                         // D, a multiple of 16 (int8: of 32)
} ck_attention;

/// What is done with a cache of one element type.
typedef struct ck_cache_kernels {
    void (*_Nonnull attend)(const ck_attention *_Nonnull attention);
    /// Rounds one token's key and value head `[D]` and stores them into a cache block at `slot` (0..<32).
    /// Only that token's bytes change.
    void (*_Nonnull store)(
        const float *_Nonnull key, const float *_Nonnull value, int64_t head_dimension, uint8_t *_Nonnull head,
        int64_t slot);
} ck_cache_kernels;

#define CK_ATTENTION_QUERIES 8
#define CK_MAX_HEAD_DIMENSION 256

/// Adds up what `product` describes.
typedef void (*ck_block_product_function)(const ck_block_product *_Nonnull product);
typedef void (*ck_float_product_function)(const ck_float_product *_Nonnull product);

typedef struct ck_kernels {
    /// Quantizes one token: `columns` is a multiple of `group`, `group` is 32 or 256. NaN gives scale NaN and quants 0.
    void (*_Nonnull quantize)(
        const float *_Nonnull input, int64_t columns, int64_t group, int8_t *_Nonnull quants, float *_Nonnull scales,
        int16_t *_Nonnull sums_16, int16_t *_Nonnull sums_32);

    // Group 256.
    ck_block_product_function _Nonnull multiply_q4k, multiply_q5k, multiply_q6k;
    // Group 32.
    ck_block_product_function _Nonnull multiply_q8_0, multiply_q4_0, multiply_q4_1, multiply_q5_0, multiply_q5_1;
    // Group 256, without a table.
    ck_block_product_function _Nonnull multiply_q2k, multiply_q3k, multiply_tq1_0, multiply_tq2_0;
    // Group 32 and group 256 with a table of 16 levels.
    ck_block_product_function _Nonnull multiply_iq4nl, multiply_mxfp4, multiply_iq4xs;
    // Group 256 with a grid of small vectors, magnitudes at most 63: 256 (IQ2_XXS), 512 (IQ2_XS), 1024 (IQ2_S) or 2048 (IQ1, in
    // eighths) times 8 levels, 256 (IQ3_XXS) or 512 (IQ3_S) times 4.
    ck_block_product_function _Nonnull multiply_iq1s, multiply_iq1m, multiply_iq2xxs, multiply_iq2xs, multiply_iq2s,
        multiply_iq3xxs, multiply_iq3s;
    ck_float_product_function _Nonnull multiply_f64, multiply_f32, multiply_f16, multiply_bf16, multiply_f8_e4m3,
        multiply_f8_e5m2;
    /// Rounds one token's activations to bfloat16, halves to even, and leaves them in the order in which `multiply_bf16` meets
    /// them; `output` has room for `columns` rounded up to 32, and all that it uses is written.
    void (*_Nonnull round_bfloat)(const float *_Nonnull input, int64_t columns, float *_Nonnull output);

    /// Plain numbers round to nearest, halves to even; bfloat16 takes what is below 1.2e-38 for zero. q8_0 has int8 with one
    /// float16 scale per token and 32 channels: NaN and infinities give the scale NaN.
    ck_cache_kernels cache_f32, cache_f16, cache_bf16, cache_q8_0;

    /// output = input · weight / √(mean(input²) + epsilon). Zhang & Sennrich 2019, arXiv:1910.07467.
    void (*_Nonnull rms_norm)(
        const float *_Nonnull input, const float *_Nonnull weight, int64_t count, float epsilon,
        float *_Nonnull output);
    /// Rotates one head in place: pair i is (2i, 2i+1) where `interleaved`, else (i, i + pairs); cosines and sines are
    /// [pairs]. Su et al. 2021, arXiv:2104.09864.
    void (*_Nonnull rotate)(
        float *_Nonnull head, int64_t pairs, const float *_Nonnull cosines, const float *_Nonnull sines,
        int interleaved);
    /// output = gate · sigmoid(gate) · up. Shazeer 2020, arXiv:2002.05202 (SwiGLU).
    void (*_Nonnull silu_multiply)(
        const float *_Nonnull gate, const float *_Nonnull up, int64_t count, float *_Nonnull output);
    /// accumulator += input
    void (*_Nonnull add)(float *_Nonnull accumulator, const float *_Nonnull input, int64_t count);

    /// Reads `count` bytes once; the result only keeps the reads.
    int32_t (*_Nonnull read_bytes)(const void *_Nonnull bytes, int64_t count);
    /// Does `count` (a multiple of 16) vector dot products of 64 int8 multiply-adds each, nothing else.
    int32_t (*_Nonnull dot_peak)(int64_t count, int32_t seed);
    /// Does `count` (a multiple of 16) vector multiply-adds of 16 float32 values each, nothing else; gives the bits of their sum,
    /// which is the same everywhere as long as it is exact.
    int32_t (*_Nonnull float_peak)(int64_t count, float seed);
} ck_kernels;

extern const ck_kernels ck_kernels_scalar;
#if defined(__x86_64__)
extern const ck_kernels ck_kernels_avx2;
extern const ck_kernels ck_kernels_avx512;
#endif
#if defined(__aarch64__)
extern const ck_kernels ck_kernels_neon;
#endif
