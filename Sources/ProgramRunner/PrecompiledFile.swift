// Precompiled files (`.cwasm`): all that a run needs of a module and its code, in one file of the
// user's.
//
// A page of header, then the module image and the code image, each from a page on. Whoever runs such
// a file trusts it like a program, so that needs a flag; what is wrong with it by accident is found.

import CompilerInterface
import SystemCalls
import WasmModule
import WasmRuntime

/// The header of a precompiled file.
struct PrecompiledHeader {
  static let magic: UInt64 = 0x50_4E_55_52_4D_53_41_57  // "WASMRUNP"
  static let formatVersion: UInt64 = 1
  static let byteCount = 4_096
  private static let versionByteCount = 32

  /// wasmrun's own version: code is for the version that made it.
  var version: String
  var module: Range<Int>
  var code: Range<Int>

  /// Lays out a file for images of so many bytes.
  init(moduleByteCount: Int, codeByteCount: Int) {
    version = wasmrunVersion
    module = Self.byteCount..<Self.byteCount + moduleByteCount
    let codeStart = (module.upperBound + Self.byteCount - 1) / Self.byteCount * Self.byteCount
    code = codeStart..<codeStart + codeByteCount
  }

  func encoded() -> [UInt8] {
    var bytes: [UInt8] = []
    let append = { (word: UInt64, bytes: inout [UInt8]) in
      withUnsafeBytes(of: word.littleEndian) { bytes += $0 }
    }
    append(Self.magic, &bytes)
    append(Self.formatVersion, &bytes)
    let text = Array(version.utf8.prefix(Self.versionByteCount))
    bytes += text + repeatElement(0, count: Self.versionByteCount - text.count)
    for place in [module.lowerBound, module.count, code.lowerBound, code.count] {
      append(UInt64(place), &bytes)
    }
    bytes += repeatElement(0, count: Self.byteCount - 8 - bytes.count)
    append(bytes.withUnsafeBytes { checksum($0) }, &bytes)
    return bytes
  }

  /// Reads and checks the header of a file of `fileByteCount` bytes.
  init(_ bytes: UnsafeRawBufferPointer, fileByteCount: Int) throws(CodeImageError) {
    let word = { (place: Int) in bytes.loadUnaligned(fromByteOffset: place * 8, as: UInt64.self) }
    guard bytes.count >= 16, word(0) == Self.magic else { throw .notAnImage }
    guard word(1) == Self.formatVersion else {
      throw .otherVersion("file format \(word(1)), this is \(Self.formatVersion)")
    }
    guard bytes.count == Self.byteCount else { throw .truncated }
    let covered = UnsafeRawBufferPointer(rebasing: bytes[..<(Self.byteCount - 8)])
    guard word(Self.byteCount / 8 - 1) == checksum(covered) else {
      throw .damaged("header checksum")
    }
    let text = bytes[16..<16 + Self.versionByteCount].prefix { $0 != 0 }
    version = String(decoding: text, as: UTF8.self)
    guard version == wasmrunVersion else {
      throw .otherVersion("wasmrun \(version), this is \(wasmrunVersion)")
    }
    module = try Self.range(word(6), word(7))
    code = try Self.range(word(8), word(9))
    guard module.lowerBound >= Self.byteCount, code.lowerBound >= module.upperBound,
      code.upperBound == fileByteCount
    else { throw .truncated }
  }

  private static func range(
    _ start: UInt64, _ byteCount: UInt64
  ) throws(CodeImageError) -> Range<Int> {
    let (end, overflow) = start.addingReportingOverflow(byteCount)
    guard !overflow, end <= UInt64(Int.max) else { throw .damaged("section out of range") }
    return Int(start)..<Int(end)
  }
}

/// A precompiled file, to be run.
struct PrecompiledFile {
  private let path: OSString
  private let file: FileDescriptor
  private let byteCount: Int

  /// nil where `opened` is something else: a module most likely.
  init?(_ opened: borrowing OpenedModule) {
    guard let status = opened.status, status.kind == .regular,
      Self.beginsWithMagic(opened.descriptor)
    else { return nil }
    path = opened.path
    file = opened.descriptor
    byteCount = Int(status.byteCount)
  }

  private static func beginsWithMagic(_ file: FileDescriptor) -> Bool {
    var word: UInt64 = 0
    let count = withUnsafeMutableBytes(of: &word) { try? file.readAll(into: $0, at: 0) }
    return count == 8 && word == PrecompiledHeader.magic
  }

  /// Takes a copy of the file, which can change at any time, checks all of it, and maps it.
  func load(isAllowed: Bool) throws(RunnerError) -> WarmStart {
    guard isAllowed else {
      throw .notRunnable(
        path, "it holds machine code, which runs only if that is allowed",
        hint: "--allow-precompiled allows it; nothing checks what the code of such a file does, so "
          + "run only those that you can trust like a program")
    }
    do throws(CodeLoadError) {
      return try load()
    } catch {
      switch error {
      case .image(let error):
        throw .notRunnable(
          path, "the precompiled code is \(error)", hint: "compile the module again")
      case .system(let error):
        throw RunnerError(.failed, "cannot load '\(path)'", "\(error)")
      }
    }
  }

