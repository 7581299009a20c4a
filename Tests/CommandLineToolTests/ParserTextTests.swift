// Any bytes go through swift-argument-parser and come out the same.

import SystemCalls
import Testing

@testable import CommandLineTool

@Suite struct ParserTextTests {
  @Test(
    arguments: [
      [], [0x61], [0xFF], [0x80], [0xC3, 0xA9], [0xC3, 0x28], [0xE2, 0x82], [0xF0, 0x9F, 0x98],
      // A surrogate, a scalar too large, a zero in two bytes.
      [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xC0, 0x80],
      // The scalars that stand for bytes, and their neighbours.
      [0xF4, 0x8F, 0xBE, 0x80], [0xF4, 0x8F, 0xBF, 0xBF], [0xF4, 0x8F, 0xBD, 0xBF],
      [0x61, 0xFF, 0xF4, 0x8F, 0xBF, 0xBF, 0xC3, 0xA9],
    ] as [[UInt8]])
  func bytesComeBack(bytes: [UInt8]) {
    let string = OSString(bytes: bytes)
    #expect(OSString(parserText: string.parserText) == string)
  }

  @Test func everyPairOfBytesHasATextOfItsOwn() {
    var texts: Set<[UInt8]> = []
    for first in UInt8.min ... .max {
      for second in UInt8.min ... .max {
        let string = OSString(bytes: [first, second])
        texts.insert(Array(string.parserText.utf8))
        #expect(OSString(parserText: string.parserText) == string)
      }
    }
    #expect(texts.count == 65_536)
  }

  @Test func textStaysReadable() { #expect(OSString("--dir=ü").parserText == "--dir=ü") }
}
