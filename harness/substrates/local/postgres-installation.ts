import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { serverAccount } from '../../machine/processes/account.ts';
import type { FoundProgram } from '../../machine/tools/toolbox/toolbox.ts';
import { DrillError } from '../../model/error.ts';
import type { PostgresNeeds } from '../../model/substrate.ts';

const SHARE_PATH = /^share_path=(.+)$/m;
const CONTROL_FILE = '.control';
const SHOW_BUDGET_MS = 10_000;

/** What a Postgres of this machine can do, read from its files without starting it. */
export interface PostgresInstallation {
  readonly major: number;
  readonly extensions: ReadonlySet<string>;
}

/** Asks initdb where its installation keeps the extensions, and lists them. */
export async function installationOf(initdb: FoundProgram): Promise<PostgresInstallation> {
  const account = serverAccount();
  const { all } = await execa(initdb.location, ['--show', '-D', join(tmpdir(), 'not-made')], {
    ...account,
    env: { ...initdb.env },
    cwd: '/',
    all: true,
    reject: false,
    timeout: SHOW_BUDGET_MS,
  });
  const share = SHARE_PATH.exec(all)?.[1];
  const extensions = share ? readdirSync(join(share, 'extension')).filter((name) => name.endsWith(CONTROL_FILE)) : [];
  return {
    major: Number.parseInt(initdb.version, 10),
    extensions: new Set(extensions.map((name) => name.slice(0, -CONTROL_FILE.length))),
  };
}

/** What keeps an installation from meeting the needs, in words; undefined when nothing does. */
export function missingIn(installation: PostgresInstallation, needs: PostgresNeeds): string | undefined {
  const lacking = needs.extensions.filter((name) => !installation.extensions.has(name));
  if (needs.exactly ? installation.major !== needs.major : installation.major < needs.major)
    return needs.exactly ? 'is of another major version' : 'is too old';
  return lacking.length > 0 ? `lacks the extensions ${lacking.join(', ')}` : undefined;
}

/** What a backup needs in words: `Postgres 17 or later with the extensions cube, vector`. */
export function needsInWords({ major, exactly, extensions }: PostgresNeeds): string {
  const version = `Postgres ${major}${exactly ? '' : ' or later'}`;
  return extensions.length > 0 ? `${version} with the extensions ${extensions.join(', ')}` : version;
}

/** Neither this machine nor an image has a Postgres that the backup can be restored into. */
export function postgresUnsuitable(needs: PostgresNeeds, here: string, cause: DrillError): DrillError {
  return new DrillError({
    code: 'postgres-unsuitable',
    where: 'substrate/local',
    what: `The backup of the database needs ${needsInWords(needs)}. ${here}; and as a container: ${cause.what}`,
    next: cause.next,
    blame: 'environment',
    cause,
    tail: cause.tail,
  });
}
