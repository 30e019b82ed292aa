import { internAtom, internPair } from "../visit/intern.js";
import { type Conversion, installVariant, type JsType, type TypeHost, ValueType } from "./value-type.js";

type AnyType = ValueType<unknown, unknown>;

/**
 * A type that is another one on some dialects. Made by `type.variant("postgresql", other)`. Dialects see the type of theirs
 * ({@link ValueType.forDialect}); what is decided without a dialect (whether a key is numbered, which type a sum has) is decided
 * by the default.
 */
export class VariantType<out T, out I = T> extends ValueType<T, I> {
  readonly name: string;
  /** The type of every dialect that is not named. */
  readonly standard: AnyType;
  /** The types of the named dialects. */
  readonly variants: Readonly<Record<string, AnyType>>;

  constructor(base: AnyType, variants: Readonly<Record<string, AnyType>>) {
    super(base.args);
    this.name = base.name;
    this.standard = base;
    this.variants = variants;
  }

  protected override computeShape(): number {
    return Object.entries(this.variants).reduce(
      (id, [dialect, type]) => internPair(internPair(id, internAtom(dialect)), type.shape),
      internPair(super.computeShape(), this.standard.shape),
    );
  }

  override forDialect(dialect: string): AnyType {
    const chosen = Object.hasOwn(this.variants, dialect) ? (this.variants[dialect] as AnyType) : this.standard;
    return chosen.forDialect(dialect);
  }

  override toDatabase(host: TypeHost): Conversion | undefined {
    return this.forDialect(host.name).toDatabase(host);
  }

  override fromDatabase(host: TypeHost): Conversion | undefined {
    return this.forDialect(host.name).fromDatabase(host);
  }

  override operate(...args: Parameters<ValueType<T, I>["operate"]>): ReturnType<ValueType<T, I>["operate"]> {
    return this.standard.operate(...args);
  }

  override operandType(...args: Parameters<ValueType<T, I>["operandType"]>): AnyType {
    const type = this.standard.operandType(...args);
    return type === this.standard ? this : type;
  }

  override resultType(...args: Parameters<ValueType<T, I>["resultType"]>): AnyType | undefined {
    return this.standard.resultType(...args);
  }

  override get jsType(): JsType {
    return this.standard.jsType;
  }

  override toString(): string {
    return String(this.standard);
  }
}

installVariant((type, dialects, other) => {
  const names = typeof dialects === "string" ? [dialects] : dialects;
  const base = type instanceof VariantType ? type.standard : type;
  const before = type instanceof VariantType ? type.variants : {};
  return new VariantType(base, { ...before, ...Object.fromEntries(names.map((name) => [name, other])) });
});
