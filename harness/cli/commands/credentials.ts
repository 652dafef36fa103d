import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { Journal } from '../../engine/journal.ts';
import { makeRunId } from '../../engine/run-id.ts';
import { SecretStore } from '../../engine/secret-store.ts';
import { type BreakGlass, fillSecrets, readBreakGlass } from '../../existing/configuration/break-glass.ts';
import { loadConfig } from '../../existing/configuration/load-config.ts';
import type { OwnDrill } from '../../existing/configuration/plug-in.ts';
import { type CredentialReport, proveCredentials } from '../../existing/configuration/prove-credentials.ts';
import { seenFolder, seenSnapshot } from '../../existing/restore/seen-folder.ts';
import { DrillError } from '../../model/error.ts';
import { Secret } from '../../model/secret.ts';
import { World } from '../../model/target.ts';
import { alignColumns } from '../columns.ts';
import { onInterrupt } from '../interrupt.ts';
import { openLocal } from '../open-substrate.ts';
import { runsFolder } from '../run-store.ts';

interface Options {
  readonly config: string;
  readonly breakGlass: string;
  readonly json?: boolean;
}

/** `drill credentials <name>`. */
export function credentialsCommand(): Command {
  return new Command('credentials')
    .description(
      'prove that what was written down for a disaster opens the backups; every secret is used once, to read',
    )
    .argument('<drill>', 'its name in the configuration')
    .requiredOption('--config <file>', 'the file that describes the backups')
    .requiredOption('--break-glass <file>', 'YAML with every secret by the name that the configuration gives it')
    .option('--json', 'print the result as JSON on stdout')
    .action(async (name: string, options: Options) => {
      process.exitCode = await prove(name, options);
    });
}

async function prove(name: string, { config, breakGlass, json }: Options): Promise<number> {
  const glass = readBreakGlass(breakGlass);
  const drills = await loadConfig(config, (raw) => fillSecrets(raw, glass));
  const drill = drills[name];
  if (!drill) throw unknownDrill(name, config);
  const reports = await inSandbox(name, drill, glass);
  const words = reports.map(({ name: secret, verdict, saw }) => [verdict.toUpperCase(), secret, saw]);
  const text = reports.length === 0 ? 'The backups need no secret.' : alignColumns(words).join('\n');
  process.stdout.write(json ? `${JSON.stringify({ drill: name, credentials: reports }, null, 2)}\n` : `${text}\n`);
  if (reports.some(({ verdict }) => verdict === 'missing' || verdict === 'wrong')) return 1;
  return reports.some(({ verdict }) => verdict === 'unknown') ? 2 : 0;
}

/** Nothing of the user's environment is passed on to the tools, and nothing is left of the sandbox but its logs. */
async function inSandbox(name: string, drill: OwnDrill, glass: BreakGlass): Promise<CredentialReport[]> {
  const runId = makeRunId(`${name}-credentials`);
  const folder = join(runsFolder(), runId);
  const logsFolder = join(folder, 'logs');
  mkdirSync(logsFolder, { recursive: true });
  const secrets = new SecretStore();
  for (const [key, value] of glass) for (const line of value.split('\n')) secrets.add(new Secret(key, line.trim()));
  const mask = (text: string) => secrets.mask(text);
  // Not the name of a run's journal: nothing was restored that `drill runs` could list.
  using journal = new Journal(join(folder, 'commands.jsonl'), mask);
  const interrupt = onInterrupt();
  const { signal } = interrupt;
  const note = (event: string, facts: Readonly<Record<string, unknown>>) => journal.write(event, facts);
  const open = openLocal({ s3: 'versitygw', onNote: (line) => process.stderr.write(`${line}\n`) });
  await using substrate = await open({
    ...{ runId, logsFolder, signal, mask, note, untrusted: true },
    secret: (one) => secrets.secret(one),
  });
  try {
    return await proveCredentials(drill, {
      component: 'credentials',
      restored: new World([]),
      listed: async () => {},
      vouched: async (files) => void (await Array.fromAsync(files)),
      choose: async (...programs) => await substrate.choose(programs),
      run: async (job) => await substrate.run(job),
      volume: (volume) => substrate.volume(volume),
      folder: (path) => seenFolder(substrate, path),
      snapshot: (kept) => seenSnapshot(substrate, kept),
    });
  } finally {
    interrupt.release();
  }
}

function unknownDrill(name: string, file: string): DrillError {
  return new DrillError({
    code: 'drill-unknown',
    where: 'cli',
    what: `${file} describes no drill "${name}".`,
    next: 'give one of the names below `drills:` in it.',
    blame: 'usage',
  });
}
