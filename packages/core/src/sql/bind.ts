import type { ValueType } from "../types/value-type.js";
import { internPair, internValue } from "../visit/intern.js";
import { type BindLeaf, type BindRope, declareNode } from "../visit/node.js";
import { Expression } from "./expression.js";

/** What a named parameter is where no value is given at execution: computed anew each time. */
export class ParameterDefault {
  readonly make: () => unknown;

  constructor(make: () => unknown) {
    this.make = make;
  }
}

/**
 * A value that is sent beside the SQL text, never in it. Statements that differ in values only have equal keys, so that
 * one compiled form serves all of them.
 */
export class BindParameter<out T = unknown> extends Expression<T> implements BindLeaf {
  readonly value: unknown;
  readonly type: ValueType<unknown, unknown>;
  /** The name after which the parameter is called in SQL with named parameters. */
  readonly hint: string;
  /** True when the value is a list and each element becomes a placeholder: `IN (?, ?, ?)`. */
  readonly expanding: boolean;
  /** True when the value is given at execution under the name `hint`: `conn.execute(stmt, { name: "x" })`. */
  readonly required: boolean;
  /**
   * True when the value is written into the SQL text as a literal instead of being bound: when the statement is compiled, or, of
   * a parameter that is given at execution, at each execution.
   */
  readonly literal: boolean;

  constructor(
    value: unknown,
    type: ValueType<unknown, unknown>,
    hint: string,
    expanding = false,
    required = false,
    literal = false,
  ) {
    super();
    this.value = value;
    this.type = type;
    this.hint = hint;
    this.expanding = expanding;
    this.required = required;
    this.literal = literal;
  }

  static {
    declareNode(BindParameter, "bind", {
      value: "value",
      type: "type",
      hint: "atom",
      expanding: "atom",
      required: "atom",
      literal: "atom",
    });
  }

  protected override computeBinds(): BindRope {
    return this;
  }

  /** A literal's text is part of the SQL, so its value is part of the structure; unless it is written at execution. */
  protected override computeShape(): number {
    const base = super.computeShape();
    return this.literal && !this.required ? internPair(base, internValue(this.value)) : base;
  }

  /** The parameter with the value written into the SQL text, escaped by its type for the dialect. */
  inlined(): BindParameter<T> {
    return new BindParameter(this.value, this.type, this.hint, this.expanding, this.required, true);
  }
}
