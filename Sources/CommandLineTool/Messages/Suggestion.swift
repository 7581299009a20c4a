// "Did you mean", for what was taken for a module and is none.

import StructuredText
import SystemCalls

/// A hint where the module at `path` does not exist; nil where nothing is near.
///
/// The first word of a command line may have been meant as a command. Else a file of the same folder
/// may have been meant.
func suggestion(forMissing path: OSString) -> String? {
  guard let text = path.text else { return nil }
  let (folder, name) = split(text)
  if folder == nil, let command = nearestCommand(to: name) {
    // Only the first word of all is a command.
    return command == name
      ? "to run the command '\(command)', put it before all options"
      : "did you mean the command '\(command)'?"
  }
  guard let near = nearestWord(to: name, among: modules(in: folder ?? ".")), near != name else {
    return nil
  }
  return "did you mean '\((folder.map { $0 == "/" ? "/" : $0 + "/" } ?? "") + near)'?"
}

/// The command that `word` was probably meant to be; nil where none is near.
func nearestCommand(to word: String) -> String? {
  nearestWord(to: word, among: CommandName.allCases.map(\.rawValue))
}

/// A path's folder, nil for the current one, and the name in it.
private func split(_ path: String) -> (folder: String?, name: String) {
  guard let slash = path.lastIndex(of: "/") else { return (nil, path) }
  let folder = path[..<slash]
  return (folder.isEmpty ? "/" : String(folder), String(path[path.index(after: slash)...]))
}

/// The modules in a folder, by their names' ends; the first thousands of entries of it.
private func modules(in folder: String) -> [String] {
  var names: [String] = []
  do throws(Errno) {
    let directory = try FileDescriptor.currentDirectory.open(
      OSString(folder).cString, [.readOnly, .directory])
    var stream = DirectoryStream(directory)
    var count = 0
    while count < 5_000, let entry = try stream.next() {
      count += 1
      let name = String(decoding: entry.name, as: UTF8.self)
      if name.hasSuffix(".wasm") || name.hasSuffix(".wat") { names.append(name) }
    }
  } catch {
    return names
  }
  return names
}
