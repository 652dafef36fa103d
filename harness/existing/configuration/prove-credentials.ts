import { DrillError } from '../../model/error.ts';
import type { Job, Step } from '../../model/job.ts';
import { Secret } from '../../model/secret.ts';
import { rcloneCall, remoteOf } from '../../paths/objects/transfer.ts';
import { chooseFile } from '../places/choose-file.ts';
import type { PlaceContext } from '../places/place.ts';
import { isFolder } from '../places/restic-repository.ts';
import { psqlStep } from '../sources/live/ask-server.ts';
import type { SealedConfig } from './config-fields.ts';
import type { PlaceConfig } from './place-config.ts';
import { placeOf } from './place-of.ts';
import type { OwnDrill } from './plug-in.ts';
import { isSetting } from './tool-settings.ts';

/** What is known of one secret of the break-glass file; `unknown` is one that could not be tried. */
export interface CredentialReport {
  readonly name: string;
  readonly verdict: 'works' | 'missing' | 'wrong' | 'unknown';
  readonly saw: string;
}

const REFUSED: readonly { readonly said: RegExp; readonly blames: (field: string) => boolean }[] = [
  { said: /wrong password or no key found|password authentication failed/i, blames: (field) => field === 'password' },
  {
    said: /InvalidAccessKeyId|access key id you provided does not exist|No user exists with the provided access key/i,
    blames: (field) => /^(aws_)?access_?key(_id)?$/i.test(field),
  },
  {
    said: /SignatureDoesNotMatch|request signature we calculated does not match/i,
    blames: (field) => /secret/i.test(field),
  },
  {
    said: /AccessDenied|Access Denied|403 Forbidden|401 Unauthorized/i,
    blames: (field) => /key|secret|user|pass|token/i.test(field) && field !== 'password',
  },
  {
    said: /no identity matched|malformed|unknown identity|no identities found|error: reading .*identity/i,
    blames: (field) => field === 'identity',
  },
];

/** restic tries for a quarter of an hour with a key that the server does not know; what it says meanwhile is kept. */
const TRY_BUDGET_MS = 30_000;

/** Proves every secret of a drill by using it as little as can be, and only to read: nobody is locked out or changed by it. */
export async function proveCredentials(
  { config, plugIn }: OwnDrill,
  context: PlaceContext,
): Promise<CredentialReport[]> {
  const reports = new Map<string, CredentialReport>();
  const note = (report: CredentialReport) => {
    const known = reports.get(report.name);
    // Used twice, it has to work twice; that it could not be tried in one place says nothing of the other.
    if (!known || known.verdict === 'unknown' || (known.verdict === 'works' && report.verdict === 'wrong'))
      reports.set(report.name, report);
  };
  const places = { ...plugIn.placesOf(config), sealed: config.sealed };
  for (const [component, place] of Object.entries(places)) {
    if (!place) continue;
    const used = { ...secretsOf(place), ...('identity' in place && { identity: place.identity }) };
    const missing = Object.values(used).filter((secret) => secret.reveal() === '');
    for (const { name } of missing)
      note({ name, verdict: 'missing', saw: `not in the break-glass file; ${component} needs it` });
    if (Object.keys(used).length === 0) continue;
    for (const report of await tried(component, used, missing, () => probe(component, place, context))) note(report);
  }
  return [...reports.values()];
}

