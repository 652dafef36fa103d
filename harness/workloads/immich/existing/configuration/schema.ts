import { z } from 'zod';
import { count, objective, oneOf, relative, sealed } from '../../../../existing/configuration/config-fields.ts';
import { duration, placeFields } from '../../../../existing/configuration/place-config.ts';
import { serverConfig } from '../../../../existing/configuration/server-config.ts';

/** What Immich calls its database, unless somebody has told it otherwise. */
export const DATABASE = 'immich';

const library = z
  .strictObject({
    ...placeFields,
    root: relative.optional(),
    archive: z.string().optional(),
    path: relative.optional(),
    sample: z.int().min(1).optional(),
    leavesOut: z.array(z.enum(['thumbs', 'encoded-video', 'backups'])).optional(),
  })
  .superRefine(oneOf(Object.keys(placeFields)))
  .refine(({ archive, sample }) => archive === undefined || sample === undefined, {
    error: 'an archive is unpacked as a whole: it takes no sample',
    path: ['sample'],
  });

const database = z
  .strictObject({
    ...placeFields,
    inLibrary: relative.optional(),
    server: serverConfig(DATABASE).optional(),
    path: relative.optional(),
    dump: z.string().optional(),
    baseBackup: z
      .strictObject({ superuser: z.string().min(1).optional(), database: z.string().min(1).optional() })
      .optional(),
  })
  .superRefine(oneOf([...Object.keys(placeFields), 'inLibrary', 'server']))
  .refine(({ baseBackup, dump }) => baseBackup === undefined || dump === undefined, {
    error: 'a physical copy of a server is no dump: give one of dump and baseBackup',
    path: ['baseBackup'],
  })
  .refine(({ server, path, dump, baseBackup }) => !server || (path ?? dump ?? baseBackup) === undefined, {
    error: 'is dumped by the drill itself: path, dump and baseBackup are for backups that are there',
    path: ['server'],
  });

const objectives = objective.extend({
  components: z.strictObject({ library: objective.optional(), database: objective.optional() }).optional(),
});

/** A drill of a user's own Immich in `drills.config.yaml`. Secrets are read from where it says that they are. */
export const schema = z
  .strictObject({
    workload: z.literal('immich'),
    library: library.optional(),
    database,
    sealed: sealed.optional(),
    atLeast: z.strictObject({ users: count.optional(), assets: count.optional() }).optional(),
    mediaRoots: z.array(z.string().startsWith('/')).optional(),
    untracked: count.optional(),
    images: count.optional(),
    newestAsset: duration.optional(),
    newestRow: duration.optional(),
    schemaDiffers: z.array(z.string().min(1)).optional(),
    objectives: objectives.optional(),
  })
  .superRefine((value, context) => {
    if (value.database.inLibrary !== undefined && !value.library)
      context.addIssue({
        code: 'custom',
        path: ['database', 'inLibrary'],
        message: 'there is no library to look into',
      });
    for (const { path, message } of value.database.server ? besideServer(value) : [])
      context.addIssue({ code: 'custom', path, message });
  });

/** What makes no sense beside a database in use, which is as young as the drill itself. */
function* besideServer({
  library,
  objectives,
}: Beside): Generator<{ readonly path: string[]; readonly message: string }> {
  if (library && (library.folder === undefined || library.archive !== undefined))
    yield {
      path: ['library'],
      message: 'must be the folder of the running Immich: its rows are newer than any backup',
    };
  const { rpo, components } = objectives ?? {};
  if ((rpo ?? components?.library?.rpo ?? components?.database?.rpo) !== undefined)
    yield { path: ['objectives'], message: 'has an rpo, and what is made by the drill itself has no age' };
}

interface Beside {
  readonly library?: z.output<typeof library> | undefined;
  readonly objectives?: z.output<typeof objectives> | undefined;
}

export type DrillConfig = z.output<typeof schema>;
