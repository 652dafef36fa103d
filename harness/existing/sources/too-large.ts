import { DrillError } from '../../model/error.ts';

const MIB = 1024 ** 2;

/** What has to lie on the disk as a whole is larger than the disk that the run may use; told before it is fetched. */
export function tooLarge(what: string, sizeBytes: number, roomBytes: number): DrillError {
  return budgetTooSmall(
    `${what[0]?.toUpperCase()}${what.slice(1)} takes ${mib(sizeBytes)}, and --max-disk leaves ${mib(roomBytes)} for it.`,
    `give it a --max-disk that is larger by ${Math.ceil((sizeBytes - roomBytes) / MIB)} MiB or more.`,
  );
}

/** What a dump unpacks to is larger than the disk that the run may use: nobody knows by how much before it is unpacked. */
export function unpacksTooLarge(packedBytes: number, roomBytes: number): DrillError {
  return budgetTooSmall(
    `The dump of ${mib(packedBytes)} takes more than ${mib(roomBytes)} with what it unpacks to, and --max-disk leaves no more for it; unpacking was stopped there.`,
    'see what is in it, such as with `gzip --list`; if it is right, give it a --max-disk that is larger by that size.',
  );
}

function budgetTooSmall(what: string, next: string): DrillError {
  return new DrillError({ code: 'disk-budget-too-small', where: 'source', what, next, blame: 'usage' });
}

function mib(bytes: number): string {
  return `${(bytes / MIB).toFixed(1)} MiB`;
}
