// Memory 0's base in the segment register GS: the third way to reach it, beside the parameter m0 and
// a reload from the VMContext.
//
// While a body of such a module runs, GS has the base of its instance's memory 0 (unless it is about
// to be set again, behind a call). Table entries set it: whatever is called from the host, or out of
// another instance, is called there. Calls by index within an instance find it as it has to be. Behind
// every call that may have left the instance, and at every landing pad, the body sets it again from
// its VMContext, for functions of other instances do not put back what they change. Nothing else needs
// GS: on x86-64 neither the C library nor the kernel gives it a meaning, and it is a thread's own.

package import WasmModule

/// How a module's code reaches memory 0 by GS, if it does.
package struct SegmentBase: Sendable, Hashable {
  /// Whether accesses to memory 0 are relative to GS.
  package let isUsed: Bool
  /// Whether a call of a function of the module, too, may come back with another base: one of them
  /// may have jumped to another instance, which returned in its place.
  package let changesInDirectCalls: Bool

  /// `bytes` are the module's.
  package init(_ module: Module, bytes: UnsafeRawBufferPointer, options: CodegenOptions) {
    isUsed = options.reachesMemoryBySegment(module)
    changesInDirectCalls = isUsed && Self.jumpsOut(module, bytes)
  }

  /// Whether some body has a tail call that may leave the instance; true where one cannot be read,
  /// since code is also made of modules whose bodies have not been validated.
  private static func jumpsOut(_ module: Module, _ bytes: UnsafeRawBufferPointer) -> Bool {
    do throws(ModuleError) {
      for body in module.bodies where try jumpsOut(body, module, bytes) { return true }
      return false
    } catch {
      return true
    }
  }

  private static func jumpsOut(
    _ body: FunctionBody, _ module: Module, _ bytes: UnsafeRawBufferPointer
  ) throws(ModuleError) -> Bool {
    var declarations = try LocalDeclarations(bytes: bytes, body: body)
    while try declarations.next() != nil {}
    var reader = declarations.instructions
    while !reader.isAtEnd {
      let instruction = try reader.next()
      switch instruction.opcode {
      case .returnCall: if module.isImportedFunction(instruction.index) { return true }
      case .returnCallIndirect, .returnCallRef: return true
      case .tryTable, .brTable: try reader.skipList(of: instruction)
      default: break
      }
    }
    return false
  }
}

extension CodegenOptions {
  /// Whether `module`'s bodies reach memory 0 by GS under these options.
  package func reachesMemoryBySegment(_ module: Module) -> Bool {
    usesSegmentBase && !passParameters && (module.memories.first?.isGuarded ?? false)
  }

  /// Why no code can be made with these options; nil where it can.
  package var contradiction: String? {
    usesSegmentBase && !cpuFeatures.contains(.fsgsbase)
      ? "a memory's base in GS needs a processor and a kernel with FSGSBASE" : nil
  }
}
