// What to run and with what: all that a run depends on.

package import SystemCalls
package import WASI

/// A run, as the user asked for it.
package struct RunOptions: Equatable, Sendable {
  /// The module's path, or that of a package: its folder or its manifest. `-` is standard input.
  package var modulePath: OSString
  /// The package's command to run; nil for its entrypoint.
  package var command: String?
  /// The guest's arguments, without its name.
  package var guestArguments: [OSString] = []
  /// The guest's name for itself; nil for the module's path.
  package var programName: OSString?
  package var directories: [DirectoryGrant] = []
  /// What later ones say counts, and all of them count before the files and the inherited ones.
  package var environment: [EnvironmentGrant] = []
  /// Definitions of the package, which all others go before.
  package var packageEnvironment: [EnvironmentGrant] = []
  /// Files of variables, a definition a line.
  package var environmentFiles: [OSString] = []
  /// The guest gets all of the host's variables.
  package var inheritsEnvironment = false
  /// Where the guest finds sockets that listen.
  package var listenAddresses: [ListenAddress] = []
  package var streams = StreamRedirections()
  /// The export to call; nil for `_start`.
  package var invokedFunction: String?
  /// Modules that are linked before the program's, in this order.
  package var libraries: [PreloadedLibrary] = []
  package var compilation = CompilationOptions()
  /// Bytes that all linear memories may have together; nil for as many as the machine gives.
  package var memoryByteLimit: UInt64?
  /// Bytes of the guest's machine stack; nil for the default.
  package var stackByteCount: Int?
  /// Elements that all tables may have together; nil for no limit of the user's.
  package var tableElementLimit: UInt64?
  /// Descriptors that the guest may have at once; nil for as many as the machine gives.
  package var descriptorLimit: Int?
  /// The guest may start threads.
  package var allowsThreads = false
  /// Threads that the guest may have at once beside its first.
  package var threadLimit = RunOptions.defaultThreadLimit
  /// How long the guest may run.
  package var timeLimit: TimeLimit?
  package var sandbox = SandboxMode.strict
  /// Run the machine code of a precompiled file.
  package var allowsPrecompiled = false
  /// Where a core dump is left if the guest traps; nil for nowhere.
  package var coreDumpPath: OSString?
  /// Leave a file for a profiler.
  package var profile: ProfileFormat?
  /// Tell debuggers the functions' names.
  package var hasDebugInformation = false
  /// Tell about the guest's calls on standard error.
  package var trace: TraceMode?

  /// Each thread takes address space for its stacks, and some memory.
  package static let defaultThreadLimit = 256

  package init(modulePath: OSString) { self.modulePath = modulePath }
}

/// A module whose exports others import under a name.
package struct PreloadedLibrary: Equatable, Sendable {
  package var name: String
  package var path: OSString

  package init(name: String, path: OSString) {
    self.name = name
    self.path = path
  }
}

/// Which compilers make the code, and when.
package enum CompilerStrategy: String, CaseIterable, Sendable {
  /// The cached image where there is one; else the compilers that start soonest.
  case auto
  /// The baseline compiler only.
  case baseline
  /// Wait for LLVM, then run nothing but its code.
  case llvm
}

/// How long a run has lasted when LLVM begins to replace its functions.
package enum TierUpDelay: Equatable, Sendable {
  case milliseconds(UInt32)
  case never

  var delayNanoseconds: Int64? {
    switch self {
    case .milliseconds(let count): Int64(count) * 1_000_000
    case .never: nil
    }
  }
}

/// A directory of the host that the guest finds open.
package struct DirectoryGrant: Equatable, Sendable {
  package var hostPath: OSString
  package var guestPath: OSString
  package var isReadOnly: Bool
  /// The folder that the host's path must stay in; nil where the user named the path.
  package var confinement: Confinement?

  /// A folder, and the path of something inside it.
  package struct Confinement: Equatable, Sendable {
    package var folder: OSString
    package var path: OSString
  }

  package init(hostPath: OSString, guestPath: OSString, isReadOnly: Bool = false) {
    self.hostPath = hostPath
    self.guestPath = guestPath
    self.isReadOnly = isReadOnly
  }
}

/// A variable of the guest's environment.
package enum EnvironmentGrant: Equatable, Sendable {
  case set(name: OSString, value: OSString)
  /// The host's value, if it has one.
  case inherit(name: OSString)
}

/// A place where others can connect to.
package enum ListenAddress: Equatable, Sendable {
  /// An address in digits, and a TCP port, 0 for one that is free.
  case tcp(host: String, port: UInt16)
  /// A path of the host's, where a unix socket will be.
  case unix(path: OSString)
}

/// Files of the host's in the place of standard streams; nil where a stream passes through.
package struct StreamRedirections: Equatable, Sendable {
  package var input: OSString?
  package var output: OSString?
  package var error: OSString?

  package init() {}
}

/// A duration, as the user wrote it.
package struct TimeLimit: Equatable, Sendable {
  package var nanoseconds: UInt64
  package var text: String

  package init(nanoseconds: UInt64, text: String) {
    self.nanoseconds = nanoseconds
    self.text = text
  }
}
