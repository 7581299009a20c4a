// Globals: local ones are in the VMContext, imported ones behind a pointer there.

internal import CompilerInterface

extension FunctionCompiler {
  mutating func globalGet() {
    let place = tables.globals[Int(reader.unsigned32())]
    requireVMContext()
    let target = destination(place.kind)
    load(target.register, place.kind, globalAddress(place))
    finish(target, place.kind)
  }

  mutating func globalSet() {
    let place = tables.globals[Int(reader.unsigned32())]
    var value = pop()
    requireVMContext()
    // A constant may need r11 on its way, which then is not free.
    let fits = Int32(exactly: Int64(bitPattern: value.bits)) != nil || value.kind == .i32
    if value.place != .constant || !fits { _ = register(&value) }
    let address = globalAddress(place)
    if value.place == .constant {
      storeConstant(value, to: address)
    } else {
      store(address, place.kind, register(&value))
    }
    release(value)
  }

  /// The cell; r11 may be its base.
  private mutating func globalAddress(_ place: GlobalPlace) -> Address {
    guard place.isImported else { return Address(.r12, place.offset) }
    code.load(true, .r11, Address(.r12, place.offset))
    return Address(.r11, 0)
  }
}
