import { SUMS } from '../../../../checks/sums.ts';
import type { UpgradeTo } from '../../../../existing/configuration/plug-in.ts';
import type { UpgradeRehearsal } from '../../../../model/drill.ts';
import { DrillError } from '../../../../model/error.ts';
import { upgradedImmich } from '../upgrade/upgraded-immich.ts';
import { rehearsalOf } from './rehearsal-of.ts';
import type { DrillConfig } from './schema.ts';
import { versionOfTag } from './version-of-tag.ts';

/** The drill that starts a newer version on what a part of the configuration gives back. */
export function upgradeOf(name: string, config: DrillConfig, to: UpgradeTo): UpgradeRehearsal {
  if (!config.library)
    throw new DrillError({
      code: 'library-not-named',
      where: 'cli',
      what: `The configuration of "${name}" names no backup of the library, and no version of Immich starts without one.`,
      next: 'name one: a restic repository, a bucket or a folder.',
      blame: 'usage',
    });
  // That images are images is for `drill run`, and what lists of digests say as well: a newer version may write files anew.
  const toVersion = versionOfTag(to.image);
  const whole = rehearsalOf(name, { ...config, images: 0 });
  return {
    ...whole,
    name: `${name}-upgrade`,
    claim: `These backups can be taken to ${to.image}: it serves, and has lost nothing of what it was given`,
    checks: (whole.checks ?? []).filter(({ name }) => name !== SUMS),
    workload: upgradedImmich(whole.workload, { ...to, named: toVersion }),
    objectives: {},
    toVersion,
  };
}
