// The compiler's report: lines out of chunks, messages out of lines.

import Testing

@testable import WasmRuntime

@Suite struct CompilerMessageTests {
  @Test func linesAreUnderstood() {
    #expect(CompilerMessage("progress 3 10") == .progress(done: 3, total: 10))
    #expect(CompilerMessage("progress 0 0") == .progress(done: 0, total: 0))
    #expect(CompilerMessage("error invalid type mismatch: a b") == .invalid("type mismatch: a b"))
    #expect(CompilerMessage("error failed ") == .failed(""))
  }

  @Test(arguments: [
    "", "progress", "progress 3", "progress 3 x", "progress -1 3", "progress 4 3",
    "progress 1 2 3", "error", "error odd x", "note x y",
  ])
  func otherLinesAreNot(line: String) { #expect(CompilerMessage(line) == nil) }

  @Test(arguments: [1, 2, 3, 5, 100])
  func linesAreCutOutOfAnyChunks(chunk: Int) {
    let bytes = Array("first\n\nsecond é\nlast".utf8)
    var splitter = LineSplitter()
    var lines: [String] = []
    for start in stride(from: 0, to: bytes.count, by: chunk) {
      bytes[start..<min(start + chunk, bytes.count)].withUnsafeBytes {
        splitter.append($0) { lines.append($0) }
      }
    }
    #expect(lines == ["first", "second é"])
    splitter.finish { lines.append($0) }
    #expect(lines == ["first", "second é", "last"])
  }

  @Test func anEndlessLineDoesNotFillTheMemory() {
    var splitter = LineSplitter()
    let bytes = Array(repeating: UInt8(ascii: "x"), count: LineSplitter.maximumByteCount * 3)
    var lines: [String] = []
    bytes.withUnsafeBytes { splitter.append($0) { lines.append($0) } }
    splitter.finish { lines.append($0) }
    #expect(lines.map(\.utf8.count) == [LineSplitter.maximumByteCount])
  }
}
