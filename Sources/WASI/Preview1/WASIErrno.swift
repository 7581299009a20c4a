// The error numbers that guests see.

internal import SystemCalls

/// An error number of preview 1. WASI preview1 `errno`.
struct WASIErrno: RawRepresentable, Hashable {
  let rawValue: UInt16

  static let success = WASIErrno(rawValue: 0)
  static let accessDenied = WASIErrno(rawValue: 2)
  static let badFileDescriptor = WASIErrno(rawValue: 8)
  static let inputOutput = WASIErrno(rawValue: 29)
  static let readOnlyFileSystem = WASIErrno(rawValue: 69)
  static let notCapable = WASIErrno(rawValue: 76)

  /// The number that stands for a host's error; `io` where preview 1 has none.
  init(_ error: Errno) {
    switch error {
    case .notCapable, .outsideOfGrant: self = .notCapable
    case .avoidedDirectory, .machineFile: self = .accessDenied
    default:
      let index = Self.linuxNumbers.firstIndex(of: error.rawValue)
      self = index.map { WASIErrno(rawValue: UInt16($0)) } ?? .inputOutput
    }
  }

  init(rawValue: UInt16) { self.rawValue = rawValue }

  /// Linux's number of each error, in preview 1's order, which is that of the names. Preview 1's
  /// `notsup` is 58; Linux has one number for it and for EOPNOTSUPP.
  private static let linuxNumbers: [Int32] = [
    0,  // success
    7, 13, 98, 99, 97,  // 2BIG ACCES ADDRINUSE ADDRNOTAVAIL AFNOSUPPORT
    11, 114, 9, 74, 16,  // AGAIN ALREADY BADF BADMSG BUSY
    125, 10, 103, 111, 104,  // CANCELED CHILD CONNABORTED CONNREFUSED CONNRESET
    35, 89, 33, 122, 17,  // DEADLK DESTADDRREQ DOM DQUOT EXIST
    14, 27, 113, 43, 84,  // FAULT FBIG HOSTUNREACH IDRM ILSEQ
    115, 4, 22, 5, 106,  // INPROGRESS INTR INVAL IO ISCONN
    21, 40, 24, 31, 90,  // ISDIR LOOP MFILE MLINK MSGSIZE
    72, 36, 100, 102, 101,  // MULTIHOP NAMETOOLONG NETDOWN NETRESET NETUNREACH
    23, 105, 19, 2, 8,  // NFILE NOBUFS NODEV NOENT NOEXEC
    37, 67, 12, 42, 92,  // NOLCK NOLINK NOMEM NOMSG NOPROTOOPT
    28, 38, 107, 20, 39,  // NOSPC NOSYS NOTCONN NOTDIR NOTEMPTY
    131, 88, 95, 25, 6,  // NOTRECOVERABLE NOTSOCK NOTSUP NOTTY NXIO
    75, 130, 1, 32, 71,  // OVERFLOW OWNERDEAD PERM PIPE PROTO
    93, 91, 34, 30, 29,  // PROTONOSUPPORT PROTOTYPE RANGE ROFS SPIPE
    3, 116, 110, 26, 18,  // SRCH STALE TIMEDOUT TXTBSY XDEV
  ]
}
