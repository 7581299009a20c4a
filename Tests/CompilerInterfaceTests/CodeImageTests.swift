// The code format: what is written is read, and what was altered is refused.

import CompilerInterface
import ModuleMutation
import Testing

@Suite struct CodeImageTests {
  /// Contents of a random shape.
  private static func random(_ generator: inout SeededGenerator) -> CodeImageContents {
    var contents = CodeImageContents()
    func bytes(_ count: Int) -> [UInt8] {
      (0..<count).map { _ in .random(in: 0...255, using: &generator) }
    }
    contents.moduleHash = Hash256(bytes: bytes(32))
    contents.compilerBuild = Hash256(bytes: bytes(32))
    contents.options.passParameters = .random(using: &generator)
    contents.options.optimizationLevel = .random(in: 1...3, using: &generator)
    contents.options.notesPositions = .random(using: &generator)
    contents.options.cpuFeatures = CPUFeatures(rawValue: .random(in: 0...1023, using: &generator))
    contents.text = bytes(.random(in: 0...20_000, using: &generator))
    let end = UInt32(contents.text.count)
    func offset() -> UInt32 { end == 0 ? 0 : .random(in: 0..<end, using: &generator) }
    contents.functions = (0..<Int.random(in: 0...50, using: &generator)).map { _ in
      FunctionRecord(body: offset(), tableEntry: offset(), byteCount: offset())
    }
    func thunks() -> [UInt32?] {
      (0..<Int.random(in: 0...10, using: &generator)).map { _ in
        Bool.random(using: &generator) ? offset() : nil
      }
    }
    contents.entryThunks = thunks()
    contents.hostThunks = thunks()
    let places = Set((0..<Int.random(in: 0...200, using: &generator)).map { _ in offset() })
    contents.positions = places.sorted().map { place in
      PositionRecord(
        codeOffset: place, wasmOffset: .random(in: 0...(.max), using: &generator),
        inlining: .random(in: 0...3, using: &generator))
    }
    contents.inlinings = (0..<3).map { index in
      InliningRecord(
        call: .random(in: 0...(.max), using: &generator),
        outer: .random(in: 0...index, using: &generator))
    }
    let bounds = Set((0..<Int.random(in: 0...40, using: &generator)).map { _ in offset() }).sorted()
    contents.pads = zip(bounds, bounds.dropFirst()).map { start, end in
      PadRecord(start: start, end: end, pad: offset())
    }
    return contents
  }

  private func withView(
    _ file: [UInt8], _ body: (CodeImageView) throws -> Void
  ) throws {
    try file.withUnsafeBytes { try body(try CodeImageView($0)) }
  }

  /// Why the file is refused; nil where it is not.
  private func refusal(_ file: [UInt8]) -> CodeImageError? {
    file.withUnsafeBytes { bytes in
      do throws(CodeImageError) {
        _ = try CodeImageView(bytes)
        return nil
      } catch {
        return error
      }
    }
  }

