// Runs a module under both compilers and compares all that can be seen of it.

package import CompilerInterface
import Foundation
import Runtime
import SystemCalls
import WasmModule

/// What came of a comparison.
package enum ComparisonVerdict: Sendable {
  case equal(ComparisonCounts)
  /// The first call that differs, as either compiler's code made it.
  case different(baseline: String, llvm: String)
  /// The module cannot be compared.
  case skipped(reason: String)
}

/// What was compared.
package struct ComparisonCounts: Sendable {
  /// Calls that did the same.
  package var calls = 0
  /// Those of them that ended in a trap in either code.
  package var traps = 0
  /// Traps for different reasons.
  package var otherReasons = 0
  /// Traps that left different globals or memories.
  package var otherStates = 0

  package init() {}

  package static func += (left: inout Self, right: Self) {
    left.calls += right.calls
    left.traps += right.traps
    left.otherReasons += right.otherReasons
    left.otherStates += right.otherStates
  }
}

/// Calls every exported function several times with the same arguments in code of both compilers,
/// each function in an instance of its own, and compares after each call the results, and all
/// exported globals and memories, bit by bit.
///
/// - NaNs: which one an operation yields is the processor's choice, so modules must canonicalize.
/// - Traps: where several instructions of a stretch without effects would trap, LLVM's code may meet
///   a later one first; and it may write a global, or the same place in memory again, only behind a
///   load that traps. So the reasons, and the states that only the host can still look at, are
///   counted and need not be equal. An instance is used no more after a trap.
/// - Where either runs out of stack, which depends on the size of frames, the calls of that function
///   end.
package struct ModuleComparison {
  private let options: CodegenOptions
  /// Calls of each function.
  private static let rounds = 5
  /// Bytes of a memory that are compared at most.
  private static let memoryByteLimit = 1 << 18

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
      return try compare(module, bytes)
    } catch {
      switch error {
      case .failed(let reason), .unsupported(let reason), .malformedText(let reason):
        return .skipped(reason: reason)
      }
    }
  }

  private func compare(
    _ module: Module, _ bytes: ModuleBytes
  ) throws(CommandError) -> ComparisonVerdict {
    let loaders = [CompilerChoice.baseline, .llvm].map { compiler in
      ModuleLoader(folder: "", options: options, compiler: compiler)
    }
    let baseline = try loaders[0].compile(module, bytes)
    let llvm = try loaders[1].compile(module, bytes)
    var counts = ComparisonCounts()
    for export in module.exports where export.kind == .function {
      var one: Observer?
      var other: Observer?
      for round in 0..<Self.rounds {
        let first = try observe(baseline, &one, export, round)
        let second = try observe(llvm, &other, export, round)
        if first.isOutOfStack || second.isOutOfStack { break }
        guard first.isEqual(to: second) else {
          return .different(
            baseline: "\(export.name)#\(round) \(first)", llvm: "\(export.name)#\(round) \(second)")
        }
        counts.calls += 1
        guard first.trap != nil else { continue }
        counts.traps += 1
        if first.trap != second.trap { counts.otherReasons += 1 }
        if first.state != second.state { counts.otherStates += 1 }
      }
    }
    return .equal(counts)
  }

  /// Makes a call in the instance there is, or a new one.
  private func observe(
    _ loaded: LoadedModule, _ observer: inout Observer?, _ export: Export, _ round: Int
  ) throws(CommandError) -> Observation {
    let current: Observer
    if let observer {
      current = observer
    } else {
      current = try Observer(loaded, memoryByteLimit: Self.memoryByteLimit)
    }
    let observation = current.call(export, round)
    observer = observation.trap == nil ? current : nil
    return observation
  }
}
