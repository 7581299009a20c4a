// What the processor can do: see wasmrun_processor.h.
#include "wasmrun_processor.h"

#include <sys/auxv.h>
#include <sys/platform/x86.h>

// Of the kernel's `AT_HWCAP2` on x86-64: it lets programs use FSGSBASE.
static const unsigned long kernel_fsgsbase = 1 << 1;

uint32_t wasmrun_processor_extensions(void) {
  uint32_t found = 0;
  if (CPU_FEATURE_ACTIVE(SSSE3)) found |= wasmrun_processor_ssse3;
  if (CPU_FEATURE_ACTIVE(SSE4_1)) found |= wasmrun_processor_sse4_1;
  if (CPU_FEATURE_ACTIVE(SSE4_2)) found |= wasmrun_processor_sse4_2;
  if (CPU_FEATURE_ACTIVE(POPCNT)) found |= wasmrun_processor_popcnt;
  if (CPU_FEATURE_ACTIVE(LZCNT)) found |= wasmrun_processor_lzcnt;
  if (CPU_FEATURE_ACTIVE(BMI1)) found |= wasmrun_processor_bmi1;
  if (CPU_FEATURE_ACTIVE(BMI2)) found |= wasmrun_processor_bmi2;
  if (CPU_FEATURE_ACTIVE(AVX)) found |= wasmrun_processor_avx;
  if (CPU_FEATURE_ACTIVE(AVX2)) found |= wasmrun_processor_avx2;
  if (CPU_FEATURE_ACTIVE(FMA)) found |= wasmrun_processor_fma;
  if (CPU_FEATURE_PRESENT(FSGSBASE) && (getauxval(AT_HWCAP2) & kernel_fsgsbase))
    found |= wasmrun_processor_fsgsbase;
  return found;
}
