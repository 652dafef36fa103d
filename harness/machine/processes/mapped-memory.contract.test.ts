import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openLocalForTest } from '../../substrates/local/testing/open-local.ts';
import { endProcessesOf, livingProcesses } from './end-processes.ts';
import { MappedMemory } from './mapped-memory.ts';
import { processStart } from './process-table.ts';

const INITDB_BUDGET_MS = 60_000;

it.skipIf(process.platform !== 'linux')('what initdb has in shared memory goes with it when it is killed', async () => {
  await using local = await openLocalForTest();
  const { runId } = local.context;
  const starting = (await local.substrate.postgres('database', 'notes')).start().catch((error: unknown) => error);
  const folder = mkdtempSync(join(tmpdir(), 'drill-nowhere-'));
  const memory = new MappedMemory();
  await expect
    .poll(
      () => {
        for (const pid of livingProcesses(runId, folder)) memory.note(pid);
        return memory.all.filter((one) => one.startsWith('/dev/shm/'));
      },
      { timeout: INITDB_BUDGET_MS, interval: 5 },
    )
    .not.toEqual([]);
  await endProcessesOf(runId, folder);
  await starting;
  expect(memory.all.filter((one) => one.startsWith('/dev/shm/') && existsSync(one))).toEqual([]);
  expect(livingProcesses(runId, folder).map(processStart)).toEqual([]);
  rmSync(folder, { recursive: true });
});
