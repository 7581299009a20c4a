// A planned fault is thread-local, so that tests running side by side do not disturb each other.
#include "wasmrun_faults.h"

struct wasmrun_fault *wasmrun_planned_fault(void) {
  static _Thread_local struct wasmrun_fault fault = {.call = -1};
  return &fault;
}
