import { DrillError } from '../../../model/error.ts';
import type { Database } from '../../../model/target.ts';

/** What Immich calls its tables: since v1.136 in the singular, before in the plural. */
const NAMES = {
  singular: {
    ...{
      user: 'user',
      asset: 'asset',
      exif: 'asset_exif',
      file: 'asset_file',
      album: 'album',
      albumAsset: 'album_asset',
    },
    ...{
      albumUser: 'album_user',
      face: 'asset_face',
      stack: 'stack',
      tag: 'tag',
      memory: 'memory',
      link: 'shared_link',
    },
    ...{ library: 'library', apiKey: 'api_key' },
  },
  plural: {
    ...{
      user: 'users',
      asset: 'assets',
      exif: 'exif',
      file: 'asset_files',
      album: 'albums',
      albumAsset: 'albums_assets_assets',
    },
    ...{
      albumUser: 'albums_shared_users_users',
      face: 'asset_faces',
      stack: 'asset_stack',
      tag: 'tags',
      memory: 'memories',
    },
    ...{ link: 'shared_links', library: 'libraries', apiKey: 'api_keys' },
  },
} as const;

/** Columns without which nothing of what is judged could be read. */
const REQUIRED: Partial<Record<TableRole, readonly string[]>> = {
  user: ['id', 'email', 'isAdmin', 'profileImagePath', 'deletedAt'],
  asset: [
    'id',
    'ownerId',
    'type',
    'originalPath',
    'originalFileName',
    'checksum',
    'isExternal',
    'createdAt',
    'deletedAt',
  ],
  exif: ['assetId', 'fileSizeInByte'],
  file: ['assetId', 'type', 'path'],
};

export type TableRole = keyof (typeof NAMES)['singular'];

/** How a database of Immich is laid out: tables and columns were renamed, added and dropped from release to release. */
export class Shape {
  readonly #names: Readonly<Record<TableRole, string>>;
  readonly #columns: ReadonlyMap<string, ReadonlySet<string>>;

  constructor(names: Readonly<Record<TableRole, string>>, columns: ReadonlyMap<string, ReadonlySet<string>>) {
    this.#names = names;
    this.#columns = columns;
  }

  /** The table's name, quoted for SQL. */
  table(role: TableRole): string {
    return `"${this.#names[role]}"`;
  }

  has(role: TableRole, column?: string): boolean {
    return this.hasTable(this.#names[role], column);
  }

  hasTable(table: string, column?: string): boolean {
    const columns = this.#columns.get(table);
    return columns !== undefined && (column === undefined || columns.has(column));
  }
}

/** Reads the layout of a database, or says that it is not an Immich schema from v1.132 to v3.2. */
export async function shapeOf(database: Database): Promise<Shape> {
  const rows = await database.query<{ table: string; column: string }>(
    `SELECT table_name AS table, column_name AS column FROM information_schema.columns WHERE table_schema = 'public'`,
  );
  return readShape(rows);
}

/** The layout that tables and columns tell. */
export function readShape(rows: readonly { readonly table: string; readonly column: string }[]): Shape {
  const columns = new Map<string, Set<string>>();
  for (const { table, column } of rows) columns.set(table, (columns.get(table) ?? new Set()).add(column));
  const era = columns.has('asset') && columns.has('user') ? 'singular' : 'plural';
  const shape = new Shape(NAMES[era], columns);
  const missing = Object.entries(REQUIRED).flatMap(([role, names]) =>
    names
      .filter((column) => !shape.has(role as TableRole, column))
      .map((column) => `${NAMES[era][role as TableRole]}.${column}`),
  );
  if (missing.length === 0) return shape;
  const seen = [...columns.keys()].sort();
  throw new DrillError({
    code: 'schema-unknown',
    where: 'workload/immich',
    what: `The restored database is not an Immich schema of v1.132 to v3.2: ${missing.slice(0, 4).join(', ')} missing; it has ${seen.length} tables${seen.length > 0 ? `, such as ${seen.slice(0, 6).join(', ')}` : ''}.`,
    next: 'see whether the right database was dumped; if it is a newer Immich, update this product.',
    blame: 'environment',
  });
}
