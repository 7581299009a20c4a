// The same module by different compilers, and on several threads.

import Foundation
import Synchronization
import Testing
import WasmRuntime

@Suite struct CompilerTests {
  private static let module = """
    (module
      (memory 1)
      (global $calls (mut i32) (i32.const 0))
      (func $fib (export "fib") (param i32) (result i32)
        (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
        (i32.store (i32.const 0) (global.get $calls))
        (if (result i32) (i32.lt_u (local.get 0) (i32.const 2))
          (then (local.get 0))
          (else (i32.add
            (call $fib (i32.sub (local.get 0) (i32.const 1)))
            (call $fib (i32.sub (local.get 0) (i32.const 2)))))))
      (func (export "calls") (result i32) (i32.load (i32.const 0))))
    """

  /// wasmrun-llvm, built beside the tests.
  private static let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent().appendingPathComponent("wasmrun-llvm").path

  static let engines: [Engine] = {
    var engines = [Engine(.baseline), Engine(.llvm(program: program))]
    for index in engines.indices {
      var other = engines[index]
      other.passesMemoryBase = false
      other.optimizationLevel = 9
      engines.append(other)
    }
    return engines
  }()

  @Test(arguments: engines) func allCompilersDoTheSame(engine: Engine) throws {
    let instance = try Instance(try Module(text: Self.module, engine: engine), in: try Store())
    #expect(try instance.function("fib")?(.i32(20)) == [.i32(6765)])
    #expect(try instance.function("calls")?() == [.i32(21_891)])
  }

  @Test func llvmRefusesWhatIsInvalid() {
    let error = #expect(throws: CompileError.self) {
      try Module(
        text: "(module (func (result i32) i64.const 1))",
        engine: Engine(.llvm(program: Self.program)))
    }
    guard case .invalid(let message)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(message.contains("type mismatch"))
  }

  /// One module, a store a thread.
  @Test func threadsShareAModule() throws {
    let module = try Module(text: Self.module)
    let sums = Mutex<[Int32]>([])
    let ended = DispatchSemaphore(value: 0)
    for count in 1...4 {
      Thread {
        defer { ended.signal() }
        guard let instance = try? Instance(module, in: try Store()) else { return }
        for _ in 0..<count { _ = try? instance.function("fib")?(.i32(15)) }
        if case .i32(let calls)? = try? instance.function("calls")?().first {
          sums.withLock { $0.append(calls) }
        }
      }.start()
    }
    for _ in 1...4 { ended.wait() }
    #expect(sums.withLock { $0.sorted() } == [1973, 3946, 5919, 7892])
  }
}
