// Reads the local declarations at the start of a function body.

/// A cursor over a body's runs of locals. Spec: core 3.0 §5.5.13.
///
///     var locals = try LocalDeclarations(bytes: bytes, body: body)
///     while let run = try locals.next() { … }
///     var instructions = locals.instructions
package struct LocalDeclarations {
  private var input: ByteReader
  private var runsLeft: UInt32
  private var total: UInt64 = 0

  /// `body` must lie within `bytes`; the caller keeps the bytes alive.
  package init(bytes: UnsafeRawBufferPointer, body: FunctionBody) throws(ModuleError) {
    input = ByteReader(bytes: bytes, range: body.bytes)
    runsLeft = try input.readUnsigned32()
  }

  /// The next run of locals of one type, nil after the last. The counts of all runs together do
  /// not exceed `ImplementationLimits.locals`.
  package mutating func next() throws(ModuleError) -> (count: UInt32, type: ValueType)? {
    guard runsLeft > 0 else { return nil }
    runsLeft -= 1
    let offset = input.position
    let count = try input.readUnsigned32()
    total += UInt64(count)
    guard total <= UInt64(ImplementationLimits.locals) else {
      throw ModuleError(
        .unsupported, "too many locals: \(total), and the limit is \(ImplementationLimits.locals)",
        at: offset)
    }
    return (count, try input.readValueType())
  }

  /// The body's instructions; only after `next()` returned nil.
  package var instructions: InstructionReader {
    InstructionReader(bytes: input.bytes, range: input.position..<input.end)
  }
}
