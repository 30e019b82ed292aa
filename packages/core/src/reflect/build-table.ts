import type { ReflectedColumn, ReflectedForeignKey, ReflectedIndex, ReflectedTable } from "../dialect/reflector.js";
import { ArgumentError, NoSuchColumnError } from "../errors/index.js";
import {
  CheckConstraint,
  ForeignKeyConstraint,
  Index,
  PrimaryKeyConstraint,
  UniqueConstraint,
} from "../schema/constraint.js";
import type { MetaData } from "../schema/metadata.js";
import type { ColumnChange } from "../schema/reflection.js";
import { type AnyTable, type Defs, Table } from "../schema/table.js";
import type { TablePart } from "../schema/table-parts.js";
import type { Column } from "../sql/column.js";
import type { ExpressionNode } from "../sql/expression.js";
import { Order } from "../sql/order.js";
import { TextFragment } from "../sql/text.js";
import { ColumnDef, type ColumnOptions } from "../types/column-def.js";
import type { Node } from "../visit/node.js";
import { suggest } from "./near-names.js";

/** How a reflected table is built. */
export interface BuildOptions {
  /** The schema as the MetaData is to know it. */
  readonly schema: string | undefined;
  /** Declared columns by key, which take the place of reflected ones. */
  readonly declared: Defs;
  readonly onColumn: ((column: ReflectedColumn, table: ReflectedTable) => ColumnChange | undefined) | undefined;
  /** The full name of a key's target in the MetaData; undefined leaves the key out. */
  readonly targetOf: (key: ReflectedForeignKey) => string | undefined;
}

/** Makes a Table of what was found in a database. */
export function buildTable(found: ReflectedTable, metadata: MetaData, options: BuildOptions): AnyTable {
  const make = (parts: (table: Finder) => readonly TablePart[]): AnyTable => {
    const { schema } = options;
    const tableOptions = {
      ...(schema === undefined ? {} : { schema }),
      ...(found.comment === undefined ? {} : { comment: found.comment }),
      constraints: (c: Readonly<Record<string, Column>>) => parts(finder(found.name, Object.values(c))),
    };
    return new Table<string, Record<string, unknown>, never>(
      found.name,
      metadata,
      definitions(found, options),
      tableOptions,
    );
  };
  return make((find) => [
    ...(found.primaryKey ? [new PrimaryKeyConstraint(find(found.primaryKey.columns), found.primaryKey.name)] : []),
    ...found.uniqueConstraints.map((key) => new UniqueConstraint(find(key.columns), key.name)),
    ...found.foreignKeys.flatMap((key) => foreignKeyOf(key, find, metadata, options)),
    ...found.checks.map((check) => new CheckConstraint(raw(check.sqltext), check.name)),
    ...found.indexes.map((index) => indexOf(index, find)),
  ]);
}

/** SQL text of the database's own, taken as it is. */
function raw(text: string): ExpressionNode {
  return new TextFragment([text], []) as ExpressionNode;
}

/** Finds columns by their names in the database. */
type Finder = (names: readonly string[]) => readonly Column[];

function finder(table: string, columns: readonly Column[]): Finder {
  return (names) =>
    names.map((name) => {
      const column = columns.find((candidate) => candidate.name === name);
      if (column) return column;
      throw new NoSuchColumnError(`"${table}" has no column "${name}", of which a constraint speaks.`);
    });
}

function definitions(found: ReflectedTable, options: BuildOptions): Defs {
  const declared = new Map<string, readonly [key: string, def: ColumnDef<unknown>]>();
  for (const [key, def] of Object.entries(options.declared)) {
    const column = def as unknown as ColumnDef<unknown>;
    declared.set(column.options.name ?? key, [key, column]);
  }
  const keyColumns = found.primaryKey?.columns ?? [];
  const entries = found.columns.map((column): [string, ColumnDef<unknown>] => {
    const primaryKey = keyColumns.includes(column.name);
    const given = declared.get(column.name);
    declared.delete(column.name);
    if (given) return [given[0], new ColumnDef(given[1].type, { ...given[1].options, primaryKey })];
    const change = options.onColumn?.(column, found);
    return [change?.key ?? column.name, new ColumnDef(change?.type ?? column.type, optionsOf(column, primaryKey))];
  });
  const [unknown] = declared.keys();
  const names = found.columns.map((column) => column.name);
  if (unknown !== undefined) {
    throw new NoSuchColumnError(`The table "${found.name}" of the database has no column "${unknown}".`, {
      remedy: suggest(unknown, names, "columns"),
    });
  }
  const twice = entries.find(([key], i) => entries.findIndex(([other]) => other === key) !== i);
  if (twice) {
    throw new ArgumentError(`Two columns of "${found.name}" would have the key "${twice[0]}".`, {
      code: "DUPLICATE_COLUMN",
    });
  }
  return Object.fromEntries(entries) as unknown as Defs;
}

function optionsOf(column: ReflectedColumn, primaryKey: boolean): ColumnOptions {
  return {
    name: column.name,
    nullable: column.nullable,
    primaryKey,
    ...(primaryKey ? { autoincrement: column.autoincrement } : {}),
    ...(column.comment === undefined ? {} : { comment: column.comment }),
    ...(column.default === undefined ? {} : { serverDefault: raw(column.default) }),
    ...(column.computed === undefined
      ? {}
      : { computed: { sqltext: column.computed.sqltext, options: { persisted: column.computed.persisted } } }),
  };
}

function foreignKeyOf(
  key: ReflectedForeignKey,
  find: Finder,
  metadata: MetaData,
  options: BuildOptions,
): readonly ForeignKeyConstraint[] {
  const target = options.targetOf(key);
  if (target === undefined) return [];
  const targets = (): readonly Column[] => {
    const table = metadata.table(target);
    return finder(table.fullName, table.columns)(key.targetColumns);
  };
  const { name, onDelete, onUpdate } = key;
  return [
    new ForeignKeyConstraint(find(key.columns), targets, {
      ...(name === undefined ? {} : { name }),
      ...(onDelete === undefined ? {} : { onDelete }),
      ...(onUpdate === undefined ? {} : { onUpdate }),
    }),
  ];
}

const DIRECTION = /\s+(?:(ASC|DESC)(?:\s+NULLS\s+(FIRST|LAST))?|NULLS\s+(FIRST|LAST))$/i;

function indexOf(index: ReflectedIndex, find: Finder): Index {
  const elements = index.expressions.map((text, i): Node => {
    const direction = DIRECTION.exec(text);
    const name = index.columns[i];
    const operand =
      name === undefined ? raw(text.slice(0, direction?.index ?? text.length)) : (find([name])[0] as Column);
    return ordered(operand, direction);
  });
  const where = index.where === undefined ? {} : { where: raw(index.where) };
  return new Index(elements, { name: index.name, unique: index.unique, ...where });
}

function ordered(operand: ExpressionNode, direction: RegExpExecArray | null): Node {
  if (direction === null) return operand;
  const descending = direction[1] === undefined ? undefined : direction[1].toUpperCase() === "DESC";
  const nulls = (direction[2] ?? direction[3])?.toLowerCase();
  return new Order(operand, descending, nulls as "first" | "last" | undefined);
}
