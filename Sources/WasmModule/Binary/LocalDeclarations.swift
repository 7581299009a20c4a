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
    guard total <= UInt64(ImplementationLimits.locals) else { throw try tooMany(at: offset) }
    return (count, try input.readValueType())
  }

  /// More than the implementation's limit: malformed if all runs together exceed what a count can
  /// hold. The type of the run at `offset` is next.
  private mutating func tooMany(at offset: Int) throws(ModuleError) -> ModuleError {
    _ = try input.readValueType()
    while runsLeft > 0 {
      runsLeft -= 1
      total += UInt64(try input.readUnsigned32())
      _ = try input.readValueType()
    }
    let message = "too many locals: \(total), and the limit is "
    return total > UInt64(UInt32.max)
      ? ModuleError(.malformed, message + "2^32 - 1", at: offset)
      : ModuleError(.unsupported, message + "\(ImplementationLimits.locals)", at: offset)
  }

  /// The body's instructions; only after `next()` returned nil.
  package var instructions: InstructionReader {
    InstructionReader(bytes: input.bytes, range: input.position..<input.end)
  }
}
