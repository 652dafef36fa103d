import { z } from 'zod';
import { count, objective, oneOf, relative, sealed } from '../../../../existing/configuration/config-fields.ts';
import { duration, placeFields } from '../../../../existing/configuration/place-config.ts';

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
    path: relative.optional(),
    dump: z.string().optional(),
    baseBackup: z
      .strictObject({ superuser: z.string().min(1).optional(), database: z.string().min(1).optional() })
      .optional(),
  })
  .superRefine(oneOf([...Object.keys(placeFields), 'inLibrary']))
  .refine(({ baseBackup, dump }) => baseBackup === undefined || dump === undefined, {
    error: 'a physical copy of a server is no dump: give one of dump and baseBackup',
    path: ['baseBackup'],
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
    objectives: objective
      .extend({
        components: z.strictObject({ library: objective.optional(), database: objective.optional() }).optional(),
      })
      .optional(),
  })
  .superRefine((value, context) => {
    if (value.database.inLibrary !== undefined && !value.library)
      context.addIssue({
        code: 'custom',
        path: ['database', 'inLibrary'],
        message: 'there is no library to look into',
      });
  });

export type DrillConfig = z.output<typeof schema>;
