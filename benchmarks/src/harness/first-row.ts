/** The program that the start workload times: import one peer, set up its models, read one row, say so. */

import { loadPeer } from "../peers/registry.js";
import type { StartJob } from "./jobs.js";

const job = JSON.parse(process.argv[2] ?? "null") as StartJob;
const peer = await (await loadPeer(job.peer)).open(job.target);
const find = job.first === "entity" ? peer.pointEntity : peer.pointSelect;
const first = await find?.(1);
const { user, system } = process.cpuUsage();
const rss = process.resourceUsage().maxRSS * 1024;
process.stdout.write(
  `${JSON.stringify({ absent: find === undefined, id: first?.id, cpuMs: (user + system) / 1000, rss })}\n`,
);
await peer.close();
process.exit(0);
