import { AmbiguousForeignKeysError, CompileError, InvalidRequestError, NoForeignKeysError } from "../errors/index.js";
import type { ForeignKeyConstraint } from "../schema/constraint.js";
import { Column } from "../sql/column.js";
import { Join } from "../sql/derived.js";
import { Binary, BOOLEAN } from "../sql/elements.js";
import type { ExpressionNode } from "../sql/expression.js";
import { ANONYMOUS, type FromClause } from "../sql/from-clause.js";
import { operations } from "../sql/late.js";
import type { JoinClause, Select } from "../sql/select.js";
import type { TableFunction } from "../sql/table-function.js";
import { flattenBinds, type Node } from "../visit/node.js";

/** Any select. */
export type SelectNode = Select<readonly unknown[], string, unknown>;

/** FROM items in order, each once: two of equal structure are the same item. */
class FromList {
  private readonly byShape = new Map<number, FromClause>();

  add(from: FromClause): void {
    const before = this.byShape.get(from.shape);
    if (before === undefined) this.byShape.set(from.shape, from);
    else requireSame(before, from);
  }

  /** Refuses an item that looks like one of this list but has parameters of its own. */
  check(from: FromClause): void {
    const before = this.byShape.get(from.shape);
    if (before !== undefined) requireSame(before, from);
  }

  has(from: FromClause): boolean {
    return this.byShape.has(from.shape);
  }

  get items(): readonly FromClause[] {
    return [...this.byShape.values()];
  }
}

/** Whether two FROM items of equal structure hold the very same parameters. */
export function sameParameters(a: FromClause, b: FromClause): boolean {
  if (a === b) return true;
  const left = flattenBinds(a.binds);
  const right = flattenBinds(b.binds);
  return left.length === right.length && left.every((bind, i) => bind === right[i]);
}

/**
 * Two FROM items of one structure are one item only if they share their parameters. Were they told apart by their values,
 * the compiled form of a statement would depend on values, which its key leaves out.
 */
function requireSame(a: FromClause, b: FromClause): void {
  if (sameParameters(a, b)) return;
  throw new CompileError(`Two FROM items are named "${a.name}": they look alike, but each has parameters of its own.`, {
    code: "DUPLICATE_FROM",
    remedy: "Build it once and use it twice, or give one of them another name.",
  });
}

/** Adds the FROM items of the columns in an expression; nested queries keep theirs. */
function collect(node: Node, into: FromList): void {
  if (node instanceof Column) {
    if (node.from instanceof Join) return;
    into.add(node.from);
    // What the arguments of a function in FROM speak of stands in FROM too.
    if (node.from.kind === "tableFunction") collect((node.from as TableFunction).call, into);
    return;
  }
  if (node.kind === "select" || node.kind === "compound") return;
  // The children without a list of them: every node of every statement that is compiled comes by here.
  const self = node as unknown as { readonly [field: string]: unknown };
  for (const { name, kind } of node.declaration.fields) {
    if (kind === "nodes") for (const child of self[name] as readonly Node[]) collect(child, into);
    else if (kind === "node" && self[name] !== undefined) collect(self[name] as Node, into);
  }
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
  const { modifiers } = select;
  const targets = new Set<number>();
  for (const join of select.joins) for (const part of join.target.parts) targets.add(part.shape);
  const explicit = new FromList();
  const explicitParts = new Set<number>();
  for (const from of select.froms) {
    explicit.add(from);
    for (const part of from.parts) explicitParts.add(part.shape);
  }
  for (const { left } of select.joins) {
    if (left === undefined || left.parts.every((part) => targets.has(part.shape) || explicitParts.has(part.shape)))
      continue;
    explicit.add(left);
    for (const part of left.parts) explicitParts.add(part.shape);
  }
  const needed = new FromList();
  for (const item of select.items) collect(item, needed);
  for (const condition of select.criteria) collect(condition, needed);
  if (modifiers !== undefined)
    for (const node of [...modifiers.distinctOn, ...modifiers.extensions]) collect(node, needed);

  const known = new FromList();
  for (const from of [...select.froms, ...select.joins.map((join) => join.target)])
    for (const part of from.parts) known.add(part);
  for (const from of enclosing) known.add(from);
  const spoken = new FromList();
  for (const join of select.joins) if (join.on !== undefined) collect(join.on, spoken);
  for (const clause of [select.groups, select.havings, select.order]) for (const node of clause) collect(node, spoken);
  for (const from of [...needed.items, ...spoken.items]) known.check(from);

  const outer = correlatedTo(select, enclosing);
  const implicit = needed.items.filter((from) => !targets.has(from.shape) && !explicitParts.has(from.shape));
  const own = implicit.filter((from) => !outer.has(from.shape));
  if (modifiers?.correlationMode !== undefined) {
    // What was said holds, also for what selectFrom() names and when nothing remains.
    const named = explicit.items.filter((from) => !outer.has(from.shape));
    return hangJoins(inReadingOrder([...named, ...own]), select.joins, needed, dialect);
  }
  const remains = explicit.items.length > 0 || select.joins.length > 0 ? own : own.length > 0 ? own : implicit;
  const roots = [...explicit.items, ...(own.length > 0 || explicit.items.length > 0 ? own : remains)];
  const chosen = roots.length > 0 || select.joins.length === 0 ? roots : implicit;
  return hangJoins(inReadingOrder(chosen), select.joins, needed, dialect);
}

/** The FROM items around a query that it may share. */
function correlatedTo(select: SelectNode, enclosing: readonly FromClause[]): ReadonlySet<number> {
  const around = enclosing.map((from) => from.shape);
  const { modifiers } = select;
  if (modifiers?.correlationMode === undefined) return new Set(around);
  const named = new Set(modifiers.correlated.map((from) => from.shape));
  return new Set(around.filter((shape) => named.has(shape) === (modifiers.correlationMode === "only")));
}

