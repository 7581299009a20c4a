// Telling why a guest was denied a file, and which grant would have allowed it.
//
// Only a run that wants notes has these between the guest and its functions: all others pay nothing.

internal import CompilerInterface
internal import Synchronization
internal import SystemCalls

/// Watches the functions of one guest that grants decide about. Lives as long as the store that they
/// are linked into. Threads may use it at the same time.
package final class DenialNotes {
  private let changing = Mutex(())
  private let tell: (String) -> Void
  private var told: Set<String> = []
  private var functions: [NotedFunction] = []

  /// Different notes that are told; a guest can make as many as it likes.
  private static let limit = 100

  /// Hands each note to `tell`, once.
  package init(_ tell: @escaping (String) -> Void) { self.tell = tell }

  /// The same function, watched; itself where no grant decides about it.
  func noted(
    _ definition: HostFunctionDefinition, _ context: WASIContext
  ) -> HostFunctionDefinition {
    guard definition.name.hasPrefix("path_") || definition.name == "fd_filestat_set_times" else {
      return definition
    }
    let function = NotedFunction(definition, self, context)
    changing.withLock { _ in functions.append(function) }
    var noted = definition
    noted.environment = Unmanaged.passUnretained(function).toOpaque()
    noted.function = { environment, slots in
      Unmanaged<NotedFunction>.fromOpaque(environment!).takeUnretainedValue().call(slots)
    }
    return noted
  }

  func note(_ text: String) {
    changing.withLock { _ in
      guard told.count < Self.limit, told.insert(text).inserted else { return }
      tell(text)
    }
  }
}

/// A function that is watched.
private final class NotedFunction {
  private let name: String
  private let function: HostFunctionPointer
  private let environment: UnsafeMutableRawPointer?
  /// Where the arguments have the directories, and the paths that are relative to them; nil for a
  /// descriptor by itself.
  private let places: [(directory: Int, path: Int?)]
  private unowned let notes: DenialNotes
  private unowned let context: WASIContext

  init(_ definition: HostFunctionDefinition, _ notes: DenialNotes, _ context: WASIContext) {
    name = definition.name
    function = definition.function
    environment = definition.environment
    places = Self.places(in: TraceFormat.letters(of: definition.name))
    self.notes = notes
    self.context = context
  }

  /// A path belongs to the descriptor before it; the first one of path_symlink to none.
  private static func places(in letters: String) -> [(directory: Int, path: Int?)] {
    var places: [(directory: Int, path: Int?)] = []
    var slot = 0
    for letter in letters {
      switch letter {
      case "n": places.append((slot, nil))
      case "p":
        if !places.isEmpty { places[places.count - 1].path = slot }
        slot += 1
      default: break
      }
      slot += 1
    }
    return places
  }

  func call(_ slots: UnsafeMutablePointer<UInt64>) -> Int32 {
    // The result takes the first argument's place.
    let first = slots[0]
    let status = function(environment, slots)
    let error = WASIErrno(rawValue: UInt16(truncatingIfNeeded: slots[0]))
    if error == .notCapable || error == .accessDenied || error == .readOnlyFileSystem {
      explain(context.lastError, first, slots)
    }
    return status
  }

  private func explain(
    _ error: Errno?, _ first: UInt64, _ slots: UnsafeMutablePointer<UInt64>
  ) {
    func argument(_ slot: Int) -> UInt64 { slot == 0 ? first : slots[slot] }
    for place in places {
      let number = UInt32(truncatingIfNeeded: argument(place.directory))
      guard let descriptor = try? context.table.pointee.descriptor(number) else { continue }
      let path = place.path.flatMap {
        bytes(at: argument($0), UInt32(truncatingIfNeeded: argument($0 + 1)))
      }
      let what = "denied: \(name)" + (path.map { " of '\(OSString(bytes: $0))'" } ?? "")
      switch error {
      case .outsideOfGrant:
        noteEscape(what, path ?? [], number, changes: changes(slots))
      case .readOnlyFileSystem where descriptor.isReadOnly:
        let folder = (try? directory(number))?.hostPath?.description
        notes.note("\(what): it is granted by --ro-dir\(at(folder)); --dir would allow changes")
      case .avoidedDirectory:
        notes.note("\(what): the code cache is kept from programs, whatever is granted")
      case .machineFile:
        notes.note(
          "\(what): devices and the kernel's own file systems are kept from programs, whatever is "
            + "granted")
      default: continue
      }
    }
  }

  private func at(_ folder: String?) -> String { folder.map { " ('\($0)')" } ?? "" }

  private func noteEscape(_ what: String, _ path: [UInt8], _ number: UInt32, changes: Bool) {
    guard let directory = try? directory(number),
      let target = directory.target(ofDenied: path)
    else { return }
    let isFolder =
      (try? FileDescriptor.currentDirectory.status(of: target.cString, following: true))?.kind
      == .directory
    var folder = target
    if !isFolder, let slash = target.bytes.lastIndex(of: UInt8(ascii: "/")) {
      folder = OSString(bytes: target.bytes[..<max(slash, 1)])
    }
    let option = changes ? "--dir" : "--ro-dir"
    notes.note(
      "\(what): it leads to '\(target)', outside of its folder\(at(directory.hostPath?.description));"
        + " \(option) '\(folder)' would grant that place, under that name")
  }

  private func directory(_ number: UInt32) throws(Errno) -> GrantedDirectory {
    let descriptor = try context.table.pointee.descriptor(number)
    // Finding the strategy out is forbidden to a process that has no folder.
    guard descriptor.kind == .directory else { throw .notDirectory }
    return GrantedDirectory(
      file: descriptor.file, device: descriptor.device, isReadOnly: descriptor.isReadOnly,
      strategy: context.strategy, guarded: descriptor.guarded)
  }

  /// Whether the call would have changed something.
  private func changes(_ slots: UnsafeMutablePointer<UInt64>) -> Bool {
    switch name {
    case "path_filestat_get", "path_readlink": return false
    case "path_open":
      let how = PathOpenFlags(rawValue: UInt16(truncatingIfNeeded: slots[4]))
      return !how.isDisjoint(with: [.create, .truncate])
        || !Rights(rawValue: slots[5]).isDisjoint(with: .needingWriteAccess)
    default: return true
    }
  }

  private func bytes(at address: UInt64, _ count: UInt32) -> [UInt8]? {
    context.memory?.bytes(
      at: UInt32(truncatingIfNeeded: address), count: min(Int(count), GuestPath.capacity)
    ).map(Array.init)
  }
}
