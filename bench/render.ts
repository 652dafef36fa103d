import { statfsSync } from 'node:fs';
import os from 'node:os';
import { alignColumns } from '../harness/cli/columns.ts';
import type { Measurement } from './benchmark.ts';

const GIB = 1024 ** 3;
const RIGHT_ALIGNED = new Set([2, 4, 5]);

/** What the numbers were measured on, and how busy it was with other things. */
export interface Machine {
  readonly os: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGib: number;
  readonly node: string;
  readonly workFolder: string;
  readonly freeDiskGib: number;
  /** Processes that wanted to run in the minute before: more than cores means that numbers are too low. */
  readonly load: number;
}

/** One benchmark with all that it measured, or the reason why it did not. */
export interface Outcome {
  readonly benchmark: string;
  readonly measurements: readonly Measurement[];
  readonly error?: string;
}

export function describeMachine(): Machine {
  const workFolder = process.env.DRILL_WORK ?? os.tmpdir();
  const disk = statfsSync(workFolder);
  return {
    os: `${os.type()} ${os.release()} ${os.arch()}`,
    cpu: os.cpus()[0]?.model ?? 'unknown',
    cores: os.availableParallelism(),
    memoryGib: os.totalmem() / GIB,
    node: process.version,
    workFolder,
    freeDiskGib: (disk.bavail * disk.bsize) / GIB,
    load: os.loadavg()[0] ?? 0,
  };
}

/** The table for people. */
export function renderTable(machine: Machine, outcomes: readonly Outcome[]): string {
  const { cores, cpu, memoryGib, node, workFolder, freeDiskGib, load } = machine;
  const head = ['benchmark', 'what', 'measured', '', 'bare tool', 'ratio', 'goal', ''];
  const rows = outcomes.flatMap(({ benchmark, measurements, error }) =>
    error === undefined ? measurements.map((one) => row(benchmark, one)) : [[benchmark, `not measured: ${error}`]],
  );
  return [
    `${machine.os}, ${cores} cores of ${cpu}, ${memoryGib.toFixed(0)} GiB, node ${node}`,
    `work folder ${workFolder}, ${freeDiskGib.toFixed(0)} GiB free; load before: ${load.toFixed(1)}`,
    '',
    ...alignColumns([head, ...rows], RIGHT_ALIGNED),
    '',
  ].join('\n');
}

function row(benchmark: string, { what, value, unit, bare, ratio, goal }: Measurement): string[] {
  return [
    benchmark,
    what,
    number(value),
    unit,
    bare ? `${number(bare.value)} (${bare.tool})` : '',
    ratio === undefined ? '' : `${(ratio * 100).toFixed(1)} %`,
    goal?.text ?? '',
    goal ? (goal.met ? 'met' : 'MISSED') : '',
  ];
}

function number(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(value >= 10 ? 1 : 2);
}
