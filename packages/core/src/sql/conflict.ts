import { ArgumentError } from "../errors/index.js";
import { declareNode, Node } from "../visit/node.js";
import { replace } from "../visit/replace.js";
import { BindParameter } from "./bind.js";
import { toExpression } from "./coerce.js";
import { type Assignments, assignmentsOf, columnOf, conditionsOf, NONE, type ValueRow } from "./dml.js";
import type { Expression, ExpressionNode } from "./expression.js";
import type { FromClause } from "./from-clause.js";
import type { Bool, Typed } from "./protocols.js";
import { proposedRow } from "./row-version.js";

type ValueIn<X> = Extract<X, Typed<unknown>> extends Typed<infer T> ? T : unknown;

/** The columns of a row by key, seen from the shape in which rows are inserted. */
export type RowColumns<I> = { readonly [K in keyof I]-?: Expression<ValueIn<I[K]>, never, K & string> };

/** Says something by the row that was to be inserted and the row that is there. */
export type OfBothRows<I, T> = (incoming: RowColumns<I>, existing: RowColumns<I>) => T;

/** What {@link Insert.upsert} is told. */
export interface UpsertOptions<I> {
  /** The columns of the primary key or of a unique constraint or index that say which row is meant. */
  readonly key: readonly (keyof I & string)[];
  /** What to change in the row that is there: keys whose values the incoming row gives, or values. Left out: all that is given. */
  readonly update?: readonly (keyof I & string)[] | OfBothRows<I, Partial<I>>;
  /** Change it only where this holds; else it stays as it is. */
  readonly where?: OfBothRows<I, Typed<Bool>>;
}

/** Which conflict `ON CONFLICT` means. Without anything: any. */
export interface ConflictTarget<I> {
  /** Columns by key, or expressions, of a unique index. */
  readonly target?: readonly ((keyof I & string) | Typed<unknown>)[];
  /** The condition of a partial unique index. Values in it are written into the text. */
  readonly targetWhere?: Typed<Bool>;
  /** The name of a constraint. PostgreSQL only. */
  readonly constraint?: string;
}

/** What {@link Insert.onConflictDoUpdate} is told. */
export interface ConflictUpdate<I> extends ConflictTarget<I> {
  readonly set: Partial<I> | OfBothRows<I, Partial<I>>;
  readonly where?: Typed<Bool> | OfBothRows<I, Typed<Bool>>;
}

/** What happens when an INSERT meets an existing row. */
export abstract class ConflictClause extends Node {
  abstract readonly keys: readonly string[];
  abstract readonly cells: readonly ExpressionNode[];
}

/** The portable upsert: each database writes it with what it has. */
export class Upsert extends ConflictClause {
  /** The keys of the columns that identify the row. */
  readonly by: readonly string[];
  readonly keys: readonly string[];
  readonly cells: readonly ExpressionNode[];
  readonly criteria: readonly ExpressionNode[];
  /** Every column that the INSERT gives is updated, but those of the key. */
  readonly all: boolean;

  constructor(
    by: readonly string[],
    keys: readonly string[],
    cells: readonly ExpressionNode[],
    criteria: readonly ExpressionNode[],
    all: boolean,
  ) {
    super();
    this.by = by;
    this.keys = keys;
    this.cells = cells;
    this.criteria = criteria;
    this.all = all;
  }

  static {
    declareNode(Upsert, "upsert", { by: "atoms", keys: "atoms", cells: "nodes", criteria: "nodes", all: "atom" });
  }

  /** The clause with its columns named, for an INSERT that gives these keys. */
  resolved(table: FromClause, given: readonly string[]): Upsert {
    if (!this.all) return this;
    const incoming = proposedRow(table);
    const keys = given.filter((key) => !this.by.includes(key));
    return new Upsert(
      this.by,
      keys,
      keys.map((key) => columnOf(incoming, key)),
      this.criteria,
      false,
    );
  }
}

/** `ON CONFLICT ... DO UPDATE SET ...`; without columns to set, `DO NOTHING`. */
export class OnConflict extends ConflictClause {
  readonly target: readonly ExpressionNode[];
  readonly targetCriteria: readonly ExpressionNode[];
  readonly constraint: string | undefined;
  readonly keys: readonly string[];
  readonly cells: readonly ExpressionNode[];
  readonly criteria: readonly ExpressionNode[];

  constructor(
    target: readonly ExpressionNode[],
    targetCriteria: readonly ExpressionNode[],
    constraint: string | undefined,
    keys: readonly string[],
    cells: readonly ExpressionNode[],
    criteria: readonly ExpressionNode[],
  ) {
    super();
    this.target = target;
    this.targetCriteria = targetCriteria;
    this.constraint = constraint;
    this.keys = keys;
    this.cells = cells;
    this.criteria = criteria;
  }

