// The errors of this layer's own: reasons that the kernel, whose numbers end at 4,095, has none for.
// Guests see them as preview 1's `notcapable` and `acces`; `DenialNotes` tells them apart.

internal import SystemCalls

extension Errno {
  /// A right is missing.
  static let notCapable = Errno(rawValue: 4_096)
  /// The path leads out of the directory that it is relative to.
  static let outsideOfGrant = Errno(rawValue: 4_097)
  /// A device, or a file of a file system that acts on the kernel or on processes.
  static let machineFile = Errno(rawValue: 4_099)
}
