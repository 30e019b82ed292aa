import {
  BindParameter,
  type Connection,
  type Expression,
  type ExpressionNode,
  insert,
  type Predicate,
  replace,
  select,
} from "@acme/core";
import fc from "fast-check";
import { expect } from "vitest";
import type { Chapter } from "../chapter.js";
import { conditionOf, numberOf } from "../meaning/build.js";
import { Evaluator, Undefined } from "../meaning/evaluate.js";
import { MEANING_ROWS, meaningMetadata, meanings } from "../meaning/table.js";
import { type Condition, conditions, type Num, numbers } from "../meaning/trees.js";

/** How many statements a run of the suite executes, of ten trees each. More, with a seed of its own: ACME_MEANING_RUNS=1000. */
const RUNS = Number(process.env.ACME_MEANING_RUNS ?? 25);
const SEED = process.env.ACME_MEANING_RUNS === undefined ? { seed: 20_261_128 } : {};
const TREES = 10;

type Tree = { readonly condition: Condition } | { readonly number: Num };

/** What a tree gives for each row; undefined if databases disagree about it. */
function expected(tree: Tree): readonly (number | boolean | null)[] | undefined {
  try {
    return MEANING_ROWS.map((row) => {
      const evaluator = new Evaluator(row);
      return "condition" in tree ? evaluator.condition(tree.condition) : evaluator.num(tree.number);
    });
  } catch (error) {
    if (error instanceof Undefined) return undefined;
    throw error;
  }
}

function built(tree: Tree): Expression<unknown, string, string> {
  return "condition" in tree ? conditionOf(tree.condition) : numberOf(tree.number);
}

/** The same with all values in the text. */
function inlined(expression: Expression<unknown, string, string>): Expression<unknown, string, string> {
  return replace(expression as ExpressionNode, (node) =>
    node instanceof BindParameter ? node.inlined() : undefined,
  ) as ExpressionNode;
}

/** The values of expressions for each row, by expression. */
async function valuesOf(
  conn: Connection,
  expressions: readonly Expression<unknown, string, string>[],
): Promise<unknown[][]> {
  const items = expressions.map((expression, i) => expression.label(`v${i}`));
  const rows = await conn
    .execute(
      select(...items)
        .selectFrom(meanings)
        .orderBy(meanings.c.id),
    )
    .tuples();
  return expressions.map((_, i) => rows.map((row) => (row as readonly unknown[])[i]));
}

async function idsWhere(conn: Connection, condition: Predicate): Promise<readonly number[]> {
  return conn.execute(select(meanings.c.id).where(condition).orderBy(meanings.c.id)).scalars();
}

/** Random expressions mean what SQL says that they mean. */
export const meaningChapter: Chapter = {
  title: "the meaning of expressions",
  declare({ test }) {
    const trees = fc.array(
      fc.oneof(fc.record({ condition: conditions }), fc.record({ number: numbers })) as fc.Arbitrary<Tree>,
      { minLength: 1, maxLength: TREES },
    );

    test("[EXP19] random trees of all operators have the value that an evaluator of three-valued logic gives them, bound and inlined", {}, async (conn) => {
      await meaningMetadata.createAll(conn);
      await conn.execute(insert(meanings).values(...MEANING_ROWS));
      try {
        await fc.assert(
          fc.asyncProperty(trees, async (list) => {
            const defined = list.filter((tree) => expected(tree) !== undefined);
            if (defined.length === 0) return;
            const made = defined.map(built);
            const wanted = defined.map(expected);
            expect(await valuesOf(conn, made)).toStrictEqual(wanted);
            expect(await valuesOf(conn, made.map(inlined))).toStrictEqual(wanted);
          }),
          { numRuns: RUNS, ...SEED },
        );
        await fc.assert(
          fc.asyncProperty(conditions, async (condition) => {
            const truths = expected({ condition });
            if (truths === undefined) return;
            const rows = (truth: boolean): number[] =>
              MEANING_ROWS.filter((_, i) => truths[i] === truth).map(({ id }) => id);
            const made = conditionOf(condition);
            expect(await idsWhere(conn, made)).toEqual(rows(true));
            expect(await idsWhere(conn, made.not())).toEqual(rows(false));
          }),
          { numRuns: RUNS * 2, ...SEED },
        );
      } finally {
        await meaningMetadata.dropAll(conn);
      }
    });
  },
};
