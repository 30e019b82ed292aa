import { CompileError } from "../errors/index.js";
import { BindParameter } from "../sql/bind.js";
import { Case } from "../sql/elements.js";
import type { ExpressionNode } from "../sql/expression.js";
import type { FunctionCall } from "../sql/function.js";
import { Order } from "../sql/order.js";
import type { FrameEdge, Over, Window } from "../sql/window.js";
import type { Node } from "../visit/node.js";
import { OperatorCompiler } from "./operator-compiler.js";

/** The words of EXCLUDE. */
const EXCLUSIONS = {
  currentRow: "CURRENT ROW",
  group: "GROUP",
  ties: "TIES",
  noOthers: "NO OTHERS",
} as const satisfies Readonly<Record<NonNullable<Window["exclude"]>, string>>;

/** Value types that are points in time. */
const TEMPORAL = /^(date|time|dateTime)$/;

/** Writes calls of functions, aggregates with their clauses, and windows. */
export abstract class FunctionCompiler extends OperatorCompiler {
  /** The named windows of the SELECT being written: text by name. */
  private windows = new Map<string, string>();
  private inOver = false;

  /** Elements of ORDER BY with commas between them. */
  protected abstract orderList(elements: readonly Node[]): string;

  protected function(node: FunctionCall): string {
    if (node.condition && !this.dialect.flags.aggregateFilter) return this.function(filterAsCase(node));
    const filter = node.condition ? ` FILTER (WHERE ${this.predicate(node.condition)})` : "";
    return this.functionText(node) + filter;
  }

  /** A call without FILTER. */
  protected functionText(node: FunctionCall): string {
    if (node.name === "aggregate_strings") return this.aggregateStrings(node);
    if (node.within.length > 0) return this.withinGroup(node);
    if (node.order.length > 0) return this.orderedAggregate(node);
    const rule = this.functionRule(node.name);
    if (typeof rule === "function" && !node.isDistinct) return rule(node.args.map((arg) => this.value(arg)));
    const name = typeof rule === "string" ? rule : this.functionName(node.name);
    if (node.name === "count" && node.args.length === 0) return `${name}(*)`;
    return `${name}(${this.argumentList(node)})`;
  }

  /** How the dialect writes a function; false in its table means that it has none. */
  private functionRule(name: string): string | ((args: readonly string[]) => string) | undefined {
    const rule = Object.hasOwn(this.dialect.functions, name) ? this.dialect.functions[name] : undefined;
    if (rule === false) throw this.unsupported(`function ${name}`);
    return rule;
  }

  protected argumentList(node: FunctionCall): string {
    return `${node.isDistinct ? "DISTINCT " : ""}${this.list(node.args)}`;
  }

  /** A function's name: known characters as they are, anything else as quoted identifiers. */
  protected functionName(name: string): string {
    return name
      .split(".")
      .map((part) => (/^[A-Za-z_][A-Za-z0-9_$]*$/.test(part) ? part : this.dialect.quoteAlways(part)))
      .join(".");
  }

  /** `f(x ORDER BY y)` */
  protected orderedAggregate(node: FunctionCall): string {
    if (!this.dialect.flags.aggregateOrder)
      throw this.unsupported(`ORDER BY in the aggregate ${node.name}`, "Sort the rows in a subquery.");
    const rule = this.functionRule(node.name);
    const name = typeof rule === "string" ? rule : this.functionName(node.name);
    return `${name}(${this.argumentList(node)} ORDER BY ${this.orderList(node.order)})`;
  }

  /** `f(x) WITHIN GROUP (ORDER BY y)` */
  protected withinGroup(node: FunctionCall): string {
    const { withinGroup } = this.dialect.flags;
    if (withinGroup === "none" || (withinGroup === "window" && !this.inOver))
      throw this.unsupported(
        `ordered-set aggregates (${node.name} WITHIN GROUP)`,
        withinGroup === "window" ? "It is a window function here: add over()." : undefined,
      );
    const rule = this.functionRule(node.name);
    const name = typeof rule === "string" ? rule : this.functionName(node.name);
    return `${name}(${this.argumentList(node)}) WITHIN GROUP (ORDER BY ${this.orderList(node.within)})`;
  }

  /** `string_agg(x, ', ' ORDER BY y)` */
  protected aggregateStrings(node: FunctionCall): string {
    const order = node.order.length > 0 ? ` ORDER BY ${this.orderList(node.order)}` : "";
    return `string_agg(${this.argumentList(node)}${order})`;
  }

