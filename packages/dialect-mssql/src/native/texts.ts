import { ArgumentError, type Conversion, Text, type TypeHost, type TypeNameUse } from "@acme/core/dialect";
import { plainValue, TypedValue } from "../typed-value.js";
import { nameOnMssql } from "./mssql-type.js";

/** Options of the text types. */
export interface MssqlTextOptions {
  /** The column's collation: `"Latin1_General_100_CI_AS_SC_UTF8"`. */
  readonly collation?: string;
}

/** A length, or `"max"` for up to 2 GB. */
export type MssqlLength = number | "max";

type TextName = "VARCHAR" | "CHAR" | "NVARCHAR" | "NCHAR" | "TEXT" | "NTEXT";

/** Text of one of SQL Server's types. */
export class MssqlText extends Text {
  /** The type as SQL Server writes it: `VARCHAR(50)`. */
  readonly sqlName: string;
  override readonly args: Text["args"];
  private readonly unicode: boolean;

  constructor(sqlName: string, length: MssqlLength | undefined, { collation }: MssqlTextOptions) {
    super(
      typeof length === "number" ? "string" : "text",
      typeof length === "number" ? length : undefined,
      collation === undefined ? {} : { collation },
    );
    this.sqlName = sqlName;
    this.args = [sqlName, collation];
    this.unicode = sqlName.startsWith("N");
  }

  override ddl(host: TypeHost, use: TypeNameUse): string {
    if (use === "cast" || this.collation.length === 0) return nameOnMssql(host, this.sqlName);
    const collated = host as TypeHost & { collationName(parts: readonly string[]): string };
    return `${nameOnMssql(host, this.sqlName)} COLLATE ${collated.collationName(this.collation)}`;
  }

  /**
   * A value for VARCHAR that is ASCII goes as VARCHAR: beside a parameter of NVARCHAR the server would convert the column, and not
   * use its index. All others go as NVARCHAR, in which every character arrives.
   */
  override toDatabase(host?: TypeHost): Conversion {
    const checked = super.toDatabase();
    if (this.unicode || host?.name !== "mssql") return checked;
    return (value) => {
      const given = checked(value) as string;
      return ASCII.test(given) ? new TypedValue("varchar", given) : given;
    };
  }

  override literal(value: unknown, host: TypeHost): string {
    const given = plainValue(value) as string;
    return this.unicode || !ASCII.test(given) ? host.quoteString(given) : host.quoteString(given).replace(/^N/, "");
  }

  override toString(): string {
    return this.sqlName;
  }
}

const ASCII = /^[\t\n\r -~]*$/;

function sized(name: TextName, length: MssqlLength, most: number, options: MssqlTextOptions): MssqlText {
  const valid = length === "max" || (Number.isInteger(length) && length >= 1 && length <= most);
  if (valid) return new MssqlText(`${name}(${length})`, length, options);
  throw new ArgumentError(`${name} cannot have the length ${length}.`, {
    code: "BAD_LENGTH",
    remedy: `Give 1 to ${most}${name.includes("VAR") ? ', or "max"' : ""}.`,
  });
}

/**
 * Text in the code page of its collation: characters outside of it are lost by the server unless the collation is a `_UTF8` one. The
 * length counts bytes. Parameters are sent as VARCHAR, so that an index on the column is used. DDL: `VARCHAR(50)`, `VARCHAR(max)`.
 *
 * @example
 * ```ts
 * code: varchar(20)
 * name: varchar(100, { collation: "Latin1_General_100_CI_AS_SC_UTF8" })   // VARCHAR(100) COLLATE Latin1_General_100_CI_AS_SC_UTF8
 * ```
 */
export function varchar(length: MssqlLength, options: MssqlTextOptions = {}): MssqlText {
  return sized("VARCHAR", length, 8000, options);
}

/** Text of fixed length in the code page of its collation. The server fills it up with blanks and gives it with them. DDL: `CHAR(2)`. */
export function char(length: number, options: MssqlTextOptions = {}): MssqlText {
  return sized("CHAR", length, 8000, options);
}

/** Unicode text; the length counts pairs of bytes. `string(50)` and `text()` are the portable forms. DDL: `NVARCHAR(50)`, `NVARCHAR(max)`. */
export function nvarchar(length: MssqlLength, options: MssqlTextOptions = {}): MssqlText {
  return sized("NVARCHAR", length, 4000, options);
}

/** Unicode text of fixed length. The server fills it up with blanks and gives it with them. DDL: `NCHAR(2)`. */
export function nchar(length: number, options: MssqlTextOptions = {}): MssqlText {
  return sized("NCHAR", length, 4000, options);
}

/** Long text of older databases, which the vendor advises against: `nvarchar("max")` is its successor. DDL: `NTEXT`. */
export function ntext(options: MssqlTextOptions = {}): MssqlText {
  return new MssqlText("NTEXT", undefined, options);
}

/** Long text of older databases, which the vendor advises against: `varchar("max")` is its successor. DDL: `TEXT`. */
export function legacyText(options: MssqlTextOptions = {}): MssqlText {
  return new MssqlText("TEXT", undefined, options);
}
