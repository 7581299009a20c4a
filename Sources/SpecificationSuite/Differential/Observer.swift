// One instance under observation: what its calls do.

import CompilerInterface
import Runtime
import WasmModule

/// What a call did.
struct Observation: CustomStringConvertible {
  /// The results, or how else it ended.
  var outcome: String
  var trap: TrapCode?
  /// The exported globals and memories afterwards.
  var state = ""

  var isOutOfStack: Bool { trap == .stackExhausted }
  var description: String { (trap.map { "\(outcome) (\($0))" } ?? outcome) + state }

  func isEqual(to other: Observation) -> Bool {
    outcome == other.outcome && (trap != nil || state == other.state)
  }
}

/// An instance in a store of its own.
struct Observer {
  private let module: Module
  private let store: Store
  private let instance: Instance?
  /// Why there is no instance.
  private let failure: Observation
  private let memoryByteLimit: Int

  /// Instantiates a module without imports.
  init(_ loaded: LoadedModule, memoryByteLimit: Int) throws(CommandError) {
    module = loaded.module
    self.memoryByteLimit = memoryByteLimit
    do { store = try Store() } catch { throw .failed("\(error)") }
    do throws(InstantiationError) {
      instance = try Linker(store).instantiate(
        loaded.module, bytes: loaded.bytes.buffer, code: loaded.code)
      failure = Observation(outcome: "")
    } catch {
      instance = nil
      if case .stopped(.trap(let trap)) = error {
        failure = Observation(outcome: "a trap at instantiation", trap: trap.code)
      } else {
        failure = Observation(outcome: "instantiation: \(error.summary)")
      }
    }
  }

  /// Calls an exported function with the arguments of `round`.
  func call(_ export: Export, _ round: Int) -> Observation {
    guard let instance, let function = instance.function(export.name) else {
      return failure
    }
    let parameters = module.functionType(export.index).parameters
    let arguments = InterestingArguments.values(parameters, round: round)
    var observation = Observation(outcome: "")
    do throws(InvocationError) {
      observation.outcome = "\(try store.invoke(function, arguments).map(Self.text))"
    } catch {
      if case .trap(let trap) = error {
        observation.outcome = "a trap"
        observation.trap = trap.code
      } else {
        observation.outcome = error.summary
      }
    }
    for export in module.exports where export.kind == .global || export.kind == .memory {
      observation.state += "; \(export.name): \(state(instance, export))"
    }
    return observation
  }

  /// A value that does not depend on where something is in memory.
  private static func text(_ value: Value) -> String {
    switch value {
    case .function(let function): function == nil ? "null" : "a function"
    case .exception(let exception): exception == nil ? "null" : "an exception"
    default: "\(value)"
    }
  }

  private func state(_ instance: Instance, _ export: Export) -> String {
    if export.kind == .global {
      return instance.global(export.name).map { Self.text($0.value) } ?? "none"
    }
    guard let memory = instance.memory(export.name) else { return "none" }
    let definition = memory.guestMemory.definition.pointee
    guard let base = definition.base else { return "empty" }
    let compared = min(Int(definition.byteCount), memoryByteLimit)
    let sum = checksum(UnsafeRawBufferPointer(start: base, count: compared))
    return "\(definition.byteCount) bytes \(String(sum, radix: 16))"
  }
}
