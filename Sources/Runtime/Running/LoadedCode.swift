// Code in memory, ready to run: an image, or a region that grows.

import CRuntime
package import CompilerInterface
package import SystemCalls

/// The code of a module. Its text is readable and executable, straight from a file, and never
/// writable; all else is readable. Immutable, so that stores on several threads can share it.
package final class LoadedCode: @unchecked Sendable {
  private enum Source {
    case image(CodeImageView)
    case region(MappedCodeRegion)
  }

  private let source: Source
  /// Of an image.
  private let mapping: ImageMapping?
  /// Whoever fills the region, if that is an object of this process.
  private let compiler: AnyObject?

  /// Shared, since what is not copied cannot be optional here.
  private final class ImageMapping {
    let memory: VirtualMemory
    init(_ memory: consuming VirtualMemory) { self.memory = memory }
  }

  /// Header and tables of an image, valid as long as this object; nil for a region.
  package var image: CodeImageView? {
    if case .image(let image) = source { image } else { nil }
  }

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
    let mapping = try Self.system { () throws(Errno) in
      try VirtualMemory(mapping: file, byteCount: byteCount)
    }
    let image = try Self.checkedView(UnsafeRawBufferPointer(start: mapping.start, count: byteCount))
    let text = image.header.text
    let range = Int(text.offset)..<Int(text.offset + text.byteCount)
    do throws(Errno) {
      try mapping.mapCode(range, from: file, fileOffset: range.lowerBound)
    } catch {
      throw .system(error)
    }
    let pads = image.pads.baseAddress.map { $0.assumingMemoryBound(to: wasmrun_pad.self) }
    self.mapping = ImageMapping(mapping)
    compiler = nil
    source = .image(image)
    guard wasmrun_code_add(textStart, UInt(range.count), pads, UInt64(image.padCount)) else {
      throw .system(.noMemory)
    }
  }

  /// The code in a region, which stays mapped as long as this object. `compiler` lives as long.
  package init(_ region: MappedCodeRegion, madeBy compiler: AnyObject? = nil) {
    self.compiler = compiler
    source = .region(region)
    mapping = nil
  }

  deinit {
    if case .image = source { wasmrun_ranges_remove(WASMRUN_CODE, textStart) }
  }

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
      var lastOffset = -1
      for index in 0..<image.positionCount {
        let position = image.position(index)
        let offset = Int(position.codeOffset)
        guard offset > lastOffset, offset < end, position.inlining <= image.inliningCount else {
          throw .damaged("position \(index)")
        }
        lastOffset = offset
      }
      for index in 0..<image.inliningCount {
        guard image.inlining(index).outer <= index else { throw .damaged("inlining \(index)") }
      }
      return image
    } catch {
      throw .image(error)
    }
  }

  private var textStart: UInt {
    switch source {
    case .image(let image): UInt(bitPattern: image.text.baseAddress)
    case .region(let region): region.textAddress
    }
  }

  private var textByteCount: Int {
    switch source {
    case .image(let image): image.text.count
    case .region(let region): region.textByteCount
    }
  }

  /// Functions that the code is of.
  package var functionCount: Int {
    switch source {
    case .image(let image): image.functionCount
    case .region(let region): region.layout.functionCount
    }
  }

  /// Whether `address` is in the text.
  func contains(_ address: UInt) -> Bool { address &- textStart < UInt(textByteCount) }

  /// The address that references to defined function `index` hold.
  func tableEntry(_ index: Int) -> UnsafeRawPointer {
    switch source {
    case .image(let image): image.text.baseAddress! + Int(image.function(index).tableEntry)
    case .region(let region): region.tableEntry(index)
    }
  }

  /// The thunk that calls functions of type `typeIndex`; nil where the image has none.
  func entryThunk(_ typeIndex: Int) -> UnsafeRawPointer? {
    switch source {
    case .image(let image): image.entryThunk(typeIndex).map { image.text.baseAddress! + $0 }
    case .region(let region): region.thunk(typeIndex, isHost: false)
    }
  }

  /// The thunk that functions of type `typeIndex` call the host through; nil where the image has
  /// none.
  func hostThunk(_ typeIndex: Int) -> UnsafeRawPointer? {
    switch source {
    case .image(let image): image.hostThunk(typeIndex).map { image.text.baseAddress! + $0 }
    case .region(let region): region.thunk(typeIndex, isHost: true)
    }
  }

  /// The defined function whose code, table entry included, holds `address`; nil for thunks and
  /// helpers. Looks at all functions: for backtraces only.
  func definedFunction(at address: UInt) -> Int? {
    let offset = address &- textStart
    guard let image else {
      if case .region(let region) = source { return region.definedFunction(at: offset) }
      return nil
    }
    return (0..<image.functionCount).first { index in
      let function = image.function(index)
      // An entry that falls into its body stands right before it.
      let fallsIn = function.body &- function.tableEntry <= 16
      let start = UInt(fallsIn ? function.tableEntry : function.body)
      return offset >= start && offset < UInt(function.body) + UInt(function.byteCount)
    }
  }

  /// The byte offsets in the module of the instruction that the code at `address` is of, which is in
  /// defined function `index`, and, if that stands in place of a call, of that call, and so on; nothing
  /// where the image does not say.
  func wasmOffsets(at address: UInt, inFunction index: Int) -> [UInt32] {
    guard let image, let offset = UInt32(exactly: address &- textStart),
      let position = image.lastPosition(upTo: offset)?.record,
      position.codeOffset >= image.function(index).body, position.wasmOffset != 0
    else { return [] }
    var offsets = [position.wasmOffset]
    var inlining = position.inlining
    while inlining > 0 {
      // What is outside comes before: it ends.
      let record = image.inlining(Int(inlining) - 1)
      offsets.append(record.call)
      inlining = record.outer
    }
    return offsets
  }
}
