/** A process of its own for one workload and one peer: checks the peer's result against raw's, then measures both. */

import { openAdmin } from "../data/admin.js";
import { checksum } from "../data/canonical.js";
import { contacts } from "../data/generate.js";
import { loadPeer } from "../peers/registry.js";
import { workloadById } from "../workloads/registry.js";
import type { Context } from "../workloads/workload.js";
import { BenchmarkError } from "./errors.js";
import type { TimingAnswer, TimingJob } from "./jobs.js";
import { compare } from "./measure.js";
import { answer } from "./reply.js";

async function measure({ workload: id, peer: name, target, effort }: TimingJob): Promise<TimingAnswer> {
  const workload = workloadById(id);
  const definition = await loadPeer(name);
  const raw = await (await loadPeer("raw")).open(target);
  const peer = await definition.open(target);
  const admin = await openAdmin(target);
  try {
    const context: Context = { database: target.database, admin, rows: contacts() };
    const rawOperation = workload.operation(raw, context);
    const operation = workload.operation(peer, context);
    if (rawOperation === undefined || operation === undefined) return { status: "absent" };

    const expected = checksum(await workload.outcome(raw, rawOperation, context));
    const actual = checksum(await workload.outcome(peer, operation, context));
    if (expected !== actual) {
      throw new BenchmarkError(`its result (checksum ${actual}) is not that of the raw driver (${expected})`);
    }
    return { status: "measured", value: await compare(rawOperation, operation, effort) };
  } finally {
    await admin.close();
    await peer.close();
    await raw.close();
  }
}

await answer(measure);
