import { beforeAll, describe, expect, it } from 'vitest';
import { resources } from '../../../../checks/resources.ts';
import { EvidenceBuilder } from '../../../../checks/testing/evidence-builder.ts';
import { judged, subjects } from '../../../../checks/testing/verdict-of.ts';
import type { Judgement } from '../../../../model/check.ts';
import type { Step } from '../../../../model/job.ts';
import type { ResourceObject } from '../../../../model/manifest.ts';
import type { PathContext, Receipt } from '../../../../model/path.ts';
import type { Manifest, Resources } from '../../../../model/resources.ts';
import { kubeExport } from '../../../../paths/kube-export.ts';
import { errorOf, type FileKind, kindContext } from './open-kind.ts';

const OPEN_BUDGET_MS = 5 * 60_000;
const PASSWORD = 'a password that nobody may read 4711';

const labels = { app: 'photos' };
const pod = { metadata: { labels }, spec: { containers: [{ name: 'main', image: 'photos:v1' }] } };
const MANIFESTS: Manifest[] = [
  {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'settings', labels },
    data: { 'photos.yaml': 'a: 1\nb: "ü \\ \'x\'"\n', mode: 'fast' },
    binaryData: { icon: Buffer.from([0, 255, 10]).toString('base64') },
  },
  { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'database' }, stringData: { password: PASSWORD } },
  {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'library' },
    spec: { accessModes: ['ReadWriteOnce'], storageClassName: 'slow', resources: { requests: { storage: '1Gi' } } },
  },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'photos' },
    spec: { selector: labels, ports: [{ port: 80 }] },
  },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'headless' },
    spec: { clusterIP: 'None', selector: labels, ports: [{ port: 80 }] },
  },
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'photos', annotations: { owner: 'anna' } },
    spec: { replicas: 0, selector: { matchLabels: labels }, template: pod },
  },
];

interface Made {
  readonly context: PathContext;
  readonly source: Resources;
  readonly before: readonly ResourceObject[];
  readonly receipt: Receipt;
}

/** Puts something into an export before it is sealed. */
function adding(stranger: object): (step: Step) => Step[] {
  const script = 'jq --argjson it "$1" ". + [\\$it]" "$2" >"$2.new" && mv "$2.new" "$2"';
  return (step) =>
    step.program === 'jq' && step.stdout
      ? [step, { program: 'sh', args: ['-c', script, 'sh', JSON.stringify(stranger), step.stdout] }]
      : [step];
}

const path = kubeExport({ storageClasses: { slow: 'quick' } });

/** What the judge says of a namespace, against the one that was backed up. */
async function verdictOn(target: Resources, made: Made): Promise<Judgement> {
  const after = await Array.fromAsync(target.list());
  const builder = new EvidenceBuilder()
    .with({ struck: ['photos'], promises: { photos: path.promises } })
    .list('before', 'photos', 'resources', made.before)
    .list('after', 'photos', 'resources', after);
  return await judged(resources('photos'), builder);
}

