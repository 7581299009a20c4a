// Makes modules out of others by small changes, such that many of them are nearly valid.

/// Mutates modules that it is given. The same seeds and numbers give the same mutants.
package struct Mutator {
  private let seeds: [[UInt8]]
  /// The seeds taken apart, where that can be done; at the same places.
  private let sketches: [ModuleSketch?]
  /// The places of valid seeds.
  private let valid: [Int]

  /// `seeds` are modules in the binary format, valid or not, at least one of them well-formed.
  package init(seeds: [[UInt8]]) {
    self.seeds = seeds
    sketches = seeds.map { ModuleSketch($0) }
    valid = seeds.indices.filter { if case .accepted = Verdict(seeds[$0]) { true } else { false } }
  }

  /// Mutant `number` of series `series`.
  package func mutant(_ number: UInt64, series: UInt64) -> [UInt8] {
    var mixer = SeededGenerator(seed: series)
    var random = SeededGenerator(seed: mixer.next() ^ number &* 0xD6E8_FEB8_6659_FD93)
    // A refused seed mostly stays refused, and for the same reason.
    let place =
      random.oneIn(8)
      ? random.number(below: seeds.count)
      : valid.randomElement(using: &random) ?? random.number(below: seeds.count)
    guard var sketch = sketches[place], !random.oneIn(12) else {
      return damaged(seeds[place], &random)
    }
    repeat { mutate(&sketch, &random) } while random.oneIn(3)
    let bytes = sketch.assembled()
    return random.oneIn(32) ? damaged(bytes, &random) : bytes
  }

  // MARK: Bytes.

  /// The module with some bytes changed, whatever they mean; mostly behind the header, since all
  /// changes of that are refused alike.
  private func damaged(_ module: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
    var bytes = module
    for _ in 0...random.number(below: 3) {
      let first = bytes.count > 8 && !random.oneIn(64) ? 8 : 0
      guard first < bytes.count else {
        bytes.append(random.byte())
        continue
      }
      damage(&bytes, at: first + random.number(below: bytes.count - first), &random)
    }
    return bytes
  }

  private func damage(_ bytes: inout [UInt8], at place: Int, _ random: inout SeededGenerator) {
    switch random.number(below: 9) {
    case 0: bytes[place] = random.byte()
    case 1: bytes[place] ^= 1 << UInt8(random.number(below: 8))
    case 2: bytes[place] = Self.codes[random.number(below: Self.codes.count)]
    case 3: bytes.remove(at: place)
    case 4: bytes.insert(random.byte(), at: place)
    case 5: bytes.removeSubrange(place...)
    case 6:
      let source = random.number(below: bytes.count)
      let count = min(1 + random.number(below: 16), bytes.count - source)
      bytes.insert(contentsOf: Array(bytes[source..<source + count]), at: place)
    case 7:
      bytes.removeSubrange(place..<min(place + 1 + random.number(below: 8), bytes.count))
    default:
      guard let integer = readUnsigned(bytes, at: place) else { return }
      bytes.replaceSubrange(place..<integer.end, with: edited(integer.value, &random))
    }
  }

  /// Bytes that mean something in many places: codes of types, flags, `end`.
  private static let codes: [UInt8] =
    [0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x0B, 0x40, 0x7F, 0x80, 0xFF]
    + Array(0x4E...0x50) + Array(0x5E...0x60) + Array(0x63...0x7F)

  // MARK: Parts.

  private func mutate(_ sketch: inout ModuleSketch, _ random: inout SeededGenerator) {
    guard !sketch.sections.isEmpty else { return }
    let donor = sketches[random.number(below: sketches.count)] ?? sketch
    if random.oneIn(8) { return mutateSections(&sketch, donor, &random) }
    let place = random.number(below: sketch.sections.count)
    // Most of a module's rules are about its code.
    let code = sketch.sections.firstIndex { $0.id == ModuleSketch.code }
    let section = random.oneIn(3) ? place : code ?? place
    switch sketch.sections[section].content {
    case .bytes(var bytes):
      guard !bytes.isEmpty else { return }
      let place = random.number(below: bytes.count)
      if random.oneIn(4) {
        damage(&bytes, at: place, &random)
      } else {
        bytes[place] = Self.codes[random.number(below: Self.codes.count)]
      }
      sketch.sections[section].content = .bytes(bytes)
    case .bodies(var bodies):
      mutateBodies(&bodies, donor, &random)
      sketch.sections[section].content = .bodies(bodies)
    }
  }

  private func mutateSections(
    _ sketch: inout ModuleSketch, _ donor: ModuleSketch, _ random: inout SeededGenerator
  ) {
    let count = sketch.sections.count
    let place = random.number(below: count)
    let gift = donor.sections.randomElement(using: &random)
    switch random.number(below: 9) {
    case 0: sketch.sections.remove(at: place)
    case 1: sketch.sections.insert(sketch.sections[place], at: random.number(below: count))
    case 2: sketch.sections.swapAt(place, random.number(below: count))
    case 3:
      // In its place by the order that sections have, or instead of the one of the same kind.
      guard let gift else { return }
      if let same = sketch.sections.firstIndex(where: { $0.id == gift.id }) {
        sketch.sections[same] = gift
      } else {
        let next = sketch.sections.firstIndex { $0.id > gift.id }
        sketch.sections.insert(gift, at: next ?? count)
      }
    case 4:
      let content: [UInt8] = [1, 0x78, random.byte()]
      sketch.sections.insert(
        ModuleSketch.Section(id: 0, content: .bytes(content)), at: random.number(below: count + 1))
    case 5: sketch.sections[place].lie.size = random.number(below: 9) - 4
    case 6: sketch.sections[place].lie.count = random.oneIn(2) ? 1 : -1
    case 7: sketch.sections[place].lie.padding = 1 + random.number(below: 5)
    default: sketch.sections[place].id = UInt8(random.number(below: 16))
    }
  }
}
