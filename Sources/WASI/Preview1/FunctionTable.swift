// All functions of preview 1, by name.

package import CompilerInterface
internal import WasmModule

/// A function of preview 1 as the tables of the families list it.
struct Preview1Function {
  var name: StaticString
  /// The parameters, a letter each: `i` for i32, `I` for i64.
  var parameters: StaticString
  /// All but `proc_exit` return an error number, an i32.
  var hasResult: Bool
  var pointer: HostFunctionPointer

  init(
    _ name: StaticString, _ parameters: StaticString, hasResult: Bool = true,
    _ pointer: @escaping HostFunctionPointer
  ) {
    self.name = name
    self.parameters = parameters
    self.hasResult = hasResult
    self.pointer = pointer
  }

  var type: FunctionType {
    FunctionType(
      parameters: UnsafeBufferPointer(
        start: parameters.utf8Start, count: parameters.utf8CodeUnitCount
      )
      .map { $0 == UInt8(ascii: "I") ? .i64 : .i32 },
      results: hasResult ? [.i32] : [])
  }

  func isNamed(_ other: borrowing String) -> Bool {
    other.utf8.count == name.utf8CodeUnitCount
      && other.utf8.elementsEqual(
        UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
  }

  /// The functions of `wasi_snapshot_preview1`.
  static let snapshot: [[Preview1Function]] = [
    argumentFunctions, clockFunctions, dataFunctions, descriptorFunctions, statusFunctions,
    directoryFunctions, pathFunctions, linkFunctions, pollFunctions, processFunctions,
    socketFunctions,
  ]
}

/// The names under which modules import preview 1.
package enum Preview1Module: String, CaseIterable, Sendable {
  case snapshot = "wasi_snapshot_preview1"
  /// The older one, with other numbers for whence, and other layouts of file status and
  /// subscriptions; everything else is the same.
  case unstable = "wasi_unstable"

  /// Families with functions that are looked up before those of the snapshot.
  fileprivate var ownFunctions: [Preview1Function] {
    self == .unstable ? Preview1Function.unstableFunctions : []
  }

  fileprivate func lacks(_ function: Preview1Function) -> Bool {
    // It came after the older one was frozen.
    self == .unstable && function.isNamed("sock_accept")
  }
}

extension WASIContext {
  /// The function that a module imports under these names; nil where preview 1 has none. It holds
  /// the context unretained.
  package func function(named name: String, module: String) -> HostFunctionDefinition? {
    guard let version = Preview1Module(rawValue: module) else { return nil }
    for family in [version.ownFunctions] + Preview1Function.snapshot {
      for function in family where function.isNamed(name) {
        return version.lacks(function) ? nil : definition(of: function, version)
      }
    }
    return nil
  }

  /// All functions of a module; none where preview 1 does not go by that name.
  package func functions(module: String) -> [HostFunctionDefinition] {
    guard let version = Preview1Module(rawValue: module) else { return [] }
    return Preview1Function.snapshot.joined().compactMap {
      function(named: $0.name.description, module: version.rawValue)
    }
  }

  private func definition(
    of function: Preview1Function, _ version: Preview1Module
  ) -> HostFunctionDefinition {
    HostFunctionDefinition(
      module: version.rawValue, name: function.name.description, type: function.type,
      function: function.pointer, environment: Unmanaged.passUnretained(self).toOpaque())
  }
}