  static {
    declareNode(OnConflict, "onConflict", {
      target: "nodes",
      targetCriteria: "nodes",
      constraint: "atom",
      keys: "atoms",
      cells: "nodes",
      criteria: "nodes",
    });
  }
}

/** `ON DUPLICATE KEY UPDATE ...` */
export class OnDuplicateKey extends ConflictClause {
  readonly keys: readonly string[];
  readonly cells: readonly ExpressionNode[];
  /** The assignments stand in the given order, whatever they read. */
  readonly ordered: boolean;

  constructor(keys: readonly string[], cells: readonly ExpressionNode[], ordered = false) {
    super();
    this.keys = keys;
    this.cells = cells;
    this.ordered = ordered;
  }

  static {
    declareNode(OnDuplicateKey, "onDuplicateKey", { keys: "atoms", cells: "nodes", ordered: "atom" });
  }
}

function ofBothRows<T>(table: FromClause, given: T | OfBothRows<never, T>): T {
  if (typeof given !== "function") return given;
  return (given as OfBothRows<unknown, T>)(
    proposedRow(table).c as RowColumns<unknown>,
    table.c as unknown as RowColumns<unknown>,
  );
}

function something(assignments: Assignments, method: string): Assignments {
  if (assignments.keys.length > 0) return assignments;
  throw new ArgumentError(`${method}() was given nothing to set.`, { code: "EMPTY_UPDATE" });
}

function checkedKey(table: FromClause, key: readonly string[], method: string): readonly string[] {
  if (key.length === 0) throw new ArgumentError(`${method}() needs the columns of a key.`, { code: "NO_KEY" });
  return key.map((name) => columnOf(table, name).key);
}

/** The clause of {@link Insert.upsert}. */
export function upsertClause(table: FromClause, { key, update, where }: UpsertOptions<never>): Upsert {
  const by = checkedKey(table, key, "upsert");
  const criteria = where === undefined ? NONE : conditionsOf([ofBothRows<Typed<Bool>>(table, where)]);
  if (update === undefined) return new Upsert(by, NONE, NONE, criteria, true);
  const incoming = proposedRow(table);
  const { keys, cells } = Array.isArray(update)
    ? {
        keys: update as readonly string[],
        cells: (update as readonly string[]).map((name) => columnOf(incoming, name)),
      }
    : assignmentsOf(table, ofBothRows(table, update as OfBothRows<never, ValueRow>));
  return new Upsert(by, ...pair(something({ keys, cells }, "upsert")), criteria, false);
}

function pair({ keys, cells }: Assignments): [readonly string[], readonly ExpressionNode[]] {
  return [keys, cells];
}

/** The clause of {@link Insert.ignoreExisting}. */
export function ignoreClause(table: FromClause, key: readonly string[]): Upsert {
  return new Upsert(checkedKey(table, key, "ignoreExisting"), NONE, NONE, NONE, false);
}

/** The database compares what stands here with the definition of an index, so values are part of the text. */
function inlined(expression: ExpressionNode): ExpressionNode {
  return replace(expression, (node) => (node instanceof BindParameter ? node.inlined() : undefined));
}

/** The clause of {@link Insert.onConflictDoUpdate} and {@link Insert.onConflictDoNothing}. */
export function onConflictClause(
  table: FromClause,
  options: ConflictTarget<never> & Partial<Pick<ConflictUpdate<never>, "set" | "where">>,
): OnConflict {
  const { target = NONE, targetWhere, constraint, set, where } = options;
  if (constraint !== undefined && target.length > 0) {
    throw new ArgumentError("ON CONFLICT takes a constraint or a target, not both.", { code: "CONFLICT_TARGET" });
  }
  const expressions = (target as readonly unknown[]).map((item) =>
    typeof item === "string" ? columnOf(table, item) : inlined(toExpression(item)),
  );
  const { keys, cells } =
    set === undefined
      ? { keys: NONE, cells: NONE }
      : something(
          assignmentsOf(table, ofBothRows(table, set as ValueRow | OfBothRows<never, ValueRow>)),
          "onConflictDoUpdate",
        );
  const criteria = where === undefined ? NONE : conditionsOf([ofBothRows<Typed<Bool>>(table, where)]);
  return new OnConflict(expressions, conditionsOf([targetWhere]).map(inlined), constraint, keys, cells, criteria);
}

/** The clause of {@link Insert.onDuplicateKeyUpdate}. */
export function onDuplicateKeyClause(
  table: FromClause,
  set: ValueRow | OfBothRows<never, ValueRow> | readonly (readonly [string, unknown])[],
): OnDuplicateKey {
  const ordered = Array.isArray(set);
  const values = ordered ? Object.fromEntries(set as readonly (readonly [string, unknown])[]) : set;
  return new OnDuplicateKey(
    ...pair(something(assignmentsOf(table, ofBothRows<ValueRow>(table, values as ValueRow)), "onDuplicateKeyUpdate")),
    ordered,
  );
}
