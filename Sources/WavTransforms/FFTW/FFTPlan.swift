// SPDX-License-Identifier: GPL-2.0-or-later

import CFFTW
import Synchronization

/// FFTW's planner has global tables; two threads must not enter it at once.
private let planner = Mutex<Void>(())

/// A planned set of transforms with exp(-2 pi i k n / N), not normalised.
///
/// Plans are made by estimate, never by measurement, so that equal lengths have the same plan, and
/// thus the same bits, in every process and every run. Plan before forking; execution is safe in
/// any process.
final class FFTPlan<Scalar: FFTWScalar> {
  private let plan: OpaquePointer
  private let isReal: Bool
  /// How the planned arrays of complex transforms are aligned.
  private let alignments: (input: Int, output: Int)

  /// The least number of complex numbers, at least `count`, after which another array is aligned as the first.
  static func pitch(_ count: Int) -> Int {
    // FFTW distinguishes addresses modulo 16 bytes.
    let unit = max(1, 16 / (2 * MemoryLayout<Scalar>.stride))
    return (count + unit - 1) / unit * unit
  }

  /// Plans complex transforms for arrays like `input` and `output`, whose contents are preserved.
  init(
    complex layout: TransformLayout, _ input: UnsafeMutablePointer<Scalar>,
    _ output: UnsafeMutablePointer<Scalar>
  ) {
    nonisolated(unsafe) let (input, output) = (input, output)
    nonisolated(unsafe) var plan: OpaquePointer?
    planner.withLock { _ in plan = Scalar.planComplex(layout, input, output) }
    guard let plan else {
      preconditionFailure("FFTW cannot plan complex transforms of length \(layout.length)")
    }
    self.plan = plan
    isReal = false
    alignments = (Scalar.alignment(of: input), Scalar.alignment(of: output))
  }

  /// Plans real-to-complex transforms of arrays with any alignment; inputs are preserved.
  init(
    real layout: TransformLayout, _ input: UnsafeMutablePointer<Scalar>,
    _ output: UnsafeMutablePointer<Scalar>
  ) {
    nonisolated(unsafe) let (input, output) = (input, output)
    nonisolated(unsafe) var plan: OpaquePointer?
    planner.withLock { _ in plan = Scalar.planReal(layout, input, output) }
    guard let plan else {
      preconditionFailure("FFTW cannot plan real transforms of length \(layout.length)")
    }
    self.plan = plan
    isReal = true
    alignments = (0, 0)
  }

  deinit { planner.withLock { _ in Scalar.destroy(plan) } }

  /// Transforms one pair of arrays with the planned layout.
  ///
  /// - Precondition: Arrays of complex transforms are aligned as the planned ones (``pitch(_:)``). Otherwise vector
  ///   instructions may trap, on some processors.
  func execute(_ input: UnsafeMutablePointer<Scalar>, _ output: UnsafeMutablePointer<Scalar>) {
    if isReal {
      Scalar.executeReal(plan, input, output)
    } else {
      precondition(
        Scalar.alignment(of: input) == alignments.input
          && Scalar.alignment(of: output) == alignments.output, "arrays aligned as planned")
      Scalar.executeComplex(plan, input, output)
    }
  }
}

/// Private memory, aligned for FFTW's vector instructions; its initial contents are undefined.
///
/// Pages are allocated when they are touched. A buffer made before the fork thus costs a worker
/// only what it uses, and the coordinator nothing.
final class AlignedBuffer<Scalar> {
  let base: UnsafeMutablePointer<Scalar>
  let count: Int

  init(count: Int) {
    self.count = count
    let byteCount = max(count, 1) * MemoryLayout<Scalar>.stride
    base = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 64)
      .bindMemory(to: Scalar.self, capacity: count)
  }

  deinit { UnsafeMutableRawPointer(base).deallocate() }
}

/// The version of FFTW in use, such as `fftw-3.3.10-sse2-avx`.
public func transformLibraryVersion() -> String { String(cString: shim_fftw_version()) }
