// What has to be known of all bodies before one is translated.

internal import WasmModule

/// The result of a walk over a module's bodies.
struct BodyScan: Sendable {
  struct Body: Sendable {
    let byteCount: Int
    /// The defined functions that it calls, by their places: one entry a call.
    fileprivate(set) var callees: [Int] = []
    /// Whether it ends in a jump to another function, which cannot happen amid a third one.
    fileprivate(set) var makesTailCalls = false
  }

  private(set) var bodies: [Body] = []
  /// Some function catches exceptions.
  private(set) var catchesExceptions = false

  init(_ module: Module, _ bytes: UnsafeRawBufferPointer) throws(CompilationError) {
    bodies.reserveCapacity(module.definedFunctionCount)
    do throws(ModuleError) {
      for body in module.bodies {
        bodies.append(try scan(body, bytes, imported: module.importedFunctionCount))
      }
    } catch {
      throw .invalid(error)
    }
  }

  private mutating func scan(
    _ body: FunctionBody, _ bytes: UnsafeRawBufferPointer, imported: Int
  ) throws(ModuleError) -> Body {
    var result = Body(byteCount: body.bytes.count)
    var declarations = try LocalDeclarations(bytes: bytes, body: body)
    while try declarations.next() != nil {}
    var reader = declarations.instructions
    while !reader.isAtEnd {
      let instruction = try reader.next()
      switch instruction.opcode {
      case .call:
        if Int(instruction.index) >= imported {
          result.callees.append(Int(instruction.index) - imported)
        }
      case .returnCall, .returnCallIndirect, .returnCallRef: result.makesTailCalls = true
      case .tryTable:
        catchesExceptions = true
        try reader.skipList(of: instruction)
      case .try: catchesExceptions = true
      case .brTable: try reader.skipList(of: instruction)
      default: break
      }
    }
    return result
  }
}