  @Test func roundTrip() throws {
    var generator = SeededGenerator(seed: 1)
    for _ in 0..<100 {
      let contents = Self.random(&generator)
      try withView(contents.encoded()) { view in
        let header = view.header
        #expect(header.moduleHash == contents.moduleHash)
        #expect(header.compilerBuild == contents.compilerBuild)
        #expect(header.optionsFingerprint == contents.options.fingerprint)
        #expect(header.cpuFeatures == contents.options.cpuFeatures.rawValue)
        #expect(Array(view.text) == contents.text)
        #expect((0..<view.functionCount).map(view.function) == contents.functions)
        #expect(
          (0..<view.entryThunkCount).map(view.entryThunk)
            == contents.entryThunks.map { $0.map(Int.init) })
        #expect(
          (0..<view.hostThunkCount).map(view.hostThunk)
            == contents.hostThunks.map { $0.map(Int.init) })
        #expect(view.entryThunk(contents.entryThunks.count) == nil)
        #expect((0..<view.positionCount).map(view.position) == contents.positions)
        for (index, record) in contents.positions.enumerated() {
          #expect(view.lastPosition(upTo: record.codeOffset)?.record == record)
          let before = record.codeOffset == 0 ? nil : view.lastPosition(upTo: record.codeOffset - 1)
          #expect(before?.record == (index == 0 ? nil : contents.positions[index - 1]))
        }
        #expect(view.lastPosition(upTo: .max)?.record == contents.positions.last)
        #expect((0..<view.inliningCount).map(view.inlining) == contents.inlinings)
        #expect((0..<view.padCount).map(view.pad) == contents.pads)
        #expect(throws: Never.self) { try view.verifyText() }
      }
    }
  }

  @Test func textLiesAtAPage() throws {
    var generator = SeededGenerator(seed: 2)
    for _ in 0..<20 {
      try withView(Self.random(&generator).encoded()) { view in
        #expect(view.header.text.offset % UInt64(CodeImageHeader.pageByteCount) == 0)
      }
    }
  }

  @Test func everyTruncationIsRefused() {
    var generator = SeededGenerator(seed: 3)
    let file = Self.random(&generator).encoded()
    for count in stride(from: 0, to: file.count, by: 17) {
      #expect(refusal(Array(file[..<count])) == .truncated, "\(count) bytes")
    }
    #expect(refusal(file + [0]) == .truncated)
  }

  /// Any change of a byte of the header or the metadata is found.
  @Test func everyAlteredByteIsFound() throws {
    var generator = SeededGenerator(seed: 4)
    let file = Self.random(&generator).encoded()
    var metadataEnd = 0
    try withView(file) { metadataEnd = $0.header.metadataEnd }
    #expect(metadataEnd > CodeImageHeader.byteCount)
    for place in 0..<metadataEnd {
      var altered = file
      altered[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      #expect(refusal(altered) != nil, "byte \(place)")
    }
  }

  /// The text is not read at each load, but `verifyText` finds any change.
  @Test func alteredText() throws {
    var generator = SeededGenerator(seed: 5)
    let contents = Self.random(&generator)
    let file = contents.encoded()
    let start = file.count - contents.text.count
    for place in stride(from: start, to: file.count, by: 101) {
      var altered = file
      altered[place] ^= 0x10
      try withView(altered) { view in
        #expect(throws: CodeImageError.damaged("text checksum")) { try view.verifyText() }
      }
    }
  }

  @Test func foreignFiles() {
    #expect(refusal(Array(repeating: 0, count: 5_000)) == .notAnImage)
    #expect(refusal([0x00, 0x61, 0x73, 0x6D] + Array(repeating: 1, count: 300)) == .notAnImage)
  }

  /// A header with a right checksum and wrong content: another version, or sections that lie.
  @Test func soundHeadersWithWrongContent() throws {
    var generator = SeededGenerator(seed: 6)
    let file = Self.random(&generator).encoded()
    func altered(_ change: (inout CodeImageHeader) -> Void) throws -> CodeImageError? {
      var header = CodeImageHeader()
      try withView(file) { header = $0.header }
      change(&header)
      return refusal(header.encoded() + file[CodeImageHeader.byteCount...])
    }
    #expect(try altered { _ in } == nil)
    for change in [{ $0.formatVersion += 1 }, { $0.abiVersion += 1 }]
      as [(inout CodeImageHeader) -> Void]
    {
      guard case .otherVersion = try altered(change) else {
        Issue.record("another version is taken")
        continue
      }
    }
    let sections: [WritableKeyPath<CodeImageHeader, CodeImageHeader.Section>] = [
      \.functions, \.entryThunks, \.hostThunks, \.positions, \.inlinings, \.pads, \.text,
    ]
    for section in sections {
      for value in [.max, UInt64.max - 4_095, 1 << 63, UInt64(file.count) + 4_096] {
        #expect(try altered { $0[keyPath: section].byteCount = value } != nil)
        #expect(try altered { $0[keyPath: section].offset = value & ~4_095 } != nil)
      }
      // Inside the header, though the sum is right.
      #expect(try altered { $0[keyPath: section].offset = 0 } != nil)
    }
    #expect(try altered { $0.text.offset += 1 } != nil)
  }

  @Test func hashes() {
    let hash = Hash256(bytes: (0..<32).map { UInt8($0) })
    #expect(hash.hexadecimal.hasPrefix("000102030405060708"))
    #expect(hash.hexadecimal.count == 64)
    #expect(Hash256(hexadecimal: hash.hexadecimal) == hash)
    for wrong in ["", String(repeating: "0", count: 63), String(repeating: "g", count: 64)] {
      #expect(Hash256(hexadecimal: wrong) == nil)
    }
  }
}
