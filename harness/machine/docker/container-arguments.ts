import type { Account } from '../processes/account.ts';
import type { CallSite } from '../processes/local-program.ts';
import { SOCKETS } from '../sandbox/sandbox.ts';
import type { RunLabels } from './containers.ts';

/** Postgres shares memory between its workers there; Docker's own 64 MiB end a parallel hash join. Only a limit. */
const SHARED_MEMORY = '1g';
/** Variables that are about this machine and not about the call: the image has its own. */
const STAYS_OUTSIDE = /^(PATH|LD_LIBRARY_PATH|SSL_CERT_(FILE|DIR)|(HTTPS?|NO)_PROXY|DOCKER_.*)$/i;

/** No way to more rights than the account has, and an end to what it may start. */
export const CONFINED = ['--cap-drop=ALL', '--security-opt=no-new-privileges', '--pids-limit=512'] as const;

/** One foreground container for one call of one program. */
export interface ContainerCall extends CallSite {
  readonly image: string;
  readonly program: string;
  readonly labels: RunLabels;
  readonly user: Account;
  readonly workFolder: string;
  /** A file to have as `/etc/passwd`: initdb insists on a name for its account. */
  readonly passwd: string;
  /** Sees the folders of its call and the sockets of the run's servers, instead of the work folder and, unless it reaches out, the network. */
  readonly sandbox?: { readonly socketsFolder: string } | undefined;
}

/** The arguments of Docker's client that come before those of the program. Variables go by name, never by value. */
export function containerArguments(call: ContainerCall): string[] {
  const variables = [...new Set(call.variables)].filter((name) => !STAYS_OUTSIDE.test(name));
  return [
    'run',
    '--rm',
    // Pulled before, or not at all: a download must not count as time that a restore took.
    '--pull=never',
    '--interactive',
    // The first process of a container does not get signals that it has not asked for.
    '--init',
    // What it writes is already in our logs, masked; Docker's copy would be neither masked nor removed at once.
    '--log-driver=none',
    ...(call.sandbox && !call.reachesOut ? ['--network=none'] : ['--network=host']),
    ...(call.sandbox ? CONFINED : []),
    '--security-opt=label=disable',
    `--shm-size=${SHARED_MEMORY}`,
    `--user=${call.user.uid}:${call.user.gid}`,
    ...Object.entries(call.labels).map(([name, value]) => `--label=${name}=${value}`),
    ...mountsOf(call),
    ...variables.map((name) => `--env=${name}`),
    `--workdir=${call.cwd}`,
    `--entrypoint=${call.program}`,
    call.image,
  ];
}

function mountsOf({ folders = [], workFolder, passwd, cwd, sandbox }: ContainerCall): string[] {
  const accounts = mountArgument(passwd, '/etc/passwd', true);
  const isBelow = (path: string, folder: string) => `${path}/`.startsWith(`${folder}/`);
  if (!sandbox) {
    const outside = folders.filter(({ path }) => !isBelow(path, workFolder));
    return [
      mountArgument(workFolder, workFolder, false),
      accounts,
      ...outside.map(({ path, readOnly }) => mountArgument(path, path, readOnly)),
    ];
  }
  const all = folders.some(({ path }) => isBelow(cwd, path)) ? folders : [...folders, { path: cwd, readOnly: false }];
  return [
    accounts,
    mountArgument(sandbox.socketsFolder, SOCKETS, true),
    ...all.map(({ path, at = path, readOnly }) => mountArgument(path, at, readOnly)),
  ];
}

/** A mount as a line of CSV, which is how Docker reads it; unlike a volume it fails when the source is missing. */
export function mountArgument(source: string, target: string, readOnly: boolean): string {
  const fields = ['type=bind', `source=${source}`, `target=${target}`, ...(readOnly ? ['readonly'] : [])];
  return `--mount=${fields.map((field) => `"${field.replaceAll('"', '""')}"`).join(',')}`;
}
