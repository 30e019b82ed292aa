import { ArgumentError } from "../errors/index.js";
import { type Conversion, type JsType, ValueType } from "./value-type.js";

/** UTF-8 has no form for it: on its way to a database it would become another character. */
const LONE_SURROGATE = "it has half of a character (a lone surrogate), which is no text to a database";

/** ES2024, which every runtime that we support has. */
interface WellFormed {
  isWellFormed(): boolean;
}

/** Options of {@link string} and {@link text}. */
export interface TextOptions {
  /** The column's collation by its name in the database: `"NOCASE"`, `"de-x-icu"`, `"utf8mb4_bin"`, `"Latin1_General_CI_AS"`. */
  readonly collation?: string;
  /** The schema that the collation is in, on PostgreSQL. */
  readonly collationSchema?: string;
}

/** Character data. Made by {@link string} and {@link text}. */
export class Text extends ValueType<string> {
  readonly name: string;
  readonly length: number | undefined;
  /** How values sort and compare; with a schema where the database keeps collations in schemas. */
  readonly collation: readonly string[];

  constructor(name: "string" | "text", length?: number, options: TextOptions = {}) {
    const { collation, collationSchema } = options;
    super([name, length, collation, collationSchema]);
    this.name = name;
    this.length = length;
    this.collation = [collationSchema, collation].filter((part) => part !== undefined);
  }

  override toDatabase(): Conversion {
    return (value) => {
      if (typeof value !== "string") throw this.refuse(value, "it is not a string");
      if (!(value as string & WellFormed).isWellFormed()) throw this.refuse(value, LONE_SURROGATE);
      return value;
    };
  }

  override toString(): string {
    return this.length === undefined ? this.name : `${this.name}(${this.length})`;
  }

  override get jsType(): JsType {
    return "string";
  }
}

/**
 * Text of at most `length` characters. The length is enforced by the database (SQLite enforces none); MySQL, Oracle and
 * SQL Server need it for a column.
 *
 * DDL: `VARCHAR(50)`, or `VARCHAR(50) COLLATE "de-x-icu"`; Oracle `VARCHAR2(50 CHAR)`, SQL Server `NVARCHAR(50)`.
 */
export function string(length?: number, options: TextOptions = {}): Text {
  return new Text("string", length, options);
}

/** Text of any length. DDL: `TEXT`; MySQL `LONGTEXT`, Oracle `CLOB`, SQL Server `NVARCHAR(max)`. */
export function text(options: TextOptions = {}): Text {
  return new Text("text", undefined, options);
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** UUIDs as lower-case text with hyphens. Made by {@link uuid}. */
export class Uuid extends ValueType<string> {
  readonly name = "uuid";

  override toDatabase(): Conversion {
    return (value) => {
      const lower = typeof value === "string" ? value.toLowerCase() : "";
      if (!UUID.test(lower)) throw this.refuse(value, "it is not a UUID such as 6f9619ff-8b86-4d11-b42d-00cf4fc964ff");
      return lower;
    };
  }

  override get jsType(): JsType {
    return "string";
  }
}

/** A UUID as lower-case text with hyphens. DDL: `UUID` on PostgreSQL and MariaDB, `CHAR(36)`, `UNIQUEIDENTIFIER`. */
export function uuid(): Uuid {
  return new Uuid();
}

/** Options of {@link enumeration}. */
export interface EnumerationOptions {
  /** The name of the CHECK constraint, or of the database's type where it has such. */
  readonly name?: string;
  /** The length of the column, to leave room for values to come; that of the longest value without it. */
  readonly length?: number;
  /** False: no CHECK constraint guards the column. */
  readonly check?: boolean;
  /** False: the toolkit does not check values before they are sent; the database does. */
  readonly validate?: boolean;
}

/** One of a fixed list of strings. Made by {@link enumeration}. */
export class Enumeration<out T extends string> extends ValueType<T> {
  readonly name = "enumeration";
  readonly values: readonly T[];
  readonly typeName: string | undefined;
  /** The length of the column where values are stored as text. */
  readonly length: number;
  /** Whether a CHECK constraint guards columns where values are stored as text. */
  readonly check: boolean;
  private readonly validate: boolean;

  constructor(values: readonly T[], options: EnumerationOptions | string = {}) {
    const { name, length, check = true, validate = true } = typeof options === "string" ? { name: options } : options;
    super([name, length, check, validate, ...values]);
    if (
      values.length === 0 ||
      new Set(values).size !== values.length ||
      values.some((value) => typeof value !== "string")
    ) {
      throw new ArgumentError("An enumeration has at least one value, each a string and each once.", {
        code: "BAD_ENUMERATION",
      });
    }
    this.values = values;
    this.typeName = name;
    this.length = Math.max(1, ...values.map((value) => value.length));
    if (length !== undefined) {
      if (length < this.length) {
        throw new ArgumentError(`An enumeration of length ${length} has no room for its longest value.`, {
          code: "BAD_ENUMERATION",
          remedy: `Give a length of ${this.length} or more, or none.`,
        });
      }
      this.length = length;
    }
    this.check = check;
    this.validate = validate;
  }

  override toDatabase(): Conversion {
    const known = new Set<unknown>(this.values);
    const fits = this.validate ? (value: unknown) => known.has(value) : (value: unknown) => typeof value === "string";
    return (value) => {
      if (!fits(value)) throw this.refuse(value, `it is not one of ${this.values.join(", ")}`);
      return value;
    };
  }

  override get jsType(): JsType {
    return "string";
  }

  override toString(): string {
    return `enumeration(${this.values.join(", ")})`;
  }
}

/**
 * One of a fixed list of strings, checked before it is sent. The strings come as a list, or as the values of an object (a
 * TypeScript enum of strings, or a constant object).
 *
 * DDL: MySQL `ENUM('a', 'b')`; elsewhere `VARCHAR(n)` with a CHECK constraint `col IN ('a', 'b')`.
 *
 * @example
 * ```ts
 * role: enumeration(["admin", "user"])      // "admin" | "user"
 * role: enumeration(Role)                   // Role, for enum Role { Admin = "admin", User = "user" }
 * ```
 */
export function enumeration<const T extends string>(
  values: readonly T[] | Readonly<Record<string, T>>,
  options: EnumerationOptions = {},
): Enumeration<T> {
  return new Enumeration<T>(
    Array.isArray(values) ? values : [...new Set(Object.values(values as Record<string, T>))],
    options,
  );
}
