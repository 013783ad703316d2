#include "CDemoModel.h"

// The assembler takes the file in as it stands: an array literal of millions of numbers would take the compiler minutes.
#if defined(__APPLE__)
__asm__(".section __TEXT,__const\n"
        ".balign 64\n"
        ".globl _demo_model_begin\n"
        "_demo_model_begin:\n"
        ".incbin \"demo.gguf\"\n"
        ".globl _demo_model_end\n"
        "_demo_model_end:\n"
        ".byte 0\n"
        ".text\n");
#else
__asm__(".pushsection .rodata\n"
        ".balign 64\n"
        ".globl demo_model_begin\n"
        "demo_model_begin:\n"
        ".incbin \"demo.gguf\"\n"
        ".globl demo_model_end\n"
        "demo_model_end:\n"
        ".byte 0\n"
        ".popsection\n");
#endif

extern const uint8_t demo_model_begin[] __attribute__((visibility("hidden")));
extern const uint8_t demo_model_end[] __attribute__((visibility("hidden")));

const uint8_t *demo_model_bytes(void) { return demo_model_begin; }
size_t demo_model_byte_count(void) { return (size_t)(demo_model_end - demo_model_begin); }
