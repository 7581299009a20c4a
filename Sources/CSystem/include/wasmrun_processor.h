// What the processor can do; see Processor in SystemCalls.

#ifndef WASMRUN_PROCESSOR_H
#define WASMRUN_PROCESSOR_H

#include <stdint.h>

/// Extensions of x86-64, as the bits of `wasmrun_processor_extensions`.
enum {
  wasmrun_processor_ssse3 = 1 << 0,
  wasmrun_processor_sse4_1 = 1 << 1,
  wasmrun_processor_sse4_2 = 1 << 2,
  wasmrun_processor_popcnt = 1 << 3,
  wasmrun_processor_lzcnt = 1 << 4,
  wasmrun_processor_bmi1 = 1 << 5,
  wasmrun_processor_bmi2 = 1 << 6,
  wasmrun_processor_avx = 1 << 7,
  wasmrun_processor_avx2 = 1 << 8,
  wasmrun_processor_fma = 1 << 9,
  wasmrun_processor_fsgsbase = 1 << 10,
};

/// The extensions that processor and kernel support. Reads what the dynamic loader has found out:
/// no CPUID instruction, which costs tens of microseconds in a virtual machine.
uint32_t wasmrun_processor_extensions(void);

#endif
