import { type Conversion, type JsType, type TypeHost, ValueType } from "./value-type.js";

type AnyType = ValueType<unknown, unknown>;
type ElementOf<E> = E extends ValueType<infer T, unknown> ? T : never;
type InputOf<E> = E extends ValueType<unknown, infer I> ? I : never;

/** Arrays of values of one type. Made by {@link arrayOf}. */
export class ArrayType<out T, out I = T> extends ValueType<readonly T[], readonly I[]> {
  readonly name = "array";
  /** The type of the elements; of an array of arrays that is an array type. */
  readonly element: AnyType;

  constructor(element: AnyType) {
    super();
    this.element = element;
  }

  protected override computeShape(): number {
    return this.withPart(super.computeShape(), this.element);
  }

  /** What stands in the innermost brackets. */
  get leaf(): AnyType {
    return this.element instanceof ArrayType ? this.element.leaf : this.element;
  }

  /** How many brackets deep that is. */
  get dimensions(): number {
    return this.element instanceof ArrayType ? this.element.dimensions + 1 : 1;
  }

  /** To an array of what the dialect's driver takes for the elements, which convert as columns of their type would. */
  override toDatabase(host: TypeHost): Conversion {
    const convert = host.conversions(this.leaf).bind;
    return (value) => {
      if (!isRectangular(value, this.dimensions)) {
        throw this.refuse(value, `it is not an array of ${this.dimensions} dimension(s) whose rows have equal lengths`);
      }
      return mapLeaves(value, this.dimensions, convert);
    };
  }

  override fromDatabase(host: TypeHost): Conversion {
    const convert = host.conversions(this.leaf).result;
    return (value) => mapLeaves(value, this.dimensions, convert);
  }

  override get jsType(): JsType {
    return "Array";
  }

  override toString(): string {
    return `${this.leaf}${"[]".repeat(this.dimensions)}`;
  }
}

function mapLeaves(value: unknown, depth: number, convert: Conversion | undefined): unknown {
  if (depth === 0) return value === null || convert === undefined ? value : convert(value);
  return (value as readonly unknown[]).map((item) => mapLeaves(item, depth - 1, convert));
}

/** Databases keep arrays of equal rows only, and undefined is no value. */
function isRectangular(value: unknown, depth: number): value is readonly unknown[] {
  if (!Array.isArray(value)) return false;
  if (depth === 1) return value.every((item) => item !== undefined);
  const lengths = new Set(value.map((row) => (Array.isArray(row) ? row.length : -1)));
  return lengths.size <= 1 && !lengths.has(-1) && value.every((row) => isRectangular(row, depth - 1));
}

/**
 * An array of values of a type, where the database has arrays (PostgreSQL); an array of arrays has more dimensions. Elements may
 * be null, and convert as a column of their type would.
 *
 * DDL: `INTEGER[]`; a CompileError where there are no arrays: give a `variant`, such as json.
 *
 * @example
 * ```ts
 * tags: array(string(50))                    // readonly (string | null)[]
 * grid: array(array(integer()))
 * ```
 */
export function arrayOf<const E extends AnyType>(element: E): ArrayType<ElementOf<E> | null, InputOf<E> | null> {
  return new ArrayType<ElementOf<E> | null, InputOf<E> | null>(element);
}
