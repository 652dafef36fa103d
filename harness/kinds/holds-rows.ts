import type { Component } from '../model/workload.ts';
import { kindOf } from './kinds.ts';

/** Whether the workload reads its references and its numbers from a component. */
export function holdsRows(component: Component): boolean {
  return component.holdsRows ?? kindOf(component).holds === 'rows';
}
