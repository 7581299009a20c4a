// The environment that a guest finds.

package import SystemCalls

/// Variables, each once: what is said last counts.
struct GuestEnvironment {
  /// `NAME=value`, in the order in which the names were first met.
  private(set) var definitions: [OSString] = []
  private var places: [OSString: Int] = [:]

  /// The package's variables, the host's if all are inherited, then those of the files, then those
  /// that are named.
  init(_ options: RunOptions) throws(RunnerError) {
    for grant in options.packageEnvironment { set(grant) }
    if options.inheritsEnvironment {
      for definition in ProcessEnvironment.all { set(definition) }
    }
    for path in options.environmentFiles { try add(contentsOf: path) }
    for grant in options.environment { set(grant) }
  }

  private mutating func set(_ grant: EnvironmentGrant) {
    switch grant {
    case .set(let name, let value): set(name + "=" + value)
    case .inherit(let name):
      if let value = ProcessEnvironment.value(of: name) { set(name + "=" + value) }
    }
  }

  private mutating func set(_ definition: OSString) {
    let name = OSString(bytes: definition.bytes.prefix { $0 != UInt8(ascii: "=") })
    if let place = places[name] {
      definitions[place] = definition
    } else {
      places[name] = definitions.count
      definitions.append(definition)
    }
  }

  // MARK: Files.

  /// Lines of `NAME=VALUE`, taken as they are, or `NAME` for the host's value. Empty lines, and those
  /// that begin with `#`, say nothing.
  private mutating func add(contentsOf path: OSString) throws(RunnerError) {
    let what = "cannot use the file of variables '\(path)'"
    let content: [UInt8]
    do throws(Errno) {
      let file = try FileDescriptor.currentDirectory.open(path.cString, .readOnly)
      content = try file.contents(limit: Self.byteLimit)
    } catch {
      throw RunnerError(error == .noSuchFileOrDirectory ? .notFound : .failed, what, "\(error)")
    }
    for (index, line) in content.split(
      separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false
    ).enumerated() {
      if line.isEmpty || line.first == UInt8(ascii: "#") { continue }
      guard !line.contains(0), let grant = EnvironmentGrant(OSString(bytes: line)) else {
        throw RunnerError(
          .usage, what, "line \(index + 1) is neither NAME=VALUE nor NAME")
      }
      set(grant)
    }
  }

  private static let byteLimit = 16 << 20
}

extension EnvironmentGrant {
  /// Reads `NAME=VALUE` or, to pass the host's value on, `NAME`. nil where the name is empty.
  package init?(_ text: OSString) {
    let bytes = text.bytes
    guard let equals = bytes.firstIndex(of: UInt8(ascii: "=")) else {
      guard !text.isEmpty else { return nil }
      self = .inherit(name: text)
      return
    }
    guard equals != bytes.startIndex else { return nil }
    self = .set(
      name: OSString(bytes: bytes[..<equals]), value: OSString(bytes: bytes[(equals + 1)...]))
  }
}
