import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SecretStore } from '../../../engine/secret-store.ts';
import { nameOfRun } from '../../../machine/docker/run-name.ts';
import { openToolbox } from '../../../machine/tools/toolbox/toolbox.ts';
import { folderNameOf, workRoot } from '../../../machine/work-folders/work-root.ts';
import type { SubstrateContext } from '../../../model/substrate.ts';
import { KindSubstrate } from './kind.ts';
import { clusterParts, errorOf } from './testing/open-kind.ts';

/** No node is ready so soon. */
const NEVER_READY_MS = 1;

let parts: Exclude<Awaited<ReturnType<typeof clusterParts>>, string>;
let folder: string;
let context: SubstrateContext;
beforeEach(async (ctx) => {
  const found = await clusterParts();
  if (typeof found === 'string') return ctx.skip(found);
  parts = found;
  folder = mkdtempSync(join(tmpdir(), 'drill-test-'));
  const secrets = new SecretStore();
  context = {
    runId: `test-${process.pid}-${Date.now().toString(36)}`,
    logsFolder: join(folder, 'logs'),
    signal: new AbortController().signal,
    secret: (name) => secrets.secret(name),
    mask: (text) => secrets.mask(text),
    note: () => {},
  };
  mkdirSync(context.logsFolder);
});
afterEach(() => {
  if (folder) rmSync(folder, { recursive: true, force: true });
});

async function leftovers(): Promise<object> {
  const name = nameOfRun(context.runId);
  const [containers, networks] = await Promise.all([
    parts.docker.run(['ps', '--all', '--quiet', '--filter', `label=io.x-k8s.kind.cluster=${name}`]),
    parts.docker.run(['network', 'ls', '--quiet', '--filter', `name=${name}`]),
  ]);
  const folders = existsSync(join(workRoot(), folderNameOf(context.runId, workRoot())));
  return { containers: containers.stdout, networks: networks.stdout, folders };
}

describe('a cluster that does not come up', () => {
  it('never gets ready: the node has its say, and nothing is left of it', async () => {
    const toolbox = await openToolbox();
    const opening = KindSubstrate.open(context, { toolbox, images: parts.images, readyBudgetMs: NEVER_READY_MS });
    expect(await errorOf(opening)).toMatchObject({
      code: 'cluster-not-ready',
      blame: 'environment',
      what: expect.stringMatching(/not ready within 0.001s/),
    });
    const [log = ''] = readdirSync(context.logsFolder);
    expect(log).toMatch(/^node\.drill-.*-control-plane\.log$/);
    expect(readFileSync(join(context.logsFolder, log), 'utf8')).toMatch(/# kubelet\n[\s\S]*kubelet[\s\S]*# containers/);
    expect(await leftovers()).toEqual({ containers: '', networks: '', folders: false });
  });

  it('has no node image: the error says which, and nothing is left of it', async () => {
    const toolbox = await openToolbox();
    const images = { ...parts.images, kindNode: 'drill.invalid/node:1' };
    expect(await errorOf(KindSubstrate.open(context, { toolbox, images }))).toMatchObject({
      code: 'cluster-not-made',
      blame: 'environment',
      what: expect.stringContaining('drill.invalid/node:1'),
    });
    expect(await leftovers()).toEqual({ containers: '', networks: '', folders: false });
  });
});
