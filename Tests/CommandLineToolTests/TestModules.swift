// Small modules, byte by byte, so that the tests need no tool to make them.

/// Modules to run.
enum TestModules {
  /// Exits with `status`.
  static func exiting(_ status: UInt8) -> [UInt8] {
    // A constant above 63 needs a second byte, or its sign bit is read.
    let constant = [0x41, status & 0x7F | 0x80, status >> 7]
    return module([
      types([[i32], []], [[], []]),
      section(2, [imported("wasi_snapshot_preview1", "proc_exit", type: 0)]),
      section(3, [[1]]), section(7, [exported("_start", function: 1)]),
      section(10, [body(constant + [0x10, 0])]),
    ])
  }

  /// Writes `text`, shorter than 128 bytes, to a descriptor, repeatedly without end or once; then ends,
  /// or never does.
  static func writing(
    _ text: String, to descriptor: UInt8 = 1, endlessly isEndless: Bool = false,
    thenLooping loops: Bool = false
  ) -> [UInt8] {
    let bytes = Array(text.utf8)
    // fd_write(descriptor, iovecs at 0, one of them, result at 8), until it fails.
    let write: [UInt8] = [0x41, descriptor, 0x41, 0, 0x41, 1, 0x41, 8, 0x10, 0]
    let once = write + [0x1A] + (loops ? [0x03, 0x40, 0x0C, 0, 0x0B] : [])
    let code = isEndless ? [0x03, 0x40] + write + [0x45, 0x0D, 0, 0x0B] : once
    let vector: [UInt8] = [16, 0, 0, 0, UInt8(bytes.count), 0, 0, 0]
    let content = vector + Array(repeating: 0, count: 8) + bytes
    return module([
      types([[i32, i32, i32, i32], [i32]], [[], []]),
      section(2, [imported("wasi_snapshot_preview1", "fd_write", type: 0)]),
      section(3, [[1]]), section(5, [[0, 1]]),
      section(7, [exported("_start", function: 1), exported("memory", kind: 2, 0)]),
      section(10, [body(code)]),
      section(11, [[0, 0x41, 0, 0x0B, UInt8(content.count)] + content]),
    ])
  }

  /// Traps at once. Its function has a name that steers terminals, unless it `hasNames` not.
  static func trapping(hasNames: Bool = true) -> [UInt8] {
    let names = [1, 0] + name("enter\u{1B}[m")
    let content = name("name") + [1, UInt8(names.count)] + names
    return module(
      [
        types([[], []]), section(3, [[0]]), section(7, [exported("_start", function: 0)]),
        section(10, [body([0x00])]),
      ] + (hasNames ? [section(0, content: content)] : []))
  }

  /// Never ends.
  static let looping = module([
    types([[], []]), section(3, [[0]]), section(7, [exported("_start", function: 0)]),
    section(10, [body([0x03, 0x40, 0x0C, 0, 0x0B])]),
  ])

  /// Reads a byte of standard input.
  static let reading = module([
    types([[i32, i32, i32, i32], [i32]], [[], []]),
    section(2, [imported("wasi_snapshot_preview1", "fd_read", type: 0)]),
    section(3, [[1]]), section(5, [[0, 1]]),
    section(7, [exported("_start", function: 1), exported("memory", kind: 2, 0)]),
    section(10, [body([0x41, 0, 0x41, 0, 0x41, 1, 0x41, 8, 0x10, 0, 0x1A])]),
    section(11, [[0, 0x41, 0, 0x0B, 8, 16, 0, 0, 0, 1, 0, 0, 0]]),
  ])

