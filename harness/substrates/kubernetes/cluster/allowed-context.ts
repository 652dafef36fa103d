import { DrillError } from '../../../model/error.ts';
import type { Kube } from '../core/kube/kube.ts';

/** A namespace with this label, set to `true`, says that drills may run in its cluster. */
export const ALLOWED_LABEL = 'restore-drill.allowed';

/** Makes sure that the user wants drills in this cluster, by a label there or by naming the context. Only looks. */
export async function requireAllowedContext(kube: Kube, context: string, allowed: string | undefined): Promise<void> {
  if (allowed === context) return;
  const labelSelector = `${ALLOWED_LABEL}=true`;
  let why = `no namespace there has the label ${labelSelector}`;
  try {
    const { items } = await kube.ask(() => kube.core.listNamespace({ labelSelector }));
    if (items.length > 0) return;
  } catch (error) {
    why = `its namespaces could not be looked at (${error instanceof Error ? error.message : String(error)})`;
  }
  throw new DrillError({
    code: 'context-not-marked',
    where: 'substrate/cluster',
    what: `The context "${context}" is not marked for drills: ${why}${allowed === undefined ? '' : `, and --allow-context names "${allowed}"`}. Nothing was made there.`,
    next: `if it is the right one, apply harness/substrates/kubernetes/cluster/rbac.yaml there, or add --allow-context ${context}.`,
    blame: 'usage',
  });
}
