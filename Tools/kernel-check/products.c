// Products with quantized weights and with plain numbers.
#include <string.h>
#include "kernel_check.h"

typedef struct block_format {
    const char *name;
    size_t member;         // offset of the function in ck_kernels
    int64_t group, bytes;  // columns and bytes of a block
    int halves[2];         // offsets of its float16 fields; −1: none
} block_format;

static const block_format formats[] = {
    {"multiply_q4k", offsetof(ck_kernels, multiply_q4k), 256, 144, {0, 2}},
    {"multiply_q5k", offsetof(ck_kernels, multiply_q5k), 256, 176, {0, 2}},
    {"multiply_q6k", offsetof(ck_kernels, multiply_q6k), 256, 210, {208, -1}},
    {"multiply_q8_0", offsetof(ck_kernels, multiply_q8_0), 32, 34, {0, -1}},
    {"multiply_q4_0", offsetof(ck_kernels, multiply_q4_0), 32, 18, {0, -1}},
    {"multiply_q4_1", offsetof(ck_kernels, multiply_q4_1), 32, 20, {0, 2}},
    {"multiply_q5_0", offsetof(ck_kernels, multiply_q5_0), 32, 22, {0, -1}},
    {"multiply_q5_1", offsetof(ck_kernels, multiply_q5_1), 32, 24, {0, 2}},
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
    }
    return blocks;
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
    {"multiply_f32", offsetof(ck_kernels, multiply_f32), 4},
    {"multiply_f16", offsetof(ck_kernels, multiply_f16), 2},
    {"multiply_bf16", offsetof(ck_kernels, multiply_bf16), 2},
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

/// Finite weights: random float32, or random 16-bit patterns with an exponent near the middle.
static void *random_weights(const float_format *format, int64_t count) {
    if (format->bytes == 4) return random_floats(count, 2);
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
    if (format->bytes == 2) {  // every pattern of 16 bits, times one
        uint16_t *every = exact_buffer(65536 * sizeof(uint16_t));
        int flushes = format->member == offsetof(ck_kernels, multiply_bf16);  // an instruction takes the smallest for zero
        for (int i = 0; i < 65536; i++) every[i] = flushes && (i & 0x7F80) == 0 ? (uint16_t)(i & 0x8000) : (uint16_t)i;
        check_float_product(format, every, 1, 65536, 0, 1);
        release_buffers();
    }
    end_family();
}

void check_products(void) {
    for (int f = 0; f < COUNT(formats); f++) check_block_format(&formats[f]);
    for (int f = 0; f < COUNT(float_formats); f++) check_float_format(&float_formats[f]);
}
