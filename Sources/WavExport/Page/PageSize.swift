// SPDX-License-Identifier: GPL-2.0-or-later

/// How large a page may become.
public enum PageSize: Sendable, Equatable, CustomStringConvertible {
  /// At most this many bytes, all included: neighbouring bins are reduced to cells until it fits.
  case bytes(Int)
  /// Every bin, whatever the size.
  case everyBin

  /// Large enough for curves on any screen, small enough for a mail.
  public static let standard = PageSize.bytes(8_000_000)
  /// Greatest number of bytes: browsers do not open files much larger.
  public static let most = 2_000_000_000
  /// Bytes of a page without data.
  public static var emptyByteCount: Int { PageDocument.emptyByteCount }
  /// Least number of bytes: the page without data, a description, and a few thousand cells, in round numbers.
  public static var least: Int { (emptyByteCount + 109_999) / 10_000 * 10_000 }

  /// The share of one of `count` results in the same page.
  public func shared(by count: Int) -> PageSize {
    guard case .bytes(let whole) = self else { return self }
    return .bytes(whole / max(1, count))
  }

  /// As on the command line: `8000000`, or `all`.
  public var description: String {
    switch self {
    case .bytes(let count): "\(count)"
    case .everyBin: "all"
    }
  }
}
