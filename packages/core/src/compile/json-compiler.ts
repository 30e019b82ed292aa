import { type AnyType, baseType } from "../dialect/type-rules.js";
import type { ExpressionNode } from "../sql/expression.js";
import type { JsonArrayAgg, JsonNullTest, JsonObject, JsonPath, JsonSet } from "../sql/json.js";
import { ReadingCompiler } from "./reading-compiler.js";

/** Writes what takes JSON apart and makes it; the words are the dialect's `JsonRules`. */
export abstract class JsonCompiler extends ReadingCompiler {
  protected jsonPath(node: JsonPath): string {
    const type = baseType(node.type as AnyType, this.dialect);
    return this.dialect.json.path(this.value(node.document), node.steps, node.form, type, this.dialect);
  }

  protected jsonSet({ document, steps, form, value }: JsonSet): string {
    const type = baseType(value.type as AnyType, this.dialect);
    return this.dialect.json.set(this.value(document), steps, form, this.value(value), type, this.dialect);
  }

  protected jsonNullTest(node: JsonNullTest): string {
    return this.dialect.json.isNull(this.value(node.document), node.steps, this.dialect);
  }

  protected jsonObject(node: JsonObject): string {
    const entries = node.keys.map((key, i) => [key, this.intoJson(node.values[i] as ExpressionNode)] as const);
    return this.dialect.json.object(entries, this.dialect);
  }

  protected jsonArrayAgg(node: JsonArrayAgg): string {
    const type = baseType(node.item.type as AnyType, this.dialect);
    const order = node.orders.length === 0 ? "" : this.orderList(node.orders);
    return this.dialect.json.arrayAgg(this.intoJson(node.item), order, type, this.dialect);
  }

  /** A value leaves the database inside of JSON: it is read as a result is, and then written so that JSON loses nothing. */
  private intoJson(item: ExpressionNode): string {
    const text = this.reading(item)?.() ?? this.value(item);
    const declared = (item.type as AnyType).forDialect(this.dialect.name);
    return this.dialect.json.write(text, baseType(declared, this.dialect), this.dialect, declared);
  }
}
