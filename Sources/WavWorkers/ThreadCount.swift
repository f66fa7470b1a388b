// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import Synchronization

/// Number of threads of this process; 1 if the system does not tell.
public func threadCount() -> Int {
  guard let folder = opendir("/proc/self/task") else { return 1 }
  defer { closedir(folder) }
  var count = 0
  while readdir(folder) != nil { count += 1 }
  return count - 2
}

private let threadsAtStart = Atomic(1)

/// Notes how many threads there are before the program has started any.
///
/// More than one belong to an emulator, such as qemu: they hold no lock of the program, so that it may fork beside them.
public func noteThreadsAtStart() { threadsAtStart.store(threadCount(), ordering: .relaxed) }

/// Whether the program itself has started no thread.
var hasSingleThread: Bool { threadCount() <= threadsAtStart.load(ordering: .relaxed) }
