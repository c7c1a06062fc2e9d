/**
 * A script that a shell reads at its start. It asks the program itself what may come next, by the path that it had now: a
 * completion needs no `gastown` on the shell's path.
 */
export const completionScript = (shell: 'bash' | 'zsh', launcher: string): string =>
  shell === 'bash' ? bash(quoted(launcher)) : zsh(quoted(launcher));

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

const bash = (launcher: string): string => `_gastown_completions() {
  local word="\${COMP_WORDS[COMP_CWORD]}"
  local -a words
  mapfile -t words < <(${launcher} --get-yargs-completions "\${COMP_WORDS[@]}" 2>/dev/null)
  COMPREPLY=()
  local candidate
  for candidate in "\${words[@]}"; do
    [[ "$candidate" == "$word"* ]] && COMPREPLY+=("$candidate")
  done
  return 0
}
complete -o bashdefault -o default -F _gastown_completions gastown
`;

const zsh = (launcher: string): string => `_gastown_completions() {
  local -a found
  found=("\${(@f)$(${launcher} --get-yargs-completions "\${words[@]}" 2>/dev/null)}")
  if (( \${#found} > 0 )); then _describe 'gastown' found; else _default; fi
}
compdef _gastown_completions gastown
`;
