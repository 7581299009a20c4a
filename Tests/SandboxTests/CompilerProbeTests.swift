// The compiler, taken over by a module that it compiles, tries every system call there is.

import Testing

@Suite struct CompilerProbeTests {
  static let list: Set = [
    "write", "close", "mprotect", "munmap", "mremap", "brk", "futex", "set_robust_list", "rseq",
    "exit", "gettid", "sched_yield", "sysinfo", "exit_group", "getpid", "rt_sigprocmask",
    "clock_gettime", "restart_syscall", "clone3", "openat",
  ]

  @Test func onlyTheDocumentedListPasses() throws {
    try RunnerProbeTests.expect(Self.list, passing: ["compiler"])
  }

  @Test func workFileAndRunnersEnd() throws {
    try RunnerProbeTests.expect(
      Self.list.union(["pwrite64", "ftruncate", "poll"]), passing: ["tier-compiler"])
  }

  @Test func threadsAreAllItCanStart() throws {
    let calls = ["clone 17", "clone 0x4111", "clone 0x01200011", "mmap 0 4096 5 0x22 -1 0"]
    for (call, result) in zip(calls, try Probe.make(calls, policy: ["compiler"])) {
      #expect(result.isRefused, "\(call)")
    }
    // CLONE_THREAD without what it needs.
    #expect(try Probe.make(["clone 0x10000"], policy: ["compiler"]) == [.returned(-22)])
  }
}
