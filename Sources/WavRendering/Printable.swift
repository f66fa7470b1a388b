// SPDX-License-Identifier: GPL-2.0-or-later

/// Text on one line without control characters, which a file name may bring along.
public func printable(_ text: String) -> String {
  String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 ? " " : $0 }))
}