/** FROM items that may read others stand behind these. */
function inReadingOrder(roots: readonly FromClause[]): readonly FromClause[] {
  const reads = (from: FromClause): boolean =>
    from.kind === "tableFunction" || (from as FromClause & { readonly lateral?: boolean }).lateral === true;
  if (roots.length < 2 || !roots.some(reads)) return roots;
  return [...roots.filter((from) => !reads(from)), ...roots.filter(reads)];
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
    const target = withConditions(join.target);
    const on = join.joinKind === "cross" ? undefined : (join.on ?? inferOn(join.left ?? left, target));
    trees[at] = new Join(left, target, on, join.joinKind);
  }
  return trees.map(withConditions);
}

/** A join that stands as one FROM item, with the conditions that the foreign keys say. */
function withConditions(from: FromClause): FromClause {
  if (!(from instanceof Join)) return from;
  const left = withConditions(from.left);
  const right = withConditions(from.right);
  const on = from.joinKind === "cross" ? undefined : (from.on ?? inferOn(left, right));
  if (left === from.left && right === from.right && on === from.on) return from;
  return new Join(left, right, on, from.joinKind);
}

/** The FROM items of a select: those that its columns and conditions speak of, or all as they will be written. */
function fromsOf(select: Node, which: "columns" | "final"): readonly FromClause[] {
  if (which === "final") return resolveFroms(select as SelectNode, [], "default");
  const needed = new FromList();
  const { items, criteria } = select as SelectNode;
  for (const node of [...items, ...criteria]) collect(node, needed);
  return needed.items;
}

Object.assign(operations, { froms: fromsOf });

/** Which of several FROM items a join belongs to: the one that is named, that ON speaks of, or that has a foreign key to the target. */
function leftSide(trees: readonly FromClause[], join: JoinClause): number {
  if (join.left !== undefined) {
    const parts = join.left.parts.map((part) => part.shape);
    const at = trees.findIndex((tree) => parts.some((shape) => tree.parts.some((part) => part.shape === shape)));
    if (at !== -1) return at;
  }
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

function constraintsOf(from: FromClause): ReadonlySet<ForeignKeyConstraint> {
  const found = new Set<ForeignKeyConstraint>();
  for (const column of from.columns) {
    const table = (column.origin ?? column).from as FromClause & {
      readonly foreignKeys?: readonly ForeignKeyConstraint[];
    };
    for (const key of table.foreignKeys ?? []) found.add(key);
  }
  return found;
}

/** The column of a FROM item that stands for a table's column. */
function standsFor(from: FromClause, origin: Column): Column | undefined {
  return from.columns.find((column) => (column.origin ?? column).shape === origin.shape);
}

/** The columns of a foreign key between two FROM items, and those they are equal to. */
type Candidate = readonly (readonly [Column, Column])[];

function pairUp(key: ForeignKeyConstraint, referring: FromClause, referred: FromClause): Candidate | undefined {
  const pairs: (readonly [Column, Column])[] = [];
  for (let i = 0; i < key.columns.length; i++) {
    const a = standsFor(referring, key.columns[i] as Column);
    const b = standsFor(referred, key.targets[i] as Column);
    if (a === undefined || b === undefined) return undefined;
    pairs.push([a, b]);
  }
  return pairs;
}

/** What {@link candidates} found: tables and their foreign keys stay as they are, and applications join the same ones again. */
const known = new WeakMap<FromClause, WeakMap<FromClause, readonly Candidate[]>>();

/** The foreign keys that connect two FROM items that are no joins, in either direction. */
function candidatesOf(left: FromClause, right: FromClause): readonly Candidate[] {
  let ofLeft = known.get(left);
  if (ofLeft === undefined) {
    ofLeft = new WeakMap();
    known.set(left, ofLeft);
  }
  let found = ofLeft.get(right);
  if (found === undefined) {
    found = [
      ...[...constraintsOf(left)].map((key) => flip(pairUp(key, left, right))),
      ...[...constraintsOf(right)].map((key) => pairUp(key, right, left)),
    ].filter((candidate) => candidate !== undefined);
    ofLeft.set(right, found);
  }
  return found;
}

/** The foreign keys that connect two FROM items, in either direction; each pair of columns once. */
function candidates(left: FromClause, right: FromClause): readonly Candidate[] {
  const found = left.parts.flatMap((part) => right.parts.flatMap((other) => candidatesOf(part, other)));
  if (found.length < 2) return found;
  const byShape = new Map<string, Candidate>();
  for (const pairs of found) {
    const id = pairs.map(([a, b]) => [a.shape, b.shape].sort((x, y) => x - y).join("=")).join(",");
    if (!byShape.has(id)) byShape.set(id, pairs);
  }
  return [...byShape.values()];
}

/** ON reads left to right: the side that was there first stands first. */
function flip(candidate: Candidate | undefined): Candidate | undefined {
  return candidate?.map(([a, b]) => [b, a] as const);
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
    const keys = found.map((pairs) =>
      pairs.map(([a, b]) => `${b.from.name}.${b.name} = ${a.from.name}.${a.name}`).join(" AND "),
    );
    throw new AmbiguousForeignKeysError(
      `There are ${found.length} foreign keys between "${left.name}" and "${right.name}": ${keys.join("; ")}.`,
      {
        remedy: "Give the join its condition as the second argument.",
      },
    );
  }
  const terms = only.map(([a, b]) => new Binary(b, "eq", a, BOOLEAN));
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
      if (part.name === ANONYMOUS) continue;
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
