// libseccomp, and those of its macros that Swift does not see.
#include <seccomp.h>

/// The action that lets a call fail with `error`.
static inline uint32_t wasmrun_seccomp_error(uint16_t error) { return SCMP_ACT_ERRNO(error); }
