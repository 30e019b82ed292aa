import {
  CompileError,
  case_,
  compiles,
  declareNode,
  type ExpressionNode,
  func,
  type Item,
  type Predicate,
  Select,
  SyntaxExtension,
  select,
} from "@acme/core";

/**
 * QUALIFY as a third party would add it, with what `@acme/core` exports and nothing else: a condition on the rows of a query
 * that may speak of window functions.
 *
 * @example
 * ```ts
 * select(people.c.name).ext(new Qualify(func.rowNumber().over({ partitionBy: people.c.age, orderBy: people.c.id }).eq(1)))
 * ```
 * SQL: `SELECT people.name FROM people QUALIFY row_number() OVER (...) = 1` where there is QUALIFY; elsewhere
 * `SELECT kept.name FROM (SELECT people.name, CASE WHEN row_number() OVER (...) = 1 THEN 1 END AS keep FROM people) AS kept WHERE kept.keep = 1`
 */
export class Qualify extends SyntaxExtension {
  readonly condition: ExpressionNode;

  constructor(condition: Predicate) {
    super();
    this.condition = condition as unknown as ExpressionNode;
  }

  get point(): "afterHaving" {
    return "afterHaving";
  }

  static {
    declareNode(Qualify, "qualify", { condition: "node" });
  }
}

type AnySelect = Select<readonly Item[]>;

/** Teaches the compilers QUALIFY: those of `having` write the clause, all others a subquery. Gives a function that takes it back. */
export function installQualify(having: readonly string[]): () => void {
  const taken = [
    ...having.map((dialect) =>
      compiles(Qualify, dialect, (node, compiler) => `QUALIFY ${compiler.predicate(node.condition)}`),
    ),
    compiles(Select, "default", (node, compiler) => {
      const query = node as unknown as AnySelect;
      const qualify = query.modifiers?.extensions.find((extension) => extension instanceof Qualify);
      if (qualify === undefined || having.includes(compiler.dialect.name)) return compiler.writeDefault(node);
      return compiler.writeDefault(wrapped(query, qualify));
    }),
  ];
  return () => {
    for (const takeBack of taken) takeBack();
  };
}

/** The rows of a query, numbered in its order and marked by the condition, as a subquery of which the marked ones are read. */
function wrapped(query: AnySelect, qualify: Qualify): AnySelect {
  const { modifiers, order, limitTo, offsetBy } = query;
  if (query.isDistinct || modifiers === undefined)
    throw new CompileError("QUALIFY is not written for SELECT DISTINCT here.", {
      code: "QUALIFY_DISTINCT",
      remedy: "Use groupBy() in place of distinct().",
    });
  const keys = query.resultItems.map((item, i) => item.resultName ?? `column_${i + 1}`);
  const ordinal = func.rowNumber().over({ orderBy: order as never });
  const inner = query.copyWith({
    items: [
      ...query.resultItems.map((item, i) => item.label(keys[i] as string)),
      ...(order.length > 0 ? [ordinal.label("ordinal")] : []),
      case_([[qualify.condition as unknown as Predicate, 1]]).label("keep"),
    ],
    order: [],
    limitTo: undefined,
    offsetBy: undefined,
    modifiers: modifiers.copyWith({ extensions: modifiers.extensions.filter((extension) => extension !== qualify) }),
  });
  const kept = inner.subquery("kept");
  const columns = kept.c as unknown as Readonly<Record<string, ExpressionNode>>;
  const outer = select(...keys.map((key) => columns[key] as ExpressionNode))
    .where((columns.keep as ExpressionNode).eq(1))
    .orderBy(...(order.length > 0 ? [columns.ordinal as ExpressionNode] : []));
  return outer.copyWith({ limitTo, offsetBy }) as unknown as AnySelect;
}
