// An image in memory, ready to run.

import CRuntime
package import CompilerInterface
package import SystemCalls

/// A mapped code image. Its text is readable and executable, straight from the file, and never
/// writable; all else is readable. Immutable, so that stores on several threads can share it.
package final class LoadedCode: @unchecked Sendable {
  /// Header and tables; valid as long as this object.
  package let image: CodeImageView
  private let mapping: VirtualMemory

  /// Why an image cannot be run.
  package enum LoadError: Error, Hashable {
    case system(Errno)
    case image(CodeImageError)
  }

  /// Maps the image in `file`, which may be closed afterwards but never changed. Checks the header,
  /// the metadata and every offset in it; the text is taken on trust (`image.verifyText` reads it).
  package init(_ file: FileDescriptor) throws(LoadError) {
    let byteCount = try Self.system { () throws(Errno) in Int(try file.status().byteCount) }
    guard byteCount > 0 else { throw .image(.truncated) }
    mapping = try Self.system { () throws(Errno) in
      try VirtualMemory(mapping: file, byteCount: byteCount)
    }
    image = try Self.checkedView(UnsafeRawBufferPointer(start: mapping.start, count: byteCount))
    let text = image.header.text
    let range = Int(text.offset)..<Int(text.offset + text.byteCount)
    do throws(Errno) {
      try mapping.mapCode(range, from: file, fileOffset: range.lowerBound)
    } catch {
      throw .system(error)
    }
    let pads = image.pads.baseAddress.map { $0.assumingMemoryBound(to: wasmrun_pad.self) }
    guard wasmrun_code_add(textStart, UInt(range.count), pads, UInt64(image.padCount)) else {
      throw .system(.noMemory)
    }
  }

  deinit { wasmrun_ranges_remove(WASMRUN_CODE, textStart) }

  private static func system<Result: ~Copyable>(
    _ body: () throws(Errno) -> Result
  ) throws(LoadError) -> Result {
    do { return try body() } catch { throw .system(error) }
  }

  /// An image whose function and thunk offsets all lie in its text.
  private static func checkedView(
    _ file: UnsafeRawBufferPointer
  ) throws(LoadError) -> CodeImageView {
    do throws(CodeImageError) {
      let image = try CodeImageView(file)
      let end = image.text.count
      for index in 0..<image.functionCount {
        let function = image.function(index)
        guard function.tableEntry < end, Int(function.body) + Int(function.byteCount) <= end
        else { throw .damaged("offset of function \(index)") }
      }
      for index in 0..<max(image.entryThunkCount, image.hostThunkCount) {
        let offset = max(image.entryThunk(index) ?? 0, image.hostThunk(index) ?? 0)
        guard offset < max(end, 1) else { throw .damaged("offset of thunk \(index)") }
      }
      var lastEnd: UInt32 = 0
      for index in 0..<image.padCount {
        let pad = image.pad(index)
        guard pad.start >= lastEnd, pad.start < pad.end, pad.end <= end, pad.pad < end else {
          throw .damaged("pad \(index)")
        }
        lastEnd = pad.end
      }
      return image
    } catch {
      throw .image(error)
    }
  }

  private var textStart: UInt { UInt(bitPattern: image.text.baseAddress) }

  /// Whether `address` is in the text.
  func contains(_ address: UInt) -> Bool { address &- textStart < UInt(image.text.count) }

  /// The address that references to defined function `index` hold.
  func tableEntry(_ index: Int) -> UnsafeRawPointer {
    image.text.baseAddress! + Int(image.function(index).tableEntry)
  }

  /// The thunk that calls functions of type `typeIndex`; nil where the image has none.
  func entryThunk(_ typeIndex: Int) -> UnsafeRawPointer? {
    image.entryThunk(typeIndex).map { image.text.baseAddress! + $0 }
  }

  /// The thunk that functions of type `typeIndex` call the host through; nil where the image has
  /// none.
  func hostThunk(_ typeIndex: Int) -> UnsafeRawPointer? {
    image.hostThunk(typeIndex).map { image.text.baseAddress! + $0 }
  }

  /// The defined function whose code, table entry included, holds `address`; nil for thunks and
  /// helpers. Looks at all functions: for backtraces only.
  func definedFunction(at address: UInt) -> Int? {
    let offset = address &- textStart
    return (0..<image.functionCount).first { index in
      let function = image.function(index)
      // An entry that falls into its body stands right before it.
      let fallsIn = function.body &- function.tableEntry <= 16
      let start = UInt(fallsIn ? function.tableEntry : function.body)
      return offset >= start && offset < UInt(function.body) + UInt(function.byteCount)
    }
  }

  /// What the trap table says of the instruction at `address`.
  func trap(at address: UInt) -> TrapRecord? {
    UInt32(exactly: address &- textStart).flatMap { image.trap(at: $0) }
  }
}
