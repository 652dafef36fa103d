import { formatMany, formatMoment } from '../digest/quantities.ts';
import type { Compliance } from './compliance.ts';

/** A control of a standard, and what the history has to say to it. */
export interface Control {
  readonly id: string;
  readonly title: string;
  readonly evidence: string;
}

/** The controls that drills are evidence for. They support an audit; whether a control is met is the auditor's to say. */
export function controlsOf({
  drills,
  schedules,
  evidence,
  history,
}: Omit<Compliance, 'attention' | 'controls'>): Control[] {
  const full = drills.flatMap(({ runs }) => runs);
  const passed = full.filter(({ verdict }) => verdict === 'pass');
  const months = new Set(full.map(({ run }) => run.endedAt.slice(0, 7))).size;
  const last = passed
    .map(({ run }) => run.endedAt)
    .sort()
    .at(-1);
  const components = new Set(passed.flatMap(({ rto }) => Object.keys(rto.components)));
  const missed = schedules.reduce((sum, one) => sum + one.missed.length, 0);
  const due = schedules.reduce((sum, one) => sum + one.due, 0);
  const kept = evidence.filter((row) => row.evidence === 'unchanged').length;
  const rto = sum(drills.map((drill) => drill.rto));
  const rpo = sum(drills.map((drill) => drill.rpo));
  const tests = `${formatMany(full.length, 'restore test')} in ${formatMany(months, 'month')}, ${passed.length} passed${last ? `, the last ${formatMoment(last)}` : ''}`;
  const plan =
    schedules.length > 0 ? `${missed} of ${due} scheduled tests missed` : 'no schedule was given to hold them to';
  const chain = history.state === 'whole' ? 'the record of them is unbroken' : `the record of them is ${history.state}`;
  return [
    {
      id: 'ISO/IEC 27001:2022 A.8.13',
      title: 'Information backup: backups are kept and regularly tested',
      evidence: `${tests}; ${plan}; ${chain}.`,
    },
    {
      id: 'SOC 2 A1.2',
      title: 'Data backup processes and recovery infrastructure',
      evidence: `Restored and compared: ${[...components].sort().join(', ') || 'nothing'}. RPO met in ${rpo.met} runs, missed in ${rpo.missed}, not measured in ${rpo.notMeasured}.`,
    },
    {
      id: 'SOC 2 A1.3',
      title: 'Recovery plan procedures are tested',
      evidence: `${tests}. RTO met in ${rto.met} runs, missed in ${rto.missed}, not measured in ${rto.notMeasured}. The evidence of ${kept} of ${formatMany(evidence.length, 'run')} is at hand, unchanged.`,
    },
  ];
}

function sum(tallies: readonly { met: number; missed: number; notMeasured: number }[]) {
  const of = (key: 'met' | 'missed' | 'notMeasured') => tallies.reduce((total, one) => total + one[key], 0);
  return { met: of('met'), missed: of('missed'), notMeasured: of('notMeasured') };
}
