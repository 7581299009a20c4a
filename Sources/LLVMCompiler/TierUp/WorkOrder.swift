// What is compiled next while a program runs: loops that it spins in, then what it runs most for its
// size, then the rest.

internal import CompileService
internal import CompilerInterface
internal import Synchronization
internal import SystemCalls
internal import WasmModule

/// A loop of baseline code that was asked for.
struct LoopRequest: Sendable, Hashable {
  /// Its number in the region.
  let number: Int
  /// The function index of its function.
  let function: UInt32
  /// Its place among the `loop` instructions of the body.
  let place: Int
}

/// The work of one program's run, handed out to threads. What the runner and the baseline compiler
/// wrote in shared memory is checked here.
final class WorkOrder: Sendable {
  enum Job: Sendable {
    case loop(LoopRequest)
    case unit(Unit)
    /// All functions are there: the image of them all.
    case image
  }

  /// Entries and rounds from which on a function is compiled before its turn.
  static let hotCount: UInt32 = 1_000
  /// Bytes of bodies in a unit of the rest: few, so that nothing hot has to wait for long.
  static let unitByteCount = 8 << 10
  /// Bytes of bodies whose compilation takes about as long as what comes with each unit.
  private static let unitCost = 200
  /// Nanoseconds between two looks at what there is to do.
  private static let patience: Int64 = 20_000_000
  /// What may still be finished after the runner's end, in nanoseconds.
  static let graceTime: UInt64 = 2_000_000_000

  private struct State {
    /// By place among the defined functions.
    var isTaken: [Bool]
    /// Every function before this place is taken.
    var first = 0
    var takenLoops: Set<Int> = []
    /// Jobs that somebody is at.
    var underWay = 0
    var leftByteCount: Int
    var doneByteCount = 0
    var hasFailed = false
    var hasImage = false
    var runnerHasEnded = false
    var isStopped = false
  }

  private let program: Program
  private let region: CodeRegion
  /// Whether an image is wanted, which takes all functions; otherwise nobody would miss a cold one.
  private let wantsImage: Bool
  private let start = currentTime()
  private let state: Mutex<State>

  /// `done` says for each defined function whether there is code for it already.
  init(_ program: Program, _ region: CodeRegion, done: [Bool], wantsImage: Bool) {
    self.program = program
    self.region = region
    self.wantsImage = wantsImage
    let left = done.indices.reduce(0) {
      $0 + (done[$1] ? 0 : program.scan.bodies[$1].byteCount)
    }
    state = Mutex(State(isTaken: done, leftByteCount: left))
  }

  // MARK: Taking.

  private enum Choice {
    case job(Job)
    case nothingYet
    case stop
  }

  /// The next job; waits where there is none yet. nil when there will be no more.
  func next() -> Job? {
    while true {
      switch state.withLock({ choose(&$0) }) {
      case .job(let job): return job
      case .stop: return nil
      case .nothingYet:
        let requests = region.requestWord(CodeRegionLayout.loopRequests)
        requests.wait(while: requests.value32, nanoseconds: Self.patience)
      }
    }
  }

  private func choose(_ state: inout State) -> Choice {
    if state.isStopped { return .stop }
    guard let job = takeUrgent(&state) ?? takeRest(&state) else {
      return state.runnerHasEnded && state.underWay == 0 ? .stop : .nothingYet
    }
    state.underWay += 1
    return .job(job)
  }

  /// What the program would gain most by. A loop that is asked for comes first where its function is
  /// no larger than a unit; what takes longer must be worth more than all that could be done instead.
  private func takeUrgent(_ state: inout State) -> Job? {
    guard !state.runnerHasEnded else { return nil }
    let hottest = hottest(state)
    guard let loop = requestedLoop(state) else { return hottest.map { take($0.place, &state) } }
    let place = self.place(of: loop.function)
    if let hottest, program.scan.bodies[place].byteCount > Self.unitByteCount,
      hottest.urgency > urgency(place, region.heat(place))
    {
      return take(hottest.place, &state)
    }
    state.takenLoops.insert(loop.number)
    return .loop(loop)
  }

  private func take(_ place: Int, _ state: inout State) -> Job {
    state.isTaken[place] = true
    return .unit(Unit(functions: [index(ofPlace: place)]))
  }

