// What the decoder and the validator say about bytes that may be anything.

package import WasmModule

/// Whether a module is accepted; `broken` names a promise of the decoder or validator that does not
/// hold for it.
package enum Verdict {
  case accepted
  case refused(ModuleError)
  case broken(String)

  /// Decodes and validates all of `bytes`, and reads what names it has.
  package init(_ bytes: [UInt8]) {
    self = bytes.withUnsafeBytes { bytes in
      do throws(ModuleError) {
        let module = try Module.decode(bytes)
        let names = module.functionNames(bytes: bytes)
        for index in 0..<4 as Range<UInt32> { _ = names.printableName(of: index) }
        try module.validate(bytes: bytes)
        return Self.readable(module, bytes)
      } catch {
        guard (0...bytes.count).contains(error.offset) else {
          return .broken("the error's place is outside of the module: \(error)")
        }
        return error.message.isEmpty ? .broken("an error without a message") : .refused(error)
      }
    }
  }

  /// Whoever compiles reads valid bodies without an error.
  private static func readable(_ module: Module, _ bytes: UnsafeRawBufferPointer) -> Verdict {
    for body in module.bodies {
      do throws(ModuleError) {
        var locals = try LocalDeclarations(bytes: bytes, body: body)
        while try locals.next() != nil {}
        var reader = locals.instructions
        while !reader.isAtEnd { try reader.skipList(of: try reader.next()) }
      } catch {
        return .broken("a valid body cannot be read: \(error)")
      }
    }
    return .accepted
  }
}
