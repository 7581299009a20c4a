// The runner of scripts: what holds passes, and what does not hold fails.

import CompilerInterface
import Foundation
import Runtime
import SpecificationSuite
import TestSupport
import Testing

struct ScriptRunnerTests {
  private static let header: [UInt8] = [0, 0x61, 0x73, 0x6D, 1, 0, 0, 0]
  /// One function type, `[] -> [i32]`.
  private static let type: [UInt8] = [1, 5, 1, 0x60, 0, 1, 0x7F]
  /// The import "lib" "one", a function of that type.
  private static let importing: [UInt8] =
    [2, 11, 1, 3, 0x6C, 0x69, 0x62, 3, 0x6F, 0x6E, 0x65, 0, 0]

  /// By file name: "one" returns 1, "trap" traps.
  private static let modules: [String: [UInt8]] = [
    "good": header + type + [3, 3, 2, 0, 0]
      + [7, 14, 2, 3, 0x6F, 0x6E, 0x65, 0, 0, 4, 0x74, 0x72, 0x61, 0x70, 0, 1]
      + [10, 10, 2, 4, 0, 0x41, 1, 0x0B, 3, 0, 0, 0x0B],
    "malformed": [0, 0x61, 0x73, 0x6D, 9, 0, 0, 0],
    // A body that leaves no result.
    "invalid": header + type + [3, 2, 1, 0] + [10, 4, 1, 2, 0, 0x0B],
    "importing": header + type + importing,
    // [] -> [], called at the start, unreachable.
    "trapping": header + [1, 4, 1, 0x60, 0, 0] + [3, 2, 1, 0] + [8, 1, 0]
      + [10, 5, 1, 3, 0, 0, 0x0B],
    "good.wat": Array("(func (export \"two\") (result i32) (i32.const 2))".utf8),
    "malformed.wat": Array("(func i32.two)".utf8),
    "invalid.wat": Array("(func (result i32))".utf8),
    // More locals than the implementation's limit.
    "unsupported": header + [1, 4, 1, 0x60, 0, 0] + [3, 2, 1, 0]
      + [10, 8, 1, 6, 1, 0xD1, 0x86, 0x03, 0x7F, 0x0B],
  ]

  /// The outcomes of commands, which are on lines 0, 1, 2 and so on; those of threads on lines from
  /// 100 on.
  private func run(_ commands: [Command.Body]) throws -> [Outcome.Result] {
    let folder = try TemporaryDirectory()
    for (name, bytes) in Self.modules {
      try Data(bytes).write(to: URL(fileURLWithPath: "\(folder.path)/\(name)"))
    }
    var options = CodegenOptions()
    options.optimizationLevel = 1
    options.cpuFeatures = [.ssse3, .sse41]
    let runner = try ScriptRunner(folder: folder.path, options: options)
    var outcomes: [Outcome] = []
    runner.run(commands.enumerated().map { Command(line: $0, body: $1) }) { outcomes.append($0) }
    #expect(outcomes.map(\.line).filter { $0 < 100 } == Array(commands.indices))
    return outcomes.map(\.result)
  }

  /// The last command's outcome, behind the module "good".
  private func outcome(_ command: Command.Body) throws -> Outcome.Result? {
    try run([.module(.binary(fileName: "good"), name: "M"), command]).last
  }

  private func invoke(_ field: String, instance: String? = nil) -> Action {
    Action(kind: .invoke([]), instance: instance, field: field)
  }

  private func file(_ name: String) -> ModuleFile { .binary(fileName: name) }

  @Test func commandsThatHoldPass() throws {
    let commands: [Command.Body] = [
      .module(file("good"), name: "M"),
      .action(invoke("one")),
      .assertReturn(invoke("one"), expected: [.value(.i32(1))]),
      .assertReturn(invoke("one", instance: "M"), expected: [.value(.i32(1))]),
      .assertTrap(invoke("trap"), message: "unreachable"),
      .assertMalformed(file("malformed")),
      .assertInvalid(file("invalid")),
      .assertUnlinkable(file("importing")),
      .assertUninstantiable(file("trapping"), message: "unreachable"),
      .register(moduleName: "lib", name: "M"),
      .module(file("importing"), name: nil),
      .moduleDefinition(file("good"), name: "D"),
      .moduleInstance(name: "I", definition: "D"),
      .assertReturn(invoke("one", instance: "I"), expected: [.value(.i32(1))]),
    ]
    #expect(try run(commands) == commands.map { _ in .passed })
  }

