import {
  type AnyInsert,
  and,
  Case,
  CompileError,
  columnOf,
  DmlColumns,
  type ExpressionNode,
  factsOf,
  MadeValue,
  otherUniqueKeys,
  type Predicate,
  type Upsert,
} from "@acme/core/dialect";
import type { Assignments } from "./assignments.js";

/**
 * The assignments of ON DUPLICATE KEY UPDATE that do what an upsert says.
 *
 * - Which key the row met cannot be said: an upsert whose row could meet another one is refused.
 * - There is no condition: where it does not hold, each column keeps its value.
 * - To leave rows alone, a column of the key is set to what it is. INSERT IGNORE would also pass over wrong values.
 */
export function duplicateKeyAssignments(insert: AnyInsert, upsert: Upsert, dialect: string): Assignments {
  const { table } = insert;
  checkKeys(insert, upsert, dialect);
  const { keys, cells, criteria } = upsert.resolved(table, insert.keys);
  const [first] = upsert.by;
  if (keys.length === 0) return { keys: [first as string], cells: [columnOf(table, first as string)] };
  if (criteria.length === 0) return { keys, cells };
  const added = new DmlColumns(table).updateDefaults(keys);
  const values = [
    ...cells,
    ...added.map(({ column, expression, make }) => expression ?? new MadeValue(column, make as () => unknown)),
  ];
  const all = [...keys, ...added.map(({ column }) => column.key)];
  const condition = and(...(criteria as readonly Predicate[])) as ExpressionNode;
  return {
    keys: all,
    cells: values.map((value, i) => {
      const column = columnOf(table, all[i] as string);
      return new Case(undefined, [condition], [value], column, column.type);
    }),
  };
}

/** Whether rows that are there can stay as they are. */
export function leavesRowsAlone(insert: AnyInsert, upsert: Upsert): boolean {
  return upsert.criteria.length > 0 || upsert.resolved(insert.table, insert.keys).keys.length === 0;
}

function checkKeys(insert: AnyInsert, { by }: Upsert, dialect: string): void {
  const { table } = insert;
  const given = new Set(insert.keys);
  for (const { column } of new DmlColumns(table).insertDefaults(insert.keys)) given.add(column.key);
  for (const column of table.columns) if (factsOf(column).options?.serverDefault !== undefined) given.add(column.key);
  const other = otherUniqueKeys(table, by).find(
    (columns) => columns.every((key) => given.has(key)) && !by.every((key) => columns.includes(key)),
  );
  if (other === undefined) return;
  throw new CompileError(
    `On ${dialect} an upsert into "${table.name}" by ${by.join(", ")} would also change rows that have the same ${other.join(", ")}.`,
    {
      code: "AMBIGUOUS_KEY",
      remedy: `Leave ${other.join(", ")} out of the rows, or write onDuplicateKeyUpdate(), which means any unique key.`,
    },
  );
}
