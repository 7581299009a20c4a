// A first look at a body: which locals are used how much, and what happens in its loops.
//
// Decodes without checks and emits nothing, so it takes a small part of the compiler's time. It
// tells which locals deserve a register for the whole body, from where on each is dead, and for
// each loop which of the registers it reads and writes.

/// What a loop does with the locals that have a home register, as masks of registers.
struct LoopUse: BitwiseCopyable {
  var used: UInt32
  var assigned: UInt32
  var hasCall: Bool
}

/// The survey of one body after another; keeps its buffers.
struct LocalUse: ~Copyable {
  /// A step of the body that concerns locals or loops: what in the upper byte, a local below.
  private enum Event {
    static let get: UInt32 = 0
    static let set: UInt32 = 1 << 24
    static let loop: UInt32 = 2 << 24
    static let end: UInt32 = 3 << 24
    static let call: UInt32 = 4 << 24
  }

  /// By local: how often it is used, each level of loops counting eightfold.
  private(set) var weights: UnsafeMutablePointer<UInt32>
  /// By local: the position behind its last use, or behind the outermost loop around that.
  private(set) var lastUses: UnsafeMutablePointer<UnsafePointer<UInt8>>
  private var localCapacity = 1_024
  private var touched: UnsafeMutablePointer<UInt32>
  private var touchedCount = 0
  private var touchedCapacity = 1_024
  private var events: UnsafeMutablePointer<UInt32>
  private var eventCount = 0
  private var eventCapacity = 4_096
  /// By loop in the order in which they begin.
  private(set) var loops: UnsafeMutablePointer<LoopUse>
  private var loopCapacity = 64
  private(set) var loopCount = 0
  private(set) var hasCall = false
  private(set) var hasVectorInstruction = false
  /// References that the collector follows may come up.
  private(set) var hasReferences = false
  private(set) var hasRethrow = false

  /// Open blocks: true for loops.
  private var blocks: UnsafeMutablePointer<Bool>
  private var blockCapacity = 256

  init() {
    weights = .allocate(capacity: localCapacity)
    lastUses = .allocate(capacity: localCapacity)
    touched = .allocate(capacity: touchedCapacity)
    events = .allocate(capacity: eventCapacity)
    loops = .allocate(capacity: loopCapacity)
    blocks = .allocate(capacity: blockCapacity)
  }

  deinit {
    weights.deallocate()
    lastUses.deallocate()
    touched.deallocate()
    events.deallocate()
    loops.deallocate()
    blocks.deallocate()
  }

  // MARK: The survey.

  /// Looks at a body with `localCount` locals, parameters included; false where it has an
  /// instruction that this compiler does not have.
  mutating func survey(_ body: BodyReader, localCount: Int, _ tables: ModuleTables) -> Bool {
    if localCount > localCapacity { growLocals(localCount) }
    weights.initialize(repeating: 0, count: localCount)
    lastUses.initialize(repeating: body.next, count: localCount)
    (touchedCount, eventCount, loopCount) = (0, 0, 0)
    (hasCall, hasVectorInstruction) = (false, false)
    (hasReferences, hasRethrow) = (tables.holdsReferences, false)
    var reader = body
    var depth = 0
    var loopDepth: UInt32 = 0
    while !reader.isAtEnd {
      let opcode = reader.byte()
      switch opcode {
      case 0x20, 0x21, 0x22:
        let local = reader.unsigned32()
        weights[Int(local)] &+= 1 &<< min(loopDepth &* 3, 15)
        lastUses[Int(local)] = reader.next
        if loopDepth > 0 { touch(local) }
        note((opcode == 0x20 ? Event.get : Event.set) | local)
      case 0x02, 0x03, 0x04, 0x06, 0x1F:
        if opcode != 0x1F {
          reader.skipBlockType()
        } else if reader.skipTryTable() {
          hasReferences = true
        }
        if depth == blockCapacity { growBlocks() }
        blocks[depth] = opcode == 0x03
        depth &+= 1
        if opcode == 0x03 {
          loopDepth &+= 1
          note(Event.loop)
        }
      case 0x0B, 0x18:
        if opcode == 0x18 { _ = reader.unsigned32() }
        depth &-= 1
        if depth >= 0, blocks[depth] {
          note(Event.end)
          loopDepth &-= 1
          if loopDepth == 0 { extendTouched(reader.next) }
        }
      case 0x10, 0x11, 0x14, 0x08, 0x09, 0x0A:
        guard reader.skipImmediates(opcode) else { return false }
        hasCall = true
        note(Event.call)
        if opcode == 0x09 { (hasRethrow, hasReferences) = (true, true) }
      case 0xD0:
        let heapType = reader.signed()
        if heapType >= 0
          ? !tables.typePlaces[Int(heapType)].isFunction
          : ValueKind(code: UInt8(truncatingIfNeeded: heapType & 0x7F)) == .reference
        {
          hasReferences = true
        }
      case 0xFB:
        (hasReferences, hasCall) = (true, true)
        guard reader.skipObject() else { return false }
      case 0xFE: guard reader.skipAtomic() else { return false }
      case 0xFC: guard reader.skipMiscellaneous() else { return false }
      case 0xFD:
        hasVectorInstruction = true
        guard reader.skipVector() else { return false }
      default: guard reader.skipImmediates(opcode) else { return false }
      }
    }
    return true
  }

