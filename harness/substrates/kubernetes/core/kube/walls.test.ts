import { expect, it } from 'vitest';
import { anywhere, networkPolicies } from './walls.ts';

const STORE = { cidr: '192.0.2.7/32', port: 9000 };

it('the walls of a namespace let out only to itself, to names, and to the backup store', () => {
  const [walls, ...others] = networkPolicies({ outside: [STORE] });
  const { egress = [], ingress, policyTypes, podSelector } = walls?.spec ?? {};
  expect({ others, podSelector, ingress, policyTypes }).toEqual({
    others: [],
    podSelector: {},
    ingress: [{ _from: [{ podSelector: {} }] }],
    policyTypes: ['Ingress', 'Egress'],
  });
  expect(egress.map(({ ports }) => ports?.map(({ port }) => port))).toEqual([undefined, [53, 53], [9000]]);
  expect(egress[0]?.to).toEqual([{ podSelector: {} }]);
  expect(egress[2]?.to).toEqual([{ ipBlock: { cidr: '192.0.2.7/32' } }]);
});

it('where a backup is of somebody else only jobs that fetch it are let out, and never to what tells of the node', () => {
  const [walls, gate] = networkPolicies({ outside: anywhere([443, 443]), untrusted: true, entered: true });
  expect(walls?.spec).toMatchObject({ podSelector: {}, policyTypes: ['Egress'] });
  expect(walls?.spec?.ingress).toBeUndefined();
  expect(walls?.spec?.egress?.flatMap(({ ports = [] }) => ports.map(({ port }) => port))).toEqual([53, 53]);
  expect(gate?.spec?.podSelector).toEqual({ matchLabels: { 'restore-drill.reaches-out': 'true' } });
  const blocks = gate?.spec?.egress?.flatMap(({ to = [], ports }) => to.map(({ ipBlock }) => ({ ...ipBlock, ports })));
  expect(blocks).toMatchObject([
    { cidr: '0.0.0.0/0', except: ['169.254.0.0/16'], ports: [{ port: 443 }] },
    { cidr: '::/0', ports: [{ port: 443 }] },
  ]);
});
