// A core dump: what a store held when its guest trapped, as a WebAssembly file.
//
// Format: Coredump.md of WebAssembly's tool conventions, with the instances that wasmparser knows:
//
//   custom "core"           the program's name
//   custom "coremodules"    the modules' names
//   custom "coreinstances"  by instance: its module, its memories and globals as the dump numbers them
//   custom "corestack"      the frames, innermost first: instance, function, offset in the function
//   memory, global, data    what they held; of memories what is not zero
//
// Locals and operands of frames are not known here, so that each frame has none of them.

import CompilerInterface
package import SystemCalls
import WasmModule

/// Why there is no core dump.
package enum CoreDumpError: Error, Hashable {
  case system(Errno)
  /// The memories hold more than a section of a module can.
  case tooLarge
}

extension CoreDumpError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .system(let error): "\(error)"
    case .tooLarge: "the memories hold more than 4 GiB, which is more than such a file can"
    }
  }
}

extension Store {
  /// Writes a core dump to `file`, which is empty. `moduleName` says what the module is called that
  /// code was made of.
  package func writeCoreDump(
    _ trap: Trap, program: String, moduleName: (LoadedCode) -> String, to file: FileDescriptor
  ) throws(CoreDumpError) {
    let contents = CoreDumpContents(self)
    var dump = BinaryEncoder()
    dump.append([0x00, 0x61, 0x73, 0x6D, 1, 0, 0, 0])
    var process = BinaryEncoder()
    process.append(0)
    process.append(name: program)
    dump.append(customSection: "core", process)
    contents.appendInstances(to: &dump, moduleName)
    var stack = BinaryEncoder()
    stack.append(0)
    stack.append(name: "main")
    stack.append(vector: frames(of: trap)) { $0.append($1) }
    dump.append(customSection: "corestack", stack)
    let segments = contents.appendStorage(to: &dump)
    do throws(Errno) {
      try file.writeAll(dump.bytes)
    } catch {
      throw .system(error)
    }
    try Self.write(segments, to: file)
  }

  private func frames(of trap: Trap) -> [CoreDumpFrame] {
    trap.backtrace.compactMap { entry in
      guard case .frame(let frame) = entry,
        let instance = instances.firstIndex(where: { $0.code === frame.code })
      else { return nil }
      let module = instances[instance].module
      let body = Int(frame.functionIndex) - module.importedFunctionCount
      let start = module.bodies.indices.contains(body) ? module.bodies[body].bytes.lowerBound : 0
      return CoreDumpFrame(
        instance: instance, function: frame.functionIndex,
        offset: frame.wasmOffset.map { max(0, Int($0) - start) } ?? 0)
    }
  }

  /// Writes the data section, straight from the memories.
  private static func write(
    _ segments: [CoreDumpSegment], to file: FileDescriptor
  ) throws(CoreDumpError) {
    guard !segments.isEmpty else { return }
    let headers = segments.map(\.header)
    var start = BinaryEncoder()
    start.append(unsigned: segments.count)
    let byteCount = zip(headers, segments).reduce(start.bytes.count) {
      $0 + $1.0.count + $1.1.content.count
    }
    guard byteCount <= Int(UInt32.max) else { throw .tooLarge }
    var section = BinaryEncoder()
    section.append(BinaryEncoder.Section.data.rawValue)
    section.append(unsigned: byteCount)
    section.append(start.bytes)
    do throws(Errno) {
      try file.writeAll(section.bytes)
      for (header, segment) in zip(headers, segments) {
        try file.writeAll(header)
        try file.writeAll(segment.content)
      }
    } catch {
      throw .system(error)
    }
  }
}

/// A frame of the stack.
private struct CoreDumpFrame {
  let instance: Int
  let function: UInt32
  /// Of the instruction, from the function's start; 0 where it is not known.
  let offset: Int
}

extension BinaryEncoder {
  fileprivate mutating func append(_ frame: CoreDumpFrame) {
    append(0)
    append(unsigned: frame.instance)
    append(unsigned: frame.function)
    append(unsigned: frame.offset)
    // Neither locals nor operands.
    append([0, 0])
  }
}
