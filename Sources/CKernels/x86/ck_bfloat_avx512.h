#pragma once
#include "ck_kernels.h"

void ck_multiply_bf16_avx512(const ck_float_product *_Nonnull p);
void ck_round_bfloat_avx512(const float *_Nonnull input, int64_t columns, float *_Nonnull output);
