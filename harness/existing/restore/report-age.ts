import type { Part } from '../../engine/made.ts';
import type { Run } from '../../engine/run.ts';
import { parseDuration } from '../../model/duration.ts';
import type { Measured, RpoReport } from '../../model/result.ts';

/** What a disaster at the start of the run would have cost: how old each backup was then; the oldest is that of the whole. */
export function reportAge({ startedAt }: Run, { opened, restored }: Part<'opened' | 'restored'>): RpoReport {
  const { objectives, paths } = opened.drill;
  const components: Record<string, Measured> = {};
  for (const component of Object.keys(paths)) {
    const receipt = restored.receipts.find((one) => one.component === component);
    // What the drill has made itself says nothing of the backups that there would have been.
    const madeAt = receipt?.details.madeByDrill === true ? Number.NaN : Date.parse(receipt?.startedAt ?? '');
    const age = Number.isNaN(madeAt) ? null : Math.max(0, (startedAt.getTime() - madeAt) / 1000);
    components[component] = { seconds: age, objectiveSeconds: seconds(objectives?.components?.[component]?.rpo) };
  }
  const ages = Object.values(components).map((measured) => measured.seconds);
  const known = ages.filter((age) => age !== null);
  const whole = known.length === ages.length && known.length > 0 ? Math.max(...known) : null;
  return { seconds: whole, objectiveSeconds: seconds(objectives?.rpo), components };
}

function seconds(duration: string | undefined): number | null {
  return duration === undefined ? null : (parseDuration(duration) ?? null);
}