  private func load() throws(CodeLoadError) -> WarmStart {
    let header = try header()
    let moduleCopy = try copy(header.module)
    let codeCopy = try copy(header.code)
    let image = try ModuleImage(moduleCopy.descriptor, byteCount: header.module.count)
    let checking = try system { () throws(Errno) in
      try VirtualMemory(mapping: codeCopy.descriptor, byteCount: header.code.count)
    }
    do throws(CodeImageError) {
      try image.view.verify()
      let view = try CodeImageView(
        UnsafeRawBufferPointer(start: checking.start, count: header.code.count))
      try view.verifyText()
      try Self.check(view.header, image.view.header)
    } catch {
      throw .image(error)
    }
    let code = try CompiledCode(codeCopy.descriptor)
    do throws(ModuleError) {
      return WarmStart(module: try RunnableModule(image, path: path), code: code)
    } catch {
      throw .image(.damaged("\(error)"))
    }
  }

  private static func check(
    _ code: CodeImageHeader, _ module: ModuleImageHeader
  ) throws(CodeImageError) {
    guard code.moduleHash == module.moduleHash else { throw .doesNotFit("another module") }
    let missing = code.cpuFeatures & ~CPUFeatures.host.rawValue
    guard missing == 0 else {
      throw .doesNotFit("a processor with features that this one lacks")
    }
  }

  private func header() throws(CodeLoadError) -> PrecompiledHeader {
    let buffer = UnsafeMutableRawBufferPointer.allocate(
      byteCount: PrecompiledHeader.byteCount, alignment: 8)
    defer { buffer.deallocate() }
    let count = try system { () throws(Errno) in try file.readAll(into: buffer, at: 0) }
    do throws(CodeImageError) {
      return try PrecompiledHeader(
        UnsafeRawBufferPointer(rebasing: buffer[..<count]), fileByteCount: byteCount)
    } catch {
      throw .image(error)
    }
  }

  /// A part of the file as a sealed memory file.
  private func copy(_ range: Range<Int>) throws(CodeLoadError) -> OwnedDescriptor {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 4_096)
    defer { buffer.deallocate() }
    let copy = try system { () throws(Errno) in
      let copy = try FileDescriptor.memoryFile(named: "wasmrun-precompiled")
      var place = range.lowerBound
      while place < range.upperBound {
        let part = UnsafeMutableRawBufferPointer(
          rebasing: buffer[..<min(buffer.count, range.upperBound - place)])
        let count = try file.readAll(into: part, at: Int64(place))
        if count == 0 { break }
        try copy.descriptor.writeAll(UnsafeRawBufferPointer(rebasing: part[..<count]))
        place += count
      }
      try copy.descriptor.seal()
      return copy
    }
    return copy
  }

  private func system<Result: ~Copyable>(
    _ body: () throws(Errno) -> Result
  ) throws(CodeLoadError) -> Result {
    do { return try body() } catch { throw .system(error) }
  }
}

extension PrecompiledFile {
  /// Writes a module and its code to `path`, where a file appears whole or not at all; `-` is standard
  /// output.
  static func write(
    _ module: WasmModule.Module, _ file: ModuleFile, _ code: CompiledCode, to path: OSString
  ) throws(RunnerError) {
    guard !module.isDynamic(file.bytes) else {
      throw RunnerError(
        .usage, "cannot compile '\(file.path)' to '\(path)'",
        "it is linked with libraries when it is loaded")
    }
    let target = try? FileDescriptor.currentDirectory.status(of: path.cString, following: true)
    guard target == nil || target?.identity != file.status?.identity else {
      throw RunnerError(
        .usage, "cannot compile '\(file.path)' to '\(path)'", "they are the same file")
    }
    guard let image = code.image else {
      throw RunnerError(.failed, "cannot write '\(path)'", "the code is still being made")
    }
    let contents: ModuleImageContents
    do throws(ModuleError) {
      contents = try ModuleImageContents(
        module, bytes: file.bytes, moduleHash: image.header.moduleHash)
    } catch {
      throw .notRunnable(file.path, "\(error)")
    }
    try write(contents.encoded(), code: image.file, to: path)
  }

  private static func write(
    _ module: [UInt8], code: UnsafeRawBufferPointer, to path: OSString
  ) throws(RunnerError) {
    let header = PrecompiledHeader(moduleByteCount: module.count, codeByteCount: code.count)
    let gap = [UInt8](repeating: 0, count: header.code.lowerBound - header.module.upperBound)
    do throws(Errno) {
      try write(to: path) { file throws(Errno) in
        for part in [header.encoded(), module, gap] { try file.writeAll(part) }
        try file.writeAll(code)
      }
    } catch {
      throw RunnerError(.failed, "cannot write '\(path)'", "\(error)")
    }
  }

  private static func write(
    to path: OSString, _ body: (FileDescriptor) throws(Errno) -> Void
  ) throws(Errno) {
    guard path != "-" else { return try body(.standardOutput) }
    let folder = FileDescriptor.currentDirectory
    // A device or a pipe stays what it is, and what a link leads to is written.
    if let kind = try? folder.status(of: path.cString).kind, kind != .regular {
      let file = try folder.open(path.cString, [.writeOnly, .create, .truncate])
      try body(file.descriptor)
      return try file.close()
    }
    let temporary = path + OSString("." + String(UInt64.random(in: 0 ... .max), radix: 16))
    let file = try folder.open(temporary.cString, [.writeOnly, .create, .exclusive])
    do throws(Errno) {
      try body(file.descriptor)
      try file.close()
      try folder.rename(temporary.cString, to: folder, path.cString)
    } catch {
      try? folder.unlink(temporary.cString)
      throw error
    }
  }
}
