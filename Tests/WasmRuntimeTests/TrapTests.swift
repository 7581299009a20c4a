// How calls end that have no results: traps with backtraces, exits, errors of the host.

import Testing
import WasmRuntime

private struct Failure: Error, Equatable {
  let number: Int
}

@Suite struct TrapTests {
  private let store: Store
  private let instance: Instance

  init() throws {
    store = try Store()
    let linker = Linker(store)
    try linker.define("host", "fail", FunctionType([.i32])) { store, arguments in
      switch arguments[0] {
      case .i32(0): throw CallError.exit(status: 3)
      case .i32(1): throw Failure(number: 5)
      case .i32(2): return [.i32(1)]
      default:
        try store.instances[0].function("divide")?(.i32(1), .i32(0))
        return []
      }
    }
    instance = try linker.instantiate(
      try Module(
        text: """
          (module $program
            (import "host" "fail" (func $fail (param i32)))
            (memory 1)
            (func $inner (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))
            (func $divide (export "divide") (param i32 i32) (result i32)
              (call $inner (local.get 0) (local.get 1)))
            (func $load (export "load") (param i32) (result i32) (i32.load (local.get 0)))
            (func $deep (export "deep") (call $deep))
            (func (export "fail") (param i32) (call $fail (local.get 0))))
          """))
  }

  private func end(_ name: String, _ arguments: Value...) throws -> CallError {
    let function = try #require(instance.function(name))
    return try #require(#expect(throws: CallError.self) { try function.call(arguments) })
  }

  private func trap(_ name: String, _ arguments: Value...) throws -> Trap {
    let function = try #require(instance.function(name))
    let error = #expect(throws: CallError.self) { try function.call(arguments) }
    guard case .trap(let trap)? = error else {
      throw Failure(number: 0)
    }
    return trap
  }

  private func names(_ trap: Trap) -> [String] {
    trap.backtrace.map { entry in
      if case .frame(let frame) = entry { frame.functionName ?? "?" } else { "..." }
    }
  }

  @Test func aTrapTellsWhyAndWhere() throws {
    let trap = try trap("divide", .i32(1), .i32(0))
    #expect(trap.reason == .integerDivideByZero)
    #expect("\(trap)" == "integer divide by zero")
    #expect(names(trap) == ["inner", "divide"])
    // The store goes on.
    #expect(try instance.function("divide")?(.i32(9), .i32(3)) == [.i32(3)])
  }

  @Test func aTrapOfAMemoryTellsTheAddress() throws {
    let trap = try trap("load", .i32(65_536))
    #expect(trap.reason == .memoryOutOfBounds)
    #expect(trap.memoryOffset == 65_536)
  }

  @Test func deepRecursionIsATrap() throws {
    let trap = try trap("deep")
    #expect(trap.reason == .stackExhausted)
    #expect(names(trap).contains("..."))
    #expect(names(trap).first == "deep")
  }

  /// The frames before the host's function come behind those of the call that it made.
  @Test func aTrapPassesThroughTheHost() throws {
    let trap = try trap("fail", .i32(3))
    #expect(trap.reason == .integerDivideByZero)
    #expect(names(trap) == ["inner", "divide", "fail"])
  }

  @Test func theHostEndsTheGuest() throws {
    guard case .exit(status: 3) = try end("fail", .i32(0)) else {
      Issue.record("no exit")
      return
    }
    guard case .host(let error) = try end("fail", .i32(1)) else {
      Issue.record("no error of the host")
      return
    }
    #expect(error as? Failure == Failure(number: 5))
    guard case .refused(let why) = try end("fail", .i32(2)) else {
      Issue.record("not refused")
      return
    }
    #expect(why.contains("[i32] -> []"))
  }

  @Test func aStartFunctionThatTraps() throws {
    let error = #expect(throws: InstantiationError.self) {
      try Instance(try Module(text: "(module (func $f unreachable) (start $f))"), in: store)
    }
    guard case .stopped(.trap(let trap))? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(trap.reason == .unreachable)
    #expect(names(trap) == ["f"])
  }

  @Test func modulesThatAreWrong() {
    #expect(throws: CompileError.text("unknown function '$g'", line: 1, column: 23)) {
      try Module(text: "(module (func $f call $g))")
    }
    let invalid = #expect(throws: CompileError.self) {
      try Module(text: "(module (func (result i32)))")
    }
    if case .invalid? = invalid {} else { Issue.record("\(String(describing: invalid))") }
    let malformed = #expect(throws: CompileError.self) { try Module([1, 2, 3]) }
    if case .invalid? = malformed {} else { Issue.record("\(String(describing: malformed))") }
    let missing = #expect(throws: CompileError.self) {
      try Module(text: "(module)", engine: Engine(.llvm(program: "/no/such/program")))
    }
    if case .failed? = missing {} else { Issue.record("\(String(describing: missing))") }
  }
}
