/** What only some substrates have: storage that takes snapshots, a cluster that disasters can strike. */
export type Capability = 'snapshots' | 'cluster';
