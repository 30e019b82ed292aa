import { CompileError, type Connection, type Engine, type Node, sql } from "@acme/core";
import { expect, test as vitestTest } from "vitest";
import { REQUIREMENTS, type Requirement } from "./requirements.js";
import type { Tally } from "./tally.js";
import type { ConformanceTarget } from "./target.js";

/** What a test of the suite needs beyond a bare engine. */
export interface TestOptions {
  /** Requirements without which the test does not apply. */
  readonly needs?: Requirement | readonly Requirement[];
  /** The statement that a dialect without the requirement must refuse to compile. */
  readonly refuses?: () => Node;
  /** Statements that change the settings of the test's connection, which is then not used again. */
  readonly session?: readonly string[];
}

/** What a chapter is given. */
export interface ChapterContext {
  /** The engine under test; there from the first test on, not while tests are declared. */
  readonly engine: () => Engine;
  /** Whether the dialect meets a requirement. */
  has(requirement: Requirement): boolean;
  /** Settings of a session under which quoting must hold too. */
  readonly sessionModes: Readonly<Record<string, readonly string[]>>;
  /** Declares a test. One that takes a parameter gets a connection, which is released afterwards. */
  test(title: string, options: TestOptions, run: (connection: Connection) => Promise<void> | void): void;
}

/** A chapter of the suite: declares tests. */
export interface Chapter {
  readonly title: string;
  readonly declare: (context: ChapterContext) => void;
}

/** The context of one run of the suite. */
export function contextFor(
  engine: () => Engine,
  { optOut = {}, sessionModes = {} }: Pick<ConformanceTarget, "optOut" | "sessionModes">,
  tally: Tally,
): ChapterContext & { declared(): number } {
  const has = (requirement: Requirement): boolean => optOut[requirement] === undefined;

  let declared = 0;

  function counted(title: string, run: () => Promise<void>, onPass: () => void): void {
    declared += 1;
    vitestTest(title, async () => {
      try {
        await run();
        onPass();
      } catch (error) {
        tally.fail();
        throw error;
      }
    });
  }

  return {
    engine,
    has,
    declared: () => declared,
    sessionModes,
    test(title, options, run) {
      const needs =
        options.needs === undefined ? [] : typeof options.needs === "string" ? [options.needs] : options.needs;
      const missing = needs.find((requirement) => !has(requirement));
      if (missing === undefined) {
        counted(
          title,
          async () => {
            // An embedded database has one connection: a test that opens its own is not given another.
            if (run.length === 0) return (run as () => Promise<void> | void)();
            await using connection = await engine().connect();
            const { session = [] } = options;
            for (const statement of session) await connection.execute(sql.text(statement));
            await run(connection);
            if (session.length > 0) connection.invalidate();
          },
          () => tally.pass(),
        );
        return;
      }
      tally.leaveOut(title, `needs ${REQUIREMENTS[missing]}: ${optOut[missing]}`);
      const { refuses } = options;
      // How many sessions there are is nothing that a compiler could refuse.
      if (refuses === undefined || missing === "sessions") return;
      counted(
        `refuses what it has not: ${REQUIREMENTS[missing]} (${title.replace(/\[\w+\]/g, "").trim()})`,
        async () => {
          expect(() => engine().dialect.compile(refuses())).toThrow(CompileError);
          expect(() => engine().dialect.compile(refuses())).toThrow(engine().dialect.name);
        },
        () => tally.refusal(),
      );
    },
  };
}
