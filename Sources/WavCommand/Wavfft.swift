// SPDX-License-Identifier: GPL-2.0-or-later

import ArgumentParser
import CShims
import Glibc
import WavAnalysis
import WavAudio
import WavExport
import WavSystem
import WavTransforms
import WavWorkers

/// The command line of wavfft.
public struct Wavfft: ParsableCommand {
  /// Name, subcommands and texts.
  public static let configuration = CommandConfiguration(
    commandName: "wavfft",
    abstract: "The spectrum of whole audio recordings, in parallel.",
    version: version,
    subcommands: [
      Analyze.self, Batch.self, BatchMerge.self, Compare.self, OverlayCommand.self, Formats.self,
      Doctor.self,
    ],
    defaultSubcommand: Analyze.self)

  /// Creates a command for parsing.
  public init() {}

  private static var version: String {
    """
    wavfft \(programVersion)
    \(transformLibraryVersion().replacing("fftw-", with: "FFTW "))
    \(SoundFile.libraryVersion.replacing("libsndfile-", with: "libsndfile "))
    """
  }

  /// Parses the arguments, runs the command, and ends the program with its exit status.
  public static func runProgram() -> Never {
    noteThreadsAtStart()
    shim_occupy_standard_descriptors()
    shim_require_address_space()
    shim_run_with_enough_stack { Wavfft.begin() }
  }

  private static func begin() -> Never {
    shim_end_cleanly_on_signals()
    shim_fail_in_words()
    QuietStandardError.allow()
    // With --channel each, every channel may have outputs of its own.
    shim_raise_descriptor_limit()
    // Exceeding a limit on file sizes becomes an error of the write, instead of a signal.
    signal(SIGXFSZ, SIG_IGN)
    do {
      let arguments = spelledArguments()
      if let script = CompletionScript(arguments: arguments) {
        try printToStandardOutput(script.text + "\n")
        Glibc.exit(ExitStatus.done.rawValue)
      }
      // The help shows the options of the default subcommand, because these are what users look
      // for.
      Ink.chooseForErrors(arguments)
      if arguments.first == "help", arguments.count > 1, !arguments[1].hasPrefix("-") {
        try requireCommand(arguments[1])
      }
      let isHelp = arguments == ["--help"] || arguments == ["-h"] || arguments == ["help"]
      let configured = try configured(isHelp ? ["analyze", "--help"] : arguments)
      ConfiguredArguments.inUse.withLock { $0 = configured.defaults }
      Ink.chooseForErrors(configured.all)
      var command = try parseAsRoot(configured.all)
      try command.run()
      Glibc.exit(ExitStatus.done.rawValue)
    } catch let interruption as Interruption {
      end(by: interruption.signal)
    } catch let code as ExitCode {
      Glibc.exit(code.rawValue)
    } catch {
      let isParsing = exitCode(for: error) != .failure
      guard isParsing else {
        let words = sentence(error)
        fail(words + ConfiguredArguments.origin(of: words), ExitStatus(error))
      }
      let text = fullMessage(for: error)
      guard exitCode(for: error) != .success else {
        do {
          try print(text + "\n", to: .standardOutput)
        } catch let failure {
          fail("\(failure)", .cannotWriteOutput)
        }
        Glibc.exit(ExitStatus.done.rawValue)
      }
      let arguments = spelledArguments()
      let error = UsageError(arguments: arguments, message: message(for: error))
      fail(
        "\(error.sentence) (see \(CommandOptions.command(of: arguments).spokenName) --help)", .usage
      )
    }
  }

  /// The arguments with the user's defaults; the doctor reports a wrong file, and works without it.
  private static func configured(_ arguments: [String]) throws -> ConfiguredArguments {
    do {
      return try ConfiguredArguments(
        arguments, { try ConfigurationFile.ofUser(environmentVariable) }, problem: problem(of:))
    } catch let problem as ConfigurationFile.Problem {
      guard arguments.first == Doctor._commandName else { throw problem }
      return try ConfiguredArguments(arguments, { nil }, problem: Self.problem(of:))
    }
  }

  /// Refuses a word of `wavfft help` that is no command.
  private static func requireCommand(_ word: String) throws {
    let commands = configuration.subcommands.map { $0._commandName }
    guard !(commands + ["help"]).contains(word) else { return }
    throw ValidationError(
      "There is no command \(printable(word)). \(question(word, among: commands))Choose \(alternatives(commands))."
    )
  }

  /// Why arguments cannot be parsed; nil if they can.
  static func problem(of arguments: [String]) -> String? {
    do {
      _ = try parseAsRoot(arguments)
      return nil
    } catch {
      return exitCode(for: error) == .success ? nil : message(for: error)
    }
  }

  /// The arguments as spelled text: Swift would replace bytes that are not UTF-8, which changes
  /// file names, and has no arguments without /proc.
  private static func spelledArguments() -> [String] {
    (0..<shim_argument_count()).dropFirst().compactMap(shim_argument).map(spelled)
  }

  private static func fail(_ message: String, _ status: ExitStatus) -> Never {
    announceFailure(message)
    Glibc.exit(status.rawValue)
  }

  /// Ends the program by a signal, so that a shell sees it; the handler from
  /// `shim_end_cleanly_on_signals` prints the message.
  private static func end(by number: Int32) -> Never {
    // The parent process may have blocked signals.
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, number)
    sigprocmask(SIG_UNBLOCK, &signals, nil)
    raise(number)
    Glibc.exit(128 + number)
  }
}
