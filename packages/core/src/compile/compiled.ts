import { ArgumentError, CompileError, DataError, placedValueError } from "../errors/index.js";
import { type BindParameter, ParameterDefault } from "../sql/bind.js";
import { modifiersOf } from "../sql/modifiers.js";
import type { Conversion, ValueType } from "../types/value-type.js";
import { type BindLeaf, flattenBinds, type Node } from "../visit/node.js";

/** How a dialect writes placeholders. `index` counts from 1; `name` is unique within the statement. */
export type PlaceholderStyle = (index: number, name: string) => string;

/** A place in the SQL text that a value goes to. */
export interface Slot {
  /** Unique within the statement, for named placeholders: `name_1`. */
  readonly name: string;
  /** Where the value comes from: a position in the statement's bind list, or -1. */
  readonly index: number;
  /** The parameter as compiled; its value is used when `index` is -1 (the compiler made it). */
  readonly bind: BindParameter | undefined;
  /** For INSERT and UPDATE of plain rows: the key of the row's property. */
  readonly key: string | undefined;
  /** For a key that a row leaves out: makes its value, once a row. Without a key it is always asked, once an execution. */
  readonly fallback: (() => unknown) | undefined;
  /** Turns a JavaScript value into what the driver takes; not called with null. */
  readonly convert: Conversion | undefined;
  /** The value is a list whose elements become one placeholder each. */
  readonly expanding: boolean;
  /** The value is given at execution, by name. */
  readonly required: boolean;
  /** What stands around each placeholder of an expanded list: `CAST(` and ` AS DATE)`. Around a single one it is in the text. */
  readonly before: string;
  readonly after: string;
  /** Writes an expanded list of its elements' texts, where its length matters; without it they stand one after another. */
  readonly writeList?: ListWriter | undefined;
  /** Writes the value into the text of each execution; undefined for one that is sent beside the text. */
  readonly written: ((value: unknown) => string) | undefined;
}

/** Writes the elements of an expanded list. */
export type ListWriter = (elements: readonly string[]) => string;

/** One column of the result, as the compiler knows it. */
export interface ResultColumn {
  /** The property of the row object; undefined for an expression without a name. */
  readonly key: string | undefined;
  readonly type: ValueType<unknown, unknown>;
  /** The name of the value type that the dialect reads: of a variant that of the dialect's own. */
  readonly typeName: string;
  /** Turns the driver's value into the row's; not called with null. */
  readonly convert: Conversion | undefined;
  /** The expression, for reading by column object. */
  readonly expression: Node | undefined;
  /** The number of the item of the select list that it came from: an entity spans several columns. */
  readonly item: number;
}

/** What a statement is, for events, routing and result reading. */
export type StatementKind = "select" | "insert" | "update" | "delete" | "merge" | "ddl" | "text";

/** A part of the SQL that is repeated for each row of a multi-row INSERT. */
export interface RowTemplate {
  /** Text before the first row: `INSERT INTO t (a, b) VALUES `. */
  readonly before: readonly (string | Slot)[];
  /** One row: `(?, ?)`. */
  readonly row: readonly (string | Slot)[];
  /** Text after the last row: ` RETURNING id`. */
  readonly after: readonly (string | Slot)[];
  /** Each row ends with its number: `row` is `(?, ?`, and `, 0)` follows. */
  readonly numbered?: boolean | undefined;
}

/** SQL text and the driver's values for one execution. */
export interface Rendered {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/** Values given at execution for named parameters. */
export type ParameterValues = Readonly<Record<string, unknown>>;

export interface CompiledParts {
  /** The text, cut at the slots: strings and slots in the order of the text. */
  readonly pieces: readonly (string | Slot)[];
  readonly kind: StatementKind;
  readonly placeholder: PlaceholderStyle;
  /** A parameter that occurs twice is one placeholder (`$1`), not two (`?`). */
  readonly reusesPlaceholders: boolean;
  readonly resultColumns: readonly ResultColumn[] | undefined;
  readonly returnsRows: boolean | undefined;
  readonly rowTemplate: RowTemplate | undefined;
  /** The most parameters that the database takes in one statement, and its name for the error. */
  readonly maxParameters: number;
  readonly database: string;
  /** The text that stands for an empty expanded list. */
  readonly emptyList: (slot: Slot) => string;
}

/**
 * A statement compiled for one dialect: SQL text, slots for values, and result columns. It belongs to the statement's
 * structure, not to its values: one compiled form serves every statement with the same key.
 */
export class Compiled {
  readonly kind: StatementKind;
  /** Result columns in order; undefined when only the database knows them (text without types). */
  readonly resultColumns: readonly ResultColumn[] | undefined;
  /** Whether rows come back; undefined when only the database knows. */
  readonly returnsRows: boolean | undefined;
  /** True when a result column may hold an integer beyond 2^53: it is a big integer, or nobody knows what it is. */
  readonly bigintRows: boolean;
  /** The name of a result column's value type, for the driver: text is matched by column name, everything else by position. */
  readonly columnType: ((index: number, name: string) => string | undefined) | undefined;
  /** For INSERT of plain rows: how a row repeats. */
  readonly rowTemplate: RowTemplate | undefined;
  /** The slots in the order of the driver's parameters. */
  readonly slots: readonly Slot[];
  /** The slots whose values are written into the text of each execution. */
  private readonly writtenSlots: readonly Slot[];
  private readonly parts: CompiledParts;
  private readonly fixedSql: string | undefined;
  private readonly expandedSql = new Map<string, string>();

