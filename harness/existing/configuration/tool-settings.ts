import { Secret } from '../../model/secret.ts';
import { isVariableName } from '../../model/shell-word.ts';

/** Settings that say nothing but how and where: everything else that is given to a tool may be a key to something. */
const HARMLESS: ReadonlySet<string> = new Set([
  ...['AWS_REGION', 'AWS_DEFAULT_REGION', 'AWS_S3_BUCKET_LOOKUP', 'OS_REGION_NAME', 'OS_AUTH_VERSION'],
  ...['RESTIC_COMPRESSION', 'RESTIC_PACK_SIZE', 'RESTIC_READ_CONCURRENCY', 'RESTIC_PROGRESS_FPS'],
  ...['AZURE_ENDPOINT_SUFFIX', 'TZ', 'LANG'],
]);
/** Too short to be a key to anything, and found in every text. */
const TRIVIAL = /^(\d{1,5}|true|false|yes|no|on|off|auto)?$/i;
/** What loaders, shells and interpreters read: whoever sets one of them runs a program of his own. */
const RUNS_PROGRAMS =
  /^(LD_.*|DYLD_.*|GCONV_PATH|LOCPATH|PATH|HOME|IFS|ENV|BASH_ENV|BASH_FUNC.*|SHELLOPTS|BASHOPTS|PS\d|PROMPT_COMMAND|CDPATH|NODE_.*|PYTHON.*|PERL5?.*|RUBY.*|JAVA_TOOL_OPTIONS|GODEBUG|GOTRACEBACK|MALLOC_.*|GLIBC_TUNABLES|SSH_ASKPASS|GIT_.*|EDITOR|PAGER|SSLKEYLOGFILE|RESTIC_(PASSWORD|REPOSITORY|CACHE)(_.*)?|RESTIC_FROM_.*|DRILL_.*|PG.*)$/;
/** Names of what the drill has made a secret by itself, and nobody has written down as one. */
const OF_SETTING = 'setting ';

/** What is wrong with the name of a variable that a tool is to get; undefined when nothing is. */
export function wrongName(name: string): string | undefined {
  if (!isVariableName(name)) return 'is no name of an environment variable: letters, digits and _ only';
  if (RUNS_PROGRAMS.test(name)) return 'is not passed on: it decides which programs run, or the drill sets it itself';
  return undefined;
}

/** A setting as tools get it: masked wherever it is written, unless it is known to be harmless. */
export function settingOf(name: string, value: string | Secret): string | Secret {
  if (value instanceof Secret || HARMLESS.has(name) || TRIVIAL.test(value)) return value;
  return new Secret(OF_SETTING + name, value);
}

/** Whether a secret is a setting that stands in the configuration itself: nobody keeps it anywhere else. */
export function isSetting({ name }: Secret): boolean {
  return name.startsWith(OF_SETTING);
}
