// Products with quantized weights and with plain numbers.
#include <string.h>
#include "kernel_check.h"

typedef struct block_format {
    const char *name;
    size_t member;         // offset of the function in ck_kernels
    int64_t group, bytes;  // columns and bytes of a block
    int halves[2];         // offsets of its float16 fields; −1: none
    int level_count;       // numbers in its table of levels; 0: none
    int largest_level;     // their largest magnitude
    int tame;              // offset of a byte that no random bits may fill, because it has an exponent; −1: none
    uint8_t keep, set;     // of the tame byte, these bits stay random, and these are set
} block_format;

static const block_format formats[] = {
    {"multiply_q2k", offsetof(ck_kernels, multiply_q2k), 256, 84, {80, 82}, 0, 0, -1, 0x0, 0x0},
    {"multiply_q3k", offsetof(ck_kernels, multiply_q3k), 256, 110, {108, -1}, 0, 0, -1, 0x0, 0x0},
    {"multiply_q4k", offsetof(ck_kernels, multiply_q4k), 256, 144, {0, 2}, 0, 0, -1, 0x0, 0x0},
    {"multiply_q5k", offsetof(ck_kernels, multiply_q5k), 256, 176, {0, 2}, 0, 0, -1, 0x0, 0x0},
    {"multiply_q6k", offsetof(ck_kernels, multiply_q6k), 256, 210, {208, -1}, 0, 0, -1, 0x0, 0x0},
    {"multiply_tq1_0", offsetof(ck_kernels, multiply_tq1_0), 256, 54, {52, -1}, 0, 0, -1, 0x0, 0x0},
    {"multiply_tq2_0", offsetof(ck_kernels, multiply_tq2_0), 256, 66, {64, -1}, 0, 0, -1, 0x0, 0x0},
    {"multiply_iq4xs", offsetof(ck_kernels, multiply_iq4xs), 256, 136, {0, -1}, 16, 127, -1, 0x0, 0x0},
    {"multiply_iq1s", offsetof(ck_kernels, multiply_iq1s), 256, 50, {0, -1}, 16384, 62, -1, 0x0, 0x0},
    {"multiply_iq1m", offsetof(ck_kernels, multiply_iq1m), 256, 56, {-1, -1}, 16384, 62, 55, 0xBF, 0x0},
    {"multiply_iq2xxs", offsetof(ck_kernels, multiply_iq2xxs), 256, 66, {0, -1}, 2048, 63, -1, 0x0, 0x0},
    {"multiply_iq2xs", offsetof(ck_kernels, multiply_iq2xs), 256, 74, {0, -1}, 4096, 63, -1, 0x0, 0x0},
    {"multiply_iq2s", offsetof(ck_kernels, multiply_iq2s), 256, 82, {0, -1}, 8192, 63, -1, 0x0, 0x0},
    {"multiply_iq3xxs", offsetof(ck_kernels, multiply_iq3xxs), 256, 98, {0, -1}, 1024, 63, -1, 0x0, 0x0},
    {"multiply_iq3s", offsetof(ck_kernels, multiply_iq3s), 256, 110, {0, -1}, 2048, 63, -1, 0x0, 0x0},
    {"multiply_q8_0", offsetof(ck_kernels, multiply_q8_0), 32, 34, {0, -1}, 0, 0, -1, 0x0, 0x0},
    {"multiply_q4_0", offsetof(ck_kernels, multiply_q4_0), 32, 18, {0, -1}, 0, 0, -1, 0x0, 0x0},
    {"multiply_q4_1", offsetof(ck_kernels, multiply_q4_1), 32, 20, {0, 2}, 0, 0, -1, 0x0, 0x0},
    {"multiply_q5_0", offsetof(ck_kernels, multiply_q5_0), 32, 22, {0, -1}, 0, 0, -1, 0x0, 0x0},
    {"multiply_q5_1", offsetof(ck_kernels, multiply_q5_1), 32, 24, {0, 2}, 0, 0, -1, 0x0, 0x0},
    {"multiply_iq4nl", offsetof(ck_kernels, multiply_iq4nl), 32, 18, {0, -1}, 16, 127, -1, 0x0, 0x0},
    {"multiply_mxfp4", offsetof(ck_kernels, multiply_mxfp4), 32, 17, {-1, -1}, 16, 127, 0, 0x3F, 0x40},
};
static const int64_t super_columns[] = {256, 512, 2816}, block_columns[] = {32, 96, 320};
static const int64_t token_counts[] = {1, 2, 3, 4, 5, 8, 9, 17}, row_counts[] = {1, 15, 16, 17, 48};
#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

static int64_t output_stride(int64_t rows, int64_t tokens) { return rows + (tokens & 3); }

