/** How this machine reaches one server of a cluster. */
export interface PortForward {
  /** What the Service in front of the server needs for it. */
  readonly service: { readonly type: 'NodePort' | 'ClusterIP'; readonly nodePort?: number };
  readonly outside: { readonly host: string; readonly port: number };
  /** Begins to lead to the pod, which is about to start. */
  open(pod: string): void;
  close(): Promise<void>;
}

/** Gives a forward to each server, no two of them the same. */
export interface PortForwards {
  take(port: number): Promise<PortForward>;
}
