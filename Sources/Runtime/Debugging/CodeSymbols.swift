// Which machine code is of which function, for those who look at it from outside: debuggers and
// profilers.

import CRuntime
import CompilerInterface
package import DWARF

/// The machine code of a function.
package struct CodeSymbol {
  /// In the module's index space.
  package let functionIndex: UInt32
  package let code: UnsafeRawBufferPointer
}

extension LoadedCode {
  /// The functions of an image, in the module's order; empty for a region. `importedFunctionCount` is
  /// the module's.
  package func symbols(importedFunctionCount: Int) -> [CodeSymbol] {
    guard let image else { return [] }
    return (0..<image.functionCount).map { index in
      let function = image.function(index)
      let body = Int(function.body)
      return CodeSymbol(
        functionIndex: UInt32(importedFunctionCount + index),
        code: UnsafeRawBufferPointer(
          rebasing: image.text[body..<body + Int(function.byteCount)]))
    }
  }

  /// Tells debuggers what the functions of an image are called, and which of `lines` its code is of;
  /// does nothing for a region. False where memory is lacking.
  package func addToDebugger(
    importedFunctionCount: Int, named name: (UInt32) -> String, lines: SourceLines?
  ) -> Bool {
    guard let image, let start = image.text.baseAddress else { return true }
    let symbols = symbols(importedFunctionCount: importedFunctionCount).map { symbol in
      DebugObject.Symbol(
        name: name(symbol.functionIndex), offset: symbol.code.baseAddress! - start,
        byteCount: symbol.code.count)
    }
    let units = lines.map {
      CodeLines.units(image, $0, importedFunctionCount: importedFunctionCount, named: name)
    }
    let object = DebugObject(
      address: UInt64(UInt(bitPattern: start)), byteCount: image.text.count, symbols,
      units: units ?? [])
    let bytes = object.encoded()
    // For the rest of the process's life: a debugger may come at any time.
    let file = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 16)
    file.copyBytes(from: bytes)
    return wasmrun_debugger_add(file.baseAddress!, UInt64(file.count))
  }
}
