// Locals without a default value: they must be set before they are read.

extension FunctionValidator {
  /// Begins a body that has locals without a default. Spec: core 3.0 §3.4.13, §A.3 (`inits`).
  mutating func prepareUnsetLocals(parameterCount: Int) {
    if localCount > isSet.capacity { isSet.grow(to: localCount, keeping: 0) }
    if localCount > setLocals.capacity { setLocals.grow(to: localCount, keeping: 0) }
    for place in 0..<localCount {
      isSet[place] = place < parameterCount || locals[place].isDefaultable
    }
  }

  @inline(never)
  mutating func checkIsSet(_ index: UInt32) throws(ModuleError) {
    guard isSet[Int(index)] else {
      throw ModuleError(.invalid, "uninitialized local \(index)", at: offset)
    }
  }

  @inline(never)
  mutating func markSet(_ index: UInt32) {
    guard !isSet[Int(index)] else { return }
    isSet[Int(index)] = true
    setLocals[setLocalCount] = index
    setLocalCount += 1
  }

  /// At a block's end: what was set in it is not set behind it.
  @inline(never)
  mutating func unsetLocals(downTo count: UInt32) {
    while setLocalCount > Int(count) {
      setLocalCount -= 1
      isSet[Int(setLocals[setLocalCount])] = false
    }
  }
}
