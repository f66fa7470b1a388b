// SPDX-License-Identifier: GPL-2.0-or-later

/// What is kept of every bin of a spectrum.
public enum BinValues: String, Sendable, CaseIterable {
  /// |X[k]|, or the sum over the parts of |F_p[k]|.
  case magnitude
  /// X[k] itself, the sum over n of w[n] x[n] exp(-2 pi i k n / N), with n = 0 at the first sample that is
  /// used; for one part.
  case complex

  /// Real numbers for each bin.
  public var scalarCount: Int { self == .complex ? 2 : 1 }
}
