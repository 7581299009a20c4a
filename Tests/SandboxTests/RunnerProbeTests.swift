// Machine code that has broken out of WebAssembly tries every system call there is.

import CSeccomp
import Foundation
import SystemCalls
import TestSupport
import Testing

@Suite struct RunnerProbeTests {
  /// What a process that runs a guest without any grant can do, with arguments that are all zero.
  static let withoutGrants: Set = [
    "read", "write", "readv", "writev", "pread64", "pwrite64", "preadv", "pwritev", "lseek",
    "close", "fstat", "fsync", "fdatasync", "ftruncate", "fallocate", "fadvise64", "utimensat",
    "mprotect", "munmap", "mremap", "brk", "futex",
    "clock_gettime", "clock_getres", "clock_nanosleep", "restart_syscall", "getrandom",
    "sched_yield", "epoll_ctl", "epoll_wait", "epoll_pwait",
    "exit_group", "getpid", "gettid", "rt_sigaction", "rt_sigprocmask",
    // Answered by ENOSYS.
    "clone3",
  ]
  static let withReadOnlyFolder = withoutGrants.union([
    "openat2", "openat", "newfstatat", "readlinkat", "getdents64", "fstatfs",
  ])
  static let withFolder = withReadOnlyFolder.union([
    "mkdirat", "unlinkat", "renameat", "linkat", "symlinkat",
  ])
  static let withSockets = withoutGrants.union(["accept4", "shutdown", "recvmsg", "sendmsg"])

  static let withThreads = withoutGrants.union([
    "set_robust_list", "rseq", "sigaltstack", "exit", "epoll_create1", "eventfd2", "pipe2",
    // Answered by ENOSYS.
    "sched_getaffinity", "openat",
  ])

  /// All numbers that this kernel may know, and some behind them; but for rt_sigreturn, which takes
  /// what is on the stack for a signal's frame, so that anything can come of it, and uretprobe and
  /// uprobe, which no filter is asked about from Linux 6.14 on: they do nothing outside of a probe.
  static let numbers = (Array(0...350) + Array(420...480)).filter { ![15, 335, 336].contains($0) }

  private static func name(_ number: Int) -> String? {
    let name = seccomp_syscall_resolve_num_arch(UInt32(SCMP_ARCH_NATIVE), Int32(number))
    defer { free(name) }
    return name.map { String(cString: $0) }
  }

