// The fault that a test has planned for the calling thread; see FaultInjection in SystemCalls.

#ifndef WASMRUN_FAULTS_H
#define WASMRUN_FAULTS_H

/// What the thread's next calls of one kind answer.
struct wasmrun_fault {
  /// The call's number in `SystemCall`; negative where no fault is planned.
  int call;
  /// Calls that still succeed first.
  int calls_before;
  /// Calls that then fail.
  int failures;
  /// The errno they fail with.
  int error;
};

/// The calling thread's own; valid as long as the thread.
struct wasmrun_fault *_Nonnull wasmrun_planned_fault(void);

#endif
