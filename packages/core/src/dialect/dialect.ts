import type { Compiled, PlaceholderStyle } from "../compile/compiled.js";
import { type CompileOptions, SQLCompiler } from "../compile/compiler.js";
import { DDLCompiler } from "../ddl/compiler.js";
import { CompileError } from "../errors/index.js";
import type { OperatorName } from "../sql/operators.js";
import type { Conversions, TypeHost, TypeNameUse } from "../types/value-type.js";
import type { Node } from "../visit/node.js";
import type { Driver, PoolDefaults, ServerVersion } from "./driver.js";
import { type DialectFlags, STANDARD_FLAGS } from "./flags.js";
import type { Reflector } from "./reflector.js";
import { RESERVED_WORDS } from "./reserved-words.js";
import { STANDARD_TYPES } from "./standard-types.js";
import { type AnyType, conversionsOf, literalText, type TypeRules, typeName } from "./type-rules.js";

/** Renders a call of one function: gets the arguments as SQL text. */
export type FunctionRule = string | ((args: readonly string[]) => string);

/**
 * How a dialect writes a binary operator: another sign in the same place; or a text around the operands, which come as they are
 * (`values`: for a function) or with operators in parentheses (`atoms`: for an expression, which puts its own around the whole).
 */
export type OperatorRule =
  | string
  | { readonly operands: "values" | "atoms"; readonly write: (left: string, right: string) => string };

/** Rules for operators by name. */
export type OperatorRules = Readonly<Partial<Record<OperatorName, OperatorRule>>>;

/**
 * A database's SQL: flags, names, rules and compilers. This class is the default dialect, standard SQL with named
 * parameters, which prints statements; the dialects of databases extend it and override what differs.
 */
export class Dialect implements TypeHost {
  readonly name: string = "default";
  readonly flags: DialectFlags = PRINTING_FLAGS;
  readonly typeRules: TypeRules = STANDARD_TYPES;
  /** Functions that are written differently, by the name in the tree. */
  readonly functions: Readonly<Record<string, FunctionRule>> = STANDARD_FUNCTIONS;
  /** Operators that are written differently. */
  readonly operators: OperatorRules = {};
  readonly reservedWords: ReadonlySet<string> = RESERVED_WORDS;
  /** Driver adapters by name; the first is the default. */
  readonly drivers: Readonly<Record<string, Driver>> = {};
  /** Reads the schema of a database; the default dialect has none to read. */
  readonly reflector: Reflector | undefined = undefined;
  /** A parameter used twice is one placeholder. */
  readonly reusesPlaceholders: boolean = true;
  private readonly memoConversions = new Map<number, Conversions>();
  private readonly memoQuoted = new Map<string, string>();

  /** The text of a placeholder: `:name_1` here; `$1`, `?`, `:1`, `@p1` elsewhere. */
  readonly placeholder: PlaceholderStyle = (_index, name) => `:${name}`;

  /** A compiler for one statement. */
  createCompiler(): SQLCompiler {
    return new SQLCompiler(this);
  }

  /** A compiler for DDL. */
  createDdlCompiler(): DDLCompiler {
    return new DDLCompiler(this);
  }

  /** Compiles a statement. */
  compile(statement: Node, options?: CompileOptions): Compiled {
    return this.createCompiler().compile(statement, options);
  }

  /** The dialect for the server that an engine has met: other flags for other versions and products. */
  forServer(_version: ServerVersion): Dialect {
    return this;
  }

  /** How connections are pooled unless the engine's options say otherwise. */
  poolDefaults(_database: string | undefined): PoolDefaults {
    return { max: 10 };
  }

  /** How values of a type travel. */
  conversions(type: AnyType): Conversions {
    let found = this.memoConversions.get(type.shape);
    if (found === undefined) {
      found = conversionsOf(this, type);
      this.memoConversions.set(type.shape, found);
    }
    return found;
  }

  /** The name of a type in CREATE TABLE or in CAST. */
  typeName(type: AnyType, use: TypeNameUse = "ddl"): string {
    return typeName(this, type, use);
  }

  /** A value as SQL text, escaped for the dialect. What the type puts around values in SQL is not in it. */
  literal(value: unknown, type: AnyType): string {
    return literalText(this, value, type);
  }

  /** A name as an identifier, quoted where it must be. */
  quote(name: string): string {
    let quoted = this.memoQuoted.get(name);
    if (quoted === undefined) {
      this.checkIdentifier(name);
      quoted = this.needsQuotes(name) ? this.quoteAlways(name) : name;
      if (this.memoQuoted.size > 10_000) this.memoQuoted.clear();
      this.memoQuoted.set(name, quoted);
    }
    return quoted;
  }

  /** Whether a name must be quoted: reserved words, capital letters, anything but letters, digits and underscores. */
  needsQuotes(name: string): boolean {
    return !/^[a-z_][a-z0-9_]*$/.test(name) || this.reservedWords.has(name);
  }

  /** A name in quotes. */
  quoteAlways(name: string): string {
    return `"${name.replaceAll('"', '""')}"`;
  }

  /** An identifier's length as `flags.maxIdentifierLength` counts it: characters here; bytes on some databases. */
  identifierLength(name: string): number {
    return name.length;
  }

  private checkIdentifier(name: string): void {
    if (name === "" || name.includes("\0")) {
      throw new CompileError(
        name === "" ? "An identifier cannot be empty." : "An identifier cannot contain a NUL character.",
        {
          code: "BAD_IDENTIFIER",
        },
      );
    }
    const length = this.identifierLength(name);
    if (length > this.flags.maxIdentifierLength) {
      throw new CompileError(
        `The identifier "${name.slice(0, 40)}..." has a length of ${length}; ${this.name} allows ${this.flags.maxIdentifierLength}.`,
        { code: "IDENTIFIER_TOO_LONG" },
      );
    }
  }

  /** A text as a string literal. */
  quoteString(text: string): string {
    if (text.includes("\0"))
      throw new CompileError("A string literal cannot contain a NUL character.", {
        code: "NUL_CHARACTER",
        remedy: "Bind it instead.",
      });
    return `'${text.replaceAll("'", "''")}'`;
  }
}

/** What is only printed may have any number of parameters. */
const PRINTING_FLAGS: DialectFlags = { ...STANDARD_FLAGS, maxParameters: Number.MAX_SAFE_INTEGER };

/** Functions of standard SQL that are written without parentheses. */
export const STANDARD_FUNCTIONS: Readonly<Record<string, FunctionRule>> = {
  now: () => "CURRENT_TIMESTAMP",
  current_timestamp: () => "CURRENT_TIMESTAMP",
  current_date: () => "CURRENT_DATE",
};
