import { Argument, Command } from 'commander'
import { nameOf } from './options.ts'

type Shell = 'bash' | 'zsh' | 'fish'

/** `sandport completion`: what a shell needs to complete the command, made from the definition of its verbs. */
export function completionCommand(): Command {
  return new Command('completion')
    .description('print the completion of this command for a shell')
    .addArgument(new Argument('<shell>', 'which shell').choices(['bash', 'zsh', 'fish']))
    .addHelpText('after', HELP)
    .action((shell: Shell, _, command: Command) => {
      if (command.parent) console.log(scripts[shell](entriesOf(command.parent)))
    })
}

const HELP = `
Examples:
  source <(sandport completion bash)      in ~/.bashrc
  source <(sandport completion zsh)       in ~/.zshrc
  sandport completion fish > ~/.config/fish/completions/sandport.fish`

type Word = { text: string; meaning: string }
/** What may follow a command: verbs, the words of an argument, and options. */
type Entry = { path: string; words: Word[]; options: Word[]; takingValue: string[] }

function entriesOf(command: Command): Entry[] {
  const visible = command.options.filter(({ hidden }) => !hidden)
  const words = [
    ...command.commands.map((verb) => ({ text: verb.name(), meaning: verb.description() })),
    ...command.registeredArguments.flatMap(({ argChoices = [] }) => argChoices.map((text) => ({ text, meaning: '' }))),
  ]
  const options = visible.map(({ long, description }) => ({ text: long ?? '', meaning: description }))
  const takingValue = visible.filter(({ required }) => required).map(({ long }) => long ?? '')
  const own = {
    path: nameOf(command),
    words,
    options: [...options, { text: '--help', meaning: 'print help' }],
    takingValue,
  }
  return [own, ...command.commands.flatMap(entriesOf)]
}

const scripts: Record<Shell, (entries: readonly Entry[]) => string> = { bash, zsh, fish }

/** Follows the words as far as they are verbs; behind an option that takes a value it offers files. */
function bash(entries: readonly Entry[]): string {
  const cases = entries.map(({ path, words, options }) => {
    const offered = [...words, ...options].map(({ text }) => text).join(' ')
    return `    '${path}') offered='${offered}' ;;`
  })
  const paths = entries.map(({ path }) => `'${path}'`).join('|')
  const taking = [...new Set(entries.flatMap(({ takingValue }) => takingValue))].join('|')
  return `_sandport() {
  local word=\${COMP_WORDS[COMP_CWORD]} path=sandport offered each
  for each in "\${COMP_WORDS[@]:1:$((COMP_CWORD - 1))}"; do
    [ "$each" = -- ] && { COMPREPLY=(); return; }
    case "$path $each" in ${paths}) path="$path $each" ;; esac
  done
  case "\${COMP_WORDS[COMP_CWORD-1]}" in ${taking}) COMPREPLY=(); return ;; esac
  case "$path" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$offered" -- "$word"))
}
complete -o default -F _sandport sandport`
}

/** Zsh takes what bash does. */
function zsh(entries: readonly Entry[]): string {
  return `autoload -U +X compinit && compinit\nautoload -U +X bashcompinit && bashcompinit\n${bash(entries)}`
}

function fish(entries: readonly Entry[]): string {
  const lines = entries.flatMap(({ path, words, options, takingValue }) => {
    const [, ...verbs] = path.split(' ')
    const seen = verbs.map((verb) => `__fish_seen_subcommand_from ${verb}`)
    const only =
      words.length === 0 ? [] : [`not __fish_seen_subcommand_from ${words.map(({ text }) => text).join(' ')}`]
    const when = (conditions: readonly string[]) =>
      conditions.length === 0 ? '' : ` -n '${conditions.join('; and ')}'`
    return [
      ...words.map(
        ({ text, meaning }) => `complete -c sandport -f${when([...seen, ...only])} -a ${text}${said(meaning)}`,
      ),
      ...options.map(({ text, meaning }) => {
        const value = takingValue.includes(text) ? ' -r' : ''
        return `complete -c sandport${when([...seen, ...only])} -l ${text.slice(2)}${value}${said(meaning)}`
      }),
    ]
  })
  return lines.join('\n')
}

function said(meaning: string): string {
  return meaning === '' ? '' : ` -d '${meaning.replaceAll("'", '’')}'`
}
