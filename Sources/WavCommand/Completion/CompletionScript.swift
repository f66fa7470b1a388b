// SPDX-License-Identifier: GPL-2.0-or-later

import ArgumentParser

/// The script with which a shell completes the command line of wavfft.
///
/// ArgumentParser writes scripts for commands whose subcommand is always named. These ones also complete
/// `wavfft FILE`, as `wavfft analyze FILE`, and values after an equals sign.
struct CompletionScript {
  let text: String

  /// The script for these arguments; nil if they ask for none, or for one of an unknown shell.
  init?(arguments: [String]) {
    let option = "--generate-completion-script"
    let shell: CompletionShell?
    if arguments == [option] {
      shell = .autodetected()
    } else if arguments.count == 2, arguments[0] == option {
      shell = CompletionShell(rawValue: arguments[1])
    } else if arguments.count == 1, arguments[0].hasPrefix(option + "=") {
      shell = CompletionShell(rawValue: String(arguments[0].dropFirst(option.count + 1)))
    } else {
      return nil
    }
    guard let shell else { return nil }
    self.init(shell)
  }

  init(_ shell: CompletionShell) {
    let script = Wavfft.completionScript(for: shell)
    text =
      switch shell {
      case .bash: Self.bash(script)
      case .zsh: Self.zsh(script)
      default: Self.fish(script)
      }
  }

  /// What may stand in place of a file: `analyze batch …`.
  private static let subcommands =
    (Wavfft.configuration.subcommands.map { $0._commandName } + ["help"])

  private static func bash(_ script: String) -> String {
    script.replacing("complete -o filenames -F _wavfft wavfft", with: "")
      + #"""
      # Without a subcommand the words are those of wavfft analyze; a value may follow an equals sign.
      _wavfft_or_analyze() {
          local typed="${2}" before="${3}"
          if [[ "${COMP_WORDS[COMP_CWORD]}" = "=" ]]; then
              COMP_WORDS[COMP_CWORD]=""
              typed=""
              before="${COMP_WORDS[COMP_CWORD - 1]}"
          elif [[ "${COMP_CWORD}" -gt 2 && "${COMP_WORDS[COMP_CWORD - 1]}" = "=" ]]; then
              before="${COMP_WORDS[COMP_CWORD - 2]}"
              COMP_WORDS=("${COMP_WORDS[@]:0:COMP_CWORD - 1}" "${COMP_WORDS[@]:COMP_CWORD}")
              ((COMP_CWORD--))
          fi
          local -r is_first="$((COMP_CWORD == 1))"
          if [[ "${is_first}" = 1 || ! " SUBCOMMANDS " = *" ${COMP_WORDS[1]} "* ]]; then
              COMP_WORDS=("${COMP_WORDS[0]}" analyze "${COMP_WORDS[@]:1}")
              ((COMP_CWORD++))
          fi
          _wavfft "${1}" "${typed}" "${before}"
          if [[ "${is_first}" = 1 ]]; then
              COMPREPLY+=($(compgen -W "SUBCOMMANDS" -- "${typed}"))
          fi
      }

      complete -o filenames -F _wavfft_or_analyze wavfft
      """#.replacing("SUBCOMMANDS", with: subcommands.joined(separator: " "))
  }

  private static func zsh(_ script: String) -> String {
    // `'--name[help]:value:action'` takes the value as a further word, `'--name=[…` also after an equals sign.
    let lines = script.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      let spec = line.drop { $0 == " " }
      guard spec.hasPrefix("'--") || spec.hasPrefix("'*--"), !spec.hasSuffix("]'"),
        let bracket = spec.firstIndex(of: "[")
      else { return line }
      return line[..<bracket] + "=" + line[bracket...]
    }
    return lines.joined(separator: "\n").replacing("\n_wavfft() {", with: "\n_wavfft_words() {")
      .replacing(
        "if [[ \"${funcstack[1]}\" = _wavfft ]]",
        with: #"""
          # Without a subcommand the words are those of wavfft analyze.
          _wavfft() {
              local -i ret=1
              local -ir first="$((CURRENT == 2))"
              if (( first )); then
                  _wavfft_words && ret=0
              fi
              if (( first )) || [[ "${words[2]}" != (SUBCOMMANDS) ]]; then
                  words=("${words[1]}" analyze "${words[@]:1}")
                  (( CURRENT++ ))
              fi
              _wavfft_words && ret=0
              return "${ret}"
          }

          if [[ "${funcstack[1]}" = _wavfft ]]
          """#.replacing("SUBCOMMANDS", with: subcommands.joined(separator: "|")))
  }

  private static func fish(_ script: String) -> String {
    script.replacing(
      #"__wavfft_should_offer_completions_for_positional "wavfft" -eq 1"#,
      with: "__wavfft_is_first_word"
    ).replacing(
      "complete -c 'wavfft' -f\n",
      with: #"""
        # Without a subcommand the words are those of wavfft analyze.
        functions -e __wavfft_typed_tokens
        functions -c __wavfft_tokens __wavfft_typed_tokens

        function __wavfft_tokens
            set -l tokens (__wavfft_typed_tokens $argv)
            if not contains -- "$tokens[2]" SUBCOMMANDS
                set tokens $tokens[1] analyze $tokens[2..]
            end
            printf %s\n $tokens
        end

        function __wavfft_is_first_word
            test (count (__wavfft_typed_tokens -pc)) -eq 1
        end

        complete -c 'wavfft' -f

        """#.replacing("SUBCOMMANDS", with: subcommands.joined(separator: " ")))
  }
}
