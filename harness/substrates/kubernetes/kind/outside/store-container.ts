import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pRetry from 'p-retry';
import { RUN_LABEL, removeContainers } from '../../../../machine/docker/containers.ts';
import type { Docker } from '../../../../machine/docker/docker.ts';
import { nameOfRun } from '../../../../machine/docker/run-name.ts';
import { answersS3, type S3Address } from '../../../../machine/object-store/s3-client.ts';
import type { S3ServerName } from '../../../../machine/object-store/s3-servers.ts';
import { DrillError } from '../../../../model/error.ts';
import type { Secret } from '../../../../model/secret.ts';
import { EXPIRES_ANNOTATION } from '../../core/kube/labels.ts';
import { S3_CALLS, S3_DATA, S3_PORT, S3_REGION } from '../../core/services/s3.ts';

const PULL_BUDGET_MS = 10 * 60_000;
const READY_BUDGET_MS = 60_000;
const READY_POLL_MS = 200;
const PART_LABEL = 'restore-drill.part';
const STORE = 'store';

/** A backup store beside the clusters of a run. */
export interface StoreSpec {
  readonly docker: Docker;
  readonly runId: string;
  /** The Docker network that the clusters are in. */
  readonly network: string;
  readonly workFolder: string;
  readonly expiresAt: string;
  readonly server: S3ServerName;
  readonly version: string;
  readonly image: string;
  readonly accessKey: Secret;
  readonly secretKey: Secret;
  readonly signal: AbortSignal;
}

/** An S3 server that no cluster takes along: jobs reach it in the Docker network, the harness by a port of 127.0.0.1. */
export async function startStore(spec: StoreSpec): Promise<S3Address & { stop(): Promise<void> }> {
  const { docker, network, runId, server } = spec;
  const id = await start(spec, await environmentFile(spec));
  const stop = () => removeContainers(docker, { [RUN_LABEL]: runId, [PART_LABEL]: STORE });
  try {
    const ip = await ask(docker, [
      'inspect',
      '--format',
      `{{(index .NetworkSettings.Networks "${network}").IPAddress}}`,
      id,
    ]);
    const published = await ask(docker, ['port', id, `${S3_PORT}/tcp`]);
    const { accessKey, secretKey } = spec;
    const address: S3Address = {
      ...{ endpoint: `http://${ip}:${S3_PORT}`, outside: `http://${published.split('\n')[0]}`, region: S3_REGION },
      ...{ accessKey, secretKey, server: `${server} ${spec.version}, outside of the cluster` },
    };
    await answering(spec, address);
    return { ...address, stop };
  } catch (error) {
    // What happened counts; what cannot be removed now, `drill gc` finds.
    await stop().catch(() => {});
    throw error;
  }
}

/** That of its run, of which several may be in one network. */
function nameOf({ runId }: StoreSpec): string {
  return `${nameOfRun(runId)}-${STORE}`;
}

async function start(spec: StoreSpec, variables: string): Promise<string> {
  const { docker, network, runId, server, image, signal } = spec;
  const labels = { [RUN_LABEL]: runId, [PART_LABEL]: STORE, [EXPIRES_ANNOTATION]: spec.expiresAt };
  const args = [
    ...['run', '--detach', '--name', nameOf(spec), '--network', network, '--user', '0:0'],
    ...Object.entries(labels).flatMap(([name, value]) => ['--label', `${name}=${value}`]),
    ...['--publish', `127.0.0.1::${S3_PORT}`, '--mount', `type=volume,dst=${S3_DATA}`, '--env-file', variables],
    ...[image, ...S3_CALLS[server].args],
  ];
  const ran = await docker.run(args, { budgetMs: PULL_BUDGET_MS, signal });
  if (ran.ok) return ran.stdout.trim();
  throw new DrillError({
    code: 'store-not-started',
    where: 'substrate/kind',
    what: `The backup store, a container of the image ${image} beside the cluster, could not be started.`,
    next: 'read what Docker says; an image that is not there is named in the file that DRILL_IMAGES names.',
    blame: 'environment',
    tail: ran.tail,
  });
}

/** Docker's client reads them from a file: arguments can be seen by everybody. */
async function environmentFile({ workFolder, server, accessKey, secretKey }: StoreSpec): Promise<string> {
  const { access, secret, env } = S3_CALLS[server];
  const all = { ...env, [access]: accessKey.reveal(), [secret]: secretKey.reveal() };
  const file = join(workFolder, 'store.env');
  await writeFile(file, '', { mode: 0o600 });
  await chmod(file, 0o600);
  await writeFile(
    file,
    Object.entries(all)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
  );
  return file;
}

async function ask(docker: Docker, args: readonly string[]): Promise<string> {
  const ran = await docker.run(args);
  if (ran.ok) return ran.stdout.trim();
  throw notReady(ran.tail);
}

async function answering(spec: StoreSpec, address: S3Address): Promise<void> {
  const { docker, signal } = spec;
  try {
    await pRetry(() => answersS3(address), {
      retries: READY_BUDGET_MS / READY_POLL_MS,
      ...{ minTimeout: READY_POLL_MS, factor: 1, maxRetryTime: READY_BUDGET_MS, signal },
      shouldRetry: () => true,
    });
  } catch (error) {
    signal.throwIfAborted();
    const said = await docker.run(['logs', '--tail', '20', nameOf(spec)]);
    throw notReady([said.stdout, said.tail, String(error)].join('\n').trim());
  }
}

function notReady(tail: string): DrillError {
  return new DrillError({
    code: 'service-not-ready',
    where: 'service/store',
    what: `The backup store beside the cluster was started, but did not answer within ${READY_BUDGET_MS / 1000} s.`,
    next: 'see what it says, and whether its image is an S3 server.',
    blame: 'environment',
    tail,
  });
}
