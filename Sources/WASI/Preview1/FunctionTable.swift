// All functions of preview 1, by name.

package import CompilerInterface
internal import WasmModule

/// Holds the functions, family by family in the other files of this folder.
enum Preview1 {
  /// What a host function is called with: the context, unretained.
  typealias Environment = UnsafeMutableRawPointer?
  /// Where the arguments are, and the result will be.
  typealias Slots = UnsafeMutablePointer<UInt64>
}

/// A function of preview 1 as the table lists it.
struct Preview1Function {
  var name: StaticString
  /// The parameters, a letter each: `i` for i32, `I` for i64.
  var parameters: StaticString
  /// All but `proc_exit` return an error number, an i32.
  var hasResult: Bool
  var pointer: HostFunctionPointer

  init(
    _ name: StaticString, _ parameters: StaticString, hasResult: Bool = true,
    _ pointer: @escaping HostFunctionPointer
  ) {
    self.name = name
    self.parameters = parameters
    self.hasResult = hasResult
    self.pointer = pointer
  }

  var type: FunctionType {
    let letters = UnsafeBufferPointer(
      start: parameters.utf8Start, count: parameters.utf8CodeUnitCount)
    return FunctionType(
      parameters: letters.map { $0 == UInt8(ascii: "I") ? .i64 : .i32 },
      results: hasResult ? [.i32] : [])
  }

  func isNamed(_ other: UnsafeBufferPointer<UInt8>) -> Bool {
    other.elementsEqual(
      UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
  }

  /// The functions of `wasi_snapshot_preview1`. An inline array, for it needs nothing at run time:
  /// an array's storage costs a start 10 µs, which is a function's worth of everything else.
  static let snapshot: InlineArray<46, Preview1Function> = [
    Preview1Function("args_get", "ii") { Preview1.argsGet($0, $1) },
    Preview1Function("args_sizes_get", "ii") { Preview1.argsSizesGet($0, $1) },
    Preview1Function("environ_get", "ii") { Preview1.environGet($0, $1) },
    Preview1Function("environ_sizes_get", "ii") { Preview1.environSizesGet($0, $1) },
    Preview1Function("clock_time_get", "iIi") { Preview1.clockTimeGet($0, $1) },
    Preview1Function("clock_res_get", "ii") { Preview1.clockResGet($0, $1) },
    Preview1Function("fd_read", "iiii") { Preview1.fdRead($0, $1) },
    Preview1Function("fd_write", "iiii") { Preview1.fdWrite($0, $1) },
    Preview1Function("fd_pread", "iiiIi") { Preview1.fdPread($0, $1) },
    Preview1Function("fd_pwrite", "iiiIi") { Preview1.fdPwrite($0, $1) },
    Preview1Function("fd_fdstat_get", "ii") { Preview1.fdFdstatGet($0, $1) },
    Preview1Function("fd_fdstat_set_flags", "ii") { Preview1.fdFdstatSetFlags($0, $1) },
    Preview1Function("fd_fdstat_set_rights", "iII") { Preview1.fdFdstatSetRights($0, $1) },
    Preview1Function("fd_filestat_get", "ii") { Preview1.fdFilestatGet($0, $1) },
    Preview1Function("fd_filestat_set_size", "iI") { Preview1.fdFilestatSetSize($0, $1) },
    Preview1Function("fd_filestat_set_times", "iIIi") { Preview1.fdFilestatSetTimes($0, $1) },
    Preview1Function("fd_close", "i") { Preview1.fdClose($0, $1) },
    Preview1Function("fd_renumber", "ii") { Preview1.fdRenumber($0, $1) },
    Preview1Function("fd_seek", "iIii") { Preview1.fdSeek($0, $1) },
    Preview1Function("fd_tell", "ii") { Preview1.fdTell($0, $1) },
    Preview1Function("fd_sync", "i") { Preview1.fdSync($0, $1) },
    Preview1Function("fd_datasync", "i") { Preview1.fdDatasync($0, $1) },
    Preview1Function("fd_allocate", "iII") { Preview1.fdAllocate($0, $1) },
    Preview1Function("fd_advise", "iIIi") { Preview1.fdAdvise($0, $1) },
    Preview1Function("fd_prestat_get", "ii") { Preview1.fdPrestatGet($0, $1) },
    Preview1Function("fd_prestat_dir_name", "iii") { Preview1.fdPrestatDirName($0, $1) },
    Preview1Function("fd_readdir", "iiiIi") { Preview1.fdReaddir($0, $1) },
    Preview1Function("path_open", "iiiiiIIii") { Preview1.pathOpen($0, $1) },
    Preview1Function("path_create_directory", "iii") { Preview1.pathCreateDirectory($0, $1) },
    Preview1Function("path_remove_directory", "iii") { Preview1.pathRemoveDirectory($0, $1) },
    Preview1Function("path_unlink_file", "iii") { Preview1.pathUnlinkFile($0, $1) },
    Preview1Function("path_rename", "iiiiii") { Preview1.pathRename($0, $1) },
    Preview1Function("path_filestat_get", "iiiii") { Preview1.pathFilestatGet($0, $1) },
    Preview1Function("path_filestat_set_times", "iiiiIIi") {
      Preview1.pathFilestatSetTimes($0, $1)
    },
    Preview1Function("path_link", "iiiiiii") { Preview1.pathLink($0, $1) },
    Preview1Function("path_symlink", "iiiii") { Preview1.pathSymlink($0, $1) },
    Preview1Function("path_readlink", "iiiiii") { Preview1.pathReadlink($0, $1) },
    Preview1Function("poll_oneoff", "iiii") { Preview1.pollOneoff($0, $1) },
    Preview1Function("proc_exit", "i", hasResult: false) { Preview1.procExit($0, $1) },
    Preview1Function("proc_raise", "i") { Preview1.procRaise($0, $1) },
    Preview1Function("sched_yield", "") { Preview1.schedYield($0, $1) },
    Preview1Function("random_get", "ii") { Preview1.randomGet($0, $1) },
    Preview1Function("sock_accept", "iii") { Preview1.sockAccept($0, $1) },
    Preview1Function("sock_recv", "iiiiii") { Preview1.sockRecv($0, $1) },
    Preview1Function("sock_send", "iiiii") { Preview1.sockSend($0, $1) },
    Preview1Function("sock_shutdown", "ii") { Preview1.sockShutdown($0, $1) },
  ]

  /// Those that differ in `wasi_unstable`.
  static let unstable: InlineArray<4, Preview1Function> = [
    Preview1Function("fd_seek", "iIii") { Preview1.fdSeekUnstable($0, $1) },
    Preview1Function("fd_filestat_get", "ii") { Preview1.fdFilestatGetUnstable($0, $1) },
    Preview1Function("path_filestat_get", "iiiii") { Preview1.pathFilestatGetUnstable($0, $1) },
    Preview1Function("poll_oneoff", "iiii") { Preview1.pollOneoffUnstable($0, $1) },
  ]
}

/// The names under which modules import preview 1.
private enum Preview1Module {
  case snapshot
  /// The older one, with other numbers for whence, and other layouts of file status and
  /// subscriptions; everything else is the same.
  case unstable