  constructor(parts: CompiledParts) {
    this.parts = parts;
    this.kind = parts.kind;
    this.resultColumns = parts.resultColumns;
    this.returnsRows = parts.returnsRows;
    this.rowTemplate = parts.rowTemplate;
    this.columnType = columnTypeOf(parts);
    this.bigintRows =
      parts.resultColumns?.some(({ typeName }) => typeName === "bigInteger" || typeName === "null") ?? false;
    const all = parts.pieces.filter((piece) => typeof piece !== "string");
    const sent = all.filter((slot) => slot.written === undefined);
    this.slots = parts.reusesPlaceholders ? [...new Set(sent)] : sent;
    this.writtenSlots = [...new Set(all.filter((slot) => slot.written !== undefined))];
    this.fixedSql =
      this.writtenSlots.length > 0 || all.some((slot) => slot.expanding)
        ? undefined
        : renderPieces(parts.pieces, parts, undefined).sql;
    this.checkCount(this.slots.length);
  }

  private checkCount(count: number): void {
    const { maxParameters, database } = this.parts;
    if (count <= maxParameters) return;
    throw new CompileError(`The statement has ${count} parameters; ${database} takes ${maxParameters}.`, {
      code: "TOO_MANY_PARAMETERS",
      remedy: "Split the list, or put its values into a table and select from that.",
    });
  }

  /**
   * The SQL text. Where it depends on the length of a list, the text for lists of one element; a value that is written into the
   * text at execution is its name in braces.
   */
  get sql(): string {
    if (this.fixedSql !== undefined) return this.fixedSql;
    return renderPieces(
      this.parts.pieces,
      this.parts,
      (slot) => (slot.expanding ? 1 : undefined),
      (slot) => `{${slot.name}}`,
    ).sql;
  }

  /**
   * The text and the driver's values for one statement of this structure. `given` serves named parameters, `row` the columns
   * of a plain INSERT of one row.
   */
  render(statement: Node, given?: ParameterValues, row?: ParameterValues): Rendered {
    const binds = flattenBinds(statement.binds);
    const own = modifiersOf(statement)?.parameters;
    const values = own === undefined ? given : { ...own, ...given };
    if (this.fixedSql === undefined) return this.renderExpanded(binds, values, row);
    return {
      sql: this.fixedSql,
      parameters: row === undefined ? this.values(binds, values) : this.rowValues(row, binds),
    };
  }

  /**
   * The driver's values for one statement of this structure by the names of the default dialect's placeholders: for a driver
   * that takes named parameters, and for looking at them. The elements of a list are numbered: `id_1_1`, `id_1_2`.
   *
   * @example
   * ```ts
   * const compiled = stmt.compile({ dialect });
   * compiled.namedParameters(stmt); // { name_1: "alice" }
   * ```
   */
  namedParameters(statement: Node, given?: ParameterValues): ParameterValues {
    const binds = flattenBinds(statement.binds);
    const named: Record<string, unknown> = {};
    for (const slot of this.slots) {
      const value = rawValue(slot, binds, given);
      if (!slot.expanding) named[slot.name] = driverValue(slot, value);
      else
        listOf(slot, value).forEach((item, i) => {
          named[`${slot.name}_${i + 1}`] = driverValue(slot, item);
        });
    }
    return named;
  }

  /** The driver's values for one row of a plain INSERT. `binds` serve the slots outside the row. */
  rowValues(row: ParameterValues, binds: readonly BindLeaf[]): unknown[] {
    this.refuseLists();
    const { slots } = this;
    const values = new Array<unknown>(slots.length);
    for (let i = 0; i < slots.length; i++) values[i] = slotValue(slots[i] as Slot, row, binds);
    return values;
  }

