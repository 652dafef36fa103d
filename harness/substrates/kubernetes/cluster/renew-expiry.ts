import { PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';
import { expiresAt } from '../../../machine/work-folders/expires-at.ts';
import type { Kube } from '../core/kube/kube.ts';
import { EXPIRES_ANNOTATION } from '../core/kube/labels.ts';

/** Far more often than a namespace expires: an API server may be away for hours. */
const RENEW_MS = 3_600_000;

/** Puts off the time when a namespace expires, for as long as its run lives; ends when it is disposed of. */
export function renewExpiry(kube: Kube, everyMs = RENEW_MS): Disposable {
  const renew = async () => {
    const annotations = { [EXPIRES_ANNOTATION]: expiresAt() };
    await kube.core.patchNamespace(
      { name: kube.namespace, body: { metadata: { annotations } } },
      setHeaderOptions('Content-Type', PatchStrategy.MergePatch),
    );
  };
  // What fails now is tried again in time.
  const timer = setInterval(() => void renew().catch(() => {}), everyMs);
  timer.unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
