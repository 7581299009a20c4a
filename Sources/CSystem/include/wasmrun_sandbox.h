// Giving up rights for ever: kernel calls that glibc 2.36 does not wrap, or that Swift does not see.
// All return -1 and set errno on failure, unless they say otherwise.

#ifndef WASMRUN_SANDBOX_H
#define WASMRUN_SANDBOX_H

#include <stdint.h>

#pragma clang assume_nonnull begin

/// The version of Landlock's interface; -1 where the kernel lacks it or has it turned off.
int wasmrun_landlock_version(void);

/// A new ruleset's descriptor: everything in these sets is forbidden that no rule allows. `network`
/// and `scopes` must be 0 before versions 4 and 6.
int wasmrun_landlock_create_ruleset(uint64_t files, uint64_t network, uint64_t scopes);

/// Allows the ruleset's holder `access` to the directory and all below it, or to the file.
int wasmrun_landlock_allow_beneath(int ruleset, int directory, uint64_t access);

/// Restricts the calling thread, which needs wasmrun_forbid_new_privileges before.
int wasmrun_landlock_restrict(int ruleset);

/// No program that is executed gives this process rights that it has not (PR_SET_NO_NEW_PRIVS).
int wasmrun_forbid_new_privileges(void);

/// Readable memory is not executable by that alone, whatever the process was started with
/// (READ_IMPLIES_EXEC of personality(2)).
int wasmrun_separate_reading_from_executing(void);

/// Sets both the soft and the hard limit of a resource to `value`, or to the hard limit where that
/// is lower.
int wasmrun_limit_resource(int resource, uint64_t value);

extern const int wasmrun_rlimit_core;
extern const int wasmrun_rlimit_nofile;
extern const int wasmrun_rlimit_nproc;

/// Handles the signal of a system call that the filter has refused: writes `before`, the call's
/// name and `after` to `descriptor`, then lets the process die of SIGSYS. The texts must stay valid.
int wasmrun_report_violations(int descriptor, const char *before, const char *after);

/// The name of a system call of x86-64; NULL where it is not known here.
const char *_Nullable wasmrun_system_call_name(long number);

#pragma clang assume_nonnull end

#endif
