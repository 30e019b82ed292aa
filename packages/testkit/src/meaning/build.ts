import {
  and,
  case_,
  type Expression,
  false_,
  func,
  integer,
  literal,
  not,
  null_,
  or,
  type Predicate,
  true_,
} from "@acme/core";
import { meanings } from "./table.js";
import type { Condition, Num, Str } from "./trees.js";

type Number = Expression<number | null, string, string>;
type Text = Expression<string | null, string, string>;

const { a, b, s } = meanings.c;

/** A tree in the expression language. */
export function numberOf(tree: Num): Number {
  switch (tree.is) {
    case "number":
      return literal(tree.value);
    case "nullNumber":
      return null_().cast(integer());
    case "column":
      return tree.name === "a" ? a : b;
    case "negative":
      return numberOf(tree.of).neg();
    case "complement":
      return numberOf(tree.of).bitNot();
    case "length":
      return func.charLength(textOf(tree.of));
    case "arithmetic":
      return arithmeticOf(tree);
    case "choice":
      return case_([[conditionOf(tree.when), numberOf(tree.then)]], numberOf(tree.otherwise)) as Number;
    case "match":
      return case_(
        [[numberOf(tree.subject).eq(numberOf(tree.when)), numberOf(tree.then)]],
        numberOf(tree.otherwise),
      ) as Number;
  }
}

function arithmeticOf({ op, left: leftTree, right: rightTree }: Extract<Num, { readonly is: "arithmetic" }>): Number {
  const [left, right] = [numberOf(leftTree), numberOf(rightTree)];
  switch (op) {
    case "coalesce":
      return func.coalesce(left, right) as Number;
    case "nullif":
      return func.nullif(left, right);
    case "greatest":
      return func.greatest(left, right) as Number;
    case "least":
      return func.least(left, right) as Number;
    default:
      return (left[op] as (this: Number, other: Number) => Number).call(left, right);
  }
}

function textOf(tree: Str): Text {
  switch (tree.is) {
    case "text":
      return literal(tree.value);
    case "textColumn":
      return s;
    case "concat":
      return textOf(tree.left).concat(textOf(tree.right)) as Text;
    case "textChoice":
      return case_([[conditionOf(tree.when), textOf(tree.then)]], textOf(tree.otherwise)) as Text;
  }
}

/** A condition in the expression language. */
export function conditionOf(tree: Condition): Predicate {
  switch (tree.is) {
    case "constant":
      return tree.value === null ? (null_() as unknown as Predicate) : tree.value ? true_() : false_();
    case "compare":
      return numberOf(tree.left)[tree.op](numberOf(tree.right));
    case "sameText":
      return textOf(tree.left).eq(textOf(tree.right));
    case "sameTruth":
      return truthOf(tree.left)[tree.op](truthOf(tree.right));
    case "isNull":
      return tree.negated ? numberOf(tree.of).isNotNull() : numberOf(tree.of).isNull();
    case "between": {
      const [of, low, high] = [numberOf(tree.of), numberOf(tree.low), numberOf(tree.high)];
      const options = { symmetric: tree.symmetric };
      return tree.negated ? of.notBetween(low, high, options) : of.between(low, high, options);
    }
    case "in": {
      const list = tree.list.map(numberOf) as unknown as number[];
      return tree.negated ? numberOf(tree.of).notIn(list) : numberOf(tree.of).in(list);
    }
    case "inValues":
      return tree.negated ? numberOf(tree.of).notIn(tree.list) : numberOf(tree.of).in(tree.list);
    case "like":
      return tree.negated ? textOf(tree.of).notLike(tree.pattern) : textOf(tree.of).like(tree.pattern);
    case "affix":
      return textOf(tree.of)[tree.how](tree.text.is === "text" ? tree.text.value : textOf(tree.text));
    case "connect":
      return (tree.op === "and" ? and : or)(...tree.terms.map(conditionOf));
    case "not":
      return not(conditionOf(tree.of));
  }
}

/** A condition that is compared with another: beside the word NULL, `=` becomes IS NULL. */
function truthOf(tree: Condition): Predicate {
  const made = conditionOf(tree);
  return made.kind === "constant" && made.toString() === "NULL" ? a.eq(numberOf({ is: "nullNumber" })) : made;
}
