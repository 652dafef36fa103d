import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const HERE = import.meta.dirname;
/** What only a cluster has is tried there. */
const ON_CLUSTERS = join(HERE, '../substrates/kubernetes/kind/kind-paths.cluster.test.ts');
const RESOURCES = join(HERE, '../substrates/kubernetes/kind/testing/describe-kube-export.ts');
const SNAPSHOTS = join(HERE, '../substrates/kubernetes/kind/snapshots.cluster.test.ts');

it('every backup path is under a contract test with real tools', () => {
  const contracts = readdirSync(HERE).filter((name) => name.endsWith('.contract.test.ts'));
  const tried = [...contracts.map((name) => join(HERE, name)), ON_CLUSTERS, RESOURCES, SNAPSHOTS].map((file) =>
    readFileSync(file, 'utf8'),
  );
  const paths = readdirSync(HERE).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
  expect(paths.length).toBeGreaterThan(9);
  expect(paths.filter((path) => !tried.some((text) => text.includes(`/${path}'`)))).toEqual([]);
});
