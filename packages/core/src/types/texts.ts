import { ArgumentError } from "../errors/index.js";
import { type Conversion, ValueType } from "./value-type.js";

/** Character data. Made by {@link string} and {@link text}. */
export class Text extends ValueType<string> {
  readonly name: string;
  readonly length: number | undefined;

  constructor(name: "string" | "text", length?: number) {
    super([name, length]);
    this.name = name;
    this.length = length;
  }

  override toDatabase(): Conversion {
    return (value) => {
      if (typeof value !== "string") throw this.refuse(value, "it is not a string");
      return value;
    };
  }

  override toString(): string {
    return this.length === undefined ? this.name : `${this.name}(${this.length})`;
  }
}

/**
 * Text of at most `length` characters. The length is enforced by the database (SQLite enforces none); MySQL, Oracle and
 * SQL Server need it for a column.
 *
 * DDL: `VARCHAR(50)`; Oracle `VARCHAR2(50 CHAR)`, SQL Server `NVARCHAR(50)`.
 */
export function string(length?: number): Text {
  return new Text("string", length);
}

/** Text of any length. DDL: `TEXT`; MySQL `LONGTEXT`, Oracle `CLOB`, SQL Server `NVARCHAR(max)`. */
export function text(): Text {
  return new Text("text");
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
}

/** A UUID as lower-case text with hyphens. DDL: `UUID` on PostgreSQL and MariaDB, `CHAR(36)`, `UNIQUEIDENTIFIER`. */
export function uuid(): Uuid {
  return new Uuid();
}

/** One of a fixed list of strings. Made by {@link enumeration}. */
export class Enumeration<out T extends string> extends ValueType<T> {
  readonly name = "enumeration";
  readonly values: readonly T[];
  readonly typeName: string | undefined;

  constructor(values: readonly T[], typeName: string | undefined) {
    super([typeName, ...values]);
    if (values.length === 0 || new Set(values).size !== values.length) {
      throw new ArgumentError("An enumeration has at least one value, and each value once.", {
        code: "BAD_ENUMERATION",
      });
    }
    this.values = values;
    this.typeName = typeName;
  }

  override toDatabase(): Conversion {
    const known = new Set<unknown>(this.values);
    return (value) => {
      if (!known.has(value)) throw this.refuse(value, `it is not one of ${this.values.join(", ")}`);
      return value;
    };
  }

  override toString(): string {
    return `enumeration(${this.values.join(", ")})`;
  }
}

/**
 * One of a fixed list of strings, checked before it is sent.
 *
 * DDL: MySQL `ENUM('a', 'b')`; elsewhere `VARCHAR(n)` with a CHECK constraint `col IN ('a', 'b')`.
 *
 * @example
 * ```ts
 * role: enumeration(["admin", "user"])      // "admin" | "user"
 * ```
 */
export function enumeration<const T extends string>(
  values: readonly T[],
  options: { readonly name?: string } = {},
): Enumeration<T> {
  return new Enumeration<T>(values, options.name);
}
