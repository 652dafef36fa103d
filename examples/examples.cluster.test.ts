import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { openToolbox } from '../harness/machine/tools/toolbox/toolbox.ts';
import { clusterParts, openKindForTest } from '../harness/substrates/kubernetes/kind/testing/open-kind.ts';

const FOLDER = join(import.meta.dirname, 'kubernetes');

it('an API server takes the manifests, strictly', async (ctx) => {
  const parts = await clusterParts();
  if (typeof parts === 'string') return ctx.skip(parts);
  await using kind = await openKindForTest(parts);
  const kubectl = (await (await openToolbox()).provide('kubectl')).location;
  const { kubeconfig } = kind.substrate.address;
  const apply = async (input: string, ...more: string[]) =>
    await execa(kubectl, ['--kubeconfig', kubeconfig, 'apply', '--validate=strict', ...more, '-f', '-'], {
      input,
      reject: false,
      all: true,
    });
  const read = (file: string) => readFileSync(join(FOLDER, file), 'utf8');

  // For real, since a namespace that was only tried is none for what lies in it; the CronJob is not due for hours.
  const cronjob = read('cronjob.yaml');
  const applied = await apply(cronjob);
  expect(applied.exitCode, applied.all).toBe(0);
  expect(applied.all).toContain('cronjob.batch/restore-drill created');
  // What Pod Security would object to is said as a warning.
  expect(applied.all).not.toMatch(/warning/i);
  for (const file of readdirSync(FOLDER)) {
    const tried = await apply(read(file), '--dry-run=server');
    expect(tried.exitCode, `${file}: ${tried.all}`).toBe(0);
    expect(tried.all).not.toMatch(/warning/i);
  }
  const misspelled = await apply(cronjob.replace('concurrencyPolicy', 'concurencyPolicy'), '--dry-run=server');
  expect(misspelled.all).toMatch(/unknown field "spec.concurencyPolicy"/);
  const privileged = await apply(
    read('helm-pre-upgrade-gate.yaml').replace('allowPrivilegeEscalation: false', 'privileged: true'),
    '--dry-run=server',
  );
  expect(privileged.all).toMatch(/would violate PodSecurity/);
});