  /// The calls that passed, by name; checks that each of the others was named before the end.
  static func passing(_ policy: [String]) throws -> Set<String> {
    let results = try Probe.make(numbers.map(String.init), policy: policy)
    var passing: Set<String> = []
    for (number, result) in zip(numbers, results) {
      let name = Self.name(number)
      if case .refused(let message) = result {
        let isNamed = message == name || message == String(number)
        #expect(isNamed, "\(number): \(message)")
        if number <= 334 { #expect(message == name) }
      } else {
        passing.insert(name ?? "\(number)")
      }
    }
    return passing
  }

  static func expect(_ names: Set<String>, passing policy: [String]) throws {
    let passing = try passing(policy)
    #expect(passing.subtracting(names) == [], "pass, but should not, under \(policy)")
    #expect(names.subtracting(passing) == [], "should pass under \(policy)")
  }

  @Test func onlyTheDocumentedListPasses() throws {
    let folder = try TemporaryDirectory()
    try Self.expect(Self.withoutGrants, passing: ["runner"])
    try Self.expect(Self.withReadOnlyFolder, passing: ["runner", "--ro-dir", folder.path])
    try Self.expect(Self.withFolder, passing: ["runner", "--dir", folder.path])
    try Self.expect(Self.withSockets, passing: ["runner", "--sockets"])
    try Self.expect(Self.withThreads, passing: ["runner", "--threads"])
  }

  /// A service's filter may forbid what the lock-down asks for, as LockPersonality= does.
  @Test(arguments: ["runner", "compiler", "tier-compiler"])
  func aLockedPersonalityIsNoObstacle(policy: String) throws {
    let results = try Probe.make(
      ["getpid", "personality 0xffffffff"], policy: [policy, "--locked-personality"])
    guard case .returned(let process) = results[0] else {
      Issue.record("not locked down: \(results)")
      return
    }
    #expect(process > 0)
    #expect(results[1].isRefused)
  }

  /// Nothing but a thread: no process, whatever it shares, and no file behind the calls that are only
  /// said to be missing.
  @Test func threadsAreNoProcesses() throws {
    let policy = ["runner", "--threads"]
    let refused = [
      // fork's flags; vfork's; a thread that would send a signal at its end, have its own files, its
      // own memory, or its own namespaces.
      "clone 17", "clone 0x4111", "clone 0x3d0f11", "clone 0x3d0b00", "clone 0x3d0e00",
      "clone 0x103d0f00", "clone 0x1003d0f00", "clone 0x10900", "fork", "vfork",
      "execve =/bin/true", "unshare 0", "setns 0 0", "rt_sigaction 31 0 0 8",
      "rt_sigaction 32 0 0 8", "rt_sigaction 34 0 0 8", "sched_setaffinity 0 0 0",
    ]
    for (call, result) in zip(refused, try Probe.make(refused, policy: policy)) {
      #expect(result.isRefused, "\(call): \(result)")
    }
    let granted: [(String, ProbeResult)] = [
      ("clone3 0 0", .returned(-38)), ("openat -100 =/etc/passwd 0", .returned(-38)),
      ("sched_getaffinity 0 0 0", .returned(-38)), ("sigaltstack 0 0", .returned(0)),
    ]
    for ((call, expected), result) in zip(
      granted, try Probe.make(granted.map(\.0), policy: policy))
    {
      #expect(result == expected, "\(call)")
    }
  }

  @Test func otherArchitecturesEndTheProcess() throws {
    // The numbers of write: its 64-bit one, x32's, and 32-bit getpid and execve.
    let results = try Probe.make(
      ["x32 1", "x32 20", "x32 0", "int80 20", "int80 4", "int80 11"], policy: ["runner"])
    // Killed at once: nothing of the process runs any more to name them.
    #expect(results == Array(repeating: .refused(""), count: 6))
  }

  @Test func argumentsAreLookedAt() throws {
    let refused = [
      // Executable memory, in each way there is to ask for it.
      "mmap 0 4096 5 0x22 -1 0", "mmap 0 4096 7 0x22 -1 0", "mmap 0 4096 4 0x22 -1 0",
      "mprotect 0 4096 5", "mprotect 0 4096 4", "mprotect 0 4096 0x100000004",
      "pkey_mprotect 0 4096 5 0", "shmat 0 0 0x8000", "mmap 0 4096 1 2 0 0", "mmap 0 4096 1 1 0 0",
      "personality 0x400000", "remap_file_pages 0 4096 0 0 0",
      // Processes and threads.
      "clone 17", "clone 0x3d0f00", "fork", "vfork", "execve =/bin/true", "execveat -1 =/bin/true",
      // Signals to others, and the handler of violations.
      "kill 1 0", "tkill 1 0", "tgkill 1 1 0", "tgkill 0x100000000 1 0", "rt_sigqueueinfo 1 0 0",
      "pidfd_send_signal 0 0 0 0", "rt_sigaction 31 0 0 8", "rt_sigaction 0x10000001f 0 0 8",
      // What looks like harmless calls.
      "fcntl 0 8 1", "fcntl 0 10 9", "fcntl 0 1 0", "fcntl 0 0x100000008 1", "fcntl 0 1024 0",
      "ioctl 0 0x5412 0", "ioctl 0 0x100005412 0", "ioctl 0 0x540e 0", "ioctl 0 0x8912 0",
      "madvise 0 4096 100", "utimensat -100 =/etc/passwd 0 0", "prctl 1 0",
      "seccomp 0 0 0", "open =/etc/passwd 0", "openat -100 =/etc/passwd 0",
      "openat2 -100 =/etc/passwd 0 24", "socket 2 1 0", "newfstatat -100 =/etc/passwd 0 0",
    ]
    for (call, result) in zip(refused, try Probe.make(refused, policy: ["runner"])) {
      #expect(result.isRefused, "\(call): \(result)")
    }
    let granted: [(String, ProbeResult)] = [
      ("clone3 0 0", .returned(-38)), ("rt_sigaction 0x0b 0 0 8", .returned(0)),
      ("fcntl -1 3", .returned(-9)), ("ioctl -1 0x541b", .returned(-9)),
      ("fcntl -1 4 0", .returned(-9)), ("utimensat -1 0 0 0", .returned(-9)),
      ("madvise 0 0 4", .returned(0)), ("mmap 0 0 3 0x22 -1 0", .returned(-22)),
    ]
    for ((call, expected), result) in zip(
      granted, try Probe.make(granted.map(\.0), policy: ["runner"]))
    {
      #expect(result == expected, "\(call)")
    }
  }
}
