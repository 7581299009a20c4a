// What a guest was granted, opened: folders, sockets, variables.

import Sandbox
import SystemCalls
import WASI

/// A run's grants, ready to be handed to the guest.
struct OpenedGrants {
  private var preopens: [Preopen] = []
  private var sockets: [FileDescriptor] = []
  private let streams: OpenedStreams
  private let environment: [OSString]

  /// Opens all; names the grant that cannot be had.
  init(_ options: RunOptions, _ observer: any RunnerObserver) throws(RunnerError) {
    for grant in options.directories { preopens.append(try Self.open(grant)) }
    try Self.guardCache(in: &preopens)
    for address in options.listenAddresses {
      sockets.append(try Self.listen(at: address, observer))
    }
    environment = try GuestEnvironment(options).definitions
    streams = try OpenedStreams(options.streams)
  }

  private static func open(_ grant: DirectoryGrant) throws(RunnerError) -> Preopen {
    do throws(Errno) {
      if let place = grant.confinement {
        return try Preopen.open(
          place.path.cString, inside: place.folder.cString, guestPath: grant.guestPath,
          isReadOnly: grant.isReadOnly)
      }
      return try Preopen.open(
        hostPath: grant.hostPath.cString, guestPath: grant.guestPath, isReadOnly: grant.isReadOnly)
    } catch {
      throw .failed("cannot grant the folder '\(grant.hostPath)'", error)
    }
  }

  private static func listen(
    at address: ListenAddress, _ observer: any RunnerObserver
  ) throws(RunnerError) -> FileDescriptor {
    do throws(Errno) {
      switch address {
      case .tcp(let host, let port):
        let socket = try FileDescriptor.listen(host: host, port: port)
        if observer.wantsNotes {
          observer.note("listening on \(host), port \(try socket.descriptor.socketPort())")
        }
        return socket.take()
      case .unix(let path):
        let socket = try FileDescriptor.listen(path: path.cString)
        observer.noteIfWanted("listening on the unix socket '\(path)'")
        return socket.take()
      }
    } catch {
      throw RunnerError(.failed, "cannot listen on \(address)", "\(error)")
    }
  }

  func makeContext(
    _ options: RunOptions, _ observer: any RunnerObserver
  ) throws(RunnerError) -> WASIContext {
    var configuration = WASIConfiguration()
    configuration.arguments =
      [options.programName ?? options.modulePath]
      + (options.invokedFunction == nil ? options.guestArguments : [])
    configuration.environment = environment
    configuration.preopens = preopens
    configuration.listeningSockets = sockets
    if let input = streams.input { configuration.standardInput = input }
    if let output = streams.output { configuration.standardOutput = output }
    if let error = streams.error { configuration.standardError = error }
    if let limit = options.descriptorLimit {
      try checkDescriptorLimit(limit)
      configuration.maximumDescriptorCount = limit
    }
    do throws(Errno) {
      let context = try WASIContext(configuration)
      if let mode = options.trace { context.trace = CallTrace(mode) }
      if observer.wantsNotes { context.denials = DenialNotes { observer.note($0) } }
      return context
    } catch {
      throw RunnerError(.failed, "cannot set up the guest's descriptors", "\(error)")
    }
  }

  /// Throws where a program would start with more than the limit.
  private func checkDescriptorLimit(_ limit: Int) throws(RunnerError) {
    let count = 3 + preopens.count + sockets.count
    guard count > limit else { return }
    throw RunnerError(
      .failed, "cannot start the program with at most \(limit) open files",
      "its streams, folders and sockets are \(count)")
  }

  func policy(_ options: RunOptions, _ context: WASIContext) -> SandboxPolicy {
    var grants = options.sandboxGrants
    for index in preopens.indices {
      grants.directories[index].descriptor = preopens[index].descriptor
    }
    grants.hasSockets = context.hasSockets
    return .runner(grants)
  }
}

extension ListenAddress: CustomStringConvertible {
  package var description: String {
    switch self {
    case .tcp(let host, let port): "\(host), port \(port)"
    case .unix(let path): "the unix socket '\(path)'"
    }
  }
}

extension TimeLimit {
  /// Lets the process end when the limit is over, with the status of timeout(1).
  func start(_ path: OSString) throws(RunnerError) {
    let message = "wasmrun: '\(escaped(path.description))' ran longer than \(text)\n"
    do throws(Errno) {
      try CurrentProcess.end(
        afterNanoseconds: nanoseconds, message: message, status: Self.exitStatus)
    } catch {
      throw RunnerError(.failed, "cannot limit the program's time", "\(error)")
    }
  }

  package static let exitStatus: Int32 = 124
}
