/**
 * The thin protocols on which all typing stands. Assignability and inference only ever look at these interfaces of one to
 * three properties, never at the rich classes: this keeps a query under a few hundred type instantiations. The properties
 * are phantoms: symbols that exist for the compiler alone, so that they appear in no completion list and in no object.
 */
export declare const t: unique symbol;
export declare const s: unique symbol;
export declare const n: unique symbol;
export declare const src: unique symbol;
export declare const row: unique symbol;
export declare const tup: unique symbol;
export declare const ins: unique symbol;
export declare const ent: unique symbol;
export declare const ld: unique symbol;
export declare const nul: unique symbol;

/** Has a value of type `T`: every expression. */
export interface Typed<out T> {
  readonly [t]: T;
}

/** Can stand in a select list: has a value type, the names of the FROM items it reads, and a name of its own. */
export interface Item {
  readonly [t]: unknown;
  readonly [s]: string;
  readonly [n]: string;
}

/** Can stand in FROM under the name `S`; `M` are the names of the FROM items within that its own joins can make NULL. */
export interface Source<out S extends string, out M extends string = never> {
  readonly [src]: S;
  readonly [nul]?: Nulls<M>;
}

/** Carries the names of FROM items that can be NULL. In an object, because an optional property cannot tell `never` from nothing. */
export interface Nulls<out M extends string> {
  readonly of: M;
}

/** Can be executed: `R` is the row by name, `P` the row as a tuple. */
export interface Executable<out R, out P = readonly unknown[]> {
  readonly [row]: R;
  readonly [tup]: P;
}

/** Gives rows that are tuples `P`: can be united with others, or stand behind IN. */
export interface Queryable<out P> {
  readonly [tup]: P;
}

/** Takes rows of the shape `I` in INSERT and UPDATE. */
export interface Writable<I> {
  readonly [ins]: I;
}

/** A loader option that adds `M` to what is known to be loaded. */
export interface LoadOption<out M> {
  readonly [ld]: M;
}

/** SQL's boolean: true, false, or NULL for unknown. */
export type Bool = boolean | null;

/** An exact decimal number as text, `"12.50"`: what `numeric()` columns hold. */
export type Decimal = `${number}`;

/** `T` without null. */
export type NN<T> = T extends null | undefined ? never : T;

/** The literals that are accepted where a `T` is compared or computed with. */
export type Lit<T> = T extends bigint ? T | number : T extends Decimal ? T | number | bigint : T;

/** The right-hand side of an operator whose left is a `T`: a literal, null, or an expression of that type. */
export type Operand<T> = Lit<NN<T>> | null | Typed<NN<T> | null>;

/** The right-hand side of arithmetic: as of any operator, and numbers of another kind. */
export type NumberOperand<T> =
  | Operand<T>
  | Typed<NN<T> extends number | bigint | Decimal ? number | bigint | Decimal | null : never>;

/** What arithmetic of a `T` and an operand gives: decimals where one side is, else big integers where one side is. */
export type Arithmetic<T, R> = R extends Typed<infer U> ? Wider<T, NN<U>> | (null & U) : T | (null & R);
type Wider<T, U> = [U] extends [never]
  ? T
  : [U] extends [Decimal]
    ? Decimal | (null & T)
    : [U] extends [bigint]
      ? [NN<T>] extends [number]
        ? bigint | (null & T)
        : T
      : T;

/** What a division that keeps its fraction gives: decimals stay exact, all other numbers become floating point. */
export type Quotient<T, R> = Arithmetic<T, R> extends infer A ? (A extends bigint ? number : A) : never;

/** What `getItem(key)` gives of a `T`: an element of an array, which may be beyond its end; anything of a document. */
export type ItemOf<T, _K> = T extends readonly (infer U)[] ? U | null : unknown;

/** The value type of an operand. */
export type OpT<R> = R extends Typed<infer U> ? U : R;

/** The FROM items that an operand reads. */
export type OpS<R> = R extends Item ? R[typeof s] : never;