async function tried(
  component: string,
  used: Readonly<Record<string, Secret>>,
  missing: readonly Secret[],
  work: () => Promise<string>,
): Promise<CredentialReport[]> {
  const rest = Object.entries(used).filter(([, secret]) => !missing.includes(secret));
  const all = (verdict: CredentialReport['verdict'], saw: string) =>
    rest.map(([, { name }]) => ({ name, verdict, saw }));
  if (missing.length > 0)
    return all(
      'unknown',
      `not tried: ${component} cannot be opened without ${missing.map(({ name }) => name).join(', ')}`,
    );
  try {
    return all('works', `${component}: ${await work()}`);
  } catch (error) {
    if (!(error instanceof DrillError)) throw error;
    const refusal = REFUSED.find(({ said }) => said.test(error.tail));
    if (!refusal || !rest.some(([field]) => refusal.blames(field)))
      return all('unknown', `${component}: ${error.what} ${lastLine(error.tail)}`);
    const said = lastLine(error.tail.split('\n').find((line) => refusal.said.test(line)) ?? '');
    return rest.map(([field, { name }]) => {
      if (refusal.blames(field)) return { name, verdict: 'wrong' as const, saw: `${component} refused it: ${said}` };
      // Whoever looks at the password has let the keys in.
      const past = refusal.blames('password') || refusal.blames('identity');
      return past
        ? { name, verdict: 'works' as const, saw: `${component} was reached with it` }
        : { name, verdict: 'unknown' as const, saw: `not tried: ${component} could not be opened` };
    });
  }
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}

function secretsOf({ restic, bucket, server }: PlaceConfig): Record<string, Secret> {
  const { repository, env = {} } = restic ?? {};
  const password = restic?.password ?? server?.password;
  const all = { ...env, repository, password, accessKey: bucket?.accessKey, secretKey: bucket?.secretKey };
  return Object.fromEntries(
    Object.entries(all).flatMap(([field, value]) =>
      value instanceof Secret && !isSetting(value) ? [[field, value]] : [],
    ),
  );
}

async function probe(component: string, place: PlaceConfig, context: PlaceContext): Promise<string> {
  if ('identity' in place) return await openSealed(place as SealedConfig, context);
  const { restic, bucket, server } = place;
  if (server) {
    await run(component, context, psqlStep(server, 'SELECT'));
    return `${server.host}:${server.port} let ${server.user} in`;
  }
  if (restic) {
    const { repository, password, env } = restic;
    const opens = { ...env, RESTIC_REPOSITORY: repository, RESTIC_PASSWORD: password };
    const step = { program: 'restic', args: ['--no-lock', 'cat', 'config'], env: opens };
    if (isFolder(repository)) await run(component, context, step, (await context.folder(repository)).volumes);
    else await run(component, context, { ...step, reachesOut: true });
    return 'restic opened the repository';
  }
  if (!bucket) return 'no credential is needed';
  const { endpoint, region = 'us-east-1', name, prefix = '', accessKey, secretKey } = bucket;
  const address = { endpoint, region, name, accessKey, secretKey };
  await run(component, context, rcloneCall(address, ['lsf', '--max-depth', '1', remoteOf(address, prefix)]));
  return `the bucket ${name} was listed`;
}

async function run(component: string, context: PlaceContext, step: Step, volumes: Job['volumes'] = []): Promise<void> {
  await context.run({ name: `${component}.opens`, volumes, steps: () => [step], deadlineMs: TRY_BUDGET_MS });
}

/** Decrypts one stored file to nowhere. */
async function openSealed(sealed: SealedConfig, context: PlaceContext): Promise<string> {
  const { path = '', file, identity } = sealed;
  const open = await placeOf(sealed).open(context);
  const chosen = chooseFile(await open.list(path), file, `${open.id}/${path}`);
  const volume = await context.volume('sealed');
  await volume.write('identity', Buffer.from(`${identity.reveal()}\n`), { mode: 0o600 });
  const at = (name: string) => `${volume.path}/${name}`;
  await context.run({
    name: 'sealed.opens',
    volumes: [...open.volumes, { volume }],
    steps: () => [
      ...open.fetchFile([path, chosen.path].filter(Boolean).join('/'), at('sealed')),
      { program: 'age', args: ['--decrypt', '--identity', at('identity'), '--output', '/dev/null', at('sealed')] },
    ],
  });
  return `age decrypted ${chosen.path}`;
}
