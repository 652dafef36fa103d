import type { Check, Evidence, Finding, Judgement } from '../../model/check.ts';
import type { EvidenceBuilder } from './evidence-builder.ts';

/** Judges built evidence, changed by parts where given. */
export function judged(
  check: Check,
  builder: EvidenceBuilder,
  parts: Partial<Omit<Evidence, 'list'>> = {},
): Promise<Judgement> {
  return check.judge(builder.with(parts).build());
}

/** The names of what a judgement found wrong. */
export function subjects(judgement: Judgement): string[] {
  return (judgement.findings ?? []).map((finding: Finding) => finding.subject);
}
