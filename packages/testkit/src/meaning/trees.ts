import fc from "fast-check";

/** A comparison of two numbers. */
export type Comparison = "eq" | "ne" | "lt" | "le" | "gt" | "ge" | "isDistinctFrom" | "isNotDistinctFrom";

/** An operator on two whole numbers. */
export type NumberOperator =
  | "add"
  | "sub"
  | "mul"
  | "div"
  | "floorDiv"
  | "mod"
  | "bitAnd"
  | "bitOr"
  | "bitXor"
  | "shiftLeft"
  | "shiftRight"
  | "coalesce"
  | "nullif"
  | "greatest"
  | "least";

/** A whole number, or NULL. */
export type Num =
  | { readonly is: "number"; readonly value: number }
  | { readonly is: "nullNumber" }
  | { readonly is: "column"; readonly name: "a" | "b" }
  | { readonly is: "negative" | "complement"; readonly of: Num }
  | { readonly is: "length"; readonly of: Str }
  | { readonly is: "arithmetic"; readonly op: NumberOperator; readonly left: Num; readonly right: Num }
  | { readonly is: "choice"; readonly when: Condition; readonly then: Num; readonly otherwise: Num }
  | { readonly is: "match"; readonly subject: Num; readonly when: Num; readonly then: Num; readonly otherwise: Num };

/** A text, or NULL. */
export type Str =
  | { readonly is: "text"; readonly value: string }
  | { readonly is: "textColumn" }
  | { readonly is: "concat"; readonly left: Str; readonly right: Str }
  | { readonly is: "textChoice"; readonly when: Condition; readonly then: Str; readonly otherwise: Str };

/** Something true, false or unknown. */
export type Condition =
  | { readonly is: "constant"; readonly value: boolean | null }
  | { readonly is: "compare"; readonly op: Comparison; readonly left: Num; readonly right: Num }
  | { readonly is: "sameText"; readonly left: Str; readonly right: Str }
  | { readonly is: "sameTruth"; readonly op: "eq" | "ne"; readonly left: Condition; readonly right: Condition }
  | { readonly is: "isNull"; readonly negated: boolean; readonly of: Num }
  | {
      readonly is: "between";
      readonly negated: boolean;
      readonly symmetric: boolean;
      readonly of: Num;
      readonly low: Num;
      readonly high: Num;
    }
  | { readonly is: "in"; readonly negated: boolean; readonly of: Num; readonly list: readonly Num[] }
  | { readonly is: "inValues"; readonly negated: boolean; readonly of: Num; readonly list: readonly number[] }
  | { readonly is: "like"; readonly negated: boolean; readonly of: Str; readonly pattern: string }
  | { readonly is: "affix"; readonly how: "startsWith" | "endsWith" | "contains"; readonly of: Str; readonly text: Str }
  | { readonly is: "connect"; readonly op: "and" | "or"; readonly terms: readonly Condition[] }
  | { readonly is: "not"; readonly of: Condition };

const smallText = fc.string({ unit: fc.constantFrom("a", "b", "%", "_", "/", "!"), maxLength: 3 });

const { num, condition } = fc.letrec<{ num: Num; str: Str; condition: Condition }>((tie) => {
  const num = tie("num");
  const str = tie("str");
  const condition = tie("condition");
  const negated = fc.boolean();
  const list = (item: fc.Arbitrary<Num>): fc.Arbitrary<Num[]> => fc.array(item, { minLength: 1, maxLength: 3 });
  return {
    num: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      fc.record({ is: fc.constant("number" as const), value: fc.integer({ min: -9, max: 9 }) }),
      fc.record({ is: fc.constant("column" as const), name: fc.constantFrom("a" as const, "b" as const) }),
      fc.constant({ is: "nullNumber" as const }),
      fc.record({ is: fc.constantFrom("negative" as const, "complement" as const), of: num }),
      fc.record({ is: fc.constant("length" as const), of: str }),
      fc.record({
        is: fc.constant("arithmetic" as const),
        op: fc.constantFrom<NumberOperator[]>(
          "add",
          "sub",
          "mul",
          "div",
          "floorDiv",
          "mod",
          "bitAnd",
          "bitOr",
          "bitXor",
          "shiftLeft",
          "shiftRight",
          "coalesce",
          "nullif",
          "greatest",
          "least",
        ),
        left: num,
        right: num,
      }),
      fc.record({ is: fc.constant("choice" as const), when: condition, then: num, otherwise: num }),
      fc.record({ is: fc.constant("match" as const), subject: num, when: num, then: num, otherwise: num }),
    ),
    str: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      fc.record({ is: fc.constant("text" as const), value: smallText }),
      fc.constant({ is: "textColumn" as const }),
      fc.record({ is: fc.constant("concat" as const), left: str, right: str }),
      fc.record({ is: fc.constant("textChoice" as const), when: condition, then: str, otherwise: str }),
    ),
    condition: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      fc.record({ is: fc.constant("constant" as const), value: fc.constantFrom(true, false, null) }),
      fc.record({
        is: fc.constant("compare" as const),
        op: fc.constantFrom<Comparison[]>("eq", "ne", "lt", "le", "gt", "ge", "isDistinctFrom", "isNotDistinctFrom"),
        left: num,
        right: num,
      }),
      fc.record({ is: fc.constant("sameText" as const), left: str, right: str }),
      fc.record({
        is: fc.constant("sameTruth" as const),
        op: fc.constantFrom("eq" as const, "ne" as const),
        left: condition,
        right: condition,
      }),
      fc.record({ is: fc.constant("isNull" as const), negated, of: num }),
      fc.record({
        is: fc.constant("between" as const),
        negated,
        symmetric: fc.boolean(),
        of: num,
        low: num,
        high: num,
      }),
      fc.record({ is: fc.constant("in" as const), negated, of: num, list: list(num) }),
      fc.record({
        is: fc.constant("inValues" as const),
        negated,
        of: num,
        list: fc.array(fc.integer({ min: -3, max: 3 }), { maxLength: 3 }),
      }),
      fc.record({ is: fc.constant("like" as const), negated, of: str, pattern: smallText }),
      fc.record({
        is: fc.constant("affix" as const),
        how: fc.constantFrom("startsWith" as const, "endsWith" as const, "contains" as const),
        of: str,
        text: str,
      }),
      fc.record({
        is: fc.constant("connect" as const),
        op: fc.constantFrom("and" as const, "or" as const),
        terms: fc.array(condition, { maxLength: 3 }),
      }),
      fc.record({ is: fc.constant("not" as const), of: condition }),
    ),
  };
});

/** Random conditions. */
export const conditions: fc.Arbitrary<Condition> = condition;

/** Random numbers. */
export const numbers: fc.Arbitrary<Num> = num;
