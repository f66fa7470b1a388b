// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc

/// The permissions that new files of this process do not get.
///
/// `umask` can only tell by changing them, which files of other threads would notice.
func creationMask() -> mode_t {
  let line = textFile("/proc/self/status")?.split(separator: "\n").first {
    $0.hasPrefix("Umask:")
  }
  return line.flatMap { mode_t($0.drop { !$0.isNumber }, radix: 8) } ?? 0o077
}
