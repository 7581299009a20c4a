// Files that stand in for a guest's standard streams.

import SystemCalls

/// The files, open for the rest of the process's life: the guest has them without owning them, as it
/// has the streams that pass through.
struct OpenedStreams {
  let input: FileDescriptor?
  let output: FileDescriptor?
  let error: FileDescriptor?

  /// Opens them; names the one that cannot be opened. Two streams of one path are one open file, so
  /// that neither writes over the other's text.
  init(_ redirections: StreamRedirections) throws(RunnerError) {
    input = try Self.open(redirections.input, .readOnly, "input")
    output = try Self.open(redirections.output, Self.writing, "output")
    error =
      redirections.error == redirections.output
      ? output : try Self.open(redirections.error, Self.writing, "error")
  }

  private static let writing: OpenFlags = [.writeOnly, .create, .truncate]

  private static func open(
    _ path: OSString?, _ flags: OpenFlags, _ stream: String
  ) throws(RunnerError) -> FileDescriptor? {
    guard let path else { return nil }
    do throws(Errno) {
      let file = try FileDescriptor.currentDirectory.open(path.cString, flags)
      if try file.descriptor.status().kind == .directory { throw .isDirectory }
      return file.take()
    } catch {
      throw RunnerError(
        error == .noSuchFileOrDirectory ? .notFound : .failed,
        "cannot open '\(path)' as the program's standard \(stream)", "\(error)")
    }
  }
}
