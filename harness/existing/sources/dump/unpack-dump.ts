import { DrillError } from '../../../model/error.ts';
import type { JobReport } from '../../../model/job.ts';
import type { OpeningContext } from '../../../model/source.ts';
import type { Volume } from '../../../model/target.ts';
import { unpacksTooLarge } from '../too-large.ts';
import type { Packer } from './format-of.ts';

/** What is too small: the disk, or what the run may use of it. */
const NO_ROOM = 'no room';
const NO_BUDGET = 'no budget';
const NO_PROGRAM = 'no program';
/** By the exit code of a shell whose program was ended because its file had become too large. */
const SCRIPT = `command -v "$3" >/dev/null || { echo '${NO_PROGRAM}'; exit 0; }
ulimit -c 0
room=$(($(stat -f -c '%a' .) * $(stat -f -c '%S' .) / 1024 * 9 / 10))
short='${NO_ROOM}'
[ "$1" -eq 0 ] || [ "$1" -gt "$room" ] || { room=$1; short='${NO_BUDGET}'; }
(ulimit -f $((room * 2)); exec "$3" --decompress --stdout <dump >unpacked) 2>unpack.txt
code=$?
case $code in
  0) mv unpacked dump; head -c "$2" dump >head.bin; exit 0 ;;
  153) echo "$short"; exit 0 ;;
esac
! grep -q 'File too large' unpack.txt || { echo "$short"; exit 0; }
cat unpack.txt >&2
echo "$3 stopped behind byte $(stat -c %s unpacked) of what it unpacked" >&2
exit "$code"`;

/** What is unpacked, and by which program. */
export interface Unpacking {
  readonly name: string;
  readonly packer: Packer;
  readonly headBytes: number;
  readonly packedBytes: number;
}

/** Unpacks a dump that was packed as a whole, as far as there is room: a small file can hold more than any disk. */
export async function unpackDump(
  context: OpeningContext,
  work: Volume,
  { name, packer, headBytes, packedBytes }: Unpacking,
): Promise<JobReport> {
  const roomKib = context.room === undefined ? 0 : Math.max(1, Math.floor((context.room - packedBytes) / 1024));
  const report = await context.run({
    name: `${context.component}.unpack`,
    volumes: [{ volume: work }],
    steps: () => [
      {
        program: 'sh',
        args: ['-c', SCRIPT, 'sh', String(roomKib), String(headBytes), packer],
        cwd: work.path,
        phase: 'load',
      },
    ],
  });
  const said = report.steps.at(-1)?.stdout.trim();
  if (said === NO_BUDGET) throw unpacksTooLarge(packedBytes, context.room ?? 0);
  if (said === NO_PROGRAM) throw noProgram(name, packer);
  if (said !== NO_ROOM) return report;
  throw new DrillError({
    code: 'dump-unpacks-too-large',
    where: 'source/pg-dump',
    what: `The dump of ${packedBytes} bytes unpacks to more than there is room for on the disk; unpacking was stopped before it was full.`,
    next: 'see what is in it, such as with `gzip --list`; if it is right, set DRILL_WORK to a folder on a larger disk.',
    blame: 'environment',
  });
}

function noProgram(name: string, packer: Packer): DrillError {
  return new DrillError({
    code: 'tool-missing',
    where: 'source/pg-dump',
    what: `${name} is packed with ${packer}, and there is no program ${packer} here to unpack it with.`,
    next: `install ${packer === 'xz' ? 'xz (`apt-get install xz-utils`)' : `${packer} (\`apt-get install ${packer}\`)`}, then run the drill again.`,
    blame: 'environment',
  });
}
