// The guest's descriptors: numbers to open files.

internal import SystemCalls

/// The descriptors of one guest. Owns the files behind them.
final class DescriptorTable {
  private var descriptors: ContiguousArray<Descriptor> = []
  /// No number below is free.
  private var lowestFree = 0
  /// Numbers that there can be.
  private let maximumCount: Int

  init(maximumCount: Int) { self.maximumCount = maximumCount }

  deinit {
    for descriptor in descriptors where descriptor.isOwned { try? descriptor.file.close() }
  }

  /// Numbers in use are all below.
  var endNumber: Int { descriptors.count }

  /// The file behind a number, if the number has `rights`, of which there is at least one.
  @inline(__always)
  func file(_ number: UInt32, needing rights: Rights) throws(Errno) -> FileDescriptor {
    let index = Int(number)
    guard index < descriptors.count else { throw .badFileDescriptor }
    guard descriptors[index].rights.isSuperset(of: rights) else {
      throw refusal(of: rights, at: index)
    }
    return descriptors[index].file
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
  func directory(
    _ number: UInt32, needing rights: Rights, by strategy: BeneathStrategy
  ) throws(Errno) -> GrantedDirectory {
    _ = try file(number, needing: rights)
    let index = Int(number)
    guard descriptors[index].kind == .directory else {
      throw descriptors[index].kind == .closed ? .badFileDescriptor : .notDirectory
    }
    return GrantedDirectory(
      file: descriptors[index].file, device: descriptors[index].device,
      isReadOnly: descriptors[index].isReadOnly, strategy: strategy)
  }

  private func refusal(of rights: Rights, at index: Int) -> Errno {
    let kind = descriptors[index].kind
    let inapplicable = rights.subtracting(kind.applicableRights)
    return inapplicable.isEmpty && kind != .closed ? .notCapable : kind.refusal(of: inapplicable)
  }

  /// Gives a descriptor the number behind all others, whether lower ones are free or not.
  func append(_ descriptor: Descriptor) { descriptors.append(descriptor) }

  /// Gives a descriptor the lowest free number. On an error its file is closed, if owned.
  func insert(_ descriptor: Descriptor) throws(Errno) -> UInt32 {
    while lowestFree < descriptors.count, descriptors[lowestFree].kind != .closed {
      lowestFree += 1
    }
    guard lowestFree < maximumCount else {
      if descriptor.isOwned { try? descriptor.file.close() }
      throw .tooManyOpenFiles
    }
    if lowestFree == descriptors.count {
      descriptors.append(descriptor)
    } else {
      descriptors[lowestFree] = descriptor
    }
    return UInt32(lowestFree)
  }

  /// Frees a number and closes its file.
  func close(_ number: UInt32) throws(Errno) {
    let descriptor = try descriptor(number)
    descriptors[Int(number)] = .closed
    lowestFree = min(lowestFree, Int(number))
    if descriptor.isOwned { try descriptor.file.close() }
  }

  /// Moves a descriptor to a number in use, whose file is closed; its own number becomes free.
  func renumber(_ number: UInt32, to target: UInt32) throws(Errno) {
    let moved = try descriptor(number)
    let replaced = try descriptor(target)
    guard number != target else { return }
    descriptors[Int(target)] = moved
    descriptors[Int(number)] = .closed
    lowestFree = min(lowestFree, Int(number))
    if replaced.isOwned { try? replaced.file.close() }
  }

  /// Takes rights away; throws `.notCapable` where any would be added.
  func restrict(
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
  func entries(of number: UInt32) throws(Errno) -> DirectoryEntries {
    let descriptor = try descriptor(number, needing: .fdReadDirectory)
    if let entries = descriptor.entries { return entries }
    let entries = try DirectoryEntries(descriptor.file)
    descriptors[Int(number)].entries = entries
    return entries
  }
}
