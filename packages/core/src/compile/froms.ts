import { AmbiguousForeignKeysError, CompileError, InvalidRequestError, NoForeignKeysError } from "../errors/index.js";
import type { ForeignKeyConstraint } from "../schema/constraint.js";
import { Column } from "../sql/column.js";
import { Join } from "../sql/derived.js";
import { Binary, BOOLEAN } from "../sql/elements.js";
import type { ExpressionNode } from "../sql/expression.js";
import type { FromClause } from "../sql/from-clause.js";
import { operations } from "../sql/late.js";
import type { JoinClause, Select } from "../sql/select.js";
import type { Node } from "../visit/node.js";
import { childrenOf } from "../visit/walk.js";

/** Any select. */
export type SelectNode = Select<readonly unknown[], string, unknown>;

/** FROM items in order, each once: two of equal structure are the same item. */
class FromList {
  private readonly byShape = new Map<number, FromClause>();

  add(from: FromClause): void {
    const before = this.byShape.get(from.shape);
    if (before === undefined) this.byShape.set(from.shape, from);
  }

  has(from: FromClause): boolean {
    return this.byShape.has(from.shape);
  }

  get items(): readonly FromClause[] {
    return [...this.byShape.values()];
  }
}

/** Adds the FROM items of the columns in an expression; nested queries keep theirs. */
function collect(node: Node, into: FromList): void {
  if (node instanceof Column) {
    if (!(node.from instanceof Join)) into.add(node.from);
    return;
  }
  if (node.kind === "select" || node.kind === "compound") return;
  for (const child of childrenOf(node)) collect(child, into);
}

/**
 * The FROM clause of a select: what `selectFrom` names and what the columns and conditions need, with the joins hung in.
 * `enclosing` are the FROM items of the queries around it: the ones that this query shares with them are theirs
 * (correlation), as long as one remains.
 */
export function resolveFroms(
  select: SelectNode,
  enclosing: readonly FromClause[],
  dialect: string,
): readonly FromClause[] {
  const targets = new Set(select.joins.map((join) => join.target.shape));
  const explicit = new FromList();
  const explicitParts = new Set<number>();
  for (const from of select.froms) {
    explicit.add(from);
    for (const part of from.parts) explicitParts.add(part.shape);
  }
  const needed = new FromList();
  for (const item of select.items) collect(item, needed);
  for (const condition of select.criteria) collect(condition, needed);

  const outer = new Set(enclosing.map((from) => from.shape));
  const implicit = needed.items.filter((from) => !targets.has(from.shape) && !explicitParts.has(from.shape));
  const own = implicit.filter((from) => !outer.has(from.shape));
  const remains = explicit.items.length > 0 || select.joins.length > 0 ? own : own.length > 0 ? own : implicit;
  const roots = [...explicit.items, ...(own.length > 0 || explicit.items.length > 0 ? own : remains)];
  return hangJoins(roots.length > 0 || select.joins.length === 0 ? roots : implicit, select.joins, needed, dialect);
}

function hangJoins(
  roots: readonly FromClause[],
  joins: readonly JoinClause[],
  needed: FromList,
  dialect: string,
): readonly FromClause[] {
  const trees = [...roots];
  for (const join of joins) {
    if (trees.length === 0 && needed.has(join.target)) throw twice(join.target.name, dialect);
    if (trees.length === 0) {
      throw new InvalidRequestError(`Nothing stands on the left of the join to "${join.target.name}".`, {
        code: "NO_LEFT_SIDE",
        remedy: "Select a column of the left side, or name it with selectFrom().",
      });
    }
    const at = leftSide(trees, join);
    const left = trees[at] as FromClause;
    const on = join.joinKind === "cross" ? undefined : (join.on ?? inferOn(left, join.target));
    trees[at] = new Join(left, join.target, on, join.joinKind);
  }
  return trees;
}

/** Which of several FROM items a join belongs to: the one that ON speaks of, or that has a foreign key to the target. */
function leftSide(trees: readonly FromClause[], join: JoinClause): number {
  if (trees.length === 1) return 0;
  const matches = (tree: FromClause): boolean => {
    if (join.on === undefined) return join.joinKind === "cross" || candidates(tree, join.target).length > 0;
    const spoken = new FromList();
    collect(join.on, spoken);
    return tree.parts.some((part) => spoken.has(part));
  };
  const found = trees.findIndex(matches);
  return found === -1 ? 0 : found;
}