  /** The text of a multi-row INSERT of `count` rows; its parameters are {@link multiRowValues}. */
  multiRowSql(count: number): string {
    const template = this.template();
    const pieces: (string | Slot)[] = [...template.before];
    for (let i = 0; i < count; i++) {
      if (i > 0) pieces.push(", ");
      pieces.push(...template.row);
      if (template.numbered) pieces.push(`, ${i})`);
    }
    pieces.push(...template.after);
    return renderPieces(pieces, { ...this.parts, reusesPlaceholders: false }, undefined).sql;
  }

  /** How many parameters a multi-row INSERT has in each row, of which columns, and outside of the rows. */
  get multiRowWidths(): {
    readonly row: number;
    readonly keys: readonly (string | undefined)[];
    readonly outside: number;
    readonly outsideBefore: number;
  } {
    const { before, row, after } = this.template();
    const slots = slotsOf(row);
    const outsideBefore = slotsOf(before).length;
    return {
      row: slots.length,
      keys: slots.map((slot) => slot.key),
      outside: outsideBefore + slotsOf(after).length,
      outsideBefore,
    };
  }

  /** The driver's values for a multi-row INSERT of the rows from `start` to before `end`. */
  multiRowValues(rows: readonly ParameterValues[], start: number, end: number, binds: readonly BindLeaf[]): unknown[] {
    const { before, row, after } = this.template();
    const rowSlots = slotsOf(row);
    const values: unknown[] = [];
    for (const slot of slotsOf(before)) values.push(this.valueOf(slot, binds, undefined));
    for (let r = start; r < end; r++) {
      const given = rows[r] as ParameterValues;
      for (let i = 0; i < rowSlots.length; i++) values.push(slotValue(rowSlots[i] as Slot, given, binds));
    }
    for (const slot of slotsOf(after)) values.push(this.valueOf(slot, binds, undefined));
    return values;
  }

  private template(): RowTemplate {
    if (this.rowTemplate === undefined) throw new ArgumentError("This statement has no row that could be repeated.");
    this.refuseLists();
    return this.rowTemplate;
  }

  /** The text of a list depends on its length, the text of a batch must not. */
  private refuseLists(): void {
    if (this.fixedSql !== undefined) return;
    const what = this.writtenSlots.length > 0 ? "a value that is written at execution" : "a list of values (IN)";
    throw new CompileError(`An INSERT of many rows cannot hold ${what}.`, {
      code: "LIST_IN_BATCH",
      remedy: "Compare with or() instead, or insert the rows one by one.",
    });
  }

  private values(binds: readonly BindLeaf[], given: ParameterValues | undefined): unknown[] {
    const { slots } = this;
    const values = new Array<unknown>(slots.length);
    for (let i = 0; i < slots.length; i++) values[i] = this.valueOf(slots[i] as Slot, binds, given);
    return values;
  }

  private valueOf(slot: Slot, binds: readonly BindLeaf[], given: ParameterValues | undefined): unknown {
    return driverValue(slot, rawValue(slot, binds, given));
  }

  private renderExpanded(
    binds: readonly BindLeaf[],
    given: ParameterValues | undefined,
    row: ParameterValues | undefined,
  ): Rendered {
    const lists = new Map<Slot, readonly unknown[]>();
    let signature = "";
    for (const slot of this.slots) {
      if (!slot.expanding) continue;
      const list = listOf(slot, rawValue(slot, binds, given));
      lists.set(slot, list);
      signature += `${list.length},`;
    }
    const lengthOf = (slot: Slot): number | undefined => lists.get(slot)?.length;
    let sql = this.writtenSlots.length > 0 ? this.writtenText(binds, given, lengthOf) : this.expandedSql.get(signature);
    if (sql === undefined) {
      sql = renderPieces(this.parts.pieces, this.parts, lengthOf).sql;
      if (this.expandedSql.size >= MAX_EXPANSIONS) this.expandedSql.clear();
      this.expandedSql.set(signature, sql);
    }
    const parameters: unknown[] = [];
    for (const slot of this.slots) {
      const list = lists.get(slot);
      if (list !== undefined) for (const item of list) parameters.push(driverValue(slot, item));
      else parameters.push(row === undefined ? this.valueOf(slot, binds, given) : slotValue(slot, row, binds));
    }
    this.checkCount(parameters.length);
    return { sql, parameters };
  }

