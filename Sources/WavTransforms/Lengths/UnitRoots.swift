// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc

/// The complex unit roots exp(-2 pi i r / N) for any integer r, in double precision.
///
/// Two tables of about sqrt(N) entries and one complex multiplication replace a table of N entries.
/// Angles are reduced to the first octant, in integers, before sine and cosine are computed, so
/// that the error is at most 4 * 2^-53 for every r and N. The idea is from FFTW's kernel/trig.c and
/// from M. Reinecke's pocketfft.
struct UnitRoots {
  /// N.
  let order: Int
  private let shift: Int
  private let fine: [SIMD2<Double>]
  private let coarse: [SIMD2<Double>]

  init(order: Int) {
    self.order = order
    var shift = 0
    while (1 << (2 * shift)) < order { shift += 1 }
    self.shift = shift
    fine = (0..<min(order, 1 << shift)).map { exactUnitRoot($0, order: order) }
    coarse = (0...(order >> shift)).map { exactUnitRoot($0 << shift, order: order) }
  }

  /// (cos, -sin) of 2 pi r / N, for 0 <= r < N.
  @inline(__always)
  subscript(index: Int) -> SIMD2<Double> {
    let low = fine[index & ((1 << shift) - 1)]
    let high = coarse[index >> shift]
    return SIMD2(low.x * high.x - low.y * high.y, low.x * high.y + low.y * high.x)
  }
}

/// (cos, -sin) of 2 pi r / N with the angle reduced to the first octant in integers.
///
/// - Precondition: N below 2^60.
func exactUnitRoot(_ index: Int, order: Int) -> SIMD2<Double> {
  // Eighths of the circle: angle = (octant + rest / N) * pi / 4.
  let eighths = 8 * (index % order)
  let octant = eighths / order
  let rest = eighths % order
  // Odd octants are measured backwards from their end.
  let folded = octant & 1 == 0 ? rest : order - rest
  let angle = Double(folded) / Double(order) * (Double.pi / 4)
  let (c, s) = (cos(angle), sin(angle))
  switch octant {
  case 0: return SIMD2(c, -s)
  case 1: return SIMD2(s, -c)
  case 2: return SIMD2(-s, -c)
  case 3: return SIMD2(-c, -s)
  case 4: return SIMD2(-c, s)
  case 5: return SIMD2(-s, c)
  case 6: return SIMD2(s, c)
  default: return SIMD2(c, s)
  }
}
