// The compilers' view of a code region: writing code, publishing it, and reading what is asked for.

package import CompilerInterface
internal import Synchronization
package import SystemCalls

/// A code region and its requests, mapped to be written. Thread-safe; several processes may have the
/// same files mapped, each for a stage of its own.
package final class CodeRegion: @unchecked Sendable {
  package let layout: CodeRegionLayout
  /// Where the runner has the region's text.
  private let runnerText: UInt64
  private let requests: VirtualMemory
  private let region: VirtualMemory
  /// By stage: where free text begins. Held while code is added, so that places ascend in the logs.
  private let free: Mutex<[Int]>

  /// Maps both files, whose sizes are as `layout` says. `runnerText` is the address of the text in
  /// the runner. Throws what mmap(2) says.
  package init(
    _ layout: CodeRegionLayout, region: FileDescriptor, requests: FileDescriptor,
    runnerText: UInt64
  ) throws(Errno) {
    self.layout = layout
    self.runnerText = runnerText
    self.requests = try VirtualMemory(
      sharing: requests, byteCount: layout.requestsByteCount)
    self.region = try VirtualMemory(sharing: region, byteCount: layout.byteCount)
    free = Mutex(layout.areas.map(\.lowerBound))
  }

  /// The same with files that are mapped already, whole. nil where they are too small for `layout`.
  package init?(
    _ layout: CodeRegionLayout, region: consuming VirtualMemory, requests: consuming VirtualMemory,
    runnerText: UInt64
  ) {
    let fits =
      region.byteCount >= layout.byteCount && requests.byteCount >= layout.requestsByteCount
    self.layout = layout
    self.runnerText = runnerText
    self.requests = requests
    self.region = region
    free = Mutex(layout.areas.map(\.lowerBound))
    guard fits else { return nil }
  }

  // MARK: Words.

  package func requestWord(_ offset: Int) -> SharedWord { SharedWord(requests.start + offset) }

  package func regionWord(_ offset: Int) -> SharedWord { SharedWord(region.start + offset) }

  /// The distance from text offset `place` to `offset` in the region, or in the requests.
  package func distance(from place: Int, toRegion offset: Int) -> Int {
    offset - (layout.text + place)
  }

  package func distance(from place: Int, toRequests offset: Int) -> Int {
    offset - layout.requestsByteCount - (layout.text + place)
  }

  /// Gives a loop of baseline code its number and its budget; nil where there are too many.
  package func numberLoop(function: Int, ordinal: Int) -> Int? {
    let number = Int(regionWord(CodeRegionLayout.loopCount).add32(1))
    guard number < layout.loopCapacity else { return nil }
    let entry = layout.loops + number * CodeRegionLayout.loopByteCount
    regionWord(entry + 8).value32 = UInt32(function)
    regionWord(entry + 12).value32 = UInt32(ordinal)
    requestWord(layout.loopBudgets + number * 4).value32 = CodeRegionLayout.loopBudget
    return number
  }

  /// Fills in the header that the runner reads.
  package func writeHeader() {
    regionWord(CodeRegionLayout.requestsDistance).value32 = UInt32(layout.requestsByteCount)
    for stage in CodeStage.allCases {
      let place = stage.rawValue
      regionWord(CodeRegionLayout.logOffsets + place * 4).value32 = UInt32(layout.logs[place])
      regionWord(CodeRegionLayout.padOffsets + place * 4).value32 = UInt32(layout.pads[place])
    }
    regionWord(CodeRegionLayout.loopsOffset).value32 = UInt32(layout.loops)
    regionWord(CodeRegionLayout.textOffset).value32 = UInt32(layout.text)
    regionWord(CodeRegionLayout.functionCountOffset).value32 = UInt32(layout.functionCount)
    for function in 0..<layout.functionCount {
      regionWord(CodeRegionLayout.slots + function * 8).value64 = requestStub(function)
    }
  }

  /// Sets the thunks of a type, text offsets; 0 for none.
  package func setThunks(ofType type: Int, entry: Int, host: Int) {
    regionWord(layout.thunks + type * 8).value32 = UInt32(entry)
    regionWord(layout.thunks + type * 8 + 4).value32 = UInt32(host)
  }

  /// Tells everybody that the region is ready, or that it has failed.
  package func setState(_ state: UInt32) {
    regionWord(CodeRegionLayout.state).value32 = state
    notePublication()
    regionWord(CodeRegionLayout.publications).wakeAll()
  }

  // MARK: Adding code.

  /// Code that goes into the region together.
  package struct Addition: Sendable {
    package var bytes: [UInt8] = []
    /// Ascending; offsets in `bytes`. `end` includes what belongs to a function behind its body.
    package var records: [CodeRecord] = []
    /// Ascending; offsets in `bytes`.
    package var pads: [PadRecord] = []
    /// What becomes callable: defined functions and the offsets of their bodies.
    package var functions: [(function: Int, body: Int)] = []
    /// Loops that can be gone on with: their numbers, and offsets.
    package var loops: [(loop: Int, code: Int)] = []

    package init() {}
  }

  /// Puts code at the end of the stage's area and publishes it. `make` gets the text offset of the
  /// code, a multiple of 16, and no more than `byteLimit` bytes are taken. Of a function that has
  /// optimised code already, baseline code is not published. Returns false, having done nothing,
  /// where the area is full.
  package func add<Failure: Error>(
    _ stage: CodeStage, byteLimit: Int, _ make: (_ textOffset: Int) throws(Failure) -> Addition
  ) throws(Failure) -> Bool {
    // The mutex's closure could not throw `Failure`.
    let result: Result<Bool, Failure> = free.withLock { free in
      let start = (free[stage.rawValue] + 15) & ~15
      guard start + byteLimit <= layout.areas[stage.rawValue].upperBound else {
        return .success(false)
      }
      do throws(Failure) {
        let addition = try make(start)
        guard addition.bytes.count <= byteLimit, hasRoom(stage, addition) else {
          return .success(false)
        }
        place(addition, stage, start)
        free[stage.rawValue] = start + addition.bytes.count
        publish(addition, stage, start)
        return .success(true)
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  private func hasRoom(_ stage: CodeStage, _ addition: Addition) -> Bool {
    let records = Int(regionWord(CodeRegionLayout.logCounts + stage.rawValue * 4).value32)
    let pads = Int(regionWord(CodeRegionLayout.padCounts + stage.rawValue * 4).value32)
    return records + addition.records.count <= layout.functionCount + layout.loopCapacity + 2
      && pads + addition.pads.count <= layout.padCapacity
  }

  /// Writes bytes, pads and log, in this order.
  private func place(_ addition: Addition, _ stage: CodeStage, _ start: Int) {
    addition.bytes.withUnsafeBytes {
      (region.start + layout.text + start).copyMemory(from: $0.baseAddress!, byteCount: $0.count)
    }
    fillPage(after: start + addition.bytes.count)
    let base = UInt32(start)
    let padCount = regionWord(CodeRegionLayout.padCounts + stage.rawValue * 4)
    append(addition.pads, count: padCount, at: layout.pads[stage.rawValue], PadRecord.byteCount) {
      [$0.start + base, $0.end + base, $0.pad + base]
    }
    let logCount = regionWord(CodeRegionLayout.logCounts + stage.rawValue * 4)
    append(addition.records, count: logCount, at: layout.logs[stage.rawValue], CodeRecord.byteCount)
    { [$0.start + base, $0.end + base, $0.function, 0] }
  }

  /// Fills the page that code ends in with `int3`: whoever gets behind the code goes no further.
  private func fillPage(after end: Int) {
    let pageEnd = (end + 4_095) & ~4_095
    let rest = UnsafeMutableRawBufferPointer(
      start: region.start + layout.text + end, count: pageEnd - end)
    rest.initializeMemory(as: UInt8.self, repeating: 0xCC)
  }

  private func append<Element>(
    _ elements: [Element], count: SharedWord, at offset: Int, _ byteCount: Int,
    _ words: (Element) -> [UInt32]
  ) {
    guard !elements.isEmpty else { return }
    let first = Int(count.value32)
    for (index, element) in elements.enumerated() {
      let target = region.start + offset + (first + index) * byteCount
      for (place, word) in words(element).enumerated() {
        target.storeBytes(of: word, toByteOffset: place * 4, as: UInt32.self)
      }
    }
    count.value32 = UInt32(first + elements.count)
  }

  private func publish(_ addition: Addition, _ stage: CodeStage, _ start: Int) {
    for (function, body) in addition.functions {
      let slot = regionWord(CodeRegionLayout.slots + function * 8)
      let address = address(ofText: start + body)
      if stage == .optimized {
        slot.value64 = address
      } else {
        _ = slot.replace64(requestStub(function), with: address)
      }
    }
    for (loop, code) in addition.loops {
      regionWord(layout.loops + loop * CodeRegionLayout.loopByteCount).value64 =
        address(ofText: start + code)
    }
    notePublication()
  }

  /// Lets all who wait for code look again.
  package func notePublication() {
    let publications = regionWord(CodeRegionLayout.publications)
    publications.add32(1)
    if requestWord(CodeRegionLayout.codeWaiters).value32 != 0 { publications.wakeAll() }
  }

  // MARK: What there is.

  /// The runner's address of a place in the text.
  package func address(ofText offset: Int) -> UInt64 { runnerText + UInt64(offset) }

  /// The runner's address of the stub that asks for defined function `function`.
  package func requestStub(_ function: Int) -> UInt64 {
    address(ofText: CodeRegionLayout.tableEntry(function) + CodeRegionLayout.requestStub)
  }

  /// What a stage has published so far, ascending.
  package func published(_ stage: CodeStage) -> [CodeRecord] {
    let count = Int(regionWord(CodeRegionLayout.logCounts + stage.rawValue * 4).value32)
    let limit = layout.functionCount + layout.loopCapacity + 2
    return (0..<min(count, limit)).compactMap { index in
      let place = layout.logs[stage.rawValue] + index * CodeRecord.byteCount
      let record = CodeRecord(
        start: regionWord(place).value32, end: regionWord(place + 4).value32,
        function: regionWord(place + 8).value32)
      // Another process may have written it.
      let isSound =
        record.start <= record.end && Int(record.end) <= layout.byteCount - layout.text
        && record.function < UInt32(layout.functionCount)
      return isSound ? record : nil
    }
  }

  /// The code of a record, valid as long as this object.
  package func text(of record: CodeRecord) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(
      start: region.start + layout.text + Int(record.start), count: Int(record.end - record.start))
  }

  /// Whether defined function `function` has code.
  package func hasCode(_ function: Int) -> Bool {
    regionWord(CodeRegionLayout.slots + function * 8).value64 != requestStub(function)
  }

  /// Rounds and entries of defined function `function` that baseline code has counted so far.
  package func heat(_ function: Int) -> UInt32 {
    requestWord(CodeRegionLayout.heat + function * 4).value32
  }
}
