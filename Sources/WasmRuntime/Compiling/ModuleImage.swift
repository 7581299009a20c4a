// A module image in memory, ready to run.

package import CompilerInterface
import Runtime
package import SystemCalls

/// A mapped module image.
package final class ModuleImage {
  /// Valid as long as this object.
  package let view: ModuleImageView
  let initialMemory: InitialMemory
  private let mapping: VirtualMemory

  /// Maps the image of `byteCount` bytes in `file`, which may be closed afterwards but never changed.
  /// Names and pages are taken on trust.
  package init(_ file: FileDescriptor, byteCount: Int) throws(CodeLoadError) {
    do throws(CodeImageError) {
      guard byteCount >= ModuleImageHeader.byteCount else { throw .truncated }
    } catch {
      throw .image(error)
    }
    do throws(Errno) {
      mapping = try VirtualMemory(mapping: file, byteCount: byteCount)
    } catch {
      throw .system(error)
    }
    do throws(CodeImageError) {
      view = try ModuleImageView(
        UnsafeRawBufferPointer(start: mapping.start, count: byteCount), fileByteCount: byteCount)
    } catch {
      throw .image(error)
    }
    do throws(Errno) {
      let view = view
      initialMemory = try InitialMemory(
        (0..<view.runCount).map { view.run($0) }, from: file,
        at: Int(view.header.pages.offset))
    } catch {
      throw .system(error)
    }
  }
}
