// Reading scripts from JSON: every kind of command, value and pattern.

import Runtime
import SpecificationSuite
import Testing

struct ScriptDecodingTests {
  private func commands(_ json: String) throws -> [Command] {
    try Script(json: [UInt8](#"{"source_filename":"x.wast","commands":[\#(json)]}"#.utf8)).commands
  }

  private func body(_ json: String) throws -> Command.Body {
    let all = try commands(json)
    #expect(all.count == 1)
    return all[0].body
  }

  @Test func keepsOrderAndLines() throws {
    let all = try commands(
      #"""
      {"type":"module","line":3,"filename":"x.0.wasm","module_type":"binary"},
      {"type":"module","line":9,"name":"M","filename":"x.1.wasm","module_type":"binary"}
      """#)
    #expect(
      all == [
        Command(line: 3, body: .module(.binary(fileName: "x.0.wasm"), name: nil)),
        Command(line: 9, body: .module(.binary(fileName: "x.1.wasm"), name: "M")),
      ])
  }

  @Test func quotedModuleIsItsText() throws {
    let command = try body(
      #"""
      {"type":"module","line":1,"filename":"x.4.wat","module_type":"text",
       "binary_filename":"x.4.wasm"}
      """#)
    #expect(command == .module(.text(fileName: "x.4.wat"), name: nil))
  }

  @Test func malformedTextIsText() throws {
    let command = try body(
      #"""
      {"type":"assert_malformed","line":1,"filename":"x.4.wat","module_type":"text",
       "text":"unknown operator"}
      """#)
    #expect(command == .assertMalformed(.text(fileName: "x.4.wat")))
  }

  @Test func definitionsInstancesAndRegistration() throws {
    let all = try commands(
      #"""
      {"type":"module_definition","line":1,"name":"D","filename":"a.wasm","module_type":"binary"},
      {"type":"module_instance","line":2,"instance":"I","module":"D"},
      {"type":"register","line":3,"name":"I","as":"lib"},
      {"type":"register","line":4,"as":"last"}
      """#)
    #expect(
      all.map(\.body) == [
        .moduleDefinition(.binary(fileName: "a.wasm"), name: "D"),
        .moduleInstance(name: "I", definition: "D"),
        .register(moduleName: "lib", name: "I"),
        .register(moduleName: "last", name: nil),
      ])
  }

  @Test func modulesThatMustBeRefused() throws {
    let file = #""line":1,"filename":"a.wasm","module_type":"binary","text":"why""#
    let module = ModuleFile.binary(fileName: "a.wasm")
    #expect(
      try commands(
        #"""
        {"type":"assert_malformed",\#(file)},{"type":"assert_invalid",\#(file)},
        {"type":"assert_unlinkable",\#(file)},{"type":"assert_uninstantiable",\#(file)}
        """#
      ).map(\.body) == [
        .assertMalformed(module), .assertInvalid(module),
        .assertUnlinkable(module), .assertUninstantiable(module, message: "why"),
      ])
  }

  @Test func actionsOnNamedAndCurrentInstances() throws {
    let get = Action(kind: .get, instance: "M", field: "g")
    let invoke = Action(kind: .invoke([]), instance: nil, field: "f")
    #expect(
      try commands(
        #"""
        {"type":"action","line":1,"action":{"type":"get","module":"M","field":"g"}},
        {"type":"assert_trap","line":2,"action":{"type":"invoke","field":"f","args":[]},"text":"t"},
        {"type":"assert_exhaustion","line":3,"action":{"type":"invoke","field":"f","args":[]},
         "text":"call stack exhausted"}
        """#
      ).map(\.body) == [
        .action(get), .assertTrap(invoke, message: "t"),
        .assertExhaustion(invoke),
      ])
  }

  @Test func argumentsOfEachType() throws {
    let command = try body(
      #"""
      {"type":"action","line":1,"action":{"type":"invoke","field":"f","args":[
        {"type":"i32","value":"-1"},{"type":"i32","value":"4294967295"},
        {"type":"i64","value":"-2"},{"type":"i64","value":"18446744073709551615"},
        {"type":"f32","value":"1065353216"},{"type":"f64","value":"9221120237041090560"},
        {"type":"externref","value":"7"},{"type":"externref","value":"null"},
        {"type":"funcref","value":"null"},{"type":"anyref","value":"2"},
        {"type":"exnref","value":"null"},
        {"type":"v128","lane_type":"i8","value":["1","2","3","4","5","6","7","8","9","10","11","12",
          "13","14","15","-1"]},
        {"type":"v128","lane_type":"i32","value":["1","-1","2","3"]}]}}
      """#)
    let expected: [ScriptArgument] = [
      .value(.i32(.max)), .value(.i32(.max)), .value(.i64(.max - 1)), .value(.i64(.max)),
      .value(.f32(bits: 0x3F80_0000)), .value(.f64(bits: 0x7FF8_0000_0000_0000)),
      .value(.external(7)), .value(.external(nil)), .value(.function(nil)),
      .value(.internal(.host(2))), .value(.exception(nil)),
      .value(.v128(low: 0x0807_0605_0403_0201, high: 0xFF0F_0E0D_0C0B_0A09)),
      .value(.v128(low: 0xFFFF_FFFF_0000_0001, high: 0x0000_0003_0000_0002)),
    ]
    #expect(command == .action(Action(kind: .invoke(expected), instance: nil, field: "f")))
  }

  @Test func patternsOfEachType() throws {
    let command = try body(
      #"""
      {"type":"assert_return","line":1,"action":{"type":"get","field":"g"},"expected":[
        {"type":"i32","value":"-1"},{"type":"f32","value":"nan:canonical"},
        {"type":"f64","value":"nan:arithmetic"},{"type":"externref","value":"7"},
        {"type":"externref"},{"type":"funcref"},{"type":"refnull"},
        {"type":"funcref","value":"null"},{"type":"nullfuncref"},{"type":"nullexternref"},
        {"type":"structref"},{"type":"eqref"},{"type":"nullref"},{"type":"exnref"},
        {"type":"v128","lane_type":"f64","value":["nan:canonical","1"]},
        {"type":"either","values":[{"type":"i32","value":"1"},{"type":"i32","value":"2"}]}]}
      """#)
    let expected: [ResultPattern] = [
      .value(.i32(.max)), .nan(.f32, .canonical), .nan(.f64, .arithmetic), .value(.external(7)),
      .anyExternal, .anyFunction, .anyNull,
      .value(.function(nil)), .value(.function(nil)), .value(.external(nil)),
      .internal([.structure]), .internal([.i31, .structure, .array]), .value(.internal(nil)),
      .anyException,
      .vector(.f64, [.nan(.canonical), .bits(1)]),
      .either([.value(.i32(1)), .value(.i32(2))]),
    ]
    let get = Action(kind: .get, instance: nil, field: "g")
    #expect(command == .assertReturn(get, expected: expected))
  }

  @Test func threads() throws {
    let thread = try body(
      #"""
      {"type":"thread","line":1,"name":"T","shared_module":"M",
        "commands":[{"type":"wait","line":2,"thread":"U"}]}
      """#)
    #expect(
      thread
        == .thread(
          name: "T", sharedModule: "M", commands: [Command(line: 2, body: .wait(thread: "U"))]))
  }

  @Test func unknownCommandsAreKeptAsUnsupported() throws {
    #expect(
      try body(#"{"type":"assert_something","line":1}"#) == .unsupported(kind: "assert_something"))
  }

  @Test(arguments: [
    #"{"type":"register","line":1}"#,
    #"{"type":"module","line":1,"module_type":"binary"}"#,
    #"{"type":"assert_trap","line":1}"#,
    #"{"type":"action","line":1,"action":{"type":"jump","field":"f"}}"#,
  ])
  func incompleteCommandsAreRefused(_ json: String) {
    #expect(throws: ScriptError.self) { try commands(json) }
  }

  @Test(arguments: [
    #"{"type":"i32","value":"4294967296"}"#,
    #"{"type":"i32","value":"-2147483649"}"#,
    #"{"type":"i32","value":"one"}"#,
    #"{"type":"v128","lane_type":"i8","value":["1"]}"#,
    #"{"type":"v128","lane_type":"i32","value":["1","2","3","4294967296"]}"#,
    #"{"type":"i32"}"#,
  ])
  func wrongNumbersAreRefused(_ argument: String) {
    let command =
      #"{"type":"action","line":1,"action":{"type":"invoke","field":"f","args":[\#(argument)]}}"#
    #expect(throws: ScriptError.self) { try commands(command) }
  }
}
