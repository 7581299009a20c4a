// The filter of system calls, made and loaded by libseccomp.

internal import CSeccomp
internal import SystemCalls

/// A filter that is being made.
struct SeccompFilter: ~Copyable {
  private let context: scmp_filter_ctx

  /// A filter that lets no call pass: each is answered by SIGSYS, and those of another architecture
  /// or ABI end the process at once.
  static func make() throws(Errno) -> SeccompFilter {
    guard let context = seccomp_init(SCMP_ACT_TRAP) else { throw .noMemory }
    let filter = SeccompFilter(context)
    try check(seccomp_attr_set(context, SCMP_FLTATR_ACT_BADARCH, UInt32(SCMP_ACT_KILL_PROCESS)))
    // Threads that exist already are held to the filter as well.
    try check(seccomp_attr_set(context, SCMP_FLTATR_CTL_TSYNC, 1))
    return filter
  }

  private init(_ context: scmp_filter_ctx) { self.context = context }

  deinit { seccomp_release(context) }

  /// Lets the call of a rule pass.
  func allow(_ rule: SystemCallRule) throws(Errno) { try add(rule, UInt32(SCMP_ACT_ALLOW)) }

  /// Lets the call of a rule fail with ENOSYS.
  func hide(_ rule: SystemCallRule) throws(Errno) {
    try add(rule, wasmrun_seccomp_error(UInt16(Errno.notImplemented.rawValue)))
  }

  /// Makes the filter hold for all threads of the process, for ever.
  func load() throws(Errno) { try Self.check(seccomp_load(context)) }

  private func add(_ rule: SystemCallRule, _ action: UInt32) throws(Errno) {
    let name = UnsafeRawPointer(rule.name.utf8Start).assumingMemoryBound(to: CChar.self)
    let number = seccomp_syscall_resolve_name(name)
    guard number >= 0 else { throw .notImplemented }
    let result = withUnsafeTemporaryAllocation(
      of: scmp_arg_cmp.self, capacity: rule.conditions.count
    ) { conditions in
      for index in rule.conditions.indices {
        conditions.initializeElement(at: index, to: rule.conditions[index].comparison)
      }
      return seccomp_rule_add_array(
        context, action, number, UInt32(conditions.count), conditions.baseAddress)
    }
    try Self.check(result)
  }

  /// libseccomp answers a negated errno.
  private static func check(_ result: Int32) throws(Errno) {
    if result < 0 { throw Errno(rawValue: -result) }
  }
}

extension ArgumentCondition {
  fileprivate var comparison: scmp_arg_cmp {
    switch test {
    case .equals(let value):
      scmp_arg_cmp(arg: argument, op: SCMP_CMP_EQ, datum_a: value, datum_b: 0)
    case .isAtMost(let value):
      scmp_arg_cmp(arg: argument, op: SCMP_CMP_LE, datum_a: value, datum_b: 0)
    case .bits(let value, let mask):
      scmp_arg_cmp(arg: argument, op: SCMP_CMP_MASKED_EQ, datum_a: mask, datum_b: value)
    }
  }
}
