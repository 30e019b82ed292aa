/** A worker's side of the conversation: the job is its first argument, the answer goes over the process's channel. */

import type { Answer } from "./jobs.js";

/** Does the job, sends the answer, and ends the process. What was thrown becomes an answer too. */
export async function answer<J, T>(work: (job: J) => Promise<Answer<T>>): Promise<void> {
  let reply: Answer<T>;
  try {
    reply = await work(JSON.parse(process.argv[2] ?? "null") as J);
  } catch (error) {
    reply = { status: "failed", reason: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
  }
  await new Promise<void>((resolve) => {
    if (process.send) process.send(reply, () => resolve());
    else resolve();
  });
  // A peer that keeps a connection open must not keep the run waiting.
  process.exit(0);
}
