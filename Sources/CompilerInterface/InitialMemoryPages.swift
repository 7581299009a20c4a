// A module's memories as active data segments leave them, in pages.

package import WasmModule

/// The pages of memories that are not zero when a module has been instantiated.
package struct InitialMemoryPages: Sendable {
  package private(set) var runs: [PageRun] = []
  /// The runs' content, one after the other.
  package private(set) var bytes: [UInt8] = []

  /// Runs of zero pages up to so many do not part two runs: a mapping costs more than they do.
  private static let gapPageCount: UInt64 = 16
  private static let runCountLimit = 256
  private static let page = UInt64(PageRun.pageByteCount)

  /// No pages.
  package init() {}

  /// nil where segments have to be copied when the module is instantiated, because that shows:
  /// offsets that are not constant, memories of others, segments that do not fit and so trap, in
  /// their order. And where pages would take much more room than the segments.
  package init?(_ module: Module, bytes: UnsafeRawBufferPointer) {
    guard let segments = Self.placedSegments(module, bytes) else { return nil }
    let dataByteCount = segments.reduce(0) { $0 + $1.bytes.count }
    let spans = Self.spans(segments)
    let total = spans.reduce(0) { $0 + $1.pageCount } * Self.page
    guard total <= UInt64(dataByteCount) * 2 + 1 << 20 else { return nil }
    var content = [UInt8](repeating: 0, count: Int(total))
    content.withUnsafeMutableBytes { Self.copy(segments, from: bytes, spans, to: $0) }
    content.withUnsafeBytes { keepPages(of: spans, $0) }
    guard runs.count <= Self.runCountLimit else { return nil }
  }

  // MARK: Segments.

  private struct PlacedSegment {
    let memory: UInt32
    let offset: UInt64
    /// In the module.
    let bytes: Range<Int>

    var firstPage: UInt64 { offset / page }
    var endPage: UInt64 { (offset + UInt64(bytes.count) + page - 1) / page }
  }

  /// The active segments in their order; nil where one of them cannot be placed beforehand.
  private static func placedSegments(
    _ module: Module, _ bytes: UnsafeRawBufferPointer
  ) -> [PlacedSegment]? {
    var result: [PlacedSegment] = []
    for segment in module.data {
      guard case .active(let memory, let expression) = segment.mode else { continue }
      guard memory >= module.importedMemoryCount,
        let offset = constant(expression, bytes),
        fits(segment.bytes.count, at: offset, module.memories[Int(memory)])
      else { return nil }
      if segment.bytes.isEmpty { continue }
      result.append(PlacedSegment(memory: memory, offset: offset, bytes: segment.bytes))
    }
    return result
  }

  /// The value of an expression that is one `i32.const` or `i64.const`.
  private static func constant(
    _ expression: ConstantExpression, _ bytes: UnsafeRawBufferPointer
  ) -> UInt64? {
    var reader = InstructionReader(bytes: bytes, range: expression.bytes)
    guard let first = try? reader.next(), let second = try? reader.next(), second.opcode == .end
    else { return nil }
    switch first.opcode {
    case .i32Const: return UInt64(UInt32(truncatingIfNeeded: first.value))
    case .i64Const: return first.value
    default: return nil
    }
  }

  private static func fits(_ byteCount: Int, at offset: UInt64, _ memory: MemoryType) -> Bool {
    let (size, overflow) = memory.limits.minimum.multipliedReportingOverflow(by: memory.pageSize)
    let (end, endOverflow) = offset.addingReportingOverflow(UInt64(byteCount))
    return !endOverflow && (overflow || end <= size) && end <= 1 << 62
  }

  // MARK: Pages.

  /// Pages that segments touch, and where their content lies in the buffer.
  private struct Span {
    let memory: UInt32
    var pages: Range<UInt64>
    var start: UInt64 = 0

    var pageCount: UInt64 { pages.upperBound - pages.lowerBound }
  }

  /// Ascending by memory and page, without overlaps.
  private static func spans(_ segments: [PlacedSegment]) -> [Span] {
    var result: [Span] = []
    for segment in segments.sorted(by: { ($0.memory, $0.offset) < ($1.memory, $1.offset) }) {
      if let last = result.last, last.memory == segment.memory,
        segment.firstPage <= last.pages.upperBound + gapPageCount
      {
        let end = max(last.pages.upperBound, segment.endPage)
        result[result.count - 1].pages = last.pages.lowerBound..<end
      } else {
        result.append(Span(memory: segment.memory, pages: segment.firstPage..<segment.endPage))
      }
    }
    var start: UInt64 = 0
    for index in result.indices {
      result[index].start = start
      start += result[index].pageCount * page
    }
    return result
  }

  /// Later segments overwrite earlier ones.
  private static func copy(
    _ segments: [PlacedSegment], from bytes: UnsafeRawBufferPointer, _ spans: [Span],
    to content: UnsafeMutableRawBufferPointer
  ) {
    for segment in segments {
      // The last span that does not begin behind the segment.
      var low = 0
      var high = spans.count
      while low < high {
        let middle = (low + high) / 2
        let span = spans[middle]
        let isBehind = (span.memory, span.pages.lowerBound) > (segment.memory, segment.firstPage)
        if isBehind { high = middle } else { low = middle + 1 }
      }
      let span = spans[low - 1]
      let place = Int(span.start + segment.offset - span.pages.lowerBound * page)
      let target = UnsafeMutableRawBufferPointer(
        rebasing: content[place..<place + segment.bytes.count])
      target.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[segment.bytes]))
    }
  }

  /// Keeps what is not zero, and zeros between that are too few to be worth a run's end.
  private mutating func keepPages(of spans: [Span], _ content: UnsafeRawBufferPointer) {
    for span in spans {
      var current: Range<UInt64>?
      for index in 0..<span.pageCount {
        let start = Int(span.start + index * Self.page)
        let page = UnsafeRawBufferPointer(rebasing: content[start..<start + Int(Self.page)])
        if page.allSatisfy({ $0 == 0 }) { continue }
        if let run = current, index <= run.upperBound + Self.gapPageCount {
          current = run.lowerBound..<index + 1
        } else {
          if let run = current { keep(run, span, content) }
          current = index..<index + 1
        }
      }
      if let run = current { keep(run, span, content) }
    }
  }

  private mutating func keep(
    _ pages: Range<UInt64>, _ span: Span, _ content: UnsafeRawBufferPointer
  ) {
    let start = Int(span.start + pages.lowerBound * Self.page)
    let byteCount = Int(pages.upperBound - pages.lowerBound) * Int(Self.page)
    runs.append(
      PageRun(
        memory: span.memory, offset: (span.pages.lowerBound + pages.lowerBound) * Self.page,
        byteCount: UInt64(byteCount)))
    bytes += content[start..<start + byteCount]
  }
}
