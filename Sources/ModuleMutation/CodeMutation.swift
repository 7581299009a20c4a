// Changes of function bodies: whole ones, instructions, immediates.

import WasmModule

extension Mutator {
  func mutateBodies(
    _ bodies: inout [ModuleSketch.Body], _ donor: ModuleSketch, _ random: inout SeededGenerator
  ) {
    guard !bodies.isEmpty else { return }
    let place = random.number(below: bodies.count)
    let gift = donor.bodies.randomElement(using: &random) ?? bodies[place]
    switch random.number(below: 24) {
    case 0: bodies.remove(at: place)
    case 1: bodies.insert(bodies[place], at: place)
    case 2: bodies[place] = gift
    case 3: bodies[place].locals = gift.locals
    case 4: bodies[place].instructions = gift.instructions
    case 5: bodies[place].lie.size = random.number(below: 9) - 4
    case 6: bodies[place].lie.padding = 1 + random.number(below: 5)
    default: mutateInstructions(&bodies[place].instructions, gift.instructions, &random)
    }
  }

  private func mutateInstructions(
    _ list: inout [[UInt8]], _ gifts: [[UInt8]], _ random: inout SeededGenerator
  ) {
    guard !list.isEmpty else { return }
    let place = random.number(below: list.count)
    let gift = gifts.randomElement(using: &random) ?? list[place]
    switch random.number(below: 10) {
    case 0: list.remove(at: place)
    case 1: list.insert(list[place], at: place)
    case 2: list.swapAt(place, random.number(below: list.count))
    case 3: list[place] = gift
    case 4: list.insert(gift, at: place)
    case 5: list.insert(Self.instruction(&random), at: place)
    case 6: list[place] = Self.instruction(&random)
    case 7:
      list[place][list[place].count > 1 && random.oneIn(2) ? 1 : 0] ^=
        1 << UInt8(random.number(below: 4))
    default: Self.editImmediate(&list[place], &random)
    }
  }

  /// Rewrites a number behind the opcode.
  private static func editImmediate(
    _ instruction: inout [UInt8], _ random: inout SeededGenerator
  ) {
    guard instruction.count > 1 else { return }
    let place = 1 + random.number(below: instruction.count - 1)
    guard let integer = readUnsigned(instruction, at: place) else { return }
    instruction.replaceSubrange(place..<integer.end, with: edited(integer.value, &random))
  }

  /// Any instruction, its immediates mostly small numbers.
  private static func instruction(_ random: inout SeededGenerator) -> [UInt8] {
    let opcode = Opcode.allCases[random.number(below: Opcode.allCases.count)].rawValue
    let prefixes: [[UInt8]] = [[], [0xFC], [0xFD], [0xFE], [0xFB]]
    var bytes = prefixes[Int(opcode >> 12)] + unsigned(UInt64(opcode & 0xFFF))
    if opcode < 0x100 { bytes = [UInt8(opcode)] }
    for _ in 0..<20 {
      bytes.append(random.oneIn(8) ? random.byte() : UInt8(random.number(below: 4)))
    }
    // As many of them as the instruction takes.
    return bytes.withUnsafeBytes { buffer in
      var reader = InstructionReader(bytes: buffer, range: 0..<buffer.count)
      do throws(ModuleError) {
        try reader.skipList(of: try reader.next())
        return Array(buffer[..<reader.position])
      } catch {
        return Array(buffer[..<2])
      }
    }
  }
}

extension ModuleSketch {
  fileprivate var bodies: [Body] {
    for case .bodies(let bodies) in sections.lazy.map(\.content) { return bodies }
    return []
  }
}
