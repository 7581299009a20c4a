// The policy of the process that compiles: memory, threads, and the descriptors it was given.

import SystemCalls

extension SandboxPolicy {
  /// What LLVM takes to compile from memory to memory: no file can be opened at all.
  package static let compiler: SandboxPolicy = {
    var policy = SandboxPolicy()
    policy.resourceLimits = [ResourceLimit(.coreByteCount, 0)]
    policy.systemCalls = [descriptors, memory, threads, itself]
    // malloc wants to know the machine's way of overcommitting, and lives without.
    policy.missingCalls = [SystemCallRule("clone3"), SystemCallRule("openat")]
    return policy
  }()

  /// The same for the compiler that works while the program runs: it goes on from the work of an
  /// earlier run, which is in a file that it was given, and ends with the runner.
  package static let tierCompiler: SandboxPolicy = {
    var policy = SandboxPolicy.compiler
    policy.systemCalls.append(workFile)
    return policy
  }()

  /// And for the baseline compiler's process, which learns by a pipe that the runner has ended.
  package static let runningCompiler: SandboxPolicy = {
    var policy = SandboxPolicy.compiler
    policy.systemCalls.append(
      SystemCallGroup("the runner's end", [SystemCallRule("read")]))
    return policy
  }()

  private static let workFile = SystemCallGroup(
    "the file of unfinished work, and the runner's end",
    [SystemCallRule("pwrite64"), SystemCallRule("ftruncate"), SystemCallRule("poll")])

  private static let descriptors = SystemCallGroup(
    "the image and the report", [SystemCallRule("write"), SystemCallRule("close")])

  private static let threads = SystemCallGroup(
    "threads",
    [
      SystemCallRule(
        "clone", ArgumentCondition(0, .bits(cloneThread, of: cloneThread), "CLONE_THREAD")),
      SystemCallRule("set_robust_list"), SystemCallRule("rseq"), SystemCallRule("exit"),
      SystemCallRule("gettid"), SystemCallRule("sched_yield"),
      // What pthread_create handles so that setuid(2) reaches all threads.
      SystemCallRule("rt_sigaction", ArgumentCondition(0, .equals(33), "SIGSETXID")),
    ])

  private static let cloneThread: UInt64 = 0x10000

  private static let itself = SystemCallGroup(
    "the process itself",
    [
      SystemCallRule("exit_group"), SystemCallRule("getpid"), SystemCallRule("rt_sigprocmask"),
      SystemCallRule("rt_sigreturn"), SystemCallRule("clock_gettime"),
      SystemCallRule("restart_syscall"), SystemCallRule("sysinfo"),
    ])
}
