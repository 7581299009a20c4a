// The user's and the system's configuration: wasmrun.toml(5).

import StructuredText
package import SystemCalls

/// Files that choose how code is made, where nobody else does. They cannot grant anything.
package enum ConfigurationFile {
  package static let systemPath: OSString = "/etc/wasmrun/config.toml"

  private static let byteLimit = 1 << 20

  /// The files that may be there; what the first says goes before what the second says.
  ///
  /// The user's is `$XDG_CONFIG_HOME/wasmrun/config.toml`, else `~/.config/wasmrun/config.toml`; a
  /// relative variable counts as unset, as the XDG base directory specification says.
  package static func paths(
    variable: (OSString) -> OSString? = { ProcessEnvironment.value(of: $0) }
  ) -> [OSString] {
    let slash = UInt8(ascii: "/")
    if let home = variable("XDG_CONFIG_HOME"), home.bytes.first == slash {
      return [home + "/wasmrun/config.toml", systemPath]
    }
    if let home = variable("HOME"), home.bytes.first == slash {
      return [home + "/.config/wasmrun/config.toml", systemPath]
    }
    return [systemPath]
  }

  /// What the file at `path` says; nil where there is none. Throws where it cannot be read, or is
  /// wrong, with the place.
  package static func read(_ path: OSString) throws(RunnerError) -> OptionLayer? {
    guard let bytes = try contents(path) else { return nil }
    let table: Table
    do throws(StructuredTextError) {
      table = try TOMLParser.parse(bytes)
    } catch {
      throw wrong(path, bytes, error.offset, error.message)
    }
    var layer = OptionLayer()
    for entry in table.entries { try read(entry, into: &layer, path, bytes) }
    return layer
  }

  private static func contents(_ path: OSString) throws(RunnerError) -> [UInt8]? {
    do throws(Errno) {
      let file = try FileDescriptor.currentDirectory.open(path.cString, .readOnly)
      return try file.contents(limit: byteLimit)
    } catch {
      // Who may not look into the user's folder, as a service, has no configuration there.
      switch error {
      case .noSuchFileOrDirectory, .notDirectory, .permissionDenied: return nil
      default: throw RunnerError(.failed, "cannot read the configuration '\(path)'", "\(error)")
      }
    }
  }

  private static let keys = ["compiler", "opt_level", "pass_params", "cache"]

  private static func read(
    _ entry: Table.Entry, into layer: inout OptionLayer, _ path: OSString, _ bytes: [UInt8]
  ) throws(RunnerError) {
    let place = SourcePlace(of: entry.node.offset, in: bytes)
    let origin = OptionOrigin.configuration(place: "\(path):\(place)")
    switch (entry.key, entry.node.value) {
    case ("compiler", .string(let name)):
      guard let strategy = CompilerStrategy(rawValue: name) else {
        throw wrong(path, bytes, entry.node.offset, "compiler is auto, llvm or baseline")
      }
      layer.strategy = ChosenValue(strategy, from: origin)
    case ("opt_level", .integer(let level)):
      guard (1...3).contains(level) else {
        throw wrong(path, bytes, entry.node.offset, "opt_level is 1, 2 or 3")
      }
      layer.optimizationLevel = ChosenValue(Int(level), from: origin)
    case ("pass_params", .boolean(let value)):
      layer.passParameters = ChosenValue(value, from: origin)
    case ("cache", .boolean(let value)): layer.usesCache = ChosenValue(value, from: origin)
    case ("compiler", let other), ("opt_level", let other), ("pass_params", let other),
      ("cache", let other):
      let expected =
        switch entry.key {
        case "compiler": "a string"
        case "opt_level": "an integer"
        default: "true or false"
        }
      throw wrong(
        path, bytes, entry.node.offset, "\(entry.key) is \(expected), not \(other.kind)")
    case (let key, _):
      let near = nearestWord(to: key, among: keys)
      throw wrong(
        path, bytes, entry.keyOffset, "there is no option '\(key)'",
        hint: near.map { "did you mean '\($0)'?" } ?? "wasmrun.toml(5) lists the options")
    }
  }

  private static func wrong(
    _ path: OSString, _ bytes: [UInt8], _ offset: Int, _ why: String, hint: String? = nil
  ) -> RunnerError {
    RunnerError(.failed, "\(path):\(SourcePlace(of: offset, in: bytes))", why, hint: hint)
  }
}