  /// Writes what it reads, up to 64 bytes at a time, until there is no more; traps where reading fails.
  static let echoingInput = module([
    types([[i32, i32, i32, i32], [i32]], [[], []]),
    section(
      2,
      [
        imported("wasi_snapshot_preview1", "fd_read", type: 0),
        imported("wasi_snapshot_preview1", "fd_write", type: 0),
      ]),
    section(3, [[1]]), section(5, [[0, 1]]),
    section(7, [exported("_start", function: 2), exported("memory", kind: 2, 0)]),
    section(
      10,
      [
        // The buffer for reading is listed at 0, the one for writing at 8, whose length is what
        // fd_read says.
        body(
          [0x02, 0x40, 0x03, 0x40, 0x41, 0, 0x41, 0, 0x41, 1, 0x41, 12, 0x10, 0]
            + [0x04, 0x40, 0x00, 0x0B, 0x41, 12, 0x28, 2, 0, 0x45, 0x0D, 1]
            + [0x41, 1, 0x41, 8, 0x41, 1, 0x41, 16, 0x10, 1, 0x1A, 0x0C, 0, 0x0B, 0x0B])
      ]),
    section(
      11, [[0, 0x41, 0, 0x0B, 16, 32, 0, 0, 0, 64, 0, 0, 0, 32, 0, 0, 0, 0, 0, 0, 0]]),
  ])

  /// Waits for standard input to be readable, or for half an hour.
  static func polling(forInput waitsForInput: Bool) -> [UInt8] {
    // A subscription: its type at byte 8, a descriptor at 16, or a clock at 16 and a time at 24.
    var subscription = [UInt8](repeating: 0, count: 48)
    if waitsForInput {
      subscription[8] = 1
    } else {
      // The monotonic clock, about 2^41 nanoseconds.
      subscription[16] = 1
      subscription[29] = 2
    }
    return module([
      types([[i32, i32, i32, i32], [i32]], [[], []]),
      section(2, [imported("wasi_snapshot_preview1", "poll_oneoff", type: 0)]),
      section(3, [[1]]), section(5, [[0, 1]]),
      section(7, [exported("_start", function: 1), exported("memory", kind: 2, 0)]),
      section(10, [body([0x41, 0, 0x41, 64 - 16, 0x41, 1, 0x41, 60, 0x10, 0, 0x1A])]),
      section(11, [[0, 0x41, 0, 0x0B, 48] + subscription]),
    ])
  }

  /// Accepts a connection at descriptor 3 and sends `text`, shorter than 100 bytes; traps where either
  /// fails.
  static func serving(_ text: String) -> [UInt8] {
    let bytes = Array(text.utf8)
    let trapIfNot: [UInt8] = [0x04, 0x40, 0x00, 0x0B]
    // sock_accept(3, 0, result at 12), then sock_send(that, buffers at 0, one, 0, result at 8).
    let accept: [UInt8] = [0x41, 3, 0x41, 0, 0x41, 12, 0x10, 0] + trapIfNot
    let send: [UInt8] =
      [0x41, 12, 0x28, 2, 0, 0x41, 0, 0x41, 1, 0x41, 0, 0x41, 8, 0x10, 1] + trapIfNot
    let content: [UInt8] =
      [16, 0, 0, 0, UInt8(bytes.count), 0, 0, 0] + Array(repeating: 0, count: 8) + bytes
    return module([
      types([[i32, i32, i32], [i32]], [[i32, i32, i32, i32, i32], [i32]], [[], []]),
      section(
        2,
        [
          imported("wasi_snapshot_preview1", "sock_accept", type: 0),
          imported("wasi_snapshot_preview1", "sock_send", type: 1),
        ]),
      section(3, [[2]]), section(5, [[0, 1]]),
      section(7, [exported("_start", function: 2), exported("memory", kind: 2, 0)]),
      section(10, [body(accept + send)]),
      section(11, [[0, 0x41, 0, 0x0B, UInt8(content.count)] + content]),
    ])
  }

  /// A table of ten elements; `grow` adds ten, twice, and returns the sizes before.
  static let growingTable: [UInt8] = {
    let grow: [UInt8] = [0xD0, 0x70, 0x41, 10, 0xFC, 15, 0]
    return module([
      types([[], [i32, i32]]), section(3, [[0]]), section(4, [[0x70, 0, 10]]),
      section(7, [exported("grow", function: 0)]), section(10, [body(grow + grow)]),
    ])
  }()

