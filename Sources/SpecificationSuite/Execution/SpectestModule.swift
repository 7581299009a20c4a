// The host module `spectest` that the suite's scripts import from.

import CompilerInterface
import Runtime
import WasmModule

/// What scripts may import from the module `spectest`, as the suite's reference interpreter has it.
enum SpectestModule {
  static let name = "spectest"

  static var functions: [HostFunctionDefinition] {
    [
      print("print"), print("print_i32", .i32), print("print_i64", .i64), print("print_f32", .f32),
      print("print_f64", .f64), print("print_i32_f32", .i32, .f32),
      print("print_f64_f64", .f64, .f64),
    ]
  }

  /// A function that takes what it is given: nothing reads the output.
  private static func print(_ name: String, _ parameters: ValueType...) -> HostFunctionDefinition {
    HostFunctionDefinition(
      module: Self.name, name: name, type: FunctionType(parameters: parameters),
      function: { _, _ in GuestStatus.finished }, environment: nil)
  }

  static var globals: [(name: String, type: ValueType, value: Value)] {
    [
      ("global_i32", .i32, .i32(666)), ("global_i64", .i64, .i64(666)),
      ("global_f32", .f32, .f32(bits: Float(666.6).bitPattern)),
      ("global_f64", .f64, .f64(bits: 666.6.bitPattern)),
    ]
  }

  static let tables: [(name: String, type: TableType)] = [
    ("table", TableType(element: .funcref, limits: Limits(minimum: 10, maximum: 20))),
    (
      "table64",
      TableType(element: .funcref, limits: Limits(minimum: 10, maximum: 20, is64Bit: true))
    ),
  ]
  static let memories: [(name: String, type: MemoryType)] = [
    ("memory", MemoryType(limits: Limits(minimum: 1, maximum: 2))),
    ("shared_memory", MemoryType(limits: Limits(minimum: 1, maximum: 2, isShared: true))),
  ]
}
