import { statfs } from 'node:fs/promises';
import os from 'node:os';
import type { HostFacts } from '../model/substrate.ts';

/** What this machine is, and how much room there is where a folder lies. */
export async function hostFacts(folder: string): Promise<HostFacts> {
  const disk = await statfs(folder);
  return {
    os: `${os.type()} ${os.release()} ${os.arch()}`,
    cpu: os.cpus()[0]?.model ?? 'unknown',
    cores: os.availableParallelism(),
    memoryBytes: os.totalmem(),
    node: process.version,
    freeDiskBytes: disk.bavail * disk.bsize,
  };
}
