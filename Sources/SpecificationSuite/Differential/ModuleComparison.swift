// Runs a module under both compilers and compares all that can be seen of it.

package import CompilerInterface
import Foundation
import Runtime
import SystemCalls
import WasmModule

/// What came of a comparison.
package enum ComparisonVerdict: Sendable {
  /// So many observations were equal.
  case equal(observations: Int)
  /// The first observation that differs, as either compiler's code made it.
  case different(baseline: String, llvm: String)
  /// The module cannot be compared.
  case skipped(reason: String)
}

/// Calls every exported function with the same arguments in code of both compilers, and compares
/// results, and whether it traps, then the exported globals and memories, bit by bit. A module that makes NaNs
/// has to make canonical ones: which NaN an operation yields is the processor's choice.
package struct ModuleComparison {
  private let options: CodegenOptions
  /// Calls of each function.
  private static let rounds = 3
  /// Bytes of a memory that are compared at most.
  private static let memoryByteLimit = 1 << 20

  package init(options: CodegenOptions) { self.options = options }

  /// Compares the module in the file at `path`.
  package func compare(path: String) -> ComparisonVerdict {
    guard let data = FileManager.default.contents(atPath: path) else {
      return .skipped(reason: "cannot be read")
    }
    let bytes = ModuleBytes(data)
    let module: Module
    do {
      module = try bytes.decode()
    } catch {
      return .skipped(reason: error.summary)
    }
    do throws(CommandError) {
      let baseline = try observe(module, bytes, .baseline)
      let llvm = try observe(module, bytes, .llvm)
      for (one, other) in zip(baseline, llvm) where one != other {
        return .different(baseline: one, llvm: other)
      }
      return .equal(observations: baseline.count)
    } catch {
      switch error {
      case .failed(let reason), .unsupported(let reason), .malformedText(let reason):
        return .skipped(reason: reason)
      }
    }
  }

  /// All observations of the module in code of `compiler`, the same number for both.
  private func observe(
    _ module: Module, _ bytes: ModuleBytes, _ compiler: CompilerChoice
  ) throws(CommandError) -> [String] {
    let loader = ModuleLoader(folder: "", options: options, compiler: compiler)
    let loaded = try loader.compile(module, bytes)
    let store: Store
    do { store = try Store() } catch { throw .failed("\(error)") }
    let instance: Instance
    do throws(InstantiationError) {
      instance = try Linker(store).instantiate(module, bytes: bytes.buffer, code: loaded.code)
    } catch {
      return ["instantiation: \(error.summary)"]
    }
    var observations: [String] = []
    for export in module.exports where export.kind == .function {
      guard let function = instance.function(export.name) else { continue }
      let type = module.functionType(export.index)
      for round in 0..<Self.rounds {
        let arguments = type.parameters.enumerated().map { Self.argument($1, $0, round) }
        observations.append(
          "\(export.name)#\(round) " + Self.outcome(store, function, arguments))
      }
    }
    for export in module.exports where export.kind == .global || export.kind == .memory {
      observations.append("\(export.name): " + Self.state(instance, export))
    }
    return observations
  }

  private static func outcome(
    _ store: Store, _ function: Function, _ arguments: [Value]
  ) -> String {
    do throws(InvocationError) {
      return "\(try store.invoke(function, arguments).map(text))"
    } catch {
      guard case .trap = error else { return error.summary }
      // Not its reason: where several instructions would trap, LLVM may move a later one forward.
      return "a trap"
    }
  }

  /// A value that does not depend on where something is in memory.
  private static func text(_ value: Value) -> String {
    if case .function(let function) = value { return function == nil ? "null" : "a function" }
    return "\(value)"
  }

  /// Small numbers in round 1, else bits from all over; no NaN.
  private static func argument(_ type: ValueType, _ place: Int, _ round: Int) -> Value {
    let bits =
      UInt64(round + 1) &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(place) &* 0x1234_5678_9ABC_DEF1
    return switch type {
    case .i32: .i32(round == 1 ? UInt32(place) : UInt32(truncatingIfNeeded: bits >> 7))
    case .i64: .i64(round == 1 ? UInt64(place) : bits)
    case .f32: .f32(bits: (Float(place) - 0.75 * Float(round)).bitPattern)
    case .f64: .f64(bits: (Double(place) * 1e10 - 0.75 * Double(round)).bitPattern)
    case .v128: .v128(low: bits & 0x3FFF_FFFF_3FFF_FFFF, high: ~bits & 0x3FFF_FFFF_3FFF_FFFF)
    case .externref: .external(nil)
    default: .function(nil)
    }
  }

  private static func state(_ instance: Instance, _ export: Export) -> String {
    if export.kind == .global {
      return instance.global(export.name).map { text($0.value) } ?? "none"
    }
    guard let memory = instance.memory(export.name) else { return "none" }
    let definition = memory.guestMemory.definition.pointee
    guard let base = definition.base else { return "empty" }
    let compared = min(Int(definition.byteCount), memoryByteLimit)
    let sum = checksum(UnsafeRawBufferPointer(start: base, count: compared))
    return "\(definition.byteCount) bytes, checksum \(sum)"
  }
}