  @inline(__always)
  private mutating func note(_ event: UInt32) {
    if eventCount == eventCapacity { growEvents() }
    events[eventCount] = event
    eventCount &+= 1
  }

  @inline(__always)
  private mutating func touch(_ local: UInt32) {
    if touchedCount == touchedCapacity { growTouched() }
    touched[touchedCount] = local
    touchedCount &+= 1
  }

  /// What was used in the outermost loop lives to its end.
  private mutating func extendTouched(_ end: UnsafePointer<UInt8>) {
    for place in 0..<touchedCount { lastUses[Int(touched[place])] = end }
    touchedCount = 0
  }

  // MARK: Loops.

  /// Finds out what each loop does, with homes given: `homes` yields by local the mask of its home
  /// register, 0 for none.
  mutating func summarizeLoops(_ locals: UnsafePointer<Local>) {
    loopCount = 0
    var stack: [Int] = []
    for place in 0..<eventCount {
      let event = events[place]
      switch event & 0xFF00_0000 {
      case Event.loop:
        if loopCount == loopCapacity { growLoops() }
        loops[loopCount] = LoopUse(used: 0, assigned: 0, hasCall: false)
        stack.append(loopCount)
        loopCount += 1
      case Event.end:
        let inner = loops[stack.removeLast()]
        guard let outer = stack.last else { continue }
        loops[outer].used |= inner.used
        loops[outer].assigned |= inner.assigned
        loops[outer].hasCall = loops[outer].hasCall || inner.hasCall
      case Event.call:
        if let loop = stack.last { loops[loop].hasCall = true }
      default:
        guard let loop = stack.last else { continue }
        let home = locals[Int(event & 0xFF_FFFF)].home
        guard home != .none else { continue }
        loops[loop].used |= home.bit
        if event & Event.set != 0 { loops[loop].assigned |= home.bit }
      }
    }
  }

  /// Whether `summarizeLoops` has anything to do.
  var mayHaveLoops: Bool {
    for place in 0..<eventCount where events[place] == Event.loop { return true }
    return false
  }

  // MARK: Growth.

  private mutating func growLocals(_ count: Int) {
    weights.deallocate()
    lastUses.deallocate()
    localCapacity = count * 2
    weights = .allocate(capacity: localCapacity)
    lastUses = .allocate(capacity: localCapacity)
  }

  private mutating func growTouched() {
    touched = enlarged(touched, touchedCapacity)
    touchedCapacity *= 2
  }

  private mutating func growEvents() {
    events = enlarged(events, eventCapacity)
    eventCapacity *= 2
  }

  private mutating func growLoops() {
    loops = enlarged(loops, loopCapacity)
    loopCapacity *= 2
  }

  private mutating func growBlocks() {
    blocks = enlarged(blocks, blockCapacity)
    blockCapacity *= 2
  }
}

/// Memory of twice the size with the same content; the old one is freed.
@inline(never)
func enlarged<Element: BitwiseCopyable>(
  _ old: UnsafeMutablePointer<Element>, _ count: Int
) -> UnsafeMutablePointer<Element> {
  let new = UnsafeMutablePointer<Element>.allocate(capacity: count * 2)
  new.update(from: old, count: count)
  old.deallocate()
  return new
}
