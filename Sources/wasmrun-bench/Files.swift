// Files and programs of the measurement, and messages.

import SystemCalls

/// Why something could not be measured, in words for the developer.
struct BenchError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

/// Writes a line to standard error.
func tellError(_ text: String) {
  // Nobody can be told where this fails.
  try? FileDescriptor.standardError.writeAll(Array("wasmrun-bench: \(text)\n".utf8))
}

enum Files {
  /// Where everything is put that measuring makes. Relative to the current folder, the repository's.
  static let output = ".build-benchmark"

  private static let largest = 1 << 30

  static func exists(_ path: String) -> Bool {
    (try? FileDescriptor.currentDirectory.status(of: path, following: true)) != nil
  }

  static func contents(_ path: String) throws -> [UInt8] {
    do throws(Errno) {
      return try FileDescriptor.currentDirectory.open(path, .readOnly).contents(limit: largest)
    } catch {
      throw BenchError("cannot read '\(path)': \(error)")
    }
  }

  /// Writes a file, unless it has that content already: one that is older starts sooner, as wasmrun
  /// knows it again.
  static func write(_ bytes: [UInt8], to path: String) throws {
    if exists(path), try contents(path) == bytes { return }
    do throws(Errno) {
      let temporary = path + ".new"
      let file = try FileDescriptor.currentDirectory.open(
        temporary, [.writeOnly, .create, .truncate])
      try file.descriptor.writeAll(bytes)
      try file.close()
      try FileDescriptor.currentDirectory.rename(temporary, to: .currentDirectory, path)
    } catch {
      throw BenchError("cannot write '\(path)': \(error)")
    }
  }

  /// Throws where `write` could not write there: better now than after hours.
  static func checkWritable(_ path: String) throws {
    do throws(Errno) {
      let temporary = path + ".new"
      try FileDescriptor.currentDirectory.open(temporary, [.writeOnly, .create]).close()
      try FileDescriptor.currentDirectory.unlink(temporary)
    } catch {
      throw BenchError("cannot write '\(path)': \(error)")
    }
  }

  /// Gives the file `new` the place of `path`, or removes it where both are the same.
  static func replace(_ path: String, by new: String) throws {
    let isSame = try exists(path) && contents(path) == contents(new)
    do throws(Errno) {
      if isSame { return try FileDescriptor.currentDirectory.unlink(new) }
      try FileDescriptor.currentDirectory.rename(new, to: .currentDirectory, path)
    } catch {
      throw BenchError("cannot write '\(path)': \(error)")
    }
  }

  static func makeFolder(_ path: String) throws {
    do throws(Errno) {
      try FileDescriptor.currentDirectory.makeDirectory(path)
    } catch {
      if error == .fileExists { return }
      throw BenchError("cannot make the folder '\(path)': \(error)")
    }
  }

  /// The names in a folder that end so, without the ending, sorted.
  static func names(in folder: String, endingWith ending: String) throws -> [String] {
    do throws(Errno) {
      var stream = DirectoryStream(
        try FileDescriptor.currentDirectory.open(folder, [.readOnly, .directory]))
      var names: [String] = []
      while let entry = try stream.next() {
        let name = String(decoding: entry.name, as: UTF8.self)
        if name.hasSuffix(ending) { names.append(String(name.dropLast(ending.count))) }
      }
      return names.sorted()
    } catch {
      throw BenchError("cannot read '\(folder)': \(error); run this in the repository's folder")
    }
  }

  /// The absolute path of the current folder's `path`.
  static func absolute(_ path: String) throws -> String {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 4_096, alignment: 1)
    defer { buffer.deallocate() }
    let count = try FileDescriptor.currentDirectory.readSymbolicLink("/proc/self/cwd", into: buffer)
    return String(decoding: buffer[..<count], as: UTF8.self) + "/" + path
  }
}
