// The guest's descriptors: numbers to open files.

internal import SystemCalls

/// The descriptors of one guest. Owns the files behind them.
struct DescriptorTable: ~Copyable {
  /// The entries below `count` are initialized. Memory of our own instead of an array: every call
  /// of the guest's looks here, and pays for no check but the one on its number.
  private var descriptors: UnsafeMutableBufferPointer<Descriptor>
  private var count = 0
  /// No number below is free.
  private var lowestFree = 0
  /// Numbers that there can be.
  private let maximumCount: Int
  /// Who is at which descriptor, where several threads share the table.
  private var holds: DescriptorHolds?

  init(maximumCount: Int) {
    self.maximumCount = maximumCount
    descriptors = .allocate(capacity: 16)
  }

  deinit {
    for descriptor in descriptors[..<count] where descriptor.isOwned {
      try? descriptor.file.close()
    }
    descriptors[..<count].deinitialize()
    descriptors.deallocate()
  }

  /// Lets several threads use the table. Its entries never move any more, so that looking one up
  /// takes no lock: there is address space for all that there can be.
  mutating func beginSharing(_ holds: DescriptorHolds) {
    move(to: maximumCount)
    self.holds = holds
  }

  /// Whether there is any directory to resolve paths in.
  var hasPreopens: Bool { descriptors[..<count].contains { $0.preopenedPath != nil } }

  var hasSockets: Bool { descriptors[..<count].contains { $0.kind == .socket } }

  /// The file behind a number, if the number has `rights`, of which there is at least one.
  func file(_ number: UInt32, needing rights: Rights) throws(Errno) -> FileDescriptor {
    if let file = permittedFile(number, needing: rights) { return file }
    guard number < count else { throw .badFileDescriptor }
    throw refusal(of: rights, descriptors[Int(number)].kind)
  }

  /// The same; nil where `file` says why not.
  @inline(__always)
  func permittedFile(_ number: UInt32, needing rights: Rights) -> FileDescriptor? {
    guard number < count else { return nil }
    let descriptor = descriptors.baseAddress! + Int(number)
    return descriptor.pointee.rights.isSuperset(of: rights) ? descriptor.pointee.file : nil
  }

  private func refusal(of rights: Rights, _ kind: DescriptorKind) -> Errno {
    let inapplicable = rights.subtracting(kind.applicableRights)
    return inapplicable.isEmpty && kind != .closed ? .notCapable : kind.refusal(of: inapplicable)
  }

  /// What is behind a number that `file` let pass.
  func kind(_ number: UInt32) -> DescriptorKind { descriptors[Int(number)].kind }

  /// All about a number that has `rights`.
  func descriptor(_ number: UInt32, needing rights: Rights = []) throws(Errno) -> Descriptor {
    _ = try file(number, needing: rights)
    let descriptor = descriptors[Int(number)]
    guard descriptor.kind != .closed else { throw .badFileDescriptor }
    return descriptor
  }

  /// The directory behind a number, if the number has `rights`.
  ///
  /// Which strategy there is, is asked only where there is a directory: finding out takes a system
  /// call, which is forbidden to a process that was granted no folder.
  func directory(
    _ number: UInt32, needing rights: Rights, by strategy: @autoclosure () -> BeneathStrategy
  ) throws(Errno) -> GrantedDirectory {
    let descriptor = try descriptor(number, needing: rights)
    guard descriptor.kind == .directory else { throw .notDirectory }
    return GrantedDirectory(
      file: descriptor.file, device: descriptor.device, isReadOnly: descriptor.isReadOnly,
      strategy: strategy(), guarded: descriptor.guarded)
  }

  /// Gives a descriptor the number behind all others, whether lower ones are free or not.
  mutating func append(_ descriptor: Descriptor) {
    if count == descriptors.count { grow() }
    (descriptors.baseAddress! + count).initialize(to: descriptor)
    count += 1
  }

  private mutating func grow() { move(to: 2 * descriptors.count) }

