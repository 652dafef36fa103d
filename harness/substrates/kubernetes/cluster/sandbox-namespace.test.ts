import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { ALLOWED_LABEL } from './allowed-context.ts';
import { EVERYWHERE, IN_NAMESPACE, type Permission } from './permissions.ts';
import { SANDBOX_ROLE } from './sandbox-namespace.ts';

interface Rule {
  readonly apiGroups: string[];
  readonly resources: string[];
  readonly verbs: string[];
}

const DOCUMENTS = parseAllDocuments(readFileSync(join(import.meta.dirname, 'rbac.yaml'), 'utf8')).map(
  (document) => document.toJS() as { kind: string; metadata: { name: string; labels?: object }; rules?: Rule[] },
);

function rulesOf(role: string): Rule[] {
  return DOCUMENTS.find(({ kind, metadata }) => kind === 'ClusterRole' && metadata.name === role)?.rules ?? [];
}

function grants(rules: readonly Rule[], { verb, group = '', resource }: Permission): boolean {
  return rules.some(
    (one) => one.apiGroups.includes(group) && one.resources.includes(resource) && one.verbs.includes(verb),
  );
}

describe('the roles of drills', () => {
  it('have what a run asks for before it starts, no wildcard, and no reading of secrets', () => {
    const [wide, narrow] = [rulesOf('restore-drill'), rulesOf(SANDBOX_ROLE)];
    expect(EVERYWHERE.filter((one) => !grants(wide, one))).toEqual([]);
    expect(IN_NAMESPACE.filter((one) => !grants(narrow, one))).toEqual([]);
    expect(IN_NAMESPACE.filter((one) => grants(wide, one))).toEqual([]);
    expect(JSON.stringify([wide, narrow])).not.toContain('*');
    for (const verb of ['get', 'list', 'watch'])
      expect(grants(narrow, { verb, resource: 'secrets' }), verb).toBe(false);
  });

  it('come with the label that marks a cluster', () => {
    const [namespace] = DOCUMENTS.filter(({ kind }) => kind === 'Namespace');
    expect(namespace?.metadata.labels).toEqual({ [ALLOWED_LABEL]: 'true' });
  });
});
