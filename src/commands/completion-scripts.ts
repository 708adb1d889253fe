/** Completion scripts tell a shell the commands and options of stepfare, as the catalogue has them: nothing is run to complete a word. */
import type { CatalogueCommand, CatalogueOption } from "./command-catalogue.ts";

export const COMPLETION_SHELLS = ["bash", "zsh", "fish"] as const;
export type CompletionShell = (typeof COMPLETION_SHELLS)[number];

type Commands = readonly CatalogueCommand[];

const WRITERS: Readonly<Record<CompletionShell, (commands: Commands) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

export function completionScript(shell: CompletionShell, commands: Commands): string {
  return WRITERS[shell](commands);
}

const EVERYWHERE: readonly CatalogueOption[] = [
  { name: "help", aliases: ["h"], describe: "show help", takesValue: false, choices: [] },
];

/** First words, with what each says; of one that goes on, that is how it does. */
function firstWords(commands: Commands): ReadonlyMap<string, string> {
  const seconds = secondWords(commands);
  return new Map(
    commands.map(({ name, describe }) => {
      const [first = ""] = name.split(" ");
      return [first, seconds.get(first)?.join(" or ") ?? describe];
    }),
  );
}

/** `prices` → show, update. */
function secondWords(commands: Commands): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { name } of commands) {
    const [first = "", second] = name.split(" ");
    if (second !== undefined) found.set(first, [...(found.get(first) ?? []), second]);
  }
  return found;
}

function flagsOf({ name, aliases }: CatalogueOption): readonly string[] {
  return [name, ...aliases].map((flag) => (flag.length === 1 ? `-${flag}` : `--${flag}`));
}

/** The words that the argument of a command is one of; none where it is a path, or anything. */
function argumentWords({ positionals: [first] }: CatalogueCommand): readonly string[] {
  return first?.choices ?? [];
}

/** The default command takes the place of none. */
const DEFAULT_COMMAND = "analyze";

function bashScript(commands: Commands): string {
  const seconds = secondWords(commands);
  const firsts = [...firstWords(commands).keys()];
  const values = commands.flatMap(({ name, options }) =>
    options
      .filter(({ takesValue }) => takesValue)
      .map((option) => {
        const patterns = flagsOf(option).map((flag) => `'${name}:${flag}'`);
        const words =
          option.choices.length === 0
            ? ""
            : ` COMPREPLY=($(compgen -W '${option.choices.join(" ")}' -- "$current"));`;
        return `    ${patterns.join("|")})${words} return ;;`;
      }),
  );
  const words = commands.map((command) => {
    const flags = [...command.options, ...EVERYWHERE].flatMap(flagsOf);
    return `    '${command.name}') words='${[...argumentWords(command), ...flags].join(" ")}' ;;`;
  });
  const nested = [...seconds].map(([first, second]) => `    '${first}') words='${second.join(" ")}' ;;`);
  const own = commands.find(({ name }) => name === DEFAULT_COMMAND)?.options ?? [];
  const general = [...firsts, ...own.flatMap(flagsOf), "--help", "--version"].join(" ");
  return `# bash completion of stepfare: add  eval "$(stepfare completion bash)"  to ~/.bashrc
_stepfare() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD - 1]} command='' words='' word
  COMPREPLY=()
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$command $word" in
${firsts.map((first) => `      ' ${first}') command='${first}' ;;`).join("\n")}
${[...seconds].flatMap(([first, all]) => all.map((second) => `      '${first} ${second}') command='${first} ${second}' ;;`)).join("\n")}
    esac
  done
  case "\${command:-${DEFAULT_COMMAND}}:$previous" in
${values.join("\n")}
  esac
  case "$command" in
    '') words='${general}' ;;
${[...nested, ...words].join("\n")}
  esac
  # What is no option is a path: the shell's own completion follows where this finds nothing.
  if [[ $current == -* || -z $command || $words != -* ]]; then COMPREPLY=($(compgen -W "$words" -- "$current")); fi
}
complete -o default -F _stepfare stepfare
`;
}

