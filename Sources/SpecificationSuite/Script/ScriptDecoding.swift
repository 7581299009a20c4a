// Reads a script from the JSON that `wasm-tools json-from-wast` writes.

import Foundation

/// JSON that is not a script as we know it.
package struct ScriptError: Error, Equatable, CustomStringConvertible {
  package var description: String

  package init(_ description: String) { self.description = description }
}

extension Script {
  /// Reads the JSON form.
  package init(json: [UInt8]) throws {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let file = try decoder.decode(ScriptRecord.self, from: Data(json))
    commands = try file.commands.map { try $0.command() }
  }
}

private struct ScriptRecord: Decodable {
  var commands: [CommandRecord]
}

/// A command's JSON object; which members there are depends on `type`.
private struct CommandRecord: Decodable {
  var type: String
  var line: Int
  var name: String?
  var filename: String?
  var moduleType: String?
  var text: String?
  var action: ActionRecord?
  var expected: [ValueRecord]?
  var `as`: String?
  var instance: String?
  var module: String?
  var sharedModule: String?
  var thread: String?
  var commands: [CommandRecord]?

  func command() throws -> Command {
    Command(line: line, body: try body())
  }

  private func body() throws -> Command.Body {
    let message = text ?? ""
    return switch type {
    case "module": .module(try moduleFile(), name: name)
    case "module_definition": .moduleDefinition(try moduleFile(), name: name)
    case "module_instance": .moduleInstance(name: instance, definition: module)
    case "register": .register(moduleName: try required(`as`, "as"), name: name)
    case "action": .action(try requiredAction())
    case "assert_return":
      .assertReturn(try requiredAction(), expected: try (expected ?? []).map { try $0.pattern() })
    case "assert_trap": .assertTrap(try requiredAction(), message: message)
    case "assert_exception": .assertException(try requiredAction())
    case "assert_exhaustion": .assertExhaustion(try requiredAction())
    case "assert_malformed", "assert_malformed_custom": .assertMalformed(try moduleFile())
    case "assert_invalid": .assertInvalid(try moduleFile())
    case "assert_invalid_custom": .assertInvalidCustom(try moduleFile())
    case "assert_unlinkable": .assertUnlinkable(try moduleFile())
    case "assert_uninstantiable": .assertUninstantiable(try moduleFile(), message: message)
    case "thread":
      .thread(
        name: try required(name, "name"), sharedModule: sharedModule,
        commands: try (commands ?? []).map { try $0.command() })
    case "wait": .wait(thread: try required(thread, "thread"))
    default: .unsupported(kind: type)
    }
  }

  private func moduleFile() throws -> ModuleFile {
    let name = try required(filename, "filename")
    return moduleType == "text" ? .text(fileName: name) : .binary(fileName: name)
  }

  private func requiredAction() throws -> Action { try required(action, "action").action() }

  private func required<Value>(_ value: Value?, _ member: String) throws -> Value {
    guard let value else { throw ScriptError("line \(line): \(type) without \(member)") }
    return value
  }
}

private struct ActionRecord: Decodable {
  var type: String
  var module: String?
  var field: String
  var args: [ValueRecord]?

  func action() throws -> Action {
    let kind: Action.Kind =
      switch type {
      case "invoke": .invoke(try (args ?? []).map { try $0.argument() })
      case "get": .get
      default: throw ScriptError("unknown action \(type)")
      }
    return Action(kind: kind, instance: module, field: field)
  }
}

/// An argument or an expected result: numbers are decimal strings, signed or not.
private struct ValueRecord: Decodable {
  var type: String
  var laneType: String?
  var value: Digits?
  var values: [ValueRecord]?

  /// One string, or one a lane.
  enum Digits: Decodable {
    case scalar(String)
    case lanes([String])

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let lanes = try? container.decode([String].self) {
        self = .lanes(lanes)
      } else {
        self = .scalar(try container.decode(String.self))
      }
    }
  }

  func argument() throws -> ScriptArgument {
    switch value {
    case .lanes(let lanes): try ScriptArgument(laneType: laneType ?? "", lanes: lanes)
    case .scalar(let text): try ScriptArgument(type: type, text: text)
    case nil: throw ScriptError("argument of type \(type) without a value")
    }
  }

  func pattern() throws -> ResultPattern {
    if type == "either" { return .either(try (values ?? []).map { try $0.pattern() }) }
    return switch value {
    case .lanes(let lanes): try ResultPattern(laneType: laneType ?? "", lanes: lanes)
    case .scalar(let text): try ResultPattern(type: type, text: text)
    case nil: ResultPattern(referenceType: type)
    }
  }
}
