import {
  areWords,
  behindParenthesis,
  listElements,
  nameOfToken,
  nextParenthesis,
  type Token,
  textInside,
  tokenize,
} from "./tokens.js";

/** A constraint of CREATE TABLE that is about columns. */
export interface DefinedKey {
  readonly name: string | undefined;
  readonly columns: readonly string[];
}

/** A foreign key of CREATE TABLE. */
export interface DefinedForeignKey extends DefinedKey {
  readonly targetTable: string;
}

/** What only the text of CREATE TABLE says: SQLite's pragmas know neither names of constraints nor checks nor computed expressions. */
export interface TableDefinition {
  readonly primaryKey: DefinedKey | undefined;
  readonly uniques: readonly DefinedKey[];
  readonly foreignKeys: readonly DefinedForeignKey[];
  readonly checks: readonly { readonly name: string | undefined; readonly sqltext: string }[];
  /** The expressions of computed columns. */
  readonly computed: ReadonlyMap<string, string>;
}

/** Constraints of a column whose names nobody asks for. */
const UNNAMED_HERE: ReadonlySet<string> = new Set(["NOT", "NULL", "DEFAULT", "COLLATE"]);

/** Collects what the definitions of a table say. */
class Definitions {
  readonly sql: string;
  primaryKey: DefinedKey | undefined = undefined;
  readonly uniques: DefinedKey[] = [];
  readonly foreignKeys: DefinedForeignKey[] = [];
  readonly checks: { readonly name: string | undefined; readonly sqltext: string }[] = [];
  readonly computed = new Map<string, string>();

  constructor(sql: string) {
    this.sql = sql;
  }

  /** One element of the list: a column or a table constraint. */
  add(tokens: readonly Token[]): void {
    const [first] = tokens;
    const isConstraint =
      first?.kind === "word" && ["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"].includes(first.value);
    if (isConstraint) this.scan(tokens, 0, undefined);
    else this.scan(tokens, 1, nameOfToken(first));
  }

  /** Walks over constraints, of a table or (with `column`) of a column. What is no constraint is passed over. */
  private scan(tokens: readonly Token[], from: number, column: string | undefined): void {
    let name: string | undefined;
    for (let at = from; at < tokens.length; ) {
      if (areWords(tokens, at, "CONSTRAINT")) {
        name = nameOfToken(tokens[at + 1]);
        at += 2;
        continue;
      }
      const next = this.constraint(tokens, at, column, name);
      if (next > at || UNNAMED_HERE.has(tokens[at]?.value ?? "")) name = undefined;
      at = next > at ? next : this.pass(tokens, at);
    }
  }

  /** Reads the constraint at a position, and gives the position behind it; the same position when there is none. */
  private constraint(
    tokens: readonly Token[],
    at: number,
    column: string | undefined,
    name: string | undefined,
  ): number {
    const own = column === undefined ? undefined : [column];
    if (areWords(tokens, at, "PRIMARY", "KEY")) {
      this.primaryKey = { name, columns: own ?? this.columnNames(tokens, at + 2) };
      return own ? at + 2 : behindParenthesis(tokens, nextParenthesis(tokens, at));
    }
    if (areWords(tokens, at, "UNIQUE")) {
      this.uniques.push({ name, columns: own ?? this.columnNames(tokens, at + 1) });
      return own ? at + 1 : behindParenthesis(tokens, nextParenthesis(tokens, at));
    }
    if (areWords(tokens, at, "CHECK")) {
      this.checks.push({ name, sqltext: textInside(this.sql, tokens, at + 1) });
      return behindParenthesis(tokens, at + 1);
    }
    if (areWords(tokens, at, "FOREIGN", "KEY")) {
      const behind = behindParenthesis(tokens, at + 2);
      return this.references(tokens, behind, name, this.columnNames(tokens, at + 2));
    }
    if (own && areWords(tokens, at, "REFERENCES")) return this.references(tokens, at, name, own);
    if (own && column !== undefined && areWords(tokens, at, "AS")) {
      this.computed.set(column, textInside(this.sql, tokens, at + 1));
      return behindParenthesis(tokens, at + 1);
    }
    return at;
  }

  /** `REFERENCES table [(columns)]`; its actions are passed over. */
  private references(
    tokens: readonly Token[],
    at: number,
    name: string | undefined,
    columns: readonly string[],
  ): number {
    const targetTable = nameOfToken(tokens[at + 1]) ?? "";
    this.foreignKeys.push({ name, columns, targetTable });
    return tokens[at + 2]?.value === "(" ? behindParenthesis(tokens, at + 2) : at + 2;
  }

  /** One token further, or behind the parentheses that begin here (of a type or a default). */
  private pass(tokens: readonly Token[], at: number): number {
    return tokens[at]?.kind === "sign" && tokens[at]?.value === "(" ? behindParenthesis(tokens, at) : at + 1;
  }

  private columnNames(tokens: readonly Token[], from: number): readonly string[] {
    const open = nextParenthesis(tokens, from);
    return listElements(tokens, open).map(([first]) => nameOfToken(first) ?? "");
  }
}

/** Reads the text of a CREATE TABLE as `sqlite_schema` holds it. Virtual tables have no definition of this kind. */
export function parseTable(sql: string): TableDefinition {
  const found = new Definitions(sql);
  const tokens = tokenize(sql);
  if (areWords(tokens, 0, "CREATE", "VIRTUAL")) return found;
  for (const element of listElements(tokens, nextParenthesis(tokens, 0))) found.add(element);
  return found;
}
