// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc

/// Bytes of memory that programs can still take without swapping, or nil if the system does not say.
func availableMemory() -> Int? {
  let descriptor = open("/proc/meminfo", O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { return nil }
  defer { close(descriptor) }
  var bytes = [UInt8](repeating: 0, count: 4096)
  let count = read(descriptor, &bytes, bytes.count)
  guard count > 0 else { return nil }
  let lines = String(decoding: bytes[..<count], as: UTF8.self).split(separator: "\n")
  guard let line = lines.first(where: { $0.hasPrefix("MemAvailable:") }) else { return nil }
  return line.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 * 1024 }
}