  /** `string_agg(x, ', ') WITHIN GROUP (ORDER BY y)`: how some databases write the order of {@link aggregateStrings}. */
  protected aggregateWithinGroup(name: string, node: FunctionCall): string {
    const order = node.order.length > 0 ? ` WITHIN GROUP (ORDER BY ${this.orderList(node.order)})` : "";
    return `${name}(${this.argumentList(node)})${order}`;
  }

  protected over(node: Over): string {
    if (!this.dialect.flags.windowFunctions) throw this.unsupported("window functions");
    const outside = this.inOver;
    this.inOver = true;
    const operand = this.process(node.operand);
    this.inOver = outside;
    const { name } = node.window;
    const text = this.windowText(node.window);
    if (name === undefined || !this.dialect.flags.windowClause) return `${operand} OVER (${text})`;
    if ((this.windows.get(name) ?? text) !== text)
      throw new CompileError(`Two different windows are named "${name}".`, {
        code: "DUPLICATE_WINDOW",
        remedy: "Give one of them another name.",
      });
    this.windows.set(name, text);
    return `${operand} OVER ${this.dialect.quote(name)}`;
  }

  /** Writes a SELECT, which has named windows of its own. */
  protected withWindows(write: () => string): string {
    const outside = this.windows;
    this.windows = new Map();
    const text = write();
    this.windows = outside;
    return text;
  }

  /** The WINDOW clause of the windows met so far in the SELECT; empty if there are none. */
  protected windowClause(): string {
    const windows = [...this.windows].map(([name, text]) => `${this.dialect.quote(name)} AS (${text})`);
    return windows.length === 0 ? "" : `WINDOW ${windows.join(", ")}`;
  }

  private windowText(node: Window): string {
    const parts: string[] = [];
    if (node.partitionBy.length > 0) parts.push(`PARTITION BY ${this.list(node.partitionBy)}`);
    if (node.orderBy.length > 0) parts.push(`ORDER BY ${this.orderList(node.orderBy)}`);
    if (node.frame) parts.push(this.frameText(node));
    return parts.join(" ");
  }

  private frameText(node: Window): string {
    const { groups, exclude, rangeOffset } = this.dialect.flags.frames;
    const hasOffset = node.startOffset !== undefined || node.endOffset !== undefined;
    if (node.frame === "groups" && !groups) throw this.unsupported("GROUPS frames");
    if (node.exclude && !exclude) throw this.unsupported("EXCLUDE in a window frame");
    if (node.frame === "range" && hasOffset) {
      if (rangeOffset === "none") throw this.unsupported("RANGE frames with a distance");
      if (rangeOffset === "numbers" && node.orderBy.some((element) => TEMPORAL.test(typeNameOf(element))))
        throw this.unsupported("RANGE frames with a distance in time");
    }
    const start = this.frameEdge(node.frameStart, node.startOffset, "PRECEDING");
    const end = this.frameEdge(node.frameEnd, node.endOffset, "FOLLOWING");
    const exclusion = node.exclude ? ` EXCLUDE ${EXCLUSIONS[node.exclude]}` : "";
    return `${node.frame?.toUpperCase()} BETWEEN ${start} AND ${end}${exclusion}`;
  }

  private frameEdge(edge: FrameEdge | undefined, offset: ExpressionNode | undefined, unbounded: string): string {
    if (edge === undefined || edge === "unbounded") return `UNBOUNDED ${unbounded}`;
    if (edge === "currentRow" || offset === undefined) return "CURRENT ROW";
    return `${this.frameOffset(offset)} ${edge.toUpperCase()}`;
  }

  /** The distance of a frame's edge. */
  protected frameOffset(offset: ExpressionNode): string {
    return this.value(offset);
  }
}

function typeNameOf(element: Node): string {
  const operand = element instanceof Order ? element.operand : element;
  return (operand as ExpressionNode).type.name;
}

/** `sum(x) FILTER (WHERE c)` as `sum(CASE WHEN c THEN x END)`; `count(*)` counts a constant, a percentile is of the CASE. */
function filterAsCase(node: FunctionCall): FunctionCall {
  const condition = node.condition as ExpressionNode;
  const guard = (value: ExpressionNode): ExpressionNode =>
    new Case(undefined, [condition], [value], undefined, value.type);
  if (node.within.length > 0) {
    const [element, ...others] = node.within as [Node, ...Node[]];
    const order = element instanceof Order ? element : undefined;
    const guarded = guard((order?.operand ?? element) as ExpressionNode);
    const first = order ? new Order(guarded, order.descending, order.nulls) : guarded;
    return node.copyWith({ condition: undefined, within: [first, ...others] });
  }
  const [first, ...rest] = node.args;
  const counted = first ?? new BindParameter(1, node.type, "param", false, false, true);
  return node.copyWith({ condition: undefined, args: [guard(counted), ...rest] });
}
