/** Peers by name. Each is imported on demand, so that a process loads one peer and pays for no other. */

import type { PeerDefinition } from "./peer.js";

const loaders = {
  raw: () => import("./raw.js"),
  ideal: () => import("./ideal.js"),
  ours: () => import("./ours.js"),
  kysely: () => import("./kysely.js"),
  drizzle: () => import("./drizzle.js"),
  mikroorm: () => import("./mikroorm.js"),
  typeorm: () => import("./typeorm.js"),
} satisfies Record<string, () => Promise<{ readonly peer: PeerDefinition }>>;

export type PeerName = keyof typeof loaders;

export const peerNames = Object.keys(loaders) as readonly PeerName[];

/** Measured when `--peers` does not say otherwise. `ideal` is no library, and `raw` against itself shows the noise. */
export const defaultPeers: readonly PeerName[] = ["ours", "kysely", "drizzle", "mikroorm", "typeorm"];

export async function loadPeer(name: PeerName): Promise<PeerDefinition> {
  return (await loaders[name]()).peer;
}
