// What the tests of the text format have in common.

import Testing

@testable import WasmText

/// The module that `text` is.
func module(_ text: String) throws(TextError) -> [UInt8] {
  var text = text
  let result = text.withUTF8 { bytes in
    Result { () throws(TextError) in try WasmText.module(from: UnsafeRawBufferPointer(bytes)) }
  }
  return try result.get()
}

/// The error that `text` is refused with; nil where it is accepted.
func refusal(of text: String) -> TextError? {
  do throws(TextError) {
    _ = try module(text)
    return nil
  } catch {
    return error
  }
}

/// The module's sections by id, custom ones left out.
func sections(_ text: String) throws -> [UInt8: [UInt8]] {
  let module = try module(text)
  var sections: [UInt8: [UInt8]] = [:]
  var place = 8
  while place < module.count {
    let id = module[place]
    place += 1
    let size = Int(try #require(unsigned(module, &place)))
    if id != 0 { sections[id] = Array(module[place..<place + size]) }
    place += size
  }
  return sections
}

/// The custom sections with their names, in order.
func customSections(_ text: String) throws -> [(name: String, content: [UInt8])] {
  let module = try module(text)
  var sections: [(String, [UInt8])] = []
  var place = 8
  while place < module.count {
    let id = module[place]
    place += 1
    let size = Int(try #require(unsigned(module, &place)))
    let end = place + size
    if id == 0 {
      let length = Int(try #require(unsigned(module, &place)))
      let name = String(decoding: module[place..<place + length], as: UTF8.self)
      sections.append((name, Array(module[(place + length)..<end])))
    }
    place = end
  }
  return sections
}

/// The code of the only function of `(module <fields> (func <function>))`, without size and locals
/// count where it has none.
func body(_ function: String, fields: String = "") throws -> [UInt8] {
  let code = try #require(try sections("(module \(fields) (func \(function)))")[10])
  var place = 1
  let size = Int(try #require(unsigned(code, &place)))
  #expect(code[0] == 1)
  #expect(place + size == code.count)
  return Array(code[place...])
}

private func unsigned(_ bytes: [UInt8], _ place: inout Int) -> UInt64? {
  var value: UInt64 = 0
  var shift: UInt64 = 0
  while place < bytes.count {
    let byte = bytes[place]
    place += 1
    value |= UInt64(byte & 0x7F) << shift
    if byte < 0x80 { return value }
    shift += 7
  }
  return nil
}
