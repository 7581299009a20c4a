// A guest's world while it runs: what the functions of preview 1 act on.

package import CompilerInterface
internal import EventLoop
package import SystemCalls

/// The state behind one guest's imports. For one thread at a time: each thread of a guest has a context
/// of its own, and they share the descriptors. Must outlive the store that its functions are linked
/// into, for they hold it unretained.
package final class WASIContext {
  /// The guest's memory, known once it is instantiated. Without it every pointer is bad.
  @exclusivity(unchecked)
  package var memory: GuestMemory?
  /// Who tells about the guest's calls; set before its functions are linked.
  package var trace: CallTrace?
  /// Who tells which grants are missing; set before its functions are linked.
  package var denials: DenialNotes?
  /// The reason of the last call that failed, finer than the number that the guest was given.
  @exclusivity(unchecked)
  var lastError: Errno?
  /// What `proc_exit` was called with.
  package var exitStatus: UInt32?

  let arguments: [OSString]
  let environment: [OSString]
  /// The guest's descriptors, in the context of its first thread.
  let table: UnsafeMutablePointer<DescriptorTable>
  /// That context, if this is another thread's.
  private let first: WASIContext?
  /// What all threads share; nil for a guest that cannot start any.
  private var threads: ThreadSharing?
  /// Descriptors that the call under way holds.
  private var held: ContiguousArray<UInt32> = []
  private var threadedFunctions: [ThreadedFunction] = []

  /// Room for what a call needs, reserved once so that no guest's number makes the host allocate.
  var path = GuestPath()
  var otherPath = GuestPath()
  let dataBuffers: UnsafeMutableBufferPointer<DataBuffer>
  var pollSet = PollSet()

  private let configuredStrategy: BeneathStrategy?
  private var madeEventLoop: EventLoop?

  /// Throws where a preopen's descriptor is no open directory, or there are too many.
  package init(_ configuration: WASIConfiguration) throws(Errno) {
    arguments = configuration.arguments
    environment = configuration.environment
    configuredStrategy = configuration.beneathStrategy
    first = nil
    table = .allocate(capacity: 1)
    table.initialize(
      to: DescriptorTable(maximumCount: configuration.maximumDescriptorCount))
    dataBuffers = .allocate(capacity: DataTransfer.maximumBufferCount)
    table.pointee.append(Descriptor(standardStream: configuration.standardInput))
    table.pointee.append(Descriptor(standardStream: configuration.standardOutput))
    table.pointee.append(Descriptor(standardStream: configuration.standardError))
    for preopen in configuration.preopens { table.pointee.append(try Descriptor(preopen)) }
    for socket in configuration.listeningSockets {
      table.pointee.append(Descriptor(listeningSocket: socket))
    }
  }

  /// The context of another thread of the guest that `other` is of, which shares descriptors
  /// (`beginSharing`).
  package init(forThreadBeside other: WASIContext) {
    arguments = other.arguments
    environment = other.environment
    configuredStrategy = other.configuredStrategy
    first = other.first ?? other
    table = other.table
    threads = other.threads
    memory = other.memory
    trace = other.trace
    denials = other.denials
    dataBuffers = .allocate(capacity: DataTransfer.maximumBufferCount)
  }

  deinit {
    dataBuffers.deallocate()
    if first == nil {
      table.deinitialize(count: 1)
      table.deallocate()
    }
  }

  /// Who resolves paths; asked for at the first path only, for finding out costs a kernel call.
  var strategy: BeneathStrategy { configuredStrategy ?? .available }

  /// Makes what is otherwise made at its first use, for then it may be forbidden: the loop, if the
  /// guest `polls`, and the answer about who resolves paths, if it has any directory.
  package func prepareForLockDown(polls: Bool) throws(Errno) {
    if polls { _ = try eventLoop() }
    if table.pointee.hasPreopens { _ = strategy }
  }

  /// Whether the guest has a socket, be it a standard stream.
  package var hasSockets: Bool { table.pointee.hasSockets }

  /// The loop that waiting needs, made when it is first needed.
  func eventLoop() throws(Errno) -> EventLoop {
    if let madeEventLoop { return madeEventLoop }
    let eventLoop = try EventLoop()
    madeEventLoop = eventLoop
    return eventLoop
  }

  // MARK: Threads.

  /// Lets contexts of other threads share the descriptors; before functions are linked.
  package func beginSharing(_ threads: ThreadSharing) {
    self.threads = threads
    table.pointee.beginSharing(threads.holds)
  }

  /// The same function; one that holds its descriptors where threads share them.
  func threaded(_ definition: HostFunctionDefinition) -> HostFunctionDefinition {
    guard let threads else { return definition }
    let function = ThreadedFunction(definition, threads, self)
    threadedFunctions.append(function)
    var threaded = definition
    (threaded.function, threaded.environment) = function.definition
    return threaded
  }

  /// Holds descriptor `number` until the call ends; false where there is none, and true where no other
  /// thread could close it.
  func hold(_ number: UInt32) -> Bool {
    guard let threads else { return true }
    guard threads.holds.hold(number, in: table) else { return false }
    held.append(number)
    return true
  }

  /// Lets go of all that the call held.
  func releaseHeld() {
    guard let threads, !held.isEmpty else { return }
    for number in held { threads.holds.release(number, in: table) }
    held.removeAll(keepingCapacity: true)
  }
}

extension Descriptor {
  /// A standard stream with the rights that its way of being open allows; closed where it is not.
  fileprivate init(standardStream file: FileDescriptor) {
    guard let status = try? file.status(), let flags = try? file.statusFlags() else {
      self = .closed
      return
    }
    let kind = DescriptorKind(status, file)
    var rights = kind.applicableRights
    if flags.accessMode == .writeOnly { rights.subtract(.needingReadAccess) }
    if flags.accessMode == .readOnly { rights.subtract(.needingWriteAccess) }
    self.init(file: file, kind: kind, isOwned: false, rights: rights, inheritedRights: [])
  }

  fileprivate init(listeningSocket socket: FileDescriptor) {
    self.init(
      file: socket, kind: .socket, isOwned: true,
      rights: [.sockAccept, .pollReadWrite, .fdRead, .fdSetFlags, .fdGetStatus],
      inheritedRights: [])
  }

  fileprivate init(_ preopen: Preopen) throws(Errno) {
    let status = try preopen.descriptor.status()
    guard status.kind == .directory else { throw .notDirectory }
    self.init(
      file: preopen.descriptor, kind: .directory, isOwned: true, isReadOnly: preopen.isReadOnly,
      guarded: preopen.guarded,
      rights: DescriptorKind.directory.applicableRights, inheritedRights: .all,
      device: status.device, preopenedPath: preopen.guestPath)
  }
}
