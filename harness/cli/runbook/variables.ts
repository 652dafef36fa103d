import type { RunbookVariable } from '../../../reports/runbook/runbook.ts';
import type { Command } from '../../model/command.ts';
import type { Substitutions } from './shell-words.ts';

const HIDDEN = '***';
/** Names that mean something to shells and loaders, and those that are none. */
const TAKEN =
  /^(_*|PATH|HOME|IFS|ENV|PWD|OLDPWD|SHELL|USER|UID|EUID|PPID|PS\d|CDPATH|LANG|LC_.*|LD_.*|BASH.*|PG.*|SCRATCH|S3_ENDPOINT)$/;
const SERVER = /^(PG(HOST|PORT|USER|DATABASE))$/;
const ENDPOINT = /https?:\/\/(?:127\.0\.0\.1|localhost|[a-z0-9-]+)(?::\d+)/;

/** What stands in the commands instead of what only the run had. */
export interface Variables {
  readonly list: readonly RunbookVariable[];
  readonly known: Substitutions;
  /** How the value of an environment variable is written: undefined for as it was. */
  standsFor(name: string, value: string): string | undefined;
}

/** Gathers folders of the sandbox, servers of the drill and secrets; `ownStore` means that the run made the backup store, too. */
export function variablesOf(commands: readonly Command[], ownStore: boolean): Variables {
  const known = new Map<string, string>();
  const list: RunbookVariable[] = [];
  const add = (value: string, wanted: string, what: string) => {
    if (known.has(value)) return;
    let name = wanted;
    for (let n = 2; list.some((one) => one.name === name); n += 1) name = `${wanted}_${n}`;
    known.set(value, name);
    list.push({ name, what, was: value });
  };
  for (const command of commands) {
    for (const { name, path, readOnly } of command.volumes)
      add(path, variableName(name), readOnly ? `the folder "${name}", filled before` : `an empty folder for "${name}"`);
    const endpoint = ownStore && ENDPOINT.exec(Object.values(command.env).join(' '))?.[0];
    if (endpoint) add(endpoint, 'S3_ENDPOINT', 'the S3 server with the backups');
  }
  const scratch = new Set(commands.map((command) => command.scratch));
  if (commands.some((command) => mentions(command, command.scratch)))
    list.push({ name: 'SCRATCH', what: 'an empty folder, a new one for each job', was: [...scratch][0] ?? '' });
  for (const path of scratch) known.set(path, 'SCRATCH');
  list.push(...environmentOf(commands));
  return {
    list,
    known,
    standsFor: (name, value) => (value === HIDDEN || SERVER.test(name) ? name : undefined),
  };
}

function environmentOf(commands: readonly Command[]): RunbookVariable[] {
  const found = new Map<string, { value: string; users: Set<string> }>();
  for (const { env, job } of commands)
    for (const [name, value] of Object.entries(env))
      if (value === HIDDEN || SERVER.test(name)) {
        const one = found.get(name) ?? { value, users: new Set<string>() };
        found.set(name, { ...one, users: one.users.add(job.split('.')[0] ?? job) });
      }
  return [...found].map(([name, { value, users }]) => ({
    name,
    what: `${value === HIDDEN ? 'a secret' : 'of the new Postgres server'}, for ${[...users].join(' and ')}`,
    was: value === HIDDEN ? '' : value,
  }));
}

function mentions({ args, stdin = '', stdout = '', cwd = '' }: Command, path: string): boolean {
  return [...args, stdin, stdout, cwd].some((text) => text.includes(path));
}

/** What a volume is called in a runbook: in capitals, and never as what a shell or a program reads for itself. */
export function variableName(volume: string): string {
  const name = volume
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '_')
    .replace(/^(\d)/, '_$1');
  return TAKEN.test(name) ? `VOLUME_${name}` : name;
}