/// Random blocks; where `extreme`, the bytes that bring sums nearest to overflow and saturation.
static uint8_t *random_blocks(const block_format *format, int64_t count, int extreme) {
    static const uint8_t extremes[] = {0x80, 0x7F, 0xFF, 0x81};
    uint8_t *blocks = random_bytes(count * format->bytes);
    for (int64_t i = 0; extreme && i < count * format->bytes; i++) blocks[i] = extremes[i / 64 % 4];
    for (int64_t b = 0; b < count; b++) {
        for (int i = 0; i < 2; i++) {
            if (format->halves[i] < 0) continue;
            uint16_t half = random_half();
            memcpy(blocks + b * format->bytes + format->halves[i], &half, sizeof half);
        }
        if (format->tame < 0) continue;
        uint8_t *byte = blocks + b * format->bytes + format->tame;
        *byte = (*byte & format->keep) | format->set;
    }
    return blocks;
}

/// A table of levels; where `extreme`, only of the largest.
static const int8_t *random_levels(const block_format *format, int extreme) {
    if (format->level_count == 0) return NULL;
    int8_t *levels = exact_buffer((size_t)format->level_count);
    int largest = format->largest_level;
    for (int i = 0; i < format->level_count; i++) {
        uint64_t bits = random_bits();
        levels[i] = (int8_t)(extreme ? (bits & 1 ? largest : -largest) : (int)(bits % (2 * (unsigned)largest + 1)) - largest);
    }
    return levels;
}

static ck_activations random_activations(int64_t tokens, int64_t columns, int64_t group, int extreme) {
    int8_t *quants = exact_buffer((size_t)(tokens * columns));
    float *scales = exact_buffer((size_t)(tokens * columns / group) * sizeof(float));
    int16_t *sums_16 = exact_buffer((size_t)(tokens * columns / 16) * sizeof(int16_t));
    int16_t *sums_32 = exact_buffer((size_t)(tokens * columns / 32) * sizeof(int16_t));
    for (int64_t t = 0; t < tokens; t++) {
        float *input = random_floats(columns, 3);
        for (int64_t k = 0; extreme && k < columns; k++) input[k] = k / 32 % 3 == 0 ? -1 : 1;
        tables[0].kernels->quantize(
            input, columns, group, quants + t * columns, scales + t * columns / group, sums_16 + t * columns / 16,
            sums_32 + t * columns / 32);
    }
    return (ck_activations){quants, scales, sums_16, sums_32, columns, tokens};
}

/// Compares [tokens, stride] floats, also those outside the rows of the range: they stay untouched.
static void expect_product(const table *t, const float *expected, const float *actual, int64_t tokens, int64_t row_begin,
                           int64_t rows, int64_t columns) {
    expect_floats(t, expected, actual, tokens * output_stride(rows, tokens), "%lld tokens, rows %lld..<%lld, %lld columns",
                  (long long)tokens, (long long)row_begin, (long long)rows, (long long)columns);
}

static void check_block_product(
    const block_format *format, int64_t tokens, int64_t rows, int64_t columns, int64_t row_begin, int extreme) {
    int64_t stride = output_stride(rows, tokens);
    ck_block_product product = {
        .weights = random_blocks(format, rows * columns / format->group, extreme),
        .row_bytes = columns / format->group * format->bytes,
        .row_begin = row_begin,
        .row_end = rows,
        .input = random_activations(tokens, columns, format->group, extreme),
        .output_stride = stride,
        .scratch = exact_buffer((size_t)tokens * 128),
        .levels = random_levels(format, extreme),
    };
    float *expected = NULL;
    for (int i = 0; i < table_count; i++) {
        product.output = exact_buffer((size_t)(tokens * stride) * sizeof(float));
        ck_block_product_function multiply;
        memcpy(&multiply, (const uint8_t *)tables[i].kernels + format->member, sizeof multiply);
        multiply(&product);
        if (i == 0) expected = product.output;
        else expect_product(&tables[i], expected, product.output, tokens, row_begin, rows, columns);
    }
    release_buffers();
}

static void check_block_format(const block_format *format) {
    begin_family(format->name);
    const int64_t *columns = format->group == 256 ? super_columns : block_columns;
    for (int t = 0; t < COUNT(token_counts); t++) {
        for (int r = 0; r < COUNT(row_counts); r++) {
            for (int c = 0; c < 3; c++) {
                seed_numbers((uint64_t)(100 * t + 10 * r + c));
                check_block_product(format, token_counts[t], row_counts[r], columns[c], 0, 0);
            }
        }
        check_block_product(format, token_counts[t], 48, columns[1], 16, 0);
        check_block_product(format, token_counts[t], 17, columns[1], 0, 1);
    }
    // A single token's product works on 16384 columns at a time.
    check_block_product(format, 1, 6, 16384 + columns[1], 0, 0);
    end_family();
}

