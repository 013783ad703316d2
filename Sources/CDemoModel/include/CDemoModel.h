// The demo model's file, carried inside the binary wherever that is copied.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// A whole GGUF file, aligned to 64 bytes, in memory that is never written to; Tools/demo-model makes it.
const uint8_t *_Nonnull demo_model_bytes(void);
size_t demo_model_byte_count(void);
