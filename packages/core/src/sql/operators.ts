/**
 * The operators and what is known of each, in one table: how strongly it binds, what it negates to, what type it gives.
 * Parentheses are decided by the compiler from this table alone; the tree holds none.
 */
export interface Operator {
  /** The default SQL text; a dialect may render an operator differently (`concat` as a function on MySQL). */
  readonly sql: string;
  /** Higher binds more strongly. */
  readonly precedence: number;
  /** `a op (b op c)` means the same as `(a op b) op c`. */
  readonly associative?: boolean;
  /** Databases disagree about its precedence against others: it never stands next to another operator without parentheses. */
  readonly apart?: boolean;
  /** The operator that says the opposite. */
  readonly negation?: OperatorName;
  /** The class of result: a truth value, or what arithmetic and concatenation make of the operands' types. */
  readonly gives: "boolean" | "number" | "string" | "left";
}

export type OperatorName =
  | "or"
  | "and"
  | "not"
  | "eq"
  | "ne"
  | "lt"
  | "le"
  | "gt"
  | "ge"
  | "is"
  | "isNot"
  | "isDistinctFrom"
  | "isNotDistinctFrom"
  | "in"
  | "notIn"
  | "like"
  | "notLike"
  | "ilike"
  | "notIlike"
  | "between"
  | "notBetween"
  | "concat"
  | "add"
  | "sub"
  | "mul"
  | "div"
  | "intDiv"
  | "floorDiv"
  | "mod"
  | "bitAnd"
  | "bitOr"
  | "bitXor"
  | "shiftLeft"
  | "shiftRight"
  | "bitNot"
  | "distinct"
  | "neg"
  | "exists";

/** Databases disagree about what binds more strongly among these and beside `+`. */
const BITWISE = { precedence: 6.5, apart: true, gives: "left" } as const;
const COMPARISON = { precedence: 5, gives: "boolean" } as const;

/** All operators by name. */
export const OPERATORS: Readonly<Record<OperatorName, Operator>> = {
  or: { sql: "OR", precedence: 1, associative: true, gives: "boolean" },
  and: { sql: "AND", precedence: 3, associative: true, gives: "boolean" },
  not: { sql: "NOT", precedence: 4, gives: "boolean" },
  eq: { ...COMPARISON, sql: "=", negation: "ne" },
  ne: { ...COMPARISON, sql: "!=", negation: "eq" },
  lt: { ...COMPARISON, sql: "<", negation: "ge" },
  le: { ...COMPARISON, sql: "<=", negation: "gt" },
  gt: { ...COMPARISON, sql: ">", negation: "le" },
  ge: { ...COMPARISON, sql: ">=", negation: "lt" },
  is: { ...COMPARISON, sql: "IS", negation: "isNot" },
  isNot: { ...COMPARISON, sql: "IS NOT", negation: "is" },
  isDistinctFrom: { ...COMPARISON, sql: "IS DISTINCT FROM", negation: "isNotDistinctFrom" },
  isNotDistinctFrom: { ...COMPARISON, sql: "IS NOT DISTINCT FROM", negation: "isDistinctFrom" },
  in: { ...COMPARISON, sql: "IN", negation: "notIn" },
  notIn: { ...COMPARISON, sql: "NOT IN", negation: "in" },
  like: { ...COMPARISON, sql: "LIKE", negation: "notLike" },
  notLike: { ...COMPARISON, sql: "NOT LIKE", negation: "like" },
  ilike: { ...COMPARISON, sql: "ILIKE", negation: "notIlike" },
  notIlike: { ...COMPARISON, sql: "NOT ILIKE", negation: "ilike" },
  between: { ...COMPARISON, sql: "BETWEEN", negation: "notBetween" },
  notBetween: { ...COMPARISON, sql: "NOT BETWEEN", negation: "between" },
  concat: { sql: "||", precedence: 6, associative: true, apart: true, gives: "string" },
  add: { sql: "+", precedence: 7, gives: "number" },
  sub: { sql: "-", precedence: 7, gives: "number" },
  mul: { sql: "*", precedence: 8, gives: "number" },
  div: { sql: "/", precedence: 8, gives: "number" },
  intDiv: { sql: "/", precedence: 8, gives: "number" },
  floorDiv: { sql: "/", precedence: 8, gives: "number" },
  bitAnd: { ...BITWISE, sql: "&", associative: true },
  bitOr: { ...BITWISE, sql: "|", associative: true },
  bitXor: { ...BITWISE, sql: "^", associative: true },
  shiftLeft: { ...BITWISE, sql: "<<" },
  shiftRight: { ...BITWISE, sql: ">>" },
  // Weaker than + on PostgreSQL: `~0 + 1` is `~(0 + 1)` there.
  bitNot: { ...BITWISE, sql: "~" },
  distinct: { sql: "DISTINCT", precedence: 0, gives: "left" },
  mod: { sql: "%", precedence: 8, gives: "number" },
  neg: { sql: "-", precedence: 9, gives: "left" },
  exists: { sql: "EXISTS", precedence: 10, gives: "boolean" },
};
