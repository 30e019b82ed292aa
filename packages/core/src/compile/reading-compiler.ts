import type { AnyType } from "../dialect/type-rules.js";
import { CompileError } from "../errors/index.js";
import { Subquery } from "../sql/derived.js";
import { Label } from "../sql/elements.js";
import type { ExpressionNode } from "../sql/expression.js";
import type { FromClause } from "../sql/from-clause.js";
import { Order } from "../sql/order.js";
import type { CompoundSelect } from "../sql/query.js";
import { select } from "../sql/select.js";
import { ArrayType } from "../types/array.js";
import type { Node } from "../visit/node.js";
import { inDerived, splitModifiers } from "./emulate.js";
import type { SelectNode } from "./froms.js";
import { MergeCompiler } from "./merge-compiler.js";

type AnyCompound = CompoundSelect<readonly unknown[], string, unknown>;

/** Writes SQL around a result expression so that the driver hands its value over unharmed. */
export type Reading = (text: string) => string;

/**
 * Writes the values that leave the database. Some result expressions of the outermost query (and of RETURNING) stand within
 * a conversion: what their type puts around them (`ST_AsText(t.place)`), and outside of it what the driver needs to hand
 * a value over unharmed (`CONVERT(NVARCHAR(50), t.price, 2)`). Inner queries stay as they are, so that comparing, sorting
 * and grouping see the value and not its text.
 */
export abstract class ReadingCompiler extends MergeCompiler {
  private reads = false;

  /** How values of a type are read on this dialect; undefined for those that the driver reads well. */
  protected driverReading(_type: AnyType): Reading | undefined {
    return undefined;
  }

  /** How a result expression is read; undefined for one that is read as it is. */
  protected reading(item: ExpressionNode): (() => string) | undefined {
    const type = item.type as AnyType;
    if (type instanceof ArrayType) this.refuseWrappedElements(type);
    const operand = item instanceof Label ? item.operand : item;
    const wrapped = type.forDialect(this.dialect.name).columnExpression(operand, this.dialect);
    const read = this.driverReading(type);
    if (wrapped === undefined && read === undefined) return undefined;
    return () => {
      const text = this.value(wrapped ?? operand);
      return read === undefined ? text : read(text);
    };
  }

  /** Said at the beginning: which node is the statement itself. */
  protected startAt(statement: Node): void {
    this.outermost = statement;
  }

  /** Runs `write` for result expressions that go to the driver. */
  protected whileReading<T>(reads: boolean, write: () => T): T {
    const outside = this.reads;
    this.reads = reads;
    const result = write();
    this.reads = outside;
    return result;
  }

  override select(node: SelectNode, context: { readonly nested: boolean }): string {
    const emulated = this.emulated(node);
    if (emulated !== undefined) return this.insteadOf(node, emulated, context);
    if (this.isOutermost(node) && node.isDistinct && node.order.length > 0 && this.sortsOutside(node)) {
      return this.around(node, context);
    }
    return super.select(node, context);
  }

  override compound(node: AnyCompound, context: { readonly nested: boolean }): string {
    const emulated = this.emulated(node);
    if (emulated !== undefined) return this.insteadOf(node, emulated, context);
    if (this.isOutermost(node) && this.sortsOutside(node)) {
      return this.around(node, context);
    }
    return super.compound(node, context);
  }

  /** The query as a derived table, so that duplicates are found and rows sorted by values before these are read. */
  private around(node: SelectNode | AnyCompound, context: { readonly nested: boolean }): string {
    const modifiers = splitModifiers(node.modifiers);
    const inner = node.copyWith({ order: [], limitTo: undefined, offsetBy: undefined, modifiers: modifiers.inner });
    const names = inner.resultItems.map((item) => item.resultName);
    if (names.includes(undefined) || new Set(names).size < names.length) {
      throw new CompileError(`On ${this.dialect.name} the result columns of this query need names that differ.`, {
        code: "AMBIGUOUS_RESULT",
        remedy: 'Give them names with label("...").',
      });
    }
    const from = new Subquery(inner, "anon_1");
    const outer = (select(...from.columns) as unknown as SelectNode).copyWith({
      order: node.order.map((element) => inDerived(element, inner, from)),
      limitTo: node.limitTo,
      offsetBy: node.offsetBy,
      modifiers: modifiers.outer,
    });
    return this.insteadOf(node, outer, context);
  }

  /** Whether a SELECT DISTINCT with an order, or a set operation, becomes a derived table that is read and sorted outside. */
  protected sortsOutside(node: SelectNode | AnyCompound): boolean {
    return node.resultItems.some((item) => this.reading(item) !== undefined);
  }

  protected override selectText(
    node: SelectNode,
    froms: readonly FromClause[],
    context: { readonly nested: boolean },
  ): string {
    return this.whileReading(this.isOutermost(node), () => super.selectText(node, froms, context));
  }

  protected override returningClause(items: readonly Node[]): string {
    return this.whileReading(true, () => super.returningClause(items));
  }

  protected override selectItem(item: ExpressionNode, context: { readonly nested: boolean }): string {
    const read = this.reads ? this.reading(item) : undefined;
    if (read === undefined) return super.selectItem(item, context);
    return item instanceof Label ? `${read()} AS ${this.columnLabel(item.name)}` : read();
  }

  /** The name of a result expression that is read means its text: sorting is by the value. */
  protected override orderElement(element: Node, query: SelectNode | undefined): string {
    const operand = this.orderOperand(element, query);
    const readsLabel = this.reads && operand instanceof Label && this.reading(operand) !== undefined;
    if (!readsLabel) return super.orderElement(element, query);
    return super.orderElement(element instanceof Order ? element.copyWith({ operand }) : operand, undefined);
  }
}
