import type { Dialect } from "../dialect/dialect.js";
import { ArgumentError, InvalidRequestError } from "../errors/index.js";
import type { Constraint, ForeignKeyConstraint, Index } from "./constraint.js";

/** Anything of a table that has a name of its own. */
export type NamedPart = Constraint | Index;

/** Makes the name of a constraint or index: a text with placeholders, or a function. */
export type NameTemplate = string | ((part: NamedPart) => string);

/**
 * How constraints and indexes without a name are called, by kind: primary key, unique, foreign key, check, index.
 * A text may have these placeholders:
 *
 * - `%(table)s`, `%(schema)s`
 * - `%(columns)s`: names of the columns joined by `_`; `%(keys)s`: their keys; `%(column_0)s`: one of them
 * - `%(target)s`: the referred table; `%(target_columns)s`, `%(target_column_0)s`: the referred columns
 * - `%(constraint)s`: the name as given, which then is only a part of the whole name
 *
 * @example
 * ```ts
 * new MetaData({ namingConvention: { pk: "pk_%(table)s", fk: "fk_%(table)s_%(columns)s_%(target)s" } })
 * ```
 */
export interface NamingConvention {
  readonly pk?: NameTemplate;
  readonly uq?: NameTemplate;
  readonly fk?: NameTemplate;
  readonly ck?: NameTemplate;
  readonly ix?: NameTemplate;
}

/** Indexes need a name on every database, so there is a convention for them by default. */
export const DEFAULT_CONVENTION: NamingConvention = { ix: "ix_%(table)s_%(columns)s" };

/** What ALTER TABLE calls a constraint that nobody named, so that it can be dropped again. */
const FALLBACK: NamingConvention = {
  pk: "pk_%(table)s",
  uq: "uq_%(table)s_%(columns)s",
  fk: "fk_%(table)s_%(columns)s",
};

/** Whether a convention takes the given name as a part of the whole one. */
export function wantsGivenName(template: NameTemplate | undefined): boolean {
  return typeof template === "string" && template.includes("%(constraint)s");
}

/**
 * The name of a constraint or index on a dialect: the given one, or the naming convention's, cut to the length that the
 * database allows. Undefined leaves it to the database.
 */
export function nameOf(part: NamedPart, dialect: Dialect): string | undefined {
  const template = part.table.metadata.namingConvention[part.conventionKey];
  if (part.name !== undefined && !wantsGivenName(template)) return part.name;
  return template === undefined ? undefined : cut(expand(template, part), dialect);
}

/** As {@link nameOf}, for statements that cannot do without a name. */
export function requiredNameOf(part: NamedPart, dialect: Dialect): string {
  const name = nameOf(part, dialect);
  if (name !== undefined) return name;
  const template = FALLBACK[part.conventionKey];
  if (template !== undefined) return cut(expand(template, part), dialect);
  throw new InvalidRequestError(`A check constraint of "${part.table.fullName}" has no name.`, {
    code: "NO_CONSTRAINT_NAME",
    remedy: "Name it, or give the MetaData a naming convention for it.",
  });
}

function expand(template: NameTemplate, part: NamedPart): string {
  if (typeof template === "function") return template(part);
  return template.replace(/%\((\w+)\)s/g, (_text, token: string) => valueOf(token, part));
}

function valueOf(token: string, part: NamedPart): string {
  const names = part.columns.map((column) => column.name);
  const [, which, at] = /^(column|target_column)_(\d+)$/.exec(token) ?? [];
  if (which !== undefined) return (which === "column" ? names : targetNames(part, token))[Number(at)] ?? "";
  switch (token) {
    case "table":
      return part.table.name;
    case "schema":
      return part.table.schema ?? "";
    case "columns":
      return names.join("_");
    case "keys":
      return part.columns.map((column) => column.key).join("_");
    case "target":
      return foreignKey(part, token).targetTable.name;
    case "target_columns":
      return targetNames(part, token).join("_");
    case "constraint":
      return givenName(part);
    default:
      throw new ArgumentError(`The naming convention has an unknown placeholder "%(${token})s".`, {
        code: "UNKNOWN_PLACEHOLDER",
      });
  }
}

function givenName(part: NamedPart): string {
  if (part.name !== undefined) return part.name;
  throw new InvalidRequestError(
    `The naming convention builds on the name of each "${part.conventionKey}", but one of "${part.table.fullName}" has none.`,
    { code: "NO_CONSTRAINT_NAME", remedy: "Name it." },
  );
}

function foreignKey(part: NamedPart, token: string): ForeignKeyConstraint {
  if (part.conventionKey === "fk") return part as ForeignKeyConstraint;
  throw new ArgumentError(`"%(${token})s" is for foreign keys, not for "${part.conventionKey}".`, {
    code: "UNKNOWN_PLACEHOLDER",
  });
}

function targetNames(part: NamedPart, token: string): readonly string[] {
  return foreignKey(part, token).targets.map((column) => column.name);
}

/** A name that is too long ends in a number made of the whole of it, so that two long names stay different. */
function cut(name: string, dialect: Dialect): string {
  const max = dialect.flags.maxIdentifierLength;
  if (dialect.identifierLength(name) <= max) return name;
  const tail = `_${hash(name)}`;
  const characters = [...name];
  while (dialect.identifierLength(characters.join("") + tail) > max) characters.pop();
  return characters.join("") + tail;
}

/** FNV-1a over UTF-16 code units, as eight hexadecimal digits: short, the same everywhere, and no secret. */
function hash(text: string): string {
  let state = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) state = Math.imul(state ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return state.toString(16).padStart(8, "0");
}