  @Test func commandsThatDoNotHoldFail() throws {
    let commands: [Command.Body] = [
      .action(invoke("trap")), .action(invoke("none")), .action(invoke("one", instance: "N")),
      .action(Action(kind: .get, instance: nil, field: "one")),
      .assertReturn(invoke("one"), expected: [.value(.i32(2))]),
      .assertReturn(invoke("one"), expected: []),
      .assertReturn(invoke("trap"), expected: [.value(.i32(1))]),
      .assertTrap(invoke("one"), message: "unreachable"),
      .assertTrap(invoke("trap"), message: "integer overflow"),
      .assertTrap(invoke("none"), message: "unreachable"),
      .assertExhaustion(invoke("trap")), .assertExhaustion(invoke("one")),
      .assertMalformed(file("good")), .assertMalformed(file("invalid")),
      .assertMalformed(file("absent")),
      .assertInvalid(file("good")), .assertInvalid(file("malformed")),
      .assertUnlinkable(file("good")), .assertUnlinkable(file("trapping")),
      .assertUninstantiable(file("good"), message: "unreachable"),
      .assertUninstantiable(file("trapping"), message: "integer overflow"),
      .assertUninstantiable(file("importing"), message: "unreachable"),
      .module(file("invalid"), name: nil), .module(file("importing"), name: nil),
      .module(file("trapping"), name: nil),
      .moduleInstance(name: nil, definition: "D"),
    ]
    for command in commands {
      let outcome = try outcome(command)
      guard case .failed = outcome else {
        Issue.record("\(command): \(String(describing: outcome))")
        continue
      }
    }
  }

  @Test func aFailedModuleIsNoLongerTheCurrentOne() throws {
    let outcomes = try run([
      .module(file("good"), name: nil), .module(file("invalid"), name: nil),
      .assertReturn(invoke("one"), expected: [.value(.i32(1))]),
    ])
    #expect(outcomes[0] == .passed)
    #expect(outcomes[1] != .passed)
    #expect(outcomes[2] != .passed)
  }

  @Test func whatDependsOnAnUnsupportedModuleIsUnsupported() throws {
    let outcomes = try run([
      .module(file("unsupported"), name: "U"),
      .assertReturn(invoke("one"), expected: [.value(.i32(1))]),
      .assertTrap(invoke("trap", instance: "U"), message: "unreachable"),
      .register(moduleName: "lib", name: "U"),
      .module(file("importing"), name: nil),
      .assertUnlinkable(file("importing")),
      .assertInvalid(file("unsupported")),
      .unsupported(kind: "assert_something"),
    ])
    for outcome in outcomes {
      guard case .unsupported = outcome else {
        Issue.record("\(outcome)")
        continue
      }
    }
  }

  /// A thread's outcomes come where the script waits for it, failures among them.
  @Test func threads() throws {
    let outcomes = try run([
      .module(file("good"), name: "M"),
      .thread(
        name: "T", sharedModule: "M",
        commands: [
          Command(line: 100, body: .register(moduleName: "lib", name: "M")),
          Command(line: 101, body: .module(file("importing"), name: nil)),
          Command(line: 102, body: .assertMalformed(file("good"))),
        ]),
      .wait(thread: "T"), .wait(thread: "U"),
    ])
    #expect(outcomes.count == 7)
    #expect(outcomes.prefix(4).allSatisfy { $0 == .passed })
    #expect(outcomes[4] == .failed("expected malformed, but the module is accepted"))
    #expect(outcomes[5] == .passed)
    #expect(outcomes[6] == .failed("no thread called U before"))
  }

  @Test func unsupportedValuesAreUnsupported() throws {
    let argument = Action(
      kind: .invoke([.unsupported(type: "anyref")]), instance: nil, field: "one")
    #expect(try outcome(.action(argument)) == .unsupported("arguments of type anyref"))
    #expect(
      try outcome(.assertReturn(invoke("one"), expected: [.unsupported(type: "eqref")]))
        == .unsupported("results of type eqref"))
  }

  @Test func textIsParsed() throws {
    let outcomes = try run([
      .module(.text(fileName: "good.wat"), name: nil),
      .assertReturn(invoke("two"), expected: [.value(.i32(2))]),
      .assertMalformed(.text(fileName: "malformed.wat")),
      .assertInvalid(.text(fileName: "invalid.wat")),
      // Where malformed text ends and invalid modules begin is not the same in all suites.
      .assertMalformed(.text(fileName: "invalid.wat")),
    ])
    #expect(outcomes == Array(repeating: .passed, count: 5))
  }

  @Test func textThatIsNotAsExpectedFails() throws {
    let outcomes = try run([
      .assertMalformed(.text(fileName: "good.wat")), .assertInvalid(.text(fileName: "good.wat")),
      .assertInvalid(.text(fileName: "malformed.wat")),
      .module(.text(fileName: "malformed.wat"), name: nil),
      .module(.text(fileName: "missing.wat"), name: nil),
    ])
    for outcome in outcomes {
      guard case .failed = outcome else {
        Issue.record("\(outcome)")
        continue
      }
    }
  }

  @Test func wrongCustomSectionsAreIgnored() throws {
    #expect(try outcome(.assertInvalidCustom(file("good"))) == .passed)
    #expect(try outcome(.assertInvalidCustom(file("invalid"))) != .passed)
  }
}
