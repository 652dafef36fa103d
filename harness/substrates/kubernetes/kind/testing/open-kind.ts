import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { SecretStore } from '../../../../engine/secret-store.ts';
import { Docker } from '../../../../machine/docker/docker.ts';
import { hasImage } from '../../../../machine/docker/postgres-image.ts';
import { openToolbox } from '../../../../machine/tools/toolbox/toolbox.ts';
import { DrillError } from '../../../../model/error.ts';
import type { PathContext } from '../../../../model/path.ts';
import type { SubstrateContext } from '../../../../model/substrate.ts';
import { IMAGE_ROLES, IMAGES_VARIABLE, type ImageMap, loadImages } from '../../core/images.ts';
import { Kube } from '../../core/kube/kube.ts';
import { labelsOf } from '../../core/kube/labels.ts';
import { Pods } from '../../core/kube/pods.ts';
import { ClaimVolume } from '../../core/volume/claim-volume.ts';
import { type KindOptions, KindSubstrate } from '../kind.ts';

const PORTS = 40;
/** The images are on the machine already, and a busy one unpacks them slowly. */
const START_BUDGET_MS = 120_000;

const OPEN_BUDGET_MS = 10 * 60_000;

export interface KindForTest {
  readonly substrate: KindSubstrate;
  readonly context: SubstrateContext;
  readonly docker: Docker;
  readonly images: ImageMap;
  /** The cluster's API, for what the substrate does not offer. */
  readonly kube: Kube;
  readonly notes: { readonly event: string; readonly facts: Readonly<Record<string, unknown>> }[];
}

/** The cluster of a file of tests, there as long as one of them runs. */
export interface FileKind extends KindForTest {
  /** Why there can be none. */
  readonly missing: string | undefined;
}

/** What a cluster for tests is made of; otherwise why there can be none on this machine. */
export async function clusterParts(): Promise<{ docker: Docker; images: ImageMap } | string> {
  const docker = await Docker.find();
  if (!(docker instanceof Docker)) return docker;
  const toolbox = await openToolbox();
  for (const program of ['kind', 'kubectl']) if (!(await toolbox.find(program))) return `there is no ${program}`;
  const images = loadImages(imagesFile());
  for (const role of IMAGE_ROLES) {
    const image = images[role];
    if (!image || !(await hasImage(docker, image))) return `the image of ${role} (${image}) is not on this machine`;
  }
  return { docker, images };
}

/** A cluster of its own, with its own log folder; both go when it is disposed of. */
export async function openKindForTest(
  { docker, images }: { docker: Docker; images: ImageMap },
  options: Partial<KindOptions> = {},
  asked: Pick<SubstrateContext, 'outlive' | 'reads' | 'readsOver' | 'untrusted'> = {},
): Promise<KindForTest & AsyncDisposable> {
  const folder = mkdtempSync(join(tmpdir(), 'drill-test-'));
  const secrets = new SecretStore();
  const notes: KindForTest['notes'] = [];
  const context: SubstrateContext = {
    runId: `test-${process.pid}-${Date.now().toString(36)}`,
    logsFolder: join(folder, 'logs'),
    signal: new AbortController().signal,
    secret: (name) => secrets.secret(name),
    mask: (text) => secrets.mask(text),
    note: (event, facts) => notes.push({ event, facts }),
    ...asked,
  };
  mkdirSync(context.logsFolder);
  const toolbox = await openToolbox();
  const substrate = await KindSubstrate.open(context, {
    ...{ toolbox, images, ports: PORTS, startBudgetMs: START_BUDGET_MS },
    ...options,
  });
  const { name: namespace, kubeconfig } = substrate.address;
  const kubectl = (await toolbox.provide('kubectl')).location;
  const kube = new Kube({ kubeconfig, namespace, kubectl, signal: context.signal });
  return {
    ...{ substrate, context, docker, images, kube, notes },
    [Symbol.asyncDispose]: async () => {
      await substrate[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * One cluster for all tests of a file, which are skipped where there can be none. `left` looks at what it has left behind.
 */
export function kindForFile(
  options: Partial<KindOptions> = {},
  asked: Pick<SubstrateContext, 'outlive' | 'reads' | 'readsOver' | 'untrusted'> = {},
  left: (gone: KindForTest) => Promise<void> = async () => {},
): FileKind {
  let opened: (KindForTest & AsyncDisposable) | undefined;
  let missing: string | undefined;
  beforeAll(async () => {
    const parts = await clusterParts();
    if (typeof parts === 'string') missing = parts;
    else opened = await openKindForTest(parts, options, asked);
  }, OPEN_BUDGET_MS);
  beforeEach((ctx) => {
    if (missing) ctx.skip(missing);
  });
  afterAll(async () => {
    await opened?.[Symbol.asyncDispose]();
    if (opened) await left(opened);
  }, OPEN_BUDGET_MS);
  const the = <Part extends keyof KindForTest>(part: Part): KindForTest[Part] => {
    if (!opened) throw new Error(missing ?? 'the cluster is not there before the tests begin');
    return opened[part];
  };
  return {
    get substrate() {
      return the('substrate');
    },
    get context() {
      return the('context');
    },
    get docker() {
      return the('docker');
    },
    get images() {
      return the('images');
    },
    get kube() {
      return the('kube');
    },
    get notes() {
      return the('notes');
    },
    get missing() {
      return missing;
    },
  };
}

/** What a path gets to work with for one component, without an engine. */
export async function kindContext({ substrate, context }: KindForTest, component: string): Promise<PathContext> {
  return {
    component,
    at: new Date(),
    bucket: await substrate.bucket(`backups-${Math.random().toString(36).slice(2)}`),
    vault: await substrate.vault(),
    workloadName: 'photos',
    workloadVersion: 'v1.0.0',
    folderMarkers: ['.keep'],
    secret: (name) => context.secret(`${component}-${name}`),
    choose: async (...programs) => await substrate.choose(programs),
    run: async (job) => await substrate.run(job),
  };
}

/** A volume whose storage class does not exist: its claim stays Pending for ever. */
export async function pendingVolume({ kube, context }: KindForTest, budgetMs: number): Promise<ClaimVolume> {
  const pods = new Pods(kube, context.runId, budgetMs);
  const host = { kube, pods, image: 'none', workFolder: tmpdir(), clientEnv: {} };
  const labels = labelsOf(context.runId, 'volume');
  const claim = `pending-${Math.random().toString(36).slice(2)}`;
  return await ClaimVolume.create('pending', { claim, size: '1Gi', storageClass: 'no-such-class', labels }, host);
}

/** The error that a promise ends with. */
export async function errorOf(work: Promise<unknown>): Promise<DrillError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof DrillError) return error;
  throw new Error('there was no error of ours', { cause: error });
}

/** `DRILL_IMAGES`, or `images.json` in the folder that `LAB_HOME` names. */
export function imagesFile(): string | undefined {
  const { [IMAGES_VARIABLE]: file, LAB_HOME: lab } = process.env;
  return file ?? (lab ? join(lab, 'images.json') : undefined);
}