  /** The text with the values that belong into it; it is not kept, since any value makes another. */
  private writtenText(
    binds: readonly BindLeaf[],
    given: ParameterValues | undefined,
    lengthOf: (slot: Slot) => number | undefined,
  ): string {
    return renderPieces(this.parts.pieces, this.parts, lengthOf, (slot) => {
      const value = rawValue(slot, binds, given);
      return (slot.written as (value: unknown) => string)(slot.expanding ? listOf(slot, value) : (value ?? null));
    }).sql;
  }
}

function columnTypeOf({ kind, resultColumns }: CompiledParts): Compiled["columnType"] {
  if (resultColumns === undefined) return undefined;
  if (kind !== "text") return (index) => resultColumns[index]?.typeName;
  const byName = new Map(resultColumns.map((column) => [column.key, column.typeName]));
  const byFoldedName = new Map(resultColumns.map((column) => [column.key?.toLowerCase(), column.typeName]));
  return (_index, name) => byName.get(name) ?? byFoldedName.get(name.toLowerCase());
}

function listOf(slot: Slot, value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new ArgumentError(`Parameter "${slot.name}" needs a list of values.`);
  return value;
}

/** Texts kept per statement for different list lengths. */
const MAX_EXPANSIONS = 100;

function rawValue(slot: Slot, binds: readonly BindLeaf[], given: ParameterValues | undefined): unknown {
  if (slot.required) {
    const name = slot.bind?.hint ?? slot.name;
    if (given === undefined || !Object.hasOwn(given, name)) {
      const value = binds[slot.index]?.value;
      if (value instanceof ParameterDefault) return value.make();
      throw new ArgumentError(`The statement needs a value for parameter "${name}".`, {
        code: "PARAMETER_MISSING",
        remedy: `Give it at execution: execute(stmt, { ${name}: ... }).`,
      });
    }
    return given[name];
  }
  // A column that the statement gives no value for: what makes its default or its on-update value.
  if (slot.key !== undefined || slot.fallback !== undefined) return slot.fallback?.();
  return slot.index === -1 ? slot.bind?.value : binds[slot.index]?.value;
}

/** The driver's value of a slot of a plain INSERT: from the row, from what makes defaults, or from the statement. */
function slotValue(slot: Slot, row: ParameterValues, binds: readonly BindLeaf[]): unknown {
  let value: unknown;
  if (slot.key === undefined) {
    value = rawValue(slot, binds, row);
  } else {
    value = row[slot.key];
    // What every object inherits ("constructor", "__proto__") is no value of the row.
    if (typeof value === "function" || slot.key === "__proto__")
      value = Object.hasOwn(row, slot.key) ? value : undefined;
    if (value === undefined && slot.fallback !== undefined) value = slot.fallback();
  }
  return driverValue(slot, value);
}

/** What the driver gets for a value. A value that is refused is refused by the name of its column or parameter. */
function driverValue(slot: Slot, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (slot.convert === undefined) return value;
  try {
    return slot.convert(value);
  } catch (error) {
    if (!(error instanceof DataError) || error.cause !== undefined) throw error;
    const place = slot.key === undefined ? `Parameter "${slot.name}"` : `Column "${slot.key}"`;
    throw placedValueError(place, error);
  }
}

const slotLists = new WeakMap<readonly (string | Slot)[], readonly Slot[]>();

function slotsOf(pieces: readonly (string | Slot)[]): readonly Slot[] {
  let slots = slotLists.get(pieces);
  if (slots === undefined) {
    slots = pieces.filter((piece) => typeof piece !== "string");
    slotLists.set(pieces, slots);
  }
  return slots;
}

function renderPieces(
  pieces: readonly (string | Slot)[],
  parts: Pick<CompiledParts, "placeholder" | "reusesPlaceholders" | "emptyList">,
  lengthOf: ((slot: Slot) => number | undefined) | undefined,
  textOf?: (slot: Slot) => string,
): { sql: string } {
  const known = new Map<Slot, string>();
  let count = 0;
  let sql = "";
  for (const piece of pieces) {
    if (typeof piece === "string") {
      sql += piece;
      continue;
    }
    const before = parts.reusesPlaceholders ? known.get(piece) : undefined;
    if (before !== undefined) {
      sql += before;
      continue;
    }
    const length = lengthOf?.(piece);
    let text: string;
    if (piece.written !== undefined && textOf !== undefined) {
      text = textOf(piece);
    } else if (length === undefined) {
      count += 1;
      text = parts.placeholder(count, piece.name);
    } else if (length === 0) {
      const empty = parts.emptyList(piece);
      text = piece.writeList?.([empty]) ?? empty;
    } else {
      const each: string[] = [];
      for (let i = 1; i <= length; i++) {
        count += 1;
        each.push(piece.before + parts.placeholder(count, `${piece.name}_${i}`) + piece.after);
      }
      text = piece.writeList?.(each) ?? each.join(", ");
    }
    known.set(piece, text);
    sql += text;
  }
  return { sql };
}
