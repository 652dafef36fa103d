import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { onFreePort } from './free-port.ts';

const BUDGET_MS = 60_000;
const MODULE = JSON.stringify(join(import.meta.dirname, 'free-port.ts'));
/** A machine with two ports alone; one server after the other takes one and keeps it. */
const THREE_SERVERS = `
import { createServer } from 'node:net';
import { onFreePort } from ${MODULE};
const listen = (port) => new Promise((resolve, reject) => {
  const server = createServer().on('error', reject).listen(port, '127.0.0.1', () => resolve(port));
});
for (let n = 0; n < 3; n += 1) {
  try {
    console.log('port', await onFreePort(listen));
  } catch (error) {
    console.log(error.code, error.message);
  }
}
process.exit(0);
`;

function hasOwnNetwork(): boolean {
  return spawnSync('unshare', ['--net', 'true']).status === 0;
}

it('gives each server that starts at the same time a port of its own', async () => {
  const ports = await Promise.all(Array.from({ length: 8 }, () => onFreePort(async (port) => port)));
  expect(new Set(ports).size).toBe(8);
});

it.skipIf(!hasOwnNetwork())('says so when the machine has no port left, and waits for none', () => {
  const range = 'echo "40000 40001" > /proc/sys/net/ipv4/ip_local_port_range';
  const said = execFileSync(
    'unshare',
    [
      '--net',
      'sh',
      '-c',
      `ip link set lo up 2>/dev/null; ${range} && exec "$0" --input-type=module -e "$1"`,
      process.execPath,
      THREE_SERVERS,
    ],
    { encoding: 'utf8', timeout: BUDGET_MS },
  );
  expect(said).toMatch(/^port 4000[01]\nport 4000[01]\nno-free-port .*no free port left on 127\.0\.0\.1/);
});
