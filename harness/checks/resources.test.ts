import { describe, expect, it } from 'vitest';
import type { ResourceObject } from '../model/manifest.ts';
import type { PathPromises } from '../model/path.ts';
import { fieldsOf } from './judging/resource-fields.ts';
import { resources } from './resources.ts';
import { EvidenceBuilder } from './testing/evidence-builder.ts';
import { judged, subjects } from './testing/verdict-of.ts';

const check = resources('resources');
const PROMISES: PathPromises = {
  keeps: { mode: true, owner: true, mtime: true, emptyFolders: true },
  leavesOut: [],
  quiesce: false,
};

type Part = Record<string, unknown>;

function resource(kind: string, name: string, rest: Part, metadata: Part = {}): ResourceObject {
  return { id: `${kind} ${name}`, manifest: { apiVersion: 'v1', kind, metadata: { name, ...metadata }, ...rest } };
}

/** What the server has put to the resources of one namespace. */
const byServer = (namespace: string): Part => ({
  namespace,
  uid: `uid-${namespace}`,
  resourceVersion: namespace,
  generation: namespace.length,
  creationTimestamp: namespace,
  managedFields: [{ manager: namespace, fieldsV1: { 'f:spec': {} } }],
});

const container = (image: string) => ({ name: 'server', image, env: [{ name: 'DB_HOSTNAME', value: 'db' }] });

function namespaceOf(name: string, ip: string): ResourceObject[] {
  const meta = byServer(name);
  const annotations = {
    'deployment.kubernetes.io/revision': name,
    'kubectl.kubernetes.io/last-applied-configuration': name,
    owner: 'anna',
  };
  const bound = { 'pv.kubernetes.io/bind-completed': 'yes', 'volume.kubernetes.io/selected-node': name };
  return [
    resource('ConfigMap', 'photos-config', { data: { 'a.yaml': 'x: 1', other: 'y' } }, meta),
    resource(
      'Deployment',
      'photos-server',
      { spec: { replicas: 0, template: { spec: { containers: [container('v3.1.0')] } } }, status: { seen: name } },
      { ...meta, annotations },
    ),
    resource(
      'PersistentVolumeClaim',
      'photos-library',
      { spec: { storageClassName: 'slow', volumeName: `pvc-${name}` }, status: { phase: name } },
      { ...meta, annotations: bound, finalizers: ['kubernetes.io/pvc-protection'] },
    ),
    resource('Secret', 'photos-database', { data: { password: 'sha256:abc' }, type: 'Opaque' }, meta),
    resource('Service', 'headless', { spec: { clusterIP: 'None', clusterIPs: ['None'] } }, meta),
    resource(
      'Service',
      'photos-server',
      { spec: { clusterIP: ip, clusterIPs: [ip], ipFamilies: ['IPv4'], ports: [{ port: 2283, nodePort: 30_000 }] } },
      meta,
    ),
  ];
}

function evidence(change: (all: readonly ResourceObject[]) => readonly ResourceObject[] = (all) => all) {
  return new EvidenceBuilder()
    .with({ struck: ['resources'], promises: { resources: PROMISES } })
    .list('before', 'resources', 'resources', namespaceOf('photos', '10.0.0.1'))
    .list('after', 'resources', 'resources', change(namespaceOf('photos-restored', '10.9.9.9')));
}

/** One resource with some of its parts replaced. */
function changed(id: string, parts: Part) {
  return evidence((all) =>
    all.map((one) => (one.id === id ? { ...one, manifest: { ...one.manifest, ...parts } } : one)),
  );
}

