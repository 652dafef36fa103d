import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { ServiceProcess } from './service-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'drill-service-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('a server that ends is told with what it said itself, however often it was asked whether it is ready', async () => {
  const script = 'echo "the log is gone"; for i in $(seq 30); do echo "not ready yet"; done; exit 3';
  const lost: string[] = [];
  const started = ServiceProcess.start(
    {
      ...{ name: 'server', command: 'sh', args: ['-c', script], env: { PATH: process.env.PATH ?? '' }, cwd: folder },
      logFile: join(folder, 'server.log'),
      answers: /not ready yet/,
      ready: async () => {
        throw new Error('no answer');
      },
    },
    { started: () => {}, lost: (_, how) => lost.push(how) },
  );
  await expect(started).rejects.toMatchObject({ code: 'service-ended', tail: 'the log is gone' });
  expect(lost).toEqual(['ended with exit code 3; last log lines: the log is gone']);
});
