// SPDX-License-Identifier: GPL-2.0-or-later

extension String {
  /// The text with a capital first letter, as a sentence begins.
  package var capitalised: String { prefix(1).uppercased() + dropFirst() }
}
