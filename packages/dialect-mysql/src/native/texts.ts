import {
  ArgumentError,
  CompileError,
  largeBinary,
  string,
  type TypeHost,
  text,
  type ValueType,
} from "@acme/core/dialect";
import { MySQLType } from "./mysql-type.js";

/** How text is stored and compared. */
export interface CharsetOptions {
  /** `CHARACTER SET`: `"utf8mb4"`, `"latin1"`, `"ascii"`. Left out, the table's. */
  readonly charset?: string;
  /** `COLLATE`: `"utf8mb4_bin"`. Left out, the character set's own. */
  readonly collation?: string;
}

function word(kind: string, name: string): string {
  if (/^[A-Za-z]\w*$/.test(name)) return name;
  throw new ArgumentError(`"${name}" cannot be the name of a ${kind}.`, { code: "BAD_NAME" });
}

function named(sqlName: string, { charset, collation }: CharsetOptions): string {
  const set = charset === undefined ? "" : ` CHARACTER SET ${word("character set", charset)}`;
  return `${sqlName}${set}${collation === undefined ? "" : ` COLLATE ${word("collation", collation)}`}`;
}

function characters(impl: ValueType<string, string>, sqlName: string, options: CharsetOptions): MySQLType<string> {
  return new MySQLType<string>(impl as ValueType<unknown, unknown>, {
    sqlName: named(sqlName, options),
    castName: "CHAR",
  });
}

/** Text of fixed length, without the spaces at its end when read. DDL: `CHAR(2)`. */
export const char = (length: number, options: CharsetOptions = {}): MySQLType<string> =>
  characters(string(length), `CHAR(${length})`, options);
/** Text of at most so many characters. DDL: `VARCHAR(50) CHARACTER SET latin1 COLLATE latin1_bin`. */
export const varchar = (length: number, options: CharsetOptions = {}): MySQLType<string> =>
  characters(string(length), `VARCHAR(${length})`, options);
/** Text of at most 255 bytes. DDL: `TINYTEXT`. */
export const tinytext = (options: CharsetOptions = {}): MySQLType<string> => characters(text(), "TINYTEXT", options);
/** Text of at most 64 KiB. DDL: `TEXT`. */
export const plainText = (options: CharsetOptions = {}): MySQLType<string> => characters(text(), "TEXT", options);
/** Text of at most 16 MiB. DDL: `MEDIUMTEXT`. */
export const mediumtext = (options: CharsetOptions = {}): MySQLType<string> =>
  characters(text(), "MEDIUMTEXT", options);
/** Text of at most 4 GiB. DDL: `LONGTEXT`, which is what core's `text()` is here. */
export const longtext = (options: CharsetOptions = {}): MySQLType<string> => characters(text(), "LONGTEXT", options);

function bytes(sqlName: string, length?: number): MySQLType<Uint8Array> {
  return new MySQLType<Uint8Array>(largeBinary(length) as ValueType<unknown, unknown>, { sqlName, castName: "BINARY" });
}

/** Bytes of fixed length, filled up with zeros. DDL: `BINARY(16)`. */
export const binary = (length: number): MySQLType<Uint8Array> => bytes(`BINARY(${length})`, length);
/** Bytes of at most so many. DDL: `VARBINARY(16)`. */
export const varbinary = (length: number): MySQLType<Uint8Array> => bytes(`VARBINARY(${length})`, length);
/** At most 255 bytes. DDL: `TINYBLOB`. */
export const tinyblob = (): MySQLType<Uint8Array> => bytes("TINYBLOB");
/** At most 64 KiB. DDL: `BLOB`. */
export const blob = (): MySQLType<Uint8Array> => bytes("BLOB");
/** At most 16 MiB. DDL: `MEDIUMBLOB`. */
export const mediumblob = (): MySQLType<Uint8Array> => bytes("MEDIUMBLOB");
/** At most 4 GiB. DDL: `LONGBLOB`, which is what core's `largeBinary()` is here. */
export const longblob = (): MySQLType<Uint8Array> => bytes("LONGBLOB");

/** An IPv4 address as text. DDL: `INET4`, MariaDB 10.10 and newer. */
export const inet4 = (): MySQLType<string> =>
  new MySQLType<string>(string(15) as ValueType<unknown, unknown>, {
    sqlName: "INET4",
    castName: "INET4",
    products: ["mariadb"],
  });
/** An IPv6 address, or an IPv4 address as `::ffff:10.0.0.1`, as text. DDL: `INET6`, MariaDB 10.5 and newer. */
export const inet6 = (): MySQLType<string> =>
  new MySQLType<string>(string(39) as ValueType<unknown, unknown>, {
    sqlName: "INET6",
    castName: "INET6",
    products: ["mariadb"],
  });

/** Some of a fixed list of words. Made by {@link set}. */
export class SetType<T extends string> extends MySQLType<readonly T[]> {
  /** All members, in the order in which they are read. */
  readonly members: readonly T[];

  constructor(members: readonly T[]) {
    const known = new Set<string>(members);
    if (members.length === 0 || members.length > 64 || known.size !== members.length) {
      throw new ArgumentError("A SET has 1 to 64 members, each once.", { code: "BAD_SET" });
    }
    if (members.some((member) => member.includes(","))) {
      throw new ArgumentError("A member of a SET cannot contain a comma.", { code: "BAD_SET" });
    }
    super(text() as ValueType<unknown, unknown>, {
      sqlName: `SET(${members.join(",")})`,
      castName: "CHAR",
      toDatabase: (value, refuse) => {
        if (!Array.isArray(value)) return refuse("it is not an array");
        const unknown = value.find((item) => !known.has(item as string));
        if (unknown !== undefined) refuse(`${JSON.stringify(unknown)} is none of ${members.join(", ")}`);
        return members.filter((member) => value.includes(member)).join(",");
      },
      fromDatabase: (value) => (value === "" ? [] : (String(value).split(",") as T[])),
    });
    this.members = members;
  }

  override ddl(host: TypeHost, use: "ddl" | "cast"): string {
    const name = super.ddl(host, use);
    if (use === "cast") return name;
    const backslash = this.members.find((member) => member.includes("\\"));
    if (backslash !== undefined) {
      throw new CompileError(`A member of a SET cannot contain a backslash: ${JSON.stringify(backslash)}.`, {
        code: "BAD_SET",
        remedy: "What it means there depends on the session's sql_mode.",
      });
    }
    return `SET(${this.members.map((member) => host.quoteString(member)).join(", ")})`;
  }
}

/**
 * Some of a fixed list of words, as an array in the order of the list.
 *
 * @example
 * ```ts
 * days: set(["mon", "tue", "wed"])        // readonly ("mon" | "tue" | "wed")[]
 * ```
 * DDL: `SET('mon', 'tue', 'wed')`
 */
export function set<const T extends string>(members: readonly T[]): SetType<T> {
  return new SetType<T>(members);
}