  init?(named name: String) {
    switch name {
    case "wasi_snapshot_preview1": self = .snapshot
    case "wasi_unstable": self = .unstable
    default: return nil
    }
  }

  /// The function of a name, whose bytes are in memory for a quick comparison.
  func function(named name: UnsafeBufferPointer<UInt8>) -> Preview1Function? {
    if self == .unstable {
      // It came after the older one was frozen.
      if name.elementsEqual("sock_accept".utf8) { return nil }
      for index in Preview1Function.unstable.indices {
        let function = Preview1Function.unstable[index]
        if function.isNamed(name) { return function }
      }
    }
    for index in Preview1Function.snapshot.indices {
      let function = Preview1Function.snapshot[index]
      if function.isNamed(name) { return function }
    }
    return nil
  }
}

extension WASIContext {
  /// The function that a module imports under these names; nil where preview 1 has none. It holds
  /// the context unretained.
  package func function(named name: String, module: String) -> HostFunctionDefinition? {
    var bytes = name
    guard let version = Preview1Module(named: module),
      let function = bytes.withUTF8({ version.function(named: $0) })
    else { return nil }
    var definition = HostFunctionDefinition(
      module: module, name: name, type: function.type, function: function.pointer,
      environment: Unmanaged.passUnretained(self).toOpaque())
    if let denials { definition = denials.noted(definition, self) }
    return threaded(trace?.traced(definition, self) ?? definition)
  }

  /// All functions of a module; none where preview 1 does not go by that name.
  package func functions(module: String) -> [HostFunctionDefinition] {
    Preview1Function.snapshot.indices.compactMap {
      function(named: Preview1Function.snapshot[$0].name.description, module: module)
    }
  }
}