  private mutating func move(to capacity: Int) {
    let larger = UnsafeMutableBufferPointer<Descriptor>.allocate(
      capacity: max(capacity, descriptors.count))
    _ = larger.moveInitialize(fromContentsOf: descriptors[..<count])
    descriptors.deallocate()
    descriptors = larger
  }

  /// Gives a descriptor the lowest free number. On an error its file is closed, if owned.
  mutating func insert(_ descriptor: Descriptor) throws(Errno) -> UInt32 {
    guard let holds else { return try insertAlone(descriptor) }
    return try holds.changing { () throws(Errno) in try insertAlone(descriptor) }
  }

  private mutating func insertAlone(_ descriptor: Descriptor) throws(Errno) -> UInt32 {
    while lowestFree < count, descriptors[lowestFree].kind != .closed { lowestFree += 1 }
    guard lowestFree < maximumCount else {
      if descriptor.isOwned { try? descriptor.file.close() }
      throw .tooManyOpenFiles
    }
    if lowestFree == count {
      append(descriptor)
    } else {
      descriptors[lowestFree] = descriptor
    }
    return UInt32(lowestFree)
  }

  /// Frees a number and closes its file: where threads share it, when the last one lets go of it.
  mutating func close(_ number: UInt32) throws(Errno) {
    _ = try descriptor(number)
    if let holds {
      try holds.changing { () throws(Errno) in try holds.close(number) }
    } else {
      try free(number)?.close()
    }
  }

  /// Whether there is a descriptor of that number.
  func isOpen(_ number: UInt32) -> Bool {
    number < count && descriptors[Int(number)].kind != .closed
  }

  /// Moves a descriptor to a number in use, whose file is closed; its own number becomes free. Throws
  /// `.busy` where another thread's call is at one of them.
  mutating func renumber(_ number: UInt32, to target: UInt32) throws(Errno) {
    _ = try descriptor(number)
    let replaced = try descriptor(target)
    guard number != target else { return }
    if let holds {
      try holds.changing { () throws(Errno) in
        guard holds.isHeldOnce(number), holds.isHeldOnce(target) else { throw .busy }
        descriptors[Int(target)] = descriptors[Int(number)]
        descriptors[Int(number)].isOwned = false
        try holds.close(number)
      }
    } else {
      descriptors[Int(target)] = descriptors[Int(number)]
      _ = free(number)
    }
    if replaced.isOwned { try? replaced.file.close() }
  }

  /// Frees a number; its file, if that has to be closed.
  mutating func free(_ number: UInt32) -> FileDescriptor? {
    let descriptor = descriptors[Int(number)]
    descriptors[Int(number)] = .closed
    lowestFree = min(lowestFree, Int(number))
    return descriptor.isOwned ? descriptor.file : nil
  }

  /// Takes rights away; throws `.notCapable` where any would be added.
  mutating func restrict(
    _ number: UInt32, to rights: Rights, inherited inheritedRights: Rights
  ) throws(Errno) {
    guard let holds else {
      return try restrictAlone(number, to: rights, inherited: inheritedRights)
    }
    try holds.changing { () throws(Errno) in
      try restrictAlone(number, to: rights, inherited: inheritedRights)
    }
  }

  private mutating func restrictAlone(
    _ number: UInt32, to rights: Rights, inherited inheritedRights: Rights
  ) throws(Errno) {
    let descriptor = try descriptor(number)
    guard rights.isSubset(of: descriptor.rights),
      inheritedRights.isSubset(of: descriptor.inheritedRights)
    else { throw .notCapable }
    descriptors[Int(number)].rights = rights
    descriptors[Int(number)].inheritedRights = inheritedRights
  }

  /// The entries of a directory; the same object as long as the descriptor is open.
  mutating func entries(of number: UInt32) throws(Errno) -> DirectoryEntries {
    let descriptor = try descriptor(number, needing: .fdReadDirectory)
    if let entries = descriptor.entries { return entries }
    let entries = try DirectoryEntries(descriptor.file)
    descriptors[Int(number)].entries = entries
    return entries
  }
}
