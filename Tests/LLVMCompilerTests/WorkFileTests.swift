// The file of unfinished work: what was written whole is read again, and nothing else.

import CompilerInterface
import SystemCalls
import TestSupport
import Testing
import WasmModule

@testable import LLVMCompiler

@Suite struct WorkFileTests {
  private let identity = TierRegion.identity

  private func objects() throws -> [LinkableObject] {
    var builder = WasmBuilder()
    for value in 0..<3 {
      _ = builder.function([], [.i64], .i64(Int64(value)) + Code(.call, 2 - value) + Code(.i64Add))
    }
    return Array(
      try TestProgram(builder).objects((0..<3).map { Unit(functions: [$0]) }, inlining: 0)
        .prefix(3))
  }

  /// A file with three objects, and where each entry ends.
  private func written() throws -> (bytes: [UInt8], ends: [Int]) {
    let file = try FileDescriptor.memoryFile(named: "work").take()
    defer { try? file.close() }
    let work = WorkFile(file, identity, [])
    var ends = [file.content.count]
    for object in try objects() {
      work.append(object)
      ends.append(file.content.count)
    }
    return (file.content, ends)
  }

  private func reopen(
    _ bytes: [UInt8], _ identity: ImageIdentity = TierRegion.identity
  ) throws -> (objects: [LinkableObject], byteCount: Int) {
    let file = try FileDescriptor.memoryFile(named: "work").take()
    defer { try? file.close() }
    try file.writeAll(bytes)
    let work = WorkFile(file, identity, file.content)
    return (work.takeObjects(), file.content.count)
  }

  @Test func objectsComeBack() throws {
    let (bytes, ends) = try written()
    #expect(ends[0] == WorkFile.headerByteCount)
    let (objects, byteCount) = try reopen(bytes)
    #expect(byteCount == bytes.count)
    #expect(objects.map { $0.coded() } == (try self.objects()).map { $0.coded() })
  }

  @Test func everyTruncation() throws {
    let (bytes, ends) = try written()
    for length in stride(from: 0, through: bytes.count, by: 7) {
      let (objects, byteCount) = try reopen(Array(bytes[..<length]))
      let whole = ends.dropFirst().count { $0 <= length }
      #expect(objects.count == whole)
      #expect(byteCount == ends[whole])
    }
  }

  @Test func otherModulesAndCompilers() throws {
    let bytes = try written().bytes
    let other = Hash256(bytes: Array(repeating: 1, count: 32))
    for wrong in [
      ImageIdentity(
        moduleHash: other, compilerBuild: identity.compilerBuild, options: identity.options),
      ImageIdentity(
        moduleHash: identity.moduleHash, compilerBuild: other, options: identity.options),
    ] {
      let (objects, byteCount) = try reopen(bytes, wrong)
      #expect(objects.isEmpty)
      #expect(byteCount == WorkFile.headerByteCount)
    }
  }

  /// Damage anywhere ends the work that counts at the entry before.
  @Test func everyDamage() throws {
    let (bytes, ends) = try written()
    for place in stride(from: 0, to: bytes.count, by: 13) {
      var damaged = bytes
      damaged[place] ^= 0x40
      let (objects, _) = try reopen(damaged)
      let before = ends.count { $0 <= place }
      // The four bytes behind an entry's count mean nothing.
      let isIdle = before > 0 && (4..<8).contains(place - ends[before - 1])
      #expect(objects.count == (isIdle ? 3 : max(0, before - 1)))
    }
  }

  /// Objects whose checksum is right and whose content is hostile: refused, or harmless to link.
  @Test func hostileObjects() throws {
    let object = try objects()[0].coded()
    var accepted = 0
    for place in object.indices {
      for value in [0, 1, 0x7F, 0x80, 0xFF] as [UInt8] {
        var hostile = object
        hostile[place] = value
        guard let read = hostile.withUnsafeBytes({ LinkableObject(coded: $0) }) else { continue }
        accepted += 1
        for section in read.sections {
          #expect(section.relocations.allSatisfy { $0.symbol < read.symbols.count })
        }
      }
    }
    #expect(accepted > 0)
    for length in object.indices {
      #expect(object[..<length].withUnsafeBytes { LinkableObject(coded: $0) } == nil)
    }
  }

  @Test func imageTakesThePlaceOfAll() throws {
    let file = try FileDescriptor.memoryFile(named: "work").take()
    defer { try? file.close() }
    let work = WorkFile(file, identity, [])
    let objects = try objects()
    work.append(objects[0])
    let image = [UInt8](repeating: 9, count: 5_000)
    work.replace(with: image)
    #expect(file.content == image)
    work.append(objects[1])
    #expect(file.content == image)
  }

  @Test func fullDisk() throws {
    let file = try FileDescriptor.memoryFile(named: "work").take()
    defer { try? file.close() }
    let work = WorkFile(file, identity, [])
    let objects = try objects()
    work.append(objects[0])
    let whole = file.content
    FaultInjection.withFault(.write, .noSpace) { work.append(objects[1]) }
    work.append(objects[2])
    #expect(file.content == whole)
    let image = [UInt8](repeating: 9, count: 5_000)
    FaultInjection.withFault(.write, .noSpace) { work.replace(with: image) }
    #expect(file.content.isEmpty)
  }
}
