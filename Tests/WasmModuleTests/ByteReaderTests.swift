// LEB128 integers and names, and their encodings that are refused.

import Testing

@testable import WasmModule

@Suite struct ByteReaderTests {
  /// Reads from all of `bytes`; returns the value and the number of bytes taken, or the message.
  private func read<Value>(
    _ bytes: [UInt8], _ body: (inout ByteReader) throws -> Value
  ) -> (value: Value?, count: Int, message: String?) {
    bytes.withUnsafeBytes { bytes in
      var reader = ByteReader(bytes: bytes, range: 0..<bytes.count)
      do {
        let value = try body(&reader)
        return (value, reader.position, nil)
      } catch {
        return (nil, reader.position, (error as? ModuleError)?.message)
      }
    }
  }

  @Test(
    arguments: [
      ([0x00], 0), ([0x7F], 127), ([0x80, 0x01], 128), ([0xFF, 0x7F], 16_383),
      ([0x80, 0x80, 0x01], 16_384), ([0x83, 0x80, 0x80, 0x80, 0x00], 3),
      ([0xFF, 0xFF, 0xFF, 0xFF, 0x0F], UInt32.max),
    ] as [([UInt8], UInt32)])
  func unsigned32(bytes: [UInt8], value: UInt32) {
    let result = read(bytes + [0xAA]) { try $0.readUnsigned32() }
    #expect(result.value == value)
    #expect(result.count == bytes.count)
  }

  @Test(
    arguments: [
      ([0x00], 0), ([0x3F], 63), ([0x40], -64), ([0x7F], -1), ([0xFF, 0x00], 127),
      ([0x80, 0x7F], -128), ([0xFF, 0xFF, 0xFF, 0xFF, 0x07], Int32.max),
      ([0x80, 0x80, 0x80, 0x80, 0x78], Int32.min), ([0xFF, 0xFF, 0xFF, 0xFF, 0x7F], -1),
    ] as [([UInt8], Int32)])
  func signed32(bytes: [UInt8], value: Int32) {
    let result = read(bytes + [0xAA]) { try $0.readSigned32() }
    #expect(result.value == value)
    #expect(result.count == bytes.count)
  }

  @Test func signed64AtItsEnds() {
    let least: [UInt8] = Array(repeating: 0x80, count: 9) + [0x7F]
    let greatest: [UInt8] = Array(repeating: 0xFF, count: 9) + [0x00]
    #expect(read(least) { try $0.readSigned64() }.value == .min)
    #expect(read(greatest) { try $0.readSigned64() }.value == .max)
  }

  @Test func unsigned64AtItsEnd() {
    let greatest: [UInt8] = Array(repeating: 0xFF, count: 9) + [0x01]
    #expect(read(greatest) { try $0.readUnsigned64() }.value == .max)
  }

  @Test func signed33AtItsEnds() {
    #expect(read([0x80, 0x80, 0x80, 0x80, 0x70]) { try $0.readSigned33() }.value == -1 << 32)
    let greatest: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF, 0x0F]
    #expect(read(greatest) { try $0.readSigned33() }.value == 1 << 32 - 1)
  }

  @Test func unsignedTooLong() {
    let bytes: [UInt8] = [0x80, 0x80, 0x80, 0x80, 0x80, 0x00]
    #expect(read(bytes) { try $0.readUnsigned32() }.message == "integer representation too long")
    let long: [UInt8] = Array(repeating: 0x80, count: 10) + [0x00]
    #expect(read(long) { try $0.readUnsigned64() }.message == "integer representation too long")
  }

  @Test func unsignedTooLarge() {
    let bytes: [UInt8] = [0x80, 0x80, 0x80, 0x80, 0x10]
    #expect(read(bytes) { try $0.readUnsigned32() }.message == "integer too large")
    let large: [UInt8] = Array(repeating: 0x80, count: 9) + [0x02]
    #expect(read(large) { try $0.readUnsigned64() }.message == "integer too large")
  }

  @Test(arguments: [0x08, 0x0F, 0x4F, 0x70] as [UInt8])
  func signedTooLarge(last: UInt8) {
    let bytes: [UInt8] = [0x80, 0x80, 0x80, 0x80, last]
    #expect(read(bytes) { try $0.readSigned32() }.message == "integer too large")
  }

  @Test func signedTooLong() {
    let bytes: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F]
    #expect(read(bytes) { try $0.readSigned32() }.message == "integer representation too long")
  }

  @Test(arguments: [[], [0x80], [0x80, 0x80]] as [[UInt8]])
  func cutOffInteger(bytes: [UInt8]) {
    let message = "unexpected end of section or function"
    #expect(read(bytes) { try $0.readUnsigned32() }.message == message)
    #expect(read(bytes) { try $0.readSigned64() }.message == message)
  }

  @Test func integerAcrossTheRangesEnd() {
    let bytes: [UInt8] = [0x80, 0x80, 0x01]
    bytes.withUnsafeBytes { bytes in
      var reader = ByteReader(bytes: bytes, range: 0..<2)
      #expect(throws: ModuleError.self) { try reader.readUnsigned32() }
    }
  }

  @Test func fixedSizeAtTheEnd() {
    #expect(read([1, 2, 3, 4]) { try $0.readFixed32() }.value == 0x0403_0201)
    #expect(read([1, 2, 3]) { try $0.readFixed32() }.value == nil)
    #expect(read([1, 2, 3, 4, 5, 6, 7]) { try $0.readFixed64() }.value == nil)
  }

  @Test func name() {
    #expect(read([3, 0xE2, 0x82, 0xAC, 0]) { try $0.readName() }.value == "€")
    #expect(read([0]) { try $0.readName() }.value == "")
  }

  @Test func nameLongerThanTheRange() {
    #expect(read([3, 0x61, 0x62]) { try $0.readName() }.message == "length out of bounds")
  }

  @Test(
    arguments: [
      [0x80], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82], [0xFF],
    ] as [[UInt8]])
  func nameThatIsNotUTF8(bytes: [UInt8]) {
    let name = [UInt8(bytes.count)] + bytes
    #expect(read(name) { try $0.readName() }.message == "malformed UTF-8 encoding")
  }
}
