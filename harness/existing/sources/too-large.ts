import { DrillError } from '../../model/error.ts';

const MIB = 1024 ** 2;

/** What has to lie on the disk as a whole is larger than the disk that the run may use; told before it is fetched. */
export function tooLarge(what: string, sizeBytes: number, roomBytes: number): DrillError {
  const mib = (bytes: number) => `${(bytes / MIB).toFixed(1)} MiB`;
  return new DrillError({
    code: 'disk-budget-too-small',
    where: 'source',
    what: `${what[0]?.toUpperCase()}${what.slice(1)} takes ${mib(sizeBytes)}, and --max-disk leaves ${mib(roomBytes)} for it.`,
    next: 'give it a larger --max-disk.',
    blame: 'usage',
  });
}
