// The command lines of wasmrun-llvm, read. wasmrun makes them, so nothing is said of what is wrong.

internal import CompilerInterface
internal import SystemCalls

/// Named arguments, each to be taken once: `--name value`.
struct NamedArguments {
  private var values: [String: String] = [:]

  /// `arguments` are the process's, the program's name first; nil unless pairs follow `command`.
  init?(_ arguments: [String], of command: String) {
    guard arguments.count >= 2, arguments[1] == command, arguments.count % 2 == 0 else {
      return nil
    }
    for index in stride(from: 2, to: arguments.count, by: 2) {
      values[arguments[index]] = arguments[index + 1]
    }
  }

  /// Whether nothing is left.
  var isEmpty: Bool { values.isEmpty }

  mutating func number<Number: FixedWidthInteger>(_ name: String) -> Number? {
    values.removeValue(forKey: name).flatMap { Number($0) }
  }

  mutating func descriptor(_ name: String) -> FileDescriptor? {
    number(name).map { FileDescriptor(rawValue: $0) }
  }

  mutating func hash(_ name: String) -> Hash256? {
    values.removeValue(forKey: name).flatMap { Hash256(hexadecimal: $0) }
  }
}

/// What an image is made for, and by whom.
struct ImageIdentity: Sendable, Equatable {
  let moduleHash: Hash256
  let compilerBuild: Hash256
  let options: CodegenOptions

  init(moduleHash: Hash256, compilerBuild: Hash256, options: CodegenOptions) {
    self.moduleHash = moduleHash
    self.compilerBuild = compilerBuild
    self.options = options
  }

  init?(_ arguments: inout NamedArguments) {
    guard let moduleHash = arguments.hash("--module-hash"),
      let compilerBuild = arguments.hash("--compiler-build"),
      let fingerprint: UInt64 = arguments.number("--options"),
      let options = CodegenOptions(fingerprint: fingerprint)
    else { return nil }
    self.init(moduleHash: moduleHash, compilerBuild: compilerBuild, options: options)
  }
}

/// `wasmrun-llvm compile`.
struct CompilerInvocation {
  let module: FileDescriptor
  let image: FileDescriptor
  let progress: FileDescriptor
  let identity: ImageIdentity

  /// nil where the arguments are not as they must be.
  init?(_ arguments: [String]) {
    guard var values = NamedArguments(arguments, of: "compile"),
      let module = values.descriptor("--module-fd"), let image = values.descriptor("--image-fd"),
      let progress = values.descriptor("--progress-fd"), let identity = ImageIdentity(&values),
      values.isEmpty
    else { return nil }
    (self.module, self.image, self.progress) = (module, image, progress)
    self.identity = identity
  }

  var moduleHash: Hash256 { identity.moduleHash }
  var compilerBuild: Hash256 { identity.compilerBuild }
  var options: CodegenOptions { identity.options }

  func report(_ line: String) { try? progress.writeLine(line) }
}

/// `wasmrun-llvm tier`.
struct TierInvocation {
  let module: FileDescriptor
  let region: FileDescriptor
  let requests: FileDescriptor
  /// nil: what is compiled is for this run alone.
  let work: FileDescriptor?
  /// Readable, or closed at its other end, once the runner has ended.
  let life: FileDescriptor
  /// Where the runner has mapped the region's text.
  let text: UInt64
  let threadCount: Int
  let identity: ImageIdentity

  /// nil where the arguments are not as they must be.
  init?(_ arguments: [String]) {
    guard var values = NamedArguments(arguments, of: "tier"),
      let module = values.descriptor("--module-fd"), let region = values.descriptor("--region-fd"),
      let requests = values.descriptor("--requests-fd"),
      let work = values.descriptor("--work-fd"), let life = values.descriptor("--life-fd"),
      let text: UInt64 = values.number("--text"), let threadCount: Int = values.number("--threads"),
      threadCount >= 1, threadCount <= 1_024, let identity = ImageIdentity(&values), values.isEmpty
    else { return nil }
    (self.module, self.region, self.requests, self.life) = (module, region, requests, life)
    self.work = work.rawValue < 0 ? nil : work
    (self.text, self.threadCount, self.identity) = (text, threadCount, identity)
  }
}
