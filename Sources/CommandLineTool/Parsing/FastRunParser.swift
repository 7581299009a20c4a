// Reads plain run lines without swift-argument-parser, which alone costs a start some
// milliseconds.
//
// Whatever is not plain is left to the full parser, errors above all. A test holds both to the same
// answers.

import ProgramRunner
package import SystemCalls
import WASI

/// Parses `[run] [options] MODULE [--] [ARGUMENT…]`.
package struct FastRunParser {
  private var line = RunLine(options: RunOptions(modulePath: ""))
  private var readOnlyDirectories: [DirectoryGrant] = []
  private let words: [OSString]
  private var position = 0

  /// The command line `words`, without the program's name; nil where it takes the full parser to
  /// understand it, or to say what is wrong with it.
  package static func parse(_ words: [OSString]) -> RunLine? {
    var parser = FastRunParser(words: words)
    return parser.parse()
  }

  private init(words: [OSString]) { self.words = words }

  private mutating func parse() -> RunLine? {
    if words.first?.text == CommandName.run.rawValue { position = 1 }
    let takesCommands = position == 0
    while position < words.count {
      let word = words[position]
      position += 1
      guard word.bytes.first == UInt8(ascii: "-"), word.bytes.count > 1 else {
        if takesCommands, position == 1, word.text.flatMap(CommandName.init) != nil { return nil }
        return finish(modulePath: word)
      }
      guard parseOption(word) else { return nil }
    }
    return nil
  }

  /// Everything behind the module is the guest's, but for one separator.
  private mutating func finish(modulePath: OSString) -> RunLine? {
    var rest = words[position...]
    if rest.first == "--" { rest = rest.dropFirst() }
    line.options.modulePath = modulePath
    line.options.guestArguments = Array(rest)
    // As the full parser has it, which reads each kind by itself.
    line.options.directories += readOnlyDirectories
    return line
  }

  private mutating func parseOption(_ word: OSString) -> Bool {
    guard let text = word.text else { return parseOptionWithValue(word) }
    switch text {
    case "-v": return setVerbosity(.verbose)
    case "-q": return setVerbosity(.quiet)
    default: break
    }
    switch RunOption(rawValue: text) {
    case .verbose: return setVerbosity(.verbose)
    case .quiet: return setVerbosity(.quiet)
    case .trace: line.options.trace = .lines(families: nil)
    case .inheritEnvironment: line.options.inheritsEnvironment = true
    case .threads: line.options.allowsThreads = true
    case .allowPrecompiled: line.options.allowsPrecompiled = true
    case .debugInformation: line.options.hasDebugInformation = true
    case .noCache: line.options.compilation.usesCache = false
    case .disablePassParameters: line.options.compilation.passParameters = false
    case .enablePassParameters: line.usesDeprecatedOption = true
    case .help: return false
    default: return parseOptionWithValue(word)
    }
    return true
  }

  /// Both at once are the full parser's to refuse.
  private mutating func setVerbosity(_ verbosity: Verbosity) -> Bool {
    guard line.verbosity == .normal || line.verbosity == verbosity else { return false }
    line.verbosity = verbosity
    return true
  }

  private mutating func parseOptionWithValue(_ word: OSString) -> Bool {
    let name: OSString
    let value: OSString
    if let equals = word.bytes.firstIndex(of: UInt8(ascii: "=")) {
      name = OSString(bytes: word.bytes[..<equals])
      value = OSString(bytes: word.bytes[(equals + 1)...])
      // The full parser takes none for missing.
      guard !value.isEmpty else { return false }
    } else {
      // A value that looks like an option is the full parser's to judge.
      guard position < words.count, words[position].bytes.first != UInt8(ascii: "-") else {
        return false
      }
      name = word
      value = words[position]
      position += 1
    }
    guard let option = name.text.flatMap(RunOption.init) else { return false }
    return setOption(option, value)
  }

  /// Sets an option that has a value; false where the value is wrong or the option has none.
  private mutating func setOption(_ option: RunOption, _ value: OSString) -> Bool {
    switch option {
    case .directory:
      guard let grant = DirectoryGrant(value, isReadOnly: false) else { return false }
      line.options.directories.append(grant)
    case .readOnlyDirectory:
      guard let grant = DirectoryGrant(value, isReadOnly: true) else { return false }
      readOnlyDirectories.append(grant)
    case .environment:
      guard let grant = EnvironmentGrant(value) else { return false }
      line.options.environment.append(grant)
    case .trace:
      guard let mode = value.text.flatMap({ TraceMode($0) }) else { return false }
      line.options.trace = mode
    case .report:
      guard let target = ReportTarget(value) else { return false }
      line.report = target
    case .color:
      guard let mode = value.text.flatMap(ColorMode.init) else { return false }
      line.color = mode
    case .environmentFile: line.options.environmentFiles.append(value)
    case .listen:
      guard let address = ListenAddress(value) else { return false }
      line.options.listenAddresses.append(address)
    case .standardInput: line.options.streams.input = value
    case .standardOutput: line.options.streams.output = value
    case .standardError: line.options.streams.error = value
    case .profile:
      guard let format = value.text.flatMap(ProfileFormat.init) else { return false }
      line.options.profile = format
    case .coreDump: line.options.coreDumpPath = value
    case .invoke: line.options.invokedFunction = value.description
    case .preload:
      guard let library = PreloadedLibrary(value) else { return false }
      line.options.libraries.append(library)
    case .command: line.options.command = value.description
    case .programName: line.options.programName = value
    case .sandbox, .memoryLimit, .tableLimit, .stackSize, .fileLimit, .threadLimit, .timeLimit:
      return setLimit(option, value)
    case .compiler:
      guard let strategy = value.text.flatMap(CompilerStrategy.init) else { return false }
      line.options.compilation.strategy = strategy
    case .optimizationLevel:
      guard let level = OptimizationLevel(value.description) else { return false }
      line.options.compilation.optimizationLevel = level.number
    case .tierUp:
      guard let delay = value.text.flatMap({ TierUpDelay($0) }) else { return false }
      line.options.compilation.tierUp = delay
    default: return false
    }
    return true
  }

  private mutating func setLimit(_ option: RunOption, _ value: OSString) -> Bool {
    guard let text = value.text else { return false }
    switch option {
    case .sandbox:
      guard let mode = SandboxMode(rawValue: text) else { return false }
      line.options.sandbox = mode
    case .memoryLimit:
      guard let limit = ByteCount(text) else { return false }
      line.options.memoryByteLimit = limit.bytes
    case .tableLimit:
      guard let limit = ItemCount(text) else { return false }
      line.options.tableElementLimit = UInt64(limit.number)
    case .stackSize:
      guard let size = StackSize(text) else { return false }
      line.options.stackByteCount = size.byteCount
    case .fileLimit:
      guard let limit = ItemCount(text) else { return false }
      line.options.descriptorLimit = limit.number
    case .threadLimit:
      guard let limit = ItemCount(text) else { return false }
      line.options.threadLimit = limit.number
    case .timeLimit:
      guard let limit = TimeLimit(text) else { return false }
      line.options.timeLimit = limit
    default: return false
    }
    return true
  }
}
