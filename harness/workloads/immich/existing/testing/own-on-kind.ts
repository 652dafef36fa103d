import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, vi } from 'vitest';
import type { Docker } from '../../../../machine/docker/docker.ts';
import { openToolbox } from '../../../../machine/tools/toolbox/toolbox.ts';
import type { RunResult } from '../../../../model/result.ts';
import {
  clusterParts,
  type KindForTest,
  openKindForTest,
} from '../../../../substrates/kubernetes/kind/testing/open-kind.ts';
import { type LocalForTest, openLocalForTest } from '../../../../substrates/local/testing/open-local.ts';
import { rehearsalOf } from '../configuration/rehearsal-of.ts';
import { drillOwn, shared, upgradeOwn } from './drill-own.ts';
import { NextVersions } from './next-version.ts';
import { noRealLibraries, RealLibrary } from './real-library.ts';
import { type RecordingProxy, recordRequests } from './recording-proxy.ts';

/** The password of repositories, which the variable `OWN_PASSWORD` holds; that in `OWN_WRONG` is another. */
export const PASSWORD = 'a password of their own';
const SETUP_BUDGET_MS = 10 * 60_000;

/** A real library of v2.7.5, backed up by hand, and one cluster in which drills of it run. */
export interface OwnOnKind {
  readonly library: RealLibrary;
  /** The bucket `photos` is reached through it, at an address that pods know this machine by. */
  readonly proxy: RecordingProxy;
  /** The keys of that bucket; the variables `OWN_KEY` and `OWN_SECRET` hold them as well. */
  keys(): Record<string, string>;
  /** A path below the folder of the file of tests, of which the cluster sees `mirror`, `restic` and `v2.7.5/dumps`. */
  at(...names: string[]): string;
  /** Puts the files of the library into `mirror`; the folder stays, which the node has mounted. */
  mirror(): void;
  /** The configuration of that mirror with the dump beside it. */
  mirrored(): { readonly library: object; readonly database: object };
  drill(config: object, look?: (result: RunResult) => void): Promise<RunResult>;
  /** Takes the mirror to a newer version in a pod. */
  upgrade(): Promise<RunResult>;
}

const parts = await clusterParts();
const missing = noRealLibraries() ?? (typeof parts === 'string' ? parts : undefined);

/** Tests with a cluster of their own. */
export function describeOwnOnKind(tests: (own: OwnOnKind) => void): void {
  describe.skipIf(missing)(`backups made by hand, on kind${missing ? `: ${missing}` : ''}`, () => {
    let local: LocalForTest;
    let library: RealLibrary;
    let versions: NextVersions;
    let next: string;
    let proxy: RecordingProxy;
    let kind: KindForTest & AsyncDisposable;
    const at = (...names: string[]) => join(local.folder, ...names);

    beforeAll(async () => {
      if (typeof parts === 'string') return;
      const image = parts.images.postgres ?? '';
      local = await openLocalForTest({
        env: { ...process.env, DRILL_POSTGRES: 'container', DRILL_POSTGRES_IMAGE: image },
      });
      library = await RealLibrary.open('v2.7.5', local, image);
      for (const folder of ['mirror', 'restic']) mkdirSync(at(folder));
      await library.dump('dumps/immich', ['--format=directory']);
      versions = new NextVersions(image);
      next = await versions.build('kind');
      // Pods reach this machine at the address of Docker's own bridge, and nobody outside of it does.
      const bucket = await local.substrate.bucket('photos');
      proxy = await recordRequests(bucket.endpoint, await bridgeOf(parts.docker));
      vi.stubEnv('OWN_PASSWORD', PASSWORD).stubEnv('OWN_WRONG', 'another password');
      vi.stubEnv('OWN_KEY', bucket.accessKey.reveal()).stubEnv('OWN_SECRET', bucket.secretKey.reveal());
      const reads = [at('mirror'), at('v2.7.5/dumps'), at('restic')];
      const readsOver = [Number(new URL(proxy.endpoint).port)];
      kind = await openKindForTest(parts, { moreImages: [next] }, { reads, readsOver, untrusted: true });
    }, SETUP_BUDGET_MS);

    afterAll(async () => {
      vi.unstubAllEnvs();
      await kind?.[Symbol.asyncDispose]();
      await proxy?.[Symbol.asyncDispose]();
      await versions?.[Symbol.asyncDispose]();
      await local?.[Symbol.asyncDispose]();
    }, SETUP_BUDGET_MS);

    const mirrored = () => ({
      library: { folder: at('mirror') },
      database: { folder: at('v2.7.5/dumps'), dump: 'immich' },
    });
    tests({
      at,
      mirrored,
      get library() {
        return library;
      },
      get proxy() {
        return proxy;
      },
      keys: () => ({
        AWS_ACCESS_KEY_ID: process.env.OWN_KEY ?? '',
        AWS_SECRET_ACCESS_KEY: process.env.OWN_SECRET ?? '',
      }),
      mirror: () => cpSync(library.media, at('mirror'), { recursive: true, preserveTimestamps: true }),
      drill: (config, look) => drillOwn(local.folder, config, look, rehearsalOf, shared(kind.substrate)),
      upgrade: () => upgradeOwn(local.folder, mirrored(), next, shared(kind.substrate)),
    });
  });
}

/** Where a program is that jobs would use as well. */
export async function toolAt(program: string): Promise<string> {
  return (await (await openToolbox()).provide(program)).location;
}

async function bridgeOf(docker: Docker): Promise<string> {
  const format = '{{with index .IPAM.Config 0}}{{.Gateway}} {{.Subnet}}{{end}}';
  const { stdout } = await docker.run(['network', 'inspect', 'bridge', '--format', format]);
  const [gateway, subnet = ''] = stdout
    .trim()
    .split(' ')
    .filter((word) => word !== '<no');
  // A daemon that has never been started again tells no gateway: it is the first address.
  return gateway?.includes('/') === false ? gateway : (gateway ?? subnet).replace(/0\/\d+$/, '1');
}
