import type { PeerDefinition } from "./peer.js";
export const peer: PeerDefinition = {
  packages: [],
  open: async () => {
    throw new TypeError("x");
  },
};
