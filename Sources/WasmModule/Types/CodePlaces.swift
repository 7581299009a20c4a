// Where code is in the module, for those who know an instruction by its byte offset.

extension Module {
  /// The function whose body has the byte at `offset` of the module; nil where none has.
  package func function(at offset: Int) -> UInt32? {
    var (low, high) = (0, bodies.count)
    while low < high {
      let middle = (low + high) / 2
      if bodies[middle].bytes.lowerBound <= offset { low = middle + 1 } else { high = middle }
    }
    guard low > 0, bodies[low - 1].bytes.contains(offset) else { return nil }
    return UInt32(importedFunctionCount + low - 1)
  }

  /// The code section's content in `bytes`, which the module was decoded from: it is from its beginning
  /// on that debug information counts. nil where there is no such section.
  /// Source: "DWARF for WebAssembly" §2.1.
  package func codeSection(bytes: UnsafeRawBufferPointer) -> Range<Int>? {
    let start = offset(of: .code)
    guard start > 0, start < bytes.count else { return nil }
    var reader = ByteReader(bytes: bytes, range: start + 1..<bytes.count)
    do throws(ModuleError) {
      return try reader.skip(try reader.readUnsigned32())
    } catch {
      return nil
    }
  }

  /// The content of the first custom section of that name.
  package func customSection(
    named name: String, bytes: UnsafeRawBufferPointer
  ) -> UnsafeRawBufferPointer? {
    customSections.first { $0.name == name }.map {
      UnsafeRawBufferPointer(rebasing: bytes[$0.bytes])
    }
  }
}
