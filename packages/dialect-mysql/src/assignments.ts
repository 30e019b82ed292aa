import {
  type AnyUpdate,
  Column,
  CompileError,
  DmlColumns,
  type ExpressionNode,
  type FromClause,
  iterate,
} from "@acme/core/dialect";

/** Keys, and the expression for each. */
export interface Assignments {
  readonly keys: readonly string[];
  readonly cells: readonly ExpressionNode[];
}

interface Assignment {
  readonly key: string;
  readonly value: ExpressionNode;
  /** The keys of the table's columns that the value reads. */
  readonly reads: ReadonlySet<string>;
}

/**
 * Assignments in an order in which left-to-right evaluation gives what SQL says.
 *
 * Standard SQL computes all values from the row as it was. MySQL and MariaDB assign from left to right, and a later value sees
 * the columns already changed: `SET visits = visits + 1, last = visits` would store the new count. So whatever reads a
 * column stands in front of what changes it. Two columns that take each other's values have no such order and are refused.
 */
export function inEvaluationOrder(table: FromClause, { keys, cells }: Assignments, dialect: string): Assignments {
  const assignments = assignmentsOf(table, { keys, cells });
  if (!dependent(assignments)) return { keys, cells };
  const sorted = sort(assignments, table, dialect);
  return { keys: sorted.map(({ key }) => key), cells: sorted.map(({ value }) => value) };
}

/**
 * The assignments of an UPDATE in evaluation order. An UPDATE of several tables has none that one could rely on
 * (https://dev.mysql.com/doc/refman/8.4/en/update.html), so there no value may read what another assignment changes.
 */
export function updateInOrder(update: AnyUpdate, joined: boolean, dialect: string): AnyUpdate {
  if (update.ordered && !joined) return update;
  if (joined && dependent(assignmentsOf(update.table, update))) {
    throw new CompileError(
      `${dialect} assigns in no particular order in an UPDATE of several tables, so no value can read another column that is set.`,
      { code: "CIRCULAR_ASSIGNMENT", remedy: "Use a correlated subquery, or update in two statements." },
    );
  }
  return update.copyWith({ ...inEvaluationOrder(update.table, update, dialect) });
}

/** Whether a value reads what another assignment changes. */
function dependent(assignments: readonly Assignment[]): boolean {
  return assignments.some(({ reads, key }) => assignments.some((other) => other.key !== key && reads.has(other.key)));
}

/** The assignments, and those that the columns' onUpdate expressions add. */
function assignmentsOf(table: FromClause, { keys, cells }: Assignments): readonly Assignment[] {
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
    `${dialect} assigns from left to right, so columns of "${table.name}" cannot take each other's values in one statement: ${names}.`,
    { code: "CIRCULAR_ASSIGNMENT", remedy: "Read the row first, or write in two statements." },
  );
}
