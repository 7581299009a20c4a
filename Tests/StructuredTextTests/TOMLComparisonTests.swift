// The TOML parser beside Python's tomllib, on documents that are mutations of good ones.

import Foundation
import StructuredText
import Testing

@Suite struct TOMLComparisonTests {
  /// Reads documents in hexadecimal, one a line; writes each one's values, or `error`.
  private static let script = """
    import struct, sys, tomllib
    def show(value):
        if isinstance(value, bool): return 'b:true' if value else 'b:false'
        if isinstance(value, str): return 's:' + value.encode().hex()
        if isinstance(value, int):
            if not -2**63 <= value < 2**63: raise OverflowError
            return f'i:{value}'
        if isinstance(value, float):
            return 'f:nan' if value != value else f"f:{struct.unpack('<Q', struct.pack('<d', value))[0]}"
        if isinstance(value, list): return '[' + ';'.join(map(show, value)) + ']'
        if isinstance(value, dict):
            return '{' + ';'.join(sorted(show(k) + '=' + show(v) for k, v in value.items())) + '}'
        return 'd'
    for line in sys.stdin:
        try: print(show(tomllib.loads(bytes.fromhex(line).decode())))
        except Exception: print('error')
    """

  private static let hasReference: Bool = {
    (try? run(["-c", "import tomllib"], input: ""))?.status == 0
  }()

  private static func run(
    _ arguments: [String], input: String
  ) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3"] + arguments
    let folder = FileManager.default.temporaryDirectory
    let file = folder.appendingPathComponent("wasmrun-toml-\(UUID().uuidString)")
    try input.write(to: file, atomically: false, encoding: .utf8)
    defer { try? FileManager.default.removeItem(at: file) }
    process.standardInput = try FileHandle(forReadingFrom: file)
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
  }

  private static func show(_ value: Node.Value) -> String {
    switch value {
    case .string(let text): "s:" + hexadecimal(Array(text.utf8))
    case .integer(let number): "i:\(number)"
    case .float(let number): number.isNaN ? "f:nan" : "f:\(number.bitPattern)"
    case .boolean(let value): "b:\(value)"
    case .dateTime: "d"
    case .null: "null"
    case .array(let nodes): "[" + nodes.map { show($0.value) }.joined(separator: ";") + "]"
    case .table(let table):
      "{"
        + table.entries.map { show(.string($0.key)) + "=" + show($0.node.value) }.sorted()
        .joined(separator: ";") + "}"
    }
  }

  private static func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  // MARK: Documents.

  private static let documents = [
    "[package]\nname = \"a/b\"\nversion = \"1.0.0\"\n", "a.b.c=1\na.b.d=2\n[a.x]\ny=[1,2,\n3,]\n",
    "[[m]]\nname=\"x\"\n[m.an.b]\nc=true\n[[m]]\nname='y'\n", "x={a=1,b.c=2,d=[{e=\"f\"}]}\n",
    "a=0x1F\nb=0o7\nc=0b1\nd=1_000\ne=-1\nf=1.5e-3\ng=inf\nh=6.26\n", "a='''x\n'y''z'''\n",
    "a=1979-05-27T07:32:00Z\nb=1979-05-27 07:32:00.9+01:00\nc=1979-05-27\nd=07:32:00.5\n",
    "a=\"\"\"\nhello \\\n  world\\u00e9\"\"\"\"\n",
    "[fruit]\napple.color=1\n[fruit.apple.texture]\nz=1\n",
    "# comment\n\"quoted key\"=1\n'k'.\"l\".m=2\n",
  ]
  private static let pieces = [
    "a", "b", ".", "=", "1", "\"x\"", "'y'", "\n", "[", "]", "[[", "]]", "{", "}", ",", " ", "#c",
    "true", "1.5", "e", "_", "-", "+", "0x", "T", "\"\"\"", "'''", "\\", "\\n", "\r\n", "\t", "é",
    "\0", "inf", "a=1\n", "[a]\n", "[[a]]\n", "a.b=2\n", "[a.b]\n", "b={a=1}\n",
  ]

  private static func mutated(_ generator: inout SystemRandomNumberGenerator) -> [UInt8] {
    var bytes = Array(documents.randomElement(using: &generator)!.utf8)
    for _ in 0..<Int.random(in: 1...2, using: &generator) {
      let place = Int.random(in: 0...bytes.count, using: &generator)
      switch Int.random(in: 0..<4, using: &generator) {
      case 0: bytes.removeSubrange(place..<min(place + 1, bytes.count))
      case 1: bytes.insert(contentsOf: pieces.randomElement(using: &generator)!.utf8, at: place)
      case 2: bytes.insert(contentsOf: documents.randomElement(using: &generator)!.utf8, at: place)
      default:
        if place < bytes.count { bytes[place] = UInt8.random(in: 0...255, using: &generator) }
      }
    }
    return bytes
  }

  @Test(.enabled(if: hasReference, "python3 has no tomllib"))
  func mutationsAreReadAlike() throws {
    var generator = SystemRandomNumberGenerator()
    let cases =
      Self.documents.map { Array($0.utf8) } + (0..<3_000).map { _ in Self.mutated(&generator) }
    let input = cases.map { Self.hexadecimal($0) + "\n" }.joined()
    let expected = try Self.run(["-c", Self.script], input: input).output
      .split(separator: "\n").map(String.init)
    try #require(expected.count == cases.count)
    var accepted = 0
    for (bytes, expected) in zip(cases, expected) {
      var shown = "error"
      if let table = try? TOMLParser.parse(bytes) { shown = Self.show(.table(table)) }
      if shown != "error" { accepted += 1 }
      #expect(shown == expected, "\(String(decoding: bytes, as: UTF8.self).debugDescription)")
    }
    #expect(accepted > 300)
  }
}