typedef struct float_format {
    const char *name;
    size_t member;
    int64_t bytes;
} float_format;
static const float_format float_formats[] = {
    {"multiply_f64", offsetof(ck_kernels, multiply_f64), 8},
    {"multiply_f32", offsetof(ck_kernels, multiply_f32), 4},
    {"multiply_f16", offsetof(ck_kernels, multiply_f16), 2},
    {"multiply_bf16", offsetof(ck_kernels, multiply_bf16), 2},
    {"multiply_f8_e4m3", offsetof(ck_kernels, multiply_f8_e4m3), 1},
    {"multiply_f8_e5m2", offsetof(ck_kernels, multiply_f8_e5m2), 1},
};

/// The input as the product of this table takes it.
static const float *prepared_input(
    const float_format *format, const ck_kernels *kernels, const float *input, int64_t tokens, int64_t columns, int64_t stride) {
    if (format->member != offsetof(ck_kernels, multiply_bf16)) return input;
    float *rounded = exact_buffer((size_t)(tokens * stride) * sizeof(float));
    for (int64_t t = 0; t < tokens; t++) kernels->round_bfloat(input + t * stride, columns, rounded + t * stride);
    return rounded;
}

static void check_float_product(
    const float_format *format, const void *weights, int64_t tokens, int64_t rows, int64_t row_begin, int64_t columns) {
    int64_t input_stride = (columns + 31) / 32 * 32, stride = output_stride(rows, tokens);
    float *input = random_floats(tokens * input_stride, 2);
    for (int64_t t = 0; t < tokens; t++) {
        for (int64_t k = columns; k < input_stride; k++) input[t * input_stride + k] = 0;
        if (columns == 1) input[t * input_stride] = 1;
    }
    float *expected = NULL;
    for (int i = 0; i < table_count; i++) {
        ck_float_product product = {
            weights, columns * format->bytes, row_begin, rows,
            prepared_input(format, tables[i].kernels, input, tokens, columns, input_stride), input_stride, columns, tokens,
            exact_buffer((size_t)(tokens * stride) * sizeof(float)), stride,
        };
        ck_float_product_function multiply;
        memcpy(&multiply, (const uint8_t *)tables[i].kernels + format->member, sizeof multiply);
        multiply(&product);
        if (i == 0) expected = product.output;
        else expect_product(&tables[i], expected, product.output, tokens, row_begin, rows, columns);
    }
}

/// Finite weights: random float32 and float64, or random patterns with an exponent near the middle.
static void *random_weights(const float_format *format, int64_t count) {
    if (format->bytes == 4) return random_floats(count, 2);
    if (format->bytes == 8) {
        double *wide = exact_buffer((size_t)count * sizeof(double));
        for (int64_t i = 0; i < count; i++) wide[i] = (double)(int64_t)random_bits() * 0x1p-62;
        return wide;
    }
    if (format->bytes == 1) {  // below the upper half of the exponents
        uint8_t *narrow = random_bytes(count);
        for (int64_t i = 0; i < count; i++) narrow[i] &= 0xBF;
        return narrow;
    }
    uint16_t *weights = exact_buffer((size_t)count * sizeof(uint16_t));
    for (int64_t i = 0; i < count; i++) {
        uint64_t bits = random_bits();
        weights[i] = format->member == offsetof(ck_kernels, multiply_f16)
                         ? random_half()
                         : (uint16_t)((bits & 0x807F) | ((120 + (bits >> 32) % 8) << 7));
    }
    return weights;
}

static void check_float_format(const float_format *format) {
    static const int64_t columns[] = {1, 7, 15, 16, 17, 31, 33, 100, 256, 259, 4500};
    begin_family(format->name);
    for (int t = 0; t < COUNT(token_counts); t++) {
        for (int r = 0; r < COUNT(row_counts); r++) {
            for (int c = 0; c < COUNT(columns); c++) {
                int64_t rows = row_counts[r];
                seed_numbers((uint64_t)(1000 * t + 100 * r + c));
                const void *weights = random_weights(format, rows * columns[c]);
                check_float_product(format, weights, token_counts[t], rows, rows > 16 ? 16 : 0, columns[c]);
                release_buffers();
            }
        }
    }
    if (format->bytes <= 2) {  // every pattern of 8 or 16 bits, times one
        int count = 1 << (8 * format->bytes);
        int flushes = format->member == offsetof(ck_kernels, multiply_bf16);  // an instruction takes the smallest for zero
        uint8_t *every = exact_buffer((size_t)count * (size_t)format->bytes);
        for (int i = 0; i < count; i++) {
            uint16_t bits = flushes && (i & 0x7F80) == 0 ? (uint16_t)(i & 0x8000) : (uint16_t)i;
            memcpy(every + i * format->bytes, &bits, (size_t)format->bytes);
        }
        check_float_product(format, every, 1, count, 0, 1);
        release_buffers();
    }
    end_family();
}

void check_products(void) {
    for (int f = 0; f < COUNT(formats); f++) check_block_format(&formats[f]);
    for (int f = 0; f < COUNT(float_formats); f++) check_float_format(&float_formats[f]);
}
