// How the arguments and results of each function are shown.

internal import CompilerInterface
internal import SystemCalls

/// The shape of a function's arguments, a letter each:
///
///     n N S   an i32, an i64, an i64 with its sign      x X   flags of 32 and 64 bits
///     p       a path: address and length                b     a buffer: address and length
///     v       buffers: address of their list, count     c w   a clock; where a seek counts from
///     o O     where a result of 32 or 64 bits goes      _     an address that is not shown
struct TraceFormat {
  private let letters: StaticString

  /// A call's arguments in words, and where its results will be.
  struct Text {
    var shown = ""
    var resultAddresses: [(address: UInt32, isWide: Bool)] = []
  }

  init(of name: String) {
    letters = Self.table.first { $0.name.description == name }?.letters ?? ""
  }

  static func letters(of name: String) -> String { TraceFormat(of: name).letters.description }

  func arguments(_ slots: UnsafeMutablePointer<UInt64>, _ memory: GuestMemory?) -> Text {
    var text = Text()
    var shown: [String] = []
    var slot = 0
    let i32 = { UInt32(truncatingIfNeeded: slots[slot]) }
    for letter in UnsafeBufferPointer(
      start: letters.utf8Start, count: letters.utf8CodeUnitCount)
    {
      switch letter {
      case UInt8(ascii: "n"): shown.append("\(i32())")
      case UInt8(ascii: "N"): shown.append("\(slots[slot])")
      case UInt8(ascii: "S"): shown.append("\(Int64(bitPattern: slots[slot]))")
      case UInt8(ascii: "x"): shown.append("0x" + String(i32(), radix: 16))
      case UInt8(ascii: "X"): shown.append("0x" + String(slots[slot], radix: 16))
      case UInt8(ascii: "c"): shown.append(Self.choice(i32(), Self.clocks))
      case UInt8(ascii: "w"): shown.append(Self.choice(i32(), Self.origins))
      case UInt8(ascii: "p"):
        shown.append(Self.path(at: i32(), UInt32(truncatingIfNeeded: slots[slot + 1]), memory))
        slot += 1
      case UInt8(ascii: "b"):
        shown.append("[\(UInt32(truncatingIfNeeded: slots[slot + 1])) bytes]")
        slot += 1
      case UInt8(ascii: "v"):
        shown.append(Self.vectors(at: i32(), UInt32(truncatingIfNeeded: slots[slot + 1]), memory))
        slot += 1
      case UInt8(ascii: "o"): text.resultAddresses.append((i32(), false))
      case UInt8(ascii: "O"): text.resultAddresses.append((i32(), true))
      default: break
      }
      slot += 1
    }
    text.shown = shown.joined(separator: ", ")
    return text
  }

  /// What a call that succeeded left in memory; `0` where that is nothing.
  func results(
    _ addresses: [(address: UInt32, isWide: Bool)], _ memory: GuestMemory?
  ) -> String {
    let values = addresses.map { address, isWide in
      guard let bytes = memory?.bytes(at: address, count: isWide ? 8 : 4) else { return "?" }
      return isWide
        ? "\(bytes.field(UInt64.self, at: 0))" : "\(bytes.field(UInt32.self, at: 0))"
    }
    return values.isEmpty ? "0" : values.joined(separator: ", ")
  }

  private static let clocks: [StaticString] = ["realtime", "monotonic", "process", "thread"]
  private static let origins: [StaticString] = ["set", "cur", "end"]

  private static func choice(_ number: UInt32, _ names: [StaticString]) -> String {
    number < names.count ? "\(names[Int(number)])" : "\(number)"
  }

  /// At most so many bytes of a path are shown, and so many buffers added up.
  private static let limit: UInt32 = 1_024

  private static func path(at address: UInt32, _ count: UInt32, _ memory: GuestMemory?) -> String {
    guard let bytes = memory?.bytes(at: address, count: Int(min(count, limit))) else { return "?" }
    let text = escaped(String(decoding: bytes, as: UTF8.self))
    return count > limit ? "\"\(text)\"..." : "\"\(text)\""
  }

  private static func vectors(
    at address: UInt32, _ count: UInt32, _ memory: GuestMemory?
  ) -> String {
    guard let list = memory?.bytes(at: address, count: Int(min(count, limit)) * 8) else {
      return "?"
    }
    var byteCount: UInt64 = 0
    for index in 0..<Int(min(count, limit)) {
      byteCount += UInt64(list.field(UInt32.self, at: index * 8 + 4))
    }
    return "[\(byteCount) bytes]"
  }

  private static let table: [(name: StaticString, letters: StaticString)] = [
    ("args_get", "__"), ("args_sizes_get", "oo"), ("environ_get", "__"),
    ("environ_sizes_get", "oo"), ("clock_time_get", "cNO"), ("clock_res_get", "cO"),
    ("fd_read", "nvo"), ("fd_write", "nvo"), ("fd_pread", "nvNo"), ("fd_pwrite", "nvNo"),
    ("fd_fdstat_get", "n_"), ("fd_fdstat_set_flags", "nx"), ("fd_fdstat_set_rights", "nXX"),
    ("fd_filestat_get", "n_"), ("fd_filestat_set_size", "nN"), ("fd_filestat_set_times", "nNNx"),
    ("fd_close", "n"), ("fd_renumber", "nn"), ("fd_seek", "nSwO"), ("fd_tell", "nO"),
    ("fd_sync", "n"), ("fd_datasync", "n"), ("fd_allocate", "nNN"), ("fd_advise", "nNNn"),
    ("fd_prestat_get", "n_"), ("fd_prestat_dir_name", "nb"), ("fd_readdir", "nbNo"),
    ("path_open", "nxpxXXxo"), ("path_create_directory", "np"), ("path_remove_directory", "np"),
    ("path_unlink_file", "np"), ("path_rename", "npnp"), ("path_filestat_get", "nxp_"),
    ("path_filestat_set_times", "nxpNNx"), ("path_link", "nxpnp"), ("path_symlink", "pnp"),
    ("path_readlink", "npbo"), ("poll_oneoff", "__no"), ("proc_exit", "n"), ("proc_raise", "n"),
    ("sched_yield", ""), ("random_get", "b"), ("sock_accept", "nxo"), ("sock_recv", "nvxo_"),
    ("sock_send", "nvxo"), ("sock_shutdown", "nx"),
  ]
}

extension WASIErrno {
  /// The name that preview 1 gives an error number, such as `noent`.
  static func name(of number: UInt16) -> String {
    number < names.count ? "\(names[Int(number)])" : "error \(number)"
  }

  private static let names: [StaticString] = [
    "success", "2big", "acces", "addrinuse", "addrnotavail", "afnosupport", "again", "already",
    "badf", "badmsg", "busy", "canceled", "child", "connaborted", "connrefused", "connreset",
    "deadlk", "destaddrreq", "dom", "dquot", "exist", "fault", "fbig", "hostunreach", "idrm",
    "ilseq", "inprogress", "intr", "inval", "io", "isconn", "isdir", "loop", "mfile", "mlink",
    "msgsize", "multihop", "nametoolong", "netdown", "netreset", "netunreach", "nfile", "nobufs",
    "nodev", "noent", "noexec", "nolck", "nolink", "nomem", "nomsg", "noprotoopt", "nospc",
    "nosys", "notconn", "notdir", "notempty", "notrecoverable", "notsock", "notsup", "notty",
    "nxio", "overflow", "ownerdead", "perm", "pipe", "proto", "protonosupport", "prototype",
    "range", "rofs", "spipe", "srch", "stale", "timedout", "txtbsy", "xdev", "notcapable",
  ]
}
