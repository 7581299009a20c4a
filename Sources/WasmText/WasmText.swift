// The text format of WebAssembly: from text to a module's bytes.

/// Parses the text format. Spec: core 3.0 §6.
///
/// All of WebAssembly 3.0, with threads, legacy exceptions, wide arithmetic and custom page sizes.
/// What comes out has the binary format; whether it is valid is for the validator to say.
package enum WasmText {
  /// The module that `text` is, in the binary format. Its name section holds the identifiers.
  package static func module(
    from text: UnsafeRawBufferPointer
  ) throws(TextError) -> [UInt8] {
    do throws(SourceError) {
      return try ModuleParser.parse(text)
    } catch {
      throw TextError(error, in: text)
    }
  }

  /// Whether a file is meant to be text: it begins, maybe after spaces, with a parenthesis or a
  /// comment. No binary module does.
  package static func isText(_ bytes: UnsafeRawBufferPointer) -> Bool {
    let first = bytes.first { byte in
      byte != UInt8(ascii: " ") && byte != UInt8(ascii: "\t") && byte != UInt8(ascii: "\n")
        && byte != UInt8(ascii: "\r")
    }
    return first == UInt8(ascii: "(") || first == UInt8(ascii: ";")
  }
}
