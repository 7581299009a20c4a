// What a run is granted and limited to, as swift-argument-parser reads it.

import ArgumentParser
import ProgramRunner
import SystemCalls

/// The options that decide what a guest can reach and use.
struct GrantArguments: ParsableArguments {
  @Option(
    name: .of(.directory),
    transform: reading("HOST or HOST::GUEST") {
      DirectoryGrant(OSString(parserText: $0), isReadOnly: false)
    })
  var directories: [DirectoryGrant] = []

  @Option(
    name: .of(.readOnlyDirectory),
    transform: reading("HOST or HOST::GUEST") {
      DirectoryGrant(OSString(parserText: $0), isReadOnly: true)
    })
  var readOnlyDirectories: [DirectoryGrant] = []

  @Option(
    name: .of(.environment),
    transform: reading("NAME or NAME=VALUE") { EnvironmentGrant(OSString(parserText: $0)) })
  var environment: [EnvironmentGrant] = []

  @Option(
    name: .of(.memoryLimit),
    transform: reading("a number of bytes, such as 512M,") { ByteCount($0) })
  var memoryLimit: ByteCount?

  @Option(
    name: .of(.stackSize), transform: reading("a number of bytes from 1M to 64G") { StackSize($0) })
  var stackSize: StackSize?

  @Option(name: .of(.environmentFile)) var environmentFiles: [String] = []

  @Flag(name: .of(.inheritEnvironment)) var inheritsEnvironment = false

  @Option(
    name: .of(.listen),
    transform: reading("ADDRESS:PORT in digits or unix:PATH") {
      ListenAddress(OSString(parserText: $0))
    })
  var listenAddresses: [ListenAddress] = []

  @Option(name: .of(.standardInput)) var standardInput: String?

  @Option(name: .of(.standardOutput)) var standardOutput: String?

  @Option(name: .of(.standardError)) var standardError: String?

  @Option(name: .of(.tableLimit), transform: reading("a number from 1 on") { ItemCount($0) })
  var tableLimit: ItemCount?

  @Option(name: .of(.fileLimit), transform: reading("a number from 1 on") { ItemCount($0) })
  var fileLimit: ItemCount?

  @Flag(name: .of(.threads)) var allowsThreads = false

  @Option(name: .of(.threadLimit), transform: reading("a number from 1 on") { ItemCount($0) })
  var threadLimit: ItemCount?

  @Option(
    name: .of(.timeLimit),
    transform: reading("a duration, such as 500ms, 10s or 2m,") { TimeLimit($0) })
  var timeLimit: TimeLimit?

  @Option(name: .of(.sandbox), transform: reading("strict or off") { SandboxMode(rawValue: $0) })
  var sandbox = SandboxMode.strict

  init() {}

  func apply(to options: inout RunOptions) {
    options.directories = directories + readOnlyDirectories
    options.environment = environment
    options.memoryByteLimit = memoryLimit?.bytes
    options.stackByteCount = stackSize?.byteCount
    options.environmentFiles = environmentFiles.map(OSString.init(parserText:))
    options.inheritsEnvironment = inheritsEnvironment
    options.listenAddresses = listenAddresses
    options.streams.input = standardInput.map(OSString.init(parserText:))
    options.streams.output = standardOutput.map(OSString.init(parserText:))
    options.streams.error = standardError.map(OSString.init(parserText:))
    options.tableElementLimit = tableLimit.map { UInt64($0.number) }
    options.descriptorLimit = fileLimit?.number
    options.allowsThreads = allowsThreads
    if let threadLimit { options.threadLimit = threadLimit.number }
    options.timeLimit = timeLimit
    options.sandbox = sandbox
  }
}