  /// Sets the flags of standard input to non-blocking, traps where that fails, and ends or never does.
  static func makingInputNonBlocking(thenLooping isEndless: Bool) -> [UInt8] {
    let set: [UInt8] = [0x41, 0, 0x41, 4, 0x10, 0, 0x04, 0x40, 0x00, 0x0B]
    let loop: [UInt8] = [0x03, 0x40, 0x0C, 0, 0x0B]
    return module([
      types([[i32, i32], [i32]], [[], []]),
      section(2, [imported("wasi_snapshot_preview1", "fd_fdstat_set_flags", type: 0)]),
      section(3, [[1]]), section(7, [exported("_start", function: 1)]),
      section(10, [body(set + (isEndless ? loop : []))]),
    ])
  }

  /// Raises a signal, by preview 1's number.
  static func raising(_ signal: UInt8) -> [UInt8] {
    module([
      types([[i32], [i32]], [[], []]),
      section(2, [imported("wasi_snapshot_preview1", "proc_raise", type: 0)]),
      section(3, [[1]]), section(7, [exported("_start", function: 1)]),
      section(10, [body([0x41, signal, 0x10, 0, 0x1A])]),
    ])
  }

  /// Exports `add` for i32, and `pair`, which returns its f64 and that of twice the size.
  static let library = module([
    types([[i32, i32], [i32]], [[f64], [f64, f64]]), section(3, [[0], [1]]),
    section(7, [exported("add", function: 0), exported("pair", function: 1)]),
    section(
      10, [body([0x20, 0, 0x20, 1, 0x6A]), body([0x20, 0, 0x20, 0, 0x20, 0, 0xA0])]),
  ])

  /// A library whose `_initialize` sets what `get` returns.
  static let initialized = module([
    types([[], []], [[], [i32]]), section(3, [[0], [1]]),
    section(6, [[i32, 1, 0x41, 0, 0x0B]]),
    section(7, [exported("_initialize", function: 0), exported("get", function: 1)]),
    section(10, [body([0x41, 42, 0x24, 0]), body([0x23, 0])]),
  ])

  static let importing = module([
    types([[], []]), section(2, [imported("env", "launch\u{1B}[m", type: 0)]),
    section(3, [[0]]), section(7, [exported("_start", function: 1)]), section(10, [body([])]),
  ])

  /// Its body adds without operands.
  static let invalid = module([
    types([[], []]), section(3, [[0]]), section(7, [exported("_start", function: 0)]),
    section(10, [body([0x6A, 0x1A])]),
  ])

  /// Wants more memory than any machine of today has behind one address space limit.
  static let hungry = module([
    types([[], []]), section(3, [[0]]), section(5, [[0, 0x80, 0x80, 0x04]]),
    section(7, [exported("_start", function: 0)]), section(10, [body([])]),
  ])

  static let component: [UInt8] = [0x00, 0x61, 0x73, 0x6D, 0x0D, 0x00, 0x01, 0x00]

  // MARK: Pieces.

  private static let i32: UInt8 = 0x7F
  private static let f64: UInt8 = 0x7C

  private static func module(_ sections: [[UInt8]]) -> [UInt8] {
    [0x00, 0x61, 0x73, 0x6D, 1, 0, 0, 0] + sections.joined()
  }

  private static func section(_ id: UInt8, _ items: [[UInt8]]) -> [UInt8] {
    section(id, content: [UInt8(items.count)] + items.joined())
  }

  private static func section(_ id: UInt8, content: [UInt8]) -> [UInt8] {
    precondition(content.count < 1 << 14, "two bytes hold the size")
    return [id, UInt8(content.count & 0x7F) | 0x80, UInt8(content.count >> 7)] + content
  }

  private static func types(_ types: [[UInt8]]...) -> [UInt8] {
    section(1, types.map { [0x60] + $0.flatMap { [UInt8($0.count)] + $0 } })
  }

  private static func name(_ text: String) -> [UInt8] {
    [UInt8(text.utf8.count)] + Array(text.utf8)
  }

  private static func imported(_ module: String, _ field: String, type: UInt8) -> [UInt8] {
    name(module) + name(field) + [0, type]
  }

  private static func exported(_ text: String, function: UInt8) -> [UInt8] {
    exported(text, kind: 0, function)
  }

  private static func exported(_ text: String, kind: UInt8, _ index: UInt8) -> [UInt8] {
    name(text) + [kind, index]
  }

  private static func body(_ code: [UInt8]) -> [UInt8] {
    [UInt8(code.count + 2), 0] + code + [0x0B]
  }
}
