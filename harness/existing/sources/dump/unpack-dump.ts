import { DrillError } from '../../../model/error.ts';
import type { JobReport } from '../../../model/job.ts';
import type { SourceContext } from '../../../model/source.ts';
import type { Volume } from '../../../model/target.ts';
import { unpacksTooLarge } from '../too-large.ts';

/** What is too small: the disk, or what the run may use of it. */
const NO_ROOM = 'no room';
const NO_BUDGET = 'no budget';
/** By the exit code of a shell whose program was ended because its file had become too large. */
const SCRIPT = `ulimit -c 0
room=$(($(stat -f -c '%a' .) * $(stat -f -c '%S' .) / 1024 * 9 / 10))
short='${NO_ROOM}'
[ "$1" -eq 0 ] || [ "$1" -gt "$room" ] || { room=$1; short='${NO_BUDGET}'; }
(ulimit -f $((room * 2)); exec gzip --decompress --stdout dump >unpacked) 2>unpack.txt
code=$?
case $code in
  0) mv unpacked dump; head -c "$2" dump >head.bin; exit 0 ;;
  153) echo "$short"; exit 0 ;;
esac
! grep -q 'File too large' unpack.txt || { echo "$short"; exit 0; }
cat unpack.txt >&2
echo "gzip stopped behind byte $(stat -c %s unpacked) of what it unpacked" >&2
exit "$code"`;

/** Unpacks a dump that gzip has packed, as far as there is room: a small file can hold more than any disk. */
export async function unpackDump(
  context: SourceContext<'postgres'>,
  work: Volume,
  { headBytes, packedBytes }: { readonly headBytes: number; readonly packedBytes: number },
): Promise<JobReport> {
  const roomKib = context.room === undefined ? 0 : Math.max(1, Math.floor((context.room - packedBytes) / 1024));
  const report = await context.run({
    name: `${context.component}.unpack`,
    volumes: [{ volume: work }],
    steps: () => [
      {
        program: 'sh',
        args: ['-c', SCRIPT, 'sh', String(roomKib), String(headBytes)],
        cwd: work.path,
        phase: 'load',
      },
    ],
  });
  const said = report.steps.at(-1)?.stdout.trim();
  if (said === NO_BUDGET) throw unpacksTooLarge(packedBytes, context.room ?? 0);
  if (said !== NO_ROOM) return report;
  throw new DrillError({
    code: 'dump-unpacks-too-large',
    where: 'source/pg-dump',
    what: `The dump of ${packedBytes} bytes unpacks to more than there is room for on the disk; unpacking was stopped before it was full.`,
    next: 'see what is in it, such as with `gzip --list`; if it is right, set DRILL_WORK to a folder on a larger disk.',
    blame: 'environment',
  });
}
