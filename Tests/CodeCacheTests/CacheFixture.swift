// A cache in a folder of its own, and images to put into it.

import CompilerInterface
import Glibc
import SystemCalls
import TestSupport
import Testing

@testable import CodeCache

/// A place for a cache that no other test knows; the cache's folder does not exist yet.
struct CacheFixture {
  let parent: TemporaryDirectory
  let location: CacheLocation

  init() throws {
    let parent = try TemporaryDirectory()
    self.parent = parent
    location = try #require(
      CacheLocation(variable: { $0 == "XDG_CACHE_HOME" ? OSString(parent.path) : nil }))
  }

  func open() throws -> CodeCache {
    guard let cache = try CodeCache.open(location, creating: true) else {
      throw Errno.noSuchFileOrDirectory
    }
    return cache
  }

  /// Whether a cache can be opened without making one.
  func isThere() throws -> Bool {
    switch try CodeCache.open(location, creating: false) {
    case .some: true
    case .none: false
    }
  }

  /// A cache that holds the image of `key`.
  func openWithImage(_ key: CacheKey) throws -> CodeCache {
    let cache = try open()
    try Self.image(key).withUnsafeBytes { try cache.insert($0, for: key) }
    return cache
  }

  static func key(
    module: UInt8 = 1, compiler: UInt8 = 2, _ change: (inout CodegenOptions) -> Void = { _ in }
  ) -> CacheKey {
    var options = CodegenOptions()
    options.cpuFeatures = [.sse41, .popcnt]
    change(&options)
    return CacheKey(
      moduleHash: Hash256(bytes: repeatElement(module, count: 32)),
      compilerBuild: Hash256(bytes: repeatElement(compiler, count: 32)), options: options)
  }

  /// A whole image, with metadata and `textByteCount` bytes of text.
  static func image(_ key: CacheKey, textByteCount: Int = 5_000) -> [UInt8] {
    var contents = CodeImageContents()
    contents.moduleHash = key.moduleHash
    contents.compilerBuild = key.compilerBuild
    contents.options = key.options
    contents.functions = [FunctionRecord(body: 16, tableEntry: 12, byteCount: 40)]
    contents.entryThunks = [0]
    contents.text = (0..<textByteCount).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    return contents.encoded()
  }

  /// What stands in the cache's folder, sorted, without the entries that every folder has.
  func names() throws -> [String] {
    let folder = try parent.descriptor.open("wasmrun", [.readOnly, .directory])
    var stream = DirectoryStream(folder)
    var names: [String] = []
    while let entry = try stream.next() {
      names.append(String(decoding: entry.name, as: UTF8.self))
    }
    return names.filter { $0 != "." && $0 != ".." }.sorted()
  }

  /// Opens a file of the cache's folder with all permissions that it takes.
  func change(_ name: String, _ body: (FileDescriptor) throws -> Void) throws {
    let folder = try parent.descriptor.open("wasmrun", [.readOnly, .directory])
    let reading = try folder.descriptor.open(name, .readOnly)
    let permissions = try reading.descriptor.status().permissions
    try reading.descriptor.setPermissions(0o600)
    let file = try folder.descriptor.open(name, .readWrite)
    try body(file.descriptor)
    // The body may have set permissions itself.
    if try file.descriptor.status().permissions == 0o600 {
      try file.descriptor.setPermissions(permissions)
    }
  }

  /// Sets the time of a file's last modification, in nanoseconds since 1970.
  func setTime(_ name: String, nanoseconds: UInt64) throws {
    let folder = try parent.descriptor.open("wasmrun", [.readOnly, .directory])
    try folder.descriptor.setTimes(
      of: name, access: .unchanged, modification: .nanoseconds(nanoseconds))
  }

  /// Makes nobody the owner of a file, or of the folder by ".".
  func giveAway(_ name: String) throws {
    let folder = try parent.descriptor.open("wasmrun", [.readOnly, .directory])
    guard fchownat(folder.descriptor.rawValue, name, 65_534, 65_534, 0) == 0 else {
      throw Errno.last
    }
  }

  /// Turns over the bits of one byte of a file.
  func alterByte(_ name: String, at offset: Int64) throws {
    try change(name) { file in
      var byte: [UInt8] = [0]
      _ = try byte.withUnsafeMutableBytes { try file.readAll(into: $0, at: offset) }
      byte[0] = ~byte[0]
      _ = try file.seek(offset, from: .start)
      try byte.withUnsafeBytes { try file.writeAll($0) }
    }
  }
}

/// The outcome of a lookup, to be compared.
enum Outcome: Equatable {
  case hit(byteCount: Int)
  case miss
  case refused(CacheFailure)
}

extension CodeCache {
  func outcome(_ key: CacheKey) -> Outcome {
    switch lookup(key) {
    case .hit(let entry): .hit(byteCount: entry.byteCount)
    case .miss: .miss
    case .refused(let failure): .refused(failure)
    }
  }
}
