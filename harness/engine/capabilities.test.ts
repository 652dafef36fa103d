import { expect, it } from 'vitest';
import { loseCluster } from '../disasters/lose-cluster.ts';
import { loseDatabase } from '../disasters/lose-database.ts';
import type { Drill } from '../model/drill.ts';
import type { Snapshots } from '../model/snapshots.ts';
import type { Substrate } from '../model/substrate.ts';
import { tar } from '../paths/tar.ts';
import { volumeSnapshot } from '../paths/volume-snapshot.ts';
import { requireCapabilities } from './capabilities.ts';
import { smallDrill } from './testing/run-for-test.ts';

const LOCAL = { name: 'local' } as Substrate;

async function refusal(drill: Drill, substrate: Substrate): Promise<unknown> {
  return await requireCapabilities(drill, substrate).then(
    () => undefined,
    (error: unknown) => error,
  );
}

it('lets a drill begin that needs nothing special', async () => {
  expect(await refusal(smallDrill(), LOCAL)).toBeUndefined();
});

it('refuses what the substrate does not have, and says who asks for it', async () => {
  const snapshot = smallDrill({ paths: { ...smallDrill().paths, library: volumeSnapshot() } });
  expect(await refusal(snapshot, LOCAL)).toMatchObject({
    code: 'substrate-cannot',
    blame: 'usage',
    what: expect.stringMatching(/^The path volume-snapshot of library needs storage .*, and local has none\.$/),
  });
  expect(await refusal(smallDrill({ disaster: loseCluster() }), LOCAL)).toMatchObject({
    what: expect.stringMatching(/^The disaster lose-cluster needs a cluster/),
    next: expect.stringContaining('--disaster'),
  });
});

it('asks the storage with the class that a path names', async () => {
  const asked: (string | undefined)[] = [];
  const check: Snapshots['check'] = async (name) => {
    asked.push(name);
  };
  const substrate = { ...LOCAL, snapshots: { check } as Snapshots };
  const paths = { ...smallDrill().paths, library: volumeSnapshot({ class: 'fast' }) };
  expect(await refusal(smallDrill({ paths }), substrate)).toBeUndefined();
  expect(asked).toEqual(['fast']);
});

it('refuses a disaster that strikes nothing, and one that takes what nobody protects', async () => {
  const onlyFiles = { library: tar() };
  expect(await refusal(smallDrill({ paths: onlyFiles, disaster: loseDatabase() }), LOCAL)).toMatchObject({
    code: 'disaster-strikes-nothing',
  });
  const cluster = { ...LOCAL, cluster: {} } as Substrate;
  expect(await refusal(smallDrill({ paths: onlyFiles, disaster: loseCluster() }), cluster)).toMatchObject({
    code: 'disaster-takes-all',
    what: expect.stringMatching(/nothing would bring back database/),
  });
});
