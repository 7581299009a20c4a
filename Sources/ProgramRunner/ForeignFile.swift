// What a file is that is no module, in words that help: people run the wrong file by mistake.

import SystemCalls
import WasmModule

extension RunnerError {
  /// A module that is wrong in this way; says what the file is where it is none at all.
  static func notRunnable(_ file: ModuleFile, _ error: ModuleError) -> RunnerError {
    if file.bytes.isEmpty {
      return .notRunnable(file.path, file.path == "-" ? "standard input is empty" : "it is empty")
    }
    return .notRunnable(file.path, "\(error)", hint: foreignFileHint(file.bytes))
  }

  /// nil for what begins as a core module does.
  private static func foreignFileHint(_ bytes: UnsafeRawBufferPointer) -> String? {
    if bytes.starts(with: "\0asm".utf8) {
      let layer = bytes.count >= 8 ? bytes[6] : 0
      guard layer == 1 else { return nil }
      return "components are not supported; build for WASI preview 1, such as Rust's target "
        + "wasm32-wasip1"
    }
    if bytes.count >= 8, bytes.loadUnaligned(as: UInt64.self) == PrecompiledHeader.magic {
      return
        "the file is precompiled code, which 'wasmrun --allow-precompiled FILE' runs, not from a "
        + "pipe; all else wants the module that it was made of"
    }
    let kind =
      if bytes.starts(with: "\u{7F}ELF".utf8) {
        "a native program or library"
      } else if bytes.starts(with: "#!".utf8) {
        "a script"
      } else if bytes.starts(with: [0x1F, 0x8B]) || bytes.starts(with: "PK".utf8) {
        "compressed"
      } else if bytes.prefix(512).allSatisfy({ $0 >= 0x20 || (9...13).contains($0) }) {
        "text"
      } else {
        "something else"
      }
    return
      "the file is \(kind): a WebAssembly module begins with the bytes 00 61 73 6d, or is text "
      + "in a file whose name ends in .wat"
  }
}
