// The policy of the process that runs a guest.
//
// The list was made from the code: what WASI's functions, libuv, the memory allocator and the end of
// a process call. A test makes every system call there is in a process that is locked down.

import SystemCalls

extension SandboxPolicy {
  /// What running a guest with these grants takes, and nothing else.
  package static func runner(_ grants: SandboxGrants) -> SandboxPolicy {
    var policy = SandboxPolicy()
    policy.resourceLimits = [ResourceLimit(.coreByteCount, 0)]
    // To the kernel a thread is one more process.
    if !grants.hasThreads { policy.resourceLimits.append(ResourceLimit(.processCount, 0)) }
    if let limit = grants.descriptorLimit {
      policy.resourceLimits.append(ResourceLimit(.descriptorCount, limit))
    }
    policy.directories = grants.directories
    policy.systemCalls = [data, openFiles, memory, time, waiting, itself]
    if !grants.directories.isEmpty { policy.systemCalls.append(readingDirectories) }
    if grants.directories.contains(where: { !$0.isReadOnly }) {
      policy.systemCalls.append(changingDirectories)
    }
    if grants.hasSockets { policy.systemCalls.append(sockets) }
    policy.missingCalls = [SystemCallRule("clone3")]
    if grants.hasThreads {
      policy.systemCalls.append(threads)
      // malloc's pools for threads ask for these, and do without.
      policy.missingCalls.append(SystemCallRule("sched_getaffinity"))
      if grants.directories.isEmpty { policy.missingCalls.append(SystemCallRule("openat")) }
    }
    return policy
  }

  /// Numbers that no header of Swift's view has.
  private enum Number {
    static let protExec: UInt64 = 4
    static let mapAnonymous: UInt64 = 0x20
    /// What pthread_create(3) passes: everything is shared, as among threads, and no signal is sent at
    /// the end.
    static let threadFlags: UInt64 = 0x3D0F00
  }

  private static let data = SystemCallGroup(
    "data of open files",
    [
      SystemCallRule("read"), SystemCallRule("readv"), SystemCallRule("pread64"),
      SystemCallRule("preadv"), SystemCallRule("write"), SystemCallRule("writev"),
      SystemCallRule("pwrite64"), SystemCallRule("pwritev"), SystemCallRule("lseek"),
    ])

  private static let openFiles = SystemCallGroup(
    "open files",
    [
      SystemCallRule("close"), SystemCallRule("fstat"), SystemCallRule("fsync"),
      SystemCallRule("fdatasync"), SystemCallRule("ftruncate"), SystemCallRule("fallocate"),
      SystemCallRule("fadvise64"),
      SystemCallRule("utimensat", ArgumentCondition(1, .equals(0), "without a path")),
      SystemCallRule("fcntl", ArgumentCondition(1, .equals(3), "F_GETFL")),
      SystemCallRule("fcntl", ArgumentCondition(1, .equals(4), "F_SETFL")),
      SystemCallRule("fcntl", ArgumentCondition(1, .equals(1_030), "F_DUPFD_CLOEXEC")),
      SystemCallRule("ioctl", ArgumentCondition(1, .equals(0x5401), "TCGETS")),
      SystemCallRule("ioctl", ArgumentCondition(1, .equals(0x541B), "FIONREAD")),
      SystemCallRule("ioctl", ArgumentCondition(1, .equals(0x5421), "FIONBIO")),
    ])

  static let memory = SystemCallGroup(
    "memory",
    [
      SystemCallRule(
        "mmap", ArgumentCondition(2, .bits(0, of: Number.protExec), "without PROT_EXEC"),
        ArgumentCondition(3, .bits(Number.mapAnonymous, of: Number.mapAnonymous), "anonymous")),
      SystemCallRule(
        "mprotect", ArgumentCondition(2, .bits(0, of: Number.protExec), "without PROT_EXEC")),
      SystemCallRule("munmap"), SystemCallRule("mremap"), SystemCallRule("brk"),
      SystemCallRule("madvise", ArgumentCondition(2, .equals(4), "MADV_DONTNEED")),
      SystemCallRule("madvise", ArgumentCondition(2, .equals(8), "MADV_FREE")),
      SystemCallRule("madvise", ArgumentCondition(2, .equals(14), "MADV_HUGEPAGE")),
      SystemCallRule("futex"),
    ])

  private static let time = SystemCallGroup(
    "time and random numbers",
    [
      SystemCallRule("clock_gettime"), SystemCallRule("clock_getres"),
      SystemCallRule("clock_nanosleep"), SystemCallRule("restart_syscall"),
      SystemCallRule("getrandom"), SystemCallRule("sched_yield"),
    ])

  private static let waiting = SystemCallGroup(
    "waiting for open files",
    [SystemCallRule("epoll_ctl"), SystemCallRule("epoll_wait"), SystemCallRule("epoll_pwait")])

  /// Signals go to this process alone, and its handler of violations stays.
  private static var itself: SystemCallGroup {
    SystemCallGroup(
      "the process itself",
      [
        SystemCallRule("exit_group"), SystemCallRule("getpid"), SystemCallRule("gettid"),
        SystemCallRule(
          "tgkill",
          ArgumentCondition(
            0, .equals(UInt64(UInt32(bitPattern: ProcessEnvironment.processID))),
            "this process")),
        SystemCallRule(
          "rt_sigaction", ArgumentCondition(0, .isAtMost(30), "signals before SIGSYS")),
        SystemCallRule("rt_sigprocmask"), SystemCallRule("rt_sigreturn"),
      ])
  }

  private static let threads = SystemCallGroup(
    "threads of the program",
    [
      SystemCallRule(
        "clone", ArgumentCondition(0, .equals(Number.threadFlags), "a thread of this process")),
      SystemCallRule("set_robust_list"), SystemCallRule("rseq"), SystemCallRule("sigaltstack"),
      SystemCallRule("exit"),
      // What pthread_create handles so that setuid(2) reaches all threads.
      SystemCallRule("rt_sigaction", ArgumentCondition(0, .equals(33), "SIGSETXID")),
      // A loop for each thread that waits for files.
      SystemCallRule("epoll_create1"), SystemCallRule("eventfd2"), SystemCallRule("pipe2"),
    ])

  /// Which files these reach is up to Landlock: a filter cannot read paths.
  private static let readingDirectories = SystemCallGroup(
    "files below granted folders",
    [
      SystemCallRule("openat2"), SystemCallRule("openat"), SystemCallRule("newfstatat"),
      SystemCallRule("readlinkat"), SystemCallRule("getdents64"), SystemCallRule("fstatfs"),
    ])

  private static let changingDirectories = SystemCallGroup(
    "changes below granted folders",
    [
      SystemCallRule("mkdirat"), SystemCallRule("unlinkat"), SystemCallRule("renameat"),
      SystemCallRule("linkat", ArgumentCondition(4, .equals(0), "without flags")),
      SystemCallRule("symlinkat"), SystemCallRule("utimensat"),
    ])

  private static let sockets = SystemCallGroup(
    "granted sockets",
    [
      SystemCallRule("accept4"), SystemCallRule("shutdown"),
      SystemCallRule("recvmsg"), SystemCallRule("sendmsg"),
    ])
}
