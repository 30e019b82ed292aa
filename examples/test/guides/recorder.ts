import { deepStrictEqual } from "node:assert";
import type { Connection, Engine, Node, row, t } from "@acme/core";

/** What a section of a guide does, on a connection of its own. */
type Section = (conn: Connection, engine: Engine) => Promise<void>;

/** The sections of the guide that was imported last, by title. */
export const sections = new Map<string, Section>();

/** What was shown, by the line of its block. */
export const shown = new Map<number, Node[]>();

/** Called by the module that is made of a guide. */
export function section(title: string, run: Section): void {
  sections.set(title, run);
}

/** Called with each expression that stands alone in a guide. */
export function show<T>(line: number, value: T): T {
  const nodes = shown.get(line) ?? [];
  nodes.push(value as unknown as Node);
  shown.set(line, nodes);
  return value;
}

/** Called with each value that a guide says. */
export function expectValue<T>(line: number, value: T, said: NoInfer<T>): void {
  deepStrictEqual(value, said, `line ${line + 1} of the guide`);
}

/** True exactly when two types are the same. */
export type Same<A, B> = (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : never;

type Plain<R> = { [K in keyof R]: R[K] };
/** The type of the rows of a statement. */
export type RowsOf<S> = S extends { readonly [row]: infer R } ? Plain<R> : never;
/** The type of the value of an expression. */
export type ValueOf<E> = E extends { readonly [t]: infer V } ? V : never;