/** In single quotes a quote ends them; in zsh's specifications brackets and colons mean something. */
function zshText(text: string): string {
  return text.replaceAll("'", "'\\''").replaceAll(/[[\]:]/g, String.raw`\$&`);
}

function zshScript(commands: Commands): string {
  const seconds = secondWords(commands);
  const entry = ([word, said]: readonly [string, string]): string => `    '${word}:${zshText(said)}'`;
  const argumentsOf = (command: CatalogueCommand): string => {
    const { name, options } = command;
    const specs = [...options, ...EVERYWHERE].flatMap((option) => {
      const value = option.takesValue
        ? `:${option.name}:${option.choices.length === 0 ? "_files" : `(${option.choices.join(" ")})`}`
        : "";
      return flagsOf(option).map((flag) => `'*${flag}[${zshText(option.describe)}]${value}'`);
    });
    const known = argumentWords(command);
    const argument = known.length === 0 ? "'*:file:_files'" : `'*:argument:(${known.join(" ")})'`;
    return `    '${name}')\n      _arguments \\\n${[...specs, argument].map((spec) => `        ${spec}`).join(" \\\n")}\n      ;;`;
  };
  return `#compdef stepfare
# zsh completion of stepfare: put it as _stepfare into a folder of $fpath, or add  source <(stepfare completion zsh)  to ~/.zshrc
_stepfare() {
  local command='' word
  local -a commands
  commands=(
${[...firstWords(commands)].map(entry).join("\n")}
  )
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$command $word" in
${[...firstWords(commands).keys()].map((first) => `      ' ${first}') command='${first}' ;;`).join("\n")}
${[...seconds].flatMap(([first, all]) => all.map((second) => `      '${first} ${second}') command='${first} ${second}' ;;`)).join("\n")}
    esac
  done
  case "$command" in
    '')
      _describe -t commands command commands
      _files
      ;;
${[...seconds].map(([first, all]) => `    '${first}') compadd ${all.join(" ")} ;;`).join("\n")}
${commands.map(argumentsOf).join("\n")}
  esac
}
if [[ $funcstack[1] == _stepfare ]]; then _stepfare "$@"; else compdef _stepfare stepfare; fi
`;
}

/** In fish's single quotes only the quote and the backslash mean something. */
function fishText(text: string): string {
  return `'${text.replaceAll(/['\\]/g, String.raw`\$&`)}'`;
}

function fishScript(commands: Commands): string {
  const seconds = secondWords(commands);
  const first = [...firstWords(commands)].map(
    ([word, said]) => `complete -c stepfare -n __fish_use_subcommand -a ${word} -d ${fishText(said)}`,
  );
  const second = [...seconds].map(
    ([word, all]) =>
      `complete -c stepfare -f -n '__fish_seen_subcommand_from ${word}; and not __fish_seen_subcommand_from ${all.join(" ")}' -a '${all.join(" ")}'`,
  );
  const known = commands.flatMap((command) => {
    const all = argumentWords(command);
    return all.length === 0
      ? []
      : [`complete -c stepfare -f -n '__fish_seen_subcommand_from ${command.name}' -a '${all.join(" ")}'`];
  });
  const options = commands.flatMap(({ name, options: own }) => {
    const seen = name.split(" ").map((word) => `__fish_seen_subcommand_from ${word}`);
    return [...own, ...EVERYWHERE].map((option) => {
      const flags = [option.name, ...option.aliases].map(
        (flag) => `${flag.length === 1 ? "-s" : "-l"} ${flag}`,
      );
      const value = !option.takesValue
        ? ""
        : option.choices.length === 0
          ? " -r"
          : ` -x -a '${option.choices.join(" ")}'`;
      return `complete -c stepfare -n '${seen.join("; and ")}' ${flags.join(" ")}${value} -d ${fishText(option.describe)}`;
    });
  });
  return `# fish completion of stepfare: stepfare completion fish > ~/.config/fish/completions/stepfare.fish\n${[...first, ...second, ...known, ...options].join("\n")}\n`;
}