function constraintsOf(parts: readonly FromClause[]): readonly ForeignKeyConstraint[] {
  const found = new Set<ForeignKeyConstraint>();
  for (const part of parts) {
    for (const column of part.columns) {
      const table = (column.origin ?? column).from as FromClause & {
        readonly foreignKeys?: readonly ForeignKeyConstraint[];
      };
      for (const key of table.foreignKeys ?? []) found.add(key);
    }
  }
  return [...found];
}

/** The column of one of the parts that stands for a table's column, and where it stands. */
function standsFor(parts: readonly FromClause[], origin: Column): readonly Column[] {
  return parts.flatMap((part) => part.columns.filter((column) => (column.origin ?? column).shape === origin.shape));
}

interface Candidate {
  readonly key: ForeignKeyConstraint;
  readonly pairs: readonly (readonly [Column, Column])[];
}

function pairUp(
  key: ForeignKeyConstraint,
  referring: readonly FromClause[],
  referred: readonly FromClause[],
): Candidate[] {
  const found: Candidate[] = [];
  for (const from of referring) {
    for (const to of referred) {
      const pairs: (readonly [Column, Column])[] = [];
      for (let i = 0; i < key.columns.length; i++) {
        const [a] = standsFor([from], key.columns[i] as Column);
        const [b] = standsFor([to], key.targets[i] as Column);
        if (a && b) pairs.push([a, b]);
      }
      if (pairs.length === key.columns.length) found.push({ key, pairs });
    }
  }
  return found;
}

/** The foreign keys that connect two FROM items, in either direction. */
function candidates(left: FromClause, right: FromClause): readonly Candidate[] {
  const found: Candidate[] = [];
  const seen = new Set<string>();
  const add = (list: readonly Candidate[]): void => {
    for (const candidate of list) {
      const id = candidate.pairs.map(([a, b]) => [a.shape, b.shape].sort((x, y) => x - y).join("=")).join(",");
      if (!seen.has(id)) found.push(candidate);
      seen.add(id);
    }
  };
  for (const key of constraintsOf(left.parts)) add(pairUp(key, left.parts, right.parts).map(flip));
  for (const key of constraintsOf(right.parts)) add(pairUp(key, right.parts, left.parts));
  return found;
}

/** ON reads left to right: the side that was there first stands first. */
function flip(candidate: Candidate): Candidate {
  return { key: candidate.key, pairs: candidate.pairs.map(([a, b]) => [b, a] as const) };
}

/** ON from the foreign keys between two FROM items. */
export function inferOn(left: FromClause, right: FromClause): ExpressionNode {
  const found = candidates(left, right);
  const [only, second] = found;
  if (only === undefined) {
    throw new NoForeignKeysError(`There is no foreign key between "${left.name}" and "${right.name}".`, {
      remedy: "Give the join its condition as the second argument.",
    });
  }
  if (second !== undefined) {
    const keys = found.map(({ pairs }) =>
      pairs.map(([a, b]) => `${b.from.name}.${b.name} = ${a.from.name}.${a.name}`).join(" AND "),
    );
    throw new AmbiguousForeignKeysError(
      `There are ${found.length} foreign keys between "${left.name}" and "${right.name}": ${keys.join("; ")}.`,
      {
        remedy: "Give the join its condition as the second argument.",
      },
    );
  }
  const terms = only.pairs.map(([a, b]) => new Binary(b, "eq", a, BOOLEAN));
  return operations.connect("and", terms);
}

function twice(name: string, dialect: string): CompileError {
  return new CompileError(`"${name}" stands twice in the FROM clause of one SELECT (${dialect}).`, {
    code: "DUPLICATE_FROM",
    remedy: 'Give one of the two another name with alias("...").',
  });
}

/** Two different FROM items under one name cannot be told apart in SQL. */
export function checkNames(froms: readonly FromClause[], dialect: string): void {
  const seen = new Map<string, FromClause>();
  for (const from of froms) {
    for (const part of from.parts) {
      const schema = (part as FromClause & { readonly schema?: string }).schema;
      const name = schema === undefined ? part.name : `${schema}.${part.name}`;
      const before = seen.get(name);
      if (before !== undefined && (before.shape === part.shape ? from instanceof Join : true)) {
        throw twice(name, dialect);
      }
      seen.set(name, part);
    }
  }
}
