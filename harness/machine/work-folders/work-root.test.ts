import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LocalVolume } from '../../substrates/local/local-volume.ts';
import { serverAccount } from '../processes/account.ts';
import { makeWorkFolder, removeWorkFolder } from './work-folder.ts';
import { openWorkRoot, workRoot } from './work-root.ts';

const IS_ROOT = process.getuid?.() === 0;
const OTHERS = 0o007;

let place: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'drill-root-'));
  chmodSync(place, 0o755);
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

const ofAccount = () => join(place, `restore-drill-${process.getuid?.()}`);

describe('the folder above all work folders', () => {
  it('is one of this account alone, unless the user names another', () => {
    expect(workRoot({})).toBe(join(tmpdir(), `restore-drill-${process.getuid?.()}`));
    expect(workRoot({ DRILL_WORK: '/data/drills' })).toBe('/data/drills');
    expect(workRoot({ DRILL_WORK: 'drills' })).toBe(join(process.cwd(), 'drills'));
  });

  it.each(['/data/my drills', "/data/o'brien", '/data/"x"', '/data/a\nb', '/data/a:b', '/data/$(x)', '/data/a,b'])(
    'is refused as %j, which some tool would take for something else',
    (given) => {
      expect(() => workRoot({ DRILL_WORK: given })).toThrow(
        expect.objectContaining({ code: 'work-folder-awkward', blame: 'usage' }),
      );
    },
  );

  it('is closed to others, and so is the way down to the volumes', async () => {
    const folder = await makeWorkFolder('run', ofAccount());
    for (const path of [ofAccount(), folder, join(folder, 'volumes'), join(folder, 'tmp')])
      expect((statSync(path).mode & OTHERS).toString(8), path).toBe('0');
    expect(statSync(join(folder, 'owner.json')).mode & 0o077).toBe(0);
    await removeWorkFolder(folder);
  });

  it.each([
    ['is a link', () => symlinkSync(place, ofAccount()), /is no folder/],
    ['is a file', () => writeFileSync(ofAccount(), ''), /no folder|EEXIST/],
    [
      'can be written by others',
      () => {
        mkdirSync(ofAccount());
        chmodSync(ofAccount(), 0o777);
      },
      /can be written by other accounts/,
    ],
  ])('is not used when it %s', (_, make, why) => {
    make();
    expect(() => openWorkRoot(ofAccount())).toThrow(why);
  });

  it.skipIf(!IS_ROOT)('is not used when somebody else was there first', async () => {
    chmodSync(place, 0o1777);
    await execa('mkdir', [ofAccount()], { uid: 65_534, gid: 65_534 });
    expect(() => openWorkRoot(ofAccount())).toThrow(/belongs to the account 65534.*Next: .*DRILL_WORK/s);
  });

  it.skipIf(!IS_ROOT)('lets the servers of a run pass, also when folders above it had to be made', async () => {
    const deep = join(place, 'a', 'b', 'c');
    openWorkRoot(deep);
    const { uid = 0, gid = 0 } = serverAccount() ?? {};
    expect(await execa('test', ['-x', deep], { uid, gid, reject: false })).toMatchObject({ exitCode: 0 });
    expect(await execa('ls', [deep], { uid: 1, gid: 1, reject: false })).toMatchObject({ failed: true });
  });

  it('is not one that anybody can rename folders in', () => {
    chmodSync(place, 0o777);
    expect(() => openWorkRoot(place)).toThrow(/can be written by every account/);
    chmodSync(place, 0o1777);
    expect(() => openWorkRoot(place)).not.toThrow();
  });
});

describe.skipIf(!IS_ROOT)('a restored photo', () => {
  it('cannot be read by another account, also when the restore has opened its volume', async () => {
    const folder = await makeWorkFolder('run', ofAccount());
    const volume = await LocalVolume.create('library', join(folder, 'volumes', 'library-1'));
    const photo = join(volume.path, 'photo.jpg');
    writeFileSync(photo, 'private');
    chmodSync(photo, 0o644);
    const look = async () => await execa('cat', [photo], { uid: 65_534, gid: 65_534, reject: false });
    expect(await look()).toMatchObject({ stdout: '', exitCode: 1 });
    // As a tool does that restores the modes of folders.
    chmodSync(volume.path, 0o755);
    expect(await look()).toMatchObject({ stdout: '', exitCode: 1 });
    await removeWorkFolder(folder);
  });
});
