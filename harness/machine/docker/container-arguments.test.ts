import { expect, it } from 'vitest';
import { containerArguments } from './container-arguments.ts';

const CALL = {
  image: 'some/postgres:17',
  program: 'pg_dump',
  labels: { 'restore-drill.run': 'a-run' },
  user: { uid: 12, gid: 34 },
  workFolder: '/tmp/work',
  passwd: '/tmp/work/container-passwd',
  cwd: '/tmp/work/scratch/a',
  variables: ['PGPASSWORD'],
};

it('passes variables by name, those of the call but not those about this machine, each once', () => {
  const variables = ['PATH', 'LD_LIBRARY_PATH', 'HTTPS_PROXY', 'no_proxy', 'DOCKER_HOST', 'HOME', 'PGPASSWORD', 'HOME'];
  const args = containerArguments({ ...CALL, variables });
  expect(args.filter((arg) => arg.startsWith('--env'))).toEqual(['--env=HOME', '--env=PGPASSWORD']);
});

it('mounts the work folder, and of other folders those that lie outside of it, as the call asks', () => {
  const folders = [
    { path: '/tmp/work/volumes/a', readOnly: false },
    { path: '/tmp/workshop', readOnly: false },
    { path: '/my, "old" backups', readOnly: true },
  ];
  const mounts = containerArguments({ ...CALL, folders }).filter((arg) => arg.startsWith('--mount='));
  expect(mounts.map((arg) => arg.slice('--mount='.length))).toEqual([
    '"type=bind","source=/tmp/work","target=/tmp/work"',
    '"type=bind","source=/tmp/work/container-passwd","target=/etc/passwd","readonly"',
    '"type=bind","source=/tmp/workshop","target=/tmp/workshop"',
    '"type=bind","source=/my, ""old"" backups","target=/my, ""old"" backups","readonly"',
  ]);
});

it('runs the program under its account, with the label of the run, and ends with the image', () => {
  const args = containerArguments(CALL);
  expect(args).toEqual(
    expect.arrayContaining(['--user=12:34', '--label=restore-drill.run=a-run', '--entrypoint=pg_dump', '--rm']),
  );
  expect(args.at(-1)).toBe('some/postgres:17');
});

it('has a network where it is no sandbox, and in one where it reaches a server outside', () => {
  const network = (call: object) => {
    const args = containerArguments({ ...CALL, ...call });
    return [args.find((arg) => arg.startsWith('--network=')), args.includes('--cap-drop=ALL')];
  };
  const sandbox = { socketsFolder: '/tmp/work/s' };
  expect(network({})).toEqual(['--network=host', false]);
  expect(network({ sandbox })).toEqual(['--network=none', true]);
  expect(network({ sandbox, reachesOut: true })).toEqual(['--network=host', true]);
});