  /// A function that is worth a unit of its own.
  private func hottest(_ state: State) -> (place: Int, urgency: Double)? {
    var best: (place: Int, urgency: Double)?
    for place in state.first..<state.isTaken.count where !state.isTaken[place] {
      let heat = region.heat(place)
      guard heat >= Self.hotCount else { continue }
      let urgency = urgency(place, heat)
      if urgency > best?.urgency ?? 0 { best = (place, urgency) }
    }
    return best
  }

  /// Gain by cost: to take the highest first makes the sum of waiting the least. Heat stands for the
  /// time that is spent in a function, bytes for that of compiling it.
  private func urgency(_ place: Int, _ heat: UInt32) -> Double {
    Double(heat) / Double(program.scan.bodies[place].byteCount + Self.unitCost)
  }

  /// The loop whose function is the smallest, of those that wait.
  private func requestedLoop(_ state: State) -> LoopRequest? {
    var best: (loop: LoopRequest, byteCount: Int)?
    for place in 0..<CodeRegionLayout.ringCapacity {
      let word = region.requestWord(CodeRegionLayout.loopRing + place * 4).value32
      guard word != 0, let loop = loop(Int(word) - 1), !state.takenLoops.contains(loop.number)
      else { continue }
      let byteCount = program.byteCount(loop.function)
      if byteCount < best?.byteCount ?? .max { best = (loop, byteCount) }
    }
    return best?.loop
  }

  private func loop(_ number: Int) -> LoopRequest? {
    let count = Int(region.regionWord(CodeRegionLayout.loopCount).value32)
    guard number < min(count, region.layout.loopCapacity) else { return nil }
    let entry = region.layout.loops + number * CodeRegionLayout.loopByteCount
    let function = Int(region.regionWord(entry + 8).value32)
    guard function < region.layout.functionCount else { return nil }
    return LoopRequest(
      number: number, function: index(ofPlace: function),
      place: Int(region.regionWord(entry + 12).value32))
  }

  private func takeRest(_ state: inout State) -> Job? {
    guard wantsImage else { return nil }
    var unit = Unit(functions: [])
    var byteCount = 0
    while state.first < state.isTaken.count, byteCount < Self.unitByteCount {
      let place = state.first
      state.first += 1
      guard !state.isTaken[place] else { continue }
      state.isTaken[place] = true
      unit.functions.append(index(ofPlace: place))
      byteCount += program.scan.bodies[place].byteCount
    }
    if !unit.functions.isEmpty { return .unit(unit) }
    guard !state.hasFailed, !state.hasImage, state.underWay == 0 else { return nil }
    state.hasImage = true
    return .image
  }

  private func place(of function: UInt32) -> Int {
    Int(function) - program.module.importedFunctionCount
  }

  private func index(ofPlace place: Int) -> UInt32 {
    UInt32(program.module.importedFunctionCount + place)
  }

  // MARK: Giving back.

  /// Notes that `job` is done, or why it never will be.
  func finish(_ job: Job, succeeded: Bool) {
    state.withLock { state in
      state.underWay -= 1
      guard case .unit(let unit) = job else { return }
      let byteCount = unit.functions.reduce(0) { $0 + program.byteCount($1) }
      state.leftByteCount -= byteCount
      state.doneByteCount += byteCount
      if !succeeded { state.hasFailed = true }
    }
  }

  // MARK: The end.

  /// Whether a job is under way or waits.
  var hasWork: Bool {
    state.withLock { state in
      !state.isStopped
        && (state.underWay > 0 || wantsImage && !state.hasImage && !state.hasFailed)
    }
  }

  /// Notes the runner's end: nothing is done any more but what an image needs. Whether that is worth
  /// it: what is left must take no longer than `graceTime`, as far as can be told.
  func noteRunnersEnd() -> Bool {
    state.withLock { state in
      state.runnerHasEnded = true
      guard wantsImage, !state.hasFailed else { return false }
      let elapsed = Double(max(1, currentTime() - start))
      let left = Double(state.leftByteCount)
      return left == 0 || left * elapsed <= Double(Self.graceTime) * Double(state.doneByteCount)
    }
  }

  /// No job is handed out from now on.
  func stop() { state.withLock { $0.isStopped = true } }
}

/// Nanoseconds of the clock that never goes back.
func currentTime() -> UInt64 { (try? Clock.monotonic.now()) ?? 0 }
