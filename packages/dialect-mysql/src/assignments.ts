import {
  Column,
  CompileError,
  DmlColumns,
  type ExpressionNode,
  type FromClause,
  iterate,
  Update,
} from "@acme/core/dialect";

/** Any UPDATE. */
export type AnyUpdate = Update<never, unknown, unknown>;

interface Assignment {
  readonly key: string;
  readonly value: ExpressionNode;
  /** The keys of the table's columns that the value reads. */
  readonly reads: ReadonlySet<string>;
}

/**
 * An UPDATE whose assignments stand in an order in which left-to-right evaluation gives what SQL says.
 *
 * Standard SQL computes all values from the row as it was. MySQL and MariaDB assign from left to right, and a later value sees
 * the columns already changed: `SET visits = visits + 1, last = visits` would store the new count. So whatever reads a
 * column stands in front of what changes it. Two columns that take each other's values have no such order and are refused.
 */
export function inEvaluationOrder(update: AnyUpdate, dialect: string): AnyUpdate {
  const assignments = assignmentsOf(update);
  if (!assignments.some(({ reads, key }) => assignments.some((other) => other.key !== key && reads.has(other.key))))
    return update;
  const sorted = sort(assignments, update.table, dialect);
  return new Update(
    update.table,
    sorted.map(({ key }) => key),
    sorted.map(({ value }) => value),
    update.criteria,
    update.returningItems,
  );
}

/** The assignments of SET, and those that the columns' onUpdate expressions add. */
function assignmentsOf(update: AnyUpdate): readonly Assignment[] {
  const { table, keys, cells } = update;
  const given = keys.map((key, i) => assignment(table, key, cells[i] as ExpressionNode));
  const added = new DmlColumns(table)
    .updateDefaults(keys)
    .flatMap(({ column, expression }) => (expression ? [assignment(table, column.key, expression)] : []));
  return [...given, ...added];
}

function assignment(table: FromClause, key: string, value: ExpressionNode): Assignment {
  const reads = new Set<string>();
  for (const node of iterate(value)) if (node instanceof Column && node.from.shape === table.shape) reads.add(node.key);
  return { key, value, reads };
}

/** Last comes one that reads nothing of what the others change, and so on from the back: given order is kept where it can be. */
function sort(assignments: readonly Assignment[], table: FromClause, dialect: string): readonly Assignment[] {
  const left = [...assignments];
  const sorted: Assignment[] = [];
  while (left.length > 0) {
    const next = left.findLastIndex(
      ({ key, reads }) => !left.some((other) => other.key !== key && reads.has(other.key)),
    );
    if (next === -1) throw circle(left, table, dialect);
    sorted.unshift(...left.splice(next, 1));
  }
  return sorted;
}

function circle(left: readonly Assignment[], table: FromClause, dialect: string): CompileError {
  const names = left.map(({ key }) => `"${key}"`).join(", ");
  return new CompileError(
    `${dialect} assigns from left to right, so columns of "${table.name}" cannot take each other's values in one UPDATE: ${names}.`,
    { code: "CIRCULAR_ASSIGNMENT", remedy: "Read the row first, or update in two statements." },
  );
}