describe('resources', () => {
  it('passes the healthy twin in another namespace, whatever the server has set there', async () => {
    const judgement = await judged(check, evidence());
    expect(judgement).toMatchObject({ verdict: 'pass' });
    expect(judgement.actual).toMatch(/^\d\d fields of 6 resources compared, 0 differ$/);
  });

  it.each([
    ['ConfigMap photos-config', { data: { 'a.yaml': 'x: 2', other: 'y' } }, 'ConfigMap photos-config data["a.yaml"]'],
    ['ConfigMap photos-config', { data: { 'a.yaml': 'x: 1' } }, 'ConfigMap photos-config data.other'],
    ['Secret photos-database', { data: { password: 'sha256:abd' } }, 'Secret photos-database data.password'],
    ['Secret photos-database', { type: 'kubernetes.io/tls' }, 'Secret photos-database type'],
    [
      'Deployment photos-server',
      { spec: { replicas: 0, template: { spec: { containers: [container('v3.0.0')] } } } },
      'Deployment photos-server spec.template.spec.containers[0].image',
    ],
    [
      'Deployment photos-server',
      { spec: { replicas: 0, paused: true, template: { spec: { containers: [container('v3.1.0')] } } } },
      'Deployment photos-server spec.paused',
    ],
    [
      'PersistentVolumeClaim photos-library',
      { spec: { storageClassName: 'fast' } },
      'PersistentVolumeClaim photos-library spec.storageClassName',
    ],
  ])('names the resource and the field: %s with %j', async (id, parts, subject) => {
    const judgement = await judged(check, changed(id, parts));
    expect(judgement.verdict).toBe('fail');
    expect(subjects(judgement)).toEqual([subject]);
  });

  it('tells a service without an address of its own from one that has one', async () => {
    const judgement = await judged(check, changed('Service headless', { spec: { clusterIP: '10.0.0.2' } }));
    expect(subjects(judgement)).toContain('Service headless spec.clusterIP');
  });

  it('names annotations, labels and finalizers that are not the server’s own', async () => {
    const metadata = { name: 'photos-config', labels: { app: 'x' }, finalizers: ['example.org/keep'] };
    const judgement = await judged(check, changed('ConfigMap photos-config', { metadata }));
    expect(subjects(judgement).toSorted()).toEqual([
      'ConfigMap photos-config metadata.finalizers[0]',
      'ConfigMap photos-config metadata.labels.app',
    ]);
  });

  it('names a resource that is missing and one too many', async () => {
    const missing = await judged(
      check,
      evidence((all) => all.filter(({ id }) => id !== 'Secret photos-database')),
    );
    expect(missing).toMatchObject({ verdict: 'fail', findings: [{ subject: 'Secret photos-database' }] });
    const stray = resource('Secret', 'stray', {});
    const extra = await judged(
      check,
      evidence((all) => [...all, stray]),
    );
    expect(subjects(extra)).toEqual(['Secret stray']);
  });

  it('holds claims to the class that the path has promised', async () => {
    const restored = changed('PersistentVolumeClaim photos-library', { spec: { storageClassName: 'fast' } });
    const promises = { resources: { ...PROMISES, storageClasses: { slow: 'fast' } } };
    expect((await judged(check, restored, { promises })).verdict).toBe('pass');
    expect(subjects(await judged(check, evidence(), { promises }))).toEqual([
      'PersistentVolumeClaim photos-library spec.storageClassName',
    ]);
  });

  it('is unknown when a list was not completely observed, or is empty', async () => {
    expect((await judged(check, evidence().forget('after', 'resources', 'resources'))).verdict).toBe('unknown');
    expect((await judged(check, evidence().both('resources', 'resources', []))).verdict).toBe('unknown');
  });
});

describe('the fields of a resource', () => {
  it('are its leaves by path; an empty map is one, and null says nothing', () => {
    const one = resource('X', 'x', { spec: { a: [], b: {}, c: null, d: false, e: [{ f: 0 }], 'g/h': '' } });
    expect(Object.fromEntries(fieldsOf(one))).toEqual({
      apiVersion: '"v1"',
      kind: '"X"',
      'metadata.name': '"x"',
      'spec.a': '[]',
      'spec.b': '{}',
      'spec.d': 'false',
      'spec.e[0].f': '0',
      'spec["g/h"]': '""',
    });
  });
});
