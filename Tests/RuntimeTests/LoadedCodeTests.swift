// Which images are mapped, and which are refused.

import CompilerInterface
import Glibc
import Runtime
import SystemCalls
import Testing

@Suite struct LoadedCodeTests {
  private static let image = CodeImageContents(functions: [HandMadeCode.add, HandMadeCode.load])

  /// Why this file is refused; nil where it is mapped.
  private func refusal(_ file: [UInt8]) throws -> LoadedCode.LoadError? {
    do {
      _ = try LoadedCode.load(file: file)
      return nil
    } catch let error as LoadedCode.LoadError {
      return error
    }
  }

  @Test func whole() throws {
    let code = try LoadedCode.load(Self.image)
    #expect(code.functionCount == 2)
    try #require(code.image).verifyText()
  }

  @Test func withoutFunctions() throws {
    #expect(try LoadedCode.load(CodeImageContents()).functionCount == 0)
  }

  @Test func truncated() throws {
    let file = Self.image.encoded()
    #expect(try refusal([]) == .image(.truncated))
    for count in [1, 255, 256, 300, 4_096, file.count - 1] {
      #expect(try refusal(Array(file[..<count])) == .image(.truncated), "\(count) bytes")
    }
  }

  @Test func offsetsOutOfText() throws {
    for change in [
      { $0.functions[1].body = UInt32($0.text.count) },
      { $0.functions[1].byteCount = .max },
      { $0.functions[0].tableEntry = .max },
      { $0.entryThunks[0] = UInt32($0.text.count) },
      { $0.hostThunks[0] = 0xFFFF_FFFE },
    ] as [(inout CodeImageContents) -> Void] {
      var contents = Self.image
      change(&contents)
      guard case .image(.damaged) = try refusal(contents.encoded()) else {
        Issue.record("offset taken")
        continue
      }
    }
  }

  @Test func padsThatCannotBe() throws {
    var contents = Self.image
    let end = UInt32(contents.text.count)
    contents.pads = [PadRecord(start: 0, end: 4, pad: 9), PadRecord(start: 4, end: end, pad: 0)]
    #expect(try refusal(contents.encoded()) == nil)
    for change in [
      { $0[0].end = 5 }, { $0[1].end = end + 1 }, { $0[1].pad = end }, { $0[0].start = 4 },
    ] as [(inout [PadRecord]) -> Void] {
      var altered = contents
      change(&altered.pads)
      guard case .image(.damaged) = try refusal(altered.encoded()) else {
        Issue.record("pad taken")
        continue
      }
    }
  }

  @Test func positionsThatCannotBe() throws {
    var contents = Self.image
    let end = UInt32(contents.text.count)
    contents.positions = [
      PositionRecord(codeOffset: 0, wasmOffset: 4), PositionRecord(codeOffset: 5, wasmOffset: .max),
      PositionRecord(codeOffset: end - 1, wasmOffset: 0, inlining: 2),
    ]
    contents.inlinings = [.init(call: 3, outer: 0), .init(call: 4, outer: 1)]
    #expect(try refusal(contents.encoded()) == nil)
    for change in [
      { $0[0].codeOffset = 5 }, { $0[1].codeOffset = end }, { $0[2].codeOffset = end },
      { $0[2].codeOffset = .max }, { $0[0].inlining = 3 },
    ] as [(inout [PositionRecord]) -> Void] {
      var altered = contents
      change(&altered.positions)
      guard case .image(.damaged) = try refusal(altered.encoded()) else {
        Issue.record("position taken")
        continue
      }
    }
    // What is outside of an inlining comes before it.
    contents.inlinings[0].outer = 1
    guard case .image(.damaged) = try refusal(contents.encoded()) else {
      Issue.record("inlining taken")
      return
    }
  }

  /// No page of an image is writable, and only the text is executable.
  @Test func protection() throws {
    let code = try LoadedCode.load(Self.image)
    let start = UInt(bitPattern: code.image!.file.baseAddress)
    let text = UInt(bitPattern: code.image!.text.baseAddress)
    let maps = try ProcessMaps.read()
    #expect(maps.protection(at: start) == "r--p")
    #expect(maps.protection(at: text) == "r-xp")
    withExtendedLifetime(code) {}
  }

  @Test func unmapped() throws {
    var code: LoadedCode? = try LoadedCode.load(Self.image)
    let text = UInt(bitPattern: code!.image!.text.baseAddress)
    code = nil
    #expect(try ProcessMaps.read().protection(at: text) != "r-xp")
  }

  /// Every call of the kernel that can fail leads to an error that says so.
  @Test func faults() throws {
    let descriptor = try FileDescriptor.memoryFile(named: "image").take()
    defer { try? descriptor.close() }
    try Self.image.encoded().withUnsafeBytes { try descriptor.writeAll($0) }
    for (call, before) in [(SystemCall.fstat, 0), (.mmap, 0), (.mmap, 1)] {
      let error = FaultInjection.withFault(call, .noMemory, callsBefore: before) {
        do throws(LoadedCode.LoadError) {
          _ = try LoadedCode(descriptor)
          return LoadedCode.LoadError?.none
        } catch {
          return error
        }
      }
      #expect(error == .system(.noMemory), "\(call)")
    }
  }
}

/// The mappings of this process.
private struct ProcessMaps {
  private let lines: [Substring]

  static func read() throws -> ProcessMaps {
    guard let file = fopen("/proc/self/maps", "r") else { throw Errno.last }
    defer { fclose(file) }
    var text: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = fread(&buffer, 1, buffer.count, file)
      if count == 0 { break }
      text += buffer[..<count]
    }
    return ProcessMaps(lines: String(decoding: text, as: UTF8.self).split(separator: "\n"))
  }

  /// `rwxp` and the like; nil where nothing is mapped.
  func protection(at address: UInt) -> String? {
    for line in lines {
      let fields = line.split(separator: " ")
      let range = fields[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
      if range.count == 2, address >= range[0], address < range[1] { return String(fields[1]) }
    }
    return nil
  }
}
