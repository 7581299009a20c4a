// The allow-list of system calls, as data: what it says is what `explain` prints and what the
// filter is made from.

/// A call that may be made, if its arguments are as they must be. Several rules of one call are
/// alternatives.
package struct SystemCallRule: Sendable {
  /// As the kernel's tables have it.
  package var name: StaticString
  /// All must hold; none: the arguments do not matter.
  package var conditions: [ArgumentCondition]

  init(_ name: StaticString, _ conditions: ArgumentCondition...) {
    self.name = name
    self.conditions = conditions
  }
}

/// What an argument must be like. Only numbers can be looked at: what a pointer leads to could be
/// changed after the look. All 64 bits of a register count, also where the kernel takes 32 of them:
/// no number can pass for another one.
package struct ArgumentCondition: Sendable {
  enum Test {
    case equals(UInt64)
    case isAtMost(UInt64)
    /// The argument's bits in the mask are as in `value`.
    case bits(UInt64, of: UInt64)
  }

  /// Counted from 0.
  var argument: UInt32
  var test: Test
  /// For people, such as `without PROT_EXEC`.
  package var text: StaticString

  init(_ argument: UInt32, _ test: Test, _ text: StaticString) {
    self.argument = argument
    self.test = test
    self.text = text
  }
}

/// Rules that serve one purpose.
package struct SystemCallGroup: Sendable {
  /// What these calls are for.
  package var purpose: StaticString
  package var rules: [SystemCallRule]

  init(_ purpose: StaticString, _ rules: [SystemCallRule]) {
    self.purpose = purpose
    self.rules = rules
  }
}
