import type { Engine } from "@acme/core";
import { listing } from "./listing.js";
import { bold, cyan, dim, green, say, table, yellow } from "./show.js";

/** Runs the steps of the tour: each shows what was written, the SQL that went to the database, and what came back. */
export class Stage {
  private readonly engine: Engine;
  private file = "";
  private count = 0;

  constructor(engine: Engine) {
    this.engine = engine;
  }

  /** Names the source file of the steps that follow: their listings are read from it. */
  from(file: string): void {
    this.file = file;
  }

  /** A step that is shown with its own source. Rows that it returns are printed as a table. */
  async step(title: string, run: () => Promise<unknown>): Promise<void> {
    this.count += 1;
    say();
    say(bold(green(`${this.count}. ${title}`)));
    for (const line of listing(this.file, title)) say(cyan(`  ${line}`));
    const stop = this.listen();
    let result: unknown;
    try {
      result = await run();
    } finally {
      for (const end of stop) end();
    }
    if (Array.isArray(result)) table(result as readonly object[]);
    else if (result !== undefined) say(`  ${String(result).split("\n").join("\n  ")}`);
  }

  private listen(): readonly (() => void)[] {
    const { engine } = this;
    return [
      engine.on("begin", () => say(dim("  ── BEGIN"))),
      engine.on("commit", () => say(dim("  ── COMMIT"))),
      engine.on("rollback", () => say(dim("  ── ROLLBACK"))),
      engine.on("savepoint", () => say(dim("  ── SAVEPOINT"))),
      engine.on("releaseSavepoint", () => say(dim("  ── RELEASE SAVEPOINT"))),
      engine.on("rollbackSavepoint", () => say(dim("  ── ROLLBACK TO SAVEPOINT"))),
      engine.on("beforeExecute", ({ sql, batch }) =>
        say(yellow(`  ── ${sql}${batch === undefined ? "" : `   (${batch} rows)`}`)),
      ),
    ];
  }
}