/** Tests of the export of resources, in a cluster that tests of other paths use as well. */
export function describeKubeExport(kind: FileKind): void {
  describe('the resources of a namespace', () => {
    let made: Made;

    async function restored(): Promise<Resources> {
      const target = await kind.substrate.resources('photos-restored');
      await path.restore({ ...made.context, receipt: made.receipt, target });
      return target;
    }

    beforeAll(async () => {
      if (kind.missing) return;
      const context = await kindContext(kind, 'photos');
      const source = await kind.substrate.resources('photos');
      await source.create(MANIFESTS);
      const before = await Array.fromAsync(source.list());
      made = { context, source, before, receipt: await path.backup({ ...context, source }) };
      await source.destroy();
    }, OPEN_BUDGET_MS);

    it('are recorded without plain secrets, and without what the cluster made by itself', async () => {
      expect(made.before.map(({ id }) => id)).toEqual([
        'ConfigMap settings',
        'Deployment photos',
        'PersistentVolumeClaim library',
        'Secret database',
        'Service headless',
        'Service photos',
      ]);
      const text = JSON.stringify(made.before);
      expect(text).not.toContain(PASSWORD);
      expect(text).not.toContain(Buffer.from(PASSWORD).toString('base64'));
    });

    it('are gone with their namespace', async () => {
      expect(await made.source.exists()).toBe(false);
    });

    it('never reach the backup store in plain', async () => {
      const { bucket } = made.context;
      const objects = await Array.fromAsync(bucket.list());
      expect(objects).toHaveLength(1);
      for (const { key } of objects) {
        const bytes = Buffer.from(await bucket.get(key));
        expect(bytes.toString('utf8')).toMatch(/^age-encryption\.org\/v1/);
        expect(bytes.includes(PASSWORD) || bytes.includes('photos.yaml')).toBe(false);
      }
    });

    it('come back into a new namespace field by field, claims in the class that was asked for', async () => {
      const target = await restored();
      expect(target.identity).not.toBe(made.source.identity);
      expect(await verdictOn(target, made)).toMatchObject({ verdict: 'pass' });
      const values = await target.secretValues();
      expect(values).toEqual([{ name: 'database/password', value: PASSWORD }]);
      const claim = await kind.kube.core.readNamespacedPersistentVolumeClaim({
        namespace: target.namespace,
        name: 'library',
      });
      expect(claim.spec?.storageClassName).toBe('quick');
    });

    it('are judged by name when a field is changed, a Secret is missing, or a key of a ConfigMap is lost', async () => {
      const target = await restored();
      const { namespace } = target;
      const { core, apps } = kind.kube;
      const deployment = await apps.readNamespacedDeployment({ namespace, name: 'photos' });
      const [container] = deployment.spec?.template.spec?.containers ?? [];
      if (!container) throw new Error('the Deployment has no container');
      container.image = 'photos:v0';
      await apps.replaceNamespacedDeployment({ namespace, name: 'photos', body: deployment });
      await core.deleteNamespacedSecret({ namespace, name: 'database' });
      const settings = await core.readNamespacedConfigMap({ namespace, name: 'settings' });
      delete settings.data?.mode;
      await core.replaceNamespacedConfigMap({ namespace, name: 'settings', body: settings });
      const judgement = await verdictOn(target, made);
      expect(judgement.verdict).toBe('fail');
      expect(subjects(judgement)).toEqual([
        'ConfigMap settings data.mode',
        'Deployment photos spec.template.spec.containers[0].image',
        'Secret database',
      ]);
    });

    it('are refused where they are already, with what the API says and no secret in it', async () => {
      const target = await restored();
      const error = await errorOf(path.restore({ ...made.context, receipt: made.receipt, target }));
      expect(error).toMatchObject({
        code: 'job-failed',
        blame: 'backup',
        tail: expect.stringContaining('already exists'),
      });
      expect(error.tail).not.toContain(Buffer.from(PASSWORD).toString('base64'));
    });
  });

  it('an export that holds what is never exported makes nothing, and what it holds is never run', async () => {
    const source = await kind.substrate.resources('hostile');
    await source.create([MANIFESTS[0] as Manifest]);
    const strangers = [
      { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: 'all' } },
      { apiVersion: 'apps/v1beta1', kind: 'Deployment', metadata: { name: 'other-api' } },
      { apiVersion: 'v1', kind: 'Secret', type: 'kubernetes.io/service-account-token', metadata: { name: 'token' } },
    ];
    for (const [i, stranger] of strangers.entries()) {
      const context = await kindContext(kind, `hostile-${i}`);
      const run: PathContext['run'] = (job) =>
        context.run({ ...job, steps: (at) => job.steps(at).flatMap(adding(stranger)) });
      const receipt = await path.backup({ ...context, run, source });
      const target = await kind.substrate.resources('hostile-restored');
      const error = await errorOf(path.restore({ ...context, receipt, target }));
      expect(error.tail).toContain(`not among what is exported: ${stranger.apiVersion} ${stranger.kind}`);
      expect(await Array.fromAsync(target.list())).toEqual([]);
    }
    const { core } = kind.kube;
    const { namespace } = source;
    const body = { metadata: { name: 'x' }, spec: { hostNetwork: true, containers: [{ name: 'x', image: 'x' }] } };
    await expect(core.createNamespacedPod({ namespace, body })).rejects.toThrow(/PodSecurity|exceeded quota/);
  });

  it('an account for one namespace may not read another', async () => {
    const [one, other] = [await kind.substrate.resources('one'), await kind.substrate.resources('other')];
    const context = await kindContext(kind, 'one');
    const run: PathContext['run'] = (job) => context.run({ ...job, resources: other });
    expect(await errorOf(path.backup({ ...context, run, source: one }))).toMatchObject({
      code: 'job-failed',
      tail: expect.stringContaining('403'),
    });
  });
}
