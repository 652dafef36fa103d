import { DrillError } from '../../../../model/error.ts';
import type { Step } from '../../../../model/job.ts';
import { quoted } from '../volume/agent.ts';

/** Marks lines of our own in a log; no program writes it. */
export const MARK = '\u001e';

/** How much of the standard output comes back, from its end. */
const STDOUT_KEPT_BYTES = 64 * 1024;
/** How much of what a program says for people is kept, from its beginning and from its end. */
const SAID_FIRST_BYTES = 256 * 1024;
const SAID_LAST_BYTES = 64 * 1024;
/** A helper that outlives its program and holds what that wrote to is not waited for longer. */
const SAID_WAIT_SECONDS = 5;
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** A folder of the pod beside the scratch folder, so that programs find nothing in the latter but their own. */
export const OWN_FOLDER = '/drill';

/** Where a file for each step has the variables that it gets, secrets among them. */
export const ENV_FOLDER = '/drill-env';

/**
 * A shell function that runs one step and tells in the log when, with which exit code, and what it wrote on its standard
 * output: a log may be cut without an error, so each step has a first and a last line there, and the output its length
 * and digest. Arguments: the number of the step, where the output goes (empty: into the log), where the input comes from
 * (empty: nowhere), the folder, the exit codes that are fine, and the program with its own arguments. Times are those of
 * the machine's clock since it started, which is finer than what Kubernetes tells. What a program says for people is cut
 * in its middle, however long its lines are, and holds none of our own marks.
 */
export const WRAPPER = `
mkdir -p "$HOME"
# What was said is in the log before anybody ends the pod; without the program for it, only what has filled a buffer is.
at_once=$(command -v stdbuf >/dev/null 2>&1 && echo 'stdbuf -o0')
step() (
  n=$1 out=$2 in=$3 folder=$4 ok=$5
  shift 5
  kept=${OWN_FOLDER}/stdout
  read -r now rest </proc/uptime
  printf '\\036begin %s %s\\n' "$n" "$now"
  . "${ENV_FOLDER}/$n.env"
  cd "$folder" || exit 125
  rm -f "$kept.said"
  mkfifo "$kept.said" || exit 125
  ($at_once tr -d '\\000\\036' <"$kept.said" | { $at_once head -c ${SAID_FIRST_BYTES}; tail -c ${SAID_LAST_BYTES}; }) &
  said=$!
  "$@" <"\${in:-/dev/null}" >"\${out:-$kept}" 2>"$kept.said"
  code=$?
  read -r now rest </proc/uptime
  { sleep ${SAID_WAIT_SECONDS}; kill "$said"; } >/dev/null 2>&1 &
  late=$!
  wait "$said"
  kill "$late" 2>/dev/null
  printf '\\n'
  if [ -z "$out" ]; then
    tail -c ${STDOUT_KEPT_BYTES} "$kept" >"$kept.end"
    sum=$(sha256sum <"$kept.end")
    printf '\\036stdout %s %s %s\\n' "$n" "$(wc -c <"$kept" | tr -d ' ')" "\${sum%% *}"
    base64 "$kept.end"
  fi
  printf '\\036end %s %s %s\\n' "$n" "$now" "$code"
  for fine in $ok; do [ "$fine" != "$code" ] || exit 0; done
  [ "$code" != 0 ] || exit 125
  exit "$code"
)
`;

/** A line of a script that runs one step; the first that fails ends the script. */
export function stepLine(
  n: number,
  { program, args, stdout = '', stdin = '', cwd, okExitCodes = [0] }: PlacedStep,
): string {
  const words = [String(n), stdout, stdin, cwd, okExitCodes.join(' '), program, ...args];
  return `step ${words.map(quoted).join(' ')} || exit $?`;
}

type PlacedStep = Step & { readonly cwd: string };

/** A file with the variables of a step. */
export function environmentFile(env: Readonly<Record<string, string>>): string {
  return Object.entries(env)
    .map(([name, value]) => `export ${variable(name)}=${quoted(value)}\n`)
    .join('');
}

/** The name is a word of a script: anything else than a name would be run. */
function variable(name: string): string {
  if (VARIABLE.test(name)) return name;
  throw new DrillError({
    code: 'variable-name',
    where: 'substrate/kubernetes',
    what: `${JSON.stringify(name)} is no name of a variable.`,
    next: 'name variables with letters, digits and underscores, and not with a digit first.',
    blame: 'usage',
  });
}
