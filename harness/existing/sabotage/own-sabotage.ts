import type { Reference } from '../../model/manifest.ts';
import type { Volume } from '../../model/target.ts';
import type { CommonConfig } from '../configuration/config-fields.ts';
import type { Place } from '../places/place.ts';
import type { DumpFormat, Packer } from '../sources/dump/format-of.ts';
import type { DumpOptions } from '../sources/pg-dump.ts';
import type { DumpSurvey } from './dump/survey-sql.ts';

/** One file of the copied library. */
export interface CopiedFile {
  readonly path: string;
  readonly sizeBytes: number;
}

/** The dump as it was copied. */
export interface CopiedDump {
  /** In its volume. */
  readonly path: string;
  readonly format: DumpFormat | Packer;
  readonly sizeBytes: number;
  /** What is in it; only SQL is read. */
  readonly sql?: DumpSurvey;
}

/** The archive that the library lies in, as it was copied. */
export interface CopiedArchive {
  readonly path: string;
  readonly sizeBytes: number;
  /** The list of checksums beside it. */
  readonly sums?: string;
}

/** A copy of a backup that passed its drill. */
export interface BackupCopy {
  /** Of the library, sorted; none when the drill has none. */
  readonly files: readonly CopiedFile[];
  /** Files that rows of the database speak of and that are there, as the drill of the healthy copy has seen them. */
  readonly tracked: readonly Reference[];
  readonly dump?: CopiedDump;
  readonly archive?: CopiedArchive;
}

/** A copy that is there to be ruined: volumes of the run, and nothing of the user's. */
export interface RuinedCopy extends BackupCopy {
  /** The library. */
  readonly media: Volume;
  /** Where the dump lies: the library itself, when it lies in there. */
  readonly dumps: Volume;
  readonly archives: Volume;
  /**
   * Runs a script of ours over what is ruined, in a job that sees the copies and nothing else; gives what it wrote. Paths come
   * as "$1" and so on.
   */
  run(script: string, ...args: readonly string[]): Promise<string>;
}

/** A part of a copy. */
export type CopyPart = 'media' | 'dumps' | 'archives';

/** One way to ruin a copy of a user's backup, as backups are ruined in real life. */
export interface OwnSabotage {
  readonly name: string;
  /** One sentence: what is wrong with the copy. */
  readonly about: string;
  /** What of the copy it changes: only that is copied once more. */
  readonly ruins: CopyPart;
  /** What of the configuration has it noticed, where that is not so by itself: one sentence. */
  readonly advice?: string;
  /** Whether there is something of its kind to be ruined, or in a clause why not. */
  fits(copy: BackupCopy): true | string;
  ruin(copy: RuinedCopy): Promise<void>;
}

/** Where the parts of a backup lie that are copied. */
export interface CopySources {
  readonly library?: {
    readonly place: Place;
    readonly root?: string;
    readonly marks: readonly string[];
    /** The archive that holds it. */
    readonly archive?: { readonly folder: string; readonly file: string };
  };
  /** Left out when the database lies in what cannot be ruined here, and is drilled as it is. */
  readonly dump?: DumpOptions & {
    /** Left out when it lies in the library. */
    readonly place?: Place;
  };
}

/** Folders of this machine with the copies. */
export interface CopyFolders {
  readonly media: string;
  readonly dumps: string;
  /** When the archive itself is what was ruined. */
  readonly archive?: { readonly folder: string; readonly file: string };
}

/** How backups of a workload are copied and ruined. */
export interface OwnSabotages<Config extends CommonConfig = CommonConfig> {
  sourcesOf(config: Config): CopySources;
  /** The configuration with copies in place of the backups, and all else as it is. */
  onCopies(config: Config, folders: CopyFolders): Config;
  /** The component whose rows speak of files. */
  readonly database: string;
  /** Every way, found by its file. */
  ways(): Promise<readonly OwnSabotage[]>;
}
